//! What this part of the box brings to it.

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;

use super::Cache;
use super::{
    categories, dishes, editing, ingredients, modifiers, public_menu, sold_out, variations,
};
use crate::platform::app::App;
use crate::platform::feature::Feature;

/// Brings the routes under `/categories`, `/dishes`, `/ingredients` and `/modifier-groups`.
pub fn feature() -> Feature<App> {
    let cache = Arc::new(Cache::default());
    let hears = Arc::clone(&cache);
    Feature::of(routes)
        .copies(&[(5, "categories"), (6, "dishes"), (7, "dish_variations")])
        .copies(&[(8, "ingredients"), (9, "dish_ingredients")])
        .copies(&[(76, "modifier_groups"), (77, "modifier_options")])
        .copies(&[(78, "option_ingredients"), (79, "dish_modifier_groups")])
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
        .merge(public_menu::router())
        .merge(editing::router())
        .merge(sold_out::router())
}
