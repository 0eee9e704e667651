//! `/printers`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;

use super::desk::Desk;
use super::documents::Document;
use super::notices;
use super::scan::scan;
use super::store::{self, CreatePrinter, DeletePrinter, PRINTERS, PrintNow, UpdatePrinter};
use super::types::{
    FoundPrinters, PrintJob, Printer, PrinterCreate, PrinterList, PrinterTroubles, PrinterUpdate,
};
use super::wire::endpoint;
use crate::core::error::Result;
use crate::core::store::{IdempotencyKey, Idempotent};
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, ANYONE, By, MANAGER};
use crate::platform::http::{
    ApiResponse, Bodiless, Body, Created, OnceKey, Page, Path, Problems, created, once, routes,
};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(troubles))
        .routes(routes!(look))
        .routes(routes!(read, update, delete))
        .routes(routes!(test))
        .routes(routes!(alphabets))
}

/// All printers.
#[utoipa::path(get, path = "/printers", tag = "printing", params(Page),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = PrinterList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    page: Page,
) -> Result<Json<PrinterList>> {
    let mut list = app.store.read(move |db| store::printers(db, page.window())).await?;
    list.printers = list.printers.into_iter().map(|printer| known(&app, printer)).collect();
    Ok(Json(list))
}

/// A printer with what the desk knows of it.
fn known(app: &App, printer: Printer) -> Printer {
    Printer { manner: app.state::<Desk>().last_manner(&printer.address), ..printer }
}

/// Where the box itself takes calls.
fn doors(app: &App) -> Vec<SocketAddr> {
    let cards = if_addrs::get_if_addrs().unwrap_or_default();
    let own = cards.iter().map(if_addrs::Interface::ip).chain([IpAddr::V4(Ipv4Addr::LOCALHOST)]);
    let ports = [Some(app.settings.listen), app.settings.tls_listen];
    let at = |ip| ports.into_iter().flatten().map(move |door| SocketAddr::new(ip, door.port()));
    own.flat_map(at).collect()
}

/// Add a printer.
#[utoipa::path(post, path = "/printers", tag = "printing", request_body = PrinterCreate,
    security(("bearer" = ["admin"])),
    responses((status = 201, body = Printer), Problems))]
async fn create(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Body(printer): Body<PrinterCreate>,
) -> Result<Created<Printer>> {
    let doors = doors(&app);
    let printer = app.store.run(CreatePrinter { printer, doors, by: admin.id }).await?;
    Ok(created(known(&app, printer)))
}

/// The printers that do not print now, and how many slips wait for each.
#[utoipa::path(get, path = "/printers/troubles", tag = "printing",
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host", "kitchen"])),
    responses((status = 200, body = PrinterTroubles), Problems))]
async fn troubles(State(app): State<App>, _: By<ANYONE>) -> Result<Json<PrinterTroubles>> {
    Ok(Json(notices::now(&app).await?))
}

/// Look for printers in the networks of the box: who announces itself, and who takes a call at port
/// 9100. Nothing is sent to anybody. Takes two seconds.
#[utoipa::path(post, path = "/printers/scan", tag = "printing",
    security(("bearer" = ["admin"])),
    responses((status = 200, body = FoundPrinters), Problems))]
async fn look(State(app): State<App>, _: By<ADMIN>) -> Result<Json<FoundPrinters>> {
    let _alone = app.state::<Desk>().scanning.lock().await;
    let mut found = scan().await;
    let all = app.store.read(|db| store::printers(db, (0, MOST_KNOWN))).await?.printers;
    for one in &mut found {
        let here = endpoint(&one.address);
        one.printer_id =
            all.iter().find(|known| endpoint(&known.address) == here).map(|known| known.id);
    }
    Ok(Json(FoundPrinters { found }))
}

/// Restaurants have fewer printers than this.
const MOST_KNOWN: i64 = 200;

/// One printer.
#[utoipa::path(get, path = "/printers/{id}", tag = "printing", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = Printer), Problems))]
async fn read(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    Path(id): Path<i64>,
) -> Result<Json<Printer>> {
    let printer = app.store.read(move |db| PRINTERS.get(db, id)).await?;
    Ok(Json(known(&app, printer)))
}

/// Change a printer. What waits for it is printed where it is then.
#[utoipa::path(patch, path = "/printers/{id}", tag = "printing", request_body = PrinterUpdate,
    params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Printer), Problems))]
async fn update(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
    Body(changes): Body<PrinterUpdate>,
) -> Result<Json<Printer>> {
    let is_elsewhere = changes.address.is_some() || changes.kind.is_some();
    let command = UpdatePrinter { id, changes, doors: doors(&app), by: admin.id };
    let printer = app.store.run(command).await?;
    if is_elsewhere {
        app.state::<Desk>().forget(id);
    }
    Ok(Json(known(&app, printer)))
}

/// Remove a printer. What waits for it goes to the one that stands in for it, and says for which it was
/// meant; where none does, a printer is not removed while slips wait (409 `slips_wait`).
#[utoipa::path(delete, path = "/printers/{id}", tag = "printing", params(("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn delete(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(id): Path<i64>,
) -> Result<Json<ApiResponse>> {
    app.store.run(DeletePrinter { id, by: admin.id }).await?;
    app.state::<Desk>().forget(id);
    Ok(ApiResponse::done("The printer was removed."))
}

/// Print a test sheet.
#[utoipa::path(post, path = "/printers/{id}/test", tag = "printing",
    params(OnceKey, ("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 201, body = PrintJob), Problems))]
async fn test(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(printer_id): Path<i64>,
    Bodiless(request): Bodiless,
) -> Result<Response> {
    print_now(&app, request.key(admin.id), PrintNow { printer_id, document: Document::TestSheet })
        .await
}

/// Print a sheet of the printer's own letters: the same few by every number that a code page may have,
/// so that a person sees which `fast_text` reads right. Only for ESC/POS in the network or on USB (409
/// `no_own_letters`).
#[utoipa::path(post, path = "/printers/{id}/alphabets", tag = "printing",
    params(OnceKey, ("id" = i64, Path)),
    security(("bearer" = ["admin"])),
    responses((status = 201, body = PrintJob), Problems))]
async fn alphabets(
    State(app): State<App>,
    By(admin, _): By<ADMIN>,
    Path(printer_id): Path<i64>,
    Bodiless(request): Bodiless,
) -> Result<Response> {
    print_now(&app, request.key(admin.id), PrintNow { printer_id, document: Document::Alphabets })
        .await
}

async fn print_now(app: &App, key: Option<IdempotencyKey>, command: PrintNow) -> Result<Response> {
    let reply = app.store.run(Idempotent { key, command }).await?;
    Ok(once(StatusCode::CREATED, &reply))
}
