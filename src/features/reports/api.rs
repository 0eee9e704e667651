//! `/orders/stats/summary`, `/dashboard/stats` and the board of today.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use super::board::Board;
use super::stats::{Dashboard, OrderStats};
use super::store::{self, Stretch};
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::core::kernel::{Timestamp, Zone};
use crate::core::store::disk_space;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, MANAGER};
use crate::platform::http::{ApiResponse, Params, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(summary)).routes(routes!(dashboard)).routes(routes!(board))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Dates {
    /// From this moment on: RFC 3339, or a date; the beginning of today when left out.
    date_from: Option<String>,
    /// Before this moment: RFC 3339, or a date with all of its day; now when left out.
    date_to: Option<String>,
}

impl Dates {
    fn stretch(&self, app: &App) -> Result<Stretch> {
        let zone = app.site().zone.clone();
        let read = |field: &str, text: &Option<String>, as_end| {
            let moment = text.as_deref().map(|text| zone.read(text, as_end)).transpose();
            moment.map_err(|message| Error::invalid(field, message))
        };
        let from = read("date_from", &self.date_from, false)?;
        let to = read("date_to", &self.date_to, true)?;
        stretch(&zone, from, to)
    }
}

/// A stretch of whole days where its ends are the beginnings of days, or not named; else what of
/// its first and last day lies in it.
fn stretch(zone: &Zone, from: Option<Timestamp>, to: Option<Timestamp>) -> Result<Stretch> {
    let until = to.unwrap_or_else(clock::now);
    let last = Timestamp(until.0 - i64::from(to.is_some()));
    let begin = from.unwrap_or_else(|| zone.day_bounds(last).0);
    if begin > until {
        return Err(Error::invalid("date_from", "must not be later than date_to"));
    }
    let within_a_day = |moment: &Timestamp| zone.day_bounds(*moment).0 != *moment;
    let (from, to) = (from.filter(within_a_day), to.filter(within_a_day));
    // Orders keep the day that they had when the zone was another: it is one off at most.
    let first = zone.day_of(begin).plus_days(-i64::from(from.is_some()));
    let last = zone.day_of(last).plus_days(i64::from(to.is_some()));
    Ok(Stretch { days: (first.number(), last.number()), from, to })
}

/// Orders of a period by status, and what they brought; today when no dates are given.
#[utoipa::path(get, path = "/orders/stats/summary", tag = "reports", params(Dates),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = OrderStats), Problems))]
async fn summary(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    Params(dates): Params<Dates>,
) -> Result<Json<OrderStats>> {
    let stretch = dates.stretch(&app)?;
    Ok(Json(app.store.read_long(move |db| store::order_stats(db, stretch)).await?))
}

/// How today is, what is happening now, what is late. The figures are in `data`.
#[utoipa::path(get, path = "/dashboard/stats", tag = "reports",
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = ApiResponse), Problems))]
async fn dashboard(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
) -> Result<Json<ApiResponse>> {
    let today = stretch(&app.site().zone, None, None)?;
    let now = clock::now();
    let dashboard: Dashboard =
        app.store.read_long(move |db| store::dashboard(db, today, now)).await?;
    Ok(ApiResponse::with("OK", serde_json::to_value(dashboard).map_err(Error::internal)?))
}

/// The board with how the box is.
#[derive(Serialize, ToSchema)]
struct BoardWithBox {
    #[serde(flatten)]
    board: Board,
    /// Bytes free on the disk of the data; none when it cannot be asked.
    disk_free: Option<u64>,
    /// Bytes of that disk.
    disk_total: Option<u64>,
}

/// How today is beside the same day a week ago, what is open, what is late, how the box is.
#[utoipa::path(get, path = "/reports/today", tag = "reports",
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, body = BoardWithBox), Problems))]
async fn board(State(app): State<App>, _: By<{ ADMIN | MANAGER }>) -> Result<Json<BoardWithBox>> {
    let zone = app.site().zone.clone();
    let board = app.store.read_long(move |db| store::board(db, &zone, clock::now())).await?;
    let (disk_free, disk_total) = disk_space(&app.settings.data_dir).unzip();
    Ok(Json(BoardWithBox { board, disk_free, disk_total }))
}
