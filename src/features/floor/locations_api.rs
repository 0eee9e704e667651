//! `/locations`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::integrity::{AutoFix, IntegrityCheck, IssueType};
use super::integrity_store::{self, Fix};
use super::locations_store::{
    self as store, CreateLocation, DeleteLocation, LOCATIONS, SyncTables, UpdateLocation,
};
use super::plan_store::SetPlan;
use super::tables_store;
use super::{
    Location, LocationCreate, LocationList, LocationUpdate, LocationWithTables, Table, TableList,
    TablePlace, yes,
};
use crate::core::error::Result;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, ANYONE, By};
use crate::platform::http::{
    ApiResponse, Body, Keyed, OnceKey, Page, Params, Path, Problems, Repeated, routes,
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_locations, create_location))
        .routes(routes!(read_location, update_location, delete_location))
        .routes(routes!(sync_tables))
        .routes(routes!(tables_of_location))
        .routes(routes!(set_plan))
        .routes(routes!(check_integrity))
        .routes(routes!(auto_fix))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    is_active: Option<bool>,
}

/// All locations.
#[utoipa::path(get, path = "/locations", tag = "locations", params(Page, Wanted),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = LocationList), Problems))]
async fn list_locations(
    State(app): State<App>,
    _: By<ANYONE>,
    page: Page,
    Params(wanted): Params<Wanted>,
) -> Result<Json<LocationList>> {
    let list = app.store.read(move |db| store::list(db, page.window(), wanted.is_active)).await?;
    Ok(Json(list))
}

/// Add a location.
#[utoipa::path(post, path = "/locations", tag = "locations", params(OnceKey), request_body = LocationCreate,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = Location), Problems))]
async fn create_location(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    request: Keyed<LocationCreate>,
) -> Result<Response> {
    request
        .create(&app.store, admin.id, |location| CreateLocation { location, by: Some(admin.id) })
        .await
}

/// One location, and how many tables stand in it.
#[utoipa::path(get, path = "/locations/{id}", tag = "locations", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = LocationWithTables), Problems))]
async fn read_location(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(id): Path<i64>,
) -> Result<Json<LocationWithTables>> {
    Ok(Json(app.store.read(move |db| store::with_tables(db, id)).await?))
}

/// Change a location. Switching it off switches its tables off; it is refused while one of them
/// has an open order. Switching it on again leaves the tables off: see `sync-tables`.
#[utoipa::path(patch, path = "/locations/{id}", tag = "locations", params(("id" = i64, Path)),
    request_body = LocationUpdate,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Location), Problems))]
async fn update_location(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(changes): Body<LocationUpdate>,
) -> Result<Json<Location>> {
    let by = Some(admin.id);
    Ok(Json(app.store.run(UpdateLocation { id, changes, by }).await?))
}

/// Remove a location and its tables; refused while one of them has an open order.
#[utoipa::path(delete, path = "/locations/{id}", tag = "locations", params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete_location(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(DeleteLocation { id, by: Some(admin.id) }).await?;
    Ok(ApiResponse::done("The location and its tables were removed."))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Forced {
    /// Whether the tables of an active location are switched on.
    #[serde(default)]
    force_activation: bool,
}

/// Bring the tables in line with their location: off with an inactive one, on with an active one
/// if `force_activation` is set.
#[utoipa::path(patch, path = "/locations/{id}/sync-tables", tag = "locations",
    params(("id" = i64, Path), Forced),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn sync_tables(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
    Params(Forced { force_activation }): Params<Forced>,
) -> Result<Json<ApiResponse>> {
    let command = SyncTables { id, force_activation, by: Some(admin.id) };
    let updated = app.store.run(command).await?;
    let message = format!("Tables switched: {updated}.");
    Ok(ApiResponse::with(message, json!({"updated": updated})))
}

/// The tables of a location.
#[utoipa::path(get, path = "/locations/{id}/tables", tag = "locations",
    params(("id" = i64, Path), Page),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = TableList), Problems))]
async fn tables_of_location(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(id): Path<i64>,
    page: Page,
) -> Result<Json<TableList>> {
    let tables = app.store.read(move |db| {
        LOCATIONS.get(db, id)?;
        let wanted = tables_store::Wanted { location_id: Some(id), ..Default::default() };
        tables_store::list(db, page.window(), &wanted)
    });
    Ok(Json(tables.await?))
}

/// Say where tables stand on the plan of a location: all of them, or none if one is refused. Tables
/// that are not named stay where they are.
#[utoipa::path(put, path = "/locations/{id}/plan", tag = "locations", params(("id" = i64, Path)),
    request_body = Vec<TablePlace>,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Vec<Table>), Problems))]
async fn set_plan(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(places): Body<Vec<TablePlace>>,
) -> Result<Json<Vec<Table>>> {
    Ok(Json(app.store.run(SetPlan { id, places, by: Some(admin.id) }).await?))
}

/// Find what an import or a hand edit has broken on the floor.
#[utoipa::path(get, path = "/locations/admin/integrity-check", tag = "locations",
    security(("bearer" = ["admin"])),
    responses((status = 200, body = IntegrityCheck), Problems))]
async fn check_integrity(State(app): State<App>, _: By<ADMIN>) -> Result<Json<IntegrityCheck>> {
    Ok(Json(app.store.read(integrity_store::check).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Careful {
    /// Whether to change nothing and only say what would be repaired.
    #[serde(default = "yes")]
    #[param(default = true)]
    dry_run: bool,
}

/// Repair what the integrity check found. The types come in the query, repeated or with commas,
/// or as the body; without any, all types are meant.
#[utoipa::path(post, path = "/locations/admin/auto-fix", tag = "locations",
    params(Careful, ("fix_types" = Option<Vec<IssueType>>, Query)),
    request_body = Option<Vec<IssueType>>,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = AutoFix), Problems))]
async fn auto_fix(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Params(Careful { dry_run }): Params<Careful>,
    query: Repeated,
    body: Option<Body<Vec<IssueType>>>,
) -> Result<Json<AutoFix>> {
    let mut wanted: Vec<IssueType> = query.all("fix_types")?;
    wanted.extend(body.into_iter().flat_map(|Body(types)| types));
    let is_wanted = |kind: &IssueType| wanted.is_empty() || wanted.contains(kind);
    let kinds: Vec<IssueType> = IssueType::ALL.into_iter().filter(is_wanted).collect();
    let fixed = if dry_run {
        app.store.read(move |db| integrity_store::repairable(db, &kinds)).await?
    } else {
        app.store.run(Fix { kinds, by: Some(admin.id) }).await?
    };
    Ok(Json(AutoFix { dry_run, total: fixed.len(), fixed }))
}
