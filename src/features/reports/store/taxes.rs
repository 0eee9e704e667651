//! What was sold, by the rate at which it is taxed.

use rusqlite::Connection;

use crate::core::error::Result;
use crate::core::kernel::{Money, Percent, Period};
use crate::features::reports::rules::{Entry, Figures};
use crate::features::reports::types::Cell;

/// Sales at a rate.
#[derive(Debug, Clone, Copy, Default)]
pub struct Taxed {
    revenue: i64,
    tax: i64,
    exempt: i64,
}

impl Figures for Taxed {
    fn add(&mut self, other: &Self) {
        self.revenue += other.revenue;
        self.tax += other.tax;
        self.exempt += other.exempt;
    }

    fn cells(&self) -> Vec<Cell> {
        let money = |amount| Cell::Money(Money(amount));
        vec![
            money(self.revenue),
            money(self.revenue - self.tax),
            money(self.tax),
            money(self.exempt),
        ]
    }

    fn weight(&self) -> i64 {
        self.revenue
    }
}

/// The sales of each rate; its key is the word of its kind and the rate, as in `included 20`, and it
/// has no name.
pub fn by_rate(db: &Connection, period: Period) -> Result<Vec<Entry<Taxed>>> {
    let mut statement = db.prepare_cached(
        "SELECT tax_kind, tax_rate, sum(revenue), sum(tax), sum(exempt) FROM daily_taxes
         WHERE business_day BETWEEN ?1 AND ?2 GROUP BY tax_kind, tax_rate
         HAVING sum(revenue) <> 0 OR sum(tax) <> 0 OR sum(exempt) <> 0",
    )?;
    let rows = statement.query_map(period.bounds(), |row| {
        let kind: String = row.get(0)?;
        let figures = Taxed { revenue: row.get(2)?, tax: row.get(3)?, exempt: row.get(4)? };
        let key = format!("{} {}", kind.to_lowercase(), Percent::new(row.get(1)?));
        Ok(Entry { key, label: String::new(), figures })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
