//! What this part of the box brings to it.

use super::{api, doctor};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/tax-classes`.
pub fn feature() -> Feature<App> {
    Feature::of(api::router)
        .copies(&[(31, "tax_classes"), (32, "tax_rates")])
        .is_checked(doctor::checks)
}
