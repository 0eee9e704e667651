//! A database that is built anew from copied rows.

use std::fs::File;
use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};
use uuid::Uuid;

use super::{Shape, shapes};
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::kernel::{DayHour, Zone};
use crate::core::store::{Tables, bring_to_newest, count_anew, create_at_schema, record_by_hand};

/// No password fits it: it is no hash.
const NO_SECRET: &str = "lost with the old box";
/// How far order numbers jump: more than a restaurant sells in the time that the copy may lag.
const JUMP: i64 = 1000;

/// A database under construction.
pub struct Rebuild {
    db: Connection,
    tables: &'static Tables,
}

impl Rebuild {
    /// Begins a file with the schema of that version.
    ///
    /// # Errors
    /// When the file cannot be written, or this program is too old for the schema.
    pub fn begin(path: &Path, schema: i64, tables: &'static Tables) -> Result<Self> {
        let db = create_at_schema(path, schema)?;
        // Until it is whole the file is nobody's: no fsync, no journal, and rows in any order.
        db.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;",
        )?;
        // What the schema begins with comes from the copy, as the box had it.
        for shape in shapes(&db, tables)?.iter().filter(|shape| !shape.columns.is_empty()) {
            db.execute(&format!("DELETE FROM {}", shape.table.name), [])?;
        }
        Ok(Self { db, tables })
    }

    /// What its copied tables look like.
    ///
    /// # Errors
    /// When the schema cannot be read.
    pub fn shapes(&self) -> Result<Vec<Shape>> {
        let mut there = shapes(&self.db, self.tables)?;
        there.retain(|shape| !shape.columns.is_empty());
        Ok(there)
    }

    /// Writes rows and empties the list. Returns how many.
    ///
    /// # Errors
    /// When a row does not fit the table.
    pub fn write(&mut self, shape: &Shape, rows: &mut Vec<Vec<Value>>) -> Result<u64> {
        let names: Vec<&str> = shape.columns.iter().map(|column| column.name.as_str()).collect();
        // Secrets that may not be empty are there, but nobody knows them.
        let lost = self.needed_secrets(shape)?;
        let marks = self.marks(shape)?;
        let sql = format!(
            "INSERT INTO {} ({}) VALUES ({marks}{})",
            shape.table.name,
            names
                .iter()
                .copied()
                .chain(lost.iter().map(String::as_str))
                .collect::<Vec<_>>()
                .join(", "),
            format!(", '{NO_SECRET}'").repeat(lost.len()),
        );
        let transaction = self.db.transaction()?;
        let written = rows.len() as u64;
        {
            let mut insert = transaction.prepare_cached(&sql)?;
            for row in rows.drain(..) {
                insert.execute(params_from_iter(row))?;
            }
        }
        transaction.commit()?;
        Ok(written)
    }

    /// A value for each column. A row that the box sent before it knew a column has none there: it
    /// gets what the column holds by itself.
    fn marks(&self, shape: &Shape) -> Result<String> {
        let mut given = self.db.prepare_cached(
            "SELECT dflt_value FROM pragma_table_info(?1) WHERE name = ?2 AND \"notnull\" = 1",
        )?;
        let marks = shape.columns.iter().map(|column| {
            let given = given
                .query_row([shape.table.name, &column.name], |row| row.get::<_, Option<String>>(0))
                .optional()?;
            Ok(given.flatten().map_or("?".into(), |value| format!("coalesce(?, {value})")))
        });
        Ok(marks.collect::<Result<Vec<String>>>()?.join(", "))
    }

    fn needed_secrets(&self, shape: &Shape) -> Result<Vec<String>> {
        let mut needed = self
            .db
            .prepare_cached("SELECT name FROM pragma_table_info(?1) WHERE \"notnull\" = 1")?;
        let names = needed.query_map([shape.table.name], |row| row.get::<_, String>(0))?;
        let names = names.collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(names.into_iter().filter(|n| shape.table.secret.contains(&n.as_str())).collect())
    }

    /// Makes it a box of its own, checks it, and writes it to the disk for good.
    ///
    /// # Errors
    /// When rows point to rows that are not there, or the file cannot be written.
    pub fn finish(
        mut self,
        site_id: Uuid,
        epoch: i64,
        batch: i64,
        zone: impl FnOnce(&str) -> Option<Zone>,
    ) -> Result<()> {
        // What is counted and told below is of this version, however old the copied box was.
        bring_to_newest(&mut self.db)?;
        let own: String = self.db.query_row("SELECT timezone FROM site", [], |row| row.get(0))?;
        let zone = zone(&own).ok_or_else(|| Error::rule("bad_timezone", "The zone is unknown."))?;
        self.leave_a_gap(&zone.with_day_from(self.day_begins()?))?;
        count_anew(&self.db)?;
        self.db.execute(
            "INSERT INTO cloud_state (id, site_id, epoch, batch, pushed_seq, enrolled_at)
             VALUES (1, ?1, ?2, ?3, 0, ?4)",
            params![site_id.to_string(), epoch, batch, clock::now().0],
        )?;
        let orphans: i64 =
            self.db
                .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))?;
        if orphans > 0 {
            let text = format!(
                "The cloud's copy is not whole: {orphans} rows point to rows that are not there. Restore a backup instead."
            );
            return Err(Error::rule("copy_not_whole", text));
        }
        let path = self.db.path().map(PathBuf::from).unwrap_or_default();
        self.db.close().map_err(|(_, error)| error)?;
        // On a new connection: the one that wrote without a journal finds its tables locked when it
        // is to write the log back.
        let db = Connection::open(&path)?;
        db.execute_batch("PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL;")?;
        db.close().map_err(|(_, error)| error)?;
        // The rows were written without fsync.
        File::open(&path).and_then(|file| file.sync_all()).map_err(Error::internal)
    }

    /// The hour at which the restaurant's day begins: midnight where the copied box was of a version
    /// that knew no other.
    fn day_begins(&self) -> Result<DayHour> {
        let known = "SELECT 1 FROM pragma_table_info('site') WHERE name = 'day_begins_hour'";
        if !self.db.prepare(known)?.exists([])? {
            return Ok(DayHour::default());
        }
        let hour = "SELECT day_begins_hour FROM site";
        let hour = self.db.query_row(hour, [], |row| row.get::<_, i64>(0))?;
        Ok(DayHour::new(hour).unwrap_or_default())
    }

    /// The old box may have taken orders after the copy ended, and guests hold their numbers. A
    /// cancelled order without lines stands above them all, so that none is given twice.
    fn leave_a_gap(&self, zone: &Zone) -> Result<()> {
        let newest: Option<i64> =
            self.db.query_row("SELECT max(id) FROM orders", [], |row| row.get(0))?;
        let Some(newest) = newest else { return Ok(()) };
        let now = clock::now();
        let day = zone.day(now);
        self.db.execute(
            "INSERT INTO orders (id, business_day, number, order_type, status, payment_status,
                                 total, notes, cancelled_at, closed_at, created_at, updated_at)
             VALUES (?1, ?2, (SELECT coalesce(max(number), 0) FROM orders WHERE business_day = ?2) + ?3,
                     'TAKEAWAY', 'CANCELLED', 'UNPAID', 0,
                     'Restored from the cloud: numbers go on after this one.', ?4, ?4, ?4, ?4)",
            params![newest + JUMP, day, JUMP, now.0],
        )?;
        match self.tables.copied().iter().find(|table| table.name == "orders") {
            Some(orders) => record_by_hand(&self.db, orders, newest + JUMP),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appliance::tables;
    use crate::core::store::{Store, newest_schema};

    #[test]
    fn what_the_box_did_not_know_yet_is_what_the_column_holds_by_itself() {
        let folder = tempfile::tempdir().unwrap();
        let mut rebuild =
            Rebuild::begin(&folder.path().join("qres.db"), newest_schema(), tables()).unwrap();
        let shapes = rebuild.shapes().unwrap();
        let site = shapes.iter().find(|shape| shape.table.name == "site").unwrap();
        let value = |name: &str| match name {
            "id" | "created_at" | "is_demo" | "house_tips" => Value::Integer(1),
            "tax_class_id"
            | "service_tax_class_id"
            | "guest_orders"
            | "day_begins_hour"
            | "price_grace_minutes"
            | "next_course_minutes" => Value::Null,
            _ => Value::Text("x".into()),
        };
        let row = site.columns.iter().map(|column| value(&column.name)).collect();
        assert_eq!(rebuild.write(site, &mut vec![row]).unwrap(), 1);
        let kept: (i64, Option<String>) = rebuild
            .db
            .query_row("SELECT tax_class_id, guest_orders FROM site", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        assert_eq!(kept, (1, None));
    }

    /// The copy of a box that was not updated for long: of any schema since there is a cloud.
    #[test]
    fn a_copy_of_any_earlier_schema_is_finished_and_opens() {
        for schema in 1..=newest_schema() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("qres.db");
            let mut rebuild = Rebuild::begin(&path, schema, tables()).unwrap();
            let shapes = rebuild.shapes().unwrap();
            let site = shapes.iter().find(|shape| shape.table.name == "site").unwrap();
            let value = |name: &str| match name {
                "id" | "created_at" | "is_demo" | "house_tips" => Value::Integer(1),
                "tax_class_id"
                | "service_tax_class_id"
                | "guest_orders"
                | "day_begins_hour"
                | "price_grace_minutes"
                | "next_course_minutes" => Value::Null,
                "timezone" => Value::Text("Europe/Moscow".into()),
                _ => Value::Text("x".into()),
            };
            let row = site.columns.iter().map(|column| value(&column.name)).collect();
            rebuild.write(site, &mut vec![row]).unwrap();
            let class = "INSERT INTO tax_classes (id, name, kind, created_at, updated_at)
                         VALUES (1, 'VAT', 'INCLUDED', 1, 1)";
            rebuild.db.execute(class, []).unwrap();
            let order =
                "INSERT INTO orders (id, business_day, number, order_type, status, cancelled_at,
                             payment_status, total, closed_at, created_at, updated_at)
                         VALUES (7, 20000, 3, 'TAKEAWAY', 'CANCELLED', 1, 'UNPAID', 0, 1, 1, 1)";
            rebuild.db.execute(order, []).unwrap();
            let zone = |own: &str| Zone::named(own).ok();
            rebuild.finish(Uuid::new_v4(), 2, 5, zone).unwrap_or_else(|e| panic!("{schema}: {e}"));
            let store = Store::open(folder.path(), tables(), Vec::new());
            store.unwrap_or_else(|error| panic!("schema {schema}: {error}"));
        }
    }
}
