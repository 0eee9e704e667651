//! `/guest`.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use utoipa_axum::router::OpenApiRouter;

use super::bill::{GuestBill, GuestPart, GuestPartAsk};
use super::store::{self, BeginSession, CallFromTable, OrderFromTable, TakeCallBack};
use super::types::{
    GuestCall, GuestCallCreate, GuestOrder, GuestOrderCreate, GuestSession, GuestSessionCreate,
    GuestTable, GuestVisit,
};
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::kernel::Text;
use crate::core::kernel::fields::Id;
use crate::core::store::{Idempotent, Replayed};
use crate::features::calls::CallKind;
use crate::features::orders::{NewOrder, OrderType, OrderWithDetails};
use crate::features::visits::Guest;
use crate::platform::app::App;
use crate::platform::auth::{bearer_token, random_bytes};
use crate::platform::http::{
    ApiResponse, Body, Created, Keyed, Path, Problems, created, once, routes,
};
use crate::platform::observe::Requester;
use crate::platform::security::{Who, client_net};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(begin))
        .routes(routes!(follow))
        .routes(routes!(last_word))
        .routes(routes!(bill))
        .routes(routes!(part))
        .routes(routes!(place))
        .routes(routes!(call))
        .routes(routes!(take_call_back))
}

impl FromRequestParts<App> for Guest {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let Phone(token) = Phone::from_request_parts(parts, app).await?;
        app.store.read(move |db| store::guest_by_token(db, &token, clock::now())).await
    }
}

/// The token of a guest's phone, whether its visit goes on or not.
struct Phone(String);

impl FromRequestParts<App> for Phone {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self> {
        let Some(token) = bearer_token(&parts.headers).map(str::to_owned) else {
            let detail = "Scan the code on the table first.";
            return Err(Error::unauthorized("no_token", detail));
        };
        if let Some(who) = parts.extensions.get::<Requester>() {
            who.is_guest();
        }
        Ok(Self(token))
    }
}

/// Sit down: a session for the table whose code was scanned.
#[utoipa::path(post, path = "/guest/session",
    request_body = GuestSessionCreate, tag = "guests", security(()),
    responses((status = 201, body = GuestSession), Problems))]
async fn begin(
    State(app): State<App>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Body(body): Body<GuestSessionCreate>,
) -> Result<Created<GuestSession>> {
    let net = client_net(address.ip());
    app.limits.take_write(&Who::AtCode(net, body.qr_code.to_string()))?;
    let token = format!("g_{}", URL_SAFE_NO_PAD.encode(random_bytes::<24>()?));
    let minutes = i64::from(app.settings.guest_session_minutes);
    let earlier = body.earlier.map(Text::into_inner);
    let begin = BeginSession { qr_code: body.qr_code.into_inner(), token, net, minutes, earlier };
    Ok(created(app.store.run(begin).await?))
}

/// The open order of the guest's table, its open calls, and how one can pay.
#[utoipa::path(get, path = "/guest/order", tag = "guests",
    security(("guest" = [])),
    responses((status = 200, body = GuestTable), Problems))]
async fn follow(State(app): State<App>, Phone(token): Phone) -> Result<Json<GuestTable>> {
    Ok(Json(app.store.read(move |db| store::table(db, &token, clock::now())).await?))
}

/// How the visit ended: a phone that was seated then may still read it.
#[utoipa::path(get, path = "/guest/visit", tag = "guests",
    security(("guest" = [])),
    responses((status = 200, body = GuestVisit), Problems))]
async fn last_word(State(app): State<App>, Phone(token): Phone) -> Result<Json<GuestVisit>> {
    Ok(Json(app.store.read(move |db| store::visit(db, &token, clock::now())).await?))
}

/// The checks of the visit's order: what was had, what was taken off, what was paid, what is due.
/// A phone whose visit is over still reads those of its last order.
#[utoipa::path(get, path = "/guest/bill", tag = "guests",
    security(("guest" = [])),
    responses((status = 200, body = GuestBill), Problems))]
async fn bill(State(app): State<App>, Phone(token): Phone) -> Result<Json<GuestBill>> {
    Ok(Json(app.store.read(move |db| store::bill(db, &token, clock::now())).await?))
}

/// What a part of a check comes to: some of its lines, or one of equal parts. Reckoned as a split
/// would part it; nothing is changed.
#[utoipa::path(post, path = "/guest/bill/part", tag = "guests", request_body = GuestPartAsk,
    security(("guest" = [])),
    responses((status = 200, body = GuestPart), Problems))]
async fn part(
    State(app): State<App>,
    guest: Guest,
    Body(ask): Body<GuestPartAsk>,
) -> Result<Json<GuestPart>> {
    Ok(Json(app.store.read(move |db| store::part(db, &guest, clock::now(), &ask)).await?))
}

/// Order for the guest's table. A repeat with the same key is answered with the first reply.
#[utoipa::path(post, path = "/guest/orders", tag = "guests", request_body = GuestOrderCreate,
    params(("Idempotency-Key" = String, Header, description = "8 to 128 visible characters")),
    security(("guest" = [])),
    responses((status = 201, body = GuestOrder), Problems))]
async fn place(
    State(app): State<App>,
    guest: Guest,
    request: Keyed<GuestOrderCreate>,
) -> Result<Response> {
    app.limits.take_write(&Who::Phone(guest.token_hash))?;
    let Some(key) = request.key(-guest.visit_id) else {
        return Err(Error::invalid("Idempotency-Key", "is needed, so that no order is doubled"));
    };
    let order = NewOrder {
        order_type: Some(OrderType::DineIn),
        notes: request.body.notes.and_then(Text::non_empty),
        items: request.body.items,
        ..NewOrder::default()
    };
    let (mode, zone) = (app.site().guest_orders, app.site().zone.clone());
    let command = OrderFromTable { guest, mode, zone, order };
    let reply = app.store.run(Idempotent { key: Some(key), command }).await?;
    // The kept reply is the staff's; guests are shown their part of it.
    let order: OrderWithDetails = serde_json::from_str(&reply.json).map_err(Error::internal)?;
    let order = app.store.read(move |db| store::placed(db, &guest, order)).await?;
    let json = serde_json::to_string(&order).map_err(Error::internal)?;
    let reply = Replayed { json: json.into(), replayed: reply.replayed };
    Ok(once(StatusCode::CREATED, &reply))
}

/// Call a waiter, or ask for the bill. While a call of the same kind is open it is the answer; a
/// bill's way to pay is the one that was named last.
#[utoipa::path(post, path = "/guest/calls", tag = "guests", request_body = GuestCallCreate,
    security(("guest" = [])),
    responses((status = 201, body = GuestCall), Problems))]
async fn call(
    State(app): State<App>,
    guest: Guest,
    Body(call): Body<GuestCallCreate>,
) -> Result<Created<GuestCall>> {
    app.limits.take_write(&Who::Phone(guest.token_hash))?;
    let method_id = call.payment_method_id.map(Id::get);
    if call.kind == CallKind::Waiter {
        let of_bill = [("payment_method_id", method_id.is_some()), ("part", call.part.is_some())];
        if let Some((field, _)) = of_bill.into_iter().find(|(_, is_there)| *is_there) {
            return Err(Error::invalid(field, "goes with the bill only"));
        }
    }
    let command = CallFromTable { guest, kind: call.kind, method_id, part: call.part };
    Ok(created(app.store.run(command).await?))
}

/// Take a call of the table back.
#[utoipa::path(delete, path = "/guest/calls/{id}", tag = "guests", params(("id" = i64, Path)),
    security(("guest" = [])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn take_call_back(
    State(app): State<App>,
    guest: Guest,
    Path(call_id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.limits.take_write(&Who::Phone(guest.token_hash))?;
    app.store.run(TakeCallBack { guest, call_id }).await?;
    Ok(ApiResponse::done("The call was taken back."))
}
