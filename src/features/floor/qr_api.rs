//! The tables' QR codes: as a picture, and as a sheet to print.

use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::Html;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use super::plan_store::RenewCode;
use super::printed_store::{self, NotePrinted};
use super::{OutdatedCodes, Table, sheet, tables_store as store};
use crate::core::error::Result;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, ANYONE, By, CASHIER, MANAGER, WAITER};
use crate::platform::http::{Params, Path, Problems, routes};
use crate::platform::qr::Picture;
use crate::platform::security::Client;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(table_qr))
        .routes(routes!(renew_table_qr))
        .routes(routes!(table_qr_png))
        .routes(routes!(table_qr_svg))
        .routes(routes!(qr_sheet))
        .routes(routes!(outdated_codes, note_printed))
        .routes(routes!(qr_sheet_style))
}

/// A table's QR code.
#[derive(Serialize, ToSchema)]
struct QRCodeResponse {
    /// The table's code.
    qr_code: String,
    /// Where the picture is.
    qr_url: String,
    /// The address that the picture carries: the menu, opened at this table.
    menu_url: String,
}

async fn code(app: &App, client: &Client, id: i64) -> Result<QRCodeResponse> {
    let qr_code = app.store.read(move |db| store::table(db, id)).await?.qr_code;
    let menu_url = format!("{}/{qr_code}", app.addresses.menu(&client.found()));
    Ok(QRCodeResponse { qr_code, qr_url: format!("/tables/{id}/qr.png"), menu_url })
}

/// What a table's QR code carries, and where its picture is.
#[utoipa::path(get, path = "/tables/{id}/qr", tag = "tables", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = QRCodeResponse), Problems))]
async fn table_qr(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(id): Path<i64>,
    Extension(client): Extension<Client>,
) -> Result<Json<QRCodeResponse>> {
    Ok(Json(code(&app, &client, id).await?))
}

/// Give a table a new QR code. The printed one is dead from then on, and who ordered by it must
/// scan the new one.
#[utoipa::path(post, path = "/tables/{id}/qr/renew", tag = "tables", params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Table), Problems))]
async fn renew_table_qr(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<Table>> {
    Ok(Json(app.store.run(RenewCode { id, by: Some(admin.id) }).await?))
}

type Image<T> = ([(HeaderName, &'static str); 1], T);

/// A table's QR code as a PNG.
#[utoipa::path(get, path = "/tables/{id}/qr.png", tag = "tables", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = Vec<u8>, content_type = "image/png"), Problems))]
async fn table_qr_png(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(id): Path<i64>,
    Extension(client): Extension<Client>,
) -> Result<Image<Vec<u8>>> {
    let code = code(&app, &client, id).await?;
    Ok(([(header::CONTENT_TYPE, "image/png")], Picture::of(&code.menu_url)?.png()?))
}

/// A table's QR code as an SVG.
#[utoipa::path(get, path = "/tables/{id}/qr.svg", tag = "tables", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = String, content_type = "image/svg+xml"), Problems))]
async fn table_qr_svg(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(id): Path<i64>,
    Extension(client): Extension<Client>,
) -> Result<Image<String>> {
    let code = code(&app, &client, id).await?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], Picture::of(&code.menu_url)?.svg()))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WantedCards {
    /// Only the tables of this location.
    location_id: Option<i64>,
}

/// The QR codes of all active tables as one page to print (A4, eight cards a page).
#[utoipa::path(get, path = "/tables/qr-sheet", tag = "tables", params(WantedCards),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = String, content_type = "text/html"), Problems))]
async fn qr_sheet(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER | WAITER | CASHIER }>,
    Params(wanted): Params<WantedCards>,
    Extension(client): Extension<Client>,
) -> Result<Html<String>> {
    let base = app.addresses.menu(&client.found());
    let restaurant = app.site().name.clone();
    // Drawn where the cards are read: hundreds of codes take a while, and this is no async thread.
    let page = app.store.read(move |db| {
        let cards = store::cards(db, wanted.location_id)?;
        sheet::html(&restaurant, &base, &cards)
    });
    Ok(Html(page.await?))
}

/// Whether the codes that were printed still lead to the box.
#[utoipa::path(get, path = "/tables/qr-sheet/printed", tag = "tables",
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = OutdatedCodes), Problems))]
async fn outdated_codes(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER | WAITER | CASHIER }>,
    Extension(client): Extension<Client>,
) -> Result<Json<OutdatedCodes>> {
    let Some(base) = app.addresses.certain_menu(&client.found()) else {
        return Ok(Json(OutdatedCodes { menu_base: None, outdated: Vec::new() }));
    };
    Ok(Json(app.store.read(move |db| printed_store::outdated(db, &base)).await?))
}

/// Tell that a sheet is printed: the box remembers to which address its codes lead, and warns when
/// it has got another one.
#[utoipa::path(post, path = "/tables/qr-sheet/printed", tag = "tables", params(WantedCards),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, body = OutdatedCodes), Problems))]
async fn note_printed(
    State(app): State<App>,
    by: By<{ ADMIN | MANAGER | WAITER | CASHIER }>,
    Params(wanted): Params<WantedCards>,
    Extension(client): Extension<Client>,
) -> Result<Json<OutdatedCodes>> {
    if let Some(menu_base) = app.addresses.certain_menu(&client.found()) {
        let location_id = wanted.location_id;
        app.store.run(NotePrinted { location_id, menu_base }).await?;
    }
    outdated_codes(State(app), by, Extension(client)).await
}

/// The style of that page. It holds nothing of the restaurant, so that a page can load it.
#[utoipa::path(get, path = "/tables/qr-sheet.css", tag = "tables", security(()),
    responses((status = 200, body = String, content_type = "text/css")))]
async fn qr_sheet_style() -> Image<&'static str> {
    ([(header::CONTENT_TYPE, "text/css")], sheet::STYLE)
}
