//! `/scales`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;

use super::reading::Lines;
use super::serial::{self, LINES};
use super::store::{self, CreateScale, DeleteScale, SCALES, UpdateScale};
use super::{Scale, ScaleCreate, ScaleUpdate, ScaleWeight, SerialLines};
use crate::core::error::{Error, Result};
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, ANYONE, By};
use crate::platform::http::{ApiResponse, Body, Keyed, OnceKey, Path, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(update, delete))
        .routes(routes!(lines))
        .routes(routes!(weigh))
}

/// The scales, by name.
#[utoipa::path(get, path = "/scales", tag = "scales",
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = Vec<Scale>), Problems))]
async fn list(State(app): State<App>, _: By<ANYONE>) -> Result<Json<Vec<Scale>>> {
    Ok(Json(app.store.read(store::list).await?))
}

/// Add a scale.
#[utoipa::path(post, path = "/scales", tag = "scales", params(OnceKey), request_body = ScaleCreate,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = Scale), Problems))]
async fn create(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    request: Keyed<ScaleCreate>,
) -> Result<Response> {
    request.create(&app.store, admin.id, |scale| CreateScale { scale, by: admin.id }).await
}

/// The serial lines of the box on which a scale may be, real ones or on USB.
#[utoipa::path(get, path = "/scales/lines", tag = "scales",
    security(("bearer" = ["admin"])),
    responses((status = 200, body = SerialLines), Problems))]
async fn lines(_: By<ADMIN>) -> Result<Json<SerialLines>> {
    let looking = || serial::lines(LINES.as_ref());
    let lines = tokio::task::spawn_blocking(looking).await.map_err(Error::internal)?;
    Ok(Json(SerialLines { lines }))
}

/// Change a scale.
#[utoipa::path(patch, path = "/scales/{id}", tag = "scales", request_body = ScaleUpdate,
    params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Scale), Problems))]
async fn update(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(changes): Body<ScaleUpdate>,
) -> Result<Json<Scale>> {
    Ok(Json(app.store.run(UpdateScale { id, changes, by: admin.id }).await?))
}

/// Remove a scale.
#[utoipa::path(delete, path = "/scales/{id}", tag = "scales", params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(DeleteScale { id, by: admin.id }).await?;
    Ok(ApiResponse::done("The scale was removed."))
}

/// What lies on a scale, once it lies still: two answers in a row that say the same. Takes up to four
/// seconds. 409 says why there is no weight: `scale_empty`, `scale_moves`, `scale_overloaded`,
/// `scale_silent`, `scale_unreachable`.
#[utoipa::path(post, path = "/scales/{id}/weight", tag = "scales", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = ScaleWeight), Problems))]
async fn weigh(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(id): Path<i64>,
) -> Result<Json<ScaleWeight>> {
    let scale = app.store.read(move |db| SCALES.get(db, id)).await?;
    Ok(Json(ScaleWeight { quantity: app.state::<Lines>().weigh(&scale).await? }))
}
