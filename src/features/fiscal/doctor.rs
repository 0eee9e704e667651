//! What the doctor looks at: documents that need somebody.

use super::states::DocumentState;
use super::store::troubles;
use super::types::Document;
use crate::core::clock;
use crate::core::store::open_read_only;
use crate::platform::config::Settings;
use crate::platform::feature::Check;

/// After so long a document that waits deserves a thought: an hour, in milliseconds.
const LONG: i64 = 3_600_000;

/// Looks at the documents; not at those of a database that cannot be read, which is told elsewhere.
pub(super) fn checks(settings: &Settings) -> Vec<Check> {
    let Ok(db) = open_read_only(&settings.data_dir) else { return Vec::new() };
    vec![match troubles(&db) {
        Ok(open) => of_documents(&open, clock::now().0),
        Err(error) => {
            Check::new("fiscal documents", false, format!("they cannot be read: {error}"))
        }
    }]
}

fn of_documents(open: &[Document], now: i64) -> Check {
    let needs = |document: &&Document| {
        matches!(document.state, DocumentState::Unknown | DocumentState::Refused)
    };
    let needs = open.iter().filter(needs).count();
    if needs > 0 {
        let detail = format!(
            "{needs} fiscal documents need somebody: Fiscal register in the owner's app says what to do"
        );
        return Check::new("fiscal documents", false, detail);
    }
    let waits = open.iter().filter(|document| now - document.created_at.0 > LONG).count();
    if waits > 0 {
        let detail = format!("{waits} wait for more than an hour: does the register answer?");
        return Check::note("fiscal documents", detail);
    }
    Check::new("fiscal documents", true, "none waits for long")
}
