//! What was sold by lists of prices, and what each of them cost.

use rusqlite::Connection;

use crate::core::error::Result;
use crate::core::kernel::{Money, Period};
use crate::features::reports::rules::{Entry, Figures};
use crate::features::reports::types::Cell;

/// Sales at the prices of a list, before discounts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Listed {
    off: i64,
    gross: i64,
    quantity: i64,
}

impl Figures for Listed {
    fn add(&mut self, other: &Self) {
        self.off += other.off;
        self.gross += other.gross;
        self.quantity += other.quantity;
    }

    fn cells(&self) -> Vec<Cell> {
        let money = |amount| Cell::Money(Money(amount));
        vec![
            money(self.off),
            money(self.gross),
            money(self.gross + self.off),
            Cell::Count(self.quantity),
        ]
    }

    fn weight(&self) -> i64 {
        self.off
    }
}

/// The sales of each list. What is sold at the menu's own prices is not among them.
pub fn by_price_list(db: &Connection, period: Period) -> Result<Vec<Entry<Listed>>> {
    let mut statement = db.prepare_cached(
        "SELECT e.price_list_id, coalesce(l.name, ''), sum(e.price_off), sum(e.gross),
                sum(e.quantity)
         FROM entries e INDEXED BY entries_price_list
         LEFT JOIN price_lists l ON l.id = e.price_list_id
         WHERE e.price_list_id IS NOT NULL AND e.business_day BETWEEN ?1 AND ?2
         GROUP BY e.price_list_id
         HAVING sum(e.price_off) <> 0 OR sum(e.gross) <> 0 OR sum(e.quantity) <> 0",
    )?;
    let rows = statement.query_map(period.bounds(), |row| {
        let key = row.get::<_, i64>(0)?.to_string();
        let figures = Listed { off: row.get(2)?, gross: row.get(3)?, quantity: row.get(4)? };
        Ok(Entry { key, label: row.get(1)?, figures })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
