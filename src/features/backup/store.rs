//! What a backup says of the restaurant, read from the copy itself.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use crate::core::error::Result;
use crate::core::store::oldest_and_newest;

/// Whose data it is, and how new.
#[derive(Debug, Default, Clone)]
pub struct Owner {
    pub site: String,
    pub restaurant: String,
    pub timezone: String,
    pub last_event: i64,
}

/// Reads it from a database file.
pub fn owner(path: &Path) -> Result<Owner> {
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    db.busy_timeout(std::time::Duration::from_secs(5))?;
    let site = db
        .query_row("SELECT uuid, name, timezone FROM site", [], |row| {
            Ok(Owner {
                site: row.get(0)?,
                restaurant: row.get(1)?,
                timezone: row.get(2)?,
                last_event: 0,
            })
        })
        .optional()?;
    let last_event = oldest_and_newest(&db)?.1;
    Ok(Owner { last_event, ..site.unwrap_or_default() })
}

/// The names of a table's columns.
pub(super) fn columns(db: &Connection, table: &str) -> Result<Vec<String>> {
    let mut names = db.prepare("SELECT name FROM pragma_table_info(?1)")?;
    Ok(names.query_map([table], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}
