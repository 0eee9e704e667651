//! The shapes of HTTP that every feature shares: bodies, queries, pages, problems.

mod body;
mod extract;
mod problem;

pub use body::{Body, Keyed};
pub use extract::{Page, Params, Path, Repeated};
pub use problem::Problems;

use axum::Json;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// The reply of an action that returns no thing of its own.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiResponse {
    /// Always true: a refusal is a problem with a status of its own.
    pub success: bool,
    /// What was done, in a sentence.
    pub message: String,
    /// Details, if there are any.
    #[schema(value_type = Option<Object>)]
    pub data: Option<serde_json::Value>,
}

impl ApiResponse {
    /// A plain “done”.
    pub fn done(message: impl Into<String>) -> Json<Self> {
        Json(Self { success: true, message: message.into(), data: None })
    }

    /// “Done”, with details.
    pub fn with(message: impl Into<String>, data: serde_json::Value) -> Json<Self> {
        Json(Self { success: true, message: message.into(), data: Some(data) })
    }
}

/// 201 with the thing that was made.
pub type Created<T> = (StatusCode, Json<T>);

/// Wraps a new thing as 201.
pub fn created<T>(thing: T) -> Created<T> {
    (StatusCode::CREATED, Json(thing))
}
