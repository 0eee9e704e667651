//! What this part of the box brings to it.

use super::{api, doctor};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// What it brings.
pub fn feature() -> Feature<App> {
    Feature::of(api::router).is_checked(|settings| vec![doctor::certificate(settings)])
}
