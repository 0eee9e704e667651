//! `/periods`, `/price-lists`, `/menu-times`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;

use super::lists_store::{self, CreateList, DeleteList, ReplaceList};
use super::periods_store::{self, CreatePeriod, DeletePeriod, ReplacePeriod};
use super::shown_store::{self, SetMenuTimes};
use super::types::{
    MenuPeriod, MenuPeriodBody, MenuTimes, MenuTimesBody, PriceList, PriceListBody,
};
use crate::core::error::Result;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, MANAGER};
use crate::platform::http::{ApiResponse, Body, Keyed, OnceKey, Path, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(periods, create_period))
        .routes(routes!(replace_period, delete_period))
        .routes(routes!(lists, create_list))
        .routes(routes!(replace_list, delete_list))
        .routes(routes!(times, set_times))
}

/// The periods of the week that price lists and times of the menu name.
#[utoipa::path(get, path = "/periods", tag = "prices",
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = Vec<MenuPeriod>), Problems))]
async fn periods(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
) -> Result<Json<Vec<MenuPeriod>>> {
    Ok(Json(app.store.read(periods_store::list).await?))
}

/// Add a period.
#[utoipa::path(post, path = "/periods", tag = "prices", params(OnceKey), request_body = MenuPeriodBody,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = MenuPeriod), Problems))]
async fn create_period(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    request: Keyed<MenuPeriodBody>,
) -> Result<Response> {
    request.create(&app.store, admin.id, |period| CreatePeriod { period, by: Some(admin.id) }).await
}

/// Write a period anew. What was ordered keeps its price.
#[utoipa::path(put, path = "/periods/{id}", tag = "prices", request_body = MenuPeriodBody,
    params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = MenuPeriod), Problems))]
async fn replace_period(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(period): Body<MenuPeriodBody>,
) -> Result<Json<MenuPeriod>> {
    Ok(Json(app.store.run(ReplacePeriod { id, period, by: Some(admin.id) }).await?))
}

/// Remove a period that no price list and no time of the menu names.
#[utoipa::path(delete, path = "/periods/{id}", tag = "prices", params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete_period(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(DeletePeriod { id, by: admin.id }).await?;
    Ok(ApiResponse::done("The period was removed."))
}

/// The lists of other prices than the menu's own, the highest priority first.
#[utoipa::path(get, path = "/price-lists", tag = "prices",
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = Vec<PriceList>), Problems))]
async fn lists(State(app): State<App>, _: By<{ ADMIN | MANAGER }>) -> Result<Json<Vec<PriceList>>> {
    Ok(Json(app.store.read(lists_store::list).await?))
}

/// Add a list of prices.
///
/// Of the lists that hold and speak of something, the one with the highest priority says what it costs,
/// then the one that speaks of it most narrowly: one alone.
#[utoipa::path(post, path = "/price-lists", tag = "prices", params(OnceKey), request_body = PriceListBody,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = PriceList), Problems))]
async fn create_list(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    request: Keyed<PriceListBody>,
) -> Result<Response> {
    request.create(&app.store, admin.id, |list| CreateList { list, by: Some(admin.id) }).await
}

/// Write a list anew, also to switch it on or off. What was ordered keeps its price.
#[utoipa::path(put, path = "/price-lists/{id}", tag = "prices", request_body = PriceListBody,
    params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = PriceList), Problems))]
async fn replace_list(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(list): Body<PriceListBody>,
) -> Result<Json<PriceList>> {
    Ok(Json(app.store.run(ReplaceList { id, list, by: Some(admin.id) }).await?))
}

/// Remove a list. What was ordered by it keeps its price, and reports go on naming it.
#[utoipa::path(delete, path = "/price-lists/{id}", tag = "prices", params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete_list(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(DeleteList { id, by: admin.id }).await?;
    Ok(ApiResponse::done("The price list was removed."))
}

/// The categories and dishes that are not always on the menu.
#[utoipa::path(get, path = "/menu-times", tag = "prices",
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = Vec<MenuTimes>), Problems))]
async fn times(State(app): State<App>, _: By<{ ADMIN | MANAGER }>) -> Result<Json<Vec<MenuTimes>>> {
    Ok(Json(app.store.read(shown_store::list).await?))
}

/// Say when a category or a dish is on the menu; without times it always is.
#[utoipa::path(put, path = "/menu-times", tag = "prices", request_body = MenuTimesBody,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = MenuTimes), Problems))]
async fn set_times(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Body(times): Body<MenuTimesBody>,
) -> Result<Json<MenuTimes>> {
    Ok(Json(app.store.run(SetMenuTimes { times, by: Some(admin.id) }).await?))
}
