//! The restaurant's public facts, and the box's health.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Restaurant, RestaurantUpdate, UpdateSite, check_facts};
use crate::app::App;
use crate::auth::{ADMIN, By};
use crate::error::{Error, Result};
use crate::http::{Body, Problems};
use crate::kernel::Text;
use crate::{VERSION, store};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(restaurant, update))
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

/// Change the restaurant's facts. What the box's settings file or environment says is refused.
#[utoipa::path(patch, path = "/restaurant", tag = "restaurant", request_body = RestaurantUpdate,
    security(("bearer" = ["admin"])),
    responses((status = 200, body = Restaurant), Problems))]
async fn update(
    State(app): State<App>,
    _: By<ADMIN>,
    Body(changes): Body<RestaurantUpdate>,
) -> Result<Json<Restaurant>> {
    let RestaurantUpdate { name, currency, timezone, languages, guest_orders, tax_percent: tax } =
        changes;
    check_facts("", currency.as_deref(), timezone.as_deref(), languages.as_deref())?;
    let named = [
        ("name", name.is_some()),
        ("timezone", timezone.is_some()),
        ("guest_orders", guest_orders.is_some()),
    ];
    let fixed = Restaurant::fixed(&app);
    if let Some((field, _)) = named.iter().find(|(name, given)| *given && fixed.contains(name)) {
        let detail =
            format!("“{field}” is set in the box's settings file or environment. Change it there.");
        return Err(Error::rule("fixed_by_settings", detail).with("field", *field));
    }
    let name = name.map(Text::into_inner);
    let command = UpdateSite { name, currency, timezone, languages, guest_orders, tax };
    app.store.run(command).await?;
    app.reload_site().await?;
    Ok(Json(Restaurant::of(&app)))
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
    let mut text = format!(
        "# TYPE qres_uptime_seconds gauge\nqres_uptime_seconds {:.0}\n\
         # TYPE qres_events_total counter\nqres_events_total {}\n\
         # TYPE qres_store_queue_length gauge\nqres_store_queue_length {}\n\
         # TYPE qres_screens_connected gauge\nqres_screens_connected {}\n",
        app.started.elapsed().as_secs_f64(),
        app.store.last_seq(),
        app.store.queue_length(),
        app.hub.connected(),
    );
    text.push_str(&app.cloud.metrics(&app.store).await);
    text
}
