//! `/reservations`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::changes_store::{CreateBlock, CreateReservation, UpdateReservation};
use super::free_store::times;
use super::lengths_store::own_lengths;
use super::policy::ReservationRules;
use super::policy_store::{self, SetRules};
use super::steps_store::TakeStep;
use super::store;
use super::types::{
    BookedDays, BookingTimes, OwnLengths, Reservation, ReservationCreate, ReservationList,
    ReservationUpdate, StepBody, TableBlockCreate,
};
use crate::core::clock;
use crate::core::error::Result;
use crate::core::kernel::{Day, Period};
use crate::features::floor::Guests;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, CASHIER, HOST, MANAGER, WAITER};
use crate::platform::http::{Body, Keyed, OnceKey, Page, Params, Path, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(days))
        .routes(routes!(free))
        .routes(routes!(read_rules, set_rules))
        .routes(routes!(lengths))
        .routes(routes!(block))
        .routes(routes!(read, update))
        .routes(routes!(step))
}

/// Who keeps the book.
const KEEPERS: u8 = ADMIN | MANAGER | WAITER | CASHIER | HOST;

/// Which days; at most 366.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Days {
    /// The first day; today where nobody says.
    date_from: Option<Day>,
    /// The last day; the first where nobody says.
    date_to: Option<Day>,
}

impl Days {
    fn period(self, app: &App) -> Result<Period> {
        let first = self.date_from.unwrap_or_else(|| app.site().zone.day_of(clock::now()));
        Period::new(first, self.date_to.unwrap_or(first))
    }
}

/// The reservations of some days, by when they begin.
#[utoipa::path(get, path = "/reservations", tag = "reservations", params(Days, Page),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 200, body = ReservationList), Problems))]
async fn list(
    State(app): State<App>,
    _: By<KEEPERS>,
    page: Page,
    Params(days): Params<Days>,
) -> Result<Json<ReservationList>> {
    let (days, zone) = (days.period(&app)?, app.site().zone.clone());
    Ok(Json(app.store.read(move |db| store::list(db, &zone, days, page.window())).await?))
}

/// Write a reservation down. Where no tables are named the box finds the smallest that fit. What stands
/// against it is a 409 whose `ignore` is the word by which staff overrule that; only tables that are
/// another's stay so.
#[utoipa::path(post, path = "/reservations", tag = "reservations", request_body = ReservationCreate,
    params(OnceKey),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 201, body = Reservation), Problems))]
async fn create(
    State(app): State<App>,
    By(person, _): By<KEEPERS>,
    request: Keyed<ReservationCreate>,
) -> Result<Response> {
    let (by, zone) = (Some(person.id), app.site().zone.clone());
    let command = |body| CreateReservation { body, zone, by, code: None };
    request.create(&app.store, person.id, command).await
}

/// How many come on each of some days.
#[utoipa::path(get, path = "/reservations/days", tag = "reservations", params(Days),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 200, body = BookedDays), Problems))]
async fn days(
    State(app): State<App>,
    _: By<KEEPERS>,
    Params(days): Params<Days>,
) -> Result<Json<BookedDays>> {
    let days = days.period(&app)?;
    Ok(Json(app.store.read(move |db| store::days(db, days)).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Which day; today where nobody says.
    day: Option<Day>,
    /// How many come.
    #[param(value_type = i64, minimum = 1, maximum = 99)]
    party: Guests,
}

/// The times of a day, and whether so many could come then.
#[utoipa::path(get, path = "/reservations/free", tag = "reservations", params(Wanted),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 200, body = BookingTimes), Problems))]
async fn free(
    State(app): State<App>,
    _: By<KEEPERS>,
    Params(Wanted { day, party }): Params<Wanted>,
) -> Result<Json<BookingTimes>> {
    let (zone, now) = (app.site().zone.clone(), clock::now());
    let day = day.unwrap_or_else(|| zone.day_of(now));
    // Who stands at the door is written down at the time that has just begun.
    let from = now.plus_minutes(-15);
    let read = move |db: &_| times(db, &zone, (day, party.get()), (now, from));
    Ok(Json(app.store.read(read).await?))
}

/// By which rules is booked.
#[utoipa::path(get, path = "/reservations/rules", tag = "reservations",
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 200, body = ReservationRules), Problems))]
async fn read_rules(State(app): State<App>, _: By<KEEPERS>) -> Result<Json<ReservationRules>> {
    Ok(Json(app.store.read(policy_store::rules).await?))
}

/// Set the rules, all at once. What is booked stays as it is.
#[utoipa::path(put, path = "/reservations/rules", tag = "reservations",
    request_body = ReservationRules,
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = ReservationRules), Problems))]
async fn set_rules(
    State(app): State<App>,
    By(person, _): By<{ ADMIN | MANAGER }>,
    Body(rules): Body<ReservationRules>,
) -> Result<Json<ReservationRules>> {
    Ok(Json(app.store.run(SetRules { rules, by: person.id }).await?))
}

/// How long the restaurant's own guests stay, beside what the rules say.
#[utoipa::path(get, path = "/reservations/lengths", tag = "reservations",
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = OwnLengths), Problems))]
async fn lengths(State(app): State<App>, _: By<{ ADMIN | MANAGER }>) -> Result<Json<OwnLengths>> {
    let today = app.site().zone.day_of(clock::now());
    Ok(Json(app.store.read_long(move |db| own_lengths(db, today)).await?))
}

/// Keep tables for nobody: they are being mended, or wait for a banquet. The step `CANCEL` ends it.
#[utoipa::path(post, path = "/reservations/blocks", tag = "reservations", request_body = TableBlockCreate,
    params(OnceKey),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 201, body = Reservation), Problems))]
async fn block(
    State(app): State<App>,
    By(person, _): By<KEEPERS>,
    request: Keyed<TableBlockCreate>,
) -> Result<Response> {
    let (by, zone) = (person.id, app.site().zone.clone());
    request.create(&app.store, by, |body| CreateBlock { body, zone, by }).await
}

/// One reservation.
#[utoipa::path(get, path = "/reservations/{id}", tag = "reservations", params(("id" = i64, Path)),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 200, body = Reservation), Problems))]
async fn read(
    State(app): State<App>,
    _: By<KEEPERS>,
    Path(id): Path<i64>,
) -> Result<Json<Reservation>> {
    let zone = app.site().zone.clone();
    Ok(Json(app.store.read(move |db| store::reservation(db, &zone, id)).await?))
}

/// Change a reservation: another time, size or table; what stands against it is a 409 as of a new one.
#[utoipa::path(patch, path = "/reservations/{id}", tag = "reservations",
    request_body = ReservationUpdate, params(("id" = i64, Path), OnceKey),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 200, body = Reservation), Problems))]
async fn update(
    State(app): State<App>,
    By(person, _): By<KEEPERS>,
    Path(id): Path<i64>,
    request: Keyed<ReservationUpdate>,
) -> Result<Response> {
    let (by, zone) = (person.id, app.site().zone.clone());
    request.change(&app.store, by, |changes| UpdateReservation { id, changes, zone, by }).await
}

/// They come, sit down, go; or they do not. A step that was taken is taken.
#[utoipa::path(post, path = "/reservations/{id}/step", tag = "reservations", request_body = StepBody,
    params(("id" = i64, Path), OnceKey),
    security(("bearer" = ["admin", "manager", "waiter", "cashier", "host"])),
    responses((status = 200, body = Reservation), Problems))]
async fn step(
    State(app): State<App>,
    By(person, _): By<KEEPERS>,
    Path(id): Path<i64>,
    request: Keyed<StepBody>,
) -> Result<Response> {
    let (by, zone) = (person.id, app.site().zone.clone());
    request.change(&app.store, by, |step| TakeStep { id, step, zone, by }).await
}
