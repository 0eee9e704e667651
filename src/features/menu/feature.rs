//! What this part of the box brings to it.

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;

use super::Cache;
use super::{
    categories, combos, countdown, dishes, editing, ingredients, modifiers, public_menu, sold_out,
    variations,
};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/categories`, `/dishes`, `/ingredients`,
/// `/modifier-groups` and `/combos`.
pub fn feature() -> Feature<App> {
    let cache = Arc::new(Cache::default());
    let hears = Arc::clone(&cache);
    Feature::of(routes)
        .copies(&[(5, "categories"), (6, "dishes"), (7, "dish_variations")])
        .copies(&[(8, "ingredients"), (9, "dish_ingredients")])
        .copies(&[(80, "modifier_groups"), (81, "modifier_options")])
        .copies(&[(84, "combo_parts"), (85, "combo_choices"), (133, "portions_left")])
        .copies(&[(82, "option_ingredients"), (83, "dish_modifier_groups")])
        .copies(&[(95, "variation_barcodes")])
        .keeps(cache)
        .hears(Box::new(move |commit| hears.observe(commit.events)))
}

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(categories::router())
        .merge(dishes::router())
        .merge(variations::router())
        .merge(ingredients::router())
        .merge(modifiers::router())
        .merge(combos::router())
        .merge(public_menu::router())
        .merge(editing::router())
        .merge(sold_out::router())
        .merge(countdown::router())
}
