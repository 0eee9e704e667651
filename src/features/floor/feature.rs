//! What this part of the box brings to it.

use super::{locations_api, qr_api, tables_api};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/locations` and `/tables`.
pub fn feature() -> Feature<App> {
    Feature::of(|| locations_api::router().merge(tables_api::router()).merge(qr_api::router()))
        .copies(&[(3, "locations"), (4, "tables")])
        .local(&["printed_codes"])
}
