//! Requests that carry a key under which they happen once.

use aws_lc_rs::digest::{Context, SHA256, digest};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;
use uuid::Uuid;

use super::body::{read, read_json};
use crate::core::error::{Error, Result};
use crate::core::store::{Command, IdempotencyKey, Idempotent, Replayed, Store, Told};

/// A JSON body, and the `Idempotency-Key` it came with.
pub struct Keyed<T> {
    /// The body.
    pub body: T,
    key: Option<[u8; 16]>,
    request: [u8; 16],
}

impl<T> Keyed<T> {
    /// The key in the name of `actor`: a person's id, or minus the id of a visit for its guests.
    pub fn key(&self, actor: i64) -> Option<IdempotencyKey> {
        self.key.map(|key| IdempotencyKey { key, actor, request: self.request })
    }

    /// Makes something of the body, once for its key: 201 with it, and the same again to a repeat.
    ///
    /// # Errors
    /// What the command refuses; 422 where the key was of another request.
    pub async fn create<C>(
        self,
        store: &Store,
        actor: i64,
        command: impl FnOnce(T) -> C,
    ) -> Result<Response>
    where
        C: Command<Output: Serialize>,
    {
        self.run(store, actor, StatusCode::CREATED, command).await
    }

    /// The same for what is changed: 200 with what it is now.
    ///
    /// # Errors
    /// As [`Self::create`].
    pub async fn change<C>(
        self,
        store: &Store,
        actor: i64,
        command: impl FnOnce(T) -> C,
    ) -> Result<Response>
    where
        C: Command<Output: Serialize>,
    {
        self.run(store, actor, StatusCode::OK, command).await
    }

    async fn run<C>(
        self,
        store: &Store,
        actor: i64,
        status: StatusCode,
        command: impl FnOnce(T) -> C,
    ) -> Result<Response>
    where
        C: Command<Output: Serialize>,
    {
        let key = self.key(actor);
        let command = Told(command(self.body));
        Ok(once(status, &store.run(Idempotent { key, command }).await?))
    }
}

/// In the API document: the key under which a request happens once.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only described; `Keyed` reads it")]
pub struct OnceKey {
    /// 8 to 128 visible characters
    #[param(rename = "Idempotency-Key")]
    key: Option<String>,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Keyed<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let Keyed { body, key, request } = read_keyed(request, state).await?;
        Ok(Self { body: read_json(&body)?, key, request })
    }
}

/// A request whose path says all, and the `Idempotency-Key` it came with.
pub struct Bodiless(pub Keyed<()>);

impl<S: Send + Sync> FromRequest<S> for Bodiless {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let Keyed { key, request, .. } = read_keyed(request, state).await?;
        Ok(Self(Keyed { body: (), key, request }))
    }
}

/// A request as it came: its key, and by what a repeat is known.
async fn read_keyed<S: Send + Sync>(request: Request, state: &S) -> Result<Keyed<Bytes>> {
    let key = key_of(request.headers())?;
    let mut hash = Context::new(&SHA256);
    hash.update(request.method().as_str().as_bytes());
    hash.update(request.uri().path().as_bytes());
    let body = read(request, state).await?;
    hash.update(&body);
    let request = first_16(hash.finish().as_ref());
    Ok(Keyed { body, key, request })
}

fn key_of(headers: &HeaderMap) -> Result<Option<[u8; 16]>> {
    let mut values = headers.get_all("idempotency-key").iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Error::invalid("Idempotency-Key", "must be sent once"));
    }
    let bytes = value.as_bytes();
    if !(8..=128).contains(&bytes.len()) || !bytes.iter().all(u8::is_ascii_graphic) {
        let message = "must have 8 to 128 visible ASCII characters";
        return Err(Error::invalid("Idempotency-Key", message));
    }
    Ok(Some(match Uuid::try_parse_ascii(bytes) {
        Ok(uuid) => uuid.into_bytes(),
        Err(_) => first_16(digest(&SHA256, bytes).as_ref()),
    }))
}

fn first_16(hash: &[u8]) -> [u8; 16] {
    let mut out = [0; 16];
    out.copy_from_slice(&hash[..16]);
    out
}

const IDEMPOTENT_REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// The reply of a command that happens once for its key; a repeat says that it is one.
pub fn once(status: StatusCode, reply: &Replayed) -> Response {
    let json = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    let body = reply.json.as_bytes().to_vec();
    let mut response = (status, json, body).into_response();
    if reply.replayed {
        response.headers_mut().insert(IDEMPOTENT_REPLAYED, HeaderValue::from_static("true"));
    }
    response
}
