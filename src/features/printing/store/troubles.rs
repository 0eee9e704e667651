//! Printers in trouble, as people are told of them.

use std::collections::BTreeMap;

use super::printers::with_stand_in;
use crate::core::error::Result;
use crate::core::event::{NewEvent, Thing};
use crate::core::jobs;
use crate::core::store::{Command, Connection, Tx};
use crate::features::printing::job::{PRINT, lane};
use crate::features::printing::types::{PrinterTrouble, PrinterTroubles};
use crate::features::printing::wire::Trouble;

/// Those in trouble with their names, and how many slips wait for each.
pub fn troubles(db: &Connection, known: &BTreeMap<i64, Trouble>) -> Result<PrinterTroubles> {
    let waiting = jobs::open_by_lane(db, &PRINT)?;
    let mut troubles = Vec::with_capacity(known.len());
    for (id, trouble) in known {
        let (printer, stand_in) = match with_stand_in(db, *id) {
            Ok(found) => found,
            Err(error) if error.status() == 404 => continue,
            Err(error) => return Err(error),
        };
        let stand_in = stand_in.filter(|one| one.is_active && !known.contains_key(&one.id));
        troubles.push(PrinterTrouble {
            printer_id: printer.id,
            name: printer.name,
            trouble: *trouble,
            waiting: waiting.get(&lane(*id)).copied().unwrap_or(0),
            stand_in: stand_in.map(|one| one.name),
        });
    }
    troubles.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(PrinterTroubles { troubles })
}

/// Tells screens.
pub struct TellTroubles(pub PrinterTroubles);

impl Command for TellTroubles {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        tx.emit(NewEvent::new(Thing::Printer.any(), None, &self.0)?).map(drop)
    }
}
