//! `/checks`, `/orders/{order_id}/checks`, `/payments/{id}/refunds`: what is paid.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::check_requests::{
    AdjustmentCreate, CheckJoin, CheckMove, CheckMoves, CheckPaymentCreate, CheckSplit, CheckStep,
    CheckUpdate, LinePart, PaymentBegun, Reason, RefundCreate, SplitBy,
};
use super::check_types::{CheckPaid, CheckView, OrderChecks, Refunded};
use super::store::{
    self, AddAdjustment, DescribeCheck, JoinChecks, LinesMove, MoveBetween, OtherWay, PayCheck,
    RefundPayment, ReopenCheck, SplitCheck, Step, StepCheck, TakeBackAdjustment, What,
};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Id;
use crate::core::kernel::{Money, Quantity, Text};
use crate::core::store::Idempotent;
use crate::features::cash::AtDrawer;
use crate::features::checks::{By as SplitHow, CashRounding};
use crate::features::permissions::{AT_THE_BILL, Acting, Principal};
use crate::features::tips::TipTo;
use crate::platform::app::App;
use crate::platform::auth::{ANYONE, By, FromDevice};
use crate::platform::http::{Body, Keyed, OnceKey, Params, Path, Problems, once, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(of_order))
        .routes(routes!(split))
        .routes(routes!(unsplit))
        .routes(routes!(move_between))
        .routes(routes!(read))
        .routes(routes!(describe))
        .routes(routes!(adjust))
        .routes(routes!(take_back_adjustment))
        .routes(routes!(present))
        .routes(routes!(take_back))
        .routes(routes!(void))
        .routes(routes!(pay))
        .routes(routes!(refund))
        .routes(routes!(reopen))
}

/// The most lines that one request names.
const MAX_PARTS: usize = 500;

/// The checks of an order. One that nobody splits has one.
#[utoipa::path(get, path = "/orders/{order_id}/checks", tag = "checks",
    params(("order_id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = OrderChecks), Problems))]
async fn of_order(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(order_id): Path<i64>,
) -> Result<Json<OrderChecks>> {
    Ok(Json(app.store.read(move |db| store::order_checks(db, order_id)).await?))
}

/// One check.
#[utoipa::path(get, path = "/checks/{check_id}", tag = "checks",
    params(("check_id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = CheckView), Problems))]
async fn read(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(check_id): Path<i64>,
) -> Result<Json<CheckView>> {
    Ok(Json(app.store.read(move |db| store::check(db, check_id)).await?))
}

/// Write on a check that is not paid yet: for how many guests it is, and a note.
#[utoipa::path(patch, path = "/checks/{check_id}", tag = "checks", request_body = CheckUpdate,
    params(("check_id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = CheckView), Problems))]
async fn describe(
    State(app): State<App>,
    By(by, _): By<AT_THE_BILL>,
    Path(check_id): Path<i64>,
    Body(body): Body<CheckUpdate>,
) -> Result<Response> {
    let CheckUpdate { guests, note, receipt_to, version } = body;
    let guests = guests.and_then(|count| u32::try_from(count.get()).ok());
    let command = DescribeCheck { check_id, guests, note, receipt_to, version, by };
    Ok(once(StatusCode::OK, &app.store.run(Idempotent { key: None, command }).await?))
}

/// Split a check: by lines, seats, equal parts, or an amount. All parts together come to what it
/// came to.
#[utoipa::path(post, path = "/orders/{order_id}/split", tag = "checks", request_body = CheckSplit,
    params(("order_id" = i64, Path),
        OnceKey),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = OrderChecks), Problems))]
async fn split(
    State(app): State<App>,
    By(by, _): By<AT_THE_BILL>,
    Path(order_id): Path<i64>,
    request: Keyed<CheckSplit>,
) -> Result<Response> {
    let key = request.key(by.id);
    let how = how(&request.body)?;
    let CheckSplit { version, check_id, .. } = request.body;
    let check_id = check_id.map(Id::get);
    let command = SplitCheck { order_id, check_id, version, how, by };
    Ok(once(StatusCode::OK, &app.store.run(Idempotent { key, command }).await?))
}

fn how(split: &CheckSplit) -> Result<SplitHow> {
    let missing = |field: &'static str| Error::invalid(field, "is missing for this split");
    Ok(match split.by {
        SplitBy::Seats => SplitHow::Seats,
        SplitBy::Parts => SplitHow::Parts(split.parts.ok_or_else(|| missing("parts"))?),
        SplitBy::Amount => SplitHow::Amount(split.amount.ok_or_else(|| missing("amount"))?),
        SplitBy::Lines => {
            let checks = split.checks.as_ref().ok_or_else(|| missing("checks"))?;
            check_count("checks", checks.iter().map(Vec::len).sum())?;
            SplitHow::Lines(checks.iter().map(|lines| parts(lines)).collect())
        }
    })
}

fn check_count(field: &'static str, count: usize) -> Result<()> {
    if (1..=MAX_PARTS).contains(&count) {
        return Ok(());
    }
    Err(Error::invalid(field, format!("must hold 1 to {MAX_PARTS} lines")))
}

fn parts(lines: &[LinePart]) -> Vec<(i64, Quantity)> {
    lines.iter().map(|line| (line.item_id.get(), line.quantity)).collect()
}

/// Join open checks of an order again, while nothing is paid on them.
#[utoipa::path(post, path = "/orders/{order_id}/unsplit", tag = "checks", request_body = CheckJoin,
    params(("order_id" = i64, Path),
        OnceKey),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = OrderChecks), Problems))]
async fn unsplit(
    State(app): State<App>,
    By(by, _): By<AT_THE_BILL>,
    Path(order_id): Path<i64>,
    request: Keyed<CheckJoin>,
) -> Result<Response> {
    let key = request.key(by.id);
    let CheckJoin { version, check_ids } = request.body;
    let check_ids = check_ids.unwrap_or_default().into_iter().map(Id::get).collect();
    let command = JoinChecks { order_id, check_ids, version, by };
    Ok(once(StatusCode::OK, &app.store.run(Idempotent { key, command }).await?))
}

/// Lay lines of open checks anew: so much of them goes from one check to another that is there. One
/// from which all goes is no more.
#[utoipa::path(post, path = "/orders/{order_id}/checks/move", tag = "checks",
    request_body = CheckMoves,
    params(("order_id" = i64, Path),
        OnceKey),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = OrderChecks), Problems))]
async fn move_between(
    State(app): State<App>,
    By(by, _): By<AT_THE_BILL>,
    Path(order_id): Path<i64>,
    request: Keyed<CheckMoves>,
) -> Result<Response> {
    let key = request.key(by.id);
    let CheckMoves { version, moves } = request.body;
    check_count("moves", moves.iter().map(|one| one.lines.len()).sum())?;
    let lines_move = |CheckMove { from, to, lines }: &CheckMove| LinesMove {
        from: from.get(),
        to: to.get(),
        lines: parts(lines),
    };
    let moves = moves.iter().map(lines_move).collect();
    let command = MoveBetween { order_id, moves, version, by };
    Ok(once(StatusCode::OK, &app.store.run(Idempotent { key, command }).await?))
}

/// Take something off a check or a line of it, or put a service charge on.
#[utoipa::path(post, path = "/checks/{check_id}/adjustments", tag = "checks",
    request_body = AdjustmentCreate,
    params(("check_id" = i64, Path),
        OnceKey,
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 201, body = CheckView), Problems))]
async fn adjust(
    State(app): State<App>,
    Acting(by): Acting<AT_THE_BILL>,
    Path(check_id): Path<i64>,
    request: Keyed<AdjustmentCreate>,
) -> Result<Response> {
    let key = request.key(by.id);
    let AdjustmentCreate { kind, value, line_id, reason, version } = request.body;
    let value = kind.value(value.as_deref())?;
    let (item, reason) = (line_id.map(Id::get), reason.and_then(Text::non_empty));
    let zone = app.site().zone.clone();
    let command = AddAdjustment { check_id, kind, value, item, reason, version, zone, by };
    Ok(once(StatusCode::CREATED, &app.store.run(Idempotent { key, command }).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TakenOff {
    /// The check's version that the person saw.
    version: i64,
    /// Why; needed where the house had put it there by itself.
    #[param(value_type = Option<String>, min_length = 1, max_length = 200)]
    reason: Option<Reason>,
}

/// Take an adjustment back, from this check. It stays in the books. What the house put there by itself
/// is taken off with a reason, and stays off.
#[utoipa::path(delete, path = "/checks/{check_id}/adjustments/{id}", tag = "checks",
    params(("check_id" = i64, Path), ("id" = i64, Path), TakenOff,
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = CheckView), Problems))]
async fn take_back_adjustment(
    State(app): State<App>,
    Acting(by): Acting<AT_THE_BILL>,
    Path((check_id, id)): Path<(i64, i64)>,
    Params(TakenOff { version, reason }): Params<TakenOff>,
) -> Result<Response> {
    let reason = reason.map(Reason::into_inner);
    let command = TakeBackAdjustment { check_id, id, reason, version, by };
    Ok(once(StatusCode::OK, &app.store.run(Idempotent { key: None, command }).await?))
}

/// Present a check: from now on its sums stand, and its lines do not change.
#[utoipa::path(post, path = "/checks/{check_id}/present", tag = "checks", request_body = CheckStep,
    params(("check_id" = i64, Path),
        OnceKey, AtDrawer),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = CheckView), Problems))]
async fn present(
    State(app): State<App>,
    Acting(by): Acting<AT_THE_BILL>,
    FromDevice(device): FromDevice,
    Path(check_id): Path<i64>,
    request: Keyed<CheckStep>,
) -> Result<Response> {
    let device_id = device.map(|device| device.id);
    step(&app, (check_id, Step::Present), (by, device_id), request).await
}

/// Take a presented check back, to change it.
#[utoipa::path(post, path = "/checks/{check_id}/take-back", tag = "checks",
    request_body = CheckStep,
    params(("check_id" = i64, Path),
        OnceKey,
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = CheckView), Problems))]
async fn take_back(
    State(app): State<App>,
    Acting(by): Acting<AT_THE_BILL>,
    Path(check_id): Path<i64>,
    request: Keyed<CheckStep>,
) -> Result<Response> {
    step(&app, (check_id, Step::TakeBack), (by, None), request).await
}

/// Call a check off: nobody pays it.
#[utoipa::path(post, path = "/checks/{check_id}/void", tag = "checks", request_body = CheckStep,
    params(("check_id" = i64, Path),
        OnceKey,
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = CheckView), Problems))]
async fn void(
    State(app): State<App>,
    Acting(by): Acting<AT_THE_BILL>,
    Path(check_id): Path<i64>,
    request: Keyed<CheckStep>,
) -> Result<Response> {
    step(&app, (check_id, Step::Void), (by, None), request).await
}

async fn step(
    app: &App,
    (check_id, step): (i64, Step),
    (by, device_id): (Principal, Option<i64>),
    request: Keyed<CheckStep>,
) -> Result<Response> {
    let key = request.key(by.id);
    let CheckStep { version, reason, pays } = request.body;
    let reason = reason.and_then(Text::non_empty);
    let command = StepCheck { check_id, step, version, reason, pays, by, device_id };
    Ok(once(StatusCode::OK, &app.store.run(Idempotent { key, command }).await?))
}

/// Take a payment for a check, of all or a part of it. With the last one it is paid, and with the
/// last check the order.
#[utoipa::path(post, path = "/checks/{check_id}/payments", tag = "checks",
    request_body = CheckPaymentCreate,
    params(AtDrawer, ("check_id" = i64, Path),
        OnceKey,
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 201, body = CheckPaid), Problems))]
async fn pay(
    State(app): State<App>,
    Acting(by): Acting<AT_THE_BILL>,
    FromDevice(device): FromDevice,
    Path(check_id): Path<i64>,
    request: Keyed<CheckPaymentCreate>,
) -> Result<Response> {
    let key = request.key(by.id);
    let CheckPaymentCreate { method_id, account_id, amount, tendered, tip, .. } = request.body;
    let CheckPaymentCreate { tip_to, tip_confirmed, expected_due, state, without_shift, .. } =
        request.body;
    let otherwise = request.body.otherwise.and_then(Text::non_empty);
    let gift_card = request.body.gift_card.and_then(Text::non_empty);
    let command = PayCheck {
        check_id,
        method_id: method_id.get(),
        account_id: account_id.map(Id::get),
        gift_card,
        amount,
        tendered,
        tip: tip.unwrap_or(Money::ZERO),
        tip_to: tip_to.unwrap_or(TipTo::Staff),
        is_tip_confirmed: tip_confirmed.unwrap_or(false),
        expected_due,
        is_pending: state == Some(PaymentBegun::Pending),
        may_wait: without_shift.unwrap_or(false),
        otherwise,
        rounding: CashRounding::of_currency(&app.site().currency),
        by,
        device_id: device.map(|device| device.id),
    };
    Ok(once(StatusCode::CREATED, &app.store.run(Idempotent { key, command }).await?))
}

/// Open a paid check anew, to be paid in another way: what is left of its money goes back as it came,
/// with the tips, and another check with what was on it takes its place.
#[utoipa::path(post, path = "/checks/{check_id}/reopen", tag = "checks",
    request_body = CheckStep,
    params(AtDrawer, ("check_id" = i64, Path),
        OnceKey,
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = OrderChecks), Problems))]
async fn reopen(
    State(app): State<App>,
    Acting(by): Acting<AT_THE_BILL>,
    FromDevice(device): FromDevice,
    Path(check_id): Path<i64>,
    request: Keyed<CheckStep>,
) -> Result<Response> {
    let key = request.key(by.id);
    let CheckStep { version, reason, .. } = request.body;
    let reason = reason.and_then(Text::non_empty);
    let device_id = device.map(|device| device.id);
    let command = ReopenCheck { check_id, version, reason, by, device_id };
    Ok(once(StatusCode::OK, &app.store.run(Idempotent { key, command }).await?))
}

/// Give money back, the way it came or another: a sum, so much of some lines, or all that is left,
/// which is the tip too.
#[utoipa::path(post, path = "/payments/{payment_id}/refunds", tag = "checks",
    request_body = RefundCreate,
    params(AtDrawer, ("payment_id" = i64, Path),
        OnceKey,
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 201, body = Refunded), Problems))]
async fn refund(
    State(app): State<App>,
    Acting(by): Acting<AT_THE_BILL>,
    FromDevice(device): FromDevice,
    Path(payment_id): Path<i64>,
    request: Keyed<RefundCreate>,
) -> Result<Response> {
    let key = request.key(by.id);
    let RefundCreate { amount, lines, tip, reason, method_id, account_id, way_reason } =
        request.body;
    if method_id.is_none() && account_id.is_some() {
        let why = "is for money that goes back by another way than it came: name that way (method_id) too";
        return Err(Error::invalid("account_id", why));
    }
    let (why, account_id) = (way_reason.and_then(Text::non_empty), account_id.map(Id::get));
    let other_way = method_id.map(|id| OtherWay { method_id: id.get(), account_id, why });
    let what = match (amount, lines) {
        (None, None) => What::All,
        (Some(amount), None) => What::Amount(amount),
        (None, Some(lines)) => {
            check_count("lines", lines.len())?;
            What::Lines(parts(&lines))
        }
        (Some(_), Some(_)) => {
            return Err(Error::invalid("lines", "cannot be named beside an amount"));
        }
    };
    let command = RefundPayment {
        payment_id,
        what,
        tip,
        other_way,
        reason: reason.into_inner(),
        rounding: CashRounding::of_currency(&app.site().currency),
        by,
        device_id: device.map(|device| device.id),
    };
    Ok(once(StatusCode::CREATED, &app.store.run(Idempotent { key, command }).await?))
}
