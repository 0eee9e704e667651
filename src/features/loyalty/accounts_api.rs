//! `/loyalty/accounts`: what guests have.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::api::GREETERS;
use super::ledger_store::{self, Adjust, OpenAccount};
use super::types::{
    LoyaltyAccount, LoyaltyAccountCreate, LoyaltyAccounts, LoyaltyAdjust, LoyaltyEntries,
};
use crate::core::error::Result;
use crate::core::kernel::fields::Id;
use crate::features::permissions::{Permission, require};
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, MANAGER};
use crate::platform::http::{Keyed, OnceKey, Page, Params, Path, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(accounts, open))
        .routes(routes!(entries))
        .routes(routes!(adjust))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Whose {
    /// The guest.
    #[param(value_type = i64, minimum = 1)]
    customer_id: Id,
}

/// What a guest has, in each program. Needs `CUSTOMERS_SEE`.
#[utoipa::path(get, path = "/loyalty/accounts", tag = "loyalty", params(Whose),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 200, body = LoyaltyAccounts), Problems))]
async fn accounts(
    State(app): State<App>,
    By(person, _): By<GREETERS>,
    Params(whose): Params<Whose>,
) -> Result<Json<LoyaltyAccounts>> {
    let query = move |db: &_| {
        require(db, &person, Permission::CustomersSee)?;
        ledger_store::accounts(db, whose.customer_id.get())
    };
    Ok(Json(app.store.read(query).await?))
}

/// Open an account before anything is earned; where there is one, it is the answer. Needs `CUSTOMERS_SEE`.
#[utoipa::path(post, path = "/loyalty/accounts", tag = "loyalty", params(OnceKey),
    request_body = LoyaltyAccountCreate,
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 201, body = LoyaltyAccount), Problems))]
async fn open(
    State(app): State<App>,
    By(by, _): By<GREETERS>,
    request: Keyed<LoyaltyAccountCreate>,
) -> Result<Response> {
    let actor = by.id;
    let open = |LoyaltyAccountCreate { program_id, customer_id }| OpenAccount {
        program_id: program_id.get(),
        customer_id: customer_id.get(),
        by,
    };
    request.create(&app.store, actor, open).await
}

/// What moved an account, the newest first. Needs `CUSTOMERS_SEE`.
#[utoipa::path(get, path = "/loyalty/accounts/{id}/entries", tag = "loyalty",
    params(("id" = i64, Path), Page),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 200, body = LoyaltyEntries), Problems))]
async fn entries(
    State(app): State<App>,
    By(person, _): By<GREETERS>,
    Path(id): Path<i64>,
    page: Page,
) -> Result<Json<LoyaltyEntries>> {
    let query = move |db: &_| {
        require(db, &person, Permission::CustomersSee)?;
        ledger_store::entries(db, id, page.window())
    };
    Ok(Json(app.store.read(query).await?))
}

/// Give or take points or stamps by hand. Needs `CUSTOMERS_EDIT`.
#[utoipa::path(post, path = "/loyalty/accounts/{id}/adjust", tag = "loyalty",
    params(OnceKey, ("id" = i64, Path)), request_body = LoyaltyAdjust,
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = LoyaltyAccount), Problems))]
async fn adjust(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
    request: Keyed<LoyaltyAdjust>,
) -> Result<Response> {
    let actor = by.id;
    request.change(&app.store, actor, |body| Adjust { id, body, by }).await
}
