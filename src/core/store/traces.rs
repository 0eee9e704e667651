//! Older pages of the log, in which what was deleted is still written.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

/// So long a writer may wait for readers while the log is emptied.
const BRIEF: Duration = Duration::from_millis(10);

/// Writes all of the log back and empties its file. False while a reader is still in it. Most is written back
/// beside the writer; for the rest it waits, no longer than `BRIEF` and the disk.
pub(super) fn empty_log(path: &Path) -> rusqlite::Result<bool> {
    let db = Connection::open(path)?;
    db.busy_timeout(BRIEF)?;
    db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok(row.get::<_, i64>(0)? == 0))
}
