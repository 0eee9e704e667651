//! `/tables`; their QR codes are in `qr_api`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;

use super::seating_store::{ForceSync, SeatTable, ShowBill, sync};
use super::tables_store::{self as store, CreateTable, DeleteTable, UpdateTable, Wanted};
use super::{BillShow, Table, TableCreate, TableList, TableStatusUpdate, TableSync, TableUpdate};
use crate::core::error::Result;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, ANYONE, By, CASHIER, HOST, MANAGER, WAITER};
use crate::platform::http::{
    ApiResponse, Body, Keyed, OnceKey, Page, Params, Path, Problems, routes,
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_tables, create_table))
        .routes(routes!(read_table, update_table, delete_table))
        .routes(routes!(seat_table))
        .routes(routes!(show_bill))
        .routes(routes!(table_sync_status))
        .routes(routes!(force_table_sync))
}

/// All tables, by name: a number in a name counts as one, so A2 stands before A10.
#[utoipa::path(get, path = "/tables", tag = "tables", params(Page, Wanted),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = TableList), Problems))]
async fn list_tables(
    State(app): State<App>,
    _: By<ANYONE>,
    page: Page,
    Params(wanted): Params<Wanted>,
) -> Result<Json<TableList>> {
    Ok(Json(app.store.read(move |db| store::list(db, page.window(), &wanted)).await?))
}

/// Add a table. Its QR code is made with it.
#[utoipa::path(post, path = "/tables", tag = "tables", params(OnceKey), request_body = TableCreate,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = Table), Problems))]
async fn create_table(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    request: Keyed<TableCreate>,
) -> Result<Response> {
    request.create(&app.store, admin.id, |table| CreateTable { table, by: Some(admin.id) }).await
}

/// One table.
#[utoipa::path(get, path = "/tables/{id}", tag = "tables", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = Table), Problems))]
async fn read_table(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(id): Path<i64>,
) -> Result<Json<Table>> {
    Ok(Json(app.store.read(move |db| store::table(db, id)).await?))
}

/// Change a table. It cannot be switched off while it has an open order.
#[utoipa::path(patch, path = "/tables/{id}", tag = "tables", params(("id" = i64, Path)),
    request_body = TableUpdate,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Table), Problems))]
async fn update_table(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(changes): Body<TableUpdate>,
) -> Result<Json<Table>> {
    let by = Some(admin.id);
    Ok(Json(app.store.run(UpdateTable { id, changes, by }).await?))
}

/// Remove a table; refused while it has an open order. Its QR code is dead from then on.
#[utoipa::path(delete, path = "/tables/{id}", tag = "tables", params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete_table(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(DeleteTable { id, by: Some(admin.id) }).await?;
    Ok(ApiResponse::done("The table was removed."))
}

/// Say whether somebody sits at a table, and how many they are. One with an open order cannot be set
/// free, and its guests are counted at the order.
#[utoipa::path(patch, path = "/tables/{id}/status", tag = "tables", params(("id" = i64, Path)),
    request_body = TableStatusUpdate,
    security(("bearer" = ["admin", "waiter", "cashier", "host"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn seat_table(
    State(app): State<App>,
    By(person, _): By<{ ADMIN | WAITER | CASHIER | HOST }>,
    Path(id): Path<i64>,
    Body(TableStatusUpdate { is_occupied, guests }): Body<TableStatusUpdate>,
) -> Result<Json<ApiResponse>> {
    app.store.run(SeatTable { id, is_occupied, guests, by: Some(person.id) }).await?;
    let message = if is_occupied { "The table is taken." } else { "The table is free." };
    Ok(ApiResponse::with(message, json!({"table_id": id, "is_occupied": is_occupied})))
}

/// Show the bill to the phones that wait for it: they sat down before it was opened. Done again it
/// shows it to nobody more.
#[utoipa::path(post, path = "/tables/{id}/phones/show", tag = "tables", params(("id" = i64, Path)),
    request_body = BillShow,
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn show_bill(
    State(app): State<App>,
    By(person, _): By<{ ADMIN | MANAGER | WAITER | CASHIER }>,
    Path(id): Path<i64>,
    Body(BillShow { order_id }): Body<BillShow>,
) -> Result<Json<ApiResponse>> {
    let command = ShowBill { id, order_id: order_id.get(), by: person.id };
    let shown = app.store.run(command).await?;
    Ok(ApiResponse::with("The bill is shown.", json!({"table_id": id, "shown": shown})))
}

/// What the waiters say of a table beside what its orders say.
#[utoipa::path(get, path = "/tables/{id}/sync-status", tag = "tables", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = TableSync), Problems))]
async fn table_sync_status(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(id): Path<i64>,
) -> Result<Json<TableSync>> {
    Ok(Json(app.store.read(move |db| sync(db, id)).await?))
}

/// Free a table that is marked as taken but has no open order.
#[utoipa::path(patch, path = "/tables/{id}/force-sync", tag = "tables", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "waiter", "cashier", "host"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn force_table_sync(
    State(app): State<App>,
    By(person, _): By<{ ADMIN | WAITER | CASHIER | HOST }>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    let sync = app.store.run(ForceSync { id, by: Some(person.id) }).await?;
    Ok(ApiResponse::with("The table is in line with its orders.", json!(sync)))
}
