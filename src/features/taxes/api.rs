//! `/tax-classes`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, CreateClass, DeleteClass, UpdateClass};
use super::{TaxClass, TaxClassCreate, TaxClassUpdate};
use crate::core::error::Result;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, ANYONE, By};
use crate::platform::http::{ApiResponse, Body, Keyed, OnceKey, Path, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(update, delete))
}

/// The classes of taxes, with the rates that they had, have and will have.
#[utoipa::path(get, path = "/tax-classes", tag = "taxes",
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = Vec<TaxClass>), Problems))]
async fn list(State(app): State<App>, _: By<ANYONE>) -> Result<Json<Vec<TaxClass>>> {
    Ok(Json(app.store.read(store::list).await?))
}

/// Add a class of taxes. Dishes and categories name it then, or the restaurant.
#[utoipa::path(post, path = "/tax-classes", tag = "taxes", params(OnceKey), request_body = TaxClassCreate,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = TaxClass), Problems))]
async fn create(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    request: Keyed<TaxClassCreate>,
) -> Result<Response> {
    request.create(&app.store, admin.id, |class| CreateClass { class, by: admin.id }).await
}

/// Change a class, for what is ordered from now on. What was ordered keeps its rate.
#[utoipa::path(patch, path = "/tax-classes/{id}", tag = "taxes", request_body = TaxClassUpdate,
    params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = TaxClass), Problems))]
async fn update(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(changes): Body<TaxClassUpdate>,
) -> Result<Json<TaxClass>> {
    Ok(Json(app.store.run(UpdateClass { id, changes, by: admin.id }).await?))
}

/// Remove a class that no dish, no category and not the restaurant names.
#[utoipa::path(delete, path = "/tax-classes/{id}", tag = "taxes", params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(DeleteClass { id, by: admin.id }).await?;
    Ok(ApiResponse::done("The tax class was removed."))
}
