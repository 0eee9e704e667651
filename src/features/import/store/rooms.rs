//! The rooms and tables of an import.

use rusqlite::{Row, params};

use super::importer::Importer;
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Name;
use crate::core::store::Columns;
use crate::features::floor::{self, Naming, TableNumber};
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
        let id = self.table_id(place, new)?;
        let old = id.map(|id| self.naming(id)).transpose()?;
        let naming = Naming::of(self.tx, (id, old), new.number, new.name.clone())?;
        let taken = "SELECT id FROM tables
                     WHERE number = ?1 AND deleted_at IS NULL AND id IS NOT ?2";
        if let Some(id) = id.filter(|_| new.number.is_some()) {
            self.pay("tables", "number", id);
        }
        if let Some(holder) = self.find(taken, params![naming.number, id])? {
            self.take_number(place, holder)?;
        }
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
        let columns = naming
            .columns()
            .set("seats", new.seats.get())
            .set("location_id", location_id)
            .text("description", new.description.clone())
            .maybe("is_active", new.is_active.or(closed))
            .maybe("qr_code", new.qr_code.clone())
            .maybe("x", new.x)
            .maybe("y", new.y)
            .maybe("shape", new.shape.map(|shape| shape.as_str().to_owned()));
        let first = Columns::default().set("qr_code", floor::new_qr_code()?);
        let mut saved = self.save(place, "tables", id, columns, first)?;
        saved.fields.retain(|change| change.field != "name_key");
        let id = saved.id;
        self.count("tables", place, naming.label(), saved);
        self.refuse_active_in_closed_room(id, &naming)?;
        self.refuse_closed_tables_in_use()
    }

    /// A table gets the number of another one, which gets another by the file further on: until then that
    /// has a free one. One that is called by its number would have another name meanwhile.
    fn take_number(&mut self, place: &str, holder: i64) -> Result<()> {
        let (place, message) = (format!("{place}.number"), "is that of another table already");
        let named = "SELECT 1 FROM tables WHERE id = ?1 AND name IS NOT NULL";
        if self.find(named, [holder])?.is_none() {
            return Err(Error::invalid(place, message));
        }
        self.owe_code(place, ("tables", "number", holder), message.into())?;
        let free =
            "UPDATE tables SET number = (SELECT max(number) + 1 FROM tables), updated_at = ?2
                    WHERE id = ?1";
        self.tx.prepare_cached(free)?.execute([holder, self.tx.now().0])?;
        Ok(())
    }

    /// The table that a file means: the one that is called so, or that has this number.
    fn table_id(&self, place: &str, new: &Table) -> Result<Option<i64>> {
        let Table { number, name, .. } = new;
        let by_number = |number: &TableNumber| {
            let sql = "SELECT id FROM tables WHERE number = ?1 AND deleted_at IS NULL";
            match self.find(sql, [number.get()])? {
                None => floor::table_named(self.tx, &number.get().to_string()),
                found => Ok(found),
            }
        };
        match (name, number) {
            (None, None) => Err(Error::invalid(place, "needs a name or a number")),
            (None, Some(number)) => by_number(number),
            (Some(name), number) => match (floor::table_named(self.tx, name)?, number) {
                (None, Some(number)) => by_number(number),
                (found, _) => Ok(found),
            },
        }
    }

    fn naming(&self, id: i64) -> Result<Naming> {
        let sql = "SELECT number, label FROM tables WHERE id = ?1";
        let row = |row: &Row<'_>| Ok(Naming::known(row.get(0)?, row.get(1)?));
        Ok(self.tx.prepare_cached(sql)?.query_row([id], row)?)
    }

    fn refuse_active_in_closed_room(&self, id: i64, naming: &Naming) -> Result<()> {
        let stray = "SELECT t.number FROM tables t JOIN locations l ON l.id = t.location_id
                     WHERE t.id = ?1 AND t.is_active AND NOT l.is_active";
        if self.find(stray, [id])?.is_none() {
            return Ok(());
        }
        let table = naming.label();
        let detail = format!(
            "Table {table} would be active in a room that is not. Make both active, or \
             neither; nothing was changed."
        );
        let error = Error::rule("location_inactive", detail).with("number", naming.number);
        Err(error.with("table", table))
    }

    /// Looked at in each step: an order may have come since the file was checked.
    fn refuse_closed_tables_in_use(&self) -> Result<()> {
        let in_use = "SELECT t.id FROM orders o JOIN tables t ON t.id = o.table_id
                      WHERE o.closed_at IS NULL AND NOT t.is_active LIMIT 1";
        let Some(id) = self.find(in_use, [])? else { return Ok(()) };
        let naming = self.naming(id)?;
        let table = naming.label();
        let detail = format!(
            "Table {table} has an open order and cannot be made inactive. Close the order \
             first; nothing was changed."
        );
        let error = Error::rule("table_in_use", detail).with("number", naming.number);
        Err(error.with("table", table))
    }
}
