//! Signing in and out.

use std::net::{IpAddr, SocketAddr};

use axum::Json;
use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::http::header;
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use super::store::{self, Credentials, SignIn, SignOut};
use super::{ANYONE, By, Counted, FromDevice, Guess, KnownDevice, Origin, Secret, User};
use crate::core::error::{Error, Result};
use crate::core::kernel::Text;
use crate::platform::app::App;
use crate::platform::http::{ApiResponse, Body, Problems, routes};
use crate::platform::security::events::{self, SecurityEvent};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(login))
        .routes(routes!(login_by_pin))
        .routes(routes!(me))
        .routes(routes!(logout))
}

/// How much of a program's own name is kept with a session, in characters.
const LONGEST_AGENT: usize = 120;

#[derive(Deserialize, ToSchema)]
struct UserLogin {
    username: Text<1, 50>,
    password: Text<1, 128>,
    /// The code of the second factor, or a recovery code, where one is asked for.
    code: Option<Text<1, 30>>,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename = "UserLoginPIN")]
#[schema(as = UserLoginPIN)]
struct UserLoginPin {
    username: Text<1, 50>,
    pin_code: Text<1, 6>,
    /// The code of the second factor, or a recovery code, where one is asked for.
    code: Option<Text<1, 30>>,
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

/// Sign in by name and password. Whoever has a second factor hears `second_factor_needed` and
/// sends the same again with its code.
#[utoipa::path(post, path = "/auth/login",
    params(("X-Device" = Option<String>, Header, description = "The token of a paired tablet")),
    request_body = UserLogin, tag = "auth", security(()),
    responses((status = 200, body = Token), Problems))]
async fn login(
    State(app): State<App>,
    attempt: Attempt,
    Body(body): Body<UserLogin>,
) -> Result<Json<Token>> {
    let guess = Guess::new(attempt.place(), &body.username, Secret::Password);
    let check = async {
        let user = find(&app, &body.username).await?;
        let hash = user.as_ref().map(|user| user.password_hash.as_str());
        let fits = app.auth.hasher.is_password(&body.password, hash).await?;
        Ok(user.filter(|_| fits))
    };
    let looked_at = app.auth.look_at(guess, check).await?;
    attempt.sign_in(&app, &body.username, looked_at, body.code).await
}

/// Sign in by name and PIN, on a paired tablet unless the settings say otherwise.
#[utoipa::path(post, path = "/auth/login/pin",
    params(("X-Device" = Option<String>, Header, description = "The token of a paired tablet")),
    request_body = UserLoginPin, tag = "auth", security(()),
    responses((status = 200, body = Token), Problems))]
async fn login_by_pin(
    State(app): State<App>,
    attempt: Attempt,
    Body(body): Body<UserLoginPin>,
) -> Result<Json<Token>> {
    if attempt.device.is_none() && pin_needs_device(&app) {
        return Err(store::device_unknown());
    }
    let looked_at = look_at_pin(&app, &attempt, &body.username, &body.pin_code).await?;
    attempt.sign_in(&app, &body.username, looked_at, body.code).await
}

async fn look_at_pin<'a>(
    app: &'a App,
    attempt: &Attempt,
    username: &str,
    pin: &str,
) -> Result<(Option<Credentials>, Counted<'a>)> {
    let guess = Guess::new(attempt.place(), username, Secret::Pin);
    let check = async {
        let user = find(app, username).await?;
        let hash = user.as_ref().and_then(|user| user.pin_hash.as_deref());
        let fits = app.auth.hasher.is_pin(pin, hash).await?;
        Ok(user.filter(|_| fits))
    };
    app.auth.look_at(guess, check).await
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
pub fn note_failure(app: &App, address: IpAddr, username: &str, counted: Counted<'_>) {
    let event = |kind, what| SecurityEvent::new(kind, what).from(address).named(username);
    app.security_events.record(event(events::Kind::SignInFailed, "wrong_secret"));
    if counted.fail() {
        app.security_events.record(event(events::Kind::AddressBlocked, "sign_in_shut"));
    }
}

/// From where somebody tries a secret.
pub struct Attempt {
    address: IpAddr,
    device: Option<KnownDevice>,
    agent: Option<String>,
}

impl FromRequestParts<App> for Attempt {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let FromDevice(device) = FromDevice::from_request_parts(parts, app).await?;
        let ConnectInfo(address) = ConnectInfo::<SocketAddr>::from_request_parts(parts, app)
            .await
            .map_err(Error::internal)?;
        let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        let agent = agent.map(|agent| agent.chars().take(LONGEST_AGENT).collect());
        Ok(Self { address: address.ip(), device, agent })
    }
}

impl Attempt {
    fn place(&self) -> Origin {
        Origin::of(self.address, self.device.as_ref())
    }

    /// Does something with the word of somebody who shows by their PIN that they are here, without
    /// signing them in. A PIN counts no more and no less than at a sign-in, and only where it would
    /// sign in.
    ///
    /// # Errors
    /// 403 when the PIN is wrong or does not count here, 429 after too many, or what `then` says.
    pub async fn with_pin<T>(
        &self,
        app: &App,
        username: &str,
        pin: &str,
        then: impl AsyncFnOnce() -> Result<T>,
    ) -> Result<T> {
        if self.device.is_none() && pin_needs_device(app) {
            return Err(store::device_unknown());
        }
        let (user, counted) = look_at_pin(app, self, username, pin).await?;
        if user.is_none_or(|user| !user.is_active) {
            note_failure(app, self.address, username, counted);
            let detail = "This PIN is wrong. Nothing was done.";
            return Err(Error::forbidden("wrong_pin", detail));
        }
        match then().await {
            Ok(done) => {
                counted.forgive();
                Ok(done)
            }
            Err(refusal) => {
                if refusal.problem().code == "wrong_code" {
                    note_failure(app, self.address, username, counted);
                } else {
                    counted.give_back();
                }
                Err(refusal)
            }
        }
    }

    /// Begins a session for somebody who proved who they are; no user is somebody who did not.
    async fn sign_in(
        self,
        app: &App,
        username: &str,
        (user, counted): (Option<Credentials>, Counted<'_>),
        code: Option<Text<1, 30>>,
    ) -> Result<Json<Token>> {
        let Some(user) = user.filter(|user| user.is_active) else {
            note_failure(app, self.address, username, counted);
            let detail = "The name or the secret is wrong, or the account is not active.";
            return Err(Error::unauthorized("wrong_credentials", detail));
        };
        let session = Uuid::now_v7();
        let lifetime_seconds = app.auth.tokens.lifetime_seconds();
        let command = SignIn {
            user_id: user.id,
            device_id: self.device.as_ref().map(|device| device.id),
            session,
            lifetime_seconds,
            address: self.address,
            agent: self.agent,
            code: code.map(Text::into_inner),
        };
        let now = match app.store.run(command).await {
            Ok(now) => now,
            Err(refusal) => {
                if refusal.problem().code == "wrong_code" {
                    note_failure(app, self.address, username, counted);
                } else {
                    counted.give_back();
                }
                return Err(refusal);
            }
        };
        counted.forgive();
        let event = SecurityEvent::new(events::Kind::SignIn, "signed_in").from(self.address);
        app.security_events.record(event.named(username).acting_as(user.role));
        Ok(Json(Token {
            access_token: app.auth.tokens.issue(user.id, session, now)?,
            token_type: "bearer",
            expires_in: lifetime_seconds,
        }))
    }
}

/// Who am I.
#[utoipa::path(get, path = "/auth/me", tag = "auth",
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = User), Problems))]
async fn me(State(app): State<App>, By(person, _): By<ANYONE>) -> Result<Json<User>> {
    let user = app.store.read(move |connection| store::user_by_id(connection, person.id)).await?;
    Ok(Json(user))
}

/// End this sign-in: the token is worthless from now on.
#[utoipa::path(post, path = "/auth/logout", tag = "auth",
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn logout(
    State(app): State<App>,
    By(person, session): By<ANYONE>,
) -> Result<Json<ApiResponse>> {
    app.store.run(SignOut { user_id: person.id, session }).await?;
    Ok(ApiResponse::done("Signed out."))
}
