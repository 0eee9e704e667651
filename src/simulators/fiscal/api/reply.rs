//! How the server answers.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::door::Line;
use crate::simulators::fiscal::machine::Denied;
use crate::simulators::fiscal::server::Server;

pub(super) type Shared = State<Arc<Server>>;
pub(super) type Answer = Result<Json<Value>, Denied>;

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        (status, Json(self.json())).into_response()
    }
}

/// Ends the connection without a word.
pub(super) fn cut(line: Option<&Line>) -> Response {
    if let Some(line) = line {
        line.cut();
    }
    Response::new(Body::empty())
}
