//! The box in its network: at which addresses others reach it, how it announces itself by mDNS
//! (RFC 6762, 6763), and how boxes are found.

mod address;
mod announce;
mod card;
mod discover;
mod listening;
mod names;
mod own;
mod systemd;

pub use address::{Addresses, Found};
pub use announce::announce;
pub use card::Card;
pub use discover::{Announced, FoundBox, announced, discover};
pub use listening::Listening;
pub use own::OwnNames;
pub use systemd::{handed_over, ready, stopping};
