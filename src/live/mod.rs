//! The live feed: what happened, told to every screen that may hear of it.

mod client;
mod hub;
mod seats;
mod socket;
mod store;
mod viewer;

use axum::Router;
use axum::routing::get;

use crate::app::App;

pub use hub::Hub;
pub use viewer::token_of;

/// The WebSocket's route; it is no part of the OpenAPI document, which cannot describe it.
pub fn router() -> Router<App> {
    Router::new().route("/ws/orders", get(socket::connect))
}
