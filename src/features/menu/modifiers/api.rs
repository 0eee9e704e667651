//! `/modifier-groups`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, CreateGroup, DeleteGroup, UpdateGroup};
use super::types::{ModifierGroup, ModifierGroupCreate, ModifierGroupList, ModifierGroupUpdate};
use crate::core::error::Result;
use crate::core::kernel::Text;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, ANYONE, By};
use crate::platform::http::{
    ApiResponse, Body, Keyed, OnceKey, Page, Params, Path, Problems, routes,
};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(read, update, delete))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// A part of the name.
    #[param(value_type = Option<String>, max_length = 100)]
    search: Option<Text<0, 100>>,
}

/// Groups of options with what there is to choose, in their order.
#[utoipa::path(get, path = "/modifier-groups", tag = "menu", params(Page, Wanted),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = ModifierGroupList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<ANYONE>,
    page: Page,
    Params(wanted): Params<Wanted>,
) -> Result<Json<ModifierGroupList>> {
    let query = move |db: &_| store::list(db, page.window(), wanted.search.as_deref());
    Ok(Json(app.store.read(query).await?))
}

/// Add a group with its options.
#[utoipa::path(post, path = "/modifier-groups", tag = "menu", params(OnceKey),
    request_body = ModifierGroupCreate,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = ModifierGroup), Problems))]
async fn create(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    request: Keyed<ModifierGroupCreate>,
) -> Result<Response> {
    request.create(&app.store, person.id, |group| CreateGroup { group, by: person.id }).await
}

/// One group with its options.
#[utoipa::path(get, path = "/modifier-groups/{id}", tag = "menu", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = ModifierGroup), Problems))]
async fn read(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(id): Path<i64>,
) -> Result<Json<ModifierGroup>> {
    Ok(Json(app.store.read(move |db| store::group(db, id)).await?))
}

/// Change a group.
#[utoipa::path(patch, path = "/modifier-groups/{id}", tag = "menu", params(("id" = i64, Path)),
    request_body = ModifierGroupUpdate,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ModifierGroup), Problems))]
async fn update(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(changes): Body<ModifierGroupUpdate>,
) -> Result<Json<ModifierGroup>> {
    Ok(Json(app.store.run(UpdateGroup { id, changes, by: person.id }).await?))
}

/// Remove a group, also from the dishes that ask for it.
#[utoipa::path(delete, path = "/modifier-groups/{id}", tag = "menu", params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(DeleteGroup { id, by: person.id }).await?;
    Ok(ApiResponse::done("The group was removed."))
}
