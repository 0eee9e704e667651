//! Work done on a copy: it says what it would do, and no writer waits for it.

use rusqlite::Connection;

use super::Tx;
use super::changes::ChangeTracker;
use super::memory::Memory;
use super::sql::add_functions;
use super::tables::NO_TABLES;
use crate::core::error::Result;

/// Does some work on a copy of the database, in one transaction. Nobody hears of its events.
///
/// # Errors
/// The work's own.
pub fn dry_run<T>(copy: &Connection, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
    add_functions(copy)?;
    copy.execute_batch("PRAGMA foreign_keys = ON; BEGIN")?;
    let tracker = ChangeTracker::deaf(&NO_TABLES);
    let memory = Memory::default();
    let mut tx = Tx::new(copy, &tracker, &memory, crate::core::clock::now(), 0);
    let done = work(&mut tx)?;
    tx.follow()?;
    Ok(done)
}
