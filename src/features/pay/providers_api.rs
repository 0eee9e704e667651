//! `/pay/providers`: who takes money over the wire.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;

use super::compare::compare;
use super::provider::Provider;
use super::steps::{PLACE, reached};
use super::store::{self, CreateProvider, DeleteProvider, UpdateProvider};
use super::types::{
    ComparisonView, ProviderCreate, ProviderList, ProviderTest, ProviderUpdate, ProviderView,
    WayView,
};
use super::uplink::Uplink;
use super::ways;
use crate::core::error::Result;
use crate::core::kernel::Patch;
use crate::features::permissions::AT_THE_BILL;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, MANAGER, Seal};
use crate::platform::http::{ApiResponse, Body, Keyed, OnceKey, Page, Path, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(update, delete))
        .routes(routes!(test))
        .routes(routes!(hold_against))
        .routes(routes!(read_ways))
}

/// All providers.
#[utoipa::path(get, path = "/pay/providers", tag = "pay", params(Page),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = ProviderList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    page: Page,
) -> Result<Json<ProviderList>> {
    Ok(Json(app.store.read(move |db| store::providers(db, page.window())).await?))
}

/// Add a provider. Its key is sealed, and never shown again.
#[utoipa::path(post, path = "/pay/providers", tag = "pay", params(OnceKey),
    request_body = ProviderCreate,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = ProviderView), Problems))]
async fn create(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    request: Keyed<ProviderCreate>,
) -> Result<Response> {
    let sealed = |text: &str| app.state::<Seal>().seal(PLACE, text);
    let secret =
        (!request.body.secret.is_empty()).then(|| sealed(&request.body.secret)).transpose()?;
    let create = |provider| CreateProvider { provider, secret, by: admin.id };
    request.create(&app.store, admin.id, create).await
}

/// Change a provider. What is under way there is asked about as it is then.
#[utoipa::path(patch, path = "/pay/providers/{id}", tag = "pay", request_body = ProviderUpdate,
    params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ProviderView), Problems))]
async fn update(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(mut changes): Body<ProviderUpdate>,
) -> Result<Json<ProviderView>> {
    let secret = match std::mem::take(&mut changes.secret) {
        Patch::Keep => Patch::Keep,
        Patch::Set(text) if !text.is_empty() => Patch::Set(app.state::<Seal>().seal(PLACE, &text)?),
        Patch::Set(_) | Patch::Clear => Patch::Clear,
    };
    let provider = app.store.run(UpdateProvider { id, changes, secret, by: admin.id }).await?;
    app.state::<Uplink>().forget(id);
    Ok(Json(provider))
}

/// Remove a provider. What is under way there is asked about all the same.
#[utoipa::path(delete, path = "/pay/providers/{id}", tag = "pay", params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(DeleteProvider { id, by: admin.id }).await?;
    Ok(ApiResponse::done("The payment provider was removed."))
}

/// Ask a provider whether it answers and takes the key. No money moves.
#[utoipa::path(post, path = "/pay/providers/{id}/test", tag = "pay", params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ProviderTest), Problems))]
async fn test(
    State(app): State<App>,
    _: By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<ProviderTest>> {
    let told = reached(&app, id).await?.probe().await;
    app.state::<Uplink>().note(id, &told);
    let problem = told.err().map(|trouble| trouble.words().to_owned());
    Ok(Json(ProviderTest { ok: problem.is_none(), problem }))
}

/// Hold a provider's own list against the books now; each night the box does it by itself.
#[utoipa::path(post, path = "/pay/providers/{id}/compare", tag = "pay", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = ComparisonView), Problems))]
async fn hold_against(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
) -> Result<Json<ComparisonView>> {
    Ok(Json(compare(&app, id).await?))
}

/// The ways to pay over the wire, and whether each can be taken now: told within three seconds.
#[utoipa::path(get, path = "/pay/ways", tag = "pay",
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = Vec<WayView>), Problems))]
async fn read_ways(State(app): State<App>, _: By<AT_THE_BILL>) -> Result<Json<Vec<WayView>>> {
    Ok(Json(ways::ways(&app).await?))
}
