//! Opens the drawer at a printer: now, or not at all.

use std::time::Duration;

use tokio::time::timeout;

use super::desk::Desk;
use super::job::PrintOrder;
use super::problem::PrintProblem;
use super::reach::{Works, reach};
use super::store::PRINTERS;
use super::wire::{End, Work};
use crate::core::clock;
use crate::core::error::Result;
use crate::core::jobs::{Job, Outcome};
use crate::platform::app::App;

/// Whoever waits longer opens it with the key; one that opens later stands open, and nobody is by. In
/// milliseconds.
const IN_TIME: i64 = 15_000;
/// How long it waits for a slip that is printed just then.
const LINE_IS_TAKEN: Duration = Duration::from_secs(5);

/// One attempt.
pub async fn open(app: &App, job: &Job, order: &PrintOrder) -> Result<Outcome> {
    let failed = |problem: PrintProblem| Ok(Outcome::Failed(problem.words().into()));
    if job.is_unknown {
        return failed(PrintProblem::OpenedUnclear);
    }
    if clock::now().0 - order.at.0 > IN_TIME {
        return failed(PrintProblem::NotOpened);
    }
    let id = order.printer_id;
    let printer = app.store.read(move |db| PRINTERS.get(db, id)).await?;
    let Some(pin) = printer.drawer_pin.and_then(|pin| u8::try_from(pin).ok()) else {
        return failed(PrintProblem::NotOpened);
    };
    let desk = app.state::<Desk>();
    let line = desk.line(&printer.address);
    let Ok(_alone) = timeout(LINE_IS_TAKEN, line.lock()).await else {
        return Ok(Outcome::NotYet(PrintProblem::LineTaken.words().into()));
    };
    let works = Works { first: Work::Drawer(pin), again: Work::Drawer(pin) };
    let report = reach(desk, &printer, job.id, works).await;
    Ok(match report.end {
        End::Printed => Outcome::Done,
        End::NotSent(trouble) => Outcome::NotYet(PrintProblem::from(trouble).words().into()),
        End::Unsure(_) => Outcome::Failed(PrintProblem::OpenedUnclear.words().into()),
    })
}
