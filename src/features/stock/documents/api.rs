//! `/stock/documents`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::store::{
    self, CreateDocument, PostDocument, RemoveDocument, ReverseDocument, UpdateDocument, Wanted,
};
use super::{
    DocumentCreate, DocumentKind, DocumentList, DocumentState, DocumentUpdate, DocumentWithLines,
    PostBody, ReverseBody,
};
use crate::core::error::Result;
use crate::core::kernel::Int;
use crate::features::stock::behind::Behind;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, KITCHEN, MANAGER, Role};
use crate::platform::http::{ApiResponse, Body, Keyed, OnceKey, Params, Path, Problems, routes};

/// A page of documents when nobody says how long it is to be.
const PAGE: i64 = 50;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(read, update, remove))
        .routes(routes!(post))
        .routes(routes!(reverse))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Query {
    /// Of this kind.
    kind: Option<DocumentKind>,
    /// So far.
    state: Option<DocumentState>,
    /// Of this supplier.
    supplier_id: Option<i64>,
    /// The `next` of the page before.
    before: Option<i64>,
    /// How many to return at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100)]
    limit: Option<Int<1, 100>>,
}

/// Documents, the newest first.
#[utoipa::path(get, path = "/stock/documents", tag = "stock", params(Query),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = DocumentList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    Params(Query { kind, state, supplier_id, before, limit }): Params<Query>,
) -> Result<Json<DocumentList>> {
    let limit = limit.map_or(PAGE, Int::get);
    let wanted = Wanted { kind, state, supplier_id, before, limit };
    Ok(Json(app.store.read(move |db| store::list(db, &wanted)).await?))
}

/// Write a document, as a draft or posted at once.
///
/// Cooks post what they made (`PRODUCTION`) and what was thrown away (`WRITE_OFF`) now, and nothing else.
#[utoipa::path(post, path = "/stock/documents", tag = "stock", request_body = DocumentCreate,
    params(OnceKey),
    security(("bearer" = ["admin", "manager", "kitchen"])),
    responses((status = 201, body = DocumentWithLines), Problems))]
async fn create(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER | KITCHEN }>,
    request: Keyed<DocumentCreate>,
) -> Result<Response> {
    let is_cook = by.role == Role::Kitchen;
    let command = |document| CreateDocument { document, by: by.id, is_cook };
    let reply = request.create(&app.store, by.id, command).await;
    app.state::<Behind>().wake();
    reply
}

/// One document with its lines.
#[utoipa::path(get, path = "/stock/documents/{id}", tag = "stock", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = DocumentWithLines), Problems))]
async fn read(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
) -> Result<Json<DocumentWithLines>> {
    Ok(Json(app.store.read(move |db| store::read(db, id)).await?))
}

/// Change a draft.
#[utoipa::path(patch, path = "/stock/documents/{id}", tag = "stock",
    request_body = DocumentUpdate, params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = DocumentWithLines), Problems))]
async fn update(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
    Body(changes): Body<DocumentUpdate>,
) -> Result<Json<DocumentWithLines>> {
    Ok(Json(app.store.run(UpdateDocument { id, changes, by: by.id }).await?))
}

/// Throw a draft away.
#[utoipa::path(delete, path = "/stock/documents/{id}", tag = "stock", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn remove(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(RemoveDocument { id, by: by.id }).await?;
    Ok(ApiResponse::done("The draft was thrown away."))
}

/// Post a draft: it moves what it says.
#[utoipa::path(post, path = "/stock/documents/{id}/post", tag = "stock", request_body = PostBody,
    params(("id" = i64, Path), OnceKey),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = DocumentWithLines), Problems))]
async fn post(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
    request: Keyed<PostBody>,
) -> Result<Response> {
    let command = |body: PostBody| PostDocument { id, version: body.version, by: by.id };
    let reply = request.change(&app.store, by.id, command).await;
    app.state::<Behind>().wake();
    reply
}

/// Take a posted document back, by another that undoes what it moved. Answers with that.
#[utoipa::path(post, path = "/stock/documents/{id}/reverse", tag = "stock",
    request_body = ReverseBody,
    params(("id" = i64, Path), OnceKey),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 201, body = DocumentWithLines), Problems))]
async fn reverse(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
    request: Keyed<ReverseBody>,
) -> Result<Response> {
    let reason = |body: ReverseBody| body.reason.into_inner();
    let command = |body| ReverseDocument { id, reason: reason(body), by: by.id };
    let reply = request.create(&app.store, by.id, command).await;
    app.state::<Behind>().wake();
    reply
}
