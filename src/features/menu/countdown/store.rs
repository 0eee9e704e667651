//! Portions that are left, in SQL.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::json;

use super::{FEW, PortionSource, StopList, StopListEntry};
use crate::core::error::{Error, Result};
use crate::core::kernel::Quantity;
use crate::core::store::{Command, Tx, quantity};
use crate::features::menu::store::translations;
use crate::features::menu::tell;
use crate::features::restaurant::MenuPart;
use crate::platform::audit;

/// Whether anything is counted; none while nobody has looked.
#[derive(Default)]
struct IsCounted(Option<bool>);

/// Most restaurants count nothing: then an order asks the writer's memory and no table.
fn is_counted(tx: &Tx<'_>) -> Result<bool> {
    let known = tx.remembered::<IsCounted>(&["portions_left"]).and_then(|known| known.0);
    if let Some(known) = known {
        return Ok(known);
    }
    let sql = "SELECT EXISTS (SELECT * FROM portions_left)";
    let found = tx.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    if let Some(mut known) = tx.remembered::<IsCounted>(&["portions_left"]) {
        known.0 = Some(found);
    }
    Ok(found)
}

/// Whether so much of sizes can still be had: each with the name of its dish. Changes nothing.
///
/// # Errors
/// 409 `portions_left`, which says of what how many are left.
pub fn check_portions<'a>(
    tx: &Tx<'_>,
    wanted: impl Iterator<Item = (i64, &'a str, Quantity)>,
) -> Result<()> {
    if !is_counted(tx)? {
        return Ok(());
    }
    let mut all: BTreeMap<i64, (&str, i64)> = BTreeMap::new();
    for (variation, name, quantity) in wanted {
        all.entry(variation).or_insert((name, 0)).1 += quantity.thousandths();
    }
    for (variation, (name, wanted)) in all {
        let sql = "SELECT min(quantity) FROM portions_left WHERE variation_id = ?1";
        let left: Option<i64> = tx.prepare_cached(sql)?.query_row([variation], |row| row.get(0))?;
        if let Some(left) = left.filter(|left| *left < wanted) {
            return Err(too_few(variation, name, left));
        }
    }
    Ok(())
}

fn too_few(variation: i64, name: &str, left: i64) -> Error {
    let left = Quantity::new(left.max(0)).unwrap_or(Quantity::ZERO);
    let detail = if left == Quantity::ZERO {
        format!("“{name}” has just run out. Choose something else; nothing was ordered yet.")
    } else {
        format!("Of “{name}” only {left} are left. Take fewer; nothing was ordered yet.")
    };
    let error = Error::conflict("portions_left", detail).with("name", name);
    error.with("variation_id", variation).with("left", left.to_string())
}

/// An order takes so much: it was checked in the same command.
///
/// # Errors
/// When the row cannot be written.
pub fn take_portions(tx: &mut Tx<'_>, variation: i64, quantity: Quantity) -> Result<()> {
    count(tx, variation, -quantity.thousandths())
}

/// What an order took and nobody has begun is there again.
///
/// # Errors
/// When the row cannot be written.
pub fn give_portions(tx: &mut Tx<'_>, variation: i64, quantity: Quantity) -> Result<()> {
    count(tx, variation, quantity.thousandths())
}

fn count(tx: &mut Tx<'_>, variation: i64, more: i64) -> Result<()> {
    if !is_counted(tx)? {
        return Ok(());
    }
    let left: Option<i64> = tx
        .prepare_cached(
            "UPDATE portions_left SET quantity = max(quantity + ?2, 0), updated_at = ?3
             WHERE variation_id = ?1 AND source = 'COUNTDOWN' RETURNING quantity",
        )?
        .query_row([variation, more, tx.now().0], |row| row.get(0))
        .optional()?;
    let Some(left) = left else { return Ok(()) };
    let is_seen = shown(Some(left)) != shown(Some(left - more));
    if is_seen { tell_of(tx, variation) } else { Ok(()) }
}

/// What a menu says of so much that is left, in thousandths: nothing while there is enough of it, and 0 only
/// where nothing is left.
fn shown(left: Option<i64>) -> Option<i64> {
    left.map(|left| (left.max(0) + 999) / 1000).filter(|left| *left <= FEW)
}

/// A menu would say something else: that few are left, or none, or again enough.
fn tell_of(tx: &mut Tx<'_>, variation: i64) -> Result<()> {
    tell(tx, None::<i64>, MenuPart::Variation, Some(variation))
}

/// One source says how many are left.
///
/// # Errors
/// When the row cannot be written.
pub fn set_portions(
    tx: &mut Tx<'_>,
    variation: i64,
    source: PortionSource,
    left: Quantity,
) -> Result<()> {
    let old = replace(tx, variation, source, Some(left))?;
    let seen = |left: Option<Quantity>| shown(left.map(Quantity::thousandths));
    if seen(old) == seen(Some(left)) { Ok(()) } else { tell_of(tx, variation) }
}

/// One source says no more how many are left.
///
/// # Errors
/// When the row cannot be written.
pub fn without_portions(tx: &mut Tx<'_>, variation: i64, source: PortionSource) -> Result<()> {
    let old = replace(tx, variation, source, None)?;
    let is_seen = shown(old.map(Quantity::thousandths)).is_some();
    if is_seen { tell_of(tx, variation) } else { Ok(()) }
}

/// Writes what a source says of a size. What it said before.
fn replace(
    tx: &Tx<'_>,
    variation: i64,
    source: PortionSource,
    left: Option<Quantity>,
) -> Result<Option<Quantity>> {
    let sql = "SELECT quantity FROM portions_left WHERE variation_id = ?1 AND source = ?2";
    let key = (variation, source.as_str());
    let old = tx.prepare_cached(sql)?.query_row(key, |row| quantity(row, 0)).optional()?;
    match left {
        _ if left == old => {}
        Some(left) => {
            tx.prepare_cached(
                "INSERT INTO portions_left (variation_id, source, quantity, updated_at)
                 VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (variation_id, source) DO UPDATE
                    SET quantity = excluded.quantity, updated_at = excluded.updated_at",
            )?
            .execute(params![
                variation,
                source.as_str(),
                left.thousandths(),
                tx.now().0
            ])?;
        }
        None => {
            let sql = "DELETE FROM portions_left WHERE variation_id = ?1 AND source = ?2";
            tx.prepare_cached(sql)?.execute(key)?;
        }
    }
    Ok(old)
}

/// How many are left of sizes of which there are few; 0 where nothing is left. Of what several sources say
/// the least counts.
///
/// # Errors
/// When the database cannot be read.
pub fn few_left(db: &Connection) -> Result<HashMap<i64, i64>> {
    let sql = "SELECT variation_id, min(quantity) FROM portions_left GROUP BY variation_id";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, shown(Some(row.get(1)?)))))?;
    rows.filter_map(|row| row.map(|(id, left)| left.map(|left| (id, left))).transpose())
        .map(|row| Ok(row?))
        .collect()
}

/// Of which sizes a source says how many are left.
///
/// # Errors
/// When the database cannot be read.
pub fn portions_left(db: &Connection, source: PortionSource) -> Result<BTreeMap<i64, Quantity>> {
    let sql = "SELECT variation_id, quantity FROM portions_left WHERE source = ?1";
    let mut statement = db.prepare_cached(sql)?;
    let rows =
        statement.query_map([source.as_str()], |row| Ok((row.get(0)?, quantity(row, 1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What is sold out, or counted.
///
/// # Errors
/// When the database cannot be read.
pub fn stop_list(db: &Connection) -> Result<StopList> {
    let mut statement = db.prepare_cached(
        "SELECT v.id, d.id, d.name, v.name, d.is_available = 0 OR v.is_available = 0,
                c.quantity, g.quantity, d.translations, v.translations
         FROM dish_variations v
         JOIN dishes d ON d.id = v.dish_id AND d.deleted_at IS NULL
         LEFT JOIN portions_left c ON c.variation_id = v.id AND c.source = 'COUNTDOWN'
         LEFT JOIN portions_left g ON g.variation_id = v.id AND g.source = 'GOODS'
         WHERE v.deleted_at IS NULL
           AND (d.is_available = 0 OR v.is_available = 0 OR c.id IS NOT NULL OR g.id IS NOT NULL)
         ORDER BY d.name, d.id, v.sort_order, v.id",
    )?;
    let rows = statement.query_map([], entry)?;
    Ok(StopList { entries: rows.collect::<rusqlite::Result<_>>()? })
}

fn entry(row: &Row<'_>) -> rusqlite::Result<StopListEntry> {
    let left = |column: usize| {
        let left: Option<i64> = row.get(column)?;
        left.map(|_| quantity(row, column)).transpose()
    };
    let (is_off, countdown, goods) = (row.get(4)?, left(5)?, left(6)?);
    let is_none = |left: Option<Quantity>| left == Some(Quantity::ZERO);
    Ok(StopListEntry {
        variation_id: row.get(0)?,
        dish_id: row.get(1)?,
        dish_name: row.get(2)?,
        dish_translations: translations(row, 7)?,
        variation_name: row.get(3)?,
        variation_translations: translations(row, 8)?,
        is_off,
        countdown,
        goods,
        is_sold_out: is_off || is_none(countdown) || is_none(goods),
    })
}

/// Somebody says how many portions are left, or that nobody counts any more.
pub struct SetCountdown {
    pub variation_id: i64,
    pub left: Option<Quantity>,
    pub by: i64,
}

impl Command for SetCountdown {
    type Output = StopList;

    fn apply(self, tx: &mut Tx<'_>) -> Result<StopList> {
        let Self { variation_id, left, by } = self;
        let sql = "SELECT count(*) FROM dish_variations WHERE id = ?1 AND deleted_at IS NULL";
        let known: i64 = tx.prepare_cached(sql)?.query_row([variation_id], |row| row.get(0))?;
        if known == 0 {
            return Err(Error::not_found("variation", variation_id));
        }
        let old = replace(tx, variation_id, PortionSource::Countdown, left)?;
        let change = (json!({"left": old}), json!({"left": left}));
        let size = ("countdown", Some(variation_id));
        audit::note(tx, Some(by), "countdown_set", size, change)?;
        tell(tx, by, MenuPart::Variation, Some(variation_id))?;
        stop_list(tx)
    }
}
