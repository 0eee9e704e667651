//! What guests may like beside what they take: learnt from the restaurant's own orders after they are
//! closed, shown on the guests' page and the waiter's pad (docs/adr/0114-suggestions.md).

mod api;
mod choice_rules;
mod effect_rules;
mod effect_store;
mod feature;
mod known;
mod learn_store;
mod measure_rules;
mod reader;
mod rules;
mod settings_store;
mod types;

pub use feature::feature;
pub use measure_rules::{Hits, Measured, PastOrder, measure};
