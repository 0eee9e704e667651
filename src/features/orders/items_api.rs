//! `/orders/{order_id}/items`: single lines.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;

use super::api::Why;
use super::order_requests::{OrderItemCreate, OrderItemStatusUpdate, OrderItemUpdate};
use super::store::{AddItems, AddedReply, RemoveItem, SetItemStatus, UpdateItem};
use super::types::OrderItem;
use crate::core::error::Result;
use crate::core::kernel::Text;
use crate::core::store::Idempotent;
use crate::features::permissions::{AT_THE_BILL, Acting};
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, CASHIER, KITCHEN, WAITER};
use crate::platform::http::{
    ApiResponse, Body, Keyed, OnceKey, Params, Path, Problems, once, routes,
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(add))
        .routes(routes!(update, remove))
        .routes(routes!(set_status))
}

/// Add a line.
#[utoipa::path(post, path = "/orders/{order_id}/items", tag = "order items",
    params(("order_id" = i64, Path),
        OnceKey),
    request_body = OrderItemCreate,
    security(("bearer" = ["admin", "waiter", "cashier"])),
    responses((status = 201, body = OrderItem), Problems))]
async fn add(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | WAITER | CASHIER }>,
    Path(order_id): Path<i64>,
    request: Keyed<OrderItemCreate>,
) -> Result<Response> {
    let key = request.key(by.id);
    let (items, zone) = (vec![request.body], app.site().zone.clone());
    let command = AddItems { order_id, by, items, zone, reply: AddedReply::Line };
    let reply = app.store.run(Idempotent { key, command }).await?;
    Ok(once(StatusCode::CREATED, &reply))
}

/// Change a line.
#[utoipa::path(patch, path = "/orders/{order_id}/items/{item_id}",
    request_body = OrderItemUpdate, tag = "order items",
    params(("order_id" = i64, Path), ("item_id" = i64, Path),
        OnceKey,
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "kitchen"])),
    responses((status = 200, body = OrderItem), Problems))]
async fn update(
    State(app): State<App>,
    Acting(by): Acting<{ AT_THE_BILL | KITCHEN }>,
    Path((order_id, item_id)): Path<(i64, i64)>,
    request: Keyed<OrderItemUpdate>,
) -> Result<Response> {
    let key = request.key(by.id);
    let command = UpdateItem { order_id, item_id, changes: request.body, by };
    Ok(once(StatusCode::OK, &app.store.run(Idempotent { key, command }).await?))
}

/// Take a line off. It stays in the books.
#[utoipa::path(delete, path = "/orders/{order_id}/items/{item_id}", tag = "order items",
    params(("order_id" = i64, Path), ("item_id" = i64, Path), Why,
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn remove(
    State(app): State<App>,
    Acting(by): Acting<AT_THE_BILL>,
    Path((order_id, item_id)): Path<(i64, i64)>,
    Params(why): Params<Why>,
) -> Result<Json<ApiResponse>> {
    let (expected, reason) = (why.expected_total, why.reason());
    app.store.run(RemoveItem { order_id, item_id, by, reason, expected }).await?;
    Ok(ApiResponse::done("The line was taken off."))
}

/// Move a line on.
#[utoipa::path(patch, path = "/orders/{order_id}/items/{item_id}/status",
    request_body = OrderItemStatusUpdate, tag = "order items",
    params(("order_id" = i64, Path), ("item_id" = i64, Path),
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "kitchen"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn set_status(
    State(app): State<App>,
    Acting(by): Acting<{ AT_THE_BILL | KITCHEN }>,
    Path((order_id, item_id)): Path<(i64, i64)>,
    Body(update): Body<OrderItemStatusUpdate>,
) -> Result<Json<ApiResponse>> {
    let OrderItemStatusUpdate { status, reason, expected_total: expected } = update;
    let (order_id, reason) = (Some(order_id), reason.and_then(Text::non_empty));
    let command = SetItemStatus { item_id, order_id, status, by, reason, expected };
    let status = app.store.run(command).await?;
    Ok(ApiResponse::done(format!("The line is {status} now.")))
}
