//! What this part of the box brings to it.

use super::{api, reports_api};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes of statistics, the board and the reports.
pub fn feature() -> Feature<App> {
    Feature::of(|| api::router().merge(reports_api::router())).local(&[
        "daily_waiters",
        "daily_quarters",
        "daily_dishes",
        "daily_costs",
        "daily_options",
        "daily_taxes",
        "daily_kitchen",
    ])
}
