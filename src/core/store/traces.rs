//! Where what was deleted is still written: in older pages of the log, and in the space that pages leave
//! unused. What is deleted is overwritten (`secure_delete`), but when SQLite parts a full page in two it leaves
//! the old copies of the rows that moved: of 1500 rows, some three. Only a file that is written anew has none.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use super::{disk, snapshot};
use crate::core::error::Result;

/// So long a writer may wait for readers while the log is emptied.
const BRIEF: Duration = Duration::from_millis(50);
/// So long the rewriting waits for a commit that is under way.
const FOR_COMMIT: Duration = Duration::from_secs(5);
/// While it is rewritten the file stands there as it was, in a temporary one, and in the log.
const COPIES: u64 = 3;

/// Writes all of the log back and empties its file. False while a reader is still in it. A writer waits
/// meanwhile, for no longer than `BRIEF` and the disk.
pub(super) fn empty_log(path: &Path) -> rusqlite::Result<bool> {
    let db = Connection::open(path)?;
    db.busy_timeout(BRIEF)?;
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok(row.get::<_, i64>(0)? == 0))
}

/// Writes the whole file anew. A command that comes meanwhile waits for it: some seconds for a hundred
/// megabytes on an SSD, a minute on a card.
pub(super) fn rewrite(path: &Path) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    disk::enough_space(&[(folder, COPIES * snapshot::database_size(folder))])?;
    let db = Connection::open(path)?;
    db.busy_timeout(FOR_COMMIT)?;
    db.execute_batch("PRAGMA synchronous = FULL; VACUUM;")?;
    Ok(())
}
