//! Prints: one attempt at a job, on its printer or on the one that stands in for it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::desk::Desk;
use super::documents::Document;
use super::drawer;
use super::job::{PrintOrder, STALE};
use super::paper::{self, Bitmap, Letterhead, Letters, Marks};
use super::problem::PrintProblem;
use super::reach::{Works, ask, reach, takes_twice};
use super::store::{self, NoteLies, NotePrinted};
use super::types::Printer;
use super::wire::{End, Extras, Manner, Page, Work};
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::jobs::{Job, Outcome};
use crate::platform::app::App;
use crate::platform::site::Site;

/// For so long a printer may be in trouble before its stand-in prints.
const STANDS_IN_AFTER: Duration = Duration::from_secs(10);
/// How long a job waits for another that speaks to the same address.
const LINE_IS_TAKEN: Duration = Duration::from_secs(5);

/// One attempt at a job.
pub async fn work(app: App, job: Job) -> Outcome {
    let mut may_be_printed = job.is_unknown;
    let outcome = match attempt(&app, &job, &mut may_be_printed).await {
        Ok(outcome) => outcome,
        // The database did not answer.
        Err(error) => Outcome::NotYet(error.to_string()),
    };
    let desk = app.state::<Desk>();
    match outcome {
        // Of what may have been printed before nobody can say that it was not.
        Outcome::NotYet(why) if may_be_printed => Outcome::Unknown(why),
        Outcome::Done | Outcome::Failed(_) => {
            desk.ended(job.id);
            outcome
        }
        Outcome::NotYet(_) | Outcome::Unknown(_) => outcome,
    }
}

/// `may_be_printed`: as far as is known before it.
async fn attempt(app: &App, job: &Job, may_be_printed: &mut bool) -> Result<Outcome> {
    // What cannot be read or drawn now never can: nothing behind it waits for it.
    let Ok(order) = job.read::<PrintOrder>() else { return failed(PrintProblem::NotDrawn) };
    if matches!(order.document, Document::Drawer) {
        return drawer::open(app, job, &order).await;
    }
    *may_be_printed = order.may_be_printed(job.is_unknown);
    if clock::now().minutes_since(order.at) >= STALE {
        return failed(PrintProblem::TooLate);
    }
    let id = order.printer_id;
    let (printer, stand_in) = match app.store.read(move |db| store::with_stand_in(db, id)).await {
        Ok(found) => found,
        Err(error) if error.status() == 404 => return failed(PrintProblem::PrinterRemoved),
        Err(error) => return Err(error),
    };
    let desk = app.state::<Desk>();
    let is_out = desk.in_trouble_for(printer.id).is_some_and(|long| long >= STANDS_IN_AFTER);
    let is_well = |one: &Printer| one.is_active && desk.in_trouble_for(one.id).is_none();
    let stand_in = stand_in.filter(|one| is_out && is_well(one));
    let by = stand_in.as_ref().unwrap_or(&printer);
    let marks = Marks {
        may_be_repeat: *may_be_printed,
        is_copy: order.is_copy,
        meant_for: order
            .meant_for
            .clone()
            .or_else(|| stand_in.is_some().then(|| printer.name.clone())),
        printer: by.name.clone(),
        width_dots: usize::try_from(by.width_dots).unwrap_or_default(),
    };
    let pages = match drawn(app, by, &order.document, marks).await {
        Ok(pages) => pages,
        Err(error) => {
            tracing::error!(%error, id = job.id, "a slip cannot be drawn");
            return failed(PrintProblem::NotDrawn);
        }
    };
    // Before it lies there, and before it is sent elsewhere.
    let only_lies = takes_twice(&by.address) && !*may_be_printed;
    if only_lies != order.only_lay {
        app.store.run(NoteLies { id: job.id, only_lies }).await?;
    }
    let (outcome, is_unheard) = send(desk, job.id, by, pages).await;
    let printed_by = (by.id != printer.id).then_some(by.id);
    if outcome == Outcome::Done && (is_unheard || printed_by.is_some()) {
        let note = NotePrinted { id: job.id, printed_by, is_unheard };
        // It is on paper: whether that can be noted is no reason to print it once more.
        if let Err(error) = app.store.run(note).await {
            tracing::warn!(%error, id = job.id, "how a slip was printed is not noted");
        }
    }
    Ok(outcome)
}

#[allow(clippy::unnecessary_wraps, reason = "an attempt ends with it")]
fn failed(problem: PrintProblem) -> Result<Outcome> {
    Ok(Outcome::Failed(problem.words().into()))
}

/// What a printer is to do; and the same where it may be given it twice.
async fn drawn(app: &App, by: &Printer, document: &Document, marks: Marks) -> Result<Works> {
    let extras = Extras {
        cuts: by.has_cutter,
        sounds: by.has_buzzer && matches!(document, Document::Ticket(_)),
    };
    let is_drawn_again = takes_twice(&by.address) && !marks.may_be_repeat;
    let repeat = Marks { may_be_repeat: true, ..marks.clone() };
    let letters = by.fast_text.map(Letters::from);
    let page = Arc::new(page(app, document.clone(), marks, letters).await?);
    let again = if is_drawn_again {
        Arc::new(Page::from(draw(app, document.clone(), repeat).await?))
    } else {
        Arc::clone(&page)
    };
    Ok(Works { first: Work::Page(page, extras), again: Work::Page(again, extras) })
}

/// A document as dots, drawn off the async threads.
///
/// # Errors
/// When it cannot be drawn, or the database cannot be read.
pub async fn draw(app: &App, document: Document, marks: Marks) -> Result<Bitmap> {
    Ok(page(app, document, marks, None).await?.dots)
}

/// A document as a page, in letters of the printer's own where it has such.
async fn page(
    app: &App,
    document: Document,
    marks: Marks,
    letters: Option<Letters>,
) -> Result<Page> {
    let site = app.site();
    // Only what guests get has it.
    let logo = match document {
        Document::Bill(_) => app.store.read(store::logo).await?,
        _ => None,
    };
    let drawing = move || {
        let rows = paper::rows(&document, &marks, &letterhead(&site, logo));
        let typed = paper::strips(&document, &rows, letters, marks.width_dots)?;
        Ok(Page { dots: paper::draw(&rows, marks.width_dots)?, typed })
    };
    tokio::task::spawn_blocking(drawing).await.map_err(Error::internal)?
}

/// Whose paper it is.
pub fn letterhead(site: &Site, logo: Option<Bitmap>) -> Letterhead<'_> {
    let language = site.languages.first().map_or("en", String::as_str);
    Letterhead {
        restaurant: &site.name,
        language: paper::Language::of(language),
        zone: &site.zone,
        currency: &site.currency,
        logo,
    }
}

/// Gives a page to a printer, when no other is on its way to that address. How that ended, and whether
/// nobody heard of it: the printer says nothing.
async fn send(desk: &Desk, job_id: i64, printer: &Printer, works: Works) -> (Outcome, bool) {
    let line = desk.line(&printer.address);
    let Ok(_alone) = timeout(LINE_IS_TAKEN, line.lock()).await else {
        return (Outcome::NotYet(PrintProblem::LineTaken.words().into()), false);
    };
    let report = reach(desk, printer, job_id, works).await;
    let said = |problem: PrintProblem| problem.words().to_owned();
    let outcome = match report.end {
        End::Printed => Outcome::Done,
        End::NotSent(trouble) => Outcome::NotYet(said(trouble.into())),
        End::Unsure(doubt) if desk.may_repeat(job_id) => Outcome::Unknown(said(doubt.into())),
        End::Unsure(_) => Outcome::Failed(said(PrintProblem::SentOften)),
    };
    (outcome, report.manner == Some(Manner::Silent))
}

/// Asks printers in trouble how they are, so that they are used again, also by those for whom they
/// stand in.
pub async fn look_after(app: &App) -> Result<()> {
    let desk = app.state::<Desk>();
    for (id, _) in desk.troubles() {
        let printer = match app.store.read(move |db| store::PRINTERS.get(db, id)).await {
            Ok(printer) => printer,
            Err(error) if error.status() == 404 => {
                desk.forget(id);
                continue;
            }
            Err(error) => return Err(error),
        };
        let line = desk.line(&printer.address);
        // Whoever speaks to it just now will tell.
        let Ok(_alone) = line.try_lock() else { continue };
        let answer = ask(desk, &printer.address).await;
        desk.asked(printer.id, &answer);
    }
    Ok(())
}
