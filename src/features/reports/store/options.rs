//! What was chosen with dishes.

use rusqlite::Connection;

use crate::core::error::Result;
use crate::core::kernel::{Money, Period};
use crate::features::reports::rules::{Entry, Figures};
use crate::features::reports::types::Cell;

/// How often an option was sold, and what of the revenue it brought.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    quantity: i64,
    revenue: i64,
}

impl Figures for Options {
    fn add(&mut self, other: &Self) {
        self.quantity += other.quantity;
        self.revenue += other.revenue;
    }

    fn cells(&self) -> Vec<Cell> {
        vec![Cell::Money(Money(self.revenue)), Cell::Count(self.quantity)]
    }

    fn weight(&self) -> i64 {
        self.revenue
    }
}

const BY_OPTION: &str = "SELECT o.id, g.name || ': ' || o.name, s.quantity, s.revenue
    FROM (SELECT option_id, sum(quantity) AS quantity, sum(revenue) AS revenue
          FROM modifier_options w CROSS JOIN daily_options d
          WHERE d.option_id = w.id AND d.business_day BETWEEN ?1 AND ?2
          GROUP BY d.option_id) s
    JOIN modifier_options o ON o.id = s.option_id
    JOIN modifier_groups g ON g.id = o.group_id
    WHERE s.quantity <> 0 OR s.revenue <> 0";

/// What was chosen, under the names that it has on the menu today.
pub fn by_option(db: &Connection, period: Period) -> Result<Vec<Entry<Options>>> {
    let mut statement = db.prepare_cached(BY_OPTION)?;
    let rows = statement.query_map(period.bounds(), |row| {
        let figures = Options { quantity: row.get(2)?, revenue: row.get(3)? };
        Ok(Entry { key: row.get::<_, i64>(0)?.to_string(), label: row.get(1)?, figures })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
