//! What this part of the box brings to it.

use std::time::Duration;

use super::api;
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// How often it is noted who has signed in.
const NOTE_WHO_WORKS: Duration = Duration::from_mins(10);

/// Brings the routes under `/tips`.
pub fn feature() -> Feature<App> {
    Feature::of(api::router)
        .copies(&[(74, "tip_rules"), (75, "work_days")])
        .every(NOTE_WHO_WORKS, |app| async move { api::note_who_works(&app).await })
}
