//! What this part of the box brings to it.

use std::sync::Arc;
use std::time::Duration;

use utoipa_axum::router::OpenApiRouter;

use super::desk::Desk;
use super::job::PRINT;
use super::{api, jobs_api, logo_api, notices, pull_api, worker};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// How often printers in trouble are asked how they are.
const LOOKS_AFTER: Duration = Duration::from_secs(5);

/// Brings the routes under `/printers`, `/print-jobs` and `/print`, and prints.
pub fn feature() -> Feature<App> {
    Feature::of(routes)
        .copies(&[(90, "printers")])
        .local(&["paper_logo"])
        .keeps(Arc::new(Desk::default()))
        .works(&PRINT, worker::work)
        .runs(notices::tell)
        .every(LOOKS_AFTER, |app| async move { worker::look_after(&app).await })
}

fn routes() -> OpenApiRouter<App> {
    api::router().merge(jobs_api::router()).merge(pull_api::router()).merge(logo_api::router())
}
