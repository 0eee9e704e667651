//! What this part of the box brings to it.

use std::sync::Arc;

use super::api;
use super::{Jobs, Tickets, doctor};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/box`.
pub fn feature() -> Feature<App> {
    Feature::of(api::router())
        .keeps(Arc::new(Jobs::default()))
        .keeps(Arc::new(Tickets::default()))
        .is_checked(doctor::checks)
}
