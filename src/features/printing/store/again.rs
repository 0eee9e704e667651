//! Something is printed once more.

use serde_json::json;

use super::printers::PRINTERS;
use super::queue::{print_order, put_now};
use super::routes::usual;
use crate::core::error::{Error, Result};
use crate::core::jobs::State;
use crate::core::store::{Command, Reply, Tx};
use crate::features::printing::job::PrintOrder;
use crate::features::printing::types::Printer;
use crate::platform::audit;

/// Prints something once more. What was given up or called off is no copy: nobody has it.
pub struct PrintAgain {
    /// What.
    pub id: i64,
    /// Where; where nobody says, on its printer.
    pub printer_id: Option<i64>,
    /// Who.
    pub by: i64,
}

impl Command for PrintAgain {
    type Output = Reply;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let (job, order) = print_order(tx, self.id)?;
        let is_copy = job.state != State::Failed;
        let printer = match self.printer_id {
            Some(id) => chosen(tx, id)?,
            None => own(tx, &order)?,
        };
        let change = (json!({"state": order.state(job.state)}), json!({"printer": printer.name}));
        audit::note(tx, Some(self.by), "printed_again", ("print_job", Some(self.id)), change)?;
        put_now(tx, printer.id, order.document, Some((self.id, is_copy)))
    }
}

fn chosen(tx: &Tx<'_>, id: i64) -> Result<Printer> {
    PRINTERS.get(tx, id).map_err(|error| match error.status() {
        404 => Error::invalid("printer_id", "must be a printer that is there"),
        _ => error,
    })
}

/// Its printer; where that was removed, the one that prints such paper by itself.
fn own(tx: &Tx<'_>, order: &PrintOrder) -> Result<Printer> {
    match PRINTERS.get(tx, order.printer_id) {
        Err(error) if error.status() == 404 => {}
        found => return found,
    }
    let other = usual(tx, &order.document)?.map(|id| PRINTERS.get(tx, id)).transpose()?;
    other.ok_or_else(|| {
        let detail = "Its printer was removed, and no other prints such paper by itself. Choose a \
                      printer (printer_id), or have an admin set one up under Printers.";
        Error::conflict("printer_removed", detail)
    })
}
