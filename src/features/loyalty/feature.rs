//! What this part of the box brings to it.

use utoipa_axum::router::OpenApiRouter;

use super::{accounts_api, api, doctor};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/loyalty` and `/promo-codes`.
pub fn feature() -> Feature<App> {
    Feature::of(routes)
        .copies(&[(190, "loyalty_programs"), (191, "loyalty_accounts"), (192, "loyalty_entries")])
        .copies(&[(193, "promo_codes"), (194, "promo_uses")])
        .is_checked(doctor::checks)
}

fn routes() -> OpenApiRouter<App> {
    api::router().merge(accounts_api::router())
}
