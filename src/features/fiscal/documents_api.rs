//! `/fiscal/documents`: what registers made, are to make, and what needs somebody.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, ResolveDocument};
use super::types::{Document, DocumentList, OfCheck, Resolve};
use crate::core::error::Result;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, CASHIER, MANAGER, WAITER};
use crate::platform::http::{Body, Page, Path, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(troubles))
        .routes(routes!(of_check))
        .routes(routes!(resolve))
}

/// All documents, newest first.
#[utoipa::path(get, path = "/fiscal/documents", tag = "fiscal", params(Page),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = DocumentList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    page: Page,
) -> Result<Json<DocumentList>> {
    Ok(Json(app.store.read(move |db| store::documents(db, page.window())).await?))
}

/// What is not made yet, or needs somebody: the oldest first.
#[utoipa::path(get, path = "/fiscal/documents/open", tag = "fiscal",
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = DocumentList), Problems))]
async fn troubles(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
) -> Result<Json<DocumentList>> {
    let documents = app.store.read(store::troubles).await?;
    let total = i64::try_from(documents.len()).unwrap_or(0);
    Ok(Json(DocumentList { documents, total }))
}

/// The documents of a check, in their order: where its receipt is.
#[utoipa::path(get, path = "/fiscal/checks/{check_id}", tag = "fiscal",
    params(("check_id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = OfCheck), Problems))]
async fn of_check(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER | WAITER | CASHIER }>,
    Path(check_id): Path<i64>,
) -> Result<Json<OfCheck>> {
    let read = move |db: &_| Ok((store::check_documents(db, check_id)?, store::active(db)?));
    let (documents, active) = app.store.read(read).await?;
    let total = i64::try_from(documents.len()).unwrap_or(0);
    Ok(Json(OfCheck { documents, total, moment: active.map(|device| device.moment) }))
}

/// Say what became of a document that the box cannot settle: look at the register's papers first.
#[utoipa::path(post, path = "/fiscal/documents/{id}/resolve", tag = "fiscal",
    request_body = Resolve, params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = Document), Problems))]
async fn resolve(
    State(app): State<App>,
    By(person, _): By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
    Body(said): Body<Resolve>,
) -> Result<Json<Document>> {
    Ok(Json(app.store.run(ResolveDocument { id, said, by: person.id }).await?))
}
