//! Whether what is written down is what orders stand for, and the sums by day are what is written down.

use std::ops::ControlFlow;

use super::entries::not_written;
use crate::core::error::Result;
use crate::core::store::{Connection, is_day_right};

/// What was compared, and what differs.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Days that were compared (YYYYMMDD), the newest first.
    pub days: Vec<i64>,
    /// How many orders they had.
    pub orders: usize,
    /// Orders that stand for something else than what is written down.
    pub wrong_orders: Vec<i64>,
    /// Days whose sums are not what is written down.
    pub wrong_days: Vec<i64>,
}

impl Compared {
    /// Whether nothing differs.
    pub fn is_right(&self) -> bool {
        self.wrong_orders.is_empty() && self.wrong_days.is_empty()
    }
}

/// Compares the newest days on which there were orders, each whole, until so many orders were read.
///
/// # Errors
/// When the database cannot be read.
pub fn compare(db: &Connection, most_days: usize, most_orders: usize) -> Result<Compared> {
    // All that is read is of one moment, also beside a box that runs.
    let reading = db.unchecked_transaction()?;
    let mut compared = Compared::default();
    let mut day = i64::MAX;
    while compared.days.len() < most_days && compared.orders < most_orders {
        match compare_day_before(&reading, day, &mut compared)? {
            ControlFlow::Continue(next) => day = next,
            ControlFlow::Break(()) => break,
        }
    }
    Ok(compared)
}

/// Compares the last day with orders before another. That day.
fn compare_day_before(
    db: &Connection,
    later: i64,
    compared: &mut Compared,
) -> Result<ControlFlow<(), i64>> {
    let newest = "SELECT max(business_day) FROM orders WHERE business_day < ?1";
    let newest: Option<i64> = db.prepare_cached(newest)?.query_row([later], |row| row.get(0))?;
    let Some(day) = newest else { return Ok(ControlFlow::Break(())) };
    let mut ids = db
        .prepare_cached("SELECT id FROM orders INDEXED BY orders_number WHERE business_day = ?1")?;
    let ids = ids.query_map([day], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
    for id in &ids {
        if !not_written(db, *id)?.is_empty() {
            compared.wrong_orders.push(*id);
        }
    }
    if !is_day_right(db, day)? {
        compared.wrong_days.push(day);
    }
    compared.days.push(day);
    compared.orders += ids.len();
    Ok(ControlFlow::Continue(day))
}
