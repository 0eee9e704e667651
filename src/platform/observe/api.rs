//! `/health` and `/metrics`.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::exposition;
use crate::VERSION;
use crate::core::error::{Error, Result};
use crate::core::store;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, MANAGER, bearer_token};
use crate::platform::http::{Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(health)).routes(routes!(ready)).routes(routes!(metrics))
}

/// How the box is.
#[derive(Serialize, ToSchema)]
struct HealthCheck {
    /// Always `healthy`: a box that is not does not answer 200.
    status: &'static str,
    version: &'static str,
    /// Always `connected`.
    database: &'static str,
    /// Seconds since the start.
    uptime: f64,
}

/// Whether the program runs, reads, commits and lets people sign in, as it was a few seconds ago.
#[utoipa::path(get, path = "/health", tag = "system", security(()),
    responses((status = 200, body = HealthCheck), Problems))]
async fn health(State(app): State<App>) -> Result<Json<HealthCheck>> {
    app.health.check()?;
    Ok(Json(healthy(&app)))
}

/// The same, and whether the database answers now.
#[utoipa::path(get, path = "/health/ready", tag = "system", security(()),
    responses((status = 200, body = HealthCheck), Problems))]
async fn ready(State(app): State<App>) -> Result<Json<HealthCheck>> {
    app.health.check()?;
    app.store.read(|connection| store::oldest_and_newest(connection).map(drop)).await?;
    Ok(Json(healthy(&app)))
}

fn healthy(app: &App) -> HealthCheck {
    HealthCheck {
        status: "healthy",
        version: VERSION,
        database: "connected",
        uptime: app.started.elapsed().as_secs_f64(),
    }
}

/// Somebody who may read the figures: an admin, a manager, or who has the scrape token.
struct Watcher;

impl FromRequestParts<App> for Watcher {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let given = bearer_token(&parts.headers).unwrap_or_default();
        let is_scraper = app.settings.metrics_token.as_ref().is_some_and(|token| {
            verify_slices_are_equal(token.as_bytes(), given.as_bytes()).is_ok()
        });
        if !is_scraper {
            By::<{ ADMIN | MANAGER }>::from_request_parts(parts, app).await?;
        }
        Ok(Self)
    }
}

/// Figures for a monitoring system, in the text format of Prometheus: with the token of the
/// setting `metrics_token`, or an admin's or a manager's.
#[utoipa::path(get, path = "/metrics", tag = "system",
    responses((status = 200, body = String, content_type = "text/plain"), Problems))]
async fn metrics(State(app): State<App>, _: Watcher) -> Result<String> {
    let mut of_features = String::new();
    for metrics in &app.feature_metrics {
        of_features.push_str(&metrics(app.store.clone()).await);
    }
    // Asks the disk and the board: not for the threads that serve.
    let telling = tokio::task::spawn_blocking(move || exposition::tell(&app));
    Ok(telling.await.map_err(Error::internal)? + &of_features)
}
