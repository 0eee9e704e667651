//! What can go wrong, as a person is told it: one sentence, one stable code, one HTTP status.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// The result of nearly everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A refusal or a failure. Becomes an RFC 9457 problem on the wire.
#[derive(Debug)]
pub struct Error(Box<Problem>);

/// The body of every error reply (RFC 9457, `application/problem+json`).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: `code` tells problems apart.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The name of the HTTP status.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// A stable word for programs, e.g. `dish_unavailable`.
    pub code: &'static str,
    /// A sentence for people: what happened and what to do.
    pub detail: String,
    /// The fields of a body that are wrong (422 only).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// What the sentence speaks of, for programs that write their own.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object)]
    pub params: Map<String, Value>,
    /// After how many seconds to try again (403, 429 and 503).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

/// One wrong field of a body or a query.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldError {
    /// Where it stands, e.g. `items[0].quantity`.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

impl Error {
    fn new(
        status: u16,
        title: &'static str,
        code: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self(Box::new(Problem {
            kind: "about:blank",
            title,
            status,
            code,
            detail: detail.into(),
            errors: Vec::new(),
            params: Map::new(),
            retry_after: None,
        }))
    }

    /// 400: a rule of the house is broken.
    pub fn rule(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(400, "Bad Request", code, detail)
    }

    /// 401: no token, or one that is not (or no longer) good.
    pub fn unauthorized(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(401, "Unauthorized", code, detail)
    }

    /// 403: this person may not.
    pub fn forbidden(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(403, "Forbidden", code, detail)
    }

    /// 404: there is no such thing, e.g. `not_found("dish", 7)`.
    pub fn not_found(what: &'static str, id: impl fmt::Display) -> Self {
        Self::new(404, "Not Found", "not_found", format!("There is no {what} {id}."))
            .with("what", what)
            .with("id", id.to_string())
    }

    /// 404: a scanned code that belongs to no table.
    pub fn no_such_code(detail: &str) -> Self {
        Self::new(404, "Not Found", "no_such_code", detail)
    }

    /// 404: there is nothing at this address.
    pub fn no_such_page() -> Self {
        let detail = "There is nothing at this address. All addresses stand at /docs.";
        Self::new(404, "Not Found", "no_such_page", detail)
    }

    /// 405: the address is right, the method is not.
    pub fn method_not_allowed() -> Self {
        let detail = "This address does not take this method. All addresses stand at /docs.";
        Self::new(405, "Method Not Allowed", "method_not_allowed", detail)
    }

    /// 409: it cannot be as things stand now.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(409, "Conflict", code, detail)
    }

    /// 413: the body is too large.
    pub fn too_large() -> Self {
        let detail = "The request is too large. Send less at once.";
        Self::too_large_because(detail)
    }

    /// 413, with a sentence of its own.
    pub fn too_large_because(detail: impl Into<String>) -> Self {
        Self::new(413, "Content Too Large", "too_large", detail)
    }

    /// 421: the request means another machine.
    pub fn misdirected(detail: impl Into<String>) -> Self {
        Self::new(421, "Misdirected Request", "unknown_host", detail)
    }

    /// 422: a body or query that cannot be read; `field` says where.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::invalid_fields(vec![FieldError { field: field.into(), message: message.into() }])
    }

    /// 422 with every wrong field.
    pub fn invalid_fields(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [one] if one.field.is_empty() => format!("The request {}.", one.message),
            [one] => format!("“{}” {}.", one.field, one.message),
            many => format!("{} fields are wrong; nothing was changed.", many.len()),
        };
        let mut error = Self::new(422, "Unprocessable Content", "invalid", detail);
        error.0.errors = errors;
        error
    }

    /// 422: an `Idempotency-Key` that was used for another request.
    pub fn key_reused() -> Self {
        let detail = "This Idempotency-Key was already used for a different request. \
                      Use a new key for a new request.";
        Self::new(422, "Unprocessable Content", "idempotency_key_reused", detail)
    }

    /// 429: too many of something; try again after so many seconds.
    pub fn too_many(code: &'static str, detail: impl Into<String>, retry_after: u64) -> Self {
        let mut error = Self::new(429, "Too Many Requests", code, detail);
        error.0.retry_after = Some(retry_after);
        error
    }

    /// 403: this address is kept out for so many seconds.
    pub fn kept_out(detail: impl Into<String>, retry_after: u64) -> Self {
        let mut error = Self::new(403, "Forbidden", "address_blocked", detail);
        error.0.retry_after = Some(retry_after);
        error
    }

    /// 503: more waits than can be done in time.
    pub fn busy() -> Self {
        let detail = "The box has more to do than it can do at once. \
                      Nothing was changed; try again in a second.";
        let mut error = Self::new(503, "Service Unavailable", "queue_full", detail);
        error.0.retry_after = Some(1);
        error
    }

    /// 503: a question whose answer takes longer than the others can wait.
    pub fn took_too_long() -> Self {
        let detail = "The answer took too long, so the box stopped looking for it. \
                      Ask for less at once, such as a shorter time.";
        let mut error = Self::new(503, "Service Unavailable", "took_too_long", detail);
        error.0.retry_after = Some(10);
        error
    }

    /// 503: a part of the box does not answer.
    pub fn unwell(part: &str) -> Self {
        let detail = format!(
            "The box is not well: {part} does not come to an end. The service manager starts it \
             anew when that lasts; look into its log."
        );
        let mut error = Self::new(503, "Service Unavailable", "unwell", detail).with("part", part);
        error.0.retry_after = Some(5);
        error
    }

    /// 503: it ended before it was done, and says how far it came.
    pub fn interrupted(code: &'static str, detail: impl Into<String>) -> Self {
        let mut error = Self::new(503, "Service Unavailable", code, detail);
        error.0.retry_after = Some(60);
        error
    }

    /// 507: the disk is full.
    pub fn storage_full() -> Self {
        let detail = "The box's disk is full, so nothing was changed. \
                      Free some space; it goes on by itself.";
        Self::new(507, "Insufficient Storage", "storage_full", detail)
    }

    /// 500: our own fault. The cause goes to the log, not to the caller.
    pub fn internal(cause: impl fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed inside");
        let detail = "Something went wrong inside the box. Nothing was changed; \
                      the cause is in its log.";
        Self::new(500, "Internal Server Error", "internal", detail)
    }

    /// Adds something the sentence speaks of, for programs.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.params.insert(name.to_owned(), value.into());
        self
    }

    /// The same in another sentence.
    #[must_use]
    pub fn says(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = detail.into();
        self
    }

    /// The body of the reply.
    pub fn problem(&self) -> &Problem {
        &self.0
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.0.status
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.detail)
    }
}

impl std::error::Error for Error {}
