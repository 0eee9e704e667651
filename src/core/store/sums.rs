//! The sums by day, made anew from every row. The database keeps them by itself when rows change
//! (docs/adr/0016); rows that are inserted as they ended are counted here.

use rusqlite::Connection;

use crate::core::error::Result;

/// Each table of sums, the view of which it is the sum, and which of the view's rows bring something.
const SUMS: [(&str, &str, &str); 4] = [
    ("daily_waiters", "order_figures", "orders + cancelled_orders + refunded_orders > 0"),
    ("daily_quarters", "order_figures", "orders > 0"),
    ("daily_dishes", "line_figures", "quantity + removed_quantity > 0"),
    ("daily_kitchen", "kitchen_figures", "true"),
];

/// Counts every order and line anew. Reads them all: for a database that is being made, also one of
/// an earlier schema, which knows fewer figures.
///
/// # Errors
/// When the rows cannot be written.
pub fn count_anew(db: &Connection) -> Result<()> {
    for (table, view, brings) in SUMS {
        let keys = columns(db, table, "pk > 0")?.join(", ");
        let figures = columns(db, table, "pk = 0")?;
        let sums: Vec<_> = figures.iter().map(|figure| format!("sum({figure})")).collect();
        let (figures, sums) = (figures.join(", "), sums.join(", "));
        db.execute_batch(&format!(
            "DELETE FROM {table} WHERE true;
             INSERT INTO {table} ({keys}, {figures})
                SELECT {keys}, {sums} FROM {view} WHERE {brings} GROUP BY {keys};"
        ))?;
    }
    Ok(())
}

fn columns(db: &Connection, table: &str, which: &str) -> Result<Vec<String>> {
    let sql = format!("SELECT name FROM pragma_table_info(?1) WHERE {which} ORDER BY cid");
    let mut info = db.prepare(&sql)?;
    let names = info.query_map([table], |row| row.get(0))?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}
