//! Lines that are past their time: which they are, and that it was told.

use rusqlite::{Connection, params};

use super::{events, load};
use crate::core::error::Result;
use crate::core::kernel::Timestamp;
use crate::core::kernel::late::{DUE, IS_MADE};
use crate::core::store::{Command, Priority, Tx};

/// What is late, and has not been told of.
fn overdue() -> String {
    format!("{IS_MADE} AND i.delayed_at IS NULL AND {DUE} < ?1")
}

/// Orders with a line that is past its time and has not been told of. At most 100.
///
/// # Errors
/// When the database cannot be read.
pub fn overdue_orders(db: &Connection, now: Timestamp) -> Result<Vec<i64>> {
    // Left to itself, SQLite walks the index of all lines for the DISTINCT: a year of them.
    let sql = format!(
        "SELECT DISTINCT order_id FROM order_items i INDEXED BY order_items_kitchen
         WHERE {} LIMIT 100",
        overdue()
    );
    let mut statement = db.prepare_cached(&sql)?;
    let ids = statement.query_map([now.0], |row| row.get(0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

/// Notes that lines of an order are late, once, and tells of it.
pub struct MarkDelayed {
    /// The order.
    pub order_id: i64,
}

impl Command for MarkDelayed {
    type Output = ();
    const PRIORITY: Priority = Priority::Upkeep;

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let now = tx.now();
        let late = overdue();
        let sql =
            format!("UPDATE order_items AS i SET delayed_at = ?1 WHERE order_id = ?2 AND {late}");
        let marked = tx.prepare_cached(&sql)?.execute(params![now.0, self.order_id])?;
        if marked == 0 {
            return Ok(());
        }
        let order = load::for_change(tx, self.order_id)?;
        let minutes = now.minutes_since(order.order.created_at);
        events::delayed(tx, &order.order, minutes)
    }
}
