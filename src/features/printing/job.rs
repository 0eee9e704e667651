//! The job of printing: one for each deed and printer.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::documents::{BillKind, Document};
use super::types::{DocumentKind, PrintState};
use crate::core::jobs::{JobKind, State, WhenUnknown};
use crate::core::kernel::Timestamp;

/// Something to print. What may have been printed is printed once more and says so: a cook can put a
/// slip away, and cannot cook what never came.
pub static PRINT: JobKind = JobKind {
    name: "print",
    pauses: &PAUSES,
    limit: Duration::from_mins(4),
    when_unknown: WhenUnknown::Repeat,
    // A whole evening's tickets of a kitchen.
    most_waiting: 1000,
};

/// What nobody printed for so long nobody waits for: it is shown, and printed when somebody says so. In
/// minutes.
pub const STALE: i64 = 120;

/// Often at first, so that a stand-in is found after ten seconds; then every five, and after two
/// minutes every ten, for two hours.
const PAUSES: [Duration; 730] = {
    let mut pauses = [Duration::from_secs(10); 730];
    let mut place = 0;
    while place < 30 {
        pauses[place] = Duration::from_secs(if place < 6 { 2 } else { 5 });
        place += 1;
    }
    pauses
};

/// What must be known to print something.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PrintOrder {
    /// On which printer.
    pub printer_id: i64,
    /// What.
    pub document: Document,
    /// Since when.
    pub at: Timestamp,
    /// The printer that is gone by now, for which it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meant_for: Option<String>,
    /// Of which job it is a copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again_of: Option<i64>,
    /// Whether it says so: somebody may have the first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_copy: bool,
    /// The printer that stood in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printed_by_id: Option<i64>,
    /// Whether the printer took it and said nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_unheard: bool,
    /// Whether it lies for a printer that asks, and none has taken it: surely it is not printed, also
    /// when the box stopped meanwhile.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub only_lay: bool,
    /// Who called it off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_by_id: Option<i64>,
}

impl PrintOrder {
    /// Whether it may be on paper already.
    pub fn may_be_printed(&self, is_unknown: bool) -> bool {
        is_unknown && !self.only_lay
    }

    /// How its job stands, in the words of printing.
    pub fn state(&self, state: State) -> PrintState {
        match state {
            State::Waiting => PrintState::Queued,
            State::Running => PrintState::Sending,
            State::Unknown if self.only_lay => PrintState::Queued,
            State::Unknown => PrintState::Unsure,
            State::Done => PrintState::Printed,
            State::Failed if self.cancelled_by_id.is_some() => PrintState::Cancelled,
            State::Failed => PrintState::Failed,
        }
    }
}

/// What kind of paper a document is.
pub fn kind_of(document: &Document) -> DocumentKind {
    match document {
        Document::Ticket(_) => DocumentKind::Ticket,
        Document::Bill(bill) if bill.what == BillKind::Precheck => DocumentKind::Precheck,
        Document::Bill(_) => DocumentKind::Receipt,
        Document::TestSheet => DocumentKind::TestSheet,
        Document::Alphabets => DocumentKind::Alphabets,
        Document::TableCode { .. } => DocumentKind::TableCode,
        Document::Cash(_) => DocumentKind::CashReport,
        Document::Drawer => DocumentKind::Drawer,
    }
}

/// What a printer's jobs go one after another in.
pub fn lane(printer_id: i64) -> String {
    format!("printer {printer_id}")
}
