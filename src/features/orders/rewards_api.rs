//! `/checks/{id}/rewards` and `/checks/{id}/promo-code`: what a guest has is taken off a check.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;

use super::check_requests::{PromoUse, RewardUse};
use super::check_types::CheckView;
use super::store::{UsePromo, UseReward};
use crate::core::clock;
use crate::core::error::Result;
use crate::core::kernel::fields::{Id, Int};
use crate::core::store::Idempotent;
use crate::features::permissions::{AT_THE_BILL, Acting};
use crate::platform::app::App;
use crate::platform::http::{Keyed, OnceKey, Path, Problems, once, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(reward)).routes(routes!(promo))
}

/// Take points off a check, or a dish for a full card of stamps, of the guest whose order it is. They are
/// held until it is paid, and taken off again as any adjustment. Needs `CUSTOMERS_SEE`.
#[utoipa::path(post, path = "/checks/{check_id}/rewards", tag = "checks", request_body = RewardUse,
    params(("check_id" = i64, Path), OnceKey),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 201, body = CheckView), Problems))]
async fn reward(
    State(app): State<App>,
    Acting(by): Acting<AT_THE_BILL>,
    Path(check_id): Path<i64>,
    request: Keyed<RewardUse>,
) -> Result<Response> {
    let key = request.key(by.id);
    let RewardUse { account_id, points, version } = request.body;
    let (account_id, points) = (Id::get(account_id), points.map(Int::get));
    let command = UseReward { check_id, account_id, points, version, by };
    Ok(once(StatusCode::CREATED, &app.store.run(Idempotent { key, command }).await?))
}

/// Take a promo code for a check. It counts as used while it stands on the order, and comes back when it
/// is taken off, or the order is called off.
#[utoipa::path(post, path = "/checks/{check_id}/promo-code", tag = "checks", request_body = PromoUse,
    params(("check_id" = i64, Path), OnceKey),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 201, body = CheckView), Problems))]
async fn promo(
    State(app): State<App>,
    Acting(by): Acting<AT_THE_BILL>,
    Path(check_id): Path<i64>,
    request: Keyed<PromoUse>,
) -> Result<Response> {
    let key = request.key(by.id);
    let PromoUse { code, version } = request.body;
    let today = app.site().zone.day_of(clock::now());
    let command = UsePromo { check_id, code: code.into_inner(), version, today, by };
    Ok(once(StatusCode::CREATED, &app.store.run(Idempotent { key, command }).await?))
}
