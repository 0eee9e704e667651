//! A person with a device: sends requests and looks at the replies.

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;

use super::contract;

#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    pub token: Option<String>,
}

/// A reply, read whole.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub bytes: Vec<u8>,
    pub what: String,
}

impl Client {
    pub fn new(base: &str, token: Option<&str>) -> Self {
        // Where a page leads to is a thing to look at.
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let http = http.build().expect("a client");
        Self { http, base: base.into(), token: token.map(str::to_owned) }
    }

    /// A request that can still be changed; send it with [`Client::send`].
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn send(&self, request: RequestBuilder) -> Reply {
        self.attempt(request).await.expect("a reply")
    }

    /// The reply, if one came whole: a box may be killed meanwhile.
    pub async fn attempt(&self, request: RequestBuilder) -> reqwest::Result<Reply> {
        let request = request.build().expect("a request");
        let (method, url) = (request.method().clone(), request.url().clone());
        let response = self.http.execute(request).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await?.to_vec();
        let reply = Reply { status, headers, bytes, what: format!("{method} {}", url.path()) };
        contract::check(&method, url.path(), &reply);
        Ok(reply)
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// A POST under an `Idempotency-Key`.
    pub async fn post_once(&self, path: &str, key: &str, body: &Value) -> Reply {
        let request = self.request(Method::POST, path).header("Idempotency-Key", key);
        self.send(request.json(body)).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Reply {
        self.send(self.request(Method::PUT, path).json(body)).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Reply {
        self.send(self.request(Method::PATCH, path).json(body)).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send(self.request(Method::DELETE, path)).await
    }
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body of a reply that must be 200.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}: {}", self.what, self.text());
        self.json()
    }

    /// The body of a reply that must be 201.
    #[track_caller]
    pub fn created(self) -> Value {
        assert_eq!(self.status, 201, "{}: {}", self.what, self.text());
        self.json()
    }

    /// A reply that must be a problem with this status and code; returns its sentence.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> String {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text());
        let problem = self.json();
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(problem["code"], code, "{}: {problem}", self.what);
        assert_eq!(problem["status"], status);
        problem["detail"].as_str().expect("a sentence").to_owned()
    }

    /// A 422 that must name this field.
    #[track_caller]
    pub fn invalid(self, field: &str) {
        let fields = self.json()["errors"].clone();
        let what = format!("{}: {}", self.what, self.text());
        self.refused(422, "invalid");
        assert!(fields.as_array().is_some_and(|f| f.iter().any(|f| f["field"] == field)), "{what}");
    }
}
