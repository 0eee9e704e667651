//! Figures in SQL. A period is found by its days, which are indexed: what lies outside it is
//! not read.

use rusqlite::{Connection, params};

use super::{Dashboard, OrderStats, PopularDish};
use crate::error::Result;
use crate::kernel::{Money, Timestamp};

/// A stretch of time, and the days (YYYYMMDD) that it touches.
#[derive(Debug, Clone, Copy)]
pub struct Period {
    pub days: (i64, i64),
    pub from: Timestamp,
    pub to: Timestamp,
}

pub fn order_stats(db: &Connection, period: Period) -> Result<OrderStats> {
    let Period { days, from, to } = period;
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
                    coalesce(sum(total) FILTER (WHERE payment_status = 'PAID'), 0),
                    count(*) FILTER (WHERE payment_status = 'PAID')
             FROM orders
             WHERE business_day BETWEEN ?1 AND ?2 AND created_at >= ?3 AND created_at < ?4",
        )?
        .query_row(params![days.0, days.1, from.0, to.0], |row| {
            let (revenue, paid): (i64, i64) = (row.get(8)?, row.get(9)?);
            Ok(OrderStats {
                total_orders: row.get(0)?,
                pending_orders: row.get(1)?,
                in_progress_orders: row.get(2)?,
                ready_orders: row.get(3)?,
                served_orders: row.get(4)?,
                dining_orders: row.get(5)?,
                completed_orders: row.get(6)?,
                cancelled_orders: row.get(7)?,
                total_revenue: Money(revenue),
                average_order_value: average(revenue, paid),
                average_cooking_time: None,
            })
        })?;
    stats.average_cooking_time = average_cooking_time(db, period)?;
    Ok(stats)
}

/// The average, to the nearest minor unit, a half away from zero.
fn average(sum: i64, count: i64) -> Money {
    if count == 0 {
        return Money::ZERO;
    }
    Money((2 * sum + sum.signum() * count) / (2 * count))
}

fn average_cooking_time(db: &Connection, period: Period) -> Result<Option<i64>> {
    let minutes: Option<f64> = db
        .prepare_cached(
            "SELECT avg((i.ready_at - coalesce(i.preparation_started_at, i.sent_to_kitchen_at)) / 60000.0)
             FROM orders o JOIN order_items i ON i.order_id = o.id
             WHERE o.business_day BETWEEN ?1 AND ?2
               AND o.created_at >= ?3 AND o.created_at < ?4 AND i.ready_at IS NOT NULL",
        )?
        .query_row(params![period.days.0, period.days.1, period.from.0, period.to.0], |row| {
            row.get(0)
        })?;
    #[expect(clippy::cast_possible_truncation, reason = "minutes of a dish fit")]
    Ok(minutes.map(|minutes| minutes.round() as i64))
}

pub fn dashboard(db: &Connection, today: Period) -> Result<Dashboard> {
    let count =
        |sql: &str| -> Result<i64> { Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0))?) };
    Ok(Dashboard {
        today: order_stats(db, today)?,
        active_orders: count("SELECT count(*) FROM orders INDEXED BY orders_open WHERE closed_at IS NULL")?,
        late_orders: late_orders(db, today.to)?,
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

fn late_orders(db: &Connection, now: Timestamp) -> Result<i64> {
    Ok(db
        .prepare_cached(
            "SELECT count(DISTINCT order_id) FROM order_items INDEXED BY order_items_kitchen
             WHERE status IN ('SENT_TO_KITCHEN', 'IN_PREPARATION', 'READY')
               AND status <> 'READY'
               AND sent_to_kitchen_at + estimated_preparation_time * 60000 < ?1",
        )?
        .query_row([now.0], |row| row.get(0))?)
}

fn popular_dishes(db: &Connection, period: Period) -> Result<Vec<PopularDish>> {
    let mut statement = db.prepare_cached(
        "SELECT i.dish_id, max(i.dish_name), sum(i.quantity), sum(i.quantity * i.price)
         FROM orders o JOIN order_items i ON i.order_id = o.id
         WHERE o.business_day BETWEEN ?1 AND ?2 AND i.status <> 'CANCELLED'
         GROUP BY i.dish_id ORDER BY sum(i.quantity) DESC, i.dish_id LIMIT 5",
    )?;
    let dishes = statement.query_map(params![period.days.0, period.days.1], |row| {
        Ok(PopularDish {
            dish_id: row.get(0)?,
            dish_name: row.get(1)?,
            quantity: row.get(2)?,
            revenue: Money(row.get(3)?),
        })
    })?;
    Ok(dishes.collect::<rusqlite::Result<_>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_are_rounded_to_the_nearest_unit() {
        for (sum, count, expected) in [(0, 0, 0), (100, 3, 33), (200, 3, 67), (5, 2, 3), (7, 7, 1)]
        {
            assert_eq!(average(sum, count), Money(expected), "{sum}/{count}");
        }
    }
}
