//! `/stock/levels`, and a good's moves.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, Wanted};
use super::{LevelList, LevelState, MoveList};
use crate::core::error::Result;
use crate::core::kernel::{Int, Text};
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, KITCHEN, MANAGER};
use crate::platform::http::{Page, Params, Path, Problems, routes};

/// A page of moves when nobody says how long it is to be.
const PAGE: i64 = 50;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(moves))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Query {
    /// A part of the good's name.
    #[param(value_type = Option<String>, max_length = 100)]
    search: Option<Text<0, 100>>,
    /// In this place alone.
    place_id: Option<i64>,
    /// That need somebody.
    #[param(inline)]
    state: Option<LevelState>,
}

/// What there is of each good, and where.
#[utoipa::path(get, path = "/stock/levels", tag = "stock", params(Page, Query),
    security(("bearer" = ["admin", "manager", "kitchen"])),
    responses((status = 200, body = LevelList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER | KITCHEN }>,
    page: Page,
    Params(Query { search, place_id, state }): Params<Query>,
) -> Result<Json<LevelList>> {
    let wanted = Wanted { search: search.and_then(Text::non_empty), place_id, state };
    Ok(Json(app.store.read(move |db| store::list(db, page.window(), &wanted)).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Part {
    /// The `next` of the page before.
    before: Option<i64>,
    /// How many to return at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100)]
    limit: Option<Int<1, 100>>,
}

/// What moved a good, the newest first.
#[utoipa::path(get, path = "/stock/goods/{id}/moves", tag = "stock",
    params(("id" = i64, Path), Part),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = MoveList), Problems))]
async fn moves(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
    Params(Part { before, limit }): Params<Part>,
) -> Result<Json<MoveList>> {
    let limit = limit.map_or(PAGE, Int::get);
    Ok(Json(app.store.read(move |db| store::moves(db, id, before, limit)).await?))
}
