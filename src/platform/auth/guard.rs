//! Extractors that let a request in: a signed-in person with one of the roles that may.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use uuid::Uuid;

use super::{KnownDevice, Person, store};
use crate::core::error::{Error, Result};
use crate::platform::app::App;
use crate::platform::observe::Requester;

const X_DEVICE: HeaderName = HeaderName::from_static("x-device");

/// The sub-protocol under which a token may come: `Sec-WebSocket-Protocol: qres, TOKEN`.
pub const PROTOCOL: &str = "qres";

/// A signed-in person whose role is in the set `ROLES`, e.g. `By<{ ADMIN | WAITER }>`.
pub struct By<const ROLES: u8>(pub Person, pub Uuid);

impl<const ROLES: u8> FromRequestParts<App> for By<ROLES> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let token = bearer_token(&parts.headers).ok_or_else(no_token)?;
        let (session, _) = app.auth.tokens.read(token)?;
        let person = app.auth.sessions.person(&app.store, session).await?;
        if let Some(who) = parts.extensions.get::<Requester>() {
            who.is_staff(person.id, &person.full_name, person.role.as_str());
        }
        if person.role.bit() & ROLES == 0 {
            let role = person.role.as_str();
            let detail = format!("Your role ({role}) may not do this. Ask an admin.");
            return Err(Error::forbidden("wrong_role", detail).with("role", role));
        }
        Ok(Self(person, session))
    }
}

/// The paired tablet whose token the request carries as `X-Device`; none when it carries none, or
/// one that is unknown or cut off.
pub struct FromDevice(pub Option<KnownDevice>);

impl FromRequestParts<App> for FromDevice {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let token = parts.headers.get(X_DEVICE).and_then(|value| value.to_str().ok());
        let Some(token) = token.map(str::to_owned) else { return Ok(Self(None)) };
        Ok(Self(app.store.read(move |db| store::device_by_token(db, &token)).await?))
    }
}

/// The token of an `Authorization: Bearer` header.
pub fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The token of a request: in the query, as a header, or as a sub-protocol.
pub fn token_of(query: Option<String>, headers: &HeaderMap) -> Option<String> {
    let from_protocol = || {
        let value = headers.get(header::SEC_WEBSOCKET_PROTOCOL)?.to_str().ok()?;
        value.split(',').map(str::trim).find(|word| *word != PROTOCOL)
    };
    query.or_else(|| bearer_token(headers).or_else(from_protocol).map(str::to_owned))
}

fn no_token() -> Error {
    Error::unauthorized("no_token", "Sign in first: this needs a token.")
}
