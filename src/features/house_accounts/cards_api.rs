//! `/gift-cards`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;

use super::card_code;
use super::cards_store::{self, SellCard, TakeBackCard};
use super::types::{
    GiftCard, GiftCardCode, GiftCardCreate, GiftCardList, GiftCardSold, GiftCardTakeBack,
};
use crate::core::error::Result;
use crate::core::kernel::Text;
use crate::core::store::Idempotent;
use crate::features::cash::AtDrawer;
use crate::features::checks::CashRounding;
use crate::features::permissions::{AT_THE_BILL, Acting};
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, CASHIER, FromDevice, MANAGER, random_bytes};
use crate::platform::http::{Body, Keyed, OnceKey, Page, Path, Problems, once, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, sell))
        .routes(routes!(find))
        .routes(routes!(take_back))
}

/// Who sells cards.
const SELLERS: u8 = ADMIN | MANAGER | CASHIER;

/// The gift cards, the newest first.
#[utoipa::path(get, path = "/gift-cards", tag = "gift cards", params(Page),
    security(("bearer" = ["admin", "manager", "cashier"])),
    responses((status = 200, body = GiftCardList), Problems))]
async fn list(State(app): State<App>, _: By<SELLERS>, page: Page) -> Result<Json<GiftCardList>> {
    Ok(Json(app.store.read(move |db| cards_store::cards(db, page.window())).await?))
}

/// Sell a gift card: its money is owed to the guest until a check is paid by it. The code is told here, and
/// never again.
#[utoipa::path(post, path = "/gift-cards", tag = "gift cards", request_body = GiftCardCreate,
    params(AtDrawer, OnceKey,
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "cashier"])),
    responses((status = 201, body = GiftCardSold), Problems))]
async fn sell(
    State(app): State<App>,
    Acting(by): Acting<SELLERS>,
    FromDevice(device): FromDevice,
    request: Keyed<GiftCardCreate>,
) -> Result<Response> {
    let key = request.key(by.id);
    let GiftCardCreate { amount, method_id } = request.body;
    let command = SellCard {
        amount,
        method_id: method_id.get(),
        code: card_code::new(random_bytes()?),
        rounding: CashRounding::of_currency(&app.site().currency),
        by,
        device_id: device.map(|device| device.id),
    };
    Ok(once(StatusCode::CREATED, &app.store.run(Idempotent { key, command }).await?))
}

/// What is on a card, by its code.
#[utoipa::path(post, path = "/gift-cards/find", tag = "gift cards", request_body = GiftCardCode,
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = GiftCard), Problems))]
async fn find(
    State(app): State<App>,
    _: By<AT_THE_BILL>,
    Body(wanted): Body<GiftCardCode>,
) -> Result<Json<GiftCard>> {
    Ok(Json(app.store.read(move |db| cards_store::find(db, &wanted.code)).await?))
}

/// Take a card back: what is left of it goes to the guest, and nobody pays by it any more.
#[utoipa::path(post, path = "/gift-cards/{id}/take-back", tag = "gift cards",
    request_body = GiftCardTakeBack,
    params(AtDrawer, ("id" = i64, Path), OnceKey,
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "cashier"])),
    responses((status = 200, body = GiftCard), Problems))]
async fn take_back(
    State(app): State<App>,
    Acting(by): Acting<SELLERS>,
    FromDevice(device): FromDevice,
    Path(id): Path<i64>,
    request: Keyed<GiftCardTakeBack>,
) -> Result<Response> {
    let actor = by.id;
    let rounding = CashRounding::of_currency(&app.site().currency);
    let device_id = device.map(|device| device.id);
    let take_back = |body: GiftCardTakeBack| TakeBackCard {
        id,
        method_id: body.method_id.get(),
        expected: body.expected_balance,
        reason: body.reason.into_inner(),
        way_reason: body.way_reason.and_then(Text::non_empty),
        rounding,
        by,
        device_id,
    };
    request.change(&app.store, actor, take_back).await
}
