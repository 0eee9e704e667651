//! Print jobs: rows of `jobs` of one kind.

use rusqlite::{Connection, OptionalExtension};
use serde_json::{Value, json};
use uuid::Uuid;

use super::printers::PRINTERS;
use crate::core::error::{Error, Result};
use crate::core::jobs::{self, KeptJob, NewJob, Resolution};
use crate::core::store::{Command, Reply, Tx};
use crate::features::printing::documents::Document;
use crate::features::printing::job::{PRINT, PrintOrder, kind_of, lane};
use crate::features::printing::problem::PrintProblem;
use crate::features::printing::types::{PrintJob, PrintJobList};
use crate::features::printing::wire::speaks_escpos;
use crate::platform::audit;

/// Lets something wait for a printer, in the transaction of its deed. The same deed twice is one job.
/// `again`: of which job it is a copy, and whether it says so.
pub(super) fn put(
    tx: &Tx<'_>,
    printer_id: i64,
    deed: &str,
    document: Document,
    again: Option<(i64, bool)>,
) -> Result<()> {
    let order = PrintOrder {
        printer_id,
        document,
        at: tx.now(),
        meant_for: None,
        again_of: again.map(|(id, _)| id),
        is_copy: again.is_some_and(|(_, says)| says),
        printed_by_id: None,
        is_unheard: false,
        cancelled_by_id: None,
    };
    let payload = serde_json::to_value(&order).map_err(Error::internal)?;
    let (key, lane) = (key(deed, printer_id), lane(printer_id));
    jobs::enqueue(tx, &NewJob { kind: &PRINT, lane: &lane, key: &key, payload })
}

/// Forgets the slips of an order that are printed or given up: whose order it was is erased.
///
/// # Errors
/// When the rows cannot be deleted.
pub fn forget_slips(tx: &Tx<'_>, order_id: i64) -> Result<()> {
    jobs::forget_with(tx, &PRINT, &format!("\"order_id\":{order_id},"))
}

fn key(deed: &str, printer_id: i64) -> String {
    format!("{deed} on {printer_id}")
}

/// Lets something wait for a printer because somebody asks for it. The job, as a reply.
pub(super) fn put_now(
    tx: &Tx<'_>,
    printer_id: i64,
    document: Document,
    again: Option<(i64, bool)>,
) -> Result<Reply> {
    let deed = Uuid::now_v7().to_string();
    put(tx, printer_id, &deed, document, again)?;
    let sql = "SELECT id FROM jobs WHERE kind = ?1 AND key = ?2";
    let key = key(&deed, printer_id);
    let id = tx.prepare_cached(sql)?.query_row([PRINT.name, &key], |row| row.get(0))?;
    let json = serde_json::to_string(&print_job(tx, id)?).map_err(Error::internal)?;
    Ok(Reply { json: json.into(), event_seq: None })
}

/// One job.
pub fn print_job(db: &Connection, id: i64) -> Result<PrintJob> {
    let (job, order) = print_order(db, id)?;
    shown(db, job, &order)
}

/// What one job is to print, and how it stands.
pub fn print_order(db: &Connection, id: i64) -> Result<(KeptJob, PrintOrder)> {
    let (job, payload) = jobs::find_of(db, &PRINT, id)?;
    Ok((job, serde_json::from_str(&payload).map_err(Error::internal)?))
}

/// A page of jobs, newest first. What a newer version wrote and this one cannot read is left out.
pub fn print_jobs(db: &Connection, page: (i64, i64)) -> Result<PrintJobList> {
    let (jobs, total) = jobs::all_of(db, &PRINT, page)?;
    let read =
        |(job, payload): (KeptJob, String)| Some((job, serde_json::from_str(&payload).ok()?));
    let print_jobs = jobs.into_iter().filter_map(read);
    let print_jobs =
        print_jobs.map(|(job, order)| shown(db, job, &order)).collect::<Result<_>>()?;
    Ok(PrintJobList { print_jobs, total })
}

fn shown(db: &Connection, job: KeptJob, order: &PrintOrder) -> Result<PrintJob> {
    let of = match &order.document {
        Document::Ticket(ticket) => Some(&ticket.order),
        Document::Bill(bill) => Some(&bill.order),
        Document::TestSheet
        | Document::Alphabets
        | Document::TableCode { .. }
        | Document::Cash(_)
        | Document::Drawer => None,
    };
    let name = "SELECT name FROM printers WHERE id = ?1 AND deleted_at IS NULL";
    let printer_name =
        db.prepare_cached(name)?.query_row([order.printer_id], |row| row.get(0)).optional()?;
    Ok(PrintJob {
        id: job.id,
        printer_id: order.printer_id,
        printer_name,
        printed_by_id: order.printed_by_id,
        document: kind_of(&order.document),
        order_id: of.map(|order| order.order_id),
        order_number: of.map(|order| order.number),
        again_of: order.again_of,
        state: order.state(job.state),
        is_unheard: order.is_unheard,
        tries: job.attempts,
        problem: job.last_error.as_deref().map(PrintProblem::of),
        last_error: job.last_error,
        created_at: job.created_at,
        updated_at: job.updated_at,
    })
}

/// Prints something now because somebody asks for it.
pub struct PrintNow {
    /// On which printer.
    pub printer_id: i64,
    /// What.
    pub document: Document,
}

impl Command for PrintNow {
    type Output = Reply;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let printer = PRINTERS.get(tx, self.printer_id)?;
        if matches!(self.document, Document::Alphabets) && !speaks_escpos(&printer.address) {
            let detail = "This printer is told pictures alone: its letters are always drawn. Fast \
                          text is for printers by ESC/POS in the network or on USB.";
            return Err(Error::conflict("no_own_letters", detail));
        }
        put_now(tx, printer.id, self.document, None)
    }
}

/// Calls something off that waits.
pub struct CancelPrint {
    /// What.
    pub id: i64,
    /// Who.
    pub by: i64,
}

impl Command for CancelPrint {
    type Output = PrintJob;

    fn apply(self, tx: &mut Tx<'_>) -> Result<PrintJob> {
        let (before, _) = print_order(tx, self.id)?;
        jobs::resolve(tx, self.id, Resolution::Failed)?;
        jobs::note(tx, self.id, "cancelled_by_id", &self.by.into())?;
        let change = (json!({"state": before.state}), json!({"state": "CANCELLED"}));
        audit::note(tx, Some(self.by), "print_cancelled", ("print_job", Some(self.id)), change)?;
        print_job(tx, self.id)
    }
}

/// Writes down how something was printed.
pub struct NotePrinted {
    /// The job.
    pub id: i64,
    /// The printer that stood in.
    pub printed_by: Option<i64>,
    /// Whether the printer says nothing of it.
    pub is_unheard: bool,
}

impl Command for NotePrinted {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        if let Some(printer_id) = self.printed_by {
            jobs::note(tx, self.id, "printed_by_id", &printer_id.into())?;
        }
        if self.is_unheard {
            jobs::note(tx, self.id, "is_unheard", &Value::Bool(true))?;
        }
        Ok(())
    }
}
