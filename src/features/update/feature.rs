//! What this part of the box brings to it.

use utoipa_axum::router::OpenApiRouter;

use super::last;
use crate::platform::app::App;
use crate::platform::config::Settings;
use crate::platform::feature::Check;
use crate::platform::feature::Feature;

/// What it brings.
pub fn feature() -> Feature<App> {
    Feature::of(OpenApiRouter::new)
        .is_checked(|settings| last_update(settings).into_iter().collect())
}

/// How the last update went, if there was one.
fn last_update(settings: &Settings) -> Option<Check> {
    let last = last(settings)?;
    Some(Check::new("update", last.is_well, format!("{}: {}", last.version, last.detail)))
}
