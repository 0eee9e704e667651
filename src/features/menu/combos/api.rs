//! `/combos`.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, DeleteCombo, SetCombo};
use super::types::{ComboDish, ComboList, ComboUpdate};
use crate::core::error::Result;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, ANYONE, By};
use crate::platform::http::{ApiResponse, Body, Path, Problems, routes};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(read, set, delete))
}

/// The dishes that are combos, with their parts.
#[utoipa::path(get, path = "/combos", tag = "menu",
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = ComboList), Problems))]
async fn list(State(app): State<App>, _: By<ANYONE>) -> Result<Json<ComboList>> {
    Ok(Json(app.store.read(store::list).await?))
}

/// The parts of a combo.
#[utoipa::path(get, path = "/combos/{dish_id}", tag = "menu", params(("dish_id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = ComboDish), Problems))]
async fn read(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(dish_id): Path<i64>,
) -> Result<Json<ComboDish>> {
    Ok(Json(app.store.read(move |db| store::one(db, dish_id)).await?))
}

/// Make a dish a combo of these parts, and no others. What is named by its id stays what it is.
#[utoipa::path(put, path = "/combos/{dish_id}", tag = "menu", params(("dish_id" = i64, Path)),
    request_body = ComboUpdate,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ComboDish), Problems))]
async fn set(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Path(dish_id): Path<i64>,
    Body(combo): Body<ComboUpdate>,
) -> Result<Json<ComboDish>> {
    Ok(Json(app.store.run(SetCombo { dish_id, parts: combo.parts, by: Some(person.id) }).await?))
}

/// Make a combo a dish like others.
#[utoipa::path(delete, path = "/combos/{dish_id}", tag = "menu", params(("dish_id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Path(dish_id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(DeleteCombo { dish_id, by: person.id }).await?;
    Ok(ApiResponse::done("The dish is no combo any more."))
}
