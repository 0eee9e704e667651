//! `/import` and `/export`: a restaurant, or a part of it, as a file, while the box serves.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{HeaderName, StatusCode, header};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::{
    Content, File, Format, Import, MOST_BYTES, Report, Sheet, Template, Turn, currency_of, export,
    read, template, write,
};
use crate::core::background::in_background;
use crate::core::error::{Error, Result};
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By};
use crate::platform::http::{Params, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(take_in))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .routes(routes!(give_template))
        .routes(routes!(give_out))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Say what would change, and change nothing.
    #[serde(default)]
    dry_run: bool,
}

/// Take in a file: checked whole, then done in short steps between which orders are taken.
///
/// The body is the file itself: JSON as `/export` writes it, or any part of it; or the CSV or Excel
/// file of a menu, of options, combos, price lists or periods, of rooms or of staff, told by its first line (English or Russian). What the file
/// names is created or changed, what it leaves out stays, nothing is removed. A refusal (422) names
/// every wrong place, and nothing was changed. What ends an import half-way is told as
/// `import_stopped`, with how much is in; the same file taken in again does the rest.
#[utoipa::path(post, path = "/import", tag = "import and export", params(Wanted),
    request_body(content = String, content_type = "application/octet-stream",
        description = "The file: JSON, CSV or .xlsx, 8 MiB and 20,000 lines at most"),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Report), Problems))]
async fn take_in(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Params(wanted): Params<Wanted>,
    request: Request,
) -> Result<Json<Report>> {
    let bytes = Bytes::from_request(request, &()).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return too_large();
        }
        Error::invalid("", "body broke off before its end; nothing was changed")
    })?;
    let currency = app.site().currency.clone();
    // A large file is a second of work.
    let mut file = in_background(move || read_here(&bytes, &currency)).await??;
    let left_out = file.content.restaurant.take().map(|_| "restaurant".to_owned());
    let import = Import::new(file).by(admin.id);
    let _turn = app.state::<Turn>().try_take().ok_or_else(already_running)?;
    let mut report = if wanted.dry_run {
        import.dry_run(&app.store).await?
    } else {
        import.run(&app.store, &app.auth.hasher, app.hub.stopping.clone()).await?
    };
    report.left_out.extend(left_out);
    Ok(Json(report))
}

fn already_running() -> Error {
    let detail = "Another file is being taken in. Wait until it is done, and try again.";
    Error::conflict("import_running", detail)
}

/// Reads a file into the restaurant that is open.
fn read_here(bytes: &[u8], currency: &str) -> Result<File> {
    let format = Format::of(bytes);
    if let Some(other) =
        currency_of(bytes).filter(|named| format == Format::Json && named != currency)
    {
        let message = format!("is {other}, and this restaurant counts in {currency}");
        return Err(Error::invalid("restaurant.currency", message));
    }
    read(bytes)
}

fn too_large() -> Error {
    let most = MOST_BYTES / 1024 / 1024;
    let detail = format!("This file is larger than {most} MB. Split it, and take in the parts.");
    Error::too_large_because(detail).with("most", most)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WantedFormat {
    /// `json` for everything but secrets and photos, `csv` or `xlsx` for one sheet of it.
    #[serde(default = "json")]
    #[param(inline)]
    format: Format,
    /// What of it a sheet holds; JSON holds everything.
    #[serde(default)]
    #[param(inline)]
    what: Sheet,
}

fn json() -> Format {
    Format::Json
}

type Download = ([(HeaderName, String); 3], Vec<u8>);

/// The restaurant as a file that `/import` takes: passwords and PINs stay here.
#[utoipa::path(get, path = "/export", tag = "import and export", params(WantedFormat),
    security(("bearer" = ["admin"])),
    responses((status = 200, content(
        (serde_json::Value = "application/json"), (String = "text/csv"), (String = XLSX))),
        Problems))]
async fn give_out(
    State(app): State<App>,
    _: By<ADMIN>,
    Params(wanted): Params<WantedFormat>,
) -> Result<Download> {
    let make = move |db: &_| {
        let content: Content = export(db)?;
        write(&content, wanted.format, wanted.what)
    };
    let bytes = app.store.read_long(make).await?;
    let name = match wanted.format {
        Format::Json => "qres-restaurant",
        Format::Csv | Format::Xlsx => wanted.what.file_name(),
    };
    Ok(download(name, wanted.format, bytes))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WantedTemplate {
    /// `csv` or `xlsx`.
    #[param(inline)]
    format: Format,
    /// Of the heads; the restaurant's main language where it is left out.
    #[param(inline)]
    language: Option<Template>,
    /// What it is for.
    #[serde(default)]
    #[param(inline)]
    what: Sheet,
}

/// A sheet to fill: the heads that an import understands, and some lines as a pattern.
#[utoipa::path(get, path = "/import/template", tag = "import and export", params(WantedTemplate),
    security(("bearer" = ["admin"])),
    responses((status = 200, content((String = "text/csv"), (String = XLSX))), Problems))]
async fn give_template(
    State(app): State<App>,
    _: By<ADMIN>,
    Params(wanted): Params<WantedTemplate>,
) -> Result<Download> {
    let language = wanted.language.unwrap_or_else(|| Template::of(&app.site().languages));
    let bytes = template(wanted.what, language, wanted.format)?;
    Ok(download("qres-template", wanted.format, bytes))
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn download(name: &str, format: Format, bytes: Vec<u8>) -> Download {
    let (kind, ending) = match format {
        Format::Json => ("application/json", "json"),
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::Xlsx => (XLSX, "xlsx"),
    };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{ending}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, bytes)
}
