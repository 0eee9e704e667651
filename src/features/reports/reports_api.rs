//! `/reports/{report}`: a table as JSON for the screen, as CSV or XLSX for a spreadsheet.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use super::rules::{
    Compare, Compared, Entry, Figures, RowOrder, day_by_day, finished, period_before, side_by_side,
};
use super::sheet;
use super::store::{self, DishKey};
use super::types::{Alike, Report, ReportKind};
use super::words::Language;
use crate::core::background::in_background;
use crate::core::clock;
use crate::core::error::Result;
use crate::core::kernel::{Day, Period, Timestamp, Zone};
use crate::core::store::Connection;
use crate::platform::app::App;
use crate::platform::auth::{ADMIN, By, MANAGER};
use crate::platform::http::{Params, Path, Problems, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(report))
}

/// In which form a report is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum ReportFormat {
    #[default]
    Json,
    Csv,
    Xlsx,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// The first day; today when left out.
    date_from: Option<Day>,
    /// The last day; today when left out. At most 366 days after the first.
    date_to: Option<Day>,
    /// What the period is held against.
    #[serde(default)]
    #[param(inline)]
    compare: Compare,
    /// In which form.
    #[serde(default)]
    #[param(inline)]
    format: ReportFormat,
    /// The language of the headings of a file; the restaurant's main one when left out.
    #[param(inline)]
    lang: Option<Language>,
}

/// Sales, money or the kitchen's times of a period, beside the period before.
#[utoipa::path(get, path = "/reports/{report}", tag = "reports",
    params(("report" = inline(ReportKind), Path), Wanted),
    security(("bearer" = ["admin", "manager"])),
    responses((status = 200, content((Report = "application/json"), (String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), Problems))]
async fn report(
    State(app): State<App>,
    _: By<{ ADMIN | MANAGER }>,
    Path(kind): Path<ReportKind>,
    Params(wanted): Params<Wanted>,
) -> Result<Response> {
    let zone = app.site().zone.clone();
    let today = zone.day_of(clock::now());
    let date_to = wanted.date_to.unwrap_or(today);
    let period = Period::new(wanted.date_from.unwrap_or(date_to.min(today)), date_to)?;
    let before = period_before(period, wanted.compare);
    let alike = before.and_then(|before| finished(period, before, today));
    let report = app.store.read_long(move |db| {
        let Compared { rows, total, more } = compared(db, &zone, kind, period, before)?;
        let sums = |(period, before): (Period, Period)| -> Result<Alike> {
            let Compared { total, .. } = compared(db, &zone, kind, period, Some(before))?;
            Ok(Alike { period, before, total })
        };
        let alike = alike.map(sums).transpose()?;
        let columns = kind.columns().iter().copied().map(Into::into).collect();
        Ok(Report { kind, period, before, columns, rows, total, more, alike })
    });
    let report = report.await?;
    let language = wanted.lang.unwrap_or_else(|| Language::of(&app.site().languages));
    match wanted.format {
        ReportFormat::Json => Ok(Json(report).into_response()),
        ReportFormat::Csv => {
            let csv = sheet::csv(&report, language)?;
            Ok(file(&report, "csv", "text/csv; charset=utf-8", csv))
        }
        ReportFormat::Xlsx => {
            let name = app.site().name.clone();
            let made = in_background(move || {
                sheet::xlsx(&report, &name, language).map(|bytes| (report, bytes))
            });
            let (report, bytes) = made.await??;
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            Ok(file(&report, "xlsx", kind, bytes))
        }
    }
}

/// A download named after the report and its days.
fn file(report: &Report, ending: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let Period { date_from, date_to } = report.period;
    let name = format!("{}_{date_from}_{date_to}.{ending}", report.kind.as_str());
    let disposition = HeaderValue::try_from(format!("attachment; filename=\"{name}\""))
        .unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, bytes).into_response()
}

fn compared(
    db: &Connection,
    zone: &Zone,
    kind: ReportKind,
    period: Period,
    before: Option<Period>,
) -> Result<Compared> {
    let by_size = RowOrder::Largest;
    let dishes = |by| both(period, before, by_size, move |period| store::by_dish(db, period, by));
    match kind {
        ReportKind::Days => both(period, before, RowOrder::Given, |days| {
            Ok(day_by_day(days, period, store::days(db, days)?))
        }),
        ReportKind::Hours => {
            both(period, before, RowOrder::Given, |period| store::by_hour(db, period, zone))
        }
        ReportKind::Dishes => dishes(DishKey::Dish),
        ReportKind::Categories => dishes(DishKey::Category),
        ReportKind::Variations => dishes(DishKey::Variation),
        ReportKind::Options => both(period, before, by_size, |period| store::by_option(db, period)),
        ReportKind::Waiters => both(period, before, by_size, |period| store::by_waiter(db, period)),
        ReportKind::Taxes => both(period, before, by_size, |period| store::by_rate(db, period)),
        ReportKind::PaymentMethods => both(period, before, by_size, |period| {
            store::payment_methods(db, moments(zone, period))
        }),
        ReportKind::Accounts => both(period, before, RowOrder::Given, |days| {
            Ok(day_by_day(days, period, store::account_days(db, zone, days)?))
        }),
        ReportKind::Tips => both(period, before, by_size, |period| store::tips(db, zone, period)),
        ReportKind::PriceLists => {
            both(period, before, by_size, |period| store::by_price_list(db, period))
        }
        ReportKind::Departments => {
            both(period, before, by_size, |period| store::departments(db, period))
        }
    }
}

/// The figures of a period beside those of the one before.
fn both<F: Figures>(
    period: Period,
    before: Option<Period>,
    order: RowOrder,
    query: impl Fn(Period) -> Result<Vec<Entry<F>>>,
) -> Result<Compared> {
    Ok(side_by_side(query(period)?, before.map(&query).transpose()?, order))
}

/// From the moment at which a period begins to the one before which it ends.
fn moments(zone: &Zone, period: Period) -> (Timestamp, Timestamp) {
    (zone.start(period.date_from), zone.start(period.date_to.plus_days(1)))
}
