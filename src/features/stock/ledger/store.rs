//! The ledger in SQL. What is written late is put in its place, and what follows is counted anew.

mod postings;
mod recount;
mod rows;

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};

pub use self::postings::{post_document, post_next};
pub use self::recount::recount_next;
use self::recount::{note, recount_some, shift};
use self::rows::{Position, as_standing};
use super::rules::{Standing, count};
use super::{MoveKind, NewMove};
use crate::core::error::Result;
use crate::core::store::{Tx, word};

/// So many goods are named that do not stand where their moves brought them.
const NAMED: i64 = 5;

/// Writes moves, each where its moment stands among those of its good. What follows a late one is counted
/// anew: a little of it at once, what is left step by step ([`recount_next`]).
///
/// # Errors
/// When the rows cannot be written.
pub fn post(tx: &Tx<'_>, moves: Vec<NewMove>) -> Result<()> {
    write(tx, moves)?;
    recount_some(tx)
}

fn write(tx: &Tx<'_>, moves: Vec<NewMove>) -> Result<()> {
    let mut by_good: BTreeMap<i64, Vec<NewMove>> = BTreeMap::new();
    for one in moves {
        by_good.entry(one.good_id).or_default().push(one);
    }
    // What is made is worth what went into it: that is counted first.
    let (mut first, mut last) = (Vec::new(), Vec::new());
    for (good, mut moves) in by_good {
        moves.sort_by_key(|one| one.at);
        let is_made = moves.iter().any(|one| one.kind == MoveKind::Produced);
        if is_made { last.push((good, moves)) } else { first.push((good, moves)) }
    }
    for (good, moves) in first.into_iter().chain(last) {
        let Some(begin) = moves.first().map(|one| one.at.0) else { continue };
        if is_last(tx, good, begin)? {
            append(tx, good, &moves)?;
        } else {
            moves.iter().try_for_each(|one| insert_late(tx, one))?;
        }
    }
    Ok(())
}

/// Whether nothing of a good stands after a moment.
fn is_last(db: &Connection, good: i64, at: i64) -> Result<bool> {
    let sql = "SELECT NOT EXISTS (SELECT * FROM stock_moves WHERE good_id = ?1 AND at > ?2)";
    Ok(db.prepare_cached(sql)?.query_row([good, at], |row| row.get(0))?)
}

/// Writes moves behind all others of their good, as the good stands now. Where that is still counted, the
/// count comes by here too.
fn append(tx: &Tx<'_>, good: i64, new: &[NewMove]) -> Result<()> {
    let moves = new.iter().enumerate().map(|(place, new)| rows::as_move(tx, place, new));
    let mut moves = moves.collect::<Result<Vec<_>>>()?;
    let end = Position { at: i64::MAX, id: i64::MAX };
    let before = rows::before(tx, good, end, &moves, rows::levels(tx, good)?)?;
    count(standing(tx, good)?, before, &mut moves);
    for (new, one) in new.iter().zip(&moves) {
        rows::insert(tx, new, one)?;
        rows::add_to_level(tx, good, one.place, one.amount)?;
    }
    moves.last().map_or(Ok(()), |last| rows::write_cost(tx, good, last.after))
}

/// Writes a move among others. How much there is by it is known at once, unless it is a count; what it is
/// worth, and what follows it, is counted from there on.
fn insert_late(tx: &Tx<'_>, new: &NewMove) -> Result<()> {
    let one = rows::as_move(tx, 0, new)?;
    let position = rows::insert(tx, new, &one)?;
    shift(tx, (new.good_id, new.place_id), position, one.amount)?;
    note(tx, new.good_id, position)
}

/// Whether a good is still counted: what is said of it is not the last word.
///
/// # Errors
/// When the database cannot be read.
pub fn is_counting(db: &Connection, good: i64) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT * FROM stock_counting WHERE good_id = ?1)";
    Ok(db.prepare_cached(sql)?.query_row([good], |row| row.get(0))?)
}

/// How many goods are still counted.
///
/// # Errors
/// When the database cannot be read.
pub fn being_counted(db: &Connection) -> Result<i64> {
    let sql = "SELECT count(DISTINCT good_id) FROM stock_counting";
    Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// How a good stands now.
///
/// # Errors
/// When the database cannot be read.
pub fn standing(db: &Connection, good: i64) -> Result<Standing> {
    let sql = "SELECT quantity, average_money, average_quantity FROM stock_costs WHERE id = ?1";
    let found = db.prepare_cached(sql)?.query_row([good], as_standing).optional()?;
    Ok(found.unwrap_or(Standing::NOTHING))
}

/// What a line of an order took so far, by good and kind.
///
/// # Errors
/// When the database cannot be read.
pub fn of_line(db: &Connection, line: i64) -> Result<BTreeMap<(i64, MoveKind), i64>> {
    let sql = "SELECT good_id, kind, sum(quantity) FROM stock_moves WHERE order_item_id = ?1
               GROUP BY good_id, kind";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([line], |row| {
        Ok(((row.get(0)?, word(row, 1, MoveKind::parse)?), row.get(2)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The first few goods that do not stand where their moves brought them. What a good is worth that is still
/// counted anew is not looked at; how much there is of it is.
///
/// # Errors
/// When the database cannot be read.
pub fn check_ledger(db: &Connection) -> Result<Vec<i64>> {
    let mut statement = db.prepare_cached(
        "SELECT id FROM stock_goods g
         WHERE (SELECT coalesce(sum(m.quantity), 0) FROM stock_moves m WHERE m.good_id = g.id)
               <> coalesce((SELECT c.quantity FROM stock_costs c WHERE c.id = g.id), 0)
            OR (SELECT coalesce(sum(l.quantity), 0) FROM stock_levels l WHERE l.good_id = g.id)
               <> coalesce((SELECT c.quantity FROM stock_costs c WHERE c.id = g.id), 0)
            OR (NOT EXISTS (SELECT * FROM stock_recounts r WHERE r.good_id = g.id)
                AND (SELECT coalesce(sum(m.value + m.correction), 0) FROM stock_moves m
                     WHERE m.good_id = g.id)
                    <> coalesce((SELECT c.value FROM stock_costs c WHERE c.id = g.id), 0))
         LIMIT ?1",
    )?;
    let ids = statement.query_map([NAMED], |row| row.get(0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

#[cfg(test)]
mod tests;
