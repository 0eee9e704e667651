//! The cloud: a PostgreSQL that holds a copy of everything, when there is internet. The restaurant
//! works the same without it.
//!
//! `link.rs` sends what `store/changes.rs` noted, batch by batch (`push.rs`); `pull.rs` takes menus
//! that a head office publishes; `owner.rs` and `mirror.rs` make the cloud's side. docs/SYNC.md
//! explains it.

mod api;
mod connect;
mod enrolment;
mod hardware;
mod link;
mod mirror;
mod owner;
mod pull;
mod push;
mod restore;
mod settings;
mod store;

pub use api::CloudStatus;
pub use connect::{Connection, Trouble};
pub use enrolment::{Enrolment, Tls};
pub use link::{Link, LinkState, run, take_over_by_hand};
pub use owner::{Owner, Scope};
pub use restore::{Progress, Restored, restore};
pub use settings::CloudSettings;
pub use store::{RefusedRow, SendRefusedAgain, State, refused, state};

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// The routes under `/cloud`.
pub fn router() -> OpenApiRouter<App> {
    api::router()
}
