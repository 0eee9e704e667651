//! Levels and moves in SQL.

use rusqlite::{Connection, Row};

use super::{Level, LevelList, LevelState, Move, MoveList, PlaceLevel};
use crate::core::error::Result;
use crate::core::kernel::{Money, Timestamp};
use crate::core::store::{Filter, word};
use crate::features::stock::amount::Amount;
use crate::features::stock::goods::{BaseUnit, GOODS};
use crate::features::stock::ledger::{Average, MoveKind, is_counting};

/// Which levels a list shows.
#[derive(Debug, Default)]
pub struct Wanted {
    /// A part of the good's name.
    pub search: Option<String>,
    /// In this place alone.
    pub place_id: Option<i64>,
    /// That need somebody.
    pub state: Option<LevelState>,
}

const FROM: &str = "(
    SELECT g.id, g.name, g.base_unit, g.low_at, coalesce(c.quantity, 0) AS quantity,
           coalesce(c.value, 0) AS value, coalesce(c.average_money, 0) AS average_money,
           coalesce(c.average_quantity, 1) AS average_quantity,
           EXISTS (SELECT * FROM stock_levels l
                   WHERE l.good_id = g.id AND l.quantity < 0) AS is_negative,
           EXISTS (SELECT * FROM stock_counting r WHERE r.good_id = g.id) AS is_counting
    FROM stock_goods g LEFT JOIN stock_costs c ON c.id = g.id
    WHERE g.deleted_at IS NULL) AS good";

pub fn list(db: &Connection, page: (i64, i64), wanted: &Wanted) -> Result<LevelList> {
    let here = "EXISTS (SELECT * FROM stock_levels h WHERE h.good_id = good.id AND h.place_id = ?)";
    let mut filter = Filter::new("true")
        .and(here, wanted.place_id)
        .containing(&["name"], wanted.search.as_deref());
    filter = match wanted.state {
        None => filter,
        Some(LevelState::Low) => filter.and_always("quantity <= low_at"),
        Some(LevelState::Negative) => filter.and_always("is_negative"),
    };
    let select = format!("SELECT * FROM {FROM}");
    let mut levels = filter.page(db, &select, "name, id", page, from_row)?;
    for level in &mut levels {
        level.places = places(db, level.good_id)?;
        if let Some(place) = wanted.place_id {
            in_place(level, place);
        }
    }
    let total = filter.count(db, FROM)?;
    let sql = "SELECT coalesce(sum(value), 0) FROM stock_costs";
    let value = db.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(LevelList { levels, total, value: Money(value) })
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Level> {
    let base_unit = word(row, 2, BaseUnit::parse)?;
    let low_at = row.get::<_, Option<i64>>(3)?.map(Amount);
    let quantity = Amount(row.get(4)?);
    let average = Average { money: row.get(6)?, amount: row.get(7)? };
    let is_known = average != Average::UNKNOWN;
    Ok(Level {
        good_id: row.get(0)?,
        name: row.get(1)?,
        base_unit,
        quantity,
        value: Money(row.get(5)?),
        unit_cost: is_known.then(|| Money(average.of(base_unit.priced()))),
        low_at,
        is_low: low_at.is_some_and(|low_at| quantity <= low_at),
        is_negative: row.get(8)?,
        is_counting: row.get(9)?,
        places: Vec::new(),
    })
}

/// Only what is in one place, and its share of the value.
fn in_place(level: &mut Level, place: i64) {
    level.places.retain(|one| one.place_id == place);
    let here = level.places.first().map_or(Amount::ZERO, |one| one.quantity);
    if here != level.quantity {
        let average = Average { money: level.value.0, amount: level.quantity.0 };
        level.value = match level.quantity.0 {
            1.. => Money(average.of(here.0)),
            _ => Money::ZERO,
        };
        level.quantity = here;
    }
}

fn places(db: &Connection, good_id: i64) -> Result<Vec<PlaceLevel>> {
    let mut statement = db.prepare_cached(
        "SELECT l.place_id, l.quantity FROM stock_levels l
         JOIN stock_places p ON p.id = l.place_id
         WHERE l.good_id = ?1 ORDER BY p.sort_order, p.id",
    )?;
    let rows = statement.query_map([good_id], |row| {
        Ok(PlaceLevel { place_id: row.get(0)?, quantity: Amount(row.get(1)?) })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One page of a good's moves, the newest first.
///
/// # Errors
/// 404 when there is no such good.
pub fn moves(db: &Connection, good_id: i64, before: Option<i64>, limit: i64) -> Result<MoveList> {
    GOODS.get(db, good_id)?;
    let mut statement = db.prepare_cached(
        "SELECT m.id, m.at, m.kind, m.place_id, m.quantity, m.value, m.correction, m.after_quantity,
                m.document_id, m.order_item_id, i.order_id, i.dish_name
         FROM stock_moves m LEFT JOIN order_items i ON i.id = m.order_item_id
         WHERE m.good_id = ?1
           AND (?2 IS NULL OR (m.at, m.id) < (SELECT b.at, b.id FROM stock_moves b WHERE b.id = ?2))
         ORDER BY m.at DESC, m.id DESC LIMIT ?3",
    )?;
    let rows = statement.query_map((good_id, before, limit + 1), |row| {
        Ok(Move {
            id: row.get(0)?,
            at: Timestamp(row.get(1)?),
            kind: word(row, 2, MoveKind::parse)?,
            place_id: row.get(3)?,
            quantity: Amount(row.get(4)?),
            value: Money(row.get(5)?),
            correction: Money(row.get(6)?),
            after: Amount(row.get(7)?),
            document_id: row.get(8)?,
            order_item_id: row.get(9)?,
            order_id: row.get(10)?,
            dish_name: row.get(11)?,
        })
    })?;
    let mut moves = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let is_more = i64::try_from(moves.len()).is_ok_and(|count| count > limit);
    if is_more {
        moves.pop();
    }
    let next = moves.last().map(|one| one.id).filter(|_| is_more);
    Ok(MoveList { moves, is_counting: is_counting(db, good_id)?, next })
}
