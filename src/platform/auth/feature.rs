//! What this part of the box brings to it.

use super::api;
use super::store::trim_sessions;
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/auth`.
pub fn feature() -> Feature<App> {
    Feature::of(api::router)
        .local(&["sessions", "second_factors", "recovery_codes"])
        .forgets(|_| Box::new(|tx, most| trim_sessions(tx, most)))
}
