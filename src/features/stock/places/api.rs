//! `/stock/places`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, CreatePlace, RemovePlace, SetShelves, UpdatePlace};
use super::{Place, PlaceCreate, PlaceList, PlaceUpdate, Shelves};
use crate::core::error::Result;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, KITCHEN, MANAGER};
use crate::platform::http::{ApiResponse, Body, Keyed, OnceKey, Path, Problems, routes};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(update, remove))
        .routes(routes!(read_shelves, write_shelves))
}

/// Where goods are.
#[utoipa::path(get, path = "/stock/places", tag = "stock",
    security(("bearer" = ["admin", "manager", "kitchen"])),
    responses((status = 200, body = PlaceList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER | KITCHEN }>,
) -> Result<Json<PlaceList>> {
    Ok(Json(app.store.read(store::list).await?))
}

/// Add a place.
#[utoipa::path(post, path = "/stock/places", tag = "stock", request_body = PlaceCreate,
    params(OnceKey),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 201, body = Place), Problems))]
async fn create(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    request: Keyed<PlaceCreate>,
) -> Result<Response> {
    let command = |place| CreatePlace { place, by: by.id };
    request.create(&app.store, by.id, command).await
}

/// Change a place.
#[utoipa::path(patch, path = "/stock/places/{id}", tag = "stock", request_body = PlaceUpdate,
    params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = Place), Problems))]
async fn update(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
    Body(changes): Body<PlaceUpdate>,
) -> Result<Json<Place>> {
    Ok(Json(app.store.run(UpdatePlace { id, changes, by: by.id }).await?))
}

/// Remove a place that is empty.
#[utoipa::path(delete, path = "/stock/places/{id}", tag = "stock", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn remove(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(RemovePlace { id, by: by.id }).await?;
    Ok(ApiResponse::done("The place was removed."))
}

/// In which order goods lie in a place.
#[utoipa::path(get, path = "/stock/places/{id}/shelves", tag = "stock", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "kitchen"])),
    responses((status = 200, body = Shelves), Problems))]
async fn read_shelves(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER | KITCHEN }>,
    Path(id): Path<i64>,
) -> Result<Json<Shelves>> {
    Ok(Json(app.store.read(move |db| store::shelves(db, id)).await?))
}

/// Say in which order goods lie in a place.
#[utoipa::path(put, path = "/stock/places/{id}/shelves", tag = "stock", request_body = Shelves,
    params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = Shelves), Problems))]
async fn write_shelves(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    Path(place_id): Path<i64>,
    Body(shelves): Body<Shelves>,
) -> Result<Json<Shelves>> {
    Ok(Json(app.store.run(SetShelves { place_id, shelves }).await?))
}
