//! What the goods of sold dishes cost beside what those dishes brought.

use std::collections::HashMap;

use rusqlite::Connection;

use crate::core::error::Result;
use crate::core::kernel::{Money, Period};
use crate::features::reports::rules::percent;
use crate::features::reports::types::Cell;

/// Of dishes of which is known what they take: of all others nobody can say what they leave.
#[derive(Debug, Clone, Copy, Default)]
pub struct Costs {
    /// What their goods cost.
    pub cost: i64,
    /// What they were sold for.
    pub brought: i64,
}

impl Costs {
    /// Adds others.
    pub fn add(&mut self, other: &Self) {
        self.cost += other.cost;
        self.brought += other.brought;
    }

    /// The cost, the margin, and the cost in percent of what was brought.
    pub fn cells(&self) -> [Cell; 3] {
        [
            Cell::Money(Money(self.cost)),
            Cell::Money(Money(self.brought - self.cost)),
            Cell::Decimal(percent(self.cost, self.brought)),
        ]
    }
}

/// What dishes cost on each day on which some were sold, by the day's number.
pub fn costs_by_day(db: &Connection, period: Period) -> Result<HashMap<i64, Costs>> {
    let mut statement = db.prepare_cached(
        "SELECT k.business_day, sum(k.cost), coalesce(sum(d.revenue), 0)
         FROM daily_costs k
         LEFT JOIN daily_dishes d ON d.dish_variation_id = k.dish_variation_id
                                 AND d.business_day = k.business_day
         WHERE k.business_day BETWEEN ?1 AND ?2 AND k.cost <> 0 GROUP BY k.business_day",
    )?;
    let rows = statement.query_map(period.bounds(), |row| {
        Ok((row.get(0)?, Costs { cost: row.get(1)?, brought: row.get(2)? }))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
