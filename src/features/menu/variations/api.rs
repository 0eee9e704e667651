//! `/dishes/{dish_id}/variations`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, CreateVariation, DeleteVariation, SwitchVariation, UpdateVariation};
use super::{
    DishVariation, DishVariationAvailabilityUpdate, DishVariationCreate, DishVariationList,
    DishVariationUpdate,
};
use crate::core::error::Result;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, ANYONE, By, KITCHEN, MANAGER};
use crate::platform::http::{
    ApiResponse, Body, Keyed, OnceKey, Page, Params, Path, Problems, routes,
};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(read, update, delete))
        .routes(routes!(switch))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Leave out what is not sold now.
    #[serde(default)]
    available_only: bool,
}

/// The variations of a dish.
#[utoipa::path(get, path = "/dishes/{dish_id}/variations", tag = "menu",
    params(("dish_id" = i64, Path), Page, Wanted),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = DishVariationList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(dish_id): Path<i64>,
    page: Page,
    Params(wanted): Params<Wanted>,
) -> Result<Json<DishVariationList>> {
    let query = move |db: &_| store::list(db, dish_id, page.window(), wanted.available_only);
    Ok(Json(app.store.read(query).await?))
}

/// Add a variation to a dish.
#[utoipa::path(post, path = "/dishes/{dish_id}/variations", tag = "menu",
    params(OnceKey, ("dish_id" = i64, Path)),
    request_body = DishVariationCreate,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = DishVariation), Problems))]
async fn create(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Path(dish_id): Path<i64>,
    request: Keyed<DishVariationCreate>,
) -> Result<Response> {
    request
        .create(&app.store, person.id, |variation| CreateVariation {
            dish_id,
            variation,
            by: person.id,
        })
        .await
}

/// One variation.
#[utoipa::path(get, path = "/dishes/{dish_id}/variations/{id}", tag = "menu",
    params(("dish_id" = i64, Path), ("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = DishVariation), Problems))]
async fn read(
    State(app): State<App>,
    _: By<ANYONE>,
    Path((dish_id, id)): Path<(i64, i64)>,
) -> Result<Json<DishVariation>> {
    Ok(Json(app.store.read(move |db| store::variation(db, dish_id, id)).await?))
}

/// Change a variation.
#[utoipa::path(patch, path = "/dishes/{dish_id}/variations/{id}", tag = "menu",
    params(("dish_id" = i64, Path), ("id" = i64, Path)),
    request_body = DishVariationUpdate,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = DishVariation), Problems))]
async fn update(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Path((dish_id, id)): Path<(i64, i64)>,
    Body(changes): Body<DishVariationUpdate>,
) -> Result<Json<DishVariation>> {
    let command = UpdateVariation { dish_id, id, changes, by: person.id };
    Ok(Json(app.store.run(command).await?))
}

/// Remove a variation. The default one goes last, and the last one only while no order has it.
#[utoipa::path(delete, path = "/dishes/{dish_id}/variations/{id}", tag = "menu",
    params(("dish_id" = i64, Path), ("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Path((dish_id, id)): Path<(i64, i64)>,
) -> Result<Json<ApiResponse>> {
    app.store.run(DeleteVariation { dish_id, id, by: person.id }).await?;
    Ok(ApiResponse::done("The variation was removed."))
}

/// Say that a variation ran out, or is there again.
#[utoipa::path(patch, path = "/dishes/{dish_id}/variations/{id}/availability", tag = "menu",
    params(("dish_id" = i64, Path), ("id" = i64, Path)),
    request_body = DishVariationAvailabilityUpdate,
    security(("bearer" = ["admin", "manager", "kitchen"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn switch(
    State(app): State<App>,
    By(person, _): By<{ ADMIN | MANAGER | KITCHEN }>,
    Path((dish_id, id)): Path<(i64, i64)>,
    Body(wanted): Body<DishVariationAvailabilityUpdate>,
) -> Result<Json<ApiResponse>> {
    let is_available = wanted.is_available;
    app.store.run(SwitchVariation { dish_id, id, is_available, by: person.id }).await?;
    let says = if is_available { "is available again" } else { "is not available now" };
    Ok(ApiResponse::done(format!("The variation {says}.")))
}
