//! `/users`.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::http::request::Parts;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, ChangePassword, CreateUser, DeleteUser, NewUser, UpdateUser, Wanted};
use super::{UserChangePassword, UserCreate, UserList, UserPublicList, UserUpdate, rules};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Patch, Text};
use crate::platform::app::App;
use crate::platform::auth::{
    self, ADMIN, ANYONE, By, FromDevice, Guess, MANAGER, Origin, Person, Role, Secret, User,
};
use crate::platform::http::{
    ApiResponse, Body, Created, Page, Params, Path, Problems, created, routes,
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(waiters))
        .routes(routes!(kitchen))
        .routes(routes!(list, create))
        .routes(routes!(read, update, delete))
        .routes(routes!(change_password))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PublicQuery {
    is_active: Option<bool>,
    /// Part of a name, whatever its case.
    search: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct StaffQuery {
    role: Option<Role>,
    is_active: Option<bool>,
    /// Part of a name or telephone number, whatever its case.
    search: Option<String>,
}

/// Who works with the waiters' screen (waiters, cashiers, hosts), for its sign-in. Names are told to a
/// tablet on which a PIN signs in, those of people who may; else to whoever is signed in. To others the
/// list is empty.
#[utoipa::path(get, path = "/users/waiters", tag = "users", security(()),
    params(Page, PublicQuery,
        ("X-Device" = Option<String>, Header, description = "The token of a paired tablet")),
    responses((status = 200, body = UserPublicList), Problems))]
async fn waiters(
    State(app): State<App>,
    asks: Asks,
    page: Page,
    Params(query): Params<PublicQuery>,
) -> Result<Json<UserPublicList>> {
    public(&app, asks, vec![Role::Waiter, Role::Cashier, Role::Host], (page, query)).await
}

/// Who cooks, for the sign-in screen; told to whom the names of waiters are told.
#[utoipa::path(get, path = "/users/kitchen", tag = "users", security(()),
    params(Page, PublicQuery,
        ("X-Device" = Option<String>, Header, description = "The token of a paired tablet")),
    responses((status = 200, body = UserPublicList), Problems))]
async fn kitchen(
    State(app): State<App>,
    asks: Asks,
    page: Page,
    Params(query): Params<PublicQuery>,
) -> Result<Json<UserPublicList>> {
    public(&app, asks, vec![Role::Kitchen], (page, query)).await
}

/// Who asks for names.
#[derive(Clone, Copy)]
enum Asks {
    /// Somebody who is signed in.
    Staff,
    /// A device on which a PIN signs in: it has to name whose.
    SignIn,
    /// Anybody in the network.
    Stranger,
}

impl FromRequestParts<App> for Asks {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        if By::<ANYONE>::from_request_parts(parts, app).await.is_ok() {
            return Ok(Self::Staff);
        }
        let FromDevice(device) = FromDevice::from_request_parts(parts, app).await?;
        let is_known = device.is_some() || !auth::pin_needs_device(app);
        Ok(if is_known { Self::SignIn } else { Self::Stranger })
    }
}

async fn public(
    app: &App,
    asks: Asks,
    roles: Vec<Role>,
    (page, query): (Page, PublicQuery),
) -> Result<Json<UserPublicList>> {
    let is_active = match asks {
        Asks::Staff => query.is_active,
        Asks::SignIn if query.is_active != Some(false) => Some(true),
        _ => return Ok(Json(UserPublicList { users: Vec::new(), total: 0 })),
    };
    let wanted = Wanted { roles, is_active, search: query.search };
    Ok(Json(app.store.read(move |db| store::public_list(db, page.window(), &wanted)).await?))
}

/// Everybody who works here.
#[utoipa::path(get, path = "/users", tag = "users", params(Page, StaffQuery),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = UserList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    page: Page,
    Params(query): Params<StaffQuery>,
) -> Result<Json<UserList>> {
    let roles = query.role.into_iter().collect();
    let wanted = Wanted { roles, is_active: query.is_active, search: query.search };
    Ok(Json(app.store.read(move |db| store::list(db, page.window(), &wanted)).await?))
}

/// Add a person, with a PIN, a password, or both.
#[utoipa::path(post, path = "/users", tag = "users",
    request_body = UserCreate,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = User), Problems))]
async fn create(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Body(user): Body<UserCreate>,
) -> Result<Created<User>> {
    let is_admin = user.role == Role::Admin;
    rules::check_way_in(is_admin, user.password.is_some(), user.pin_code.is_some())?;
    if let Some(password) = &user.password {
        auth::check_new_password(password, &user.username)?;
    }
    let hasher = &app.auth.hasher;
    let pin_hash = match &user.pin_code {
        Some(pin) => Some(hasher.hash_pin(pin).await?),
        None => None,
    };
    let password_hash = match &user.password {
        Some(password) => hasher.hash_password(password).await?,
        // One that nobody knows, until an admin sets another.
        None => hasher.hash_password(&auth::random_key()?).await?,
    };
    let new = NewUser {
        username: user.username.into_inner(),
        full_name: user.full_name.into_inner(),
        role: user.role,
        phone: user.phone.and_then(Text::non_empty),
        avatar_url: user.avatar_url.and_then(Text::non_empty),
        password_hash,
        pin_hash,
        is_active: user.is_active,
        shift_active: user.shift_active,
        created_by_id: Some(admin.id),
    };
    Ok(created(app.store.run(CreateUser(new)).await?))
}

/// One person.
#[utoipa::path(get, path = "/users/{id}", tag = "users",
    params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = User), Problems))]
async fn read(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
) -> Result<Json<User>> {
    Ok(Json(app.store.read(move |db| auth::user_by_id(db, id)).await?))
}

/// Change a person. One who is no longer active, or has another role, is signed out everywhere.
#[utoipa::path(patch, path = "/users/{id}", tag = "users",
    params(("id" = i64, Path)),
    request_body = UserUpdate,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = User), Problems))]
async fn update(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(changes): Body<UserUpdate>,
) -> Result<Json<User>> {
    let pin_hash = match &changes.pin_code {
        Patch::Set(pin) => Patch::Set(app.auth.hasher.hash_pin(pin).await?),
        Patch::Clear => Patch::Clear,
        Patch::Keep => Patch::Keep,
    };
    Ok(Json(app.store.run(UpdateUser { id, changes, pin_hash, by: Some(admin.id) }).await?))
}

/// Remove a person: he is signed out everywhere; what he did stays.
#[utoipa::path(delete, path = "/users/{id}", tag = "users",
    params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(DeleteUser { id, by: admin.id }).await?;
    Ok(ApiResponse::done("The person was removed and signed out everywhere."))
}

/// Set a new password: one's own, or as an admin anybody's. Every other sign-in of that person
/// ends.
#[utoipa::path(patch, path = "/users/{id}/password", tag = "users",
    params(("id" = i64, Path)),
    request_body = UserChangePassword,
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn change_password(
    State(app): State<App>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    By(person, session): By<ANYONE>,
    Path(id): Path<i64>,
    Body(body): Body<UserChangePassword>,
) -> Result<Json<ApiResponse>> {
    if id != person.id && !person.is_admin() {
        let detail = "You may change your own password only. Ask an admin.";
        return Err(Error::forbidden("wrong_role", detail).with("role", person.role.as_str()));
    }
    // A tablet left unlocked must not become a place to guess its owner's password.
    let guesser = format!("password of {}", person.id);
    let guess = Guess::new(Origin::of(address.ip(), None), &guesser, Secret::OwnPassword);
    let check = knows_password(&app, &person, id, &body.current_password);
    let (is_known, counted) = app.auth.look_at(guess, check).await?;
    if !is_known {
        auth::note_failure(&app, address.ip(), &guesser, counted);
        let detail = "The current password is wrong. Nothing was changed.";
        return Err(Error::rule("wrong_password", detail));
    }
    counted.forgive();
    let owner = app.store.read(move |db| auth::user_by_id(db, id)).await?;
    auth::check_new_password(&body.new_password, &owner.username)?;
    let password_hash = app.auth.hasher.hash_password(&body.new_password).await?;
    let command = ChangePassword { id, password_hash, by: person.id, session };
    app.store.run(command).await?;
    Ok(ApiResponse::done("The password was changed; other sign-ins with the old one ended."))
}

/// Whether `password` is that of user `id` or of the `person` who asks.
async fn knows_password(app: &App, person: &Person, id: i64, password: &str) -> Result<bool> {
    for owner in [id, person.id] {
        let hash = app.store.read(move |db| store::password_hash(db, owner)).await?;
        if app.auth.hasher.is_password(password, Some(&hash)).await? {
            return Ok(true);
        }
    }
    Ok(false)
}
