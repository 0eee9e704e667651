//! What this part of the box brings to it.

use std::sync::Arc;

use super::refusals::Refusals;
use super::{api, approvals_api, approvals_store, doctor};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes of permissions and approvals.
pub fn feature() -> Feature<App> {
    Feature::of(|| api::router().merge(approvals_api::router()))
        .copies(&[(21, "role_permissions"), (22, "user_permissions")])
        .local(&["approvals", "deeds"])
        .is_checked(doctor::checks)
        .keeps(Arc::<Refusals>::default())
        .forgets(|_| Box::new(|tx, most| approvals_store::trim(tx, most)))
}
