//! The sums by day. They follow from what is written down (`entries`, docs/adr/0066) by one rule, the
//! views `entry_figures` and, of options, `option_figures`: whoever appends rows adds just these, and all of them together make the sums
//! anew. The kitchen's times are kept by the database itself when lines become ready; what sold goods cost,
//! by the ledger of stock.

use std::sync::LazyLock;

use rusqlite::{Connection, params};

use crate::core::error::Result;

/// A table of sums: of which view, what it is kept by, what it sums up, and which rows bring something.
struct Sums {
    table: &'static str,
    view: &'static str,
    by: &'static str,
    of: &'static [&'static str],
    which: &'static str,
}

const SUMS: [Sums; 5] = [
    Sums {
        table: "daily_waiters",
        view: "entry_figures",
        by: "business_day, waiter_id, order_type",
        of: &[
            "orders",
            "revenue",
            "cancelled_orders",
            "cancelled",
            "refunded_orders",
            "refunded",
            "covers",
            "covers_revenue",
            "discount",
            "comp",
            "service",
            "fee",
            "tax",
            "removed",
            "tips",
            "house_tips",
            "held_tips",
        ],
        which: "true",
    },
    Sums {
        table: "daily_quarters",
        view: "entry_figures",
        by: "business_day, quarter",
        of: &["orders", "revenue"],
        which: "e.kind IN ('ORDER', 'SOLD')",
    },
    Sums {
        table: "daily_dishes",
        view: "entry_figures",
        by: "dish_variation_id, business_day",
        of: &["quantity", "measured", "revenue", "removed_quantity", "removed"],
        which: "e.dish_variation_id IS NOT NULL",
    },
    Sums {
        table: "daily_taxes",
        view: "entry_figures",
        by: "business_day, tax_kind, tax_rate",
        of: &["revenue", "tax", "exempt"],
        which: "e.kind = 'SOLD'",
    },
    Sums {
        table: "daily_options",
        view: "option_figures",
        by: "option_id, business_day",
        of: &["quantity", "revenue"],
        which: "true",
    },
];

impl Sums {
    /// Adds what a range of entries brings, one by one: to group the few of an order first, SQLite
    /// would sort them.
    fn add(&self) -> String {
        let Self { table, view, by, of, which } = self;
        let each = |form: &dyn Fn(&&str) -> String| of.iter().map(form).collect::<Vec<_>>();
        let added = each(&|figure| format!("{figure} = {figure} + excluded.{figure}")).join(", ");
        let of = of.join(", ");
        format!(
            "INSERT INTO {table} ({by}, {of}) SELECT {by}, {of} FROM {view} e
             WHERE id BETWEEN ?1 AND ?2 AND {which}
             ON CONFLICT DO UPDATE SET {added}"
        )
    }

    /// Whether what a day's orders wrote down differs from what is kept of it.
    fn compare(&self) -> String {
        let Self { table, view, by, of, which } = self;
        let each = |form: &dyn Fn(&&str) -> String| of.iter().map(form).collect::<Vec<_>>();
        let sums = each(&|figure| format!("sum(e.{figure}) AS {figure}")).join(", ");
        let is_any = each(&|figure| format!("{figure} <> 0")).join(" OR ");
        let all = format!("{by}, {}", of.join(", "));
        format!(
            "WITH kept AS (SELECT {all} FROM {table} WHERE business_day = ?1 AND ({is_any})),
                  meant AS (SELECT {by_entry}, {sums}
                            FROM orders o INDEXED BY orders_number
                            CROSS JOIN {view} e ON e.order_id = o.id
                            WHERE o.business_day = ?1 AND e.business_day = ?1 AND {which}
                            GROUP BY {by_entry}),
                  brought AS (SELECT {all} FROM meant WHERE {is_any})
             SELECT EXISTS (SELECT * FROM kept EXCEPT SELECT * FROM brought)
                 OR EXISTS (SELECT * FROM brought EXCEPT SELECT * FROM kept)",
            by_entry = by.split(", ").map(|key| format!("e.{key}")).collect::<Vec<_>>().join(", "),
        )
    }
}

/// Whether the sums of a day are what its orders wrote down. Reads that day alone.
///
/// # Errors
/// When the database cannot be read.
pub fn is_day_right(db: &Connection, day: i64) -> Result<bool> {
    for sums in &SUMS {
        let differs: bool =
            db.prepare_cached(&sums.compare())?.query_row([day], |row| row.get(0))?;
        if differs {
            return Ok(false);
        }
    }
    Ok(true)
}

static ADD: LazyLock<Vec<String>> = LazyLock::new(|| SUMS.iter().map(Sums::add).collect());

/// Adds the entries from one id to another to the sums by day. Called once, by who appended them.
///
/// # Errors
/// When the sums cannot be written.
pub fn add_entries(db: &Connection, first: i64, last: i64) -> Result<()> {
    for sql in ADD.iter() {
        db.prepare_cached(sql)?.execute(params![first, last])?;
    }
    Ok(())
}

/// Counts all sums anew. Reads every entry and every line: for a database that is being made.
///
/// # Errors
/// When the rows cannot be written.
pub fn count_anew(db: &Connection) -> Result<()> {
    for Sums { table, .. } in &SUMS {
        db.execute(&format!("DELETE FROM {table} WHERE true"), [])?;
    }
    add_entries(db, i64::MIN, i64::MAX)?;
    Ok(db.execute_batch(
        "DELETE FROM daily_kitchen WHERE true;
         INSERT INTO daily_kitchen (department, business_day, minutes, lines, late, waiting, making)
            SELECT department, business_day, minutes, sum(lines), sum(late), sum(waiting),
                sum(making)
            FROM kitchen_figures WHERE true GROUP BY department, business_day, minutes;
         DELETE FROM daily_costs WHERE true;
         INSERT INTO daily_costs (business_day, dish_variation_id, cost)
            SELECT business_day, dish_variation_id, sum(cost)
            FROM cost_figures WHERE true GROUP BY business_day, dish_variation_id;",
    )?)
}

/// The goods of a line of an order cost so much more than was known, in minor units.
///
/// # Errors
/// When the sums cannot be written.
pub fn add_cost(db: &Connection, item_id: i64, more: i64) -> Result<()> {
    let mut add = db.prepare_cached(
        "INSERT INTO daily_costs (business_day, dish_variation_id, cost)
         SELECT o.business_day, i.dish_variation_id, ?2
         FROM order_items i JOIN orders o ON o.id = i.order_id WHERE i.id = ?1
         ON CONFLICT DO UPDATE SET cost = cost + excluded.cost",
    )?;
    add.execute([item_id, more])?;
    Ok(())
}
