//! Payments that come over the wire: providers of online payments, and card terminals that stand apart. An
//! attempt is written down with its key and its body before a byte is sent, and sent again the same; only the
//! provider's answer to a question decides; money that the check does not wait for any more is never dropped.
//! docs/PAYMENTS.md says how, and docs/adr/0098 why.

mod attempts_api;
mod begun;
mod compare;
mod doctor;
mod events;
mod feature;
mod guest_api;
mod line;
mod poller;
mod provider;
mod providers_api;
mod raiffeisen;
mod reach;
mod receipt;
mod rules;
mod states;
mod steps;
mod store;
mod stripe;
mod types;
mod uplink;
mod ways;
mod yookassa;

pub use events::PayChanged;
pub use feature::feature;
pub use poller::Poller;
