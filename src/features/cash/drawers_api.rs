//! `/cash/drawers`, and the drawer that somebody uses: `/cash/desk`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;

use super::at_drawer::AtDrawer;
use super::drawers_store::{self, CreateDrawer, RemoveDrawer, UpdateDrawer};
use super::shifts_store;
use super::types::{CashDesk, CashDrawer, CashDrawerCreate, CashDrawerList, CashDrawerUpdate};
use crate::core::error::{Error, Result};
use crate::features::permissions::AT_THE_BILL;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, FromDevice};
use crate::platform::http::{ApiResponse, Body, Keyed, OnceKey, Page, Path, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(update, remove))
        .routes(routes!(desk))
}

/// The tablets that may stand at one drawer.
const MOST_DEVICES: usize = 100;

fn check_devices(count: usize) -> Result<()> {
    if count <= MOST_DEVICES {
        return Ok(());
    }
    Err(Error::invalid("device_ids", format!("must be at most {MOST_DEVICES}")))
}

/// The drawers.
#[utoipa::path(get, path = "/cash/drawers", tag = "cash", params(Page),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = CashDrawerList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<AT_THE_BILL>,
    page: Page,
) -> Result<Json<CashDrawerList>> {
    Ok(Json(app.store.read(move |db| drawers_store::list(db, page.window())).await?))
}

/// Set a drawer up. From then on cash is taken only while a shift of it is open.
#[utoipa::path(post, path = "/cash/drawers", tag = "cash", params(OnceKey),
    request_body = CashDrawerCreate, security(("bearer" = ["admin"])),
    responses((status = 201, body = CashDrawer), Problems))]
async fn create(
    State(app): State<App>,
    By(by, _): By<ADMIN>,
    request: Keyed<CashDrawerCreate>,
) -> Result<Response> {
    check_devices(request.body.device_ids.len())?;
    request.create(&app.store, by.id, |drawer| CreateDrawer { drawer, by }).await
}

/// Change a drawer.
#[utoipa::path(patch, path = "/cash/drawers/{id}", tag = "cash", request_body = CashDrawerUpdate,
    params(("id" = i64, Path)), security(("bearer" = ["admin"])),
    responses((status = 200, body = CashDrawer), Problems))]
async fn update(
    State(app): State<App>,
    By(by, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(changes): Body<CashDrawerUpdate>,
) -> Result<Json<CashDrawer>> {
    check_devices(changes.device_ids.as_ref().map_or(0, Vec::len))?;
    Ok(Json(app.store.run(UpdateDrawer { id, changes, by }).await?))
}

/// Remove a drawer whose shift is closed.
#[utoipa::path(delete, path = "/cash/drawers/{id}", tag = "cash",
    params(("id" = i64, Path)), security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn remove(
    State(app): State<App>,
    By(by, _): By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(RemoveDrawer { id, by }).await?;
    Ok(ApiResponse::done("The drawer was removed."))
}

/// The drawer that the caller uses at this tablet, its shift, and by which notes and coins it is counted.
#[utoipa::path(get, path = "/cash/desk", tag = "cash", params(AtDrawer),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = CashDesk), Problems))]
async fn desk(
    State(app): State<App>,
    By(by, _): By<AT_THE_BILL>,
    FromDevice(device): FromDevice,
) -> Result<Json<CashDesk>> {
    let who = (by.id, device.map(|device| device.id));
    let currency = app.site().currency.clone();
    let mut desk = app.store.read(move |db| shifts_store::desk(db, who, &currency)).await?;
    desk.shift = desk.shift.map(|shift| shifts_store::as_seen(shift, by.role, by.id));
    Ok(Json(desk))
}
