//! `GET /dishes/menu`.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Encoded, MenuResponse};
use crate::app::App;
use crate::error::{Error, Result};
use crate::http::{Problems, accepts, is_known};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(menu))
}

/// The menu as guests read it: what is sold now.
///
/// Ask again with the reply's ETag in If-None-Match: while nothing changed the answer is 304.
#[utoipa::path(get, path = "/dishes/menu", tag = "menu", security(()),
    responses((status = 200, body = MenuResponse), (status = 304, description = "Not changed"),
        Problems))]
async fn menu(State(app): State<App>, request: Request) -> Result<Response> {
    let menu = app.menu.menu(&app.store).await?;
    reply(&menu, request.headers()).map_err(Error::internal)
}

fn reply(menu: &Encoded, asked: &HeaderMap) -> axum::http::Result<Response> {
    let is_gzip = accepts(asked, "gzip");
    let wanted = if is_gzip { &menu.gzip } else { &menu.plain };
    let mut reply = Response::builder()
        .header(header::ETAG, HeaderValue::from_maybe_shared(wanted.etag.clone())?)
        .header(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"))
        .header(header::VARY, HeaderValue::from_static("accept-encoding"));
    if is_known(asked, &wanted.etag) {
        return reply.status(StatusCode::NOT_MODIFIED).body(Body::empty());
    }
    reply = reply.header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if is_gzip {
        reply = reply.header(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    reply.body(Body::from(wanted.body.clone()))
}
