//! The menu as guests get it: `GET /dishes/menu` as data, `GET /menu` as a page.

use std::sync::OnceLock;

use axum::Json;
use axum::body::Body;
use axum::extract::{self, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use super::cache::{Cache, Form};
use super::encoded::Encoded;
use super::page::Frame;
use super::store;
use super::types::MenuResponse;
use super::words::Lang;
use crate::core::error::{Error, Result};
use crate::features::floor;
use crate::features::prices::{Channel, Place};
use crate::features::restaurant::Facts;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, ANYONE, By, MANAGER};
use crate::platform::http::{
    InlineStyle, Params, Problems, Shared, accepts, cookie, is_known, languages, routes,
};
use crate::platform::web;

/// Where a browser keeps the language that was chosen, so that the first reply is in it.
const LANGUAGE_COOKIE: &str = "qres-language";

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(menu))
        .routes(routes!(preview))
        .route("/menu", get(page))
        .route("/menu/{qr_code}", get(page))
}

/// The menu as guests read it: what is sold now.
///
/// Ask again with the reply's ETag in If-None-Match: while nothing changed the answer is 304. Where prices
/// are of a time, it changes by itself, and `menu_changed` is told. The restaurant's own numbers (`code`,
/// `sku`) and barcodes are told to whoever is signed in.
#[utoipa::path(get, path = "/dishes/menu", tag = "menu", security(()), params(Where),
    responses((status = 200, body = MenuResponse), (status = 304, description = "Not changed"),
        Problems))]
async fn menu(
    State(app): State<App>,
    staff: Result<By<ANYONE>>,
    Params(place): Params<Where>,
    request: Request,
) -> Result<Response> {
    let place = place.find(&app).await?;
    let made = app.state::<Cache>().menu(&app.store, place).await?;
    let bytes = if staff.is_ok() { &made.for_staff } else { &made.json };
    reply(bytes, request.headers(), "application/json", "accept-encoding, authorization")
}

/// For which place a menu is asked.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Where {
    /// How it is sold; at a table when left out.
    #[param(inline)]
    channel: Option<Channel>,
    /// The room.
    location_id: Option<i64>,
    /// The code of a table in it, where the room is not named.
    table: Option<String>,
}

impl Where {
    async fn find(self, app: &App) -> Result<Place> {
        let channel = self.channel.unwrap_or(Channel::DineIn);
        let location_id = match (self.location_id, self.table) {
            (None, Some(code)) => room_of(app, code).await?,
            (named, _) => named,
        };
        Ok(Place { channel, location_id })
    }
}

/// The room of a table's code, where some room has prices of its own.
async fn room_of(app: &App, code: String) -> Result<Option<i64>> {
    if app.state::<Cache>().has_rooms() == Some(false) {
        return Ok(None);
    }
    app.store.read(move |db| floor::room_of_code(db, &code)).await
}

/// The menu as it is at another moment, in a room, for a way to sell: before prices change.
#[utoipa::path(get, path = "/dishes/menu/at", tag = "menu", params(Moment),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = MenuResponse), Problems))]
async fn preview(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    Params(wanted): Params<Moment>,
) -> Result<Json<MenuResponse>> {
    let zone = app.site().zone.clone();
    let moment = zone.read(&wanted.at, false).map_err(|why| Error::invalid("at", why))?;
    let place = Place {
        channel: wanted.channel.unwrap_or(Channel::DineIn),
        location_id: wanted.location_id,
    };
    Ok(Json(app.store.read(move |db| store::at(db, moment, place)).await?))
}

/// For which moment and place a menu is asked.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Moment {
    /// When: `2026-12-04T18:30`, by the restaurant's clock, or RFC 3339.
    at: String,
    /// How it is sold; at a table when left out.
    #[param(inline)]
    channel: Option<Channel>,
    /// The room.
    location_id: Option<i64>,
}

/// The guests' page with the menu in it, the same for every table of a room.
async fn page(
    State(app): State<App>,
    code: Option<extract::Path<String>>,
    request: Request,
) -> Result<Response> {
    static FRAME: OnceLock<Option<Frame>> = OnceLock::new();
    let frame = FRAME.get_or_init(|| Frame::cut(&web::text("guest.html")?));
    let Some(frame) = frame else { return Ok(web::not_built()) };
    let is_whole = request.uri().query().unwrap_or("").split('&').any(|part| part == "whole");
    let form = Form { lang: language(&request), is_whole };
    let location_id = match code {
        Some(extract::Path(code)) => room_of(&app, code).await?,
        None => None,
    };
    let place = Place { location_id, ..Place::TABLE };
    let made = app.state::<Cache>().menu(&app.store, place).await?;
    let page = made.page(frame, Facts::of(&app), form).await?;
    let varies = "accept-encoding, accept-language, cookie";
    let mut reply = reply(&page.bytes, request.headers(), "text/html; charset=utf-8", varies)?;
    reply.extensions_mut().insert(InlineStyle(&frame.style_source));
    Ok(reply)
}

/// The language asked for in the address, else the one chosen before, else the browser's.
fn language(request: &Request) -> Lang {
    let headers = request.headers();
    let query = request.uri().query().unwrap_or("").split('&');
    let asked = query.filter_map(|pair| pair.strip_prefix("lang="));
    Lang::choose(asked.chain(cookie(headers, LANGUAGE_COOKIE)).chain(languages(headers)))
}

fn reply(
    bytes: &Encoded,
    asked: &HeaderMap,
    kind: &'static str,
    varies: &'static str,
) -> Result<Response> {
    let is_gzip = accepts(asked, "gzip");
    let wanted = if is_gzip { &bytes.gzip } else { &bytes.plain };
    let etag = HeaderValue::from_maybe_shared(wanted.etag.clone()).map_err(Error::internal)?;
    let is_known = is_known(asked, &wanted.etag);
    let body = if is_known { Body::empty() } else { Body::from(wanted.body.clone()) };
    let mut reply = Response::new(body);
    reply.extensions_mut().insert(Shared);
    let headers = reply.headers_mut();
    headers.insert(header::ETAG, etag);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static(varies));
    if is_known {
        *reply.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(reply);
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if is_gzip {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    Ok(reply)
}
