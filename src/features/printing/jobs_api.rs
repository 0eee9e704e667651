//! `/print-jobs`: what waits for printers, and what was printed.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::job::kind_of;
use super::paper::Marks;
use super::store::{self, CancelPrint, PrintAgain};
use super::types::{DocumentKind, PrintJob, PrintJobList};
use super::worker::draw;
use crate::core::error::{Error, Result};
use crate::core::jobs;
use crate::core::kernel::fields::Id;
use crate::core::store::Idempotent;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, CASHIER, KITCHEN, MANAGER, Person, WAITER};
use crate::platform::http::{Keyed, OnceKey, Page, Path, Problems, once, routes};

/// Who reads slips.
const READERS: u8 = ADMIN | MANAGER | WAITER | CASHIER | KITCHEN;

/// Who reads slips of this kind: what money there is stands on some.
fn readers_of(document: DocumentKind) -> u8 {
    match document {
        DocumentKind::Ticket
        | DocumentKind::TestSheet
        | DocumentKind::Alphabets
        | DocumentKind::TableCode => READERS,
        DocumentKind::Precheck | DocumentKind::Receipt => ADMIN | MANAGER | WAITER | CASHIER,
        // It says what whoever counts a drawer should not know; they print their own at the cash desk.
        DocumentKind::CashReport | DocumentKind::Drawer => ADMIN | MANAGER,
    }
}

fn check_reads(person: &Person, document: DocumentKind) -> Result<()> {
    if person.role.bit() & readers_of(document) != 0 {
        return Ok(());
    }
    let role = person.role.as_str();
    let detail = format!("Your role ({role}) may not see this paper. Ask an admin.");
    Err(Error::forbidden("wrong_role", detail).with("role", role))
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(read))
        .routes(routes!(preview))
        .routes(routes!(again))
        .routes(routes!(cancel))
}

/// Where something is printed once more.
#[derive(Debug, Deserialize, ToSchema)]
struct PrintAgainBody {
    /// On which printer; left out: on its own, or where that was removed, on the one that prints such
    /// paper by itself.
    printer_id: Option<Id>,
}

/// What is to be printed and what was, newest first; what is printed is kept for three days.
#[utoipa::path(get, path = "/print-jobs", tag = "printing", params(Page),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = PrintJobList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    page: Page,
) -> Result<Json<PrintJobList>> {
    Ok(Json(app.store.read(move |db| store::print_jobs(db, page.window())).await?))
}

/// One print job.
#[utoipa::path(get, path = "/print-jobs/{id}", tag = "printing", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "kitchen"])),
    responses((status = 200, body = PrintJob), Problems))]
async fn read(
    State(app): State<App>,
    By(person, _): By<READERS>,
    Path(id): Path<i64>,
) -> Result<Json<PrintJob>> {
    let job = app.store.read(move |db| store::print_job(db, id)).await?;
    check_reads(&person, job.document)?;
    Ok(Json(job))
}

/// What is printed, dot by dot, as a PNG.
#[utoipa::path(get, path = "/print-jobs/{id}/preview.png", tag = "printing",
    params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "kitchen"])),
    responses((status = 200, body = Vec<u8>, content_type = "image/png"), Problems))]
async fn preview(
    State(app): State<App>,
    By(person, _): By<READERS>,
    Path(id): Path<i64>,
) -> Result<([(HeaderName, &'static str); 1], Vec<u8>)> {
    let found = move |db: &_| {
        let (job, order) = store::print_order(db, id)?;
        let printer = store::with_stand_in(db, order.printer_id).map(|(printer, _)| printer);
        Ok((job, order, printer.ok()))
    };
    let (job, order, printer) = app.store.read(found).await?;
    check_reads(&person, kind_of(&order.document))?;
    let marks = Marks {
        may_be_repeat: order.may_be_printed(job.state == jobs::State::Unknown),
        is_copy: order.is_copy,
        meant_for: order.meant_for.clone(),
        printer: printer.as_ref().map(|one| one.name.clone()).unwrap_or_default(),
        width_dots: printer.map_or(WIDTH, |one| usize::try_from(one.width_dots).unwrap_or(WIDTH)),
    };
    let page = draw(&app, order.document, marks).await?;
    Ok(([(header::CONTENT_TYPE, "image/png")], page.png()?))
}

/// Dots of paper of 80 mm, for what is shown and has no printer.
const WIDTH: usize = 576;

/// Print something once more. It says that it is a copy, where the first one may be in somebody's hand.
#[utoipa::path(post, path = "/print-jobs/{id}/again", tag = "printing", request_body = PrintAgainBody,
    params(OnceKey, ("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "kitchen"])),
    responses((status = 201, body = PrintJob), Problems))]
async fn again(
    State(app): State<App>,
    By(person, _): By<READERS>,
    Path(id): Path<i64>,
    request: Keyed<PrintAgainBody>,
) -> Result<Response> {
    let job = app.store.read(move |db| store::print_job(db, id)).await?;
    check_reads(&person, job.document)?;
    if job.document == DocumentKind::Drawer {
        let detail = "A drawer opens for a reason, which is said at the cash desk.";
        return Err(Error::forbidden("at_the_cash_desk", detail));
    }
    let key = request.key(person.id);
    let printer_id = request.body.printer_id.map(Id::get);
    let command = PrintAgain { id, printer_id, by: person.id };
    Ok(once(StatusCode::CREATED, &app.store.run(Idempotent { key, command }).await?))
}

/// Call something off that waits to be printed.
#[utoipa::path(post, path = "/print-jobs/{id}/cancel", tag = "printing",
    params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = PrintJob), Problems))]
async fn cancel(
    State(app): State<App>,
    By(person, _): By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
) -> Result<Json<PrintJob>> {
    Ok(Json(app.store.run(CancelPrint { id, by: person.id }).await?))
}
