//! `/setup`.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use utoipa_axum::router::OpenApiRouter;

use super::Setup;
use super::store::{Begin, already_done, is_restored};
use super::{SetupRequest, SetupState};
use crate::core::error::{Error, Result};
use crate::features::restaurant::{UpdateSite, check_facts};
use crate::features::staff::NewUser;
use crate::platform::app::App;
use crate::platform::auth::{self, Guess, Origin, Role, Secret, User};
use crate::platform::http::{Body, Created, Problems, created, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(state)).routes(routes!(set_up))
}

/// Whether the box waits to be set up.
#[utoipa::path(get, path = "/setup/state", tag = "setup", security(()),
    responses((status = 200, body = SetupState), Problems))]
async fn state(State(app): State<App>) -> Result<Json<SetupState>> {
    let needed = app.state::<Setup>().is_needed(&app.store).await?;
    let restored = needed && app.store.read(is_restored).await?;
    Ok(Json(SetupState { needed, restored }))
}

/// Under this name failed codes are counted beside failed sign-ins.
const GUESSED: &str = "set-up code";

/// Name the restaurant and its first admin, once, by the code that the box's console shows.
#[utoipa::path(post, path = "/setup", tag = "setup", security(()), request_body = SetupRequest,
    responses((status = 201, body = User), Problems))]
async fn set_up(
    State(app): State<App>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Body(SetupRequest { code, restaurant, admin }): Body<SetupRequest>,
) -> Result<Created<User>> {
    if !app.state::<Setup>().is_needed(&app.store).await? {
        return Err(already_done());
    }
    let guess = Guess::new(Origin::of(address.ip(), None), GUESSED, Secret::Code);
    let counted = app.auth.failures.begin(guess)?;
    if !app.state::<Setup>().fits(&code) {
        auth::note_failure(&app, address.ip(), GUESSED, counted);
        let detail = "This is not the set-up code. The box shows it on its screen or in its log, \
                      new after each start, unless one was chosen in its settings.";
        return Err(Error::forbidden("wrong_setup_code", detail));
    }
    counted.forgive();
    let (currency, timezone) = (restaurant.currency, restaurant.timezone);
    let languages = restaurant.languages;
    check_facts("restaurant.", Some(&currency), Some(&timezone), Some(&languages))?;
    auth::check_new_password(&admin.password, &admin.username)?;
    let pin_hash = match &admin.pin_code {
        Some(pin) => Some(app.auth.hasher.hash_pin(pin).await?),
        None => None,
    };
    let site = UpdateSite {
        name: Some(restaurant.name.into_inner()),
        currency: Some(currency),
        timezone: Some(timezone),
        languages: Some(languages),
        ..UpdateSite::default()
    };
    let admin = NewUser {
        username: admin.username.into_inner(),
        full_name: admin.full_name.into_inner(),
        role: Role::Admin,
        phone: None,
        avatar_url: None,
        password_hash: app.auth.hasher.hash_password(&admin.password).await?,
        pin_hash,
        is_active: true,
        shift_active: true,
        created_by_id: None,
    };
    let user = app.store.run(Begin { site, admin }).await?;
    tracing::info!(username = %user.username, "the box is set up");
    Ok(created(user))
}
