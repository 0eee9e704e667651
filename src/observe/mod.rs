//! What the box tells of its own work: a line for each request, figures for a monitoring system,
//! and its health. Counting costs a few atomic additions; writing is done by a thread of its own,
//! so that no order waits for a log.

mod api;
mod console;
mod daily;
mod figures;
mod health;
mod histogram;
mod line;
mod log;
mod requests;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

pub use figures::Figures;
pub use health::{Health, watch};
pub use histogram::Histogram;
pub use line::flush;
pub use log::{start as start_log, start_command as start_command_log};
pub use requests::{Requester, around};

/// The routes `/health` and `/metrics`.
pub fn router() -> OpenApiRouter<App> {
    api::router()
}
