//! The plan of a location, and new QR codes, in SQL.

use rusqlite::params;

use super::events::{TableChange, location_changed};
use super::locations_store::LOCATIONS;
use super::tables_store::{new_qr_code, table, tell_of};
use super::{Table, TablePlace, rules};
use crate::core::error::{Error, Result};
use crate::core::kernel::Int;
use crate::core::store::{Command, Tx};
use crate::features::visits;

/// The most tables that one plan holds.
const MOST_TABLES: usize = 500;

/// Says where tables stand on the plan of a location.
pub struct SetPlan {
    pub id: i64,
    pub places: Vec<TablePlace>,
    pub by: Option<i64>,
}

impl Command for SetPlan {
    type Output = Vec<Table>;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Vec<Table>> {
        let location = LOCATIONS.get(tx, self.id)?;
        if self.places.len() > MOST_TABLES {
            let detail = format!("One plan holds {MOST_TABLES} tables. Split the room in two.");
            return Err(Error::rule("too_many_tables", detail).with("most", MOST_TABLES));
        }
        let mut placed = Vec::with_capacity(self.places.len());
        for place in self.places {
            let old = table(tx, place.id.get())?;
            if old.location_id != Some(location.id) {
                let (table, room) = (old.name, &location.name);
                let detail = format!(
                    "Table {table} does not stand in “{room}”. Load the room again, then place it."
                );
                let error = Error::rule("table_elsewhere", detail).with("number", old.number);
                return Err(error.with("table", table));
            }
            let (x, y) = (place.x.map(Int::get), place.y.map(Int::get));
            rules::must_be_whole((x, y))?;
            let shape = place.shape.unwrap_or(old.shape);
            if (old.x, old.y, old.shape) == (x, y, shape) {
                placed.push(old);
                continue;
            }
            let now = tx.now();
            tx.prepare_cached(
                "UPDATE tables SET x = ?2, y = ?3, shape = ?4, updated_at = ?5 WHERE id = ?1",
            )?
            .execute(params![old.id, x, y, shape.as_str(), now.0])?;
            placed.push(Table { x, y, shape, updated_at: now, ..old });
        }
        if !placed.is_empty() {
            tx.emit(location_changed(location.id, self.by)?)?;
        }
        Ok(placed)
    }
}

/// Gives a table a new QR code: the old one, wherever it was printed or leaked to, is dead, and so
/// are the sessions of the guests who came by it.
pub struct RenewCode {
    pub id: i64,
    pub by: Option<i64>,
}

impl Command for RenewCode {
    type Output = Table;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Table> {
        table(tx, self.id)?;
        tx.execute(
            "UPDATE tables SET qr_code = ?2, updated_at = ?3 WHERE id = ?1",
            params![self.id, new_qr_code()?, tx.now().0],
        )?;
        visits::end(tx, self.id)?;
        tell_of(tx, self.id, TableChange::CodeRenewed, self.by)?;
        table(tx, self.id)
    }
}
