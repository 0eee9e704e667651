//! Who waits to see the bill. A phone that sat down before it was opened, and did not open it itself,
//! may be of a party that left without a word: it reads the bill after a word from staff.

use rusqlite::{Connection, OptionalExtension, params};

use crate::core::error::Result;
use crate::core::store::Tx;

/// A bill is opened at a table where nobody eats, by this phone where a guest does it: the others
/// that sit there wait from now on. True when there are any.
///
/// # Errors
/// When the rows cannot be written.
pub fn others_wait(tx: &Tx<'_>, table_id: i64, phone: Option<[u8; 32]>) -> Result<bool> {
    let others = tx
        .prepare_cached(
            "UPDATE guest_sessions SET waits = 1
             WHERE visit_id IN (SELECT id FROM visits INDEXED BY visits_open
                                WHERE table_id = ?1 AND ended_at IS NULL)
               AND token_hash IS NOT ?2 AND known_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM orders INDEXED BY orders_open
                               WHERE table_id = ?1 AND closed_at IS NULL
                               AND order_type = 'DINE_IN')",
        )?
        .execute(params![table_id, phone])?;
    Ok(others > 0)
}

/// Whether a phone that sits down again waits: as it did before in the same visit, and where it sat
/// there in an earlier one, and this one's bill is open.
pub(super) fn waits_again(
    tx: &Tx<'_>,
    earlier: &[u8],
    (table_id, visit_id): (i64, i64),
) -> Result<bool> {
    let waits = tx
        .prepare_cached(
            "SELECT iif(v.id = ?3, s.waits,
                        EXISTS (SELECT 1 FROM orders INDEXED BY orders_open
                                WHERE table_id = ?2 AND closed_at IS NULL
                                AND order_type = 'DINE_IN'))
             FROM guest_sessions s JOIN visits v ON v.id = s.visit_id
             WHERE s.token_hash = ?1 AND v.table_id = ?2",
        )?
        .query_row(params![earlier, table_id, visit_id], |row| row.get(0))
        .optional()?;
    Ok(waits.unwrap_or(false))
}

/// A member of staff has taken a waiting line on: the phone that ordered it is known from now on.
/// True when it waited to see the bill, and reads it now.
///
/// # Errors
/// When the row cannot be written.
pub fn is_confirmed(tx: &Tx<'_>, item_id: i64) -> Result<bool> {
    let shown = tx
        .prepare_cached(
            "UPDATE guest_sessions SET waits = 0
             WHERE token_hash = (SELECT token_hash FROM guest_lines WHERE item_id = ?1) AND waits",
        )?
        .execute([item_id])?;
    tx.prepare_cached(
        "UPDATE guest_sessions SET known_at = coalesce(known_at, ?2)
         WHERE token_hash = (SELECT token_hash FROM guest_lines WHERE item_id = ?1)",
    )?
    .execute([item_id, tx.now().0])?;
    Ok(shown > 0)
}

/// A phone asks a waiter to come, by this call.
///
/// # Errors
/// When the row cannot be written.
pub fn has_called(tx: &Tx<'_>, token_hash: &[u8], call_id: i64) -> Result<()> {
    tx.prepare_cached("UPDATE guest_sessions SET call_id = ?2 WHERE token_hash = ?1")?
        .execute(params![token_hash, call_id])?;
    Ok(())
}

/// A member of staff has answered a call of a table: the phones that made it read the bill.
///
/// # Errors
/// When the rows cannot be written.
pub fn is_answered(tx: &Tx<'_>, table_id: i64, call_id: i64) -> Result<()> {
    tx.prepare_cached(
        "UPDATE guest_sessions SET waits = 0
         WHERE visit_id IN (SELECT id FROM visits INDEXED BY visits_open
                            WHERE table_id = ?1 AND ended_at IS NULL)
           AND call_id = ?2 AND waits",
    )?
    .execute([table_id, call_id])?;
    Ok(())
}

/// A member of staff shows the bill to all phones that wait at a table. How many did.
///
/// # Errors
/// When the rows cannot be written.
pub fn show_bill(tx: &Tx<'_>, table_id: i64) -> Result<usize> {
    Ok(tx
        .prepare_cached(
            "UPDATE guest_sessions SET waits = 0
             WHERE visit_id IN (SELECT id FROM visits INDEXED BY visits_open
                                WHERE table_id = ?1 AND ended_at IS NULL)
               AND waits",
        )?
        .execute([table_id])?)
}

/// Whether a phone waits to see the bill.
///
/// # Errors
/// When the database cannot be read.
pub fn waits(db: &Connection, token_hash: &[u8]) -> Result<bool> {
    let waits = db
        .prepare_cached("SELECT waits FROM guest_sessions WHERE token_hash = ?1")?
        .query_row([token_hash], |row| row.get(0))
        .optional()?;
    Ok(waits.unwrap_or(true))
}

/// The lines that a phone ordered and that waited for a waiter's word: while the phone waits itself,
/// all that it ordered.
///
/// # Errors
/// When the database cannot be read.
pub fn own_lines(db: &Connection, token_hash: &[u8]) -> Result<Vec<i64>> {
    let mut statement =
        db.prepare_cached("SELECT item_id FROM guest_lines WHERE token_hash = ?1")?;
    let lines = statement.query_map([token_hash], |row| row.get(0))?;
    Ok(lines.collect::<rusqlite::Result<_>>()?)
}

/// Whether what an event tells (its details, as JSON) is about a phone's own lines or its own call.
///
/// # Errors
/// When the database cannot be read.
pub fn concerns(db: &Connection, token_hash: &[u8], details: &str) -> Result<bool> {
    Ok(db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM guest_lines WHERE token_hash = ?1
                            AND (item_id = json_extract(?2, '$.item_id') OR item_id IN
                                 (SELECT value FROM json_each(?2, '$.item_ids'))))
                 OR EXISTS (SELECT 1 FROM guest_sessions WHERE token_hash = ?1
                            AND call_id = json_extract(?2, '$.call_id'))",
        )?
        .query_row(params![token_hash, details], |row| row.get(0))?)
}
