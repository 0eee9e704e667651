//! HTTP to a provider: bounded in time and size, and an answer is an answer only when it is the provider's.

use std::error::Error as _;
use std::sync::OnceLock;
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;

use super::provider::{Told, Trouble};

/// The longest that it may take to reach a provider: a guest is told within three seconds that nobody is.
const REACHED_WITHIN: Duration = Duration::from_secs(2);
/// The longest that an answer may take.
const ANSWERS_WITHIN: Duration = Duration::from_secs(30);
/// The largest answer, in bytes: a page of a list.
const LARGEST: usize = 2 * 1024 * 1024;

/// The way to one provider.
#[derive(Debug, Clone)]
pub struct Line {
    base: String,
}

/// A request that can be sent.
pub type Request = Told<RequestBuilder>;

/// Made when somebody is asked first: what is only written down to be sent needs none.
fn client() -> Told<Client> {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    if let Some(client) = CLIENT.get() {
        return Ok(client.clone());
    }
    let client = Client::builder()
        .connect_timeout(REACHED_WITHIN)
        .timeout(ANSWERS_WITHIN)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| Trouble::Unreached(error.to_string()))?;
    Ok(CLIENT.get_or_init(|| client).clone())
}

impl Line {
    /// To an address.
    pub fn to(base: &str) -> Self {
        Self { base: base.trim_end_matches('/').to_owned() }
    }

    /// A request for a path.
    pub fn ask(&self, method: Method, path: &str) -> Request {
        Ok(client()?.request(method, format!("{}{path}", self.base)))
    }
}

/// Sends a request. The answer is JSON with 200 or 201, as all providers here say what they did; `says` reads
/// the sentence of a refusal.
pub async fn send(request: Request, says: fn(&Value) -> Option<String>) -> Told<Value> {
    let reply = request?.send().await.map_err(silent)?;
    let status = reply.status();
    let body = read(reply).await?;
    let json = serde_json::from_slice::<Value>(&body).ok();
    match (status, json) {
        (StatusCode::OK | StatusCode::CREATED, Some(json)) => Ok(json),
        (status, _) if status.is_success() && body.is_empty() => Ok(Value::Null),
        (StatusCode::UNAUTHORIZED, Some(_)) => {
            Err(Trouble::Key("the provider does not take the key".into()))
        }
        (
            StatusCode::BAD_REQUEST
            | StatusCode::PAYMENT_REQUIRED
            | StatusCode::NOT_FOUND
            | StatusCode::UNPROCESSABLE_ENTITY,
            Some(json),
        ) => {
            let why = says(&json).unwrap_or_else(|| format!("it answers {}", status.as_u16()));
            Err(Trouble::No(why))
        }
        (status, _) => Err(Trouble::Silent(format!("the provider answers {}", status.as_u16()))),
    }
}

async fn read(mut reply: Response) -> Told<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(part) = reply.chunk().await.map_err(silent)? {
        if body.len() + part.len() > LARGEST {
            return Err(Trouble::Silent("the provider answers more than can be read".into()));
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

/// What went wrong and why, without the address: that may hold a number.
fn silent(error: reqwest::Error) -> Trouble {
    let is_unreached = error.is_connect();
    let error = error.without_url();
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        words = format!("{words}: {deeper}");
        cause = deeper.source();
    }
    if is_unreached { Trouble::Unreached(words) } else { Trouble::Silent(words) }
}

/// A text of an answer.
pub fn text(json: &Value, key: &str) -> Option<String> {
    json[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// What must stand in an answer.
pub fn needed(json: &Value, key: &str) -> Told<String> {
    text(json, key).ok_or_else(|| Trouble::Silent(format!("the answer has no “{key}”")))
}
