//! What this part of the box brings to it.

use super::metrics::metrics;
use super::{api, doctor};
use crate::core::jobs::forget_ended;
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/jobs`.
pub fn feature() -> Feature<App> {
    Feature::of(api::router)
        .tells(metrics)
        .is_checked(doctor::checks)
        .forgets(|_| Box::new(|tx, most| forget_ended(tx, most)))
}
