//! A copy of the database as it stood in one moment, made while a box writes on, and what a
//! copy needs before a box goes on with it.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::check::{look, open_database, schema_version};
use super::open::{OpenError, classify};
use crate::core::error::{Error, Result};

/// How many pages are copied before it is said how far it is: 4 MiB.
const PAGES_AT_ONCE: i32 = 1024;
/// How far the numbers of events jump at a restore, so that none is given twice.
const JUMP: i64 = 1_000_000;

/// What a database file holds, once it was found to be sound.
#[derive(Debug, Clone)]
pub struct Contents {
    /// The version of its schema.
    pub schema: i64,
    /// How many rows each table has.
    pub tables: BTreeMap<String, i64>,
}

/// Copies the database of a data folder to a new file: one consistent moment, also while a box
/// writes. `watch` hears how many of how many pages are there, and may refuse to go on.
///
/// # Errors
/// When there is no database, it cannot be read, or the disk is full.
pub fn copy_database(
    folder: &Path,
    to: &Path,
    watch: &mut dyn FnMut(u64, u64) -> Result<()>,
) -> Result<()> {
    let from = open_database(folder, &folder.join("qres.db")).map_err(unusable)?;
    // The snapshot is held by this transaction; without it every write would start the copy anew.
    from.execute_batch("BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1;")?;
    let mut copy = Connection::open(to)?;
    copy.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
    let backup = Backup::new(&from, &mut copy)?;
    loop {
        let step = backup.step(PAGES_AT_ONCE)?;
        let progress = backup.progress();
        let total = u64::try_from(progress.pagecount).unwrap_or(0);
        let left = u64::try_from(progress.remaining).unwrap_or(0);
        watch(total - left.min(total), total)?;
        match step {
            StepResult::Done => break,
            StepResult::More => {}
            _ => std::thread::sleep(std::time::Duration::from_millis(50)),
        }
    }
    drop(backup);
    // One file, without a log beside it.
    copy.execute_batch("PRAGMA journal_mode = DELETE;")?;
    copy.close().map_err(|(_, error)| error.into())
}

/// Reads a database file whole: every page, every row that points to another, and counts.
///
/// # Errors
/// 400 `damaged` when anything is broken.
pub fn contents(path: &Path) -> Result<Contents> {
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let found = look(&db).map_err(|error| unusable(classify(path, &error)))?;
    if let Some(first) = found.damage.first() {
        return Err(Error::rule("damaged", format!("The database is damaged: {first}.")));
    }
    if found.orphans > 0 {
        let detail = format!(
            "The database is damaged: {} rows point to rows that are not there.",
            found.orphans
        );
        return Err(Error::rule("damaged", detail));
    }
    Ok(Contents { schema: found.schema, tables: row_counts(&db)? })
}

fn row_counts(db: &Connection) -> Result<BTreeMap<String, i64>> {
    let mut names = db.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )?;
    let names =
        names.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    let mut counts = BTreeMap::new();
    for name in names {
        let quoted = name.replace('"', "\"\"");
        let sql = format!("SELECT count(*) FROM \"{quoted}\"");
        counts.insert(name, db.query_row(&sql, [], |row| row.get(0))?);
    }
    Ok(counts)
}

/// Why a job is unknown that waited in a copy.
pub const JOB_RESTORED: &str = "a backup from before it was done was restored";

/// Makes a restored copy ready to go on with. The copy's sign-ins end, for somebody who was cut off
/// since must not be let in again; and the events are numbered from far above, so that a screen which
/// knows later events than the copy notices that it must load everything anew. Whether the jobs that
/// wait in it were done since, nobody knows.
///
/// # Errors
/// When the file cannot be written.
pub fn begin_anew(path: &Path) -> Result<()> {
    let db = Connection::open(path)?;
    if schema_version(&db)? == 0 {
        return Ok(());
    }
    db.execute_batch("BEGIN IMMEDIATE; DELETE FROM sessions WHERE id IS NOT NULL;")?;
    db.execute(
        "INSERT INTO events (seq, at, kind, audience, data)
         SELECT max(seq) + ?1, ?2, 'restored', 0, '{}' FROM events HAVING max(seq) IS NOT NULL",
        [JUMP, crate::core::clock::now().0],
    )?;
    if db.table_exists(None, "jobs")? {
        db.execute(
            "UPDATE jobs SET state = 'UNKNOWN', next_at = coalesce(next_at, updated_at),
                 last_error = ?1
             WHERE state IN ('WAITING', 'RUNNING', 'UNKNOWN') AND state <> 'UNKNOWN'",
            [JOB_RESTORED],
        )?;
    }
    db.execute_batch("COMMIT")?;
    db.close().map_err(|(_, error)| error.into())
}

/// Writes the log of a database back into it and cuts the log off, beside a box that runs. What
/// others hold just now stays for the next time. Returns whether all of it went.
///
/// # Errors
/// When there is no database, or it cannot be written.
pub fn checkpoint(folder: &Path) -> Result<bool> {
    let path = folder.join("qres.db");
    drop(open_database(folder, &path).map_err(unusable)?);
    let db = Connection::open(path)?;
    // The most of it while orders go on; what is left then holds them up for a moment.
    db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
    db.busy_timeout(std::time::Duration::from_millis(20))?;
    let busy: i64 = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}

/// How much the database of a data folder takes, with the log that is not written back yet: no copy
/// of it is larger.
pub fn database_size(folder: &Path) -> u64 {
    let bytes = |name: &str| folder.join(name).metadata().map_or(0, |file| file.len());
    bytes("qres.db").saturating_add(bytes("qres.db-wal"))
}

/// The version of a data folder's schema.
///
/// # Errors
/// When there is no database, or it cannot be read.
pub fn schema_of(folder: &Path) -> Result<i64> {
    let db = open_database(folder, &folder.join("qres.db")).map_err(unusable)?;
    Ok(schema_version(&db)?)
}

#[expect(clippy::needless_pass_by_value, reason = "used as a function for map_err")]
fn unusable(error: OpenError) -> Error {
    Error::rule("database_unusable", error.to_string())
}
