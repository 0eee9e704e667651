//! `/adjustment-rules`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, CreateRule, DeleteRule, ReplaceRule};
use super::{AdjustmentRule, AdjustmentRuleBody};
use crate::core::error::Result;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, MANAGER};
use crate::platform::http::{ApiResponse, Body, Keyed, OnceKey, Path, Problems, routes};

pub(in crate::features::orders) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(replace, delete))
}

/// What the house takes off checks and puts on them by itself.
#[utoipa::path(get, path = "/adjustment-rules", tag = "adjustment rules",
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = Vec<AdjustmentRule>), Problems))]
async fn list(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
) -> Result<Json<Vec<AdjustmentRule>>> {
    Ok(Json(app.store.read(store::list).await?))
}

/// Add a rule. Open checks follow it with their next change; what was presented stays as it is.
#[utoipa::path(post, path = "/adjustment-rules", tag = "adjustment rules", params(OnceKey),
    request_body = AdjustmentRuleBody,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = AdjustmentRule), Problems))]
async fn create(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    request: Keyed<AdjustmentRuleBody>,
) -> Result<Response> {
    request.create(&app.store, admin.id, |rule| CreateRule { rule, by: admin.id }).await
}

/// Write a rule anew, also to switch it on or off.
#[utoipa::path(put, path = "/adjustment-rules/{id}", tag = "adjustment rules",
    request_body = AdjustmentRuleBody,
    params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = AdjustmentRule), Problems))]
async fn replace(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(rule): Body<AdjustmentRuleBody>,
) -> Result<Json<AdjustmentRule>> {
    Ok(Json(app.store.run(ReplaceRule { id, rule, by: admin.id }).await?))
}

/// Remove a rule. What it put on bills before stays on them.
#[utoipa::path(delete, path = "/adjustment-rules/{id}", tag = "adjustment rules",
    params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(DeleteRule { id, by: admin.id }).await?;
    Ok(ApiResponse::done("The rule was removed."))
}
