//! What this part of the box brings to it.

use utoipa_axum::router::OpenApiRouter;

use super::{api, cards_api, doctor};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/house-accounts` and `/gift-cards`.
pub fn feature() -> Feature<App> {
    Feature::of(routes)
        .copies(&[(40, "house_accounts"), (41, "account_moves")])
        .is_checked(doctor::checks)
}

fn routes() -> OpenApiRouter<App> {
    api::router().merge(cards_api::router())
}
