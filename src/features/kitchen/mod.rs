//! The kitchen's view of orders: lines by department, what takes how long.

mod api;
mod feature;
mod store;
mod types;

pub use feature::feature;
