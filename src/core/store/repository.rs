//! What people add, change and remove by hand: categories, dishes, payment methods. A table of such
//! things is described once; how they are found, written and hidden is the same for all.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row};

use super::{Columns, Filter, Tx, is_unique_violation};
use crate::core::error::{Error, Result};

/// A table with `id`, `created_at`, `updated_at` and `deleted_at`. What is removed stays as a row
/// that nobody finds (docs/adr/0002-soft-delete.md).
pub struct Repository<T> {
    /// Its name.
    pub table: &'static str,
    /// What one of its rows is called.
    pub one: &'static str,
    /// The columns that `from_row` reads, in its order.
    pub columns: &'static str,
    /// How its lists are sorted.
    pub order: &'static str,
    /// The column in which no two rows are alike, but for removed ones.
    pub unique: &'static str,
    /// The refusal of a second one.
    pub taken: fn(&str) -> Error,
    /// Reads a row.
    pub from_row: fn(&Row<'_>) -> rusqlite::Result<T>,
}

impl<T> Repository<T> {
    /// All before WHERE.
    pub fn select(&self) -> String {
        format!("SELECT {} FROM {}", self.columns, self.table)
    }

    /// One page of those that pass, and how many pass in all.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list(&self, db: &Connection, page: (i64, i64), filter: Filter) -> Result<(Vec<T>, i64)> {
        let filter = filter.and_always("deleted_at IS NULL");
        let rows = filter.page(db, &self.select(), self.order, page, self.from_row)?;
        Ok((rows, filter.count(db, self.table)?))
    }

    /// One that was not removed.
    ///
    /// # Errors
    /// 404 when there is none.
    pub fn get(&self, db: &Connection, id: i64) -> Result<T> {
        db.prepare_cached(&format!("{} WHERE id = ?1 AND deleted_at IS NULL", self.select()))?
            .query_row([id], self.from_row)
            .optional()?
            .ok_or_else(|| Error::not_found(self.one, id))
    }

    /// Adds one. Returns its id.
    ///
    /// # Errors
    /// When another has the same in the unique column.
    pub fn insert(&self, tx: &Tx<'_>, columns: &Columns) -> Result<i64> {
        columns.insert(tx, self.table).map_err(|error| self.refusal(error, columns))
    }

    /// Changes one.
    ///
    /// # Errors
    /// When another has the same in the unique column.
    pub fn update(&self, tx: &Tx<'_>, id: i64, columns: &Columns) -> Result<()> {
        columns.update(tx, self.table, id).map_err(|error| self.refusal(error, columns))
    }

    /// Removes one: from now on nobody finds it.
    ///
    /// # Errors
    /// When the row cannot be written.
    pub fn remove(&self, tx: &Tx<'_>, id: i64) -> Result<()> {
        self.update(tx, id, &Columns::default().set("deleted_at", tx.now().0))
    }

    fn refusal(&self, error: rusqlite::Error, columns: &Columns) -> Error {
        match columns.value(self.unique) {
            Some(Value::Text(text))
                if is_unique_violation(&error, &format!("{}.{}", self.table, self.unique)) =>
            {
                (self.taken)(text)
            }
            _ => error.into(),
        }
    }
}

/// 400: another thing of the kind has this name; `a` is the kind with its article.
pub fn name_taken(a: &str, name: &str) -> Error {
    let detail = format!("There is already {a} “{name}”. Choose another name.");
    Error::rule("name_taken", detail).with("name", name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::store::{dry_run, with_newest_schema};

    const METHODS: Repository<(i64, String)> = Repository {
        table: "payment_methods",
        one: "payment method",
        columns: "id, name",
        order: "name",
        unique: "name",
        taken: |name| name_taken("a payment method", name),
        from_row: |row| Ok((row.get(0)?, row.get(1)?)),
    };

    #[test]
    fn what_is_removed_is_not_found_and_its_name_is_free() {
        let told = |result: Result<()>| result.map_err(|error| error.to_string());
        let named = |name: &str| Columns::default().set("name", name.to_owned());
        with_newest_schema(|db| {
            dry_run(db, |tx| {
                let cash = METHODS.insert(tx, &named("Cash").set("is_active", false))?;
                let card = METHODS.insert(tx, &named("Card"))?;
                let taken = "There is already a payment method “Cash”. Choose another name.";
                let second = METHODS.insert(tx, &named("Cash")).map(drop);
                assert_eq!(told(second), Err(taken.into()));
                let renamed = METHODS.update(tx, card, &named("Cash"));
                assert_eq!(told(renamed), Err(taken.into()));
                let page = METHODS.list(tx, (1, 5), Filter::default())?;
                assert_eq!(page, (vec![(cash, "Cash".into())], 2));
                METHODS.remove(tx, cash)?;
                METHODS.update(tx, card, &named("Cash"))?;
                assert_eq!(METHODS.get(tx, card)?, (card, "Cash".into()));
                assert_eq!(METHODS.get(tx, cash).unwrap_err().status(), 404);
                let inactive = Filter::default().and("is_active = ?", Some(false));
                assert_eq!(METHODS.list(tx, (0, 5), inactive)?, (Vec::new(), 0));
                Ok(())
            })
        })
        .unwrap();
    }
}
