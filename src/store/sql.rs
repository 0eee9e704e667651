//! What SQLite's errors mean to a caller, and a small builder for filtered lists.

use rusqlite::functions::FunctionFlags;
use rusqlite::types::ToSql;
use rusqlite::{Connection, ErrorCode, ffi};

use crate::error::Error;

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::storage_full(),
            Some(ErrorCode::DatabaseBusy) => Self::busy(),
            _ => Self::internal(error),
        }
    }
}

/// Adds `fold(text)` to the SQL of a connection: SQLite's own LIKE and lower() know the case of
/// Latin letters only.
pub(super) fn add_functions(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("fold", 1, flags, |context| {
        Ok(context.get::<Option<String>>(0)?.map(|text| fold(&text)))
    })
}

/// A text as a search sees it: small letters, and “ё” as the “е” that people type for it.
fn fold(text: &str) -> String {
    text.to_lowercase().replace('ё', "е")
}

/// Whether a write was refused by a unique index of `table` (or one of its columns, `table.column`).
pub fn is_unique_violation(error: &rusqlite::Error, what: &str) -> bool {
    match error {
        rusqlite::Error::SqliteFailure(failure, Some(message)) => {
            failure.extended_code == ffi::SQLITE_CONSTRAINT_UNIQUE && message.contains(what)
        }
        _ => false,
    }
}

/// The WHERE of a list: conditions with their values, joined by AND.
#[derive(Default)]
pub struct Filter {
    conditions: Vec<&'static str>,
    values: Vec<Box<dyn ToSql>>,
}

impl Filter {
    /// A filter that always holds `condition`.
    pub fn new(condition: &'static str) -> Self {
        Self { conditions: vec![condition], values: Vec::new() }
    }

    /// Adds a condition with one `?` where there is a value to compare with.
    #[must_use]
    pub fn and<T: ToSql + 'static>(mut self, condition: &'static str, value: Option<T>) -> Self {
        if let Some(value) = value {
            self.conditions.push(condition);
            self.values.push(Box::new(value));
        }
        self
    }

    /// Adds a condition that holds a text anywhere, whatever its case. The condition must be
    /// `fold(column) LIKE ? ESCAPE '\'`.
    #[must_use]
    pub fn containing(self, condition: &'static str, text: Option<&str>) -> Self {
        let pattern = text.map(str::trim).filter(|text| !text.is_empty()).map(|text| {
            let escaped = fold(text).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            format!("%{escaped}%")
        });
        self.and(condition, pattern)
    }

    /// The text after WHERE.
    pub fn sql(&self) -> String {
        self.conditions.join(" AND ")
    }

    /// The values, in the order of their `?`.
    pub fn values(&self) -> Vec<&dyn ToSql> {
        self.values.iter().map(AsRef::as_ref).collect()
    }

    /// How many rows of `table` pass.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count(&self, connection: &Connection, table: &str) -> Result<i64, Error> {
        let sql = format!("SELECT count(*) FROM {table} WHERE {}", self.sql());
        Ok(connection
            .prepare_cached(&sql)?
            .query_row(self.values().as_slice(), |row| row.get(0))?)
    }

    /// One page of the rows that pass; `select` is everything before WHERE, `order` after it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn page<T>(
        &self,
        connection: &Connection,
        select: &str,
        order: &str,
        (skip, limit): (i64, i64),
        map: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let where_ = self.sql();
        let sql = format!("{select} WHERE {where_} ORDER BY {order} LIMIT ? OFFSET ?");
        let mut values = self.values();
        values.push(&limit);
        values.push(&skip);
        let mut statement = connection.prepare_cached(&sql)?;
        let rows = statement.query_map(values.as_slice(), map)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
