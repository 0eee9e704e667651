//! What this part of the box brings to it.

use std::sync::Arc;

use super::api;
use super::{Turn, note_broken_off};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes `/import` and `/export`.
pub fn feature() -> Feature<App> {
    Feature::of(api::router)
        .starts(|_, store| async move { note_broken_off(&store).await })
        .keeps(Arc::new(Turn::default()))
}
