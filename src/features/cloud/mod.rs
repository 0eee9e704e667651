//! The cloud: a PostgreSQL that holds a copy of everything, when there is internet. The restaurant
//! works the same without it.
//!
//! `sync_worker.rs` sends what `core/store/changes.rs` noted: over a connection on which it is known
//! who is there (`session.rs`, `join.rs`), batch by batch (`push.rs`), gently (`backoff.rs`).
//! `pull.rs` takes what a head office publishes; `cloud_admin.rs` and `mirror.rs` make the cloud's
//! side. docs/SYNC.md explains it.

mod api;
mod backoff;
mod cloud_admin;
mod connect;
mod doctor;
mod feature;
mod hardware;
mod join;
mod metrics;
mod mirror;
mod pull;
mod push;
mod restore;
mod session;
mod status;
mod store;
mod sync_state;
mod sync_worker;

pub use api::CloudStatus;
pub use cloud_admin::{CloudAdmin, Scope};
pub use connect::{CloudError, Connection};
pub use feature::feature;
pub use join::take_over_by_hand;
pub use restore::{Progress, Restored, restore};
pub use status::status;
pub use store::{RefusedRow, SendRefusedAgain, State, current_error, refused, state};
pub use sync_state::{SyncHandle, SyncState};
