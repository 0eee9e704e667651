//! `/guest`.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, BeginSession, CallFromTable, Guest, TakeCallBack};
use super::types::{
    GuestCall, GuestCallCreate, GuestOrder, GuestOrderCreate, GuestSession, GuestSessionCreate,
    GuestTable,
};
use crate::app::App;
use crate::auth::{bearer_token, random_bytes};
use crate::calls::CallKind;
use crate::clock;
use crate::error::{Error, Result};
use crate::http::{ApiResponse, Body, Created, Keyed, Path, Problems, created, once, routes};
use crate::kernel::Text;
use crate::kernel::fields::Id;
use crate::observe::Requester;
use crate::orders::{NewOrder, OrderType, OrderWithDetails, PlaceOrder, Placer};
use crate::security::Who;
use crate::store::{Once, Replayed};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(begin))
        .routes(routes!(follow))
        .routes(routes!(place))
        .routes(routes!(call))
        .routes(routes!(take_call_back))
}

impl FromRequestParts<App> for Guest {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let Some(token) = bearer_token(&parts.headers).map(str::to_owned) else {
            let detail = "Scan the code on the table first.";
            return Err(Error::unauthorized("no_token", detail));
        };
        if let Some(who) = parts.extensions.get::<Requester>() {
            who.is_guest();
        }
        app.store.read(move |db| store::guest_by_token(db, &token, clock::now())).await
    }
}

/// All phones of a table share what may be written in a visit.
fn visit(guest: &Guest) -> Who {
    Who::Visit(guest.table_id, guest.visit_began_at.0)
}

/// Sit down: a session for the table whose code was scanned.
#[utoipa::path(post, path = "/guest/session",
    request_body = GuestSessionCreate, tag = "guests", security(()),
    responses((status = 201, body = GuestSession), Problems))]
async fn begin(
    State(app): State<App>,
    Body(body): Body<GuestSessionCreate>,
) -> Result<Created<GuestSession>> {
    app.limits.take_write(&Who::Code(body.qr_code.to_string()))?;
    let token = format!("g_{}", URL_SAFE_NO_PAD.encode(random_bytes::<24>()?));
    let minutes = i64::from(app.settings.guest_session_minutes);
    let begin = BeginSession { qr_code: body.qr_code.into_inner(), token, minutes };
    Ok(created(app.store.run(begin).await?))
}

/// The open order of the guest's table, its open calls, and how one can pay.
#[utoipa::path(get, path = "/guest/order", tag = "guests",
    security(("guest" = [])),
    responses((status = 200, body = GuestTable), Problems))]
async fn follow(State(app): State<App>, guest: Guest) -> Result<Json<GuestTable>> {
    Ok(Json(app.store.read(move |db| store::table(db, guest)).await?))
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
    app.limits.take_write(&visit(&guest))?;
    let Some(key) = request.key(-guest.table_id) else {
        return Err(Error::invalid("Idempotency-Key", "is needed, so that no order is doubled"));
    };
    let order = NewOrder {
        table_id: Some(guest.table_id),
        order_type: Some(OrderType::DineIn),
        notes: request.body.notes.and_then(Text::non_empty),
        items: request.body.items,
        ..NewOrder::default()
    };
    let by = Placer::Guest(app.site().guest_orders);
    let command = PlaceOrder { by, zone: app.site().zone.clone(), order };
    let reply = app.store.run(Once { key: Some(key), command }).await?;
    // The kept reply is the staff's; the guest is shown his part of it.
    let order: OrderWithDetails = serde_json::from_str(&reply.json).map_err(Error::internal)?;
    let json = serde_json::to_string(&GuestOrder::from(order)).map_err(Error::internal)?;
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
    app.limits.take_write(&visit(&guest))?;
    let method_id = call.payment_method_id.map(Id::get);
    if call.kind == CallKind::Waiter && method_id.is_some() {
        return Err(Error::invalid("payment_method_id", "goes with the bill only"));
    }
    let command = CallFromTable { guest, kind: call.kind, method_id };
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
    app.limits.take_write(&visit(&guest))?;
    app.store.run(TakeCallBack { guest, call_id }).await?;
    Ok(ApiResponse::done("The call was taken back."))
}
