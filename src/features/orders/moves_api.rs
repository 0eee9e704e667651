//! `/orders/{order_id}/move`: guests change tables, or two tables become one.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;

use super::order_requests::{OrderItemsMove, OrderMove};
use super::store::{MoveItems, MoveOrder};
use super::types::{MAX_LINES, OrderWithDetails};
use crate::core::error::{Error, Result};
use crate::core::store::Idempotent;
use crate::features::permissions::{AT_THE_BILL, Acting};
use crate::platform::app::App;
use crate::platform::http::{Keyed, OnceKey, Path, Problems, once, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(move_order)).routes(routes!(move_items))
}

/// Move an order to another table, with its guests. If that table has an open bill and this
/// order is not paid, its lines join that bill. Answers with the order where the lines are now.
#[utoipa::path(post, path = "/orders/{order_id}/move", tag = "orders", request_body = OrderMove,
    params(("order_id" = i64, Path),
        OnceKey,
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = OrderWithDetails), Problems))]
async fn move_order(
    State(app): State<App>,
    Acting(by): Acting<AT_THE_BILL>,
    Path(order_id): Path<i64>,
    request: Keyed<OrderMove>,
) -> Result<Response> {
    let key = request.key(by.id);
    let OrderMove { table_id, expected_total: expected } = request.body;
    let command = MoveOrder { order_id, table_id: table_id.get(), expected, by };
    Ok(once(StatusCode::OK, &app.store.run(Idempotent { key, command }).await?))
}

/// Move lines, or a part of a line's quantity, to another table's bill; one is opened where
/// there is none. Answers with the order where the lines are now.
#[utoipa::path(post, path = "/orders/{order_id}/items/move", tag = "order items",
    request_body = OrderItemsMove,
    params(("order_id" = i64, Path),
        OnceKey,
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = OrderWithDetails), Problems))]
async fn move_items(
    State(app): State<App>,
    Acting(by): Acting<AT_THE_BILL>,
    Path(order_id): Path<i64>,
    request: Keyed<OrderItemsMove>,
) -> Result<Response> {
    let key = request.key(by.id);
    let OrderItemsMove { table_id, items, expected_total: expected } = request.body;
    if items.is_empty() || items.len() > MAX_LINES {
        return Err(Error::invalid("items", format!("must hold 1 to {MAX_LINES} lines")));
    }
    let command = MoveItems { order_id, table_id: table_id.get(), items, expected, by };
    Ok(once(StatusCode::OK, &app.store.run(Idempotent { key, command }).await?))
}
