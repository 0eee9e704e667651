//! The shapes of HTTP that every feature shares: bodies, queries, pages, problems.

mod body;
mod extract;
mod fields;
mod finish;
mod keyed;
mod negotiate;
mod problem;
mod routes;
mod stream;
mod words;

pub use body::{Body, read_json, read_json_file};
pub use extract::{Page, Params, Path, Repeated};
pub use finish::finish;
pub use keyed::{Bodiless, Keyed, OnceKey, once};
pub use negotiate::{accepts, cookie, is_known, languages};
pub use problem::Problems;
pub use routes::Routes;
pub(crate) use routes::routes;
pub use stream::file_of;

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

/// On a reply: the style that stands in the page itself, as the content policy names it.
#[derive(Clone, Copy)]
pub struct InlineStyle(pub &'static str);

/// On a reply: its bytes lie in memory once, however many read them.
#[derive(Clone, Copy)]
pub struct Shared;

/// 201 with the thing that was made.
pub type Created<T> = (StatusCode, Json<T>);

/// Wraps a new thing as 201.
pub fn created<T>(thing: T) -> Created<T> {
    (StatusCode::CREATED, Json(thing))
}
