//! `/checks/{check_id}/receipt`: a check on paper.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use super::store::{self, PrintCheck};
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::kernel::Int;
use crate::core::store::{Connection, Idempotent};
use crate::features::cash::AtDrawer;
use crate::features::permissions::AT_THE_BILL;
use crate::features::printing::{self, Document, Marks, PrintJob, draw, letterhead, plain, rows};
use crate::platform::app::App;
use crate::platform::auth::{By, FromDevice};
use crate::platform::http::{Bodiless, OnceKey, Params, Path, Problems, once, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(receipt, print))
}

/// As what a receipt is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ReceiptFormat)]
enum Format {
    /// A picture: the dots that would be printed.
    #[default]
    Png,
    /// A plain text.
    Text,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// A picture or a text.
    #[serde(default)]
    #[param(inline)]
    format: Format,
    /// How many dots a row has; 576 when left out: paper of 80 mm.
    #[param(value_type = Option<i64>)]
    width_dots: Option<Int<256, 1024>>,
}

/// Dots of paper of 80 mm.
const WIDTH: i64 = 576;

/// A check as it would be printed: a receipt once it is paid.
#[utoipa::path(get, path = "/checks/{check_id}/receipt", tag = "printing",
    params(("check_id" = i64, Path), Wanted),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 200, content((Vec<u8> = "image/png"), (String = "text/plain"))), Problems))]
async fn receipt(
    State(app): State<App>,
    _: By<AT_THE_BILL>,
    Path(check_id): Path<i64>,
    Params(wanted): Params<Wanted>,
) -> Result<Response> {
    let now = clock::now();
    let read = move |db: &Connection| {
        Ok((store::bill(db, &store::check(db, check_id)?, now)?, printing::logo(db)?))
    };
    let (bill, logo) = app.store.read(read).await?;
    let width = wanted.width_dots.map_or(WIDTH, Int::get);
    let marks = Marks { width_dots: usize::try_from(width).unwrap_or(0), ..Marks::default() };
    let document = Document::Bill(Box::new(bill));
    let site = app.site();
    let drawing = move || -> Result<Response> {
        let rows = rows(&document, &marks, &letterhead(&site, logo));
        let (kind, bytes) = match wanted.format {
            Format::Text => ("text/plain; charset=utf-8", plain(&rows, marks.width_dots).into()),
            Format::Png => ("image/png", draw(&rows, marks.width_dots)?.png()?),
        };
        Ok(([(header::CONTENT_TYPE, kind)], bytes).into_response())
    };
    tokio::task::spawn_blocking(drawing).await.map_err(Error::internal)?
}

/// Print a check now, on the printer of the tablet's drawer where that prints such, else on the first
/// that does.
#[utoipa::path(post, path = "/checks/{check_id}/receipt", tag = "printing",
    params(("check_id" = i64, Path), OnceKey, AtDrawer),
    security(("bearer" = ["admin", "manager", "waiter", "cashier"])),
    responses((status = 201, body = PrintJob), Problems))]
async fn print(
    State(app): State<App>,
    By(by, _): By<AT_THE_BILL>,
    FromDevice(device): FromDevice,
    Path(check_id): Path<i64>,
    Bodiless(request): Bodiless,
) -> Result<Response> {
    let key = request.key(by.id);
    let command = PrintCheck { check_id, who: (by.id, device.map(|device| device.id)) };
    Ok(once(StatusCode::CREATED, &app.store.run(Idempotent { key, command }).await?))
}
