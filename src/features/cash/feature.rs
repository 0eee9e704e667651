//! What this part of the box brings to it.

use super::{doctor, drawers_api, shifts_api};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/cash`. Shifts have the last code of theirs: a database that is built anew
/// from the cloud gets what belongs to a closed shift before it knows that this is closed.
pub fn feature() -> Feature<App> {
    Feature::of(|| drawers_api::router().merge(shifts_api::router()))
        .copies(&[
            (50, "cash_drawers"),
            (51, "cash_moves"),
            (52, "cash_counts"),
            (53, "cash_strays"),
            (54, "cash_shifts"),
        ])
        .local(&["cash_drawer_devices"])
        .is_checked(doctor::checks)
}
