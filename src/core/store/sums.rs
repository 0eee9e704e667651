//! The sums by day, made anew from every row. The database keeps them by itself when rows change
//! (docs/adr/0016); rows that are inserted as they ended are counted here.

use rusqlite::Connection;

use crate::core::error::Result;

/// Counts every order and line anew. Reads them all: for a database that is being made.
///
/// # Errors
/// When the rows cannot be written.
pub fn count_anew(db: &Connection) -> Result<()> {
    Ok(db.execute_batch(
        "DELETE FROM daily_waiters WHERE true;
         DELETE FROM daily_quarters WHERE true;
         DELETE FROM daily_dishes WHERE true;
         DELETE FROM daily_kitchen WHERE true;
         INSERT INTO daily_waiters (business_day, waiter_id, order_type, orders, revenue,
                cancelled_orders, cancelled, refunded_orders, refunded)
            SELECT business_day, waiter_id, order_type, sum(orders), sum(revenue),
                sum(cancelled_orders), sum(cancelled), sum(refunded_orders), sum(refunded)
            FROM order_figures WHERE orders + cancelled_orders + refunded_orders > 0
            GROUP BY business_day, waiter_id, order_type;
         INSERT INTO daily_quarters (business_day, quarter, orders, revenue)
            SELECT business_day, quarter, sum(orders), sum(revenue)
            FROM order_figures WHERE orders > 0 GROUP BY business_day, quarter;
         INSERT INTO daily_dishes (dish_variation_id, business_day, quantity, revenue,
                removed_quantity, removed)
            SELECT dish_variation_id, business_day, sum(quantity), sum(revenue),
                sum(removed_quantity), sum(removed)
            FROM line_figures WHERE quantity + removed_quantity > 0
            GROUP BY dish_variation_id, business_day;
         INSERT INTO daily_kitchen (department, business_day, minutes, lines, late, waiting, making)
            SELECT department, business_day, minutes, sum(lines), sum(late), sum(waiting),
                sum(making)
            FROM kitchen_figures WHERE true GROUP BY department, business_day, minutes;",
    )?)
}
