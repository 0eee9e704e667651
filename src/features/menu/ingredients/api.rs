//! `/ingredients`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::store::{
    self, CreateIngredient, DeleteIngredient, INGREDIENTS, Ingredient, IngredientCreate,
    IngredientList, IngredientUpdate, UpdateIngredient,
};
use crate::core::error::Result;
use crate::core::kernel::Text;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, ANYONE, By};
use crate::platform::http::{
    ApiResponse, Body, Keyed, OnceKey, Page, Params, Path, Problems, routes,
};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(allergens))
        .routes(routes!(read, update, delete))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    is_allergen: Option<bool>,
    /// A part of the name or description.
    #[param(value_type = Option<String>, max_length = 100)]
    search: Option<Text<0, 100>>,
}

/// All ingredients, by name.
#[utoipa::path(get, path = "/ingredients", tag = "menu", params(Page, Wanted),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = IngredientList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<ANYONE>,
    page: Page,
    Params(wanted): Params<Wanted>,
) -> Result<Json<IngredientList>> {
    let query =
        move |db: &_| store::list(db, page.window(), wanted.is_allergen, wanted.search.as_deref());
    Ok(Json(app.store.read(query).await?))
}

/// The first hundred allergens, by name.
#[utoipa::path(get, path = "/ingredients/allergens/list", tag = "menu",
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = Vec<Ingredient>), Problems))]
async fn allergens(State(app): State<App>, _: By<ANYONE>) -> Result<Json<Vec<Ingredient>>> {
    let list = app.store.read(|db| store::list(db, (0, 100), Some(true), None)).await?;
    Ok(Json(list.ingredients))
}

/// Add an ingredient.
#[utoipa::path(post, path = "/ingredients", tag = "menu", params(OnceKey),
    request_body = IngredientCreate,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = Ingredient), Problems))]
async fn create(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    request: Keyed<IngredientCreate>,
) -> Result<Response> {
    request
        .create(&app.store, person.id, |ingredient| CreateIngredient { ingredient, by: person.id })
        .await
}

/// One ingredient.
#[utoipa::path(get, path = "/ingredients/{id}", tag = "menu", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = Ingredient), Problems))]
async fn read(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(id): Path<i64>,
) -> Result<Json<Ingredient>> {
    Ok(Json(app.store.read(move |db| INGREDIENTS.get(db, id)).await?))
}

/// Change an ingredient.
#[utoipa::path(patch, path = "/ingredients/{id}", tag = "menu", params(("id" = i64, Path)),
    request_body = IngredientUpdate,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Ingredient), Problems))]
async fn update(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(changes): Body<IngredientUpdate>,
) -> Result<Json<Ingredient>> {
    Ok(Json(app.store.run(UpdateIngredient { id, changes, by: person.id }).await?))
}

/// Remove an ingredient, also from the dishes that have it.
#[utoipa::path(delete, path = "/ingredients/{id}", tag = "menu", params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(DeleteIngredient { id, by: person.id }).await?;
    Ok(ApiResponse::done("The ingredient was removed."))
}
