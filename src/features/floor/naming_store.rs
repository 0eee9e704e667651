//! What tables are called, in SQL: each by its number, or by a name of its own. The number is there
//! in either case, since programs of before know tables by nothing else.

use rusqlite::{Connection, OptionalExtension, params};

use super::{TableName, TableNumber};
use crate::core::error::{Error, Result};
use crate::core::kernel::names::looks;
use crate::core::store::{Columns, is_unique_violation};

/// Under what a table is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// Its number; no two alike.
    pub number: i64,
    /// Its name; none where it is called by its number.
    pub name: Option<String>,
}

impl Naming {
    /// That of a table which is there.
    pub fn known(number: i64, label: String) -> Self {
        Self { number, name: Some(label).filter(|label| *label != number.to_string()) }
    }

    /// What a new table is called, or one that had another name before. A name that is a number is the
    /// table's number where no other table has it; a table with a name alone gets a free one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn of(
        db: &Connection,
        (id, old): (Option<i64>, Option<Self>),
        number: Option<TableNumber>,
        name: Option<TableName>,
    ) -> Result<Self> {
        let spoken = name.as_deref().and_then(as_number);
        let number = match (number, spoken) {
            (Some(number), _) => number.get(),
            (None, Some(spoken)) if is_free(db, spoken, id)? => spoken,
            _ => old.as_ref().map_or_else(|| free_number(db), |old| Ok(old.number))?,
        };
        let name = name.map(TableName::into_inner).or_else(|| old.and_then(|old| old.name));
        Ok(Self { number, name: name.filter(|name| *name != number.to_string()) })
    }

    /// What is written of it to its table's row.
    pub fn columns(&self) -> Columns {
        Columns::default()
            .set("number", self.number)
            .set("name", self.name.clone())
            .set("name_key", self.key())
    }

    /// By what the database tells its name from others.
    fn key(&self) -> Option<String> {
        self.name.as_deref().map(looks)
    }

    /// What people call it.
    pub fn label(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.number.to_string())
    }

    /// The refusal of a number or a name that another table has.
    pub fn taken(&self, error: rusqlite::Error) -> Error {
        let is_same = is_unique_violation(&error, "tables_name");
        // Who is called by a number asked for no name.
        if is_unique_violation(&error, "tables.number") || (is_same && self.name.is_none()) {
            let number = self.number;
            let detail = format!("There is already a table {number}. Choose another number.");
            return Error::rule("number_taken", detail).with("number", number);
        }
        if is_same {
            let label = self.label();
            let detail = format!("There is already a table “{label}”. Choose another name.");
            return Error::rule("name_taken", detail).with("name", label);
        }
        error.into()
    }
}

fn as_number(name: &str) -> Option<i64> {
    let number = name.parse().ok().filter(|number: &i64| number.to_string() == name)?;
    TableNumber::new(number).ok().map(TableNumber::get)
}

fn is_free(db: &Connection, number: i64, id: Option<i64>) -> Result<bool> {
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM tables
                                  WHERE number = ?1 AND deleted_at IS NULL AND id IS NOT ?2)";
    Ok(db.prepare_cached(sql)?.query_row(params![number, id], |row| row.get(0))?)
}

/// The lowest number that no table has.
fn free_number(db: &Connection) -> Result<i64> {
    let sql = "SELECT min(n) FROM (SELECT 1 AS n UNION ALL
                                   SELECT number + 1 FROM tables WHERE deleted_at IS NULL)
               WHERE NOT EXISTS (SELECT 1 FROM tables WHERE number = n AND deleted_at IS NULL)";
    Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// The table that is called so.
///
/// # Errors
/// When the database cannot be read.
pub fn table_named(db: &Connection, name: &str) -> Result<Option<i64>> {
    let sql = "SELECT id FROM tables
               WHERE coalesce(name_key, CAST(number AS TEXT)) = ?1 AND deleted_at IS NULL";
    Ok(db.prepare_cached(sql)?.query_row([looks(name)], |row| row.get(0)).optional()?)
}

/// What people call a table, whether it is still there or not.
///
/// # Errors
/// 404 when there never was one.
pub fn table_label(db: &Connection, id: i64) -> Result<String> {
    db.prepare_cached("SELECT label FROM tables WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?
        .ok_or_else(|| Error::not_found("table", id))
}
