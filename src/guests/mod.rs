//! Guests at a table: a session from the table's QR code, their order, and nothing else.

mod api;
mod store;
mod types;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

pub use store::guest_by_token;

/// The routes under `/guest`.
pub fn router() -> OpenApiRouter<App> {
    api::router()
}
