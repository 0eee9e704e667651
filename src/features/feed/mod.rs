//! The live feed: what happened, told to every screen that may hear of it.

mod client;
mod events;
mod feature;
mod socket;
mod store;
mod viewer;

pub use events::Broadcast;
pub use feature::feature;
