//! What this part of the box brings to it.

use super::{api, doctor};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/reasons`.
pub fn feature() -> Feature<App> {
    Feature::of(api::router).copies(&[(23, "reasons")]).is_checked(doctor::checks)
}
