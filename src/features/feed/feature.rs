//! What this part of the box brings to it.

use std::sync::Arc;

use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;

use super::socket::{self, Replays};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the WebSocket's route; it is no part of the OpenAPI document, which cannot describe it.
pub fn feature() -> Feature<App> {
    Feature::of(|| OpenApiRouter::new().route("/ws/orders", get(socket::connect)))
        .keeps(Arc::new(Replays::default()))
}
