//! What this part of the box brings to it.

use utoipa_axum::router::OpenApiRouter;

use super::{api, doctor, follow, guest_api};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/reservations` and `/reserve`, and reads what those ordered who sit.
pub fn feature() -> Feature<App> {
    Feature::of(routes)
        .copies_without((140, "reservations"), &["code"])
        .copies(&[(141, "reservation_tables"), (142, "reservation_rules")])
        .runs(follow::follow_orders)
        .is_checked(doctor::checks)
}

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(api::router()).merge(guest_api::router())
}
