//! What this part of the box brings to it.

use std::time::Duration;

use utoipa_axum::router::OpenApiRouter;

use super::{api, at_table_api, erasing, privacy_api};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// How often it is looked for erasures that were broken off, and for what deleted rows left in the file.
const LOOK: Duration = Duration::from_hours(1);

/// Brings the routes under `/customers`, and `/orders/{id}/customer`. It stands behind the backups: what a
/// restore brought back is erased again before anybody is served.
pub fn feature() -> Feature<App> {
    Feature::of(routes)
        .copies(&[(180, "customers"), (181, "customer_words")])
        .copies(&[(182, "customer_consents"), (183, "customer_erasures")])
        .starts(|_, store| async move { erasing::finish_all(&store).await })
        .every(LOOK, |app| async move { erasing::tidy(&app.store).await })
}

fn routes() -> OpenApiRouter<App> {
    api::router().merge(at_table_api::router()).merge(privacy_api::router())
}
