//! Reaches a printer: over its wire, or by waiting until it asks.

use std::io;

use uuid::Uuid;

use super::desk::Desk;
use super::types::Printer;
use super::wire::{self, Endpoint, Report, Status, Work};

/// What a printer is to do.
pub struct Works {
    /// At first.
    pub first: Work,
    /// Where it may have done that already.
    pub again: Work,
}

/// Whether the printer at this address may take something twice within one attempt.
pub fn takes_twice(address: &str) -> bool {
    matches!(Endpoint::parse(address), Ok(Endpoint::Pull(_)))
}

/// Has a printer do something, and notes how it is.
pub async fn reach(desk: &Desk, printer: &Printer, job_id: i64, works: Works) -> Report {
    let address = &printer.address;
    // No two attempts have the same name.
    let nonce = &Uuid::new_v4().simple().to_string()[..8];
    let report = if takes_twice(address) {
        desk.counter(address).serve(job_id, nonce, works.first, works.again).await
    } else {
        let name = format!("{job_id}-{nonce}");
        wire::print_at(address, &works.first, desk.manner(address), &name).await
    };
    desk.reported(printer.id, address, &report);
    report
}

/// How the printer at an address is; none where it does not say.
///
/// # Errors
/// When nobody answers there, or it has not asked for long.
pub async fn ask(desk: &Desk, address: &str) -> io::Result<Option<Status>> {
    if takes_twice(address) { desk.counter(address).told() } else { wire::ask_at(address).await }
}
