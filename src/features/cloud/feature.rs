//! What this part of the box brings to it.

use std::sync::Arc;

use super::metrics::metrics;
use super::sync_state::SyncHandle;
use super::sync_worker::copy;
use super::{api, doctor};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/cloud`.
pub fn feature() -> Feature<App> {
    let sync = Arc::new(SyncHandle::default());
    let of = Arc::clone(&sync);
    Feature::of(api::router)
        .local(&["cloud_state", "cloud_refused", "cloud_trouble", "cloud_joining"])
        .keeps(sync)
        .runs(copy)
        .is_checked(|settings| vec![doctor::copy(settings)])
        .tells(move |store| metrics(Arc::clone(&of), store))
}
