//! What this part of the box brings to it.

use std::sync::Arc;

use super::store::CurrentBook;
use super::{api, watch};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/periods`, `/price-lists` and `/menu-times`, and watches the clock.
pub fn feature() -> Feature<App> {
    let book = Arc::new(CurrentBook::default());
    let hears = Arc::clone(&book);
    Feature::of(api::router)
        .copies(&[(76, "periods"), (77, "price_lists"), (78, "prices"), (79, "menu_times")])
        .keeps(book)
        .hears(Box::new(move |commit| hears.observe(commit)))
        .runs(watch::watch)
}
