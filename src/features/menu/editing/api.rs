//! The whole menu, and the order of its things.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, OrderCategories, OrderDishes, OrderVariations};
use super::{DishOrder, Order, WholeMenu};
use crate::core::error::Result;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, ANYONE, By};
use crate::platform::http::{ApiResponse, Body, Path, Problems, routes};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(whole))
        .routes(routes!(order_categories))
        .routes(routes!(order_dishes))
        .routes(routes!(order_variations))
}

/// The whole menu, also what guests do not see.
#[utoipa::path(get, path = "/dishes/menu/whole", tag = "menu",
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = WholeMenu), Problems))]
async fn whole(State(app): State<App>, _: By<ANYONE>) -> Result<Json<WholeMenu>> {
    Ok(Json(app.store.read(store::whole).await?))
}

/// Put the categories in another order.
#[utoipa::path(put, path = "/categories/order", tag = "menu", request_body = Order,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn order_categories(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Body(order): Body<Order>,
) -> Result<Json<ApiResponse>> {
    app.store.run(OrderCategories { order, by: person.id }).await?;
    Ok(ApiResponse::done("The order of the categories was saved."))
}

/// Put the dishes of a category in another order, and move dishes into it: all of it, or nothing.
#[utoipa::path(put, path = "/dishes/order", tag = "menu", request_body = DishOrder,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn order_dishes(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Body(order): Body<DishOrder>,
) -> Result<Json<ApiResponse>> {
    app.store.run(OrderDishes { order, by: person.id }).await?;
    Ok(ApiResponse::done("The order of the dishes was saved."))
}

/// Put the variations of a dish in another order.
#[utoipa::path(put, path = "/dishes/{dish_id}/variations/order", tag = "menu",
    params(("dish_id" = i64, Path)), request_body = Order,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn order_variations(
    State(app): State<App>,
    By(person, _): By<ADMIN>,
    Path(dish_id): Path<i64>,
    Body(order): Body<Order>,
) -> Result<Json<ApiResponse>> {
    app.store.run(OrderVariations { dish_id, order, by: person.id }).await?;
    Ok(ApiResponse::done("The order of the variations was saved."))
}
