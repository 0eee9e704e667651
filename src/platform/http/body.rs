//! JSON bodies: read once, with the field that is wrong named.

use axum::body::Bytes;
use axum::extract::{FromRequest, OptionalFromRequest, Request};
use axum::http::StatusCode;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::fields::{Fits, fits, wrong_fields};
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

/// Reads one JSON value; every field that is wrong is named by its place in it.
///
/// # Errors
/// 422 with the fields; of a body above 64 KiB with the place in the text.
pub fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| refused(&error, bytes, fits::<T>))
}

/// The largest body of which every wrong field is looked for.
const SEARCHED: usize = 64 * 1024;

/// What is wrong with a body that was not taken. There are a hundred kinds of body: what is compiled
/// for each of them anew is no more than to read it.
fn refused(error: &serde_json::Error, bytes: &[u8], fits: Fits) -> Error {
    if let Err(no_json) = is_one_value(bytes) {
        return no_json;
    }
    let body = (bytes.len() <= SEARCHED).then(|| serde_json::from_slice(bytes).ok()).flatten();
    let wrong = body.map(|body| wrong_fields(body, fits)).unwrap_or_default();
    if !wrong.is_empty() {
        return Error::invalid_fields(wrong);
    }
    let FieldError { field, message } = field_error("", error);
    let what = if field.is_empty() { "what stands there".into() } else { format!("“{field}”") };
    let (line, column) = (error.line(), error.column());
    let says = format!("body is wrong at line {line}, column {column}: {what} {message}");
    Error::invalid("", says)
}

/// Reads a file, which may be larger than a body; the first place that is wrong is named, and every
/// other one where the file has up to `searched` bytes. That reads it some hundred times: off the
/// threads that serve.
///
/// # Errors
/// 422 with the places.
pub fn read_json_file<T: DeserializeOwned>(bytes: &[u8], searched: usize) -> Result<T> {
    // Who keeps the place of each field pays for all of them: only what is wrong is read like that.
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Ok(value);
    }
    is_one_value(bytes)?;
    let mut json = serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let first = field_error(&error.path().to_string(), error.inner());
        let body = (bytes.len() <= searched).then(|| serde_json::from_slice(bytes).ok()).flatten();
        let found = body.map(|body| wrong_fields(body, fits::<T>)).unwrap_or_default();
        let others = found.into_iter().filter(|other| other.field != first.field);
        let others = others.collect::<Vec<_>>();
        Error::invalid_fields(std::iter::once(first).chain(others).collect())
    })
}

fn is_one_value(bytes: &[u8]) -> Result<()> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    IgnoredAny::deserialize(&mut json)
        .map_err(|error| Error::invalid("", format!("body is not valid JSON ({error})")))?;
    json.end().map_err(|_| Error::invalid("", "body must be one JSON value"))
}

/// Serde's words without the position.
fn said_of(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let message = text.split(" at line ").next().unwrap_or_default();
    // What is no word where one is to be is called wrong syntax, and so is what no number holds.
    if message.starts_with("number out of range") {
        return "is a larger number than there can be".into();
    }
    if error.is_syntax() {
        return "must be one of the words that are known here".into();
    }
    plain(message)
}

/// A missing field is named as the field.
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
    FieldError { field: parent.to_owned(), message: said_of(error) }
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
                "",
                "line 1, column 38: what stands there is a larger number",
            ),
            ("{\"name\":\"a\",\"lines\":[]} x", "", "one JSON value"),
            ("{\"name\":\"a\",\"lines\":[],\"mood\":7}", "mood", "must be a text, not 7"),
        ] {
            let error = read_json::<Sample>(json.as_bytes()).unwrap_err();
            let first = &error.problem().errors[0];
            assert_eq!(first.field, field, "{json}");
            assert!(first.message.contains(says), "{json}: {}", first.message);
        }
    }

    #[test]
    fn of_a_file_the_first_wrong_place_is_named_and_of_a_large_body_where_it_stands() {
        let lines = vec!["{\"quantity\":1}"; 5000].join(",");
        let json = format!("{{\"name\":\"a\",\n\"lines\":[{lines},{{}}]}}");
        let of_file = read_json_file::<Sample>(json.as_bytes(), SEARCHED).unwrap_err();
        assert_eq!(of_file.problem().errors[0].field, "lines[5000].quantity");
        let of_body = read_json::<Sample>(json.as_bytes()).unwrap_err();
        let says = &of_body.problem().errors[0].message;
        assert!(says.starts_with("body is wrong at line 2, column 75011"), "{says}");
        assert!(says.ends_with(": “quantity” is missing"), "{says}");
        for (json, field, says) in [
            ("{\"name\":\"a\",\"lines\":[],\"mood\":7}", "mood", "one of the words"),
            (
                "{\"name\":\"a\",\"lines\":[{\"quantity\":1e400}]}",
                "lines[0].quantity",
                "larger number",
            ),
        ] {
            let error = read_json_file::<Sample>(json.as_bytes(), SEARCHED).unwrap_err();
            let first = &error.problem().errors[0];
            assert_eq!(first.field, field, "{json}");
            assert!(first.message.contains(says), "{json}: {}", first.message);
        }
    }
}
