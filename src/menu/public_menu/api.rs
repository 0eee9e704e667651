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
use crate::http::Problems;

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
    let is_gzip = accepts_gzip(asked);
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

/// The parts of a header that is a list, e.g. `gzip;q=0.5` and `br`.
fn parts(headers: &HeaderMap, name: header::HeaderName) -> impl Iterator<Item = &str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

/// `gzip`'s own weight counts before that of `*`; a weight of 0 is a no.
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let weight_of = |coding: &str| {
        parts(headers, header::ACCEPT_ENCODING).find_map(|part| {
            let (name, weight) = part.split_once(';').unwrap_or((part, ""));
            let weight = weight.trim().strip_prefix("q=").unwrap_or("1");
            name.trim().eq_ignore_ascii_case(coding).then(|| weight.parse().unwrap_or(0.0))
        })
    };
    weight_of("gzip").or_else(|| weight_of("*")).is_some_and(|weight: f32| weight > 0.0)
}

fn is_known(headers: &HeaderMap, etag: &[u8]) -> bool {
    parts(headers, header::IF_NONE_MATCH)
        .any(|part| part == "*" || part.strip_prefix("W/").unwrap_or(part).as_bytes() == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn gzip_goes_only_to_those_who_take_it() {
        for (value, takes) in [
            ("gzip, deflate, br", true),
            ("GZIP;q=0.5", true),
            ("br, *", true),
            ("gzip;q=0, *", false),
            ("gzip; q=0", false),
            ("identity", false),
            ("", false),
            ("gzip;q=much", false),
        ] {
            assert_eq!(accepts_gzip(&asked(header::ACCEPT_ENCODING, value)), takes, "{value}");
        }
        assert!(!accepts_gzip(&HeaderMap::new()));
    }

    #[test]
    fn a_tag_is_known_alone_in_a_list_and_weakened() {
        for (value, known) in [
            ("\"a\"", true),
            ("W/\"a\"", true),
            ("\"b\", \"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("a", false),
        ] {
            let headers = asked(header::IF_NONE_MATCH, value);
            assert_eq!(is_known(&headers, b"\"a\""), known, "{value}");
        }
    }
}
