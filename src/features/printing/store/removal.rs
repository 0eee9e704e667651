//! A printer goes, and what waits for it goes to another.

use serde_json::{Value, json};

use super::printers::{PRINTERS, TRAIL, of, with_stand_in};
use crate::core::error::{Error, Result};
use crate::core::jobs;
use crate::core::store::{Command, Tx};
use crate::features::printing::documents::Document;
use crate::features::printing::job::{PRINT, PrintOrder, lane};
use crate::features::printing::types::Printer;

/// Removes a printer. What waits for it goes to the one that stands in for it.
pub struct DeletePrinter {
    /// Which.
    pub id: i64,
    /// Who.
    pub by: i64,
}

impl Command for DeletePrinter {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let (old, stand_in) = with_stand_in(tx, self.id)?;
        let heir = stand_in.filter(|one| one.is_active);
        let moved = hand_over(tx, &old, heir.as_ref())?;
        PRINTERS.remove(tx, self.id)?;
        let others = "UPDATE printers SET stand_in_id = NULL WHERE stand_in_id = ?1";
        tx.prepare_cached(others)?.execute([self.id])?;
        let after = heir
            .filter(|_| moved > 0)
            .map_or(Value::Null, |heir| json!({"slips_moved": moved, "slips_moved_to": heir.name}));
        TRAIL.note(tx, self.by, "printer_removed", self.id, (of(&old), after))
    }
}

/// Lets what waits for a printer wait for another, and say for which it was meant. How many slips that
/// are. A test sheet and the opening of a drawer are of this printer alone: they end with it.
///
/// # Errors
/// 409 with the count where slips wait and there is no other.
fn hand_over(tx: &Tx<'_>, from: &Printer, to: Option<&Printer>) -> Result<usize> {
    let mut slips = Vec::new();
    for (id, payload) in jobs::open_in(tx, &PRINT, &lane(from.id))? {
        // What cannot be read now never can, and ends as that.
        let Ok(order) = serde_json::from_str::<PrintOrder>(&payload) else { continue };
        if !matches!(order.document, Document::TestSheet | Document::Alphabets | Document::Drawer) {
            slips.push((id, order));
        }
    }
    let count = slips.len();
    if count == 0 {
        return Ok(0);
    }
    let Some(to) = to else { return Err(slips_wait(from, count)) };
    for (id, order) in slips {
        let meant_for = order.meant_for.clone().or_else(|| Some(from.name.clone()));
        let order = PrintOrder { printer_id: to.id, meant_for, ..order };
        let payload = serde_json::to_value(&order).map_err(Error::internal)?;
        jobs::put_into(tx, id, &lane(to.id), &payload)?;
    }
    Ok(count)
}

fn slips_wait(printer: &Printer, count: usize) -> Error {
    let name = &printer.name;
    let detail = format!(
        "{count} slips wait for “{name}”. Say who prints instead of it: they go there when it is \
         removed. Or call them off first."
    );
    Error::conflict("slips_wait", detail).with("count", count).with("name", name.clone())
}
