//! Sold lines in SQL.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, OptionalExtension, Row};

use super::takes::{SoldLine, difference, taken_as, wanted};
use crate::core::error::Result;
use crate::core::kernel::{Day, Timestamp};
use crate::core::store::{Command, Priority, Taken, Tx, take_events, word};
use crate::features::menu::Department;
use crate::features::orders::{ItemStatus, chosen};
use crate::features::stock::ledger::{self, NewMove};
use crate::features::stock::places;
use crate::features::stock::recipes::{Book, READER, explode, remembered_book};
use crate::features::stock::stop_list::follow_goods;

/// So many events are read in one command: orders wait no longer for it than for each other.
const AT_ONCE: usize = 4;

/// Posts what the next events of orders took. Returns whether there may be more.
pub struct PostSales;

impl Command for PostSales {
    type Output = bool;
    const PRIORITY: Priority = Priority::Upkeep;

    fn apply(self, tx: &mut Tx<'_>) -> Result<bool> {
        let (orders, is_more) = match take_events(tx, READER, AT_ONCE)? {
            Taken::Events(events) => {
                let mut orders = BTreeMap::new();
                for event in &events {
                    if let Some(order) = event.subject.order_id() {
                        orders.insert(order, event.at);
                    }
                }
                (orders, events.len() == AT_ONCE)
            }
            Taken::CutOff => (since_last(tx)?, false),
        };
        let book = remembered_book(tx)?;
        let places = PlacesOf::read(tx)?;
        for (order, at) in orders {
            post_order(tx, (&book, &places), order, at)?;
        }
        follow_goods(tx)?;
        Ok(is_more)
    }
}

/// Orders from the day of the last one that was posted: after the events of some are gone.
fn since_last(db: &Connection) -> Result<BTreeMap<i64, Timestamp>> {
    let day: Option<i64> = db
        .prepare_cached(
            "SELECT o.business_day FROM stock_moves m
             JOIN order_items i ON i.id = m.order_item_id JOIN orders o ON o.id = i.order_id
             WHERE m.order_item_id IS NOT NULL ORDER BY m.order_item_id DESC LIMIT 1",
        )?
        .query_row([], |row| row.get(0))
        .optional()?;
    let mut orders =
        db.prepare_cached("SELECT id, updated_at FROM orders WHERE business_day >= ?1")?;
    let orders = orders.query_map([day], |row| Ok((row.get(0)?, Timestamp(row.get(1)?))))?;
    Ok(orders.collect::<rusqlite::Result<_>>()?)
}

/// Posts what the orders of a day took, each at its own moment: for the past of a demo, of which no event
/// tells.
///
/// # Errors
/// When the rows cannot be read or written.
pub fn post_day(tx: &Tx<'_>, day: Day) -> Result<()> {
    let mut orders =
        tx.prepare_cached("SELECT id, created_at FROM orders WHERE business_day = ?1 ORDER BY id")?;
    let orders =
        orders.query_map([day.number()], |row| Ok((row.get(0)?, Timestamp(row.get(1)?))))?;
    let orders = orders.collect::<rusqlite::Result<Vec<_>>>()?;
    let (book, places) = (remembered_book(tx)?, PlacesOf::read(tx)?);
    orders.into_iter().try_for_each(|(order, at)| post_order(tx, (&book, &places), order, at))
}

/// From where dishes take goods.
struct PlacesOf {
    by_department: HashMap<Department, i64>,
    first: i64,
}

impl PlacesOf {
    fn read(db: &Connection) -> Result<Self> {
        let all = places::all(db)?;
        let first = all.first().map_or(1, |place| place.id);
        let named = all
            .iter()
            .flat_map(|place| place.departments.iter().map(|department| (*department, place.id)));
        Ok(Self { by_department: named.collect(), first })
    }

    fn of(&self, department: Department) -> i64 {
        self.by_department.get(&department).copied().unwrap_or(self.first)
    }
}

fn post_order(
    tx: &Tx<'_>,
    (book, places): (&Book, &PlacesOf),
    order_id: i64,
    at: Timestamp,
) -> Result<()> {
    let mut moves = Vec::new();
    for (id, department, line) in lines(tx, order_id)? {
        let kind = taken_as(&line);
        let needs = match kind {
            None => BTreeMap::new(),
            Some(_) => explode(book, &wanted(&line), line.sent_at).unwrap_or_else(|trouble| {
                tracing::error!(?trouble, order_id, "nobody can say what a dish takes");
                BTreeMap::new()
            }),
        };
        let posted = ledger::of_line(tx, id)?;
        for ((good_id, kind), quantity) in difference(kind, needs, &posted) {
            moves.push(NewMove {
                good_id,
                place_id: places.of(department),
                at,
                kind,
                quantity,
                cost: None,
                counted: None,
                document: None,
                order_item_id: Some(id),
                undoes_id: None,
                user_id: None,
            });
        }
    }
    ledger::post(tx, moves)
}

fn lines(db: &Connection, order_id: i64) -> Result<Vec<(i64, Department, SoldLine)>> {
    let mut statement = db.prepare_cached(
        "SELECT i.id, i.department, i.dish_variation_id, i.quantity, i.chosen, i.status,
                o.status = 'CANCELLED' AND o.joined_into_id IS NULL,
                i.preparation_started_at IS NOT NULL, coalesce(i.sent_to_kitchen_at, i.created_at)
         FROM order_items i JOIN orders o ON o.id = i.order_id WHERE i.order_id = ?1 ORDER BY i.id",
    )?;
    let rows = statement.query_map([order_id], line)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn line(row: &Row<'_>) -> rusqlite::Result<(i64, Department, SoldLine)> {
    let line = SoldLine {
        variation_id: row.get(2)?,
        quantity: row.get(3)?,
        chosen: chosen(row, 4)?,
        status: word(row, 5, ItemStatus::parse)?,
        is_called_off: row.get(6)?,
        is_begun: row.get(7)?,
        sent_at: Timestamp(row.get(8)?),
    };
    Ok((row.get(0)?, word(row, 1, Department::parse)?, line))
}
