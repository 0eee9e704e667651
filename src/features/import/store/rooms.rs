//! The rooms and tables of an import.

use rusqlite::params;

use super::importer::Importer;
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Name;
use crate::core::store::Columns;
use crate::features::floor;
use crate::features::import::content::{Location, Table};
use crate::features::import::report::FieldChange;

impl Importer<'_, '_> {
    pub(super) fn location(&mut self, place: &str, new: &Location) -> Result<()> {
        let id = self.location_id(&new.name)?;
        let name = new.name.to_string();
        let columns = Columns::default()
            .set("name", name.clone())
            .text("description", new.description.clone())
            .maybe("color", new.color.clone())
            .maybe("is_active", new.is_active);
        let mut saved = self.save(place, "locations", id, columns, Columns::default())?;
        let id = saved.id;
        if new.is_active == Some(false) {
            // A closed room takes its tables with it.
            let sql = "UPDATE tables SET is_active = 0, updated_at = ?2
                       WHERE location_id = ?1 AND is_active = 1 AND deleted_at IS NULL";
            let closed = self.tx.prepare_cached(sql)?.execute([id, self.tx.now().0])?;
            if closed > 0 {
                saved = saved.with(FieldChange::new("tables", Some(closed.to_string()), None));
            }
        }
        self.count("locations", place, name, saved);
        self.refuse_closed_tables_in_use()
    }

    fn location_id(&self, name: &Name) -> Result<Option<i64>> {
        self.find("SELECT id FROM locations WHERE name = ?1 AND deleted_at IS NULL", [&**name])
    }

    /// A table, in the room that holds it in the file.
    pub(super) fn table(
        &mut self,
        place: &str,
        room: Option<&Location>,
        new: &Table,
    ) -> Result<()> {
        let location_id = room.map(|room| self.location_id(&room.name)).transpose()?.flatten();
        if room.is_some() && location_id.is_none() {
            return Err(Error::invalid(place, "stands in a room that is not there any more"));
        }
        let closed = room.filter(|room| room.is_active == Some(false)).map(|_| false);
        let number = new.number.get();
        let id =
            self.find("SELECT id FROM tables WHERE number = ?1 AND deleted_at IS NULL", [number])?;
        if let Some(code) = &new.qr_code {
            let taken = "SELECT number FROM tables WHERE qr_code = ?1 AND id IS NOT ?2";
            if self.find(taken, params![&**code, id])?.is_some() {
                let message = "is the code of another table already";
                return Err(Error::invalid(format!("{place}.qr_code"), message));
            }
        }
        if new.x.is_some() != new.y.is_some() {
            return Err(Error::invalid(format!("{place}.x"), "must be set together with y"));
        }
        let columns = Columns::default()
            .set("number", number)
            .set("seats", new.seats.get())
            .set("location_id", location_id)
            .text("description", new.description.clone())
            .maybe("is_active", new.is_active.or(closed))
            .maybe("qr_code", new.qr_code.clone())
            .maybe("x", new.x)
            .maybe("y", new.y)
            .maybe("shape", new.shape.map(|shape| shape.as_str().to_owned()));
        let first = Columns::default().set("qr_code", floor::new_qr_code()?);
        let saved = self.save(place, "tables", id, columns, first)?;
        let id = saved.id;
        self.count("tables", place, number.to_string(), saved);
        self.refuse_active_in_closed_room(id, number)?;
        self.refuse_closed_tables_in_use()
    }

    fn refuse_active_in_closed_room(&self, id: i64, number: i64) -> Result<()> {
        let stray = "SELECT t.number FROM tables t JOIN locations l ON l.id = t.location_id
                     WHERE t.id = ?1 AND t.is_active AND NOT l.is_active";
        if self.find(stray, [id])?.is_none() {
            return Ok(());
        }
        let detail = format!(
            "Table {number} would be active in a room that is not. Make both active, or \
             neither; nothing was changed."
        );
        Err(Error::rule("location_inactive", detail).with("number", number))
    }

    /// Looked at in each step: an order may have come since the file was checked.
    fn refuse_closed_tables_in_use(&self) -> Result<()> {
        let in_use = "SELECT t.number FROM orders o JOIN tables t ON t.id = o.table_id
                      WHERE o.closed_at IS NULL AND NOT t.is_active LIMIT 1";
        let Some(number) = self.find(in_use, [])? else { return Ok(()) };
        let detail = format!(
            "Table {number} has an open order and cannot be made inactive. Close the order \
             first; nothing was changed."
        );
        Err(Error::rule("table_in_use", detail).with("number", number))
    }
}
