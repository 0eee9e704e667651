//! All routes of the box in one place, and what stands around each of them.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower::util::{MapRequest, MapRequestLayer};
use tower::{Layer, ServiceBuilder};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::auth::random_bytes;
use crate::error::Error;
use crate::{
    auth, backup, calls, cloud, devices, floor, guests, home, import, kitchen, live, menu, openapi,
    orders, payments, reports, restaurant, security, setup, staff, tls, uploads, web,
};

/// Every feature's routes, with the document that describes them.
fn api() -> OpenApiRouter<App> {
    let features = vec![
        restaurant::router(),
        auth::router(),
        devices::router(),
        staff::router(),
        payments::router(),
        floor::router(),
        menu::router(),
        orders::router(),
        kitchen::router(),
        guests::router(),
        calls::router(),
        reports::router(),
        cloud::router(),
        setup::router(),
        tls::router(),
        home::router(),
        backup::router(),
        uploads::router(),
        import::router(),
        security::router(),
    ];
    features.into_iter().fold(OpenApiRouter::with_openapi(openapi::frame()), OpenApiRouter::merge)
}

/// The OpenAPI document of every route.
pub fn openapi() -> OpenApi {
    openapi::finished(api().into_openapi())
}

/// The whole service of a box.
pub fn service(app: App) -> MapRequest<Router, fn(Request) -> Request> {
    let (routes, document) = api().split_for_parts();
    let document = openapi::finished(document);
    let document: &'static str = document.to_json().unwrap_or_default().leak();
    let json = [(header::CONTENT_TYPE, "application/json")];
    let around = ServiceBuilder::new()
        .layer(middleware::from_fn(around_each_request))
        .layer(middleware::from_fn_with_state(app.clone(), security::around))
        .option_layer(security::cors(&app.settings.cors_origins))
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(DefaultBodyLimit::max(app.settings.max_request_size));
    let everything = routes
        .merge(live::router())
        .route("/openapi.json", axum::routing::get(move || async move { (json, document) }))
        // The page stands at the address that its form is sent to.
        .route("/setup", axum::routing::get(web::serve))
        .fallback(web::serve)
        .method_not_allowed_fallback(|| async { Error::method_not_allowed() })
        .layer(around)
        .with_state(app);
    MapRequestLayer::new(normalize_path as fn(Request) -> Request).layer(everything)
}

/// `/api/orders/` and `/orders/` are `/orders`.
fn normalize_path(mut request: Request) -> Request {
    let path = request.uri().path();
    let short = match path.strip_prefix("/api") {
        Some(rest) if rest.starts_with('/') => rest,
        _ => path,
    };
    let short = match short.trim_end_matches('/') {
        "" => "/",
        trimmed => trimmed,
    };
    if short.len() != path.len() {
        let wanted = match request.uri().query() {
            Some(query) => format!("{short}?{query}"),
            None => short.to_owned(),
        };
        if let Ok(uri) = wanted.parse::<Uri>() {
            *request.uri_mut() = uri;
        }
    }
    request
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// A request that takes longer is worth a line in the log.
const SLOW: Duration = Duration::from_millis(500);

/// Gives each request an id, and the log a line where it is worth one.
async fn around_each_request(request: Request, next: Next) -> Response {
    let id = request_id(&request);
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let started = Instant::now();
    let mut response = next.run(request).await;
    let (status, took) = (response.status(), started.elapsed());
    if status.is_server_error() || took > SLOW {
        tracing::warn!(%method, path = uri.path(), %status, ?took, ?id, "request");
    } else {
        tracing::debug!(%method, path = uri.path(), %status, ?took, ?id, "request");
    }
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

/// Tells the requests of this run from those of every other, without asking for randomness each
/// time.
static RUN: LazyLock<String> =
    LazyLock::new(|| format!("{:08x}", u32::from_le_bytes(random_bytes().unwrap_or_default())));
static REQUESTS: AtomicU64 = AtomicU64::new(1);

/// The caller's own id when it is a decent one, else a new one.
fn request_id(request: &Request) -> HeaderValue {
    let given = request.headers().get(REQUEST_ID);
    if let Some(id) = given.filter(|id| id.len() <= 64 && id.to_str().is_ok()) {
        return id.clone();
    }
    let number = REQUESTS.fetch_add(1, Ordering::Relaxed);
    HeaderValue::try_from(format!("{}-{number}", *RUN)).unwrap_or(HeaderValue::from_static("-"))
}

#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
fn after_panic(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map_or("", String::as_str);
    let text = panic.downcast_ref::<&str>().copied().unwrap_or(text);
    Error::internal(format!("a handler panicked: {text}")).into_response()
}
