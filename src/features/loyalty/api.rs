//! `/loyalty/programs` and `/promo-codes`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;

use super::programs_store::{self, CreateProgram, DeleteProgram, UpdateProgram};
use super::promo_store::{self, CreateCode, DeleteCode, UpdateCode};
use super::types::{
    LoyaltyProgram, LoyaltyProgramCreate, LoyaltyProgramUpdate, LoyaltyPrograms, PromoCode,
    PromoCodeCreate, PromoCodeUpdate, PromoCodes,
};
use crate::core::error::Result;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, CASHIER, HOST, MANAGER, WAITER};
use crate::platform::http::{ApiResponse, Body, Keyed, OnceKey, Page, Path, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(programs, create_program))
        .routes(routes!(update_program, delete_program))
        .routes(routes!(codes, create_code))
        .routes(routes!(update_code, delete_code))
}

/// Who tells guests what there is.
pub(super) const GREETERS: u8 = ADMIN | MANAGER | WAITER | CASHIER | HOST;

/// The programs, 20 at most.
#[utoipa::path(get, path = "/loyalty/programs", tag = "loyalty",
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 200, body = LoyaltyPrograms), Problems))]
async fn programs(State(app): State<App>, _: By<GREETERS>) -> Result<Json<LoyaltyPrograms>> {
    Ok(Json(app.store.read(programs_store::programs).await?))
}

/// Add a program. Orders that are placed from now on count.
#[utoipa::path(post, path = "/loyalty/programs", tag = "loyalty", params(OnceKey),
    request_body = LoyaltyProgramCreate,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = LoyaltyProgram), Problems))]
async fn create_program(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    request: Keyed<LoyaltyProgramCreate>,
) -> Result<Response> {
    let by = admin.id;
    request.create(&app.store, by, |program| CreateProgram { program, by }).await
}

/// Change a program. How it is earned stays: whoever wants another rate adds a program.
#[utoipa::path(patch, path = "/loyalty/programs/{id}", tag = "loyalty", params(("id" = i64, Path)),
    request_body = LoyaltyProgramUpdate,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = LoyaltyProgram), Problems))]
async fn update_program(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(changes): Body<LoyaltyProgramUpdate>,
) -> Result<Json<LoyaltyProgram>> {
    Ok(Json(app.store.run(UpdateProgram { id, changes, by: admin.id }).await?))
}

/// Remove a program: nothing more is earned by it. What was earned can be spent.
#[utoipa::path(delete, path = "/loyalty/programs/{id}", tag = "loyalty", params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete_program(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(DeleteProgram { id, by: admin.id }).await?;
    Ok(ApiResponse::done("The program was removed."))
}

/// The promo codes, the newest first.
#[utoipa::path(get, path = "/promo-codes", tag = "loyalty", params(Page),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = PromoCodes), Problems))]
async fn codes(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    page: Page,
) -> Result<Json<PromoCodes>> {
    Ok(Json(app.store.read(move |db| promo_store::codes(db, page.window())).await?))
}

/// Add a promo code.
#[utoipa::path(post, path = "/promo-codes", tag = "loyalty", params(OnceKey),
    request_body = PromoCodeCreate,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = PromoCode), Problems))]
async fn create_code(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    request: Keyed<PromoCodeCreate>,
) -> Result<Response> {
    let by = admin.id;
    request.create(&app.store, by, |new| CreateCode { new, by }).await
}

/// Change a promo code. What it gives stays.
#[utoipa::path(patch, path = "/promo-codes/{id}", tag = "loyalty", params(("id" = i64, Path)),
    request_body = PromoCodeUpdate,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = PromoCode), Problems))]
async fn update_code(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(changes): Body<PromoCodeUpdate>,
) -> Result<Json<PromoCode>> {
    Ok(Json(app.store.run(UpdateCode { id, changes, by: admin.id }).await?))
}

/// Remove a promo code: nobody takes it any more. Where it stands it stays.
#[utoipa::path(delete, path = "/promo-codes/{id}", tag = "loyalty", params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete_code(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(DeleteCode { id, by: admin.id }).await?;
    Ok(ApiResponse::done("The promo code was removed."))
}
