//! `/cash/shifts`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::at_drawer::OnTablet;
use super::close_store::{CloseShift, Count};
use super::moves_store::{MoveCash, Wish};
use super::permits_store::{check_sight, keeps_all};
use super::print_store::PrintShift;
use super::report_store;
use super::shifts_store::{self, OpenShift, Wanted};
use super::states::ShiftState;
use super::types::{
    CashCountCreate, CashMoveCreate, CashMoved, CashPrintCreate, CashReport, CashShift,
    CashShiftClose, CashShiftCreate, CashShiftList, Denomination, ShiftCounted,
};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Text};
use crate::core::store::Idempotent;
use crate::features::checks::CashRounding;
use crate::features::permissions::{AT_THE_BILL, Acting};
use crate::features::printing::PrintJob;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, CASHIER, FromDevice, MANAGER};
use crate::platform::http::{Keyed, Page, Params, Path, Problems, once, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, open))
        .routes(routes!(read))
        .routes(routes!(move_cash))
        .routes(routes!(count))
        .routes(routes!(close))
        .routes(routes!(x))
        .routes(routes!(z))
        .routes(routes!(print))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Query {
    /// Of one drawer.
    drawer_id: Option<i64>,
    /// In one state.
    state: Option<ShiftState>,
    /// Closed with a difference, or not.
    differs: Option<bool>,
}

/// The shifts, the newest first; to cashiers not those of what others carry.
#[utoipa::path(get, path = "/cash/shifts", tag = "cash", params(Page, Query),
    security(("bearer" = ["admin", "manager", "cashier"])),
    responses((status = 200, body = CashShiftList), Problems))]
async fn list(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER | CASHIER }>,
    page: Page,
    Params(Query { drawer_id, state, differs }): Params<Query>,
) -> Result<Json<CashShiftList>> {
    let only_of = (!keeps_all(by.role)).then_some(by.id);
    let wanted = Wanted { drawer_id, state, differs, only_of };
    let read = move |db: &_| shifts_store::list(db, page.window(), &wanted);
    let mut list = app.store.read(read).await?;
    let seen = |shift| shifts_store::as_seen(shift, by.role, by.id);
    list.shifts = list.shifts.into_iter().map(seen).collect();
    Ok(Json(list))
}

/// Open a shift with what is in the drawer.
#[utoipa::path(post, path = "/cash/shifts", tag = "cash", request_body = CashShiftCreate,
    params(("Idempotency-Key" = Option<String>, Header, description = "8 to 128 visible characters")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 201, body = CashShift), Problems))]
async fn open(
    State(app): State<App>,
    By(by, _): By<AT_THE_BILL>,
    request: Keyed<CashShiftCreate>,
) -> Result<Response> {
    let key = request.key(by.id);
    let CashShiftCreate { drawer_id, opening } = request.body;
    let rounding = CashRounding::of_currency(&app.site().currency);
    let command = OpenShift { drawer_id: drawer_id.get(), opening, rounding, by };
    Ok(once(StatusCode::CREATED, &app.store.run(Idempotent { key, command }).await?))
}

/// One shift.
#[utoipa::path(get, path = "/cash/shifts/{id}", tag = "cash", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = CashShift), Problems))]
async fn read(
    State(app): State<App>,
    By(by, _): By<AT_THE_BILL>,
    Path(id): Path<i64>,
) -> Result<Json<CashShift>> {
    let shift = app.store.read(move |db| shifts_store::shift(db, id)).await?;
    check_sight(by.role, by.id, &shift)?;
    Ok(Json(shifts_store::as_seen(shift, by.role, by.id)))
}

/// Put cash in, take it out, open the drawer, or take such a move back.
#[utoipa::path(post, path = "/cash/shifts/{id}/moves", tag = "cash", request_body = CashMoveCreate,
    params(OnTablet, ("id" = i64, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "8 to 128 visible characters"),
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 201, body = CashMoved), Problems))]
async fn move_cash(
    State(app): State<App>,
    Acting(by): Acting<AT_THE_BILL>,
    FromDevice(device): FromDevice,
    Path(shift_id): Path<i64>,
    request: Keyed<CashMoveCreate>,
) -> Result<Response> {
    let key = request.key(by.id);
    let CashMoveCreate { kind, amount, reason, undoes } = request.body;
    let wish = match (kind, undoes) {
        (_, Some(id)) => Wish::Undo(id.get()),
        (Some(kind), None) => Wish::Move { kind, amount: amount.unwrap_or(Money::ZERO) },
        (None, None) => return Err(Error::invalid("kind", "say what it is, or what it undoes")),
    };
    let command = MoveCash {
        shift_id,
        wish,
        reason: reason.and_then(Text::non_empty),
        rounding: CashRounding::of_currency(&app.site().currency),
        by,
        device_id: device.map(|device| device.id),
    };
    Ok(once(StatusCode::CREATED, &app.store.run(Idempotent { key, command }).await?))
}

/// The kinds of notes and coins that one count names.
const MOST_KINDS: usize = 50;

fn check_kinds(pieces: &[Denomination]) -> Result<()> {
    if pieces.len() <= MOST_KINDS {
        return Ok(());
    }
    Err(Error::invalid("denominations", format!("must be at most {MOST_KINDS}")))
}

/// Count a drawer: what should be in it is told once the count is sent. It is counted once, and once
/// more while nothing moved.
#[utoipa::path(post, path = "/cash/shifts/{id}/count", tag = "cash", request_body = CashCountCreate,
    params(OnTablet, ("id" = i64, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "8 to 128 visible characters"),
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 201, body = ShiftCounted), Problems))]
async fn count(
    State(app): State<App>,
    Acting(by): Acting<AT_THE_BILL>,
    FromDevice(device): FromDevice,
    Path(shift_id): Path<i64>,
    request: Keyed<CashCountCreate>,
) -> Result<Response> {
    let key = request.key(by.id);
    let CashCountCreate { counted, denominations } = request.body;
    check_kinds(&denominations)?;
    let device_id = device.map(|device| device.id);
    let rounding = CashRounding::of_currency(&app.site().currency);
    let command = Count { shift_id, said: counted, pieces: denominations, rounding, by, device_id };
    Ok(once(StatusCode::CREATED, &app.store.run(Idempotent { key, command }).await?))
}

/// Close a shift with what was counted. A first count outside of the tolerance stays as a count: close it
/// again with the same sum and a reason.
#[utoipa::path(post, path = "/cash/shifts/{id}/close", tag = "cash", request_body = CashShiftClose,
    params(OnTablet, ("id" = i64, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "8 to 128 visible characters"),
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = ShiftCounted), Problems))]
async fn close(
    State(app): State<App>,
    Acting(by): Acting<AT_THE_BILL>,
    FromDevice(device): FromDevice,
    Path(shift_id): Path<i64>,
    request: Keyed<CashShiftClose>,
) -> Result<Response> {
    let key = request.key(by.id);
    let CashShiftClose { counted, denominations, reason } = request.body;
    check_kinds(&denominations)?;
    let device_id = device.map(|device| device.id);
    let rounding = CashRounding::of_currency(&app.site().currency);
    let count = Count { shift_id, said: counted, pieces: denominations, rounding, by, device_id };
    let command = CloseShift { count, reason: reason.and_then(Text::non_empty) };
    Ok(once(StatusCode::OK, &app.store.run(Idempotent { key, command }).await?))
}

/// The picture of a shift, without an effect. Who is yet to count it sees no cash.
#[utoipa::path(get, path = "/cash/shifts/{id}/x", tag = "cash", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = CashReport), Problems))]
async fn x(
    State(app): State<App>,
    By(by, _): By<AT_THE_BILL>,
    Path(id): Path<i64>,
) -> Result<Json<CashReport>> {
    let read = move |db: &_| {
        let shift = shifts_store::shift(db, id)?;
        check_sight(by.role, by.id, &shift)?;
        report_store::x(db, shift, (by.role, by.id))
    };
    Ok(Json(app.store.read(read).await?))
}

/// The Z of a closed shift, as it was written then.
#[utoipa::path(get, path = "/cash/shifts/{id}/z", tag = "cash", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = CashReport), Problems))]
async fn z(
    State(app): State<App>,
    By(by, _): By<AT_THE_BILL>,
    Path(id): Path<i64>,
) -> Result<Json<serde_json::Value>> {
    let read = move |db: &_| {
        let shift = shifts_store::shift(db, id)?;
        check_sight(by.role, by.id, &shift)?;
        report_store::z(db, id)
    };
    Ok(Json(app.store.read(read).await?))
}

/// Print a paper of a shift: where Z are printed, else where receipts are. It says no more than the caller
/// may read.
#[utoipa::path(post, path = "/cash/shifts/{id}/print", tag = "cash", request_body = CashPrintCreate,
    params(("id" = i64, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "8 to 128 visible characters")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 201, body = PrintJob), Problems))]
async fn print(
    State(app): State<App>,
    By(by, _): By<AT_THE_BILL>,
    Path(shift_id): Path<i64>,
    request: Keyed<CashPrintCreate>,
) -> Result<Response> {
    let key = request.key(by.id);
    let command = PrintShift { shift_id, what: request.body.what, by };
    Ok(once(StatusCode::CREATED, &app.store.run(Idempotent { key, command }).await?))
}
