//! The live feed: what happened, told to every screen that may hear of it.

mod client;
mod feature;
mod socket;
mod store;
mod viewer;

pub use feature::feature;
