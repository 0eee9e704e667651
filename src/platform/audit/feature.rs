//! What this part of the box brings to it.

use std::time::Duration;

use super::api;
use super::store::head;
use crate::core::error::Result;
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// How often the log is told the head of the trail.
const TELL_HEAD: Duration = Duration::from_hours(1);

/// Brings the routes under `/audit`.
pub fn feature() -> Feature<App> {
    Feature::of(api::router)
        .copies(&[(17, "audit")])
        .every(TELL_HEAD, |app| async move { tell_head(&app).await })
}

/// In the log the head is out of reach of those who can write to the database.
async fn tell_head(app: &App) -> Result<()> {
    if let Some(head) = app.store.read(head).await? {
        tracing::info!(target: "qres::audit", %head, "the head of the audit trail");
    }
    Ok(())
}
