//! What people are told of a register, and what is tried again.

use rusqlite::Connection;

use super::people::enqueue;
use crate::core::clock;
use crate::core::error::Result;
use crate::core::event::{NewEvent, Thing};
use crate::core::jobs::{self, Resolution, State};
use crate::core::store::{Command, Tx};
use crate::features::fiscal::job::{FISCAL, key};
use crate::features::fiscal::troubles::Troubles;

/// Tells screens.
pub struct TellTroubles(pub Troubles);

impl Command for TellTroubles {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        tx.emit(NewEvent::new(Thing::FiscalRegister.any(), None, &self.0)?).map(drop)
    }
}

/// How many documents of a register need somebody.
///
/// # Errors
/// When the database cannot be read.
pub fn needing_count(db: &Connection, device_id: i64) -> Result<i64> {
    let sql = "SELECT count(*) FROM fiscal_documents INDEXED BY fiscal_documents_open
               WHERE state IN ('QUEUED', 'SENT', 'UNKNOWN', 'REFUSED') AND device_id = ?1
                 AND state IN ('UNKNOWN', 'REFUSED')";
    Ok(db.prepare_cached(sql)?.query_row([device_id], |row| row.get(0))?)
}

/// A job tries for a day and a half; what waits for longer than this is looked at, in milliseconds.
const LONG: i64 = 24 * 3_600_000;
/// So many are looked at in one go.
const MOST: i64 = 50;

/// Which wait for long.
fn waiting_long(db: &Connection) -> Result<Vec<(i64, i64)>> {
    let sql = "SELECT id, device_id FROM fiscal_documents INDEXED BY fiscal_documents_open
               WHERE state IN ('QUEUED', 'SENT', 'UNKNOWN', 'REFUSED') AND created_at < ?1
                 AND state IN ('QUEUED', 'SENT')
                 AND kind NOT IN ('OPEN_SHIFT', 'CLOSE_SHIFT', 'X_REPORT')
               ORDER BY id LIMIT ?2";
    let mut waiting = db.prepare_cached(sql)?;
    let waiting =
        waiting.query_map([clock::now().0 - LONG, MOST], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(waiting.collect::<rusqlite::Result<_>>()?)
}

/// Whether something waits for so long that its job may have been given up.
///
/// # Errors
/// When the database cannot be read.
pub fn are_given_up(db: &Connection) -> Result<bool> {
    Ok(!waiting_long(db)?.is_empty())
}

/// What waits for long and whose job was given up is tried again: a register may have been away for a week,
/// and each of its receipts is owed all the same.
pub struct Revive;

impl Command for Revive {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        for (id, device_id) in waiting_long(tx)? {
            let Some(job) = jobs::find_by_key(tx, &FISCAL, &key(id))? else {
                enqueue(tx, device_id, id)?;
                continue;
            };
            let rests = job.state == State::Unknown && job.next_at.is_none();
            if rests || job.state == State::Failed {
                jobs::resolve(tx, job.id, Resolution::Again)?;
            }
        }
        Ok(())
    }
}
