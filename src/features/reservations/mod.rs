//! Reservations: who comes when, at which tables, and what became of it. A table is kept for one party
//! from a moment up to another, which does not belong to it any more; every change looks for others in
//! its own transaction (docs/adr/0100).

mod api;
mod apply_store;
mod changes_store;
mod doctor;
mod erase_store;
mod events;
mod feature;
mod follow;
mod follow_store;
mod free_store;
mod guest_api;
mod guest_store;
mod guest_types;
mod held_store;
mod integrity_store;
mod lengths_store;
mod policy;
mod policy_store;
mod rules;
mod steps_store;
mod store;
mod types;

pub use erase_store::forget_next;
pub use events::ReservationChanged;
pub use feature::feature;
