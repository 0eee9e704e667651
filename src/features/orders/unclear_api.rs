//! `/payments/unclear`: money of which somebody has to find out, and what they found.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;

use super::check_requests::PaymentClear;
use super::check_types::{CheckView, UnclearPayments};
use super::store::{self, ClearPayment};
use crate::core::error::Result;
use crate::core::store::Idempotent;
use crate::features::cash::AtDrawer;
use crate::features::permissions::Acting;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, CASHIER, FromDevice, HOST, MANAGER, WAITER};
use crate::platform::http::{Keyed, OnceKey, Path, Problems, once, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(clear))
}

/// Payments that are under way, or of which nobody knows, the oldest first.
#[utoipa::path(get, path = "/payments/unclear", tag = "checks",
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 200, body = UnclearPayments), Problems))]
async fn list(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER | WAITER | CASHIER | HOST }>,
) -> Result<Json<UnclearPayments>> {
    Ok(Json(app.store.read(store::unclear).await?))
}

/// Say what became of a payment that was under way, or of which nobody knew.
#[utoipa::path(post, path = "/payments/{payment_id}/clear", tag = "checks",
    request_body = PaymentClear,
    params(("payment_id" = i64, Path),
        OnceKey,
        AtDrawer,
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = CheckView), Problems))]
async fn clear(
    State(app): State<App>,
    Acting(by): Acting<{ ADMIN | MANAGER | WAITER | CASHIER }>,
    FromDevice(device): FromDevice,
    Path(payment_id): Path<i64>,
    request: Keyed<PaymentClear>,
) -> Result<Response> {
    let key = request.key(by.id);
    let PaymentClear { state, reason } = request.body;
    let device_id = device.map(|device| device.id);
    let command = ClearPayment { payment_id, state, reason: reason.into_inner(), by, device_id };
    Ok(once(StatusCode::OK, &app.store.run(Idempotent { key, command }).await?))
}
