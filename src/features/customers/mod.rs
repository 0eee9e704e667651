//! Guests who come back: who they are, what they must not eat, what they agreed to, when they came. One row
//! holds the person; all else knows an id alone, so that one row is emptied when somebody wants to be
//! forgotten (docs/adr/0096-customers.md).

mod api;
mod at_table_api;
mod erasing;
mod events;
mod feature;
mod privacy_api;
mod rules;
mod store;
mod types;

pub use events::CustomerChanged;
pub use feature::feature;
