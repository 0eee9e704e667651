//! What was sold: by day, hour, waiter and dish.

use std::collections::HashMap;

use rusqlite::{Connection, Row, params};

use super::costs::Costs;
use crate::core::error::Result;
use crate::core::kernel::{Money, Period, Timestamp, Zone};
use crate::features::reports::rules::{Entry, Figures, average};
use crate::features::reports::types::Cell;

/// Sales of orders.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sales {
    pub orders: i64,
    pub revenue: i64,
    cancelled_orders: i64,
    cancelled: i64,
    refunded_orders: i64,
    refunded: i64,
    covers: i64,
    covers_revenue: i64,
    discount: i64,
    comp: i64,
    service: i64,
    fee: i64,
    tax: i64,
    removed: i64,
    tips: i64,
}

impl Sales {
    /// From the columns after the first, as [`SUMS`] has them.
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            orders: row.get(1)?,
            revenue: row.get(2)?,
            cancelled_orders: row.get(3)?,
            cancelled: row.get(4)?,
            refunded_orders: row.get(5)?,
            refunded: row.get(6)?,
            covers: row.get(7)?,
            covers_revenue: row.get(8)?,
            discount: row.get(9)?,
            comp: row.get(10)?,
            service: row.get(11)?,
            fee: row.get(12)?,
            tax: row.get(13)?,
            removed: row.get(14)?,
            tips: row.get(15)?,
        })
    }

    /// Whether anything happened at all.
    fn is_any(&self) -> bool {
        *self != Self::default()
    }
}

impl Figures for Sales {
    fn add(&mut self, other: &Self) {
        self.orders += other.orders;
        self.revenue += other.revenue;
        self.cancelled_orders += other.cancelled_orders;
        self.cancelled += other.cancelled;
        self.refunded_orders += other.refunded_orders;
        self.refunded += other.refunded;
        self.covers += other.covers;
        self.covers_revenue += other.covers_revenue;
        self.discount += other.discount;
        self.comp += other.comp;
        self.service += other.service;
        self.fee += other.fee;
        self.tax += other.tax;
        self.removed += other.removed;
        self.tips += other.tips;
    }

    fn cells(&self) -> Vec<Cell> {
        let money = |amount| Cell::Money(Money(amount));
        vec![
            money(self.revenue),
            Cell::Count(self.orders),
            Cell::Money(average(Money(self.revenue), self.orders)),
            Cell::Count(self.cancelled_orders),
            money(self.cancelled),
            Cell::Count(self.refunded_orders),
            money(self.refunded),
            Cell::Count(self.covers),
            Cell::Money(average(Money(self.covers_revenue), self.covers)),
            money(self.revenue - self.tax),
            money(self.tax),
            money(self.discount),
            money(self.comp),
            money(self.service),
            money(self.fee),
            money(self.removed),
            money(self.tips),
        ]
    }

    fn weight(&self) -> i64 {
        self.revenue
    }
}

const SUMS: &str = "sum(d.orders), sum(d.revenue), sum(d.cancelled_orders), sum(d.cancelled), \
    sum(d.refunded_orders), sum(d.refunded), sum(d.covers), sum(d.covers_revenue), \
    sum(d.discount), sum(d.comp), sum(d.service), sum(d.fee), sum(d.tax), sum(d.removed), \
    sum(d.tips)";

fn of_days() -> String {
    format!(
        "SELECT d.business_day, {SUMS} FROM daily_waiters d
         WHERE d.business_day BETWEEN ?1 AND ?2 GROUP BY d.business_day"
    )
}

fn of_waiters() -> String {
    format!(
        "SELECT d.waiter_id, {SUMS}, coalesce(u.full_name, '')
         FROM daily_waiters d LEFT JOIN users u ON u.id = d.waiter_id
         WHERE d.business_day BETWEEN ?1 AND ?2 GROUP BY d.waiter_id"
    )
}

/// The sales of each day on which there were some, by the day's number.
pub fn by_day(db: &Connection, period: Period) -> Result<HashMap<i64, Sales>> {
    let mut statement = db.prepare_cached(&of_days())?;
    let rows = statement.query_map(period.bounds(), |row| Ok((row.get(0)?, Sales::from_row(row)?)));
    Ok(rows?.collect::<rusqlite::Result<_>>()?)
}

/// The sales of each waiter; orders that nobody took on have the key 0 and no name.
pub fn by_waiter(db: &Connection, period: Period) -> Result<Vec<Entry<Sales>>> {
    let mut statement = db.prepare_cached(&of_waiters())?;
    let rows = statement.query_map(period.bounds(), |row| {
        Ok(Entry {
            key: row.get::<_, i64>(0)?.to_string(),
            label: row.get(16)?,
            figures: Sales::from_row(row)?,
        })
    })?;
    let entries: Vec<Entry<Sales>> = rows.collect::<rusqlite::Result<_>>()?;
    Ok(entries.into_iter().filter(|entry| entry.figures.is_any()).collect())
}

/// Sales of orders without what did not come to be: all that is known of an hour.
#[derive(Debug, Clone, Copy, Default)]
pub struct Taken(Sales);

impl Figures for Taken {
    fn add(&mut self, other: &Self) {
        self.0.add(&other.0);
    }

    fn cells(&self) -> Vec<Cell> {
        let mut cells = self.0.cells();
        cells.truncate(3);
        cells
    }

    fn weight(&self) -> i64 {
        self.0.weight()
    }
}

/// The sales by the hour of the restaurant's clock in which orders were placed: from the first
/// hour of its day in which something was sold to the last.
pub fn by_hour(db: &Connection, period: Period, zone: &Zone) -> Result<Vec<Entry<Taken>>> {
    let mut statement = db.prepare_cached(
        "SELECT quarter, orders, revenue FROM daily_quarters
         WHERE business_day BETWEEN ?1 AND ?2",
    )?;
    let mut rows = statement.query(period.bounds())?;
    let first = usize::try_from(zone.first_hour()).unwrap_or_default();
    let mut hours = [Sales::default(); 24];
    while let Some(row) = rows.next()? {
        let quarter: i64 = row.get(0)?;
        let hour = &mut hours[(zone.hour_of(Timestamp(quarter * 900_000)) + 24 - first) % 24];
        hour.orders += row.get::<_, i64>(1)?;
        hour.revenue += row.get::<_, i64>(2)?;
    }
    let sold = |hour: &Sales| hour.orders != 0;
    let begin = hours.iter().position(sold).unwrap_or(24);
    let end = hours.iter().rposition(sold).map_or(0, |last| last + 1);
    Ok((begin..end)
        .map(|place| {
            let hour = (place + first) % 24;
            let (key, label) = (hour.to_string(), format!("{hour:02}:00"));
            Entry { key, label, figures: Taken(hours[place]) }
        })
        .collect())
}

/// Sales of dishes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Dishes {
    quantity: i64,
    measured: i64,
    revenue: i64,
    removed_quantity: i64,
    removed: i64,
    costs: Costs,
}

impl Figures for Dishes {
    fn add(&mut self, other: &Self) {
        self.quantity += other.quantity;
        self.measured += other.measured;
        self.revenue += other.revenue;
        self.removed_quantity += other.removed_quantity;
        self.removed += other.removed;
        self.costs.add(&other.costs);
    }

    fn cells(&self) -> Vec<Cell> {
        let sold = vec![
            Cell::Money(Money(self.revenue)),
            Cell::Count(self.quantity),
            Cell::Measured(self.measured),
            Cell::Count(self.removed_quantity),
            Cell::Money(Money(self.removed)),
        ];
        sold.into_iter().chain(self.costs.cells()).collect()
    }

    fn weight(&self) -> i64 {
        self.revenue
    }
}

/// By what dishes are summed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DishKey {
    /// The dish.
    Dish,
    /// Its size or kind.
    Variation,
    /// Its category of today.
    Category,
}

/// The sales of dishes, under the names that they have on the menu today.
pub fn by_dish(db: &Connection, period: Period, by: DishKey) -> Result<Vec<Entry<Dishes>>> {
    let (key, label) = match by {
        DishKey::Dish => ("h.id", "h.name"),
        DishKey::Variation => ("v.id", "h.name || ', ' || v.name"),
        DishKey::Category => ("c.id", "c.name"),
    };
    // The order of the joins is the order of the primary key: nothing is sorted but the sums.
    let mut statement = db.prepare_cached(&format!(
        "SELECT {key}, {label}, sum(s.quantity), sum(s.revenue), sum(s.removed_quantity),
                sum(s.removed), sum(s.measured), sum(s.cost), sum(s.brought)
         FROM (SELECT d.dish_variation_id, sum(d.quantity) AS quantity, sum(d.revenue) AS revenue,
                      sum(d.measured) AS measured,
                      sum(d.removed_quantity) AS removed_quantity, sum(d.removed) AS removed,
                      coalesce(sum(k.cost), 0) AS cost,
                      sum(iif(k.cost <> 0, d.revenue, 0)) AS brought
               FROM dish_variations w CROSS JOIN daily_dishes d
               LEFT JOIN daily_costs k ON k.business_day = d.business_day
                                      AND k.dish_variation_id = d.dish_variation_id
               WHERE d.dish_variation_id = w.id AND d.business_day BETWEEN ?1 AND ?2
               GROUP BY d.dish_variation_id) s
         JOIN dish_variations v ON v.id = s.dish_variation_id
         JOIN dishes h ON h.id = v.dish_id
         JOIN categories c ON c.id = h.category_id
         GROUP BY {key}"
    ))?;
    let (from, to) = period.bounds();
    let rows = statement.query_map(params![from, to], |row| {
        Ok(Entry {
            key: row.get::<_, i64>(0)?.to_string(),
            label: row.get(1)?,
            figures: Dishes {
                quantity: row.get(2)?,
                measured: row.get(6)?,
                revenue: row.get(3)?,
                removed_quantity: row.get(4)?,
                removed: row.get(5)?,
                costs: Costs { cost: row.get(7)?, brought: row.get(8)? },
            },
        })
    })?;
    let entries: Vec<Entry<Dishes>> = rows.collect::<rusqlite::Result<_>>()?;
    let happened =
        |entry: &Entry<Dishes>| entry.figures.quantity != 0 || entry.figures.removed_quantity != 0;
    Ok(entries.into_iter().filter(happened).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::store::with_newest_schema;

    /// A year is read as its days: a few thousand rows, whatever was sold.
    #[test]
    fn a_year_is_found_by_its_days() {
        let plan = |sql: &str| {
            with_newest_schema(|db| {
                let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
                let steps = plan.query_map([20_260_101, 20_261_231], |row| row.get(3))?;
                Ok(steps.collect::<rusqlite::Result<Vec<String>>>()?.join("; "))
            })
            .unwrap()
        };
        for sql in [of_days(), of_waiters()] {
            let plan = plan(&sql);
            assert!(
                plan.contains("SEARCH d USING PRIMARY KEY (business_day>? AND business_day<?)")
            );
            assert!(!plan.contains("SCAN"), "{plan}");
        }
    }
}
