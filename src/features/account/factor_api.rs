//! A second factor for admins: a code from an authenticator app, asked for with each sign-in.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use utoipa_axum::router::OpenApiRouter;

use super::store::{BeginFactor, ConfirmFactor, RemoveFactor};
use super::{FirstCode, NewSecondFactor, OwnPassword, RecoveryCodes, SecondFactor};
use crate::core::error::{Error, Result};
use crate::features::staff;
use crate::platform::app::App;
use crate::platform::auth::{
    self, ADMIN, ANYONE, By, Guess, Origin, Person, Secret, base32, totp_url,
};
use crate::platform::http::{ApiResponse, Body, Created, Problems, created, routes};
use crate::platform::qr::Picture;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(state, begin))
        .routes(routes!(confirm))
        .routes(routes!(remove))
}

/// How many recovery codes there are.
const CODES: usize = 10;

/// Whether I have a second factor.
#[utoipa::path(get, path = "/auth/second-factor", tag = "auth",
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = SecondFactor), Problems))]
async fn state(State(app): State<App>, By(person, _): By<ANYONE>) -> Result<Json<SecondFactor>> {
    let state = app.store.read(move |db| auth::factor_state(db, person.id)).await?;
    Ok(Json(SecondFactor { is_on: state.is_on, recovery_codes: state.recovery_codes }))
}

/// Begin a second factor for oneself; it counts once the first code was confirmed.
#[utoipa::path(post, path = "/auth/second-factor", tag = "auth", request_body = OwnPassword,
    security(("bearer" = ["admin"])),
    security(("bearer" = ["admin"])),
    responses((status = 201, body = NewSecondFactor), Problems))]
async fn begin(
    State(app): State<App>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    By(person, _): By<ADMIN>,
    Body(body): Body<OwnPassword>,
) -> Result<Created<NewSecondFactor>> {
    let username = check_password(&app, address, &person, &body.password).await?;
    let secret = auth::random_bytes::<20>()?.to_vec();
    let url = totp_url(&app.site().name, &username, &secret);
    let qr_svg = Picture::of(&url)?.svg();
    let text = base32(&secret);
    app.store.run(BeginFactor { user_id: person.id, secret }).await?;
    Ok(created(NewSecondFactor { secret: text, url, qr_svg }))
}

/// Let it count, with the first code that the app shows.
#[utoipa::path(post, path = "/auth/second-factor/confirm", tag = "auth", request_body = FirstCode,
    security(("bearer" = ["admin"])),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = RecoveryCodes), Problems))]
async fn confirm(
    State(app): State<App>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    By(person, _): By<ADMIN>,
    Body(body): Body<FirstCode>,
) -> Result<Json<RecoveryCodes>> {
    let recovery_codes = (0..CODES).map(|_| recovery_code()).collect::<Result<Vec<_>>>()?;
    let code = body.code.into_inner();
    let command =
        ConfirmFactor { user_id: person.id, code, recovery_codes: recovery_codes.clone() };
    let guesser = format!("first code of {}", person.id);
    let guess = Guess::new(Origin::of(address.ip(), None), &guesser, Secret::OwnPassword);
    let counted = app.auth.failures.begin(guess)?;
    match app.store.run(command).await {
        Ok(()) => counted.forgive(),
        Err(refusal) if refusal.problem().code == "wrong_code" => {
            auth::note_failure(&app, address.ip(), &guesser, counted);
            return Err(refusal);
        }
        Err(refusal) => {
            counted.give_back();
            return Err(refusal);
        }
    }
    Ok(Json(RecoveryCodes { recovery_codes }))
}

/// Take one's own second factor away.
#[utoipa::path(post, path = "/auth/second-factor/remove", tag = "auth", request_body = OwnPassword,
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn remove(
    State(app): State<App>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    By(person, _): By<ANYONE>,
    Body(body): Body<OwnPassword>,
) -> Result<Json<ApiResponse>> {
    check_password(&app, address, &person, &body.password).await?;
    app.store.run(RemoveFactor { user_id: person.id, by: Some(person.id) }).await?;
    Ok(ApiResponse::done("The second factor was taken away: the password alone signs in now."))
}

/// 80 random bits in four groups: `ABCD-EFGH-JKLM-NPQR`.
fn recovery_code() -> Result<String> {
    let text = base32(&auth::random_bytes::<10>()?);
    let groups: Vec<&str> = (0..text.len() / 4).map(|at| &text[at * 4..at * 4 + 4]).collect();
    Ok(groups.join("-"))
}

/// His name to sign in with, once his password was right.
async fn check_password(
    app: &App,
    address: SocketAddr,
    person: &Person,
    password: &str,
) -> Result<String> {
    let id = person.id;
    let guesser = format!("password of {id}");
    let guess = Guess::new(Origin::of(address.ip(), None), &guesser, Secret::OwnPassword);
    let check = async {
        let (user, hash) = app
            .store
            .read(move |db| Ok((auth::user_by_id(db, id)?, staff::password_hash(db, id)?)))
            .await?;
        let fits = app.auth.hasher.is_password(password, Some(&hash)).await?;
        Ok(Some(user.username).filter(|_| fits))
    };
    let (username, counted) = app.auth.look_at(guess, check).await?;
    if let Some(username) = username {
        counted.forgive();
        return Ok(username);
    }
    auth::note_failure(app, address.ip(), &guesser, counted);
    let detail = "The password is wrong. Nothing was changed.";
    Err(Error::rule("wrong_password", detail))
}
