//! Learning in SQL: closed orders become counts, once each, behind every order that waits.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::ControlFlow;

use rusqlite::{Connection, OptionalExtension, params};

use super::choice_rules::is_control;
use super::rules::{Basket, Counts, Fading, SLOTS, Slot, day_count};
use super::settings_store::settings;
use crate::core::error::Result;
use crate::core::event::Kind;
use crate::core::kernel::{Day, Timestamp, Zone};
use crate::core::store::{Command, Priority, Steps, Taken, Tx, take_events};

/// The name under which events are read.
const READER: &str = "suggestions";
/// So many events are read in one command; most of them tell of something else.
const AT_ONCE: usize = 16;
/// From so many orders that were closed before is learnt, the newest first: more bring little.
const MOST_PAST: i64 = 5_000;

/// Where learning begins: later orders are learnt of as they are closed, earlier ones step by step.
pub struct Begin;

impl Command for Begin {
    type Output = ();
    const PRIORITY: Priority = Priority::Upkeep;

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let begun = "SELECT EXISTS (SELECT 1 FROM suggestion_past)";
        if tx.prepare_cached(begun)?.query_row([], |row| row.get(0))? {
            return Ok(());
        }
        take_events(tx, READER, 0)?;
        tx.prepare_cached(
            "INSERT INTO suggestion_past (id, began_at, below, left)
             SELECT 1, ?1, coalesce(max(id), 0) + 1, ?2 FROM orders",
        )?
        .execute(params![tx.now().0, MOST_PAST])?;
        Ok(())
    }
}

/// All counts.
///
/// # Errors
/// When the database cannot be read.
pub fn load(db: &Connection) -> Result<Counts> {
    let mut counts = Counts::default();
    let slot_of = |slot: i64| usize::try_from(slot).unwrap_or_default().min(SLOTS - 1);
    let mut statement = db.prepare("SELECT slot, n, day FROM suggestion_times")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        counts.orders[slot_of(row.get(0)?)] = Fading { n: row.get(1)?, day: row.get(2)? };
    }
    let mut statement = db.prepare("SELECT dish_id, slot, n, day FROM suggestion_dishes")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let dish = counts.dishes.entry(row.get(0)?).or_default();
        dish[slot_of(row.get(1)?)] = Fading { n: row.get(2)?, day: row.get(3)? };
    }
    let mut statement = db.prepare("SELECT dish_id, other_id, n, day FROM suggestion_pairs")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let pair = (row.get(0)?, row.get(1)?);
        counts.pairs.insert(pair, Fading { n: row.get(2)?, day: row.get(3)? });
    }
    Ok(counts)
}

/// What was learnt of, for the memory.
#[derive(Debug, Default)]
pub struct Learnt {
    /// The orders.
    pub baskets: Vec<Basket>,
    /// Their tables.
    pub tables: Vec<i64>,
    /// Whether there may be more.
    pub is_more: bool,
}

/// Learns of the orders that were closed since it last looked.
pub struct Learn {
    /// Decides what an evening is.
    pub zone: Zone,
    /// What was shown at which table.
    pub offered: HashMap<i64, HashSet<i64>>,
}

impl Command for Learn {
    type Output = Learnt;
    const PRIORITY: Priority = Priority::Upkeep;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Learnt> {
        let events = match take_events(tx, READER, AT_ONCE)? {
            Taken::Events(events) => events,
            // What was missed is missed: the counts are none the worse for some evenings.
            Taken::CutOff => Vec::new(),
        };
        let is_more = events.len() == AT_ONCE;
        let changed = events.iter().filter(|event| event.kind == Kind::OrderStatusChanged);
        let orders: BTreeSet<i64> = changed.filter_map(|event| event.subject.order_id()).collect();
        let mut learnt = Learnt { is_more, ..Learnt::default() };
        for order_id in orders {
            let Some(order) = closed(tx, order_id)? else { continue };
            let basket = order.basket(tx, &self.zone)?;
            if note(tx, &order, &basket, &self.offered)? {
                write(tx, &basket)?;
                learnt.baskets.push(basket);
            }
            learnt.tables.extend(order.table_id);
        }
        Ok(learnt)
    }
}

struct Closed {
    id: i64,
    business_day: i64,
    created_at: Timestamp,
    table_id: Option<i64>,
    total: i64,
}

const CLOSED: &str =
    "SELECT id, business_day, created_at, table_id, total - given_back FROM orders";

fn closed(db: &Connection, order_id: i64) -> Result<Option<Closed>> {
    let sql = format!("{CLOSED} WHERE id = ?1 AND status = 'COMPLETED'");
    Ok(db.prepare_cached(&sql)?.query_row([order_id], closed_from_row).optional()?)
}

fn closed_from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Closed> {
    Ok(Closed {
        id: row.get(0)?,
        business_day: row.get(1)?,
        created_at: Timestamp(row.get(2)?),
        table_id: row.get(3)?,
        total: row.get(4)?,
    })
}

impl Closed {
    fn basket(&self, db: &Connection, zone: &Zone) -> Result<Basket> {
        let mut lines = db.prepare_cached(
            "SELECT dish_id FROM order_items WHERE order_id = ?1 AND status <> 'CANCELLED'",
        )?;
        let dishes = lines.query_map([self.id], |row| row.get(0))?;
        let day = Day::of_number(self.business_day).unwrap_or_else(|| zone.day_of(self.created_at));
        let slot = Slot::of(zone.hour_of(self.created_at), day.is_weekend());
        Ok(Basket::new(day_count(day), slot, dishes.collect::<rusqlite::Result<_>>()?))
    }
}

/// Notes an order and what came of suggestions. Whether it is new: one that was opened again and closed
/// with another sum has that from now on, and is learnt of once.
fn note(
    tx: &Tx<'_>,
    order: &Closed,
    basket: &Basket,
    offered: &HashMap<i64, HashSet<i64>>,
) -> Result<bool> {
    let seen = order.table_id.and_then(|table| offered.get(&table));
    let was_taken = seen.is_some_and(|seen| basket.dishes.iter().any(|dish| seen.contains(dish)));
    let is_on = settings(tx)?.is_on;
    let decided = order.table_id.filter(|_| is_on);
    let is_control = decided.map(|table| is_control(table, order.business_day));
    let known = tx
        .prepare_cached("UPDATE suggestion_orders SET total = ?2 WHERE order_id = ?1")?
        .execute(params![order.id, order.total])?;
    if known > 0 {
        return Ok(false);
    }
    tx.prepare_cached(
        "INSERT INTO suggestion_orders (order_id, business_day, table_id, is_control, total,
                                        was_offered, was_taken)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        order.id,
        order.business_day,
        order.table_id,
        is_control,
        order.total,
        seen.is_some(),
        was_taken
    ])?;
    Ok(true)
}

fn write(tx: &Tx<'_>, basket: &Basket) -> Result<()> {
    let slot = i64::from(basket.slot.0);
    let one = |sql: [&str; 2], key: [i64; 2], all: usize| -> Result<()> {
        let key = &key[..all];
        let found = tx
            .prepare_cached(sql[0])?
            .query_row(rusqlite::params_from_iter(key), |row| {
                Ok(Fading { n: row.get(0)?, day: row.get(1)? })
            })
            .optional()?;
        let mut count = found.unwrap_or_default();
        count.count(basket.day);
        let mut write = tx.prepare_cached(sql[1])?;
        for (at, part) in key.iter().enumerate() {
            write.raw_bind_parameter(at + 1, part)?;
        }
        write.raw_bind_parameter(all + 1, count.n)?;
        write.raw_bind_parameter(all + 2, count.day)?;
        write.raw_execute()?;
        Ok(())
    };
    let times = [
        "SELECT n, day FROM suggestion_times WHERE slot = ?1",
        "INSERT INTO suggestion_times (slot, n, day) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET n = excluded.n, day = excluded.day",
    ];
    one(times, [slot, 0], 1)?;
    let dishes = [
        "SELECT n, day FROM suggestion_dishes WHERE dish_id = ?1 AND slot = ?2",
        "INSERT INTO suggestion_dishes (dish_id, slot, n, day) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET n = excluded.n, day = excluded.day",
    ];
    basket.dishes.iter().try_for_each(|dish| one(dishes, [*dish, slot], 2))?;
    let pairs = [
        "SELECT n, day FROM suggestion_pairs WHERE dish_id = ?1 AND other_id = ?2",
        "INSERT INTO suggestion_pairs (dish_id, other_id, n, day) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET n = excluded.n, day = excluded.day",
    ];
    basket.pairs().try_for_each(|(dish, other)| one(pairs, [dish, other], 2))
}

/// Learns of orders that were closed before it began: of a box that had none of this, or whose counts
/// did not come back from the cloud.
pub struct LearnPast {
    zone: Zone,
    baskets: Vec<Basket>,
}

impl LearnPast {
    /// From where it was left.
    pub fn new(zone: Zone) -> Self {
        Self { zone, baskets: Vec::new() }
    }
}

impl Steps for LearnPast {
    type Output = Vec<Basket>;

    fn step(&mut self, tx: &mut Tx<'_>) -> Result<ControlFlow<Vec<Basket>>> {
        let (began_at, mut below, mut left): (i64, i64, i64) = tx
            .prepare_cached("SELECT began_at, below, left FROM suggestion_past")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let next = format!(
            "{CLOSED} WHERE id < ?1 AND status = 'COMPLETED' AND closed_at < ?2
             ORDER BY id DESC LIMIT 1"
        );
        while left > 0 {
            let mut next = tx.prepare_cached(&next)?;
            let order = next.query_row([below, began_at], closed_from_row).optional()?;
            let Some(order) = order else {
                left = 0;
                break;
            };
            let basket = order.basket(tx, &self.zone)?;
            write(tx, &basket)?;
            self.baskets.push(basket);
            (below, left) = (order.id, left - 1);
            if !tx.has_time() {
                break;
            }
        }
        tx.prepare_cached("UPDATE suggestion_past SET below = ?1, left = ?2")?
            .execute([below, left])?;
        Ok(if left > 0 {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(std::mem::take(&mut self.baskets))
        })
    }
}

/// Forgets pairs and dishes that are too many.
pub struct Forget {
    /// These pairs.
    pub pairs: Vec<(i64, i64)>,
    /// These dishes.
    pub dishes: Vec<i64>,
}

impl Command for Forget {
    type Output = ();
    const PRIORITY: Priority = Priority::Upkeep;

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let mut pair =
            tx.prepare_cached("DELETE FROM suggestion_pairs WHERE dish_id = ?1 AND other_id = ?2")?;
        for (dish, other) in self.pairs {
            pair.execute([dish, other])?;
        }
        let mut dish = tx.prepare_cached("DELETE FROM suggestion_dishes WHERE dish_id = ?1")?;
        for id in self.dishes {
            dish.execute([id])?;
        }
        Ok(())
    }
}

/// How much of the price of each dish stayed since a day, in thousandths, where its recipe is known.
///
/// # Errors
/// When the database cannot be read.
pub fn margins(db: &Connection, since: Day) -> Result<HashMap<i64, i64>> {
    let mut statement = db.prepare_cached(
        "SELECT v.dish_id, (sum(d.revenue) - sum(c.cost)) * 1000 / sum(d.revenue)
         FROM daily_costs c
         JOIN daily_dishes d
           ON d.dish_variation_id = c.dish_variation_id AND d.business_day = c.business_day
         JOIN dish_variations v ON v.id = c.dish_variation_id
         WHERE c.business_day >= ?1 GROUP BY v.dish_id HAVING sum(d.revenue) > 0",
    )?;
    let rows = statement.query_map([since.number()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
