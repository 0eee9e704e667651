//! What a person who edits the menu needs beyond its single things: all of it at once, also what
//! guests do not see, and its order as it was dragged.

mod api;
mod store;

pub(super) use api::router;
pub(super) use store::place_in_order;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::combos::ComboPart;
use super::modifiers::{DishModifierGroup, ModifierGroup};
use super::{Category, Dish, DishVariation};
use crate::core::kernel::fields::Id;

/// Everything on the menu, in its order; also what is inactive or not available.
#[derive(Debug, Serialize, ToSchema)]
pub struct WholeMenu {
    /// The categories.
    pub categories: Vec<WholeCategory>,
    /// All groups of options, those that dishes ask for and those that none does.
    pub modifier_groups: Vec<ModifierGroup>,
}

/// A category with all its dishes.
#[derive(Debug, Serialize, ToSchema)]
pub struct WholeCategory {
    /// The category.
    #[serde(flatten)]
    pub category: Category,
    /// Its dishes.
    pub dishes: Vec<WholeDish>,
}

/// A dish with all its variations.
#[derive(Debug, Serialize, ToSchema)]
pub struct WholeDish {
    /// The dish.
    #[serde(flatten)]
    pub dish: Dish,
    /// The ways it is sold; a dish without one is not sold.
    pub variations: Vec<DishVariation>,
    /// The groups of options that it asks for, in their order.
    pub modifier_groups: Vec<DishModifierGroup>,
    /// Where it is a combo, its parts in their order.
    pub combo: Vec<ComboPart>,
}

/// In which order things stand.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = MenuOrder)]
pub struct Order {
    /// The first one first, each once. What is not named stays behind them as it stood.
    #[schema(max_items = 2000)]
    pub ids: Vec<Id>,
}

/// Which dishes stand in a category, and in which order.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DishOrder {
    /// The category that they stand in from now on.
    pub category_id: Id,
    /// The first one first, each once; those of other categories move here. The category's dishes
    /// that are not named stay behind them as they stood.
    #[schema(max_items = 2000)]
    pub ids: Vec<Id>,
}
