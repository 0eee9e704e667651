//! JSON bodies: read once, with the field that is wrong named.

use axum::body::Bytes;
use axum::extract::{FromRequest, OptionalFromRequest, Request};
use axum::http::StatusCode;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::fields::{Fits, fits, misfit, wrong_fields};
use super::words::plain;
use crate::core::error::{Error, FieldError, Result};

/// A JSON body of type `T`.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let bytes = read(request, state).await?;
        read_json(&bytes).map(Self)
    }
}

/// `Option<Body<T>>`: a body that may be left out.
impl<S: Send + Sync, T: DeserializeOwned> OptionalFromRequest<S> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>> {
        let bytes = read(request, state).await?;
        if bytes.is_empty() {
            return Ok(None);
        }
        Ok(read_json::<Option<T>>(&bytes)?.map(Self))
    }
}

pub(super) async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes> {
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::too_large(),
        _ => Error::invalid("", "body broke off before its end"),
    })
}

/// Reads one JSON value; what is wrong is named by its place in it.
///
/// # Errors
/// 422 with the field.
pub fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    read_json_searched(bytes, SEARCHED)
}

/// The same; in a value of up to `searched` bytes every wrong field is looked for. That reads it
/// some hundred times: more than usual only off the threads that serve.
///
/// # Errors
/// 422 with the fields.
pub fn read_json_searched<T: DeserializeOwned>(bytes: &[u8], searched: usize) -> Result<T> {
    // Who keeps the place of each field pays for all of them: only what is wrong is read like that.
    serde_json::from_slice(bytes).map_err(|error| told(&error, bytes, searched, fits::<T>))
}

/// The largest body of which every wrong field is looked for; of a larger one the first is told.
const SEARCHED: usize = 64 * 1024;

/// What is said of a body that was refused, by the error, with each wrong field named.
fn told(error: &serde_json::Error, bytes: &[u8], searched: usize, fits: Fits) -> Error {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    if IgnoredAny::deserialize(&mut json).is_err() {
        return Error::invalid("", format!("body is not valid JSON ({error})"));
    }
    if json.end().is_err() {
        return Error::invalid("", "body must be one JSON value");
    }
    let place = misfit(&mut serde_json::Deserializer::from_slice(bytes), fits);
    let mut first =
        field_error(&place.map(|wrong| wrong.path.to_string()).unwrap_or_default(), error);
    // What is no word where one is to be is called wrong syntax, and so is what no number holds.
    if error.to_string().starts_with("number out of range") {
        first.message = "is a larger number than there can be".into();
    } else if error.is_syntax() {
        first.message = "must be one of the words that are known here".into();
    }
    let body = (bytes.len() <= searched).then(|| serde_json::from_slice(bytes).ok()).flatten();
    let found = body.map(|body| wrong_fields(body, fits)).unwrap_or_default();
    let others = found.into_iter().filter(|other| other.field != first.field).collect::<Vec<_>>();
    Error::invalid_fields(std::iter::once(first).chain(others).collect())
}

/// Serde's words with the position cut off; a missing field is named as the field.
fn field_error(path: &str, error: &serde_json::Error) -> FieldError {
    let text = error.to_string();
    let message = text.split(" at line ").next().unwrap_or_default();
    let parent = if path == "." { "" } else { path };
    for (prefix, says) in
        [("missing field `", "is missing"), ("unknown field `", "is not known here")]
    {
        if let Some(name) = message.strip_prefix(prefix).and_then(|rest| rest.split('`').next()) {
            let dot = if parent.is_empty() || parent.ends_with(name) { "" } else { "." };
            let field = if parent.ends_with(name) {
                parent.to_owned()
            } else {
                format!("{parent}{dot}{name}")
            };
            return FieldError { field, message: says.into() };
        }
    }
    FieldError { field: parent.to_owned(), message: plain(message) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::kernel::Int;
    use crate::core::kernel::fields::Name;

    #[derive(Deserialize, Debug)]
    struct Line {
        #[expect(dead_code, reason = "only parsed")]
        quantity: Int<1, 50>,
    }
    #[derive(Deserialize, Debug)]
    struct Sample {
        #[expect(dead_code, reason = "only parsed")]
        name: Name,
        #[expect(dead_code, reason = "only parsed")]
        lines: Vec<Line>,
        #[expect(dead_code, reason = "only parsed")]
        mood: Option<Mood>,
    }
    #[derive(Deserialize, Debug)]
    enum Mood {
        Good,
    }

    #[test]
    fn the_wrong_field_is_named() {
        for (json, field, says) in [
            ("{", "", "not valid JSON"),
            ("[]", "", "must be"),
            ("{\"lines\":[]}", "name", "is missing"),
            ("{\"name\":\" \",\"lines\":[]}", "name", "must not be empty"),
            ("{\"name\":7,\"lines\":[]}", "name", "must be a text, not 7"),
            ("{\"name\":\"a\",\"lines\":[{\"quantity\":51}]}", "lines[0].quantity", "from 1 to 50"),
            ("{\"name\":\"a\",\"lines\":[{}]}", "lines[0].quantity", "is missing"),
            (
                "{\"name\":\"a\",\"lines\":[{\"quantity\":1.5}]}",
                "lines[0].quantity",
                "must be a whole number, not 1.5",
            ),
            (
                "{\"name\":\"a\",\"lines\":[{\"quantity\":1e400}]}",
                "lines[0].quantity",
                "is a larger number",
            ),
            ("{\"name\":\"a\",\"lines\":[]} x", "", "one JSON value"),
            ("{\"name\":\"a\",\"lines\":[],\"mood\":7}", "mood", "must be one of the words"),
        ] {
            let error = read_json::<Sample>(json.as_bytes()).unwrap_err();
            let first = &error.problem().errors[0];
            assert_eq!(first.field, field, "{json}");
            assert!(first.message.contains(says), "{json}: {}", first.message);
        }
    }
}
