//! What this part of the box brings to it.

use std::sync::Arc;

use super::Turn;
use super::api;
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes `/import` and `/export`.
pub fn feature() -> Feature<App> {
    Feature::of(api::router()).keeps(Arc::new(Turn::default()))
}
