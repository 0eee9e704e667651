//! Extractors that let a request in: a signed-in person with one of the roles that may.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use uuid::Uuid;

use super::Person;
use crate::app::App;
use crate::error::{Error, Result};

/// A signed-in person whose role is in the set `ROLES`, e.g. `By<{ ADMIN | WAITER }>`.
pub struct By<const ROLES: u8>(pub Person, pub Uuid);

impl<const ROLES: u8> FromRequestParts<App> for By<ROLES> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let token = bearer_token(&parts.headers).ok_or_else(no_token)?;
        let (session, _) = app.auth.tokens.read(token)?;
        let person = app.auth.sessions.person(&app.store, session).await?;
        if person.role.bit() & ROLES == 0 {
            let role = person.role.as_str();
            let detail = format!("Your role ({role}) may not do this. Ask an admin.");
            return Err(Error::forbidden("wrong_role", detail).with("role", role));
        }
        Ok(Self(person, session))
    }
}

/// The token of an `Authorization: Bearer` header.
pub fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn no_token() -> Error {
    Error::unauthorized("no_token", "Sign in first: this needs a token.")
}
