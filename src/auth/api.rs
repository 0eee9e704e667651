//! Signing in and out.

use std::net::{IpAddr, SocketAddr};

use axum::Json;
use axum::extract::{ConnectInfo, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::store::{self, Credentials, SignIn, SignOut};
use super::{ANYONE, By, FromDevice, KnownDevice, Place, User};
use crate::app::App;
use crate::error::{Error, Result};
use crate::http::{ApiResponse, Body, Problems};
use crate::kernel::Text;
use crate::security::events::{self, SecurityEvent};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(login))
        .routes(routes!(login_by_pin))
        .routes(routes!(me))
        .routes(routes!(logout))
}

#[derive(Deserialize, ToSchema)]
struct UserLogin {
    username: Text<1, 50>,
    password: Text<1, 128>,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename = "UserLoginPIN")]
#[schema(as = UserLoginPIN)]
struct UserLoginPin {
    username: Text<1, 50>,
    pin_code: Text<1, 6>,
}

/// A token to send as `Authorization: Bearer`.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the contract's names")]
struct Token {
    access_token: String,
    /// Always `bearer`.
    token_type: &'static str,
    /// Seconds.
    expires_in: i64,
}

/// Sign in by name and password.
#[utoipa::path(post, path = "/auth/login",
    params(("X-Device" = Option<String>, Header, description = "The token of a paired tablet")),
    request_body = UserLogin, tag = "auth", security(()),
    responses((status = 200, body = Token), Problems))]
async fn login(
    State(app): State<App>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    FromDevice(device): FromDevice,
    Body(body): Body<UserLogin>,
) -> Result<Json<Token>> {
    let place = Place::of(address.ip(), device.as_ref());
    app.auth.failures.check(place, &body.username)?;
    let user = find(&app, &body.username).await?;
    let hash = user.as_ref().map(|user| user.password_hash.as_str());
    let fits = app.auth.hasher.is_password(&body.password, hash).await?;
    sign_in(&app, address.ip(), &body.username, user.filter(|_| fits), device).await
}

/// Sign in by name and PIN, on a paired tablet unless the settings say otherwise.
#[utoipa::path(post, path = "/auth/login/pin",
    params(("X-Device" = Option<String>, Header, description = "The token of a paired tablet")),
    request_body = UserLoginPin, tag = "auth", security(()),
    responses((status = 200, body = Token), Problems))]
async fn login_by_pin(
    State(app): State<App>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    FromDevice(device): FromDevice,
    Body(body): Body<UserLoginPin>,
) -> Result<Json<Token>> {
    if device.is_none() && pin_needs_device(&app) {
        return Err(store::device_unknown());
    }
    let place = Place::of(address.ip(), device.as_ref());
    app.auth.failures.check(place, &body.username)?;
    let user = find(&app, &body.username).await?;
    let hash = user.as_ref().and_then(|user| user.pin_hash.as_deref());
    let fits = app.auth.hasher.is_pin(&body.pin_code, hash).await?;
    sign_in(&app, address.ip(), &body.username, user.filter(|_| fits), device).await
}

/// Whether a PIN signs in only on a paired tablet.
pub fn pin_needs_device(app: &App) -> bool {
    app.settings.pin_needs_device.unwrap_or(!app.site().is_demo)
}

async fn find(app: &App, username: &str) -> Result<Option<Credentials>> {
    let username = username.to_owned();
    app.store.read(move |connection| store::credentials(connection, &username)).await
}

/// Notes that a secret was wrong, and when the door is shut by it.
pub fn note_failure(app: &App, address: IpAddr, device: Option<&KnownDevice>, username: &str) {
    let event = |kind, what| SecurityEvent::new(kind, what).from(address).named(username);
    app.security_events.record(event(events::Kind::SignInFailed, "wrong_secret"));
    if app.auth.failures.note(Place::of(address, device), username) {
        app.security_events.record(event(events::Kind::AddressBlocked, "sign_in_shut"));
    }
}

/// Begins a session for somebody who proved who he is; `None` is somebody who did not.
async fn sign_in(
    app: &App,
    address: IpAddr,
    username: &str,
    user: Option<Credentials>,
    device: Option<KnownDevice>,
) -> Result<Json<Token>> {
    let Some(user) = user.filter(|user| user.is_active) else {
        note_failure(app, address, device.as_ref(), username);
        let detail = "The name or the secret is wrong, or the account is not active.";
        return Err(Error::unauthorized("wrong_credentials", detail));
    };
    app.auth.failures.forgive(Place::of(address, device.as_ref()), username);
    let session = Uuid::now_v7();
    let device_id = device.map(|device| device.id);
    let lifetime_seconds = app.auth.tokens.lifetime_seconds();
    let now =
        app.store.run(SignIn { user_id: user.id, device_id, session, lifetime_seconds }).await?;
    let event = SecurityEvent::new(events::Kind::SignIn, "signed_in").from(address);
    app.security_events.record(event.named(username).acting_as(user.role));
    Ok(Json(Token {
        access_token: app.auth.tokens.issue(user.id, session, now)?,
        token_type: "bearer",
        expires_in: lifetime_seconds,
    }))
}

/// Who am I.
#[utoipa::path(get, path = "/auth/me", tag = "auth",
    security(("bearer" = ["admin", "manager", "waiter", "kitchen"])),
    responses((status = 200, body = User), Problems))]
async fn me(State(app): State<App>, By(person, _): By<ANYONE>) -> Result<Json<User>> {
    let user = app.store.read(move |connection| store::user_by_id(connection, person.id)).await?;
    Ok(Json(user))
}

/// End this sign-in: the token is worthless from now on.
#[utoipa::path(post, path = "/auth/logout", tag = "auth",
    security(("bearer" = ["admin", "manager", "waiter", "kitchen"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn logout(
    State(app): State<App>,
    By(person, session): By<ANYONE>,
) -> Result<Json<ApiResponse>> {
    app.store.run(SignOut { user_id: person.id, session }).await?;
    Ok(ApiResponse::done("Signed out."))
}
