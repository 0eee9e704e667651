//! `/fiscal/devices`: registers.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;

use super::reach::reach;
use super::register::{Register, Silence};
use super::states::DocumentKind;
use super::store::{
    self, CreateDevice, DeleteDevice, Enqueue, SetCashierNumber, UpdateDevice, account, cashier,
    cashier_number,
};
use super::troubles::Troubles;
use super::types::{
    CashierNumber, Device, DeviceCreate, DeviceList, DeviceState, DeviceUpdate, Document,
};
use super::watch::{self, Told};
use crate::core::error::{Error, Result};
use crate::core::kernel::Text;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, CASHIER, HOST, MANAGER, Person, WAITER};
use crate::platform::http::{ApiResponse, Body, Created, Page, Path, Problems, created, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(update, delete))
        .routes(routes!(how))
        .routes(routes!(close_shift))
        .routes(routes!(x_report))
        .routes(routes!(resume))
        .routes(routes!(copy))
        .routes(routes!(number, set_number))
        .routes(routes!(troubles))
}

/// All registers.
#[utoipa::path(get, path = "/fiscal/devices", tag = "fiscal", params(Page),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = DeviceList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    page: Page,
) -> Result<Json<DeviceList>> {
    Ok(Json(app.store.read(move |db| store::devices(db, page.window())).await?))
}

/// Add a register. From now on it makes documents of what is sold.
#[utoipa::path(post, path = "/fiscal/devices", tag = "fiscal", request_body = DeviceCreate,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = Device), Problems))]
async fn create(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Body(device): Body<DeviceCreate>,
) -> Result<Created<Device>> {
    Ok(created(app.store.run(CreateDevice { device, by: admin.id }).await?))
}

/// Change a register. What waits for it is made as it is then.
#[utoipa::path(patch, path = "/fiscal/devices/{id}", tag = "fiscal", request_body = DeviceUpdate,
    params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Device), Problems))]
async fn update(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(changes): Body<DeviceUpdate>,
) -> Result<Json<Device>> {
    Ok(Json(app.store.run(UpdateDevice { id, changes, by: admin.id }).await?))
}

/// Remove a register. What waits for it is made there all the same.
#[utoipa::path(delete, path = "/fiscal/devices/{id}", tag = "fiscal", params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(DeleteDevice { id, by: admin.id }).await?;
    Ok(ApiResponse::done("The fiscal register was removed."))
}

/// Ask a register how it is: its shift, its paper, what the operator of fiscal data has not taken.
#[utoipa::path(get, path = "/fiscal/devices/{id}/state", tag = "fiscal",
    params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = DeviceState), Problems))]
async fn how(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
) -> Result<Json<DeviceState>> {
    Ok(Json(watch::state(&app, id).await?))
}

/// Close the register's shift: its Z. It is made after what waits before it.
#[utoipa::path(post, path = "/fiscal/devices/{id}/close-shift", tag = "fiscal",
    params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 201, body = Document), Problems))]
async fn close_shift(
    State(app): State<App>,
    By(person, _): By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
) -> Result<Created<Document>> {
    make(&app, id, DocumentKind::CloseShift, person).await
}

/// Print what the register's shift came to so far: its X.
#[utoipa::path(post, path = "/fiscal/devices/{id}/x-report", tag = "fiscal",
    params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 201, body = Document), Problems))]
async fn x_report(
    State(app): State<App>,
    By(person, _): By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
) -> Result<Created<Document>> {
    make(&app, id, DocumentKind::XReport, person).await
}

async fn make(
    app: &App,
    device_id: i64,
    kind: DocumentKind,
    by: Person,
) -> Result<Created<Document>> {
    let cashier = app.store.read(move |db| cashier(db, &by)).await?;
    let made = Enqueue { device_id, kind, cashier, is_by_itself: false };
    let document = app.store.run(made).await?;
    Ok(created(document.ok_or_else(|| Error::not_found("fiscal register", device_id))?))
}

/// Let the register go on with a paper that broke off.
#[utoipa::path(post, path = "/fiscal/devices/{id}/continue-print", tag = "fiscal",
    params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn resume(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    let account = app.store.read(move |db| account(db, id)).await?;
    reach(&account)?.resume().await.map_err(silent)?;
    Ok(ApiResponse::done("The register goes on printing."))
}

/// Print the last receipt once more.
#[utoipa::path(post, path = "/fiscal/devices/{id}/copy", tag = "fiscal",
    params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn copy(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    let account = app.store.read(move |db| account(db, id)).await?;
    reach(&account)?.copy().await.map_err(silent)?;
    Ok(ApiResponse::done("The register prints a copy."))
}

/// What is the matter with the register that is in use: nothing, when it is well.
#[utoipa::path(get, path = "/fiscal/troubles", tag = "fiscal",
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 200, body = Troubles), Problems))]
async fn troubles(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER | WAITER | CASHIER | HOST }>,
) -> Json<Troubles> {
    Json(app.state::<Told>().now())
}

fn silent(Silence(why): Silence) -> Error {
    Error::conflict("register_silent", format!("The register did not do it: {why}."))
}

/// A cashier's tax number.
#[utoipa::path(get, path = "/fiscal/cashiers/{user_id}", tag = "fiscal",
    params(("user_id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = CashierNumber), Problems))]
async fn number(
    State(app): State<App>,
    _: By<ADMIN>,
    Path(user_id): Path<i64>,
) -> Result<Json<CashierNumber>> {
    let number = app.store.read(move |db| cashier_number(db, user_id)).await?;
    let vatin = Text::stored(&number.unwrap_or_default()).map_err(Error::internal)?;
    Ok(Json(CashierNumber { vatin }))
}

/// Keep a cashier's tax number; it stands on receipts beside the name.
#[utoipa::path(put, path = "/fiscal/cashiers/{user_id}", tag = "fiscal",
    request_body = CashierNumber, params(("user_id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn set_number(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(user_id): Path<i64>,
    Body(number): Body<CashierNumber>,
) -> Result<Json<ApiResponse>> {
    app.store.run(SetCashierNumber { user_id, number, by: admin.id }).await?;
    Ok(ApiResponse::done("The tax number was kept."))
}
