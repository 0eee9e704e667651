//! `/stock/recipes`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, CreateRecipe, RemoveRecipe, Wanted};
use super::{RecipeCreate, RecipeDetails, RecipeList};
use crate::core::error::Result;
use crate::core::kernel::Int;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, KITCHEN, MANAGER};
use crate::platform::http::{ApiResponse, Keyed, OnceKey, Params, Path, Problems, routes};

/// A page of recipes when nobody says how long it is to be.
const PAGE: i64 = 50;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(read, remove))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Query {
    /// Of this size of a dish.
    variation_id: Option<i64>,
    /// Of this option.
    option_id: Option<i64>,
    /// Of this good.
    good_id: Option<i64>,
    /// The `next` of the page before.
    before: Option<i64>,
    /// How many to return at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100)]
    limit: Option<Int<1, 100>>,
}

/// Recipes, the newest first, with what one costs now.
#[utoipa::path(get, path = "/stock/recipes", tag = "stock", params(Query),
    security(("bearer" = ["admin", "manager", "kitchen"])),
    responses((status = 200, body = RecipeList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER | KITCHEN }>,
    Params(Query { variation_id, option_id, good_id, before, limit }): Params<Query>,
) -> Result<Json<RecipeList>> {
    let limit = limit.map_or(PAGE, Int::get);
    let wanted = Wanted { variation_id, option_id, good_id, before, limit };
    Ok(Json(app.store.read(move |db| store::list(db, &wanted)).await?))
}

/// Write a recipe down. It holds from its day on; one is never changed, a newer one takes its place.
#[utoipa::path(post, path = "/stock/recipes", tag = "stock", request_body = RecipeCreate,
    params(OnceKey),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 201, body = RecipeDetails), Problems))]
async fn create(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    request: Keyed<RecipeCreate>,
) -> Result<Response> {
    let command = |recipe| CreateRecipe { recipe, by: by.id };
    request.create(&app.store, by.id, command).await
}

/// One recipe, with all that it takes in the end.
#[utoipa::path(get, path = "/stock/recipes/{id}", tag = "stock", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "kitchen"])),
    responses((status = 200, body = RecipeDetails), Problems))]
async fn read(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER | KITCHEN }>,
    Path(id): Path<i64>,
) -> Result<Json<RecipeDetails>> {
    Ok(Json(app.store.read(move |db| store::read(db, id)).await?))
}

/// Remove a recipe; what was taken by it stays taken.
#[utoipa::path(delete, path = "/stock/recipes/{id}", tag = "stock", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn remove(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(RemoveRecipe { id, by: by.id }).await?;
    Ok(ApiResponse::done("The recipe was removed."))
}
