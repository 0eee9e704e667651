//! What this part of the box brings to it.

use std::sync::Arc;

use super::known::Known;
use super::{api, effect_store, reader};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/suggestions` and `/guest/suggestions`, and learns of orders that are closed.
pub fn feature() -> Feature<App> {
    Feature::of(api::router)
        .copies(&[(200, "suggestion_settings"), (201, "suggestion_marks")])
        .local(&["suggestion_times", "suggestion_dishes", "suggestion_pairs"])
        .local(&["suggestion_past", "suggestion_orders"])
        .keeps(Arc::<Known>::default())
        .runs(reader::learn)
        .forgets(|_| Box::new(|tx, most| effect_store::trim(tx, most)))
}
