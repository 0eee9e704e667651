//! `/reserve`: guests book by themselves. Nobody is signed in here.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::guest_store::{self, Book, CallOff};
use super::guest_types::{GuestBooking, GuestBookingCreate, GuestBookingRules, GuestTimes};
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::kernel::Day;
use crate::features::floor::Guests;
use crate::platform::app::App;
use crate::platform::auth::random_bytes;
use crate::platform::http::{Bodiless, Keyed, OnceKey, Params, Path, Problems, routes};
use crate::platform::security::{Who, client_net};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(booking_rules))
        .routes(routes!(free))
        .routes(routes!(book))
        .routes(routes!(booking))
        .routes(routes!(call_off))
}

/// In whose name keys of guests are kept who are not signed in.
const NOBODY: i64 = 0;

/// Whether guests may book by themselves, and what.
#[utoipa::path(get, path = "/reserve/rules", tag = "reservations", security(()),
    responses((status = 200, body = GuestBookingRules), Problems))]
async fn booking_rules(State(app): State<App>) -> Result<Json<GuestBookingRules>> {
    let zone = app.site().zone.clone();
    let read = move |db: &_| guest_store::booking_rules(db, &zone, clock::now());
    Ok(Json(app.store.read(read).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Which day.
    day: Day,
    /// How many come.
    #[param(value_type = i64, minimum = 1, maximum = 99)]
    party: Guests,
}

/// The times of a day that are free for so many.
#[utoipa::path(get, path = "/reserve/free", tag = "reservations", params(Wanted), security(()),
    responses((status = 200, body = GuestTimes), Problems))]
async fn free(
    State(app): State<App>,
    Params(Wanted { day, party }): Params<Wanted>,
) -> Result<Json<GuestTimes>> {
    let zone = app.site().zone.clone();
    let read = move |db: &_| guest_store::free(db, &zone, (day, party.get()), clock::now());
    Ok(Json(app.store.read(read).await?))
}

/// Book one of the free times. A repeat with the same key is answered with the first reply.
#[utoipa::path(post, path = "/reserve/bookings", tag = "reservations",
    request_body = GuestBookingCreate, params(OnceKey), security(()),
    responses((status = 201, body = GuestBooking), Problems))]
async fn book(
    State(app): State<App>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    request: Keyed<GuestBookingCreate>,
) -> Result<Response> {
    take_write(&app, address)?;
    if request.key(NOBODY).is_none() {
        return Err(Error::invalid(
            "Idempotency-Key",
            "is needed, so that nothing is booked twice",
        ));
    }
    let code = URL_SAFE_NO_PAD.encode(random_bytes::<18>()?);
    let zone = app.site().zone.clone();
    request.create(&app.store, NOBODY, |body| Book { body, code, zone }).await
}

/// A guest's own reservation, by its code.
#[utoipa::path(get, path = "/reserve/bookings/{code}", tag = "reservations",
    params(("code" = String, Path)), security(()),
    responses((status = 200, body = GuestBooking), Problems))]
async fn booking(State(app): State<App>, Path(code): Path<String>) -> Result<Json<GuestBooking>> {
    let zone = app.site().zone.clone();
    Ok(Json(app.store.read(move |db| guest_store::booking(db, &zone, code)).await?))
}

/// Call a guest's own reservation off.
#[utoipa::path(post, path = "/reserve/bookings/{code}/cancel", tag = "reservations",
    params(("code" = String, Path), OnceKey), security(()),
    responses((status = 200, body = GuestBooking), Problems))]
async fn call_off(
    State(app): State<App>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Path(code): Path<String>,
    Bodiless(request): Bodiless,
) -> Result<Response> {
    take_write(&app, address)?;
    let zone = app.site().zone.clone();
    request.change(&app.store, NOBODY, |()| CallOff { code, zone }).await
}

/// What one address books within a window is bounded, as what one phone writes.
fn take_write(app: &App, address: SocketAddr) -> Result<()> {
    app.limits.take_write(&Who::AtCode(client_net(address.ip()), "reserve".into()))
}
