//! What goes to which printer. Asked with every order, so the writer remembers the answer.

use std::sync::Arc;

use super::printers::PRINTERS;
use super::queue::{put, put_now};
use crate::core::error::Result;
use crate::core::store::{Filter, Reply, Tx};
use crate::features::menu::Department;
use crate::features::printing::cash_paper::CashPaper;
use crate::features::printing::documents::{Bill, Document, Ticket};
use crate::features::printing::job::kind_of;
use crate::features::printing::types::{DocumentKind, Printer};

/// The most printers that print by themselves.
const MOST: i64 = 200;
/// All that the answer is read of.
const READ: [&str; 1] = ["printers"];

/// The printers that print by themselves, as they were when somebody asked last.
#[derive(Default)]
struct Known(Option<Arc<[Printer]>>);

fn active(tx: &Tx<'_>) -> Result<Arc<[Printer]>> {
    let known = tx.remembered::<Known>(&READ).and_then(|known| known.0.clone());
    if let Some(known) = known {
        return Ok(known);
    }
    let filter = Filter::default().and("is_active = ?", Some(true));
    let printers: Arc<[Printer]> = PRINTERS.list(tx, (0, MOST), filter)?.0.into();
    if let Some(mut known) = tx.remembered::<Known>(&READ) {
        known.0 = Some(Arc::clone(&printers));
    }
    Ok(printers)
}

/// Whether any printer prints such paper by itself: where none does, nobody need write it.
///
/// # Errors
/// When the database cannot be read.
pub fn prints(tx: &Tx<'_>, kind: DocumentKind) -> Result<bool> {
    Ok(active(tx)?.iter().any(|printer| printer.documents.contains(&kind)))
}

/// Prints a ticket on each printer that has some of its lines to tell of: those of its stations. `deed`
/// is what happened, in a word that no other deed has: a deed has one ticket on each printer.
///
/// # Errors
/// When the rows cannot be written.
pub fn print_tickets(tx: &Tx<'_>, deed: &str, ticket: &Ticket) -> Result<()> {
    for printer in active(tx)?.iter().filter(|one| one.documents.contains(&DocumentKind::Ticket)) {
        let mut part = ticket.clone();
        part.lines.retain(|line| tells_of(printer, line.station));
        if part.lines.is_empty() {
            continue;
        }
        // Lines of a station stand together, those of a course too, as they were ordered.
        part.lines.sort_by_key(|line| {
            (Department::ALL.iter().position(|one| *one == line.station), line.course)
        });
        put(tx, printer.id, deed, Document::Ticket(part), None)?;
    }
    Ok(())
}

/// Whether a printer tells of the dishes of a station.
fn tells_of(printer: &Printer, station: Department) -> bool {
    printer.stations.is_empty() || printer.stations.contains(&station)
}

/// The first printer that prints such paper by itself; none where none does.
///
/// # Errors
/// When the database cannot be read.
pub fn usual(tx: &Tx<'_>, document: &Document) -> Result<Option<i64>> {
    let (active, kind) = (active(tx)?, kind_of(document));
    let mut all = active.iter().filter(|one| one.documents.contains(&kind));
    let found = match document {
        Document::Ticket(ticket) => {
            all.find(|one| ticket.lines.iter().any(|line| tells_of(one, line.station)))
        }
        _ => all.next(),
    };
    Ok(found.map(|one| one.id))
}

/// Prints a bill where such are printed.
///
/// # Errors
/// When the row cannot be written.
pub fn print_bill(tx: &Tx<'_>, deed: &str, bill: Bill, at: DrawerAt) -> Result<()> {
    let document = Document::Bill(Box::new(bill));
    match at.prints(&active(tx)?, kind_of(&document)) {
        Some(printer_id) => put(tx, printer_id, deed, document, None),
        None => Ok(()),
    }
}

/// Prints a bill because somebody asks for it. The job as a reply; none where no printer prints such.
///
/// # Errors
/// When the row cannot be written.
pub fn print_bill_now(tx: &Tx<'_>, bill: Bill, at: DrawerAt) -> Result<Option<Reply>> {
    let document = Document::Bill(Box::new(bill));
    let printer_id = at.prints(&active(tx)?, kind_of(&document));
    printer_id.map(|id| put_now(tx, id, document, None)).transpose()
}

/// At which printer the drawer is at which somebody works. Receipts and papers of it come out there,
/// where that printer prints such.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DrawerAt {
    /// At the first that has one.
    #[default]
    First,
    /// At this one.
    Printer(i64),
    /// At none: somebody carries their money.
    Nowhere,
}

impl DrawerAt {
    /// The printer that opens it.
    fn opener(self, active: &[Printer]) -> Option<i64> {
        let is_it = |one: &&Printer| match self {
            Self::First => true,
            Self::Printer(id) => one.id == id,
            Self::Nowhere => false,
        };
        active.iter().filter(is_it).find(|one| one.drawer_pin.is_some()).map(|one| one.id)
    }

    /// The printer that prints such paper: the drawer's own, else the first.
    fn prints(self, active: &[Printer], kind: DocumentKind) -> Option<i64> {
        let all = || active.iter().filter(move |one| one.documents.contains(&kind));
        let own = all().find(|one| self == Self::Printer(one.id));
        own.or_else(|| all().next()).map(|one| one.id)
    }
}

/// Opens a drawer, where some printer can.
///
/// # Errors
/// When the row cannot be written.
pub fn open_drawer(tx: &Tx<'_>, deed: &str, at: DrawerAt) -> Result<()> {
    match at.opener(&active(tx)?) {
        Some(printer_id) => put(tx, printer_id, deed, Document::Drawer, None),
        None => Ok(()),
    }
}

/// Prints a paper of a cash drawer, where a printer prints such by itself.
///
/// # Errors
/// When the row cannot be written.
pub fn print_cash(tx: &Tx<'_>, deed: &str, paper: CashPaper, at: DrawerAt) -> Result<()> {
    match at.prints(&active(tx)?, DocumentKind::CashReport) {
        Some(printer_id) => put(tx, printer_id, deed, Document::Cash(Box::new(paper)), None),
        None => Ok(()),
    }
}

/// Prints a paper of a cash drawer because somebody asks for it: where such are printed, else where
/// receipts are. The job as a reply; none where no printer prints either.
///
/// # Errors
/// When the row cannot be written.
pub fn print_cash_now(tx: &Tx<'_>, paper: CashPaper, at: DrawerAt) -> Result<Option<Reply>> {
    let active = active(tx)?;
    let printer_id = at
        .prints(&active, DocumentKind::CashReport)
        .or_else(|| at.prints(&active, DocumentKind::Receipt));
    printer_id.map(|id| put_now(tx, id, Document::Cash(Box::new(paper)), None)).transpose()
}
