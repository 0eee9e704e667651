//! `/permissions`, and the rules of roles and people; who acts in a request.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::HeaderName;
use axum::http::request::Parts;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;

use super::catalog::Permission;
use super::refusals::Refusals;
use super::store::{self, SetRules, Whose};
use super::{
    PermissionRule, PermissionState, Principal, RolePermissions, RulesBody, UserPermissions,
};
use crate::core::error::{Error, Result};
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, ANYONE, By, Role};
use crate::platform::http::{Keyed, OnceKey, Path, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(of_role, set_of_role))
        .routes(routes!(of_user, set_of_user))
}

const X_APPROVAL: HeaderName = HeaderName::from_static("x-approval");

/// Somebody with one of the roles in `ROLES` who does something, with the approval that the request
/// carries as `X-Approval`.
pub struct Acting<const ROLES: u8>(pub Principal);

impl<const ROLES: u8> FromRequestParts<App> for Acting<ROLES> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let By(person, session) = By::<ROLES>::from_request_parts(parts, app).await?;
        let header = parts.headers.get(X_APPROVAL);
        let approval = header
            .map(|value| value.to_str().ok().and_then(|text| text.trim().parse().ok()))
            .map(|id| id.ok_or_else(|| Error::invalid("X-Approval", "must be an approval's id")))
            .transpose()?;
        let refusals = app.state::<Refusals>().clone();
        Ok(Self(Principal { person, session, approval, refusals }))
    }
}

/// Everything that not everybody may do, and what the caller may.
#[utoipa::path(get, path = "/permissions", tag = "permissions",
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = Vec<PermissionState>), Problems))]
async fn list(
    State(app): State<App>,
    By(person, _): By<ANYONE>,
) -> Result<Json<Vec<PermissionState>>> {
    let who = (person.id, person.role);
    let state = move |db: &_, permission: Permission| {
        Ok(PermissionState {
            permission,
            group: permission.group(),
            limit: permission.limit(),
            in_use: permission.is_in_use(),
            roles: permission.roles().to_vec(),
            mine: PermissionRule::of(permission, store::rule_for(db, who, permission)?),
        })
    };
    let all = move |db: &_| Permission::ALL.iter().map(|one| state(db, *one)).collect();
    Ok(Json(app.store.read(all).await?))
}

/// What a role may.
#[utoipa::path(get, path = "/roles/{role}/permissions", tag = "permissions",
    params(("role" = Role, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = RolePermissions), Problems))]
async fn of_role(
    State(app): State<App>,
    _: By<ADMIN>,
    Path(role): Path<String>,
) -> Result<Json<RolePermissions>> {
    let role = role_of(&role)?;
    Ok(Json(app.store.read(move |db| store::of_role(db, role)).await?))
}

/// Set what a role may; what is left out is as the box begins with. To admins everything is
/// allowed, always.
#[utoipa::path(put, path = "/roles/{role}/permissions", tag = "permissions",
    params(OnceKey, ("role" = Role, Path)), request_body = RulesBody,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = RolePermissions), Problems))]
async fn set_of_role(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(role): Path<String>,
    request: Keyed<RulesBody>,
) -> Result<Response> {
    let whose = Whose::Role(role_of(&role)?);
    let set = |RulesBody { rules }| SetRules { whose, rules, by: Some(admin.id) };
    request.change(&app.store, admin.id, set).await
}

fn role_of(word: &str) -> Result<Role> {
    Role::parse(word).ok_or_else(|| Error::not_found("role", word))
}

/// What is set for one person; it goes before what their role may.
#[utoipa::path(get, path = "/users/{id}/permissions", tag = "permissions",
    params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = UserPermissions), Problems))]
async fn of_user(
    State(app): State<App>,
    _: By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<UserPermissions>> {
    Ok(Json(app.store.read(move |db| store::of_user(db, id)).await?))
}

/// Set what one person may; for what is left out their role counts.
#[utoipa::path(put, path = "/users/{id}/permissions", tag = "permissions",
    params(OnceKey, ("id" = i64, Path)), request_body = RulesBody,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = UserPermissions), Problems))]
async fn set_of_user(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
    request: Keyed<RulesBody>,
) -> Result<Response> {
    let set = |RulesBody { rules }| SetRules { whose: Whose::User(id), rules, by: Some(admin.id) };
    request.change(&app.store, admin.id, set).await
}
