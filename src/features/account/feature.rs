//! What this part of the box brings to it.

use super::{factor_api, keys_api, sessions_api};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes of sessions, second factors and keys.
pub fn feature() -> Feature<App> {
    Feature::of(|| sessions_api::router().merge(factor_api::router()).merge(keys_api::router()))
}
