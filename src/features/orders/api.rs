//! `/orders`: placing, reading, moving on, paying.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::new_order::NewOrder;
use super::order_requests::{
    DeliveryOrderCreate, OrderCreate, OrderPaymentComplete, OrderPaymentUpdate, OrderStatusUpdate,
    OrderUpdate,
};
use super::states::{OrderStatus, OrderType, PaymentStatus};
use super::store::{
    self, CompletePayment, OrderSource, PlaceOrder, SetGuests, SetOrderStatus, SetPayment,
};
use super::types::OrderWithDetails;
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Text};
use crate::core::store::{IdempotencyKey, Idempotent};
use crate::features::cash::AtDrawer;
use crate::features::permissions::{AT_THE_BILL, Acting};
use crate::platform::app::App;
use crate::platform::auth::{
    ADMIN, ANYONE, By, CASHIER, FromDevice, HOST, KITCHEN, Person, WAITER,
};
use crate::platform::http::{
    ApiResponse, Body, Keyed, OnceKey, Params, Path, Problems, once, routes,
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(place))
        .routes(routes!(place_delivery))
        .routes(routes!(active_at_table))
        .routes(routes!(read, update, cancel))
        .routes(routes!(set_status))
        .routes(routes!(set_payment))
        .routes(routes!(complete_payment))
}

/// Place an order. Lines for a table with an open bill are added to it. With an
/// `Idempotency-Key` a repeat is answered with the first reply.
#[utoipa::path(post, path = "/orders", tag = "orders", request_body = OrderCreate,
    params(OnceKey),
    security(("bearer" = ["admin", "waiter", "cashier"])),
    responses((status = 201, body = OrderWithDetails), Problems))]
async fn place(
    State(app): State<App>,
    By(person, _): By<{ ADMIN | WAITER | CASHIER }>,
    request: Keyed<OrderCreate>,
) -> Result<Response> {
    if request.body.order_type == OrderType::Delivery {
        return Err(Error::invalid("order_type", "is DELIVERY: send it to /orders/delivery"));
    }
    let key = request.key(person.id);
    place_for(&app, person, request.body.into(), key).await
}

/// Place an order that is brought home.
#[utoipa::path(post, path = "/orders/delivery", tag = "orders", request_body = DeliveryOrderCreate,
    params(OnceKey),
    security(("bearer" = ["admin", "waiter", "cashier"])),
    responses((status = 201, body = OrderWithDetails), Problems))]
async fn place_delivery(
    State(app): State<App>,
    By(person, _): By<{ ADMIN | WAITER | CASHIER }>,
    request: Keyed<DeliveryOrderCreate>,
) -> Result<Response> {
    if request.body.order_type != OrderType::Delivery {
        return Err(Error::invalid("order_type", "must be DELIVERY here"));
    }
    let key = request.key(person.id);
    place_for(&app, person, request.body.into(), key).await
}

async fn place_for(
    app: &App,
    person: Person,
    order: NewOrder,
    key: Option<IdempotencyKey>,
) -> Result<Response> {
    let command =
        PlaceOrder { by: OrderSource::Staff(person), zone: app.site().zone.clone(), order };
    let reply = app.store.run(Idempotent { key, command }).await?;
    Ok(once(StatusCode::CREATED, &reply))
}

/// The open orders of a table.
#[utoipa::path(get, path = "/orders/active/table/{table_id}", tag = "orders",
    params(("table_id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = Vec<OrderWithDetails>), Problems))]
async fn active_at_table(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(table_id): Path<i64>,
) -> Result<Json<Vec<OrderWithDetails>>> {
    let orders = app.store.read(move |db| {
        let orders = store::active_at_table(db, table_id)?;
        if orders.is_empty() {
            // Free, or not there at all.
            crate::features::floor::table(db, table_id)?;
        }
        Ok(orders)
    });
    Ok(Json(orders.await?))
}

/// One order with its lines.
#[utoipa::path(get, path = "/orders/{order_id}", tag = "orders",
    params(("order_id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = OrderWithDetails), Problems))]
async fn read(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(order_id): Path<i64>,
) -> Result<Json<OrderWithDetails>> {
    Ok(Json(app.store.read(move |db| store::order_with_items(db, order_id)).await?))
}

/// Change an order: how many guests sit there.
#[utoipa::path(patch, path = "/orders/{order_id}", tag = "orders", request_body = OrderUpdate,
    params(("order_id" = i64, Path)),
    security(("bearer" = ["admin", "waiter", "cashier", "host"])),
    responses((status = 200, body = OrderWithDetails), Problems))]
async fn update(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | WAITER | CASHIER | HOST }>,
    Path(order_id): Path<i64>,
    Body(changes): Body<OrderUpdate>,
) -> Result<Json<OrderWithDetails>> {
    Ok(Json(app.store.run(SetGuests { order_id, guests: changes.guests, by }).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Why {
    /// Why, for the record of money.
    #[param(value_type = Option<String>, max_length = 200)]
    pub(super) reason: Option<Text<0, 200>>,
    /// The sum that the person saw, of the order or of the line; with another one nothing happens
    /// (409 `bill_changed`).
    #[param(value_type = Option<String>)]
    pub(super) expected_total: Option<Money>,
}

impl Why {
    pub(super) fn reason(self) -> Option<String> {
        self.reason.and_then(Text::non_empty)
    }
}

/// Cancel an order. It stays in the books.
#[utoipa::path(delete, path = "/orders/{order_id}", tag = "orders",
    params(("order_id" = i64, Path), Why,
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn cancel(
    State(app): State<App>,
    Acting(by): Acting<AT_THE_BILL>,
    Path(order_id): Path<i64>,
    Params(why): Params<Why>,
) -> Result<Json<ApiResponse>> {
    let (status, expected) = (OrderStatus::Cancelled, why.expected_total);
    let reason = why.reason();
    app.store.run(SetOrderStatus { order_id, status, by, reason, expected }).await?;
    Ok(ApiResponse::done("The order was cancelled."))
}

/// Move an order on.
#[utoipa::path(patch, path = "/orders/{order_id}/status",
    request_body = OrderStatusUpdate, tag = "orders",
    params(("order_id" = i64, Path),
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "kitchen"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn set_status(
    State(app): State<App>,
    Acting(by): Acting<{ AT_THE_BILL | KITCHEN }>,
    Path(order_id): Path<i64>,
    Body(update): Body<OrderStatusUpdate>,
) -> Result<Json<ApiResponse>> {
    let OrderStatusUpdate { status, reason, expected_total: expected } = update;
    let reason = reason.and_then(Text::non_empty);
    let status = app.store.run(SetOrderStatus { order_id, status, by, reason, expected }).await?;
    let data = serde_json::json!({"order_id": order_id, "status": status});
    Ok(ApiResponse::with(format!("The order is {status} now."), data))
}

/// Take the money, or (an admin) give it back.
#[utoipa::path(patch, path = "/orders/{order_id}/payment",
    request_body = OrderPaymentUpdate, tag = "orders",
    params(AtDrawer, ("order_id" = i64, Path),
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn set_payment(
    State(app): State<App>,
    Acting(by): Acting<AT_THE_BILL>,
    FromDevice(device): FromDevice,
    Path(order_id): Path<i64>,
    Body(update): Body<OrderPaymentUpdate>,
) -> Result<Json<ApiResponse>> {
    let method_id = update.payment_method_id.map(crate::core::kernel::fields::Id::get);
    let status = update.payment_status;
    let reason = update.reason.and_then(Text::non_empty);
    let expected = update.expected_total;
    let device_id = device.map(|device| device.id);
    let command = SetPayment { order_id, status, method_id, reason, expected, by, device_id };
    app.store.run(command).await?;
    Ok(ApiResponse::done(format!("The order is {status} now.")))
}

/// Settle the bill: the order ends now, or with the last dish served.
#[utoipa::path(post, path = "/orders/{order_id}/complete-payment", tag = "orders",
    params(AtDrawer, ("order_id" = i64, Path),
        OnceKey,
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    request_body = OrderPaymentComplete,
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn complete_payment(
    State(app): State<App>,
    Acting(by): Acting<AT_THE_BILL>,
    FromDevice(device): FromDevice,
    Path(order_id): Path<i64>,
    request: Keyed<OrderPaymentComplete>,
) -> Result<Response> {
    if request.body.payment_status != PaymentStatus::Paid {
        return Err(Error::invalid("payment_status", "must be PAID here"));
    }
    let key = request.key(by.id);
    let method_id = request.body.payment_method_id.get();
    let account_id = request.body.account_id.map(crate::core::kernel::fields::Id::get);
    let expected = request.body.expected_total;
    let device_id = device.map(|device| device.id);
    let command = CompletePayment { order_id, method_id, account_id, expected, by, device_id };
    let reply = app.store.run(Idempotent { key, command }).await?;
    Ok(once(StatusCode::OK, &reply))
}
