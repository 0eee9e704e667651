//! The rows of the ledger: how they are read and written, and what stands before a position.

use std::collections::HashMap;
use std::collections::hash_map::Entry::Vacant;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::super::rules::{Average, Basis, Before, Known, Move, Standing};
use super::super::{MoveKind, NewMove};
use crate::core::error::Result;
use crate::core::kernel::Timestamp;
use crate::core::store::{Tx, add_cost, word};

/// Where a move stands among those of its good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Its moment, in milliseconds.
    pub at: i64,
    /// Its number among those of the moment.
    pub id: i64,
}

/// A row of the ledger, and what is known of it beside the rules.
pub struct Entry {
    pub position: Position,
    pub kind: MoveKind,
    pub document: Option<(i64, i64)>,
    /// As it is written.
    pub was: Move,
}

const COLUMNS: &str = "id, place_id, order_item_id, quantity, value, correction, cost, counted,
     undoes_id, kind, at, document_id, document_line, after_quantity, average_money,
     average_quantity, place_after";

/// The next moves of a good from a position on, so many at most.
pub fn read(db: &Connection, good: i64, from: Position, most: i64) -> Result<Vec<Entry>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM stock_moves
         WHERE good_id = ?1 AND at >= ?2 AND (at, id) >= (?2, ?3) ORDER BY at, id LIMIT ?4"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([good, from.at, from.id, most], entry)?;
    let mut entries = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    for entry in &mut entries {
        let was = &mut entry.was;
        if entry.kind == MoveKind::Produced && was.basis == Basis::Average {
            was.basis = Basis::Price(used_for(db, entry.document)?);
        }
    }
    Ok(entries)
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let kind = word(row, 9, MoveKind::parse)?;
    let average = Average { money: row.get(14)?, amount: row.get(15)? };
    let mut was = Move {
        id: row.get(0)?,
        place: row.get(1)?,
        line: row.get(2)?,
        basis: Basis::Average,
        amount: row.get(3)?,
        value: row.get(4)?,
        correction: row.get(5)?,
        after: Standing { amount: row.get(13)?, average },
        here: row.get(16)?,
    };
    was.basis = basis(&was, kind, (row.get(6)?, row.get(7)?, row.get(8)?));
    let document = row.get::<_, Option<i64>>(11)?.zip(row.get(12)?);
    let position = Position { at: row.get(10)?, id: was.id };
    Ok(Entry { position, kind, document, was })
}

type Said = (Option<i64>, Option<i64>, Option<i64>);

/// By what a move says its amount and value.
fn basis(one: &Move, kind: MoveKind, (cost, counted, undoes): Said) -> Basis {
    match (undoes, counted, cost, one.line) {
        (Some(id), ..) => Basis::Undoes(id),
        (_, Some(counted), ..) => Basis::Counted(counted),
        (_, _, Some(cost), _) => Basis::Price(cost),
        (.., Some(line)) if kind == MoveKind::Sale && one.amount > 0 => Basis::Line(line),
        _ => Basis::Average,
    }
}

/// A move that is not written yet. Its number is below 0, by its place among the new.
///
/// # Errors
/// When the database cannot be read.
pub fn as_move(db: &Connection, place: usize, new: &NewMove) -> Result<Move> {
    let mut one = Move {
        id: -1 - i64::try_from(place).unwrap_or(i64::MAX - 1),
        place: new.place_id,
        line: new.order_item_id,
        basis: Basis::Average,
        amount: new.quantity,
        value: 0,
        correction: 0,
        after: Standing::NOTHING,
        here: 0,
    };
    one.basis = basis(&one, new.kind, (new.cost, new.counted, new.undoes_id));
    if new.kind == MoveKind::Produced && one.basis == Basis::Average {
        one.basis = Basis::Price(used_for(db, new.document)?);
    }
    Ok(one)
}

/// What went into what a line of a document made.
fn used_for(db: &Connection, document: Option<(i64, i64)>) -> Result<i64> {
    let Some((id, line)) = document else { return Ok(0) };
    let used: i64 = db
        .prepare_cached(
            "SELECT coalesce(sum(value), 0) FROM stock_moves
             WHERE document_id = ?1 AND document_line = ?2 AND kind = 'USED'",
        )?
        .query_row([id, line], |row| row.get(0))?;
    Ok((-used).max(0))
}

/// How a good stands before a position.
pub fn standing_before(db: &Connection, good: i64, from: Position) -> Result<Standing> {
    let sql = "SELECT after_quantity, average_money, average_quantity FROM stock_moves
               WHERE good_id = ?1 AND at <= ?2 AND (at, id) < (?2, ?3)
               ORDER BY at DESC, id DESC LIMIT 1";
    let key = [good, from.at, from.id];
    let found = db.prepare_cached(sql)?.query_row(key, as_standing).optional()?;
    Ok(found.unwrap_or(Standing::NOTHING))
}

pub fn as_standing(row: &Row<'_>) -> rusqlite::Result<Standing> {
    let average = Average { money: row.get(1)?, amount: row.get(2)? };
    Ok(Standing { amount: row.get(0)?, average })
}

fn level_before(db: &Connection, good: i64, place: i64, from: Position) -> Result<i64> {
    let sql = "SELECT place_after FROM stock_moves
               WHERE good_id = ?1 AND place_id = ?2 AND at <= ?3 AND (at, id) < (?3, ?4)
               ORDER BY at DESC, id DESC LIMIT 1";
    let key = [good, place, from.at, from.id];
    Ok(db.prepare_cached(sql)?.query_row(key, |row| row.get(0)).optional()?.unwrap_or(0))
}

/// How much there is of a good before a position, at the places of these moves.
pub fn levels_before(
    db: &Connection,
    good: i64,
    from: Position,
    moves: &[Move],
) -> Result<HashMap<i64, i64>> {
    let mut levels = HashMap::new();
    for one in moves {
        if let Vacant(place) = levels.entry(one.place) {
            place.insert(level_before(db, good, one.place, from)?);
        }
    }
    Ok(levels)
}

/// What else has to be known before moves of a good that stand from a position on.
pub fn before(
    db: &Connection,
    good: i64,
    from: Position,
    moves: &[Move],
    places: HashMap<i64, i64>,
) -> Result<Before> {
    let mut before = Before { places, ..Before::default() };
    for one in moves {
        match one.basis {
            Basis::Line(line) if !before.lines.contains_key(&line) => {
                before.lines.insert(line, taken_before(db, good, line, from)?);
            }
            Basis::Undoes(id) if !before.moves.contains_key(&id) => {
                before.moves.extend(known(db, good, id)?.map(|known| (id, known)));
            }
            _ => {}
        }
    }
    Ok(before)
}

/// What a line of an order took of a good before a position.
fn taken_before(db: &Connection, good: i64, line: i64, from: Position) -> Result<(i64, i64)> {
    // The plus keeps it from reading all of the good: a line has few moves.
    let sql = "SELECT coalesce(sum(quantity), 0), coalesce(sum(value), 0) FROM stock_moves
               WHERE order_item_id = ?1 AND +good_id = ?2 AND (at, id) < (?3, ?4)";
    let key = [line, good, from.at, from.id];
    Ok(db.prepare_cached(sql)?.query_row(key, |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// A move that another undoes.
fn known(db: &Connection, good: i64, id: i64) -> Result<Option<Known>> {
    let sql = "SELECT quantity, value, at FROM stock_moves WHERE id = ?1";
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let found: Option<(i64, i64, i64)> =
        db.prepare_cached(sql)?.query_row([id], read).optional()?;
    let Some((amount, value, at)) = found else { return Ok(None) };
    let Standing { average, .. } = standing_before(db, good, Position { at, id })?;
    Ok(Some(Known { amount, value, average }))
}

/// What there is of a good now, by place.
pub fn levels(db: &Connection, good: i64) -> Result<HashMap<i64, i64>> {
    let sql = "SELECT place_id, quantity FROM stock_levels WHERE good_id = ?1";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([good], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Writes a move; returns where it stands.
pub fn insert(tx: &Tx<'_>, new: &NewMove, one: &Move) -> Result<Position> {
    let Timestamp(now) = tx.now();
    tx.prepare_cached(
        "INSERT INTO stock_moves (good_id, place_id, at, kind, quantity, value, correction, cost,
                                  counted, document_id, document_line, order_item_id, undoes_id,
                                  user_id, after_quantity, average_money, average_quantity,
                                  place_after, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
                 ?19)",
    )?
    .execute(params![
        new.good_id,
        new.place_id,
        new.at.0,
        new.kind.as_str(),
        one.amount,
        one.value,
        one.correction,
        new.cost,
        new.counted,
        new.document.map(|(id, _)| id),
        new.document.map(|(_, line)| line),
        new.order_item_id,
        new.undoes_id,
        new.user_id,
        one.after.amount,
        one.after.average.money,
        one.after.average.amount,
        one.here,
        now,
    ])?;
    let position = Position { at: new.at.0, id: tx.last_insert_rowid() };
    add_to_day(tx, new.kind, one, 0)?;
    Ok(position)
}

/// The day on which a dish was sold knows what its goods cost; until now it knew of so much value.
fn add_to_day(tx: &Tx<'_>, kind: MoveKind, one: &Move, was: i64) -> Result<()> {
    match (kind, one.line) {
        (MoveKind::Sale, Some(line)) if one.value != was => add_cost(tx, line, was - one.value),
        _ => Ok(()),
    }
}

/// Writes what a move comes to now.
pub fn update(tx: &Tx<'_>, one: &Move, entry: &Entry) -> Result<()> {
    add_to_day(tx, entry.kind, one, entry.was.value)?;
    tx.prepare_cached(
        "UPDATE stock_moves SET quantity = ?2, value = ?3, correction = ?4, after_quantity = ?5,
                                average_money = ?6, average_quantity = ?7, place_after = ?8
         WHERE id = ?1",
    )?
    .execute(params![
        one.id,
        one.amount,
        one.value,
        one.correction,
        one.after.amount,
        one.after.average.money,
        one.after.average.amount,
        one.here,
    ])?;
    Ok(())
}

/// So much more is at a place now.
pub fn add_to_level(tx: &Tx<'_>, good: i64, place: i64, more: i64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO stock_levels (good_id, place_id, quantity) VALUES (?1, ?2, ?3)
         ON CONFLICT (good_id, place_id) DO UPDATE SET quantity = quantity + excluded.quantity",
    )?
    .execute([good, place, more])?;
    Ok(())
}

/// So much more is there now, in all places.
pub fn add_to_cost(tx: &Tx<'_>, good: i64, more: i64) -> Result<()> {
    tx.prepare_cached("UPDATE stock_costs SET quantity = quantity + ?2 WHERE id = ?1")?
        .execute([good, more])?;
    Ok(())
}

/// How a good stands after its last move.
pub fn write_cost(tx: &Tx<'_>, good: i64, last: Standing) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO stock_costs (id, quantity, value, average_money, average_quantity)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET
            quantity = excluded.quantity, value = excluded.value,
            average_money = excluded.average_money, average_quantity = excluded.average_quantity",
    )?
    .execute([good, last.amount, last.value(), last.average.money, last.average.amount])?;
    Ok(())
}
