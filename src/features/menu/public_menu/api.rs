//! The menu as guests get it: `GET /dishes/menu` as data, `GET /menu` as a page.

use std::sync::OnceLock;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;

use super::cache::{Cache, Form};
use super::encoded::Encoded;
use super::page::Frame;
use super::types::MenuResponse;
use super::words::Lang;
use crate::core::error::{Error, Result};
use crate::features::restaurant::Facts;
use crate::platform::app::App;
use crate::platform::http::{
    InlineStyle, Problems, Shared, accepts, cookie, is_known, languages, routes,
};
use crate::platform::web;

/// Where a browser keeps the language that was chosen, so that the first reply is in it.
const LANGUAGE_COOKIE: &str = "qres-language";

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(menu))
        .route("/menu", get(page))
        .route("/menu/{qr_code}", get(page))
}

/// The menu as guests read it: what is sold now.
///
/// Ask again with the reply's ETag in If-None-Match: while nothing changed the answer is 304.
#[utoipa::path(get, path = "/dishes/menu", tag = "menu", security(()),
    responses((status = 200, body = MenuResponse), (status = 304, description = "Not changed"),
        Problems))]
async fn menu(State(app): State<App>, request: Request) -> Result<Response> {
    let made = app.state::<Cache>().menu(&app.store).await?;
    reply(&made.json, request.headers(), "application/json", "accept-encoding")
}

/// The guests' page with the menu in it, the same for every table.
async fn page(State(app): State<App>, request: Request) -> Result<Response> {
    static FRAME: OnceLock<Option<Frame>> = OnceLock::new();
    let frame = FRAME.get_or_init(|| Frame::cut(&web::text("guest.html")?));
    let Some(frame) = frame else { return Ok(web::not_built()) };
    let is_whole = request.uri().query().unwrap_or("").split('&').any(|part| part == "whole");
    let form = Form { lang: language(&request), is_whole };
    let made = app.state::<Cache>().menu(&app.store).await?;
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
