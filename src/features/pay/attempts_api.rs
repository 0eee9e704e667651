//! `/pay/attempts`: what is paid over the wire, and what goes back.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::{Extension, Json};
use utoipa_axum::router::OpenApiRouter;

use super::begun::begin;
use super::steps::take_back;
use super::store::{self, Begin, By as BegunBy, GiveBack, Say, SendAgain};
use super::types::{AttemptCreate, AttemptList, AttemptView, RefundAgain, SlipSaid, TroublesView};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Text};
use crate::core::store::Replayed;
use crate::features::cash::AtDrawer;
use crate::features::orders::WireOffer;
use crate::features::permissions::{AT_THE_BILL, Acting};
use crate::features::tips::TipTo;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, FromDevice, MANAGER};
use crate::platform::http::{
    ApiResponse, Body, Keyed, OnceKey, Page, Path, Problems, once, routes,
};
use crate::platform::security::Client;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(read))
        .routes(routes!(of_check))
        .routes(routes!(withdraw))
        .routes(routes!(say))
        .routes(routes!(give_back))
        .routes(routes!(again))
        .routes(routes!(troubles))
}

/// What was paid over the wire, and what was not, newest first.
#[utoipa::path(get, path = "/pay/attempts", tag = "pay", params(Page),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = AttemptList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    page: Page,
) -> Result<Json<AttemptList>> {
    Ok(Json(app.store.read(move |db| store::attempts(db, page.window())).await?))
}

/// Have a guest pay over the wire, or on a terminal that stands apart. The answer has the link and its QR
/// code, where the provider answers within three seconds; else they come when it does.
#[utoipa::path(post, path = "/pay/attempts", tag = "pay", request_body = AttemptCreate,
    params(OnceKey, AtDrawer,
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 201, body = AttemptView), Problems))]
async fn create(
    State(app): State<App>,
    Acting(by): Acting<AT_THE_BILL>,
    FromDevice(device): FromDevice,
    Extension(client): Extension<Client>,
    request: Keyed<AttemptCreate>,
) -> Result<Response> {
    let key = request.key(by.id);
    let body = request.body;
    let offer = WireOffer {
        check_id: body.check_id.get(),
        amount: body.amount,
        tip: body.tip.unwrap_or(Money::ZERO),
        tip_to: body.tip_to.unwrap_or(TipTo::Staff),
        is_tip_confirmed: body.tip_confirmed.unwrap_or(false),
        expected_due: body.expected_due,
    };
    let site = app.site();
    let command = Begin {
        provider_id: body.provider_id,
        offer,
        by: BegunBy::Staff(by, device.map(|device| device.id)),
        currency: site.currency.clone(),
        house: site.name.clone(),
        back_to: app.addresses.menu(&client.found()),
    };
    let (view, replayed) = begin(&app, key, command).await?;
    let json = serde_json::to_string(&view).map_err(Error::internal)?;
    Ok(once(StatusCode::CREATED, &Replayed { json: json.into(), replayed }))
}

/// How it stands with one.
#[utoipa::path(get, path = "/pay/attempts/{id}", tag = "pay", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = AttemptView), Problems))]
async fn read(
    State(app): State<App>,
    _: By<AT_THE_BILL>,
    Path(id): Path<i64>,
) -> Result<Json<AttemptView>> {
    Ok(Json(app.store.read(move |db| store::view(db, id)).await?))
}

/// What was begun for a check, newest first.
#[utoipa::path(get, path = "/pay/checks/{check_id}", tag = "pay",
    params(("check_id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = AttemptList), Problems))]
async fn of_check(
    State(app): State<App>,
    _: By<AT_THE_BILL>,
    Path(check_id): Path<i64>,
) -> Result<Json<AttemptList>> {
    Ok(Json(app.store.read(move |db| store::of_check(db, check_id)).await?))
}

/// The guest pays another way: the check waits no more. What is paid all the same stands on the board.
#[utoipa::path(post, path = "/pay/attempts/{id}/withdraw", tag = "pay", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = AttemptView), Problems))]
async fn withdraw(
    State(app): State<App>,
    By(by, _): By<AT_THE_BILL>,
    Path(id): Path<i64>,
) -> Result<Json<AttemptView>> {
    take_back(&app, id, &format!("{} took it back", by.full_name)).await?;
    Ok(Json(app.store.read(move |db| store::view(db, id)).await?))
}

/// Say what the slip of a terminal that stands apart says.
#[utoipa::path(post, path = "/pay/attempts/{id}/say", tag = "pay", request_body = SlipSaid,
    params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = AttemptView), Problems))]
async fn say(
    State(app): State<App>,
    Acting(by): Acting<AT_THE_BILL>,
    Path(id): Path<i64>,
    Body(said): Body<SlipSaid>,
) -> Result<Json<AttemptView>> {
    app.store.run(Say { id, said, by }).await?;
    Ok(Json(app.store.read(move |db| store::view(db, id)).await?))
}

/// Give money back that came too late, all of it, the way it came.
#[utoipa::path(post, path = "/pay/attempts/{id}/give-back", tag = "pay", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = AttemptView), Problems))]
async fn give_back(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
) -> Result<Json<AttemptView>> {
    let currency = app.site().currency.clone();
    app.store.run(GiveBack { attempt_id: id, currency, by: by.id }).await?;
    Ok(Json(app.store.read(move |db| store::view(db, id)).await?))
}

/// Send back once more what the provider refused to give back; or say how it went back otherwise.
#[utoipa::path(post, path = "/pay/refunds/{id}/again", tag = "pay", request_body = RefundAgain,
    params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn again(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
    Body(RefundAgain { otherwise }): Body<RefundAgain>,
) -> Result<Json<ApiResponse>> {
    let (currency, otherwise) = (app.site().currency.clone(), otherwise.map(Text::into_inner));
    app.store.run(SendAgain { id, otherwise, currency, by: by.id }).await?;
    Ok(ApiResponse::done("Done."))
}

/// What of online payments needs somebody: money that came too late, and what was refused to go back.
#[utoipa::path(get, path = "/pay/troubles", tag = "pay",
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = TroublesView), Problems))]
async fn troubles(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
) -> Result<Json<TroublesView>> {
    let read = |db: &_| Ok(TroublesView { late: store::late(db)?, refused: store::refused(db)? });
    Ok(Json(app.store.read(read).await?))
}
