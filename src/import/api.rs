//! `/import` and `/export`: a restaurant, or a part of it, as a file, while the box serves.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{HeaderName, StatusCode, header};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::{Content, File, Format, Import, MOST_BYTES, Report, currency_of, export, read, write};
use crate::app::App;
use crate::auth::{ADMIN, By};
use crate::error::{Error, Result};
use crate::http::{Params, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(take_in))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .routes(routes!(give_out))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Say what would change, and change nothing.
    #[serde(default)]
    dry_run: bool,
}

/// Take in a file: all of it, or nothing.
///
/// The body is the file itself: JSON as `/export` writes it, or any part of it; or the CSV of a
/// menu, of rooms or of staff, told by its first line. What the file names is created or changed,
/// what it leaves out stays, nothing is removed. A refusal (422) names every wrong place.
#[utoipa::path(post, path = "/import", tag = "import and export", params(Wanted),
    request_body(content = String, content_type = "application/octet-stream",
        description = "The file, JSON or CSV in UTF-8, 8 MiB at most"),
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
    // A large file is a second of work: not for the threads that serve.
    let reading = tokio::task::spawn_blocking(move || read_here(&bytes, &currency));
    let mut file = reading.await.map_err(Error::internal)??;
    let left_out = file.content.restaurant.take().map(|_| "restaurant".to_owned());
    let import = Import::prepare(file, &app.store, &app.auth.hasher, wanted.dry_run).await?;
    let mut report = app.store.run(import.by(admin.id)).await?;
    report.left_out.extend(left_out);
    Ok(Json(report))
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
    read(bytes, format)
}

fn too_large() -> Error {
    let most = MOST_BYTES / 1024 / 1024;
    let detail = format!("This file is larger than {most} MB. Split it, and take in the parts.");
    Error::too_large_because(detail).with("most", most)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WantedFormat {
    /// `json` for everything but secrets and photos, `csv` for the menu.
    #[serde(default = "json")]
    #[param(inline)]
    format: Format,
}

fn json() -> Format {
    Format::Json
}

type Download = ([(HeaderName, &'static str); 3], Vec<u8>);

/// The restaurant as a file that `/import` takes: passwords and PINs stay here.
#[utoipa::path(get, path = "/export", tag = "import and export", params(WantedFormat),
    security(("bearer" = ["admin"])),
    responses((status = 200, content(
        (serde_json::Value = "application/json"), (String = "text/csv"))), Problems))]
async fn give_out(
    State(app): State<App>,
    _: By<ADMIN>,
    Params(wanted): Params<WantedFormat>,
) -> Result<Download> {
    let make = move |db: &_| {
        let content: Content = export(db)?;
        write(&content, wanted.format)
    };
    let bytes = app.store.read_long(make).await?;
    let (kind, name) = match wanted.format {
        Format::Json => ("application/json", "attachment; filename=\"qres-restaurant.json\""),
        Format::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"qres-menu.csv\""),
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, bytes))
}
