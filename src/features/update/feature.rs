//! What this part of the box brings to it.

use utoipa_axum::router::OpenApiRouter;

use super::{bundle, last};
use crate::platform::app::App;
use crate::platform::config::Settings;
use crate::platform::feature::Check;
use crate::platform::feature::Feature;

/// What it brings.
pub fn feature() -> Feature<App> {
    Feature::of(OpenApiRouter::new).is_checked(|settings| {
        last_update(settings).into_iter().chain([publisher(settings)]).collect()
    })
}

/// Whether this box knows whose updates it takes in.
fn publisher(settings: &Settings) -> Check {
    if bundle::key(settings).is_ok() {
        Check::new("publisher", true, "updates are checked against the publisher's key")
    } else {
        Check::note("publisher", "no update_key: this program takes in no updates")
    }
}

/// How the last update went, if there was one.
fn last_update(settings: &Settings) -> Option<Check> {
    let last = last(settings)?;
    Some(Check::new("update", last.is_well, format!("{}: {}", last.version, last.detail)))
}
