//! `/guest/pay`: a guest pays on his own phone.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::{Extension, Json};
use utoipa_axum::router::OpenApiRouter;

use super::begun::begin;
use super::states::ProviderKind;
use super::steps::take_back;
use super::store::{self, Begin, By};
use super::types::{AttemptView, GuestAttempt, GuestPay, GuestPayCreate};
use super::ways;
use crate::core::error::{Error, Result};
use crate::core::kernel::Money;
use crate::core::kernel::fields::Id;
use crate::core::store::{Connection, Replayed};
use crate::features::calls;
use crate::features::orders::{WireOffer, table_order};
use crate::features::tips::TipTo;
use crate::features::visits::{self, Guest};
use crate::platform::app::App;
use crate::platform::http::{Keyed, Path, Problems, once, routes};
use crate::platform::security::{Client, Who};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read)).routes(routes!(pay)).routes(routes!(withdraw))
}

/// What this phone pays, or paid last, of its table's order.
fn own(db: &Connection, guest: &Guest) -> Result<Option<AttemptView>> {
    let open = table_order(db, guest.table_id)?.map(|order| order.order.id);
    let Some(order_id) = open.or(visits::last_order(db, guest.visit_id)?) else { return Ok(None) };
    store::newest_of_phone(db, order_id, &calls::phone_name(&guest.token_hash))
}

/// How one can pay from here, whether each way can be taken now, and how it stands with what this phone pays.
#[utoipa::path(get, path = "/guest/pay", tag = "guests",
    security(("guest" = [])),
    responses((status = 200, body = GuestPay), Problems))]
async fn read(State(app): State<App>, guest: Guest) -> Result<Json<GuestPay>> {
    let mut ways = ways::ways(&app).await?;
    ways.retain(|way| way.kind != ProviderKind::Terminal);
    let attempt = app.store.read(move |db| own(db, &guest)).await?.map(GuestAttempt::from);
    Ok(Json(GuestPay { ways, attempt }))
}

/// Pay a check of the table, or a part of it: its own lines, an equal part, or a sum; with a tip. The answer
/// has the link, where the provider answers within three seconds.
#[utoipa::path(post, path = "/guest/checks/{id}/pay", tag = "guests",
    request_body = GuestPayCreate,
    params(("id" = i64, Path),
        ("Idempotency-Key" = String, Header, description = "8 to 128 visible characters")),
    security(("guest" = [])),
    responses((status = 201, body = GuestAttempt), Problems))]
async fn pay(
    State(app): State<App>,
    guest: Guest,
    Path(check_id): Path<Id>,
    Extension(client): Extension<Client>,
    request: Keyed<GuestPayCreate>,
) -> Result<Response> {
    app.limits.take_write(&Who::Phone(guest.token_hash))?;
    let Some(key) = request.key(-guest.visit_id) else {
        return Err(Error::invalid("Idempotency-Key", "is needed, so that nobody pays twice"));
    };
    let mut body = request.body;
    let part = body.part(check_id)?;
    let offer = WireOffer {
        check_id: check_id.get(),
        amount: body.amount,
        tip: body.tip.unwrap_or(Money::ZERO),
        tip_to: TipTo::Staff,
        is_tip_confirmed: body.tip_confirmed.unwrap_or(false),
        expected_due: body.expected_due,
    };
    let site = app.site();
    let command = Begin {
        provider_id: body.provider_id,
        offer,
        by: By::Guest(guest, part),
        currency: site.currency.clone(),
        house: site.name.clone(),
        back_to: app.addresses.menu(&client.found()),
    };
    let (view, replayed) = begin(&app, Some(key), command).await?;
    let json = serde_json::to_string(&GuestAttempt::from(view)).map_err(Error::internal)?;
    Ok(once(StatusCode::CREATED, &Replayed { json: json.into(), replayed }))
}

/// Take back what this phone pays: the check waits no more.
#[utoipa::path(post, path = "/guest/pay/withdraw", tag = "guests",
    security(("guest" = [])),
    responses((status = 200, body = GuestAttempt), Problems))]
async fn withdraw(State(app): State<App>, guest: Guest) -> Result<Json<GuestAttempt>> {
    app.limits.take_write(&Who::Phone(guest.token_hash))?;
    let own = app.store.read(move |db| own(db, &guest)).await?;
    let Some(AttemptView { id, .. }) = own else {
        return Err(Error::rule("nothing_paid", "This phone pays nothing here."));
    };
    take_back(&app, id, "the guest took it back").await?;
    Ok(Json(app.store.read(move |db| store::view(db, id)).await?.into()))
}
