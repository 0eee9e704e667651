//! `/payment-methods`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::store::{
    self, CreateMethod, DeleteMethod, METHODS, PaymentMethod, PaymentMethodCreate,
    PaymentMethodList, PaymentMethodUpdate, UpdateMethod,
};
use crate::core::error::Result;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, ANYONE, By};
use crate::platform::http::{
    ApiResponse, Body, Keyed, OnceKey, Page, Params, Path, Problems, routes,
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(active))
        .routes(routes!(read, update, delete))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    is_active: Option<bool>,
}

/// All ways to pay.
#[utoipa::path(get, path = "/payment-methods", tag = "payment methods", params(Page, Wanted),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = PaymentMethodList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<ANYONE>,
    page: Page,
    Params(wanted): Params<Wanted>,
) -> Result<Json<PaymentMethodList>> {
    let list = app.store.read(move |db| store::list(db, page.window(), wanted.is_active)).await?;
    Ok(Json(list))
}

/// The ways to pay that can be chosen.
#[utoipa::path(get, path = "/payment-methods/active", tag = "payment methods",
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = Vec<PaymentMethod>), Problems))]
async fn active(State(app): State<App>, _: By<ANYONE>) -> Result<Json<Vec<PaymentMethod>>> {
    Ok(Json(app.store.read(store::active_methods).await?))
}

/// Add a way to pay.
#[utoipa::path(post, path = "/payment-methods",
    request_body = PaymentMethodCreate, tag = "payment methods", params(OnceKey),
    security(("bearer" = ["admin"])),
    responses((status = 201, body = PaymentMethod), Problems))]
async fn create(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    request: Keyed<PaymentMethodCreate>,
) -> Result<Response> {
    request.create(&app.store, admin.id, |method| CreateMethod { method, by: admin.id }).await
}

/// One way to pay.
#[utoipa::path(get, path = "/payment-methods/{id}", tag = "payment methods",
    params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = PaymentMethod), Problems))]
async fn read(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(id): Path<i64>,
) -> Result<Json<PaymentMethod>> {
    Ok(Json(app.store.read(move |db| METHODS.get(db, id)).await?))
}

/// Change a way to pay.
#[utoipa::path(patch, path = "/payment-methods/{id}",
    request_body = PaymentMethodUpdate, tag = "payment methods",
    params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = PaymentMethod), Problems))]
async fn update(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(changes): Body<PaymentMethodUpdate>,
) -> Result<Json<PaymentMethod>> {
    Ok(Json(app.store.run(UpdateMethod { id, changes, by: admin.id }).await?))
}

/// Remove a way to pay; what was paid by it stays as it was.
#[utoipa::path(delete, path = "/payment-methods/{id}", tag = "payment methods",
    params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(DeleteMethod { id, by: admin.id }).await?;
    Ok(ApiResponse::done("The payment method was removed."))
}
