//! `/stock/goods`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, CreateGood, RemoveGood, UpdateGood, Wanted};
use super::{Good, GoodCreate, GoodKind, GoodList, GoodUpdate};
use crate::core::error::Result;
use crate::core::kernel::Text;
use crate::features::menu::Barcode;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, KITCHEN, MANAGER};
use crate::platform::http::{
    ApiResponse, Body, Keyed, OnceKey, Page, Params, Path, Problems, routes,
};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(read, update, remove))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Query {
    /// A part of the name.
    #[param(value_type = Option<String>, max_length = 100)]
    search: Option<Text<0, 100>>,
    /// Of this sort.
    kind: Option<GoodKind>,
    /// With a pack that bears this barcode.
    barcode: Option<Barcode>,
}

/// Goods by name, with what there is of each.
#[utoipa::path(get, path = "/stock/goods", tag = "stock", params(Page, Query),
    security(("bearer" = ["admin", "manager", "kitchen"])),
    responses((status = 200, body = GoodList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER | KITCHEN }>,
    page: Page,
    Params(Query { search, kind, barcode }): Params<Query>,
) -> Result<Json<GoodList>> {
    let wanted = Wanted { search: search.and_then(Text::non_empty), kind, barcode };
    Ok(Json(app.store.read(move |db| store::list(db, page.window(), &wanted)).await?))
}

/// Write a new good down.
#[utoipa::path(post, path = "/stock/goods", tag = "stock", request_body = GoodCreate,
    params(OnceKey),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 201, body = Good), Problems))]
async fn create(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    request: Keyed<GoodCreate>,
) -> Result<Response> {
    let command = |good| CreateGood { good, by: by.id };
    request.create(&app.store, by.id, command).await
}

/// One good.
#[utoipa::path(get, path = "/stock/goods/{id}", tag = "stock", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "kitchen"])),
    responses((status = 200, body = Good), Problems))]
async fn read(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER | KITCHEN }>,
    Path(id): Path<i64>,
) -> Result<Json<Good>> {
    Ok(Json(app.store.read(move |db| store::read(db, id)).await?))
}

/// Change a good.
#[utoipa::path(patch, path = "/stock/goods/{id}", tag = "stock", request_body = GoodUpdate,
    params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = Good), Problems))]
async fn update(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
    Body(changes): Body<GoodUpdate>,
) -> Result<Json<Good>> {
    Ok(Json(app.store.run(UpdateGood { id, changes, by: by.id }).await?))
}

/// Remove a good of which there is nothing and which no recipe takes.
#[utoipa::path(delete, path = "/stock/goods/{id}", tag = "stock", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn remove(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(RemoveGood { id, by: by.id }).await?;
    Ok(ApiResponse::done("The good was removed."))
}
