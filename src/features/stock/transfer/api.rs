//! `/stock/import` and `/stock/export`.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{HeaderName, StatusCode, header};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::store::{TakeIn, look};
use super::{Sheet, read, write_store};
use crate::core::background::in_background;
use crate::core::error::{Error, Result};
use crate::features::import::{MOST_BYTES, Report, Template};
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, MANAGER};
use crate::platform::http::{Params, Problems, routes};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(take_in))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .routes(routes!(give_out))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// What the file holds.
    #[param(inline)]
    what: Sheet,
    /// Say what would change, and change nothing.
    #[serde(default)]
    dry_run: bool,
}

/// Take in goods, suppliers or recipes as a table, CSV or Excel, told by its content.
///
/// The first line names the columns, in English or Russian, as `/stock/export` writes them. What the file
/// names is created or changed, what it leaves out stays, nothing is removed. A recipe that differs from
/// the one of now is written down as a new one, from now on. The file is looked at whole before anything
/// is changed: a refusal (422) names every wrong place.
#[utoipa::path(post, path = "/stock/import", tag = "stock", params(Wanted),
    request_body(content = String, content_type = "application/octet-stream",
        description = "The file: CSV or .xlsx, 8 MiB and 20,000 lines at most"),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = Report), Problems))]
async fn take_in(
    State(app): State<App>,
    By(by, _): By<{ ADMIN | MANAGER }>,
    Params(Wanted { what, dry_run }): Params<Wanted>,
    request: Request,
) -> Result<Json<Report>> {
    let bytes = Bytes::from_request(request, &()).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            let most = MOST_BYTES / 1024 / 1024;
            let detail = format!("This file is larger than {most} MB. Split it.");
            return Error::too_large_because(detail).with("most", most);
        }
        Error::invalid("", "body broke off before its end; nothing was changed")
    })?;
    let table = in_background(move || read::read(what, &bytes)).await??;
    let (table, looked_at) =
        app.store.read_long(move |db| look(db, &table).map(|report| (table, report))).await?;
    if dry_run {
        return Ok(Json(looked_at));
    }
    Ok(Json(app.store.run_in_steps(TakeIn::new(table, by.id)).await?))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
enum SheetFormat {
    /// Text, parted by commas, in Russian by semicolons.
    Csv,
    /// An Excel workbook.
    Xlsx,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WantedSheet {
    /// What the file holds.
    #[param(inline)]
    what: Sheet,
    /// `csv` or `xlsx`.
    #[param(inline)]
    format: SheetFormat,
    /// Of the heads; the restaurant's main language where it is left out.
    #[param(inline)]
    language: Option<Template>,
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Goods, suppliers or recipes as a table that `/stock/import` takes; where there are none, the heads to
/// fill a table below.
#[utoipa::path(get, path = "/stock/export", tag = "stock", params(WantedSheet),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, content((String = "text/csv"), (String = XLSX))), Problems))]
async fn give_out(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    Params(WantedSheet { what, format, language }): Params<WantedSheet>,
) -> Result<([(HeaderName, String); 3], Vec<u8>)> {
    let language = language.unwrap_or_else(|| Template::of(&app.site().languages));
    let is_workbook = format == SheetFormat::Xlsx;
    let write = move |db: &_| write_store::write(db, what, language, is_workbook);
    let bytes = app.store.read_long(write).await?;
    let (kind, ending) =
        if is_workbook { (XLSX, "xlsx") } else { ("text/csv; charset=utf-8", "csv") };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}.{ending}\"", what.file_name()),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes))
}
