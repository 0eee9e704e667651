//! The job of making a document.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::core::jobs::{JobKind, WhenUnknown};

/// A document to be made. One whose outcome is unknown is asked after by its key; where the register
/// cannot tell, a person says, and until then nothing else is made on it.
pub static FISCAL: JobKind = JobKind {
    name: "fiscal",
    pauses: &PAUSES,
    limit: Duration::from_mins(2),
    when_unknown: WhenUnknown::Ask,
    // More than a week's receipts: none may be given up because others wait.
    most_waiting: 100_000,
};

/// Often at first, then every half minute, for about a day and a half.
static PAUSES: [Duration; 4000] = {
    let mut pauses = [Duration::from_secs(30); 4000];
    let mut place = 0;
    while place < 20 {
        pauses[place] = Duration::from_secs(if place < 5 { 1 } else { 5 });
        place += 1;
    }
    pauses
};

/// What must be known to make a document: where it is written down.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Making {
    /// The document.
    pub document_id: i64,
}

/// What a register's documents are made one after another in.
pub fn lane(device_id: i64) -> String {
    format!("fiscal {device_id}")
}

/// By what a document's job is known.
pub fn key(document_id: i64) -> String {
    format!("document {document_id}")
}
