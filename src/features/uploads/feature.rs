//! What this part of the box brings to it.

use std::sync::Arc;
use std::time::Duration;

use super::api;
use super::{Uploads, tidy};
use crate::platform::app::App;
use crate::platform::config::Settings;
use crate::platform::feature::Feature;

/// How often it is looked for photos that nothing shows.
const TIDY: Duration = Duration::from_hours(1);

/// Brings the routes under `/uploads`.
pub fn feature(settings: &Settings) -> Feature<App> {
    Feature::of(api::router)
        .keeps(Arc::new(Uploads::new(settings.uploads())))
        .every(TIDY, |app| async move { tidy(&app).await.map(drop) })
}
