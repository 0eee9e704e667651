//! `/house-accounts`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::moves_store::{self, GiveBack, PayIn};
use super::store::{self, CreateAccount, EraseAccount, UpdateAccount, Wanted};
use super::types::{
    AccountGiveBack, AccountMoveList, AccountMoved, AccountPayIn, HouseAccount, HouseAccountCreate,
    HouseAccountList, HouseAccountUpdate,
};
use crate::core::error::Result;
use crate::core::kernel::Text;
use crate::core::store::Idempotent;
use crate::features::cash::AtDrawer;
use crate::features::checks::CashRounding;
use crate::features::permissions::Acting;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, CASHIER, FromDevice, MANAGER, WAITER};
use crate::platform::http::{
    ApiResponse, Body, Keyed, OnceKey, Page, Params, Path, Problems, once, routes,
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(read, update))
        .routes(routes!(moves))
        .routes(routes!(pay_in))
        .routes(routes!(give_back))
        .routes(routes!(erase))
}

/// Who keeps accounts; a waiter only has checks paid by them.
const KEEPERS: u8 = ADMIN | MANAGER | CASHIER;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Query {
    /// A part of the name or the telephone.
    #[param(value_type = Option<String>, max_length = 100)]
    search: Option<Text<0, 100>>,
    /// Whether they may be used.
    is_active: Option<bool>,
    /// Those that owe, or those that do not.
    owes: Option<bool>,
}

/// The accounts by name.
#[utoipa::path(get, path = "/house-accounts", tag = "house accounts", params(Page, Query),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = HouseAccountList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<{ KEEPERS | WAITER }>,
    page: Page,
    Params(Query { search, is_active, owes }): Params<Query>,
) -> Result<Json<HouseAccountList>> {
    let wanted = Wanted { search: search.and_then(Text::non_empty), is_active, owes };
    Ok(Json(app.store.read(move |db| store::list(db, page.window(), &wanted)).await?))
}

/// Open an account. To let it owe something needs `ACCOUNT_MANAGE`.
#[utoipa::path(post, path = "/house-accounts", tag = "house accounts",
    request_body = HouseAccountCreate,
    params(OnceKey, ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "cashier"])),
    responses((status = 201, body = HouseAccount), Problems))]
async fn create(
    State(app): State<App>,
    Acting(by): Acting<KEEPERS>,
    request: Keyed<HouseAccountCreate>,
) -> Result<Response> {
    let actor = by.person.id;
    request.create(&app.store, actor, |account| CreateAccount { account, by }).await
}

/// One account.
#[utoipa::path(get, path = "/house-accounts/{id}", tag = "house accounts",
    params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = HouseAccount), Problems))]
async fn read(
    State(app): State<App>,
    _: By<{ KEEPERS | WAITER }>,
    Path(id): Path<i64>,
) -> Result<Json<HouseAccount>> {
    Ok(Json(app.store.read(move |db| store::named(db, id)).await?))
}

/// Change an account. To let it owe more needs `ACCOUNT_MANAGE`.
#[utoipa::path(patch, path = "/house-accounts/{id}", tag = "house accounts",
    request_body = HouseAccountUpdate,
    params(("id" = i64, Path),
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "cashier"])),
    responses((status = 200, body = HouseAccount), Problems))]
async fn update(
    State(app): State<App>,
    Acting(by): Acting<KEEPERS>,
    Path(id): Path<i64>,
    Body(changes): Body<HouseAccountUpdate>,
) -> Result<Json<HouseAccount>> {
    Ok(Json(app.store.run(UpdateAccount { id, changes, by }).await?))
}

/// What moved an account, the newest first.
#[utoipa::path(get, path = "/house-accounts/{id}/moves", tag = "house accounts",
    params(("id" = i64, Path), Page),
    security(("bearer" = ["admin", "manager", "cashier"])),
    responses((status = 200, body = AccountMoveList), Problems))]
async fn moves(
    State(app): State<App>,
    _: By<KEEPERS>,
    Path(id): Path<i64>,
    page: Page,
) -> Result<Json<AccountMoveList>> {
    Ok(Json(app.store.read(move |db| moves_store::moves(db, id, page.window())).await?))
}

/// Money comes in: it settles what is owed, and the rest is a deposit.
#[utoipa::path(post, path = "/house-accounts/{id}/pay-in", tag = "house accounts",
    request_body = AccountPayIn,
    params(AtDrawer, ("id" = i64, Path),
        OnceKey,
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "cashier"])),
    responses((status = 201, body = AccountMoved), Problems))]
async fn pay_in(
    State(app): State<App>,
    Acting(by): Acting<KEEPERS>,
    FromDevice(device): FromDevice,
    Path(account_id): Path<i64>,
    request: Keyed<AccountPayIn>,
) -> Result<Response> {
    app.store.read(move |db| store::no_card(db, account_id)).await?;
    let key = request.key(by.id);
    let AccountPayIn { amount, method_id, expected_balance, reason } = request.body;
    let command = PayIn {
        account_id,
        amount,
        method_id: method_id.get(),
        expected: expected_balance,
        reason: reason.and_then(Text::non_empty),
        rounding: CashRounding::of_currency(&app.site().currency),
        by,
        device_id: device.map(|device| device.id),
    };
    Ok(once(StatusCode::CREATED, &app.store.run(Idempotent { key, command }).await?))
}

/// Give money back to whose account it is, the way it came or another.
#[utoipa::path(post, path = "/house-accounts/{id}/give-back", tag = "house accounts",
    request_body = AccountGiveBack,
    params(AtDrawer, ("id" = i64, Path),
        OnceKey,
        ("X-Approval" = Option<i64>, Header, description = "An approval's id, where one is needed")),
    security(("bearer" = ["admin", "manager", "cashier"])),
    responses((status = 201, body = AccountMoved), Problems))]
async fn give_back(
    State(app): State<App>,
    Acting(by): Acting<KEEPERS>,
    FromDevice(device): FromDevice,
    Path(account_id): Path<i64>,
    request: Keyed<AccountGiveBack>,
) -> Result<Response> {
    app.store.read(move |db| store::no_card(db, account_id)).await?;
    let key = request.key(by.id);
    let AccountGiveBack { amount, method_id, expected_balance, reason, way_reason } = request.body;
    let command = GiveBack {
        account_id,
        amount,
        method_id: method_id.get(),
        expected: expected_balance,
        reason: reason.into_inner(),
        way_reason: way_reason.and_then(Text::non_empty),
        rounding: CashRounding::of_currency(&app.site().currency),
        by,
        device_id: device.map(|device| device.id),
    };
    Ok(once(StatusCode::CREATED, &app.store.run(Idempotent { key, command }).await?))
}

/// Forget whose account it was: name, telephone and note. What moved it stays.
#[utoipa::path(delete, path = "/house-accounts/{id}", tag = "house accounts",
    params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn erase(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(EraseAccount { id, by }).await?;
    Ok(ApiResponse::done("The account was erased."))
}
