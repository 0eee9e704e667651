//! `/suppliers`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, CreateSupplier, RemoveSupplier, SetPrices, UpdateSupplier};
use super::{
    Supplier, SupplierCreate, SupplierList, SupplierPriceList, SupplierPricesBody, SupplierUpdate,
};
use crate::core::error::Result;
use crate::core::kernel::Text;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, MANAGER};
use crate::platform::http::{
    ApiResponse, Body, Keyed, OnceKey, Page, Params, Path, Problems, routes,
};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(update, remove))
        .routes(routes!(read_prices, write_prices))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Query {
    /// A part of the name or the telephone.
    #[param(value_type = Option<String>, max_length = 100)]
    search: Option<Text<0, 100>>,
}

/// Suppliers by name.
#[utoipa::path(get, path = "/suppliers", tag = "stock", params(Page, Query),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = SupplierList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    page: Page,
    Params(Query { search }): Params<Query>,
) -> Result<Json<SupplierList>> {
    let search = search.and_then(Text::non_empty);
    let window = page.window();
    Ok(Json(app.store.read(move |db| store::list(db, window, search.as_deref())).await?))
}

/// Write a supplier down.
#[utoipa::path(post, path = "/suppliers", tag = "stock", request_body = SupplierCreate,
    params(OnceKey),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 201, body = Supplier), Problems))]
async fn create(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    request: Keyed<SupplierCreate>,
) -> Result<Response> {
    let command = |supplier| CreateSupplier { supplier, by: by.id };
    request.create(&app.store, by.id, command).await
}

/// Change a supplier.
#[utoipa::path(patch, path = "/suppliers/{id}", tag = "stock", request_body = SupplierUpdate,
    params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = Supplier), Problems))]
async fn update(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
    Body(changes): Body<SupplierUpdate>,
) -> Result<Json<Supplier>> {
    Ok(Json(app.store.run(UpdateSupplier { id, changes, by: by.id }).await?))
}

/// Remove a supplier; what was bought of them stays.
#[utoipa::path(delete, path = "/suppliers/{id}", tag = "stock", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn remove(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(RemoveSupplier { id, by: by.id }).await?;
    Ok(ApiResponse::done("The supplier was removed."))
}

/// What was agreed with a supplier.
#[utoipa::path(get, path = "/suppliers/{id}/prices", tag = "stock", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = SupplierPriceList), Problems))]
async fn read_prices(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
) -> Result<Json<SupplierPriceList>> {
    Ok(Json(app.store.read(move |db| store::prices(db, id)).await?))
}

/// Write all that is agreed with a supplier.
#[utoipa::path(put, path = "/suppliers/{id}/prices", tag = "stock",
    request_body = SupplierPricesBody, params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = SupplierPriceList), Problems))]
async fn write_prices(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    Path(supplier_id): Path<i64>,
    Body(SupplierPricesBody { prices }): Body<SupplierPricesBody>,
) -> Result<Json<SupplierPriceList>> {
    Ok(Json(app.store.run(SetPrices { supplier_id, prices, by: by.id }).await?))
}
