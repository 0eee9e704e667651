//! What the goods of sold dishes cost beside what those dishes brought.

use std::collections::HashMap;

use rusqlite::Connection;

use super::sales::{Sales, by_day};
use crate::core::error::Result;
use crate::core::kernel::{Money, Period};
use crate::features::reports::rules::{Figures, percent};
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

/// A day's sales, and what they cost.
#[derive(Debug, Clone, Copy, Default)]
pub struct SoldDay {
    sales: Sales,
    costs: Costs,
}

impl Figures for SoldDay {
    fn add(&mut self, other: &Self) {
        self.sales.add(&other.sales);
        self.costs.add(&other.costs);
    }

    fn cells(&self) -> Vec<Cell> {
        self.sales.cells().into_iter().chain(self.costs.cells()).collect()
    }

    fn weight(&self) -> i64 {
        self.sales.weight()
    }
}

/// What each day brought on which something was sold, by the day's number.
pub fn days(db: &Connection, period: Period) -> Result<HashMap<i64, SoldDay>> {
    let mut costs = costs_by_day(db, period)?;
    let mut days: HashMap<_, _> = by_day(db, period)?
        .into_iter()
        .map(|(day, sales)| (day, SoldDay { sales, costs: costs.remove(&day).unwrap_or_default() }))
        .collect();
    days.extend(costs.into_iter().map(|(day, costs)| (day, SoldDay { costs, ..SoldDay::default() })));
    Ok(days)
}

fn costs_by_day(db: &Connection, period: Period) -> Result<HashMap<i64, Costs>> {
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
