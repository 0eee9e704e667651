//! Goods whose ledger is counted anew, in steps: each begins where the one before ended, and leaves all
//! before it right.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::super::MoveKind;
use super::super::rules::count;
use super::rows::{self, Entry, Position};
use crate::core::error::Result;
use crate::core::store::Tx;

/// So many moves are counted at once: some two milliseconds, on a board some ten.
const BATCH: i64 = 200;

/// Counts the next few moves that are to be counted anew. Returns whether there were any.
///
/// # Errors
/// When the rows cannot be read or written.
pub fn recount_next(tx: &Tx<'_>) -> Result<bool> {
    Ok(recount(tx, BATCH)? > 0)
}

/// Counts so much as is done within the command that found it out: nearly always all of it.
///
/// # Errors
/// When the rows cannot be read or written.
pub fn recount_some(tx: &Tx<'_>) -> Result<()> {
    let mut left = BATCH;
    while left > 0 {
        match recount(tx, left)? {
            0 => return Ok(()),
            counted => left -= counted,
        }
    }
    Ok(())
}

/// From a move on a good is to be counted anew.
pub fn note(tx: &Tx<'_>, good: i64, from: Position) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO stock_recounts (good_id, from_at, from_id) VALUES (?1, ?2, ?3)
         ON CONFLICT (good_id) DO UPDATE SET from_at = excluded.from_at, from_id = excluded.from_id
         WHERE (excluded.from_at, excluded.from_id)
             < (stock_recounts.from_at, stock_recounts.from_id)",
    )?
    .execute([good, from.at, from.id])?;
    Ok(())
}

/// The good that waits longest, and from where on: what it is made of was noted, and counted, before it.
fn next(db: &Connection) -> Result<Option<(i64, Position)>> {
    let sql = "SELECT good_id, from_at, from_id FROM stock_recounts ORDER BY id LIMIT 1";
    let read = |row: &Row<'_>| Ok((row.get(0)?, Position { at: row.get(1)?, id: row.get(2)? }));
    Ok(db.prepare_cached(sql)?.query_row([], read).optional()?)
}

/// Counts the next moves, so many at most, of the good that waits longest. Returns how many, at least one
/// where a good waits.
///
/// # Errors
/// When the rows cannot be read or written.
pub fn recount(tx: &Tx<'_>, most: i64) -> Result<i64> {
    let Some((good, from)) = next(tx)? else { return Ok(0) };
    let entries = rows::read(tx, good, from, most)?;
    let mut moves: Vec<_> = entries.iter().map(|entry| entry.was).collect();
    let standing = rows::standing_before(tx, good, from)?;
    let levels = rows::levels_before(tx, good, from, &moves)?;
    count(standing, rows::before(tx, good, from, &moves, levels)?, &mut moves);
    // How much each place has more than was written.
    let mut more = BTreeMap::new();
    for (one, entry) in moves.iter().zip(&entries).filter(|(one, entry)| **one != entry.was) {
        rows::update(tx, one, entry)?;
        *more.entry(one.place).or_insert(0) += one.amount - entry.was.amount;
        if entry.kind == MoveKind::Used && one.value != entry.was.value {
            note_made(tx, entry)?;
        }
    }
    let last = entries.last().map_or(from, |entry| entry.position);
    for (place, more) in more {
        shift(tx, (good, place), last, more)?;
    }
    let counted = i64::try_from(entries.len()).unwrap_or(most);
    if counted == most {
        let sql = "UPDATE stock_recounts SET from_at = ?2, from_id = ?3 WHERE good_id = ?1";
        tx.prepare_cached(sql)?.execute([good, last.at, last.id + 1])?;
    } else {
        rows::write_cost(tx, good, moves.last().map_or(standing, |one| one.after))?;
        tx.prepare_cached("DELETE FROM stock_recounts WHERE good_id = ?1")?.execute([good])?;
    }
    Ok(counted.max(1))
}

/// What a line of a document made is worth something else now.
fn note_made(tx: &Tx<'_>, used: &Entry) -> Result<()> {
    let Some((document, line)) = used.document else { return Ok(()) };
    let made: Option<(i64, i64, i64)> = tx
        .prepare_cached(
            "SELECT good_id, at, id FROM stock_moves
             WHERE document_id = ?1 AND document_line = ?2 AND kind = 'PRODUCED'",
        )?
        .query_row([document, line], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    made.map_or(Ok(()), |(good, at, id)| note(tx, good, Position { at, id }))
}

/// After a position there is so much more at a place: whoever counted there next has found it already,
/// else it is there now.
pub fn shift(tx: &Tx<'_>, (good, place): (i64, i64), after: Position, more: i64) -> Result<()> {
    if more == 0 {
        return Ok(());
    }
    let next: Option<i64> = tx
        .prepare_cached(
            "SELECT id FROM stock_moves
             WHERE good_id = ?1 AND place_id = ?2 AND counted IS NOT NULL
               AND at >= ?3 AND (at, id) > (?3, ?4)
             ORDER BY at, id LIMIT 1",
        )?
        .query_row([good, place, after.at, after.id], |row| row.get(0))
        .optional()?;
    let Some(next) = next else {
        rows::add_to_level(tx, good, place, more)?;
        return rows::add_to_cost(tx, good, more);
    };
    tx.prepare_cached("UPDATE stock_moves SET quantity = quantity - ?2 WHERE id = ?1")?
        .execute(params![next, more])?;
    Ok(())
}
