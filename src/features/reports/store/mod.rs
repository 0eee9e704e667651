//! Figures in SQL. The days' own tables are sums of what orders wrote down (docs/adr/0066), so a year
//! is a few thousand rows; what is of today only is read from the orders themselves.

mod kitchen;
mod money;
mod sales;
mod stats;
mod today;

pub use kitchen::departments;
pub use money::{payment_methods, tips};
pub use sales::{DishKey, by_dish, by_hour, by_waiter, days};
pub use stats::{Stretch, dashboard, order_stats};
pub use today::board;
