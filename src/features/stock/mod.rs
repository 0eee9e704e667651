//! Stock: what is on the shelf, what it costs, what a dish takes.
//!
//! Goods and recipes are what people write down; documents and sold dishes move goods; the ledger says
//! how much there is and what it is worth. Nothing here stands between an order and its answer: what was
//! sold is read from the event log after its commit.

mod amount;
mod behind;
mod doctor;
mod documents;
mod feature;
mod goods;
mod ledger;
mod levels;
mod past;
mod places;
mod recipes;
mod sales;
mod shopping;
mod stop_list;
mod suppliers;
mod transfer;
mod variance;

pub use feature::feature;
pub use ledger::check_ledger;
pub use past::{Cellar, FillCellar};
pub use places::NameFirstPlace;
