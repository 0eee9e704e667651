//! The web apps inside the program: which page stands at which address, and how browsers keep
//! it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Read;
use std::sync::{LazyLock, Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::read::GzDecoder;
use rust_embed::RustEmbed;

use crate::core::error::Error;
use crate::platform::http::{Shared, accepts, is_known};

/// Scripts, styles and the API document are in the program in their compressed copies only: they
/// make most of it, and every browser takes them so.
#[derive(RustEmbed)]
#[folder = "web/dist"]
#[exclude = "*.js"]
#[exclude = "*.css"]
#[exclude = "openapi.json"]
struct Dist;

/// The coding of the compressed copies that lie beside files as `NAME.gz`. Brotli would be a fifth
/// smaller, but browsers ask for it over HTTPS only, and guests come over plain HTTP.
const CODING: &str = "gzip";

/// The pages that every build has; without one of them the web apps were not built.
const PAGES: [&str; 11] = [
    "index.html",
    "admin.html",
    "guest.html",
    "kitchen.html",
    "reserve.html",
    "setup.html",
    "waiter.html",
    "trust.html",
    "docs/swagger.html",
    "docs/redoc.html",
    "openapi.json",
];

/// Swagger UI and ReDoc write their styles into the page. Scripts stay files of ours.
const DOCS_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// Answers what no route of the API answers: a page or a file of the web apps, or a 404.
pub fn page(request: &Request) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let name = file_at(request.uri().path());
    match is_read.then(|| find(&name, embedded, request.headers())).flatten() {
        Some(found) => reply(&name, found, request.headers()),
        None if is_read && PAGES.contains(&&*name) => not_built(),
        None => Error::no_such_page().into_response(),
    }
}

/// The file that stands at an address.
fn file_at(path: &str) -> Cow<'_, str> {
    let path = path.trim_start_matches('/');
    match path.split_once('/') {
        None if path.is_empty() => "index.html".into(),
        None if path == "setup" => "setup.html".into(),
        None if path == "reserve" => "reserve.html".into(),
        None if path == "docs" => "docs/swagger.html".into(),
        None if path == "trust" => "trust.html".into(),
        None if path == "redoc" => "docs/redoc.html".into(),
        // The admin's app has an address for each of its sections.
        Some(("app", name)) if name.starts_with("admin/") => "admin.html".into(),
        Some(("app", name)) => format!("{name}.html").into(),
        _ => path.into(),
    }
}

/// A file as it is sent.
struct Found {
    bytes: Bytes,
    /// A strong ETag with its quotes: of these very bytes.
    etag: String,
    coding: Option<&'static str>,
    /// Whether another client would get other bytes.
    varies: bool,
}

#[derive(Clone)]
struct Embedded {
    bytes: Bytes,
    hash: [u8; 32],
}

fn embedded(name: &str) -> Option<Embedded> {
    let Some(file) = Dist::get(name) else { return unpacked(name) };
    let bytes = match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes.into(),
    };
    Some(Embedded { bytes, hash: file.metadata.sha256_hash() })
}

/// A file of which only the compressed copies are kept, for a client that takes none of them: once
/// for all such clients, however slowly they read.
fn unpacked(name: &str) -> Option<Embedded> {
    static KEPT: LazyLock<Mutex<HashMap<String, Embedded>>> = LazyLock::new(Mutex::default);
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept.get(name) {
        return Some(known.clone());
    }
    let file = unpack(name)?;
    kept.insert(name.to_owned(), file.clone());
    Some(file)
}

fn unpack(name: &str) -> Option<Embedded> {
    let packed = Dist::get(&format!("{name}.gz"))?;
    let mut bytes = Vec::new();
    GzDecoder::new(&*packed.data).read_to_end(&mut bytes).ok()?;
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, &bytes).as_ref());
    Some(Embedded { bytes: bytes.into(), hash })
}

fn find(
    name: &str,
    embedded: impl Fn(&str) -> Option<Embedded>,
    asked: &HeaderMap,
) -> Option<Found> {
    let copy = embedded(&format!("{name}.gz"));
    let varies = copy.is_some();
    let (coding, file) = match copy {
        Some(file) if accepts(asked, CODING) => (Some(CODING), file),
        _ => (None, embedded(name)?),
    };
    let etag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&file.hash[..16]));
    Some(Found { bytes: file.bytes, etag, coding, varies })
}

fn reply(name: &str, found: Found, asked: &HeaderMap) -> Response {
    let is_known = is_known(asked, found.etag.as_bytes());
    let body = if is_known { Body::empty() } else { Body::from(found.bytes) };
    let mut reply = Response::new(body);
    reply.extensions_mut().insert(Shared);
    let headers = reply.headers_mut();
    let Ok(etag) = HeaderValue::try_from(found.etag) else { return not_built() };
    headers.insert(header::ETAG, etag);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept_for(name)));
    if found.varies {
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    if is_known {
        *reply.status_mut() = StatusCode::NOT_MODIFIED;
        return reply;
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    if let Some(coding) = found.coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    if name.starts_with("docs/") {
        let policy = HeaderValue::from_static(DOCS_POLICY);
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    reply
}

/// A file in `assets/` bears a hash in its name and never changes; everything else is asked for
/// again, at the cost of a 304.
fn kept_for(name: &str) -> &'static str {
    if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("txt") => "text/plain; charset=utf-8",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// A page of the web apps as the build left it; none when they were not built.
pub fn text(name: &str) -> Option<String> {
    String::from_utf8(embedded(name)?.bytes.into()).ok()
}

/// The answer while the web apps are not in the program.
pub fn not_built() -> Response {
    let text = "The web apps are not in this program: they were not built. Run `make web`, then \
                build the program again. The API works; it stands in docs/openapi.json.\n";
    let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (StatusCode::SERVICE_UNAVAILABLE, plain, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dist(name: &str) -> Option<Embedded> {
        let files = ["index.html", "index.html.gz", "assets/a-1.png"];
        let at = files.iter().position(|file| *file == name)?;
        Some(Embedded { bytes: Bytes::from_static(b"bytes"), hash: [u8::try_from(at).ok()?; 32] })
    }

    fn asked(pairs: &[(header::HeaderName, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter().cloned();
        pairs.map(|(name, value)| (name, HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn each_address_has_its_page() {
        for (path, name) in [
            ("/", "index.html"),
            ("/app/kitchen", "kitchen.html"),
            ("/app/admin", "admin.html"),
            ("/app/admin/payments", "admin.html"),
            ("/docs", "docs/swagger.html"),
            ("/redoc", "docs/redoc.html"),
            ("/trust", "trust.html"),
            ("/reserve", "reserve.html"),
            ("/docs/swagger-ui.css", "docs/swagger-ui.css"),
            ("/assets/a-1.js", "assets/a-1.js"),
            ("/favicon.svg", "favicon.svg"),
        ] {
            assert_eq!(file_at(path), name);
        }
    }

    #[test]
    fn the_compressed_copy_goes_to_those_who_take_it() {
        let mut tags = std::collections::BTreeSet::new();
        for (value, coding) in [
            ("gzip, br", Some("gzip")),
            ("br;q=0, gzip", Some("gzip")),
            ("gzip;q=0, br", None),
            ("identity", None),
        ] {
            let found = find("index.html", dist, &asked(&[(header::ACCEPT_ENCODING, value)]));
            let found = found.unwrap();
            assert_eq!((found.coding, found.varies), (coding, true), "{value}");
            tags.insert(found.etag);
        }
        assert_eq!(tags.len(), 2, "other bytes, another tag");
        let picture = find("assets/a-1.png", dist, &HeaderMap::new()).unwrap();
        assert!(picture.coding.is_none() && !picture.varies);
        assert!(find("nothing.html", dist, &HeaderMap::new()).is_none());
    }

    #[test]
    fn a_page_is_asked_for_again_and_an_asset_never() {
        let page = find("index.html", dist, &HeaderMap::new()).unwrap();
        let etag: &'static str = page.etag.clone().leak();
        let first = reply("index.html", page, &HeaderMap::new());
        assert_eq!(first.headers()[header::CACHE_CONTROL], "no-cache");
        assert_eq!(first.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
        let again = asked(&[(header::IF_NONE_MATCH, etag)]);
        let page = find("index.html", dist, &again).unwrap();
        let second = reply("index.html", page, &again);
        assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(second.headers()[header::ETAG], etag);
        let picture = find("assets/a-1.png", dist, &HeaderMap::new()).unwrap();
        let picture = reply("assets/a-1.png", picture, &HeaderMap::new());
        assert_eq!(picture.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    }
}
