//! What each day brought, and what that cost.

use std::collections::HashMap;

use rusqlite::Connection;

use super::costs::{Costs, costs_by_day};
use super::sales::{Sales, by_day};
use crate::core::error::Result;
use crate::core::kernel::Period;
use crate::features::reports::rules::Figures;
use crate::features::reports::types::Cell;

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
    days.extend(
        costs.into_iter().map(|(day, costs)| (day, SoldDay { costs, ..SoldDay::default() })),
    );
    Ok(days)
}
