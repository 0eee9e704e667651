//! What this part of the box brings to it.

use utoipa_axum::router::OpenApiRouter;

use super::store::trim;
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// What it brings.
pub fn feature() -> Feature<App> {
    Feature::of(OpenApiRouter::new)
        .local(&["visits", "guest_sessions", "guest_lines"])
        .forgets(|_| Box::new(|tx, most| trim(tx, most)))
}
