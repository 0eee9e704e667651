//! The kitchen's view of orders: lines by department, what takes how long.

mod api;
mod store;
mod types;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// The routes under `/kitchen`.
pub fn router() -> OpenApiRouter<App> {
    api::router()
}
