//! `/modifier-groups/{group_id}/options`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;

use super::store::{CreateOption, DeleteOption, OrderOptions, SwitchOption, UpdateOption};
use super::types::{
    ModifierOption, ModifierOptionAvailabilityUpdate, ModifierOptionCreate, ModifierOptionUpdate,
};
use crate::core::error::Result;
use crate::features::menu::editing::Order;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, KITCHEN, MANAGER};
use crate::platform::http::{ApiResponse, Body, Keyed, OnceKey, Path, Problems, routes};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create))
        .routes(routes!(update, delete))
        .routes(routes!(switch))
        .routes(routes!(order))
}

/// Add an option to a group.
#[utoipa::path(post, path = "/modifier-groups/{group_id}/options", tag = "menu",
    params(OnceKey, ("group_id" = i64, Path)),
    request_body = ModifierOptionCreate,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = ModifierOption), Problems))]
async fn create(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Path(group_id): Path<i64>,
    request: Keyed<ModifierOptionCreate>,
) -> Result<Response> {
    request
        .create(&app.store, person.id, |option| CreateOption { group_id, option, by: person.id })
        .await
}

/// Change an option.
#[utoipa::path(patch, path = "/modifier-groups/{group_id}/options/{id}", tag = "menu",
    params(("group_id" = i64, Path), ("id" = i64, Path)),
    request_body = ModifierOptionUpdate,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ModifierOption), Problems))]
async fn update(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Path((group_id, id)): Path<(i64, i64)>,
    Body(changes): Body<ModifierOptionUpdate>,
) -> Result<Json<ModifierOption>> {
    Ok(Json(app.store.run(UpdateOption { group_id, id, changes, by: person.id }).await?))
}

/// Remove an option. What was ordered keeps it.
#[utoipa::path(delete, path = "/modifier-groups/{group_id}/options/{id}", tag = "menu",
    params(("group_id" = i64, Path), ("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Path((group_id, id)): Path<(i64, i64)>,
) -> Result<Json<ApiResponse>> {
    app.store.run(DeleteOption { group_id, id, by: person.id }).await?;
    Ok(ApiResponse::done("The option was removed."))
}

/// Say that an option ran out, or is there again.
#[utoipa::path(patch, path = "/modifier-groups/{group_id}/options/{id}/availability", tag = "menu",
    params(("group_id" = i64, Path), ("id" = i64, Path)),
    request_body = ModifierOptionAvailabilityUpdate,
    security(("bearer" = ["admin", "manager", "kitchen"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn switch(
    State(app): State<App>,
    By(person, _): By<{ ADMIN | MANAGER | KITCHEN }>,
    Path((group_id, id)): Path<(i64, i64)>,
    Body(wanted): Body<ModifierOptionAvailabilityUpdate>,
) -> Result<Json<ApiResponse>> {
    let is_available = wanted.is_available;
    app.store.run(SwitchOption { group_id, id, is_available, by: person.id }).await?;
    let says = if is_available { "is available again" } else { "is not available now" };
    Ok(ApiResponse::done(format!("The option {says}.")))
}

/// Put the options of a group in another order.
#[utoipa::path(put, path = "/modifier-groups/{group_id}/options/order", tag = "menu",
    params(("group_id" = i64, Path)), request_body = Order,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn order(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Path(group_id): Path<i64>,
    Body(order): Body<Order>,
) -> Result<Json<ApiResponse>> {
    app.store.run(OrderOptions { group_id, order, by: person.id }).await?;
    Ok(ApiResponse::done("The order of the options was saved."))
}
