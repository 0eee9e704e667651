//! The shopping list in SQL.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, OptionalExtension, Row};

use super::rules::{Stands, WEEK, Week, packs};
use super::{Line, List, OfSupplier};
use crate::core::error::Result;
use crate::core::kernel::{Day, Money, Timestamp, Zone};
use crate::core::store::word;
use crate::features::stock::amount::{Amount, THOUSAND};
use crate::features::stock::goods::BaseUnit;
use crate::features::stock::ledger::Average;

/// So many goods are told: nobody buys more.
const MOST: usize = 1_000;
/// Days are looked back at: eight of each day of the week.
const LOOKED_BACK: i64 = 56;

/// What has to be bought so that it lasts for so many days after today.
///
/// # Errors
/// When the database cannot be read.
pub fn list(db: &Connection, zone: &Zone, now: Timestamp, days: i64) -> Result<List> {
    let today = zone.day_of(now);
    let (weeks, seen) = weeks(db, zone, today)?;
    let so_far = went(db, zone.start(today), now)?;
    let mut found = BTreeMap::<i64, Vec<Line>>::new();
    let (mut total, mut cost) = (0, 0);
    for good in goods(db)? {
        let week = weeks.get(&good.id).copied().unwrap_or_default();
        let rest = week.forecast(seen, [weekday(today)]) - so_far.get(&good.id).unwrap_or(&0);
        let next = (1..=days).map(|day| weekday(today.plus_days(day)));
        let forecast = week.forecast(seen, next) + rest.max(0);
        let Some((supplier, line)) = bought(db, good, forecast)? else { continue };
        total += 1;
        if total <= MOST {
            cost += line.cost.map_or(0, |Money(cost)| cost);
            found.entry(supplier.map_or(i64::MAX, |(id, _)| id)).or_default().push(line);
        }
    }
    let suppliers = found.into_iter().map(|(id, lines)| of_supplier(db, id, lines));
    let mut suppliers = suppliers.collect::<Result<Vec<_>>>()?;
    suppliers.sort_by_cached_key(|one| (one.supplier_id.is_none(), one.name.clone()));
    let until = today.plus_days(days);
    let total = i64::try_from(total).unwrap_or(i64::MAX);
    Ok(List { until, suppliers, cost: Money(cost), total })
}

/// Monday is 0.
fn weekday(day: Day) -> usize {
    usize::try_from(day.weekday() - 1).unwrap_or(0) % WEEK
}

/// What each good took in the last weeks, and how many of each day of the week were looked at.
fn weeks(db: &Connection, zone: &Zone, today: Day) -> Result<(HashMap<i64, Week>, [i64; WEEK])> {
    let (mut weeks, mut seen) = (HashMap::<i64, Week>::new(), [0; WEEK]);
    let sql = "SELECT min((SELECT m.at FROM stock_moves m WHERE m.good_id = g.id
                           ORDER BY m.at LIMIT 1)) FROM stock_goods g";
    let first: Option<i64> = db.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    let Some(first) = first.map(|at| zone.day_of(Timestamp(at))) else { return Ok((weeks, seen)) };
    let mut day = first.max(today.plus_days(-LOOKED_BACK));
    while day < today {
        let next = day.plus_days(1);
        seen[weekday(day)] += 1;
        for (good, amount) in went(db, zone.start(day), zone.start(next))? {
            weeks.entry(good).or_default().went[weekday(day)] += amount;
        }
        day = next;
    }
    Ok((weeks, seen))
}

/// What dishes, and what was made, took of each good from one moment until before another.
fn went(db: &Connection, from: Timestamp, to: Timestamp) -> Result<HashMap<i64, i64>> {
    // Goods first: each is then read by the index of its moves.
    let mut statement = db.prepare_cached(
        "SELECT g.id, -sum(m.quantity) FROM stock_goods g
         CROSS JOIN stock_moves m ON m.good_id = g.id AND m.at >= ?1 AND m.at < ?2
         WHERE m.kind IN ('SALE', 'WASTE', 'USED') GROUP BY g.id",
    )?;
    let rows = statement.query_map([from.0, to.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A good that is bought.
struct Good {
    id: i64,
    name: String,
    base_unit: BaseUnit,
    low_at: Option<i64>,
    there: i64,
    average: Average,
}

/// All goods but those that are made here.
fn goods(db: &Connection) -> Result<Vec<Good>> {
    let mut statement = db.prepare_cached(
        "SELECT g.id, g.name, g.base_unit, g.low_at, coalesce(c.quantity, 0),
                coalesce(c.average_money, 0), coalesce(c.average_quantity, 1)
         FROM stock_goods g LEFT JOIN stock_costs c ON c.id = g.id
         WHERE g.deleted_at IS NULL AND g.kind <> 'PREP' ORDER BY g.name, g.id",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(Good {
            id: row.get(0)?,
            name: row.get(1)?,
            base_unit: word(row, 2, BaseUnit::parse)?,
            low_at: row.get(3)?,
            there: row.get(4)?,
            average: Average { money: row.get(5)?, amount: row.get(6)? },
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

type Offer = (i64, Average);

/// The line of a good, and of whom it is bought; none where enough of it is there.
fn bought(db: &Connection, good: Good, forecast: i64) -> Result<Option<(Option<Offer>, Line)>> {
    let Good { id, name, base_unit, low_at, there, average } = good;
    if low_at.is_none() && forecast == 0 {
        return Ok(None);
    }
    let pack = smallest_pack(db, id)?;
    let size = pack.as_ref().map_or(THOUSAND, |(_, size)| *size);
    let Some(count) = packs(Stands { there, low_at, forecast, pack: size }) else {
        return Ok(None);
    };
    let offer = cheapest(db, id)?;
    let quantity = count.saturating_mul(size);
    let price = offer.map_or(average, |(_, price)| price);
    let line = Line {
        good_id: id,
        name,
        base_unit,
        there: Amount(there),
        low_at: low_at.map(Amount),
        forecast: Amount(forecast),
        quantity: Amount(quantity),
        packs: pack.as_ref().map(|_| count),
        pack_name: pack.map(|(name, _)| name),
        cost: (price != Average::UNKNOWN).then(|| Money(price.of(quantity))),
    };
    Ok(Some((offer, line)))
}

fn smallest_pack(db: &Connection, good: i64) -> Result<Option<(String, i64)>> {
    let sql = "SELECT name, quantity FROM stock_packs WHERE good_id = ?1 AND deleted_at IS NULL
               ORDER BY quantity, id LIMIT 1";
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    Ok(db.prepare_cached(sql)?.query_row([good], read).optional()?)
}

/// Of whom a good costs least, as it was agreed.
fn cheapest(db: &Connection, good: i64) -> Result<Option<Offer>> {
    let mut statement = db.prepare_cached(
        "SELECT p.supplier_id, p.price, p.quantity FROM supplier_prices p
         JOIN suppliers s ON s.id = p.supplier_id AND s.deleted_at IS NULL
         WHERE p.good_id = ?1 ORDER BY p.supplier_id",
    )?;
    let rows = statement.query_map([good], |row| {
        Ok((row.get(0)?, Average { money: row.get(1)?, amount: row.get(2)? }))
    })?;
    let offers = rows.collect::<rusqlite::Result<Vec<Offer>>>()?;
    // Of a thousand tonnes: no two prices that differ are alike there.
    Ok(offers.into_iter().min_by_key(|(id, price)| (price.of(Amount::MOST.0), *id)))
}

fn of_supplier(db: &Connection, id: i64, lines: Vec<Line>) -> Result<OfSupplier> {
    let sql = "SELECT name, phone FROM suppliers WHERE id = ?1";
    let read = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?));
    let found = db.prepare_cached(sql)?.query_row([id], read).optional()?;
    let cost = lines.iter().filter_map(|line| line.cost).sum();
    let supplier_id = found.is_some().then_some(id);
    let (name, phone) = found.map_or((None, None), |(name, phone)| (Some(name), phone));
    Ok(OfSupplier { supplier_id, name, phone, lines, cost })
}
