//! What this part of the box brings to it.

use super::{api, doctor};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/house-accounts`.
pub fn feature() -> Feature<App> {
    Feature::of(api::router)
        .copies(&[(40, "house_accounts"), (41, "account_moves")])
        .is_checked(doctor::checks)
}
