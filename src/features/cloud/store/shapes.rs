//! What the copied tables look like on this box: their columns without the secret ones.

use rusqlite::Connection;

use crate::core::error::Result;
use crate::core::store::{CopiedTable, Tables, with_newest_schema};

/// A copied table and those of its columns that leave the box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// Which.
    pub table: &'static CopiedTable,
    /// `id` first, as the table has them.
    pub columns: Vec<Column>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name, here and in the cloud.
    pub name: String,
    /// What stands in it.
    pub kind: Kind,
}

/// What stands in a column (the tables are STRICT).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Integer,
    /// A number with a point.
    Real,
    /// A text.
    Text,
    /// Bytes.
    Blob,
}

impl Kind {
    fn of(declared: &str) -> Self {
        match declared {
            "INTEGER" | "INT" => Self::Integer,
            "REAL" => Self::Real,
            "BLOB" => Self::Blob,
            _ => Self::Text,
        }
    }

    /// The type of PostgreSQL that holds the same.
    pub fn in_cloud(self) -> &'static str {
        match self {
            Self::Integer => "bigint",
            Self::Real => "double precision",
            Self::Text => "text",
            Self::Blob => "bytea",
        }
    }
}

/// The shapes of a database's copied tables.
///
/// # Errors
/// When the schema cannot be read.
pub fn shapes(db: &Connection, tables: &'static Tables) -> Result<Vec<Shape>> {
    tables.copied().iter().map(|table| shape(db, table)).collect()
}

fn shape(db: &Connection, table: &'static CopiedTable) -> Result<Shape> {
    let mut info = db.prepare("SELECT name, type FROM pragma_table_info(?1) ORDER BY cid")?;
    let columns = info.query_map([table.name], |row| {
        let declared: String = row.get(1)?;
        Ok(Column { name: row.get(0)?, kind: Kind::of(&declared) })
    })?;
    let columns = columns.collect::<rusqlite::Result<Vec<Column>>>()?;
    let open = |column: &Column| !table.secret.contains(&column.name.as_str());
    Ok(Shape { table, columns: columns.into_iter().filter(open).collect() })
}

/// The shapes that this version of the program makes, without a box.
///
/// # Errors
/// When the schema cannot be made in memory.
pub fn shapes_of_this_version(tables: &'static Tables) -> Result<Vec<Shape>> {
    with_newest_schema(|db| shapes(db, tables))
}
