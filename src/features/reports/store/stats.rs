//! Figures of any stretch of time, from the orders themselves. It is found by its days, which are
//! indexed: what lies outside is not read.

use rusqlite::Connection;

use super::PIECES;
use super::today::count_late;
use crate::core::error::Result;
use crate::core::kernel::{Money, Timestamp};
use crate::features::reports::rules::average;
use crate::features::reports::stats::{Dashboard, OrderStats, PopularDish};

/// A stretch of time: its days (YYYYMMDD), and a moment where one of its ends lies within a day.
/// Whole days are counted as the orders' own days, like in every report.
#[derive(Debug, Clone, Copy)]
pub struct Stretch {
    pub days: (i64, i64),
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

impl Stretch {
    fn bounds(&self) -> (i64, i64, i64, i64) {
        let from = self.from.map_or(i64::MIN, |at| at.0);
        let to = self.to.map_or(i64::MAX, |at| at.0);
        (self.days.0, self.days.1, from, to)
    }
}

pub fn order_stats(db: &Connection, stretch: Stretch) -> Result<OrderStats> {
    let mut stats = db
        .prepare_cached(
            "SELECT count(*),
                    count(*) FILTER (WHERE status = 'PENDING'),
                    count(*) FILTER (WHERE status = 'IN_PROGRESS'),
                    count(*) FILTER (WHERE status = 'READY'),
                    count(*) FILTER (WHERE status = 'SERVED'),
                    count(*) FILTER (WHERE status = 'DINING'),
                    count(*) FILTER (WHERE status = 'COMPLETED'),
                    count(*) FILTER (WHERE status = 'CANCELLED'),
                    coalesce(sum(total - given_back)
                        FILTER (WHERE payment_status = 'PAID' AND status <> 'CANCELLED'), 0),
                    count(*) FILTER (WHERE payment_status = 'PAID' AND status <> 'CANCELLED')
             FROM orders
             WHERE business_day BETWEEN ?1 AND ?2 AND created_at >= ?3 AND created_at < ?4",
        )?
        .query_row(stretch.bounds(), |row| {
            let (revenue, paid) = (Money(row.get(8)?), row.get(9)?);
            Ok(OrderStats {
                total_orders: row.get(0)?,
                pending_orders: row.get(1)?,
                in_progress_orders: row.get(2)?,
                ready_orders: row.get(3)?,
                served_orders: row.get(4)?,
                dining_orders: row.get(5)?,
                completed_orders: row.get(6)?,
                cancelled_orders: row.get(7)?,
                total_revenue: revenue,
                average_order_value: average(revenue, paid),
                average_cooking_time: None,
            })
        })?;
    stats.average_cooking_time = average_cooking_time(db, stretch)?;
    Ok(stats)
}

fn average_cooking_time(db: &Connection, stretch: Stretch) -> Result<Option<i64>> {
    let minutes: Option<f64> = db
        .prepare_cached(
            "SELECT avg((i.ready_at - coalesce(i.preparation_started_at, i.sent_to_kitchen_at)) / 60000.0)
             FROM orders o JOIN order_items i ON i.order_id = o.id
             WHERE o.business_day BETWEEN ?1 AND ?2
               AND o.created_at >= ?3 AND o.created_at < ?4 AND i.ready_at IS NOT NULL",
        )?
        .query_row(stretch.bounds(), |row| row.get(0))?;
    #[expect(clippy::cast_possible_truncation, reason = "minutes of a dish fit")]
    Ok(minutes.map(|minutes| minutes.round() as i64))
}

pub fn dashboard(db: &Connection, today: Stretch, now: Timestamp) -> Result<Dashboard> {
    let count =
        |sql: &str| -> Result<i64> { Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0))?) };
    Ok(Dashboard {
        today: order_stats(db, today)?,
        active_orders: count("SELECT count(*) FROM orders INDEXED BY orders_open WHERE closed_at IS NULL")?,
        late_orders: count_late(db, now)?,
        waiting_orders: count(
            "SELECT count(*) FROM orders o INDEXED BY orders_open WHERE closed_at IS NULL AND EXISTS
                 (SELECT 1 FROM order_items i WHERE i.order_id = o.id AND i.status = 'NEW')",
        )?,
        total_tables: count(
            "SELECT count(*) FROM tables WHERE is_active = 1 AND deleted_at IS NULL",
        )?,
        occupied_tables: count(
            "SELECT count(*) FROM tables t WHERE is_active = 1 AND deleted_at IS NULL
               AND (is_seated = 1 OR EXISTS (SELECT 1 FROM orders o INDEXED BY orders_open
                    WHERE o.table_id = t.id AND o.closed_at IS NULL AND o.order_type = 'DINE_IN'))",
        )?,
        staff_on_shift: count(
            "SELECT count(*) FROM users
             WHERE shift_active = 1 AND is_active = 1 AND deleted_at IS NULL",
        )?,
        available_dishes: count(
            "SELECT count(*) FROM dishes WHERE is_available = 1 AND deleted_at IS NULL",
        )?,
        popular_dishes: popular_dishes(db, today)?,
    })
}

fn popular_dishes(db: &Connection, stretch: Stretch) -> Result<Vec<PopularDish>> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT i.dish_id, max(i.dish_name), sum({PIECES}),
                sum(iif(o.payment_status = 'PAID', coalesce(i.paid, i.gross), 0))
         FROM orders o JOIN order_items i ON i.order_id = o.id
         WHERE o.business_day BETWEEN ?1 AND ?2 AND o.status <> 'CANCELLED'
           AND i.status <> 'CANCELLED'
         GROUP BY i.dish_id ORDER BY sum({PIECES}) DESC, i.dish_id LIMIT 5",
    ))?;
    let dishes = statement.query_map(stretch.days, |row| {
        Ok(PopularDish {
            dish_id: row.get(0)?,
            dish_name: row.get(1)?,
            quantity: row.get(2)?,
            revenue: Money(row.get(3)?),
        })
    })?;
    Ok(dishes.collect::<rusqlite::Result<_>>()?)
}
