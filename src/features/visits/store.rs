//! Visits and their phones in SQL. Only the hash of a phone's token is kept.

use std::net::IpAddr;

use rusqlite::{Connection, OptionalExtension, params};

use super::waiting_store::waits_again;
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::core::store::Tx;

/// More phones than sit at a table; with one more, the oldest of the busiest address goes.
const MOST_PHONES: i64 = 100;
/// While nobody has ordered, a phone that asked for nothing for so long (ms) is thought to have
/// left: it must not read the bill of those who sit there next.
const LEFT_AFTER: i64 = 15 * 60_000;
/// The same when a waiter says that somebody has been seated: those come now.
const LEFT_BEFORE_SEATING: i64 = 5 * 60_000;
/// How long a visit is remembered after its end (ms): longer than the keys of its requests.
const REMEMBERED: i64 = 7 * 24 * 3_600_000;

/// A guest: a phone at one table.
#[derive(Debug, Clone, Copy)]
pub struct Guest {
    /// Names the phone; it opens nothing.
    pub token_hash: [u8; 32],
    /// Its visit.
    pub visit_id: i64,
    /// The visit's table.
    pub table_id: i64,
    /// The number on it.
    pub table_number: i64,
    /// Until when the session is good.
    pub expires_at: Timestamp,
    /// The newest event when the visit came to its table: those before it are others' business.
    pub since_seq: i64,
    /// Whether a member of staff has taken on what this phone ordered.
    pub is_known: bool,
    /// Whether it reads the table's bill only after a word from staff.
    pub waits: bool,
    /// The call by which it last asked a waiter to come.
    pub call_id: Option<i64>,
}

/// The guest of a phone.
///
/// # Errors
/// 401 when the session is over: its time ran out, or the visit ended.
pub fn guest(db: &Connection, token_hash: &[u8], now: Timestamp) -> Result<Guest> {
    db.prepare_cached(
        "SELECT s.token_hash, v.id, t.id, t.number, s.expires_at, v.since_seq,
                s.known_at IS NOT NULL, s.waits, s.call_id
         FROM guest_sessions s JOIN visits v ON v.id = s.visit_id JOIN tables t ON t.id = v.table_id
         WHERE s.token_hash = ?1 AND s.expires_at > ?2 AND s.created_at <= ?3
           AND v.ended_at IS NULL",
    )?
    .query_row(params![token_hash, now.0, clock::newest(now).0], |row| {
        Ok(Guest {
            token_hash: row.get(0)?,
            visit_id: row.get(1)?,
            table_id: row.get(2)?,
            table_number: row.get(3)?,
            expires_at: Timestamp(row.get(4)?),
            since_seq: row.get(5)?,
            is_known: row.get(6)?,
            waits: row.get(7)?,
            call_id: row.get(8)?,
        })
    })
    .optional()?
    .ok_or_else(visit_over)
}

fn visit_over() -> Error {
    let detail = "This visit is over. Scan the code on the table again.";
    Error::unauthorized("visit_over", detail)
}

/// A phone that sits down.
pub struct NewSession {
    /// At which table.
    pub table_id: i64,
    /// The hash of its token.
    pub token_hash: Vec<u8>,
    /// Where it comes from.
    pub net: IpAddr,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// The hash of the token that it had before, where it says so.
    pub earlier: Option<Vec<u8>>,
}

/// A phone joins the visit at its table, or begins one. Whether it waits to see the bill.
///
/// # Errors
/// When the rows cannot be written.
pub fn begin(tx: &Tx<'_>, new: &NewSession) -> Result<bool> {
    let now = tx.now().0;
    former_leave(tx, new.table_id)?;
    let open: Option<i64> = tx
        .prepare_cached(
            "SELECT max(id) FROM visits INDEXED BY visits_open
             WHERE table_id = ?1 AND ended_at IS NULL",
        )?
        .query_row([new.table_id], |row| row.get(0))?;
    let visit_id = match open {
        Some(id) => id,
        None => insert_visit(tx, new.table_id, None)?,
    };
    make_room(tx, visit_id)?;
    let waits = match &new.earlier {
        Some(earlier) => waits_again(tx, earlier, (new.table_id, visit_id))?,
        None => false,
    };
    let (net, expires_at) = (new.net.to_string(), new.expires_at.0);
    tx.prepare_cached(
        "INSERT INTO guest_sessions (token_hash, visit_id, created_at, expires_at, seen_at, net,
                                     waits)
         VALUES (?1, ?2, ?3, ?4, ?3, ?5, ?6)",
    )?
    .execute(params![new.token_hash, visit_id, now, expires_at, net, waits])?;
    Ok(waits)
}

fn insert_visit(tx: &Tx<'_>, table_id: i64, ended_at: Option<i64>) -> Result<i64> {
    tx.prepare_cached(
        "INSERT INTO visits (table_id, began_at, since_seq, ended_at)
         VALUES (?1, ?2, (SELECT coalesce(max(seq), 0) FROM events), ?3)",
    )?
    .execute(params![table_id, tx.now().0, ended_at])?;
    Ok(tx.last_insert_rowid())
}

/// Whoever sits down over and over puts out phones of their own address, not the table's.
fn make_room(tx: &Tx<'_>, visit_id: i64) -> Result<()> {
    let phones: i64 = tx
        .prepare_cached("SELECT count(*) FROM guest_sessions WHERE visit_id = ?1")?
        .query_row([visit_id], |row| row.get(0))?;
    if phones < MOST_PHONES {
        return Ok(());
    }
    tx.prepare_cached(
        "DELETE FROM guest_sessions WHERE token_hash =
             (SELECT token_hash FROM guest_sessions WHERE visit_id = ?1 AND net =
                  (SELECT net FROM guest_sessions WHERE visit_id = ?1
                   GROUP BY net ORDER BY count(*) DESC LIMIT 1)
              ORDER BY created_at LIMIT 1)",
    )?
    .execute([visit_id])?;
    Ok(())
}

/// A bill is opened at a table where nobody has ordered, or a phone sits down there: phones that
/// asked for nothing for long have left, though nobody said so. True when there were any.
///
/// # Errors
/// When the rows cannot be written.
pub fn former_leave(tx: &Tx<'_>, table_id: i64) -> Result<bool> {
    silent_leave(tx, table_id, LEFT_AFTER)
}

/// A waiter seats a party at a table: phones that were there before them have left.
///
/// # Errors
/// When the rows cannot be written.
pub fn is_seated(tx: &Tx<'_>, table_id: i64) -> Result<()> {
    silent_leave(tx, table_id, LEFT_BEFORE_SEATING).map(drop)
}

/// While nobody eats at a table, phones that asked for nothing for `silence` (ms) leave the visit.
fn silent_leave(tx: &Tx<'_>, table_id: i64, silence: i64) -> Result<bool> {
    let former = "SELECT s.token_hash FROM visits v INDEXED BY visits_open
                      JOIN guest_sessions s ON s.visit_id = v.id
                  WHERE v.table_id = ?1 AND v.ended_at IS NULL AND s.seen_at < ?2
                      AND NOT EXISTS (SELECT 1 FROM orders INDEXED BY orders_open
                                      WHERE table_id = ?1 AND closed_at IS NULL
                                      AND order_type = 'DINE_IN')";
    let before = tx.now().0 - silence;
    let found = tx
        .prepare_cached(&format!("SELECT EXISTS ({former})"))?
        .query_row([table_id, before], |row| row.get::<_, bool>(0))?;
    if found {
        let ended = insert_visit(tx, table_id, Some(tx.now().0))?;
        tx.prepare_cached(&format!(
            "UPDATE guest_sessions SET visit_id = ?3 WHERE token_hash IN ({former})"
        ))?
        .execute([table_id, before, ended])?;
    }
    Ok(found)
}

/// The guests of a table have left: their phones see nothing of the next visit.
///
/// # Errors
/// When the rows cannot be written.
pub fn end(tx: &Tx<'_>, table_id: i64) -> Result<()> {
    tx.prepare_cached("UPDATE visits SET ended_at = ?2 WHERE table_id = ?1 AND ended_at IS NULL")?
        .execute(params![table_id, tx.now().0])?;
    Ok(())
}

/// The guests of a table sit at another one from now on. What happened there before stays unsaid.
///
/// # Errors
/// When the rows cannot be written.
pub fn go_along(tx: &Tx<'_>, from: i64, to: i64) -> Result<()> {
    tx.prepare_cached(
        "UPDATE visits SET table_id = ?2, since_seq = (SELECT coalesce(max(seq), 0) FROM events)
         WHERE table_id = ?1 AND ended_at IS NULL",
    )?
    .execute([from, to])?;
    Ok(())
}

/// An order of a table has ended: who sits there may read how, after the visit too.
///
/// # Errors
/// When the rows cannot be written.
pub fn note_order(tx: &Tx<'_>, table_id: i64, order_id: i64) -> Result<()> {
    tx.prepare_cached(
        "UPDATE visits SET order_id = ?2
         WHERE table_id = ?1 AND ended_at IS NULL
           AND (order_id IS NULL
                OR (SELECT payment_status <> 'UNPAID' FROM orders WHERE id = ?2)
                OR (SELECT payment_status = 'UNPAID' FROM orders WHERE id = visits.order_id))",
    )?
    .execute([table_id, order_id])?;
    Ok(())
}

/// A phone asked for something: it is there.
///
/// # Errors
/// When the row cannot be written.
pub fn note_seen(tx: &Tx<'_>, guest: &Guest) -> Result<()> {
    tx.prepare_cached("UPDATE guest_sessions SET seen_at = ?2 WHERE token_hash = ?1")?
        .execute(params![guest.token_hash, tx.now().0])?;
    Ok(())
}

/// The lines that a phone has just ordered wait for a waiter's word.
///
/// # Errors
/// When the rows cannot be written.
pub fn has_ordered(tx: &Tx<'_>, guest: &Guest, order_id: i64) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR IGNORE INTO guest_lines (item_id, token_hash)
         SELECT id, ?2 FROM order_items
         WHERE order_id = ?1 AND status = 'NEW' AND created_at = ?3",
    )?
    .execute(params![order_id, guest.token_hash, tx.now().0])?;
    Ok(())
}

/// What a phone that was seated may know of its visit.
#[derive(Debug)]
pub struct LastWord {
    /// Whether it has ended.
    pub is_over: bool,
    /// The last order that ended in it.
    pub order_id: Option<i64>,
    /// Whether the phone was never shown the bill.
    pub waits: bool,
}

/// The visit of a phone, whether it goes on or not.
///
/// # Errors
/// 401 when the session's own time is over.
pub fn last_word(db: &Connection, token_hash: &[u8], now: Timestamp) -> Result<LastWord> {
    db.prepare_cached(
        "SELECT v.ended_at IS NOT NULL, v.order_id, s.waits
         FROM guest_sessions s JOIN visits v ON v.id = s.visit_id
         WHERE s.token_hash = ?1 AND s.expires_at > ?2 AND s.created_at <= ?3",
    )?
    .query_row(params![token_hash, now.0, clock::newest(now).0], |row| {
        Ok(LastWord { is_over: row.get(0)?, order_id: row.get(1)?, waits: row.get(2)? })
    })
    .optional()?
    .ok_or_else(visit_over)
}

/// The last order that ended in a visit.
///
/// # Errors
/// When the database cannot be read.
pub fn last_order(db: &Connection, visit_id: i64) -> Result<Option<i64>> {
    Ok(db
        .prepare_cached("SELECT order_id FROM visits WHERE id = ?1")?
        .query_row([visit_id], |row| row.get(0))
        .optional()?
        .flatten())
}

/// Deletes up to `most` sessions that have expired, and visits that nobody will ask for again.
/// Returns how many rows went.
///
/// # Errors
/// When the rows cannot be deleted.
pub fn trim(tx: &Tx<'_>, most: usize) -> Result<usize> {
    let (now, most) = (tx.now().0, most as i64);
    let sessions = "DELETE FROM guest_sessions WHERE rowid IN
                        (SELECT rowid FROM guest_sessions WHERE expires_at < ?1 LIMIT ?2)";
    let gone = tx.prepare_cached(sessions)?.execute([now, most])?;
    // A visit whose last phone has gone is over, though nobody said so.
    tx.prepare_cached(
        "UPDATE visits SET ended_at = ?1 WHERE id IN
             (SELECT id FROM visits WHERE ended_at IS NULL AND NOT EXISTS
                  (SELECT 1 FROM guest_sessions WHERE visit_id = visits.id) LIMIT ?2)",
    )?
    .execute([now, most])?;
    let ended = "DELETE FROM visits WHERE id IN
                     (SELECT id FROM visits WHERE ended_at < ?1 AND NOT EXISTS
                          (SELECT 1 FROM guest_sessions WHERE visit_id = visits.id) LIMIT ?2)";
    Ok(gone + tx.prepare_cached(ended)?.execute([now - REMEMBERED, most])?)
}
