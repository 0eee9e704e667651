//! Figures in SQL. The days' own tables are sums of what orders wrote down (docs/adr/0066), so a year
//! is a few thousand rows; what is of today only is read from the orders themselves.

mod accounts;
mod costs;
mod days;
mod kitchen;
mod money;
mod options;
mod price_lists;
mod sales;
mod stats;
mod taxes;
mod today;

/// How many a row of `order_items` that SQL calls `i` is: a line that was weighed is one.
const PIECES: &str = "iif(i.unit IS NULL, i.quantity / 1000, 1)";

pub use accounts::account_days;
pub use days::days;
pub use kitchen::departments;
pub use money::{payment_methods, tips};
pub use options::by_option;
pub use price_lists::by_price_list;
pub use sales::{DishKey, by_dish, by_hour, by_waiter};
pub use stats::{Stretch, dashboard, order_stats};
pub use taxes::by_rate;
pub use today::board;
