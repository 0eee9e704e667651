//! What a guest has a right to: all that is known of them, and that it is forgotten.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::erasing;
use super::store::{self, BeginErasure, NoteExport};
use super::types::{CustomerErasure, CustomerExport};
use crate::core::error::{Error, Result};
use crate::core::store::{Idempotent, Replayed, Told};
use crate::features::permissions::{Permission, require};
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, MANAGER};
use crate::platform::http::{Bodiless, OnceKey, Page, Path, Problems, once, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(erasures))
        .routes(routes!(erase))
        .routes(routes!(erasure))
        .routes(routes!(export))
}

/// One page of acts, the newest first.
#[derive(Serialize, ToSchema)]
struct CustomerErasureList {
    /// The page.
    erasures: Vec<CustomerErasure>,
}

/// Forget a guest: the name, telephone, address, birthday and notes, and all that was written by hand on
/// their orders, also in kept replies and printed slips. What was sold stays. Answers the act once all of it
/// is gone. Needs `CUSTOMERS_ERASE`.
#[utoipa::path(delete, path = "/customers/{id}", tag = "customers",
    params(OnceKey, ("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = CustomerErasure), Problems))]
async fn erase(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
    Bodiless(request): Bodiless,
) -> Result<Response> {
    let key = request.key(by.id);
    let command = Told(BeginErasure { id, by });
    let begun = app.store.run(Idempotent { key, command }).await?;
    erasing::finish_all(&app.store).await?;
    let customer_id = serde_json::from_str::<serde_json::Value>(&begun.json)
        .ok()
        .and_then(|act| act["customer_id"].as_i64())
        .unwrap_or(id);
    let act = app.store.read(move |db| store::erasure(db, customer_id)).await?;
    let json = serde_json::to_string(&act).map_err(Error::internal)?;
    Ok(once(StatusCode::OK, &Replayed { json: json.into(), replayed: begun.replayed }))
}

/// The act of an erasure. Needs `CUSTOMERS_ERASE`.
#[utoipa::path(get, path = "/customers/{id}/erasure", tag = "customers", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = CustomerErasure), Problems))]
async fn erasure(
    State(app): State<App>,
    By(person, _): By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
) -> Result<Json<CustomerErasure>> {
    let query = move |db: &_| {
        require(db, &person, Permission::CustomersErase)?;
        store::erasure(db, id)
    };
    Ok(Json(app.store.read(query).await?))
}

/// The acts of all erasures, the newest first. Needs `CUSTOMERS_ERASE`.
#[utoipa::path(get, path = "/customers/erasures", tag = "customers", params(Page),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = CustomerErasureList), Problems))]
async fn erasures(
    State(app): State<App>,
    By(person, _): By<{ ADMIN | MANAGER }>,
    page: Page,
) -> Result<Json<CustomerErasureList>> {
    let query = move |db: &_| {
        require(db, &person, Permission::CustomersErase)?;
        Ok(CustomerErasureList { erasures: store::erasures(db, page.window())? })
    };
    Ok(Json(app.store.read(query).await?))
}

/// All that is known of a guest, to give to them. Written into the audit trail. Needs `CUSTOMERS_ERASE`.
#[utoipa::path(get, path = "/customers/{id}/export", tag = "customers", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = CustomerExport), Problems))]
async fn export(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
) -> Result<Json<CustomerExport>> {
    let now = app.store.run(NoteExport { id, by }).await?;
    Ok(Json(app.store.read_long(move |db| store::export(db, id, now)).await?))
}
