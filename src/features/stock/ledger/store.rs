//! The ledger in SQL. What is written late is put in its place, and what follows is counted anew.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::rules::{Average, Basis, Before, Known, Move, Standing, count};
use super::{MoveKind, NewMove};
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::core::store::{Tx, word};

/// A good is made of others, these of others: when so many ledgers were counted anew, something is wrong.
const MOST_RECOUNTED: usize = 10_000;
/// So many goods are named that do not stand where their moves brought them.
const NAMED: i64 = 5;

/// From where on a good's ledger is counted anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Begin {
    /// With all that is of the moment.
    At(i64),
    /// With what comes after all that is of the moment and written.
    After(i64),
}

/// Writes moves, each where its moment stands among those of its good, and counts anew what follows.
///
/// # Errors
/// When the rows cannot be written.
pub fn post(tx: &Tx<'_>, moves: Vec<NewMove>) -> Result<()> {
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
    let mut made = BTreeMap::new();
    for (good, moves) in first.into_iter().chain(last) {
        let from = Begin::After(moves.first().map_or(0, |one| one.at.0));
        recount(tx, good, from, &moves, &mut made)?;
    }
    follow(tx, made)
}

/// Counts anew what was made of goods whose cost is another now.
fn follow(tx: &Tx<'_>, mut made: BTreeMap<i64, i64>) -> Result<()> {
    for _ in 0..MOST_RECOUNTED {
        let Some((good, at)) = made.pop_first() else { return Ok(()) };
        recount(tx, good, Begin::At(at), &[], &mut made)?;
    }
    Err(Error::internal("goods that are made of each other are counted without an end"))
}

/// A row of the ledger, and what is known of it beside the rules.
struct Entry {
    at: i64,
    document: Option<(i64, i64)>,
    kind: MoveKind,
    /// As it is written; none of what is new.
    was: Option<Move>,
}

impl Entry {
    fn of(new: &NewMove) -> Self {
        Self { at: new.at.0, document: new.document, kind: new.kind, was: None }
    }
}

const COLUMNS: &str = "id, place_id, order_item_id, quantity, value, correction, cost, counted,
     undoes_id, kind, at, document_id, document_line, after_quantity, average_money, average_quantity";

fn entry(row: &Row<'_>) -> rusqlite::Result<(Move, Entry)> {
    let kind = word(row, 9, MoveKind::parse)?;
    let average = Average { money: row.get(14)?, amount: row.get(15)? };
    let mut one = Move {
        id: row.get(0)?,
        place: row.get(1)?,
        line: row.get(2)?,
        basis: Basis::Average,
        amount: row.get(3)?,
        value: row.get(4)?,
        correction: row.get(5)?,
        after: Standing { amount: row.get(13)?, average },
    };
    one.basis = basis(&one, kind, (row.get(6)?, row.get(7)?, row.get(8)?));
    let document = row.get::<_, Option<i64>>(11)?.zip(row.get(12)?);
    Ok((one, Entry { at: row.get(10)?, document, kind, was: Some(one) }))
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

fn recount(
    tx: &Tx<'_>,
    good: i64,
    from: Begin,
    new: &[NewMove],
    made: &mut BTreeMap<i64, i64>,
) -> Result<()> {
    let (mut moves, entries) = ledger(tx, good, from, new)?;
    let standing = standing_before(tx, good, from)?;
    let before = before(tx, good, &moves, &entries)?;
    let levels: HashMap<i64, i64> = known_levels(tx, good)?;
    let before = count(standing, before, &mut moves);
    let mut written = new.iter();
    for (one, entry) in moves.iter().zip(&entries) {
        let is_other = match &entry.was {
            None => {
                let new = written.next().ok_or_else(|| Error::internal("a move is lost"))?;
                insert(tx, new, one)?;
                true
            }
            Some(was) if was != one => {
                update(tx, one)?;
                was.value != one.value
            }
            Some(_) => false,
        };
        let is_used = entry.kind == MoveKind::Used;
        if let Some(document) = entry.document.filter(|_| is_other && is_used) {
            note_made(tx, document, entry.at, made)?;
        }
    }
    for (place, now) in before.places {
        if levels.get(&place) != Some(&now) {
            write_level(tx, good, place, now)?;
        }
    }
    let last = moves.last().map_or(standing, |one| one.after);
    write_cost(tx, good, last)
}

/// What is counted: what is written from there on with the new among it, each by its moment.
fn ledger(tx: &Tx<'_>, good: i64, from: Begin, new: &[NewMove]) -> Result<(Vec<Move>, Vec<Entry>)> {
    let (moment, order) = match from {
        Begin::At(at) => (at, "at >= ?2"),
        Begin::After(at) => (at, "at > ?2"),
    };
    let sql =
        format!("SELECT {COLUMNS} FROM stock_moves WHERE good_id = ?1 AND {order} ORDER BY at, id");
    let mut statement = tx.prepare_cached(&sql)?;
    let mut rows = statement.query([good, moment])?;
    let (mut moves, mut entries) = (Vec::new(), Vec::new());
    let mut waiting = new.iter().enumerate().peekable();
    while let Some(row) = rows.next()? {
        let (one, entry) = entry(row)?;
        while let Some((at, new)) = waiting.next_if(|(_, new)| new.at.0 < entry.at) {
            moves.push(as_move(at, new));
            entries.push(Entry::of(new));
        }
        moves.push(one);
        entries.push(entry);
    }
    for (at, new) in waiting {
        moves.push(as_move(at, new));
        entries.push(Entry::of(new));
    }
    for (one, entry) in moves.iter_mut().zip(&mut entries) {
        if entry.kind == MoveKind::Produced && one.basis == Basis::Average {
            one.basis = Basis::Price(used_for(tx, entry.document)?);
            if let Some(was) = &mut entry.was {
                was.basis = one.basis;
            }
        }
    }
    Ok((moves, entries))
}

/// Moves that are not written have numbers below 0, by their place among the new.
fn as_move(at: usize, new: &NewMove) -> Move {
    let mut one = Move {
        id: -1 - i64::try_from(at).unwrap_or(i64::MAX - 1),
        place: new.place_id,
        line: new.order_item_id,
        basis: Basis::Average,
        amount: new.quantity,
        value: 0,
        correction: 0,
        after: Standing::NOTHING,
    };
    one.basis = basis(&one, new.kind, (new.cost, new.counted, new.undoes_id));
    one
}

/// What went into what a line of a document made.
fn used_for(tx: &Tx<'_>, document: Option<(i64, i64)>) -> Result<i64> {
    let Some((id, line)) = document else { return Ok(0) };
    let used: i64 = tx
        .prepare_cached(
            "SELECT coalesce(sum(value), 0) FROM stock_moves
             WHERE document_id = ?1 AND document_line = ?2 AND kind = 'USED'",
        )?
        .query_row([id, line], |row| row.get(0))?;
    Ok((-used).max(0))
}

/// What a line of a document made is worth something else now.
fn note_made(
    tx: &Tx<'_>,
    (document, line): (i64, i64),
    at: i64,
    made: &mut BTreeMap<i64, i64>,
) -> Result<()> {
    let good: Option<i64> = tx
        .prepare_cached(
            "SELECT good_id FROM stock_moves
             WHERE document_id = ?1 AND document_line = ?2 AND kind = 'PRODUCED'",
        )?
        .query_row([document, line], |row| row.get(0))
        .optional()?;
    if let Some(good) = good {
        let known = made.entry(good).or_insert(at);
        *known = at.min(*known);
    }
    Ok(())
}

fn standing_before(db: &Connection, good: i64, from: Begin) -> Result<Standing> {
    let (moment, order) = match from {
        Begin::At(at) => (at, "at < ?2"),
        Begin::After(at) => (at, "at <= ?2"),
    };
    let sql = format!(
        "SELECT after_quantity, average_money, average_quantity FROM stock_moves
         WHERE good_id = ?1 AND {order} ORDER BY at DESC, id DESC LIMIT 1"
    );
    let found = db.prepare_cached(&sql)?.query_row([good, moment], as_standing).optional()?;
    Ok(found.unwrap_or(Standing::NOTHING))
}

fn as_standing(row: &Row<'_>) -> rusqlite::Result<Standing> {
    let average = Average { money: row.get(1)?, amount: row.get(2)? };
    Ok(Standing { amount: row.get(0)?, average })
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

/// What is known before the moves that are counted: of their places, of lines that give back, of moves
/// that are undone.
fn before(db: &Connection, good: i64, moves: &[Move], entries: &[Entry]) -> Result<Before> {
    let mut before = Before { places: known_levels(db, good)?, ..Before::default() };
    for was in entries.iter().filter_map(|entry| entry.was.as_ref()) {
        *before.places.entry(was.place).or_insert(0) -= was.amount;
    }
    for one in moves {
        match one.basis {
            Basis::Line(line) if !before.lines.contains_key(&line) => {
                let mut taken = taken_by(db, good, line)?;
                let counted = entries.iter().filter_map(|entry| entry.was.as_ref());
                for was in counted.filter(|was| was.line == Some(line)) {
                    taken = (taken.0 - was.amount, taken.1 - was.value);
                }
                before.lines.insert(line, taken);
            }
            Basis::Undoes(id) if !before.moves.contains_key(&id) => {
                before.moves.extend(known(db, good, id)?.map(|known| (id, known)));
            }
            _ => {}
        }
    }
    Ok(before)
}

/// A move that another undoes.
fn known(db: &Connection, good: i64, id: i64) -> Result<Option<Known>> {
    let sql = "SELECT quantity, value, at FROM stock_moves WHERE id = ?1";
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let found: Option<(i64, i64, i64)> =
        db.prepare_cached(sql)?.query_row([id], read).optional()?;
    let Some((amount, value, at)) = found else { return Ok(None) };
    let average = db
        .prepare_cached(
            "SELECT after_quantity, average_money, average_quantity FROM stock_moves
             WHERE good_id = ?1 AND at <= ?2 AND (at, id) < (?2, ?3)
             ORDER BY at DESC, id DESC LIMIT 1",
        )?
        .query_row([good, at, id], as_standing)
        .optional()?
        .map_or(Average::UNKNOWN, |standing| standing.average);
    Ok(Some(Known { amount, value, average }))
}

/// What a line of an order took of a good by all its moves.
fn taken_by(db: &Connection, good: i64, line: i64) -> Result<(i64, i64)> {
    let sql = "SELECT coalesce(sum(quantity), 0), coalesce(sum(value), 0) FROM stock_moves
               WHERE order_item_id = ?1 AND good_id = ?2";
    Ok(db.prepare_cached(sql)?.query_row([line, good], |row| Ok((row.get(0)?, row.get(1)?)))?)
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

fn known_levels(db: &Connection, good: i64) -> Result<HashMap<i64, i64>> {
    let sql = "SELECT place_id, quantity FROM stock_levels WHERE good_id = ?1";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([good], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn insert(tx: &Tx<'_>, new: &NewMove, one: &Move) -> Result<()> {
    let Timestamp(now) = tx.now();
    tx.prepare_cached(
        "INSERT INTO stock_moves (good_id, place_id, at, kind, quantity, value, correction, cost,
                                  counted, document_id, document_line, order_item_id, undoes_id,
                                  user_id, after_quantity, average_money, average_quantity,
                                  created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
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
        now,
    ])?;
    Ok(())
}

fn update(tx: &Tx<'_>, one: &Move) -> Result<()> {
    tx.prepare_cached(
        "UPDATE stock_moves SET quantity = ?2, value = ?3, correction = ?4, after_quantity = ?5,
                                average_money = ?6, average_quantity = ?7
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
    ])?;
    Ok(())
}

fn write_level(tx: &Tx<'_>, good: i64, place: i64, amount: i64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO stock_levels (good_id, place_id, quantity) VALUES (?1, ?2, ?3)
         ON CONFLICT (good_id, place_id) DO UPDATE SET quantity = excluded.quantity",
    )?
    .execute([good, place, amount])?;
    Ok(())
}

fn write_cost(tx: &Tx<'_>, good: i64, last: Standing) -> Result<()> {
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

/// The first few goods that do not stand where their moves brought them.
///
/// # Errors
/// When the database cannot be read.
pub fn check_ledger(db: &Connection) -> Result<Vec<i64>> {
    let mut statement = db.prepare_cached(
        "SELECT id FROM stock_goods g
         WHERE (SELECT coalesce(sum(m.quantity), 0) FROM stock_moves m WHERE m.good_id = g.id)
               <> coalesce((SELECT c.quantity FROM stock_costs c WHERE c.id = g.id), 0)
            OR (SELECT coalesce(sum(m.value + m.correction), 0) FROM stock_moves m
                WHERE m.good_id = g.id)
               <> coalesce((SELECT c.value FROM stock_costs c WHERE c.id = g.id), 0)
            OR (SELECT coalesce(sum(l.quantity), 0) FROM stock_levels l WHERE l.good_id = g.id)
               <> coalesce((SELECT c.quantity FROM stock_costs c WHERE c.id = g.id), 0)
         LIMIT ?1",
    )?;
    let ids = statement.query_map([NAMED], |row| row.get(0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

#[cfg(test)]
mod tests;
