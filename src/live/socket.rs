//! One screen's WebSocket.

use axum::extract::State;

use crate::app::App;

pub(super) async fn connect(State(_app): State<App>) {}
