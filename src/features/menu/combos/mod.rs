//! Combos: a dish whose price is for one of each of its parts. What is chosen are other dishes; each
//! becomes a line of the order, at its share of the price.

mod api;
mod offers_store;
mod parts_store;
mod rules;
mod store;
mod types;

pub(super) use api::router;
pub use offers_store::combo;
pub use parts_store::{ensure_by_piece, ensure_no_empty_part, ensure_not_needed};
pub use rules::{Combo, pick, shares};
pub use store::{SetCombo, of_all_dishes, of_dish};
pub use types::{ComboChoice, ComboPart, ComboPartChoiceUpdate, ComboPartUpdate};
