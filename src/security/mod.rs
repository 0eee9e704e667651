//! What every request passes before a handler sees it: who asks and how (behind which proxy, over
//! TLS or not), whether it means this box, whether it comes from a foreign page, what may go over
//! plain HTTP, and how large it may be. And what every reply tells the browser.

mod class;
mod client;
mod door;
pub mod events;
mod headers;
mod hosts;
mod origins;

pub use class::Class;
pub use client::Client;
pub use door::{Door, Listening, around, https_needed};
pub use origins::cors;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// The routes under `/security`.
pub fn router() -> OpenApiRouter<App> {
    events::router()
}
