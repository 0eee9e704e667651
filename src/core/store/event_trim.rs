//! What goes of the event log: by age and by size, and never what a subscription has still to read,
//! within reason.

use rusqlite::{Connection, params};

use super::Tx;
use super::subscriptions::{cut_off_before, read_by_all};
use crate::core::error::Result;
use crate::core::kernel::Timestamp;

/// What an event takes beside its texts, about.
const OVERHEAD: i64 = 80;

/// Which events may go: those from before a moment, and those for which there is no room, as far as
/// every subscription has read them. When the log has become twice as large for one that does not
/// come, that one is cut off.
#[derive(Debug, Clone, Copy)]
pub struct EventTrim {
    /// The moment.
    before: Timestamp,
    /// The oldest for which there is room whatever its age.
    oldest_kept: i64,
    /// A subscription that has not read all that precedes this is cut off.
    oldest_held: i64,
}

impl EventTrim {
    /// What may go of a log that is to have so many bytes.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn look(connection: &Connection, before: Timestamp, bytes: i64) -> Result<Self> {
        let oldest_kept = oldest_kept(connection, bytes)?;
        let is_held = read_by_all(connection)?.is_some_and(|read| read < oldest_kept);
        let oldest_held = if is_held { self::oldest_kept(connection, 2 * bytes)? } else { 0 };
        Ok(Self { before, oldest_kept, oldest_held })
    }
}

/// The number of the oldest event that fits, with all newer ones, into so many bytes.
///
/// # Errors
/// When the log cannot be read.
pub fn oldest_kept(connection: &Connection, bytes: i64) -> Result<i64> {
    let mut statement = connection.prepare(
        "SELECT seq, octet_length(data) + coalesce(octet_length(order_json), 0)
                     + coalesce(length(order_packed), 0)
         FROM events ORDER BY seq DESC",
    )?;
    let mut rows = statement.query([])?;
    let (mut left, mut oldest) = (bytes, 0);
    while let Some(row) = rows.next()? {
        left -= row.get::<_, i64>(1)? + OVERHEAD;
        // The newest one stays however large it is.
        if left < 0 && oldest > 0 {
            break;
        }
        oldest = row.get(0)?;
    }
    Ok(oldest)
}

/// Deletes up to `most` of the oldest events that may go, but never the newest one: its number is
/// where counting goes on. Returns how many went.
///
/// # Errors
/// When the rows cannot be deleted.
pub fn trim(tx: &Tx<'_>, old: &EventTrim, most: usize) -> Result<usize> {
    cut_off_before(tx, old.oldest_held)?;
    let read = read_by_all(tx)?.unwrap_or(i64::MAX);
    Ok(tx
        .prepare_cached(
            "DELETE FROM events
             WHERE seq IN (SELECT seq FROM events ORDER BY seq LIMIT ?4)
               AND (at < ?1 OR seq < ?2) AND seq < ?3
               AND seq < (SELECT max(seq) FROM events)",
        )?
        .execute(params![old.before.0, old.oldest_kept, read, most as i64])?)
}
