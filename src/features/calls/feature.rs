//! What this part of the box brings to it.

use super::api;
use super::store::trim;
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/calls`.
pub fn feature() -> Feature<App> {
    Feature::of(api::router)
        .local(&["calls"])
        .forgets(|before| Box::new(move |tx, most| trim(tx, before, most)))
}
