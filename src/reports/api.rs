//! `/orders/stats/summary` and `/dashboard/stats`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::store::{self, Period};
use super::{Dashboard, OrderStats};
use crate::app::App;
use crate::auth::{ADMIN, By, MANAGER};
use crate::clock;
use crate::error::{Error, Result};
use crate::http::{ApiResponse, Params, Problems};
use crate::kernel::Timestamp;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(summary)).routes(routes!(dashboard))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Dates {
    /// From this moment on; the beginning of today when left out.
    #[param(value_type = Option<String>, format = DateTime)]
    date_from: Option<Timestamp>,
    /// Before this moment; now when left out.
    #[param(value_type = Option<String>, format = DateTime)]
    date_to: Option<Timestamp>,
}

fn period(app: &App, from: Option<Timestamp>, to: Option<Timestamp>) -> Result<Period> {
    let zone = &app.site.zone;
    let to = to.unwrap_or_else(|| Timestamp(clock::now().0 + 1));
    let from = from.unwrap_or_else(|| zone.day_bounds(to).0);
    if from > to {
        return Err(Error::invalid("date_from", "must not be later than date_to"));
    }
    Ok(Period { days: (zone.day(from), zone.day(to)), from, to })
}

/// Orders of a period by status, and what they brought; today when no dates are given.
#[utoipa::path(get, path = "/orders/stats/summary", tag = "reports", params(Dates),
    responses((status = 200, body = OrderStats), Problems))]
async fn summary(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    Params(dates): Params<Dates>,
) -> Result<Json<OrderStats>> {
    let period = period(&app, dates.date_from, dates.date_to)?;
    Ok(Json(app.store.read(move |db| store::order_stats(db, period)).await?))
}

/// How today is, what is happening now, what is late. The figures are in `data`.
#[utoipa::path(get, path = "/dashboard/stats", tag = "reports",
    responses((status = 200, body = ApiResponse), Problems))]
async fn dashboard(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
) -> Result<Json<ApiResponse>> {
    let today = period(&app, None, None)?;
    let dashboard: Dashboard = app.store.read(move |db| store::dashboard(db, today)).await?;
    Ok(ApiResponse::with("OK", serde_json::to_value(dashboard).map_err(Error::internal)?))
}
