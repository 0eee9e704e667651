//! What must never be so in the book, in SQL.

use rusqlite::Connection;

use crate::core::error::Result;
use crate::core::kernel::Timestamp;

/// So far back it is looked: a year, in minutes.
const YEAR: i64 = 366 * 24 * 60;

/// The first few pairs of reservations that have one table at one time.
pub fn meeting(db: &Connection, now: Timestamp) -> Result<Vec<(i64, i64)>> {
    let mut statement = db.prepare_cached(
        "SELECT a.reservation_id, b.reservation_id
         FROM reservation_tables a INDEXED BY reservation_tables_held
         JOIN reservation_tables b INDEXED BY reservation_tables_of
           ON b.table_id = a.table_id AND b.starts_at >= a.starts_at AND b.starts_at < a.ends_at
         WHERE a.is_held AND a.starts_at > ?1 AND b.is_held AND b.id <> a.id LIMIT 5",
    )?;
    let rows =
        statement.query_map([now.plus_minutes(-YEAR).0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
