//! What this part of the box brings to it.

use std::sync::Arc;

use super::api;
use super::reading::Lines;
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/scales`.
pub fn feature() -> Feature<App> {
    Feature::of(api::router).copies(&[(91, "scales")]).keeps(Arc::new(Lines::default()))
}
