//! What this part of the box brings to it.

use std::time::Duration;

use utoipa_axum::router::OpenApiRouter;

use super::late::tell_of_late_orders;
use super::pacing::fire_due_courses;
use super::{
    adjustment_rules, api, checks_api, courses_api, doctor, fiscal_api, items_api, list_api,
    moves_api, receipt_api, rewards_api, unclear_api,
};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// How often late orders are looked for.
const LOOK_FOR_LATE: Duration = Duration::from_secs(10);

/// How often courses are looked for that the house fires by itself.
const LOOK_FOR_COURSES: Duration = Duration::from_secs(5);

/// Brings the routes under `/orders`.
pub fn feature() -> Feature<App> {
    Feature::of(routes)
        .copies(&[(11, "orders"), (12, "order_items"), (13, "payments"), (14, "money_changes")])
        .copies(&[(18, "checks"), (19, "check_lines"), (20, "adjustments")])
        .copies(&[(25, "entries"), (73, "adjustment_rules")])
        .is_checked(doctor::checks)
        .every(LOOK_FOR_LATE, |app| async move { tell_of_late_orders(&app).await })
        .every(LOOK_FOR_COURSES, |app| async move { fire_due_courses(&app).await })
}

fn routes() -> OpenApiRouter<App> {
    let lists = api::router().merge(list_api::router());
    let moves = items_api::router().merge(moves_api::router()).merge(courses_api::router());
    let checks = checks_api::router().merge(unclear_api::router()).merge(receipt_api::router());
    let checks = checks.merge(fiscal_api::router()).merge(rewards_api::router());
    lists.merge(moves).merge(checks).merge(adjustment_rules::api::router())
}
