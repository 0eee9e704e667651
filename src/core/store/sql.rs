//! What SQLite's errors mean to a caller, a small builder for filtered lists, and the two
//! functions that SQLite lacks for them.

use std::borrow::Cow;

use rusqlite::functions::FunctionFlags;
use rusqlite::types::ToSql;
use rusqlite::{Connection, ErrorCode, ffi};

use crate::core::error::Error;
use crate::core::kernel::fields::Course;
use crate::core::kernel::names::natural;
use crate::core::kernel::search::{PHONE_TELLS, digits, fold};
use crate::core::kernel::{Measure, Quantity};

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::storage_full(),
            Some(ErrorCode::DatabaseBusy) => Self::busy(),
            Some(ErrorCode::OperationInterrupted) => Self::took_too_long(),
            _ => Self::internal(error),
        }
    }
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

/// Reads a column that holds a quantity in thousandths.
///
/// # Errors
/// When it is none.
pub fn quantity(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Quantity> {
    let thousandths = row.get(column)?;
    Quantity::new(thousandths)
        .map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, thousandths))
}

/// Reads a column that holds in what a line is measured; none of what is sold by the piece.
///
/// # Errors
/// When the word is not known.
pub fn measure(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Option<Measure>> {
    if row.get_ref(column)? == rusqlite::types::ValueRef::Null {
        return Ok(None);
    }
    word(row, column, Measure::parse).map(Some)
}

/// Reads a column that holds a course; none of what comes as it is ready.
///
/// # Errors
/// When the column holds no number.
pub fn course(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Option<Course>> {
    let number: Option<i64> = row.get(column)?;
    Ok(number.and_then(|number| Course::new(number).ok()))
}

/// Reads a column that holds one of an enumeration's words.
///
/// # Errors
/// When the word is none of them.
pub fn word<T>(
    row: &rusqlite::Row<'_>,
    column: usize,
    parse: impl FnOnce(&str) -> Option<T>,
) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    parse(text).ok_or_else(|| {
        let reason = format!("unknown word {text}");
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Text,
            reason.into(),
        )
    })
}

/// The WHERE of a list: conditions with their values, joined by AND.
#[derive(Default)]
pub struct Filter {
    conditions: Vec<Cow<'static, str>>,
    values: Vec<Box<dyn ToSql>>,
}

impl Filter {
    /// A filter that always holds `condition`.
    pub fn new(condition: &'static str) -> Self {
        Self { conditions: vec![condition.into()], values: Vec::new() }
    }

    /// Adds a condition that needs no value.
    #[must_use]
    pub fn and_always(mut self, condition: &'static str) -> Self {
        self.conditions.push(condition.into());
        self
    }

    /// Adds a condition with one `?` where there is a value to compare with.
    #[must_use]
    pub fn and<T: ToSql + 'static>(mut self, condition: &'static str, value: Option<T>) -> Self {
        if let Some(value) = value {
            self.conditions.push(condition.into());
            self.values.push(Box::new(value));
        }
        self
    }

    /// Adds the condition that a column holds one of these words; no word, no condition.
    #[must_use]
    pub fn one_of(mut self, column: &str, words: impl Iterator<Item = &'static str>) -> Self {
        let before = self.values.len();
        self.values.extend(words.map(|word| Box::new(word) as Box<dyn ToSql>));
        let places = vec!["?"; self.values.len() - before];
        if !places.is_empty() {
            self.conditions.push(format!("{column} IN ({})", places.join(", ")).into());
        }
        self
    }

    /// Adds the condition that one of `columns` holds a text, in capital letters or small ones; a
    /// telephone number, however it is typed.
    #[must_use]
    pub fn containing(mut self, columns: &[&str], text: Option<&str>) -> Self {
        let folded = text.map(fold).filter(|text| !text.is_empty());
        if let Some(folded) = folded {
            let columns = columns.join(", ");
            self.conditions.push(format!("contains(?, {columns})").into());
            self.values.push(Box::new(folded));
        }
        self
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

    /// How many rows pass in all parts of a table; a part is all from FROM to the filter.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count_parts(&self, connection: &Connection, parts: &[&str]) -> Result<i64, Error> {
        parts.iter().try_fold(0, |sum, part| {
            let sql = format!("SELECT count(*) FROM {part} {}", self.sql());
            let mut statement = connection.prepare_cached(&sql)?;
            let count: i64 = statement.query_row(self.values().as_slice(), |row| row.get(0))?;
            Ok(sum + count)
        })
    }

    /// One page of the ids that pass in all parts of a table. `columns` are the id and what they
    /// are sorted by; `order` names those by their places.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn ids(
        &self,
        connection: &Connection,
        parts: &[&str],
        (columns, order): (&str, &str),
        (skip, limit): (i64, i64),
    ) -> Result<Vec<i64>, Error> {
        let select = |part: &&str| format!("SELECT {columns} FROM {part} {}", self.sql());
        let select = parts.iter().map(select).collect::<Vec<_>>().join(" UNION ALL ");
        let sql = format!("{select} ORDER BY {order} LIMIT ? OFFSET ?");
        let mut values = parts.iter().flat_map(|_| self.values()).collect::<Vec<_>>();
        values.extend([&limit as &dyn ToSql, &skip]);
        let mut statement = connection.prepare_cached(&sql)?;
        let ids = statement.query_map(values.as_slice(), |row| row.get(0))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
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

/// Adds `contains(folded, column, …)` to a connection: whether one of the columns holds the text.
/// SQLite's own LIKE takes capital and small letters for the same in ASCII only. And `natural(name)`,
/// by which names are sorted as people do.
pub(super) fn add_functions(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("natural", 1, flags, |call| {
        Ok(natural(call.get_raw(0).as_str()?))
    })?;
    connection.create_scalar_function("contains", -1, flags, |call| {
        let wanted = call.get_raw(0).as_str()?;
        let number = phone_digits(wanted);
        for column in 1..call.len() {
            let text = call.get_raw(column).as_str_or_null()?;
            let is_number = |text| number.as_ref().is_some_and(|n| digits(text).contains(n));
            if text.is_some_and(|text| fold(text).contains(wanted) || is_number(text)) {
                return Ok(true);
            }
        }
        Ok(false)
    })
}

/// From so many digits on a text without letters is taken as a telephone number.
const PHONE_BEGINS: usize = 5;

/// The digits by which a telephone number is found; none where the text is no such number.
fn phone_digits(text: &str) -> Option<String> {
    let fits = |letter: char| letter.is_ascii_digit() || " \u{a0}+-()./".contains(letter);
    let digits = digits(text);
    if !text.chars().all(fits) || digits.len() < PHONE_BEGINS {
        return None;
    }
    Some(digits[digits.len().saturating_sub(PHONE_TELLS)..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::select;

    proptest! {
        #[test]
        fn a_phone_number_is_found_however_it_is_typed(
            stored in select(vec!["+7 (916) 123-45-67", "8 916 123 45 67", "79161234567"]),
            typed in select(vec![
                "9161234567", "89161234567", "+7 916 123-45-67", "8(916)123.45.67", "123-45-67",
            ]),
            other in "[0-8]{10}",
        ) {
            let db = Connection::open_in_memory().unwrap();
            add_functions(&db).unwrap();
            let found = |text: &str| -> bool {
                let wanted = (fold(text), stored);
                db.query_row("SELECT contains(?1, ?2)", wanted, |row| row.get(0)).unwrap()
            };
            prop_assert!(found(typed), "{} in {}", typed, stored);
            prop_assert!(!found(&other));
        }
    }

    #[test]
    fn a_search_finds_capital_and_small_letters_of_any_alphabet() {
        let db = Connection::open_in_memory().unwrap();
        add_functions(&db).unwrap();
        db.execute_batch(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, code TEXT);
             INSERT INTO t (name, code)
             VALUES ('Борщ 100%', 'B_1'), ('МЁД', NULL), ('Ñandú', 'x');",
        )
        .unwrap();
        for (text, ids) in [
            ("бОрЩ", vec![1]),
            ("мед", vec![2]),
            ("МЁД", vec![2]),
            ("ñANDÚ", vec![3]),
            ("%", vec![1]),
            ("b_", vec![1]),
            ("пицца", vec![]),
            ("  ", vec![1, 2, 3]),
        ] {
            let filter = Filter::new("1").containing(&["name", "code"], Some(text));
            let found =
                filter.page(&db, "SELECT id FROM t", "id", (0, 9), |row| row.get::<_, i64>(0));
            assert_eq!(found.unwrap(), ids, "{text}");
            assert_eq!(filter.count(&db, "t").unwrap(), ids.len() as i64);
        }
    }
}
