//! Figures for those who run the restaurant.

mod api;
mod board;
mod reports_api;
mod rules;
mod sheet;
mod stats;
mod store;
mod types;
mod words;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// The routes of statistics, the board and the reports.
pub fn router() -> OpenApiRouter<App> {
    api::router().merge(reports_api::router())
}
