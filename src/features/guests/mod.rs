//! Guests at a table: a session from the table's QR code, their order, and nothing else.

mod api;
mod bill;
mod feature;
mod store;
mod types;

pub use bill::GuestPartAsk;
pub use feature::feature;
pub use store::{at_bill, guest_by_token};
