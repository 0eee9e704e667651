//! All routes of the box in one place, and what stands around each of them.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::Uri;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use tower::util::{MapRequest, MapRequestLayer};
use tower::{Layer, ServiceBuilder};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::error::Error;
use crate::http::finish;
use crate::{
    account, audit, auth, backup, calls, cloud, devices, floor, guests, home, import, kitchen,
    live, menu, observe, orders, payments, reports, restaurant, security, setup, staff, tls,
    uploads, web,
};

/// Every feature's routes; in a debug build with the document that describes them.
fn api() -> OpenApiRouter<App> {
    let features = vec![
        observe::router(),
        restaurant::router(),
        auth::router(),
        account::router(),
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
        audit::router(),
    ];
    features.into_iter().fold(OpenApiRouter::new(), OpenApiRouter::merge)
}

/// The OpenAPI document of every route, as docs/openapi.json keeps it.
#[cfg(debug_assertions)]
pub fn openapi() -> utoipa::openapi::OpenApi {
    crate::openapi::framed(api().into_openapi())
}

/// The whole service of a box.
pub fn service(app: App) -> MapRequest<Router, fn(Request) -> Request> {
    let (routes, _) = api().split_for_parts();
    let around = ServiceBuilder::new()
        .layer(middleware::from_fn_with_state(app.clone(), observe::around))
        .option_layer(security::cors(&app.settings.cors_origins))
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(DefaultBodyLimit::max(app.settings.max_request_size))
        .layer(middleware::from_fn(finish));
    let everything = routes
        .merge(live::router())
        // Stored with the web apps, but a program's to read, from other origins too.
        .route("/openapi.json", axum::routing::get(web::serve))
        // The page stands at the address that its form is sent to.
        .route("/setup", axum::routing::get(web::serve))
        .fallback(web::serve)
        .method_not_allowed_fallback(|| async { Error::method_not_allowed() })
        .layer(around)
        .with_state(app);
    MapRequestLayer::new(normalize_path as fn(Request) -> Request).layer(everything)
}

/// What a version on trial serves: its health. Everybody else is told to come again in a second.
pub fn service_on_trial(app: App) -> Router {
    let health = service(app);
    Router::new()
        .route_service("/health", health.clone())
        .route_service("/health/ready", health)
        .fallback(|| async { Error::busy() })
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

#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
fn after_panic(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map_or("", String::as_str);
    let text = panic.downcast_ref::<&str>().copied().unwrap_or(text);
    Error::internal(format!("a handler panicked: {text}")).into_response()
}
