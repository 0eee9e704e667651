//! The rooms and tables of an import.

use rusqlite::params;

use super::{Columns, Importer};
use crate::error::{Error, Result};
use crate::floor;
use crate::import::report::FieldChange;
use crate::import::{Location, Table};
use crate::kernel::fields::Color;
use crate::kernel::{Int, Text};

impl Importer<'_, '_> {
    pub(super) fn rooms(&mut self, locations: Vec<Location>, tables: Vec<Table>) -> Result<()> {
        if locations.is_empty() && tables.is_empty() {
            return Ok(());
        }
        for (at, location) in locations.into_iter().enumerate() {
            let saved = self.location(&format!("locations[{at}]"), location);
            self.or_wrong(saved)?;
        }
        for (at, table) in tables.into_iter().enumerate() {
            let saved = self.table(&format!("tables[{at}]"), None, table);
            self.or_wrong(saved)?;
        }
        self.refuse_to_close_what_is_in_use()
    }

    fn location(&mut self, place: &str, new: Location) -> Result<()> {
        let id = self.find(
            "SELECT id FROM locations WHERE name = ?1 AND deleted_at IS NULL",
            [&*new.name],
        )?;
        let name = new.name.into_inner();
        let columns = Columns::default()
            .set("name", name.clone())
            .text("description", new.description)
            .maybe("color", new.color.map(Color::into_inner))
            .maybe("is_active", new.is_active);
        let mut saved = self.save(place, "locations", id, columns, Columns::default())?;
        let id = saved.id;
        let is_closed = new.is_active == Some(false);
        if is_closed {
            // A closed room takes its tables with it.
            let sql = "UPDATE tables SET is_active = 0, updated_at = ?2
                       WHERE location_id = ?1 AND is_active = 1 AND deleted_at IS NULL";
            let closed = self.tx.prepare_cached(sql)?.execute([id, self.tx.now().0])?;
            if closed > 0 {
                saved = saved.with(FieldChange::new("tables", Some(closed.to_string()), None));
            }
        }
        self.count("locations", place, name, saved);
        for (at, mut table) in new.tables.into_iter().enumerate() {
            table.is_active = table.is_active.or(is_closed.then_some(false));
            let saved = self.table(&format!("{place}.tables[{at}]"), Some(id), table);
            self.or_wrong(saved)?;
        }
        Ok(())
    }

    fn table(&mut self, place: &str, location_id: Option<i64>, new: Table) -> Result<()> {
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
            .text("description", new.description)
            .maybe("is_active", new.is_active)
            .maybe("qr_code", new.qr_code.map(Text::into_inner))
            .maybe("x", new.x.map(Int::get))
            .maybe("y", new.y.map(Int::get))
            .maybe("shape", new.shape.map(|shape| shape.as_str().to_owned()));
        let first = Columns::default().set("qr_code", floor::new_qr_code()?);
        let saved = self.save(place, "tables", id, columns, first)?;
        self.count("tables", place, number.to_string(), saved);
        Ok(())
    }

    /// The rules that hold between rows, looked at when all of them are written.
    fn refuse_to_close_what_is_in_use(&self) -> Result<()> {
        let stray = "SELECT t.number FROM tables t JOIN locations l ON l.id = t.location_id
                     WHERE t.deleted_at IS NULL AND t.is_active AND NOT l.is_active LIMIT 1";
        if let Some(number) = self.find(stray, [])? {
            let detail = format!(
                "Table {number} would be active in a room that is not. Make both active, or \
                 neither; nothing was changed."
            );
            return Err(Error::rule("location_inactive", detail).with("number", number));
        }
        let in_use = "SELECT t.number FROM orders o JOIN tables t ON t.id = o.table_id
                      WHERE o.closed_at IS NULL AND NOT t.is_active LIMIT 1";
        if let Some(number) = self.find(in_use, [])? {
            let detail = format!(
                "Table {number} has an open order and cannot be made inactive. Close the order \
                 first; nothing was changed."
            );
            return Err(Error::rule("table_in_use", detail).with("number", number));
        }
        Ok(())
    }
}
