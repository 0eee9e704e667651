//! `/categories`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::store::{
    self, Category, CategoryCreate, CategoryList, CategoryUpdate, CategoryWithDishes,
    CreateCategory, DeleteCategory, UpdateCategory,
};
use crate::core::error::Result;
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
    is_active: Option<bool>,
}

/// All categories, in the order of the menu.
#[utoipa::path(get, path = "/categories", tag = "menu", params(Page, Wanted),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = CategoryList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<ANYONE>,
    page: Page,
    Params(wanted): Params<Wanted>,
) -> Result<Json<CategoryList>> {
    let list = app.store.read(move |db| store::list(db, page.window(), wanted.is_active)).await?;
    Ok(Json(list))
}

/// Add a category.
#[utoipa::path(post, path = "/categories", tag = "menu", params(OnceKey),
    request_body = CategoryCreate,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = Category), Problems))]
async fn create(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    request: Keyed<CategoryCreate>,
) -> Result<Response> {
    request
        .create(&app.store, person.id, |category| CreateCategory { category, by: person.id })
        .await
}

/// One category and how many dishes it has.
#[utoipa::path(get, path = "/categories/{id}", tag = "menu", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = CategoryWithDishes), Problems))]
async fn read(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(id): Path<i64>,
) -> Result<Json<CategoryWithDishes>> {
    Ok(Json(app.store.read(move |db| store::category_with_dishes(db, id)).await?))
}

/// Change a category.
#[utoipa::path(patch, path = "/categories/{id}", tag = "menu", params(("id" = i64, Path)),
    request_body = CategoryUpdate,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Category), Problems))]
async fn update(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(changes): Body<CategoryUpdate>,
) -> Result<Json<Category>> {
    Ok(Json(app.store.run(UpdateCategory { id, changes, by: person.id }).await?))
}

/// Remove a category that has no dishes.
#[utoipa::path(delete, path = "/categories/{id}", tag = "menu", params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(DeleteCategory { id, by: person.id }).await?;
    Ok(ApiResponse::done("The category was removed."))
}
