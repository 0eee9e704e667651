//! What the orders say of those who sit, in SQL: what they ordered, where they moved, and that they went.

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;

use super::apply_store::{kept_for, tell};
use super::held_store::{check_free, keep};
use super::policy_store::rules;
use super::rules::Span;
use super::steps_store::gone;
use super::store::reservation;
use super::types::{Reservation, ReservationState};
use crate::core::error::Result;
use crate::core::kernel::{Timestamp, Zone};
use crate::core::store::{Columns, Command, Priority, Tx};
use crate::features::floor;

/// So many parties are looked at in one go; more do not sit in one house.
const MOST: i64 = 500;

/// Something that the book does not know yet of a party that sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// This is what they ordered.
    Ordered(i64),
    /// They sit at another table now.
    Moved(i64),
    /// They went at this moment.
    Gone(Timestamp),
}

/// What is new of all who sit.
pub fn news(db: &Connection, zone: &Zone, now: Timestamp) -> Result<Vec<(i64, News)>> {
    let sql = "SELECT id FROM reservations INDEXED BY reservations_seated
               WHERE state = 'SEATED' ORDER BY seated_at LIMIT ?1";
    let mut statement = db.prepare_cached(sql)?;
    let ids = statement.query_map([MOST], |row| row.get(0))?;
    let mut all = Vec::new();
    for id in ids.collect::<rusqlite::Result<Vec<i64>>>()? {
        let one = reservation(db, zone, id)?;
        if let Some(news) = news_of(db, &one, now)? {
            all.push((id, news));
        }
    }
    Ok(all)
}

fn news_of(db: &Connection, one: &Reservation, now: Timestamp) -> Result<Option<News>> {
    let Some(order_id) = one.order_id else {
        if let Some(order) = ordered(db, one)? {
            return Ok(Some(News::Ordered(order)));
        }
        return Ok((!is_seated(db, one)?).then_some(News::Gone(now)));
    };
    let sql = "SELECT closed_at, joined_into_id, table_id FROM orders WHERE id = ?1";
    let (closed_at, joined_into, table_id): Ended = db
        .prepare_cached(sql)?
        .query_row([order_id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(match (closed_at, joined_into, table_id) {
        (Some(_), Some(joined), _) => Some(News::Ordered(joined)),
        (Some(at), None, _) => Some(News::Gone(Timestamp(at))),
        (None, _, Some(table)) if one.tables.iter().all(|kept| kept.id != table) => {
            Some(News::Moved(table))
        }
        _ => None,
    })
}

/// When an order was closed, into which it was joined, and its table.
type Ended = (Option<i64>, Option<i64>, Option<i64>);

/// What was ordered at their tables since they sat down.
fn ordered(db: &Connection, one: &Reservation) -> Result<Option<i64>> {
    let Some(seated_at) = one.seated_at else { return Ok(None) };
    let mut open = db.prepare_cached(
        "SELECT id FROM orders INDEXED BY orders_open
         WHERE table_id = ?1 AND closed_at IS NULL AND order_type = 'DINE_IN' AND created_at >= ?2
         ORDER BY id LIMIT 1",
    )?;
    let mut closed = db.prepare_cached(
        "SELECT id, created_at FROM orders INDEXED BY orders_table
         WHERE table_id = ?1 AND closed_at IS NOT NULL AND order_type = 'DINE_IN'
         ORDER BY id DESC LIMIT 1",
    )?;
    for table in &one.tables {
        let found: Option<i64> =
            open.query_row([table.id, seated_at.0], |row| row.get(0)).optional()?;
        let last: Option<(i64, i64)> =
            closed.query_row([table.id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let last = last.filter(|(_, created)| *created >= seated_at.0).map(|(id, _)| id);
        if let Some(order) = found.or(last) {
            return Ok(Some(order));
        }
    }
    Ok(None)
}

/// Whether somebody sits at one of their tables, by a waiter's word or an open order.
fn is_seated(db: &Connection, one: &Reservation) -> Result<bool> {
    for kept in &one.tables {
        match floor::table(db, kept.id) {
            Ok(table) if table.is_occupied => return Ok(true),
            Ok(_) => {}
            Err(error) if error.status() == 404 => {}
            Err(error) => return Err(error),
        }
    }
    Ok(false)
}

/// Writes down what is new of all who sit.
pub struct FollowOrders {
    pub zone: Zone,
}

impl Command for FollowOrders {
    type Output = ();
    const PRIORITY: Priority = Priority::Upkeep;

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let now = tx.now();
        for (id, news) in news(tx, &self.zone, now)? {
            let one = reservation(tx, &self.zone, id)?;
            let columns = match news {
                News::Ordered(order) => Columns::default().set("order_id", order),
                News::Moved(table) => {
                    follow_to(tx, &self.zone, &one, table)?;
                    Columns::default().set("is_pinned", true)
                }
                News::Gone(at) => {
                    let left = ReservationState::Left.as_str().to_owned();
                    gone(tx, &one, at)?.set("state", left)
                }
            };
            columns.update(tx, "reservations", id)?;
            tell(tx, &self.zone, id, None)?;
        }
        Ok(())
    }
}

/// They sit at another table. Where that is kept for somebody else, they sit there all the same: of those
/// who are yet to come one loses it, and the host is told.
fn follow_to(tx: &mut Tx<'_>, zone: &Zone, one: &Reservation, table: i64) -> Result<()> {
    let from = one.starts_at.min(one.seated_at.unwrap_or(one.starts_at));
    let span = kept_for(&rules(tx)?, Span { from, until: one.ends_at.max(tx.now()) });
    while let Err(error) = check_free(tx, zone, &[table], span, Some(one.id)) {
        let other = error.problem().params.get("reservation_id").and_then(Value::as_i64);
        let Some(other) = other.filter(|_| error.status() == 409) else { return Err(error) };
        tx.prepare_cached(
            "DELETE FROM reservation_tables WHERE reservation_id = ?1 AND table_id = ?2",
        )?
        .execute(params![other, table])?;
        tell(tx, zone, other, None)?;
    }
    keep(tx, one.id, &[table], span)
}
