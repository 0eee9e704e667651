//! `/reasons`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, CreateReason, DeleteReason, UpdateReason};
use super::{Reason, ReasonCreate, ReasonKind, ReasonUpdate};
use crate::core::error::Result;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, ANYONE, By};
use crate::platform::http::{ApiResponse, Body, Keyed, OnceKey, Params, Path, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(update, delete))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    kind: Option<ReasonKind>,
}

/// The reasons that screens offer, by kind and place.
#[utoipa::path(get, path = "/reasons", tag = "reasons", params(Wanted),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = Vec<Reason>), Problems))]
async fn list(
    State(app): State<App>,
    _: By<ANYONE>,
    Params(Wanted { kind }): Params<Wanted>,
) -> Result<Json<Vec<Reason>>> {
    Ok(Json(app.store.read(move |db| store::list(db, kind)).await?))
}

/// Add a reason, as the last of its kind.
#[utoipa::path(post, path = "/reasons", tag = "reasons", params(OnceKey), request_body = ReasonCreate,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = Reason), Problems))]
async fn create(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    request: Keyed<ReasonCreate>,
) -> Result<Response> {
    request.create(&app.store, admin.id, |reason| CreateReason { reason, by: admin.id }).await
}

/// Change a reason. What was said before stays as it was said.
#[utoipa::path(patch, path = "/reasons/{id}", tag = "reasons", request_body = ReasonUpdate,
    params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Reason), Problems))]
async fn update(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(changes): Body<ReasonUpdate>,
) -> Result<Json<Reason>> {
    Ok(Json(app.store.run(UpdateReason { id, changes, by: admin.id }).await?))
}

/// Remove a reason. What was said before stays as it was said.
#[utoipa::path(delete, path = "/reasons/{id}", tag = "reasons", params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(DeleteReason { id, by: admin.id }).await?;
    Ok(ApiResponse::done("The reason was removed."))
}
