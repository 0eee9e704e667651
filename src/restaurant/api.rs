//! The restaurant's public facts, and the box's health.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Restaurant;
use crate::app::App;
use crate::error::Result;
use crate::http::Problems;
use crate::{VERSION, store};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(restaurant))
        .routes(routes!(health))
        .routes(routes!(ready))
        .routes(routes!(metrics))
}

/// Name, currency, zone and languages of the restaurant.
#[utoipa::path(get, path = "/restaurant", tag = "restaurant", security(()),
    responses((status = 200, body = Restaurant), Problems))]
async fn restaurant(State(app): State<App>) -> Json<Restaurant> {
    Json(Restaurant::of(&app))
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

/// Whether the program runs.
#[utoipa::path(get, path = "/health", tag = "system", security(()),
    responses((status = 200, body = HealthCheck), Problems))]
async fn health(State(app): State<App>) -> Json<HealthCheck> {
    Json(healthy(&app))
}

/// Whether the database answers too.
#[utoipa::path(get, path = "/health/ready", tag = "system", security(()),
    responses((status = 200, body = HealthCheck), Problems))]
async fn ready(State(app): State<App>) -> Result<Json<HealthCheck>> {
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

/// Figures for a monitoring system, in the text format of Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "system", security(()),
    responses((status = 200, body = String, content_type = "text/plain"), Problems))]
async fn metrics(State(app): State<App>) -> String {
    format!(
        "# TYPE qres_uptime_seconds gauge\nqres_uptime_seconds {:.0}\n\
         # TYPE qres_events_total counter\nqres_events_total {}\n\
         # TYPE qres_store_queue_length gauge\nqres_store_queue_length {}\n\
         # TYPE qres_screens_connected gauge\nqres_screens_connected {}\n",
        app.started.elapsed().as_secs_f64(),
        app.store.last_seq(),
        app.store.queue_length(),
        app.hub.connected(),
    )
}
