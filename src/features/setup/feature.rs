//! What this part of the box brings to it.

use std::sync::Arc;

use super::Setup;
use super::api;
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/setup`.
pub fn feature() -> Feature<App> {
    Feature::of(api::router).keeps(Arc::new(Setup::default()))
}
