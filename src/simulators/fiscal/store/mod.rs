//! The register's memory: the papers it made, and the requests it was sent.

mod papers_store;
mod requests_store;
mod totals_store;

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension};

use super::refusal::{HARD_FAULT, Refusal};
pub(super) use papers_store::{NewPaper, Paper};
pub(super) use totals_store::{CashMoves, KindTotals, Shift};

/// The file in the simulator's folder.
const FILE: &str = "fiscal-simulator.db";
/// How long another process may hold the file before it counts as taken.
const WAITS: Duration = Duration::from_millis(500);

/// `papers` is everything that came out of the printer. `number` is that of a fiscal document, `drawer`
/// what came into the drawer by it. A paper is never changed but for `printed` and `sent`.
const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS papers (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        number INTEGER UNIQUE,
        kind TEXT NOT NULL,
        shift INTEGER NOT NULL,
        receipt INTEGER,
        at INTEGER NOT NULL,
        sign TEXT NOT NULL,
        total INTEGER NOT NULL,
        cash INTEGER NOT NULL,
        electronically INTEGER NOT NULL,
        prepaid INTEGER NOT NULL,
        credit INTEGER NOT NULL,
        other INTEGER NOT NULL,
        drawer INTEGER NOT NULL,
        uuid TEXT NOT NULL,
        body TEXT NOT NULL,
        printed INTEGER NOT NULL,
        sent INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS papers_of_a_shift ON papers (shift, kind);
    CREATE TABLE IF NOT EXISTS requests (
        uuid TEXT PRIMARY KEY,
        seq INTEGER NOT NULL UNIQUE,
        body TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
";

/// The memory of one register; nobody else has it open.
pub(super) struct Store {
    db: Connection,
}

impl Store {
    /// Opens what is in a folder, or begins anew in memory.
    pub(super) fn open(folder: Option<&Path>) -> rusqlite::Result<Self> {
        let db = match folder {
            Some(folder) => Connection::open(folder.join(FILE))?,
            None => Connection::open_in_memory()?,
        };
        db.busy_timeout(WAITS)?;
        db.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        db.pragma_update(None, "synchronous", "FULL")?;
        db.execute_batch(&format!("BEGIN EXCLUSIVE; {SCHEMA} COMMIT;"))?;
        Ok(Self { db })
    }

    /// A number that is kept under a name.
    pub(super) fn note(&self, name: &str) -> rusqlite::Result<Option<i64>> {
        let sql = "SELECT value FROM notes WHERE name = ?1";
        self.db.query_row(sql, [name], |row| row.get(0)).optional()
    }

    pub(super) fn set_note(&self, name: &str, value: i64) -> rusqlite::Result<()> {
        let sql = "INSERT INTO notes (name, value) VALUES (?1, ?2)
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.db.execute(sql, (name, value)).map(drop)
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        HARD_FAULT.about(&error.to_string())
    }
}
