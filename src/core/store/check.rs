//! Looking at a database without touching it, also while a box runs on it.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::atomic_swap;
use super::open::{OpenError, classify, newest_schema};
use super::sql::add_functions;
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;

/// What a look at a database found.
#[derive(Debug)]
pub struct Inspection {
    /// What SQLite's own check says is broken; at most ten findings.
    pub damage: Vec<String>,
    /// Rows that point to rows that are not there.
    pub orphans: i64,
    /// The version of its schema.
    pub schema: i64,
    /// The moment of the newest event, if there is one.
    pub newest_event: Option<Timestamp>,
}

/// Opens the database of a data folder for reading only.
///
/// # Errors
/// When there is none, it is something else, or its schema is not this version's.
pub fn open_read_only(folder: &Path) -> Result<Connection, OpenError> {
    let path = folder.join("qres.db");
    let connection = open_database(folder, &path)?;
    let schema = schema_version(&connection).map_err(|error| classify(&path, &error))?;
    let (found, wanted) = (schema, newest_schema());
    match found.cmp(&wanted) {
        std::cmp::Ordering::Equal => Ok(connection),
        std::cmp::Ordering::Less => Err(OpenError::Unusable(format!(
            "its schema has version {found}, this qres needs {wanted}; `qres migrate` brings it there"
        ))),
        std::cmp::Ordering::Greater => Err(OpenError::Newer(format!(
            "its schema has version {found}, this qres knows {wanted}"
        ))),
    }
}

/// Checks the database of a data folder: every page, and every row that points to another.
///
/// # Errors
/// When there is none, or it cannot be read at all.
pub fn inspect(folder: &Path) -> Result<Inspection, OpenError> {
    let path = folder.join("qres.db");
    let connection = open_database(folder, &path)?;
    look(&connection).map_err(|error| classify(&path, &error))
}

pub(super) fn look(db: &Connection) -> rusqlite::Result<Inspection> {
    let mut check = db.prepare("PRAGMA integrity_check(10)")?;
    let said = check.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    Ok(Inspection {
        damage: said.into_iter().filter(|line| line != "ok").collect(),
        orphans: db.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |r| r.get(0))?,
        schema: schema_version(db)?,
        newest_event: db
            .query_row("SELECT at FROM events ORDER BY seq DESC LIMIT 1", [], |row| row.get(0))
            .optional()?
            .map(Timestamp),
    })
}

/// Opens the database of a data folder for reading only, of whatever version it is.
///
/// # Errors
/// When there is none, or it is something else.
pub fn open_for_look(folder: &Path) -> Result<Connection> {
    let opened = open_database(folder, &folder.join("qres.db"));
    opened.map_err(|error| Error::rule("database_unusable", error.to_string()))
}

/// Opens a database for reading only, of whatever version it is.
pub(super) fn open_database(folder: &Path, path: &Path) -> Result<Connection, OpenError> {
    if atomic_swap::is_pending(folder) {
        let why = "a restore was cut off; `qres serve` or `qres migrate` finishes it";
        return Err(OpenError::Unusable(why.into()));
    }
    if !path.is_file() {
        return Err(OpenError::Folder(folder.to_owned(), "there is no database in it".into()));
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .map_err(|error| classify(path, &error))?;
    connection
        .busy_timeout(Duration::from_secs(5))
        .and_then(|()| connection.pragma_update(None, "query_only", true))
        .and_then(|()| add_functions(&connection))
        .map_err(|error| classify(path, &error))?;
    Ok(connection)
}

/// The version of a database's schema; 0 before the first migration.
pub(super) fn schema_version(db: &Connection) -> rusqlite::Result<i64> {
    let has_history: bool = db.query_row(
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'refinery_schema_history')",
        [],
        |row| row.get(0),
    )?;
    if !has_history {
        return Ok(0);
    }
    let sql = "SELECT coalesce(max(version), 0) FROM refinery_schema_history";
    db.query_row(sql, [], |row| row.get(0))
}
