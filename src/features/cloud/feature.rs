//! What this part of the box brings to it.

use std::sync::Arc;

use super::api;
use super::link::copy;
use super::metrics::metrics;
use super::sync_state::Link;
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/cloud`.
pub fn feature() -> Feature<App> {
    let link = Arc::new(Link::default());
    let of = Arc::clone(&link);
    Feature::of(api::router())
        .keeps(link)
        .runs(copy)
        .tells(move |store| metrics(Arc::clone(&of), store))
}
