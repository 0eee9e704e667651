//! `/dishes`, and `/categories/{id}/dishes`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, CreateDish, DeleteDish, Listed, SwitchDish, UpdateDish};
use super::types::{
    Dish, DishAvailabilityUpdate, DishCreate, DishList, DishUpdate, DishWithCategory,
};
use crate::core::error::Result;
use crate::core::kernel::Text;
use crate::features::menu::categories::CATEGORIES;
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
        .routes(routes!(list_of_category))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    category_id: Option<i64>,
    is_available: Option<bool>,
    /// A part of the name, the description or the code.
    #[param(value_type = Option<String>, max_length = 100)]
    search: Option<Text<0, 100>>,
}

/// All dishes.
#[utoipa::path(get, path = "/dishes", tag = "menu", params(Page, Wanted),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = DishList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<ANYONE>,
    page: Page,
    Params(wanted): Params<Wanted>,
) -> Result<Json<DishList>> {
    let listed = Listed {
        category_id: wanted.category_id,
        is_available: wanted.is_available,
        search: wanted.search.map(Text::into_inner),
    };
    Ok(Json(app.store.read(move |db| store::list(db, page.window(), &listed)).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WantedOfCategory {
    is_available: Option<bool>,
}

/// The dishes of a category, in the order of the menu.
#[utoipa::path(get, path = "/categories/{id}/dishes", tag = "menu",
    params(("id" = i64, Path), Page, WantedOfCategory),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = DishList), Problems))]
async fn list_of_category(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(id): Path<i64>,
    page: Page,
    Params(wanted): Params<WantedOfCategory>,
) -> Result<Json<DishList>> {
    let is_available = wanted.is_available;
    let listed = Listed { category_id: Some(id), is_available, search: None };
    let query = move |db: &_| {
        CATEGORIES.get(db, id)?;
        store::list(db, page.window(), &listed)
    };
    Ok(Json(app.store.read(query).await?))
}

/// Add a dish.
#[utoipa::path(post, path = "/dishes", tag = "menu", params(OnceKey),
    request_body = DishCreate,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = Dish), Problems))]
async fn create(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    request: Keyed<DishCreate>,
) -> Result<Response> {
    request.create(&app.store, person.id, |dish| CreateDish { dish, by: person.id }).await
}

/// One dish with its category and its variations.
#[utoipa::path(get, path = "/dishes/{id}", tag = "menu", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = DishWithCategory), Problems))]
async fn read(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(id): Path<i64>,
) -> Result<Json<DishWithCategory>> {
    Ok(Json(app.store.read(move |db| store::dish_with_category(db, id)).await?))
}

/// Change a dish.
#[utoipa::path(patch, path = "/dishes/{id}", tag = "menu", params(("id" = i64, Path)),
    request_body = DishUpdate,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Dish), Problems))]
async fn update(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(changes): Body<DishUpdate>,
) -> Result<Json<Dish>> {
    Ok(Json(app.store.run(UpdateDish { id, changes, by: person.id }).await?))
}

/// Remove a dish and its variations; old orders keep what they sold.
#[utoipa::path(delete, path = "/dishes/{id}", tag = "menu", params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(DeleteDish { id, by: person.id }).await?;
    Ok(ApiResponse::done("The dish was removed."))
}

/// Say that a dish ran out, or is there again.
#[utoipa::path(patch, path = "/dishes/{id}/availability", tag = "menu",
    params(("id" = i64, Path)),
    request_body = DishAvailabilityUpdate,
    security(("bearer" = ["admin", "manager", "kitchen"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn switch(
    State(app): State<App>,
    By(person, _): By<{ ADMIN | MANAGER | KITCHEN }>,
    Path(id): Path<i64>,
    Body(wanted): Body<DishAvailabilityUpdate>,
) -> Result<Json<ApiResponse>> {
    let is_available = wanted.is_available;
    app.store.run(SwitchDish { id, is_available, by: person.id }).await?;
    let says = if is_available { "is available again" } else { "is not available now" };
    Ok(ApiResponse::done(format!("The dish {says}.")))
}
