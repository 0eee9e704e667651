//! The tables' QR codes: as a picture, and as a sheet to print.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::Html;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::plan_store::RenewCode;
use super::qr::Picture;
use super::{Table, sheet, tables_store as store};
use crate::app::App;
use crate::auth::{ADMIN, ANYONE, By, MANAGER, WAITER};
use crate::error::Result;
use crate::http::{Params, Path, Problems};
use crate::net;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(table_qr))
        .routes(routes!(renew_table_qr))
        .routes(routes!(table_qr_png))
        .routes(routes!(table_qr_svg))
        .routes(routes!(qr_sheet))
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

fn menu_base(app: &App, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    net::menu_base(&app.settings, host)
}

async fn code(app: &App, headers: &HeaderMap, id: i64) -> Result<QRCodeResponse> {
    let qr_code = app.store.read(move |db| store::table(db, id)).await?.qr_code;
    let menu_url = format!("{}/{qr_code}", menu_base(app, headers));
    Ok(QRCodeResponse { qr_code, qr_url: format!("/tables/{id}/qr.png"), menu_url })
}

/// What a table's QR code carries, and where its picture is.
#[utoipa::path(get, path = "/tables/{id}/qr", tag = "tables", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "kitchen"])),
    responses((status = 200, body = QRCodeResponse), Problems))]
async fn table_qr(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(id): Path<i64>,
    headers: HeaderMap,
) -> Result<Json<QRCodeResponse>> {
    Ok(Json(code(&app, &headers, id).await?))
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
    security(("bearer" = ["admin", "manager", "waiter", "kitchen"])),
    responses((status = 200, body = Vec<u8>, content_type = "image/png"), Problems))]
async fn table_qr_png(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(id): Path<i64>,
    headers: HeaderMap,
) -> Result<Image<Vec<u8>>> {
    let code = code(&app, &headers, id).await?;
    Ok(([(header::CONTENT_TYPE, "image/png")], Picture::of(&code.menu_url)?.png()?))
}

/// A table's QR code as an SVG.
#[utoipa::path(get, path = "/tables/{id}/qr.svg", tag = "tables", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "kitchen"])),
    responses((status = 200, body = String, content_type = "image/svg+xml"), Problems))]
async fn table_qr_svg(
    State(app): State<App>,
    _: By<ANYONE>,
    Path(id): Path<i64>,
    headers: HeaderMap,
) -> Result<Image<String>> {
    let code = code(&app, &headers, id).await?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], Picture::of(&code.menu_url)?.svg()))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Place {
    /// Only the tables of this location.
    location_id: Option<i64>,
}

/// The QR codes of all active tables as one page to print (A4, eight cards a page).
#[utoipa::path(get, path = "/tables/qr-sheet", tag = "tables", params(Place),
    security(("bearer" = ["admin", "manager", "waiter"])),
    responses((status = 200, body = String, content_type = "text/html"), Problems))]
async fn qr_sheet(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER | WAITER }>,
    Params(place): Params<Place>,
    headers: HeaderMap,
) -> Result<Html<String>> {
    let base = menu_base(&app, &headers);
    let restaurant = app.site().name.clone();
    // Drawn where the cards are read: hundreds of codes take a while, and this is no async thread.
    let page = app.store.read(move |db| {
        let cards = store::cards(db, place.location_id)?;
        sheet::html(&restaurant, &base, &cards)
    });
    Ok(Html(page.await?))
}

/// The style of that page. It holds nothing of the restaurant, so that a page can load it.
#[utoipa::path(get, path = "/tables/qr-sheet.css", tag = "tables", security(()),
    responses((status = 200, body = String, content_type = "text/css")))]
async fn qr_sheet_style() -> Image<&'static str> {
    ([(header::CONTENT_TYPE, "text/css")], sheet::STYLE)
}
