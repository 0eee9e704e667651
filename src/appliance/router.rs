//! The routes of all features, and what stands around each of them.

use axum::Router;
use axum::extract::Request;
use axum::http::Uri;
use axum::middleware;
use axum::routing::get;
use tower::util::{MapRequest, MapRequestLayer};
use tower::{Layer, ServiceBuilder};

use super::{Appliance, pages};
use crate::core::error::Error;
use crate::platform::{observe, security};

impl Appliance {
    /// The whole service of a box.
    pub(super) fn service(&self) -> MapRequest<Router, fn(Request) -> Request> {
        let app = &self.app;
        let around = ServiceBuilder::new()
            .layer(middleware::from_fn_with_state(app.clone(), observe::around))
            .option_layer(security::cors(&app.settings.cors_origins));
        let everything = self
            .routes
            .clone()
            // Stored with the web apps, but a program's to read, from other origins too.
            .route("/openapi.json", get(pages::serve))
            // The page stands at the address that its form is sent to.
            .route("/setup", get(pages::serve))
            .fallback(pages::serve)
            .method_not_allowed_fallback(|| async { Error::method_not_allowed() })
            .layer(around)
            .with_state(app.clone());
        MapRequestLayer::new(normalize_path as fn(Request) -> Request).layer(everything)
    }

    /// What a version on trial serves: its health. Everybody else is told to come again in a second.
    pub fn service_on_trial(&self) -> Router {
        let health = self.service();
        Router::new()
            .route_service("/health", health.clone())
            .route_service("/health/ready", health)
            .fallback(|| async { Error::busy() })
    }
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
