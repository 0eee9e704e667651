//! The guests' menu as data.

use serde::Serialize;
use utoipa::ToSchema;

use crate::core::kernel::fields::Course;
use crate::core::kernel::{Money, Translations};
use crate::features::menu::combos::ComboPart;
use crate::features::menu::ingredients::Allergen;
use crate::features::menu::modifiers::{
    DishModifierGroup, Halves, ModifierGroup, ModifierOption, Prefix,
};
use crate::features::menu::{Department, SaleUnit};
use crate::features::prices::Channel;

/// What is sold now, in the order of the menu.
#[derive(Serialize, ToSchema)]
pub(super) struct MenuResponse {
    pub(super) categories: Vec<MenuCategory>,
    /// The groups of options that dishes here, or options of theirs, ask for; left out where there are
    /// none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(super) modifier_groups: Vec<MenuModifierGroup>,
    /// For what it is another menu; left out where it is the same everywhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) differs: Option<MenuDiffers>,
}

/// For what there are other prices or dishes: ask with `channel` and `location_id`.
#[derive(Serialize, ToSchema)]
pub(super) struct MenuDiffers {
    /// Sold in these ways.
    pub(super) channels: Vec<Channel>,
    /// In these rooms.
    pub(super) location_ids: Vec<i64>,
}

impl MenuResponse {
    /// Takes out what is the staff's alone: what the restaurant, packages and other programs call things.
    pub(super) fn leave_to_staff(&mut self) {
        for dish in self.categories.iter_mut().flat_map(|category| &mut category.dishes) {
            dish.code = None;
            for variation in &mut dish.variations {
                variation.sku = None;
                variation.barcodes.clear();
            }
        }
    }

    /// The categories of which something can be had.
    pub(super) fn sold(&self) -> impl Iterator<Item = &MenuCategory> {
        self.categories.iter().filter(|category| !category.dishes.is_empty())
    }

    pub(super) fn dishes(&self) -> impl Iterator<Item = &MenuDish> {
        self.categories.iter().flat_map(|category| &category.dishes)
    }
}

/// An active category with the dishes that can be had.
#[derive(Serialize, ToSchema)]
pub(super) struct MenuCategory {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) image_url: Option<String>,
    pub(super) color: Option<String>,
    pub(super) featured: bool,
    pub(super) sort_order: i64,
    pub(super) translations: Translations,
    pub(super) dishes: Vec<MenuDish>,
}

/// An available dish.
#[derive(Serialize, ToSchema)]
pub(super) struct MenuDish {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) category_id: i64,
    /// Told to staff alone.
    pub(super) code: Option<String>,
    pub(super) main_image_url: Option<String>,
    /// Minutes.
    pub(super) cooking_time: Option<i64>,
    /// Grams or millilitres.
    pub(super) weight: Option<f64>,
    /// Kilocalories.
    pub(super) calories: Option<i64>,
    pub(super) ingredients: Option<String>,
    pub(super) sort_order: i64,
    pub(super) is_popular: bool,
    /// Always true here.
    pub(super) is_available: bool,
    pub(super) department: Department,
    pub(super) translations: Translations,
    pub(super) allergens: Vec<Allergen>,
    /// With which course it usually comes; left out: as it is ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 5)]
    pub(super) course: Option<Course>,
    /// At least one.
    pub(super) variations: Vec<MenuVariation>,
    /// The groups of options that it asks for, in their order; left out where it asks for none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(super) modifier_groups: Vec<DishModifierGroup>,
    /// Where it is a combo, its parts with what can be had of each; left out where it is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(super) combo: Vec<ComboPart>,
}

/// A dish that can be had now, as others than the menu's readers need it.
#[derive(Debug, Clone)]
pub struct OnSale {
    /// Which.
    pub dish_id: i64,
    /// Its category.
    pub category_id: i64,
    /// The ingredients in it that guests may have to avoid.
    pub allergens: Vec<i64>,
}

impl OnSale {
    pub(super) fn of(dish: &MenuDish) -> Self {
        let allergens = dish.allergens.iter().map(|allergen| allergen.id).collect();
        Self { dish_id: dish.id, category_id: dish.category_id, allergens }
    }
}

/// An available variation.
#[derive(Serialize, ToSchema)]
pub(super) struct MenuVariation {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) price: Money,
    /// The menu's own price, where a list of prices says another now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) list_price: Option<Money>,
    /// Of what the price is; left out where it is a piece.
    #[serde(skip_serializing_if = "SaleUnit::is_piece")]
    #[schema(required = false)]
    pub(super) unit: SaleUnit,
    pub(super) image_url: Option<String>,
    /// Grams or millilitres.
    pub(super) weight: Option<f64>,
    /// Kilocalories.
    pub(super) calories: Option<i64>,
    pub(super) is_default: bool,
    /// Always true here.
    pub(super) is_available: bool,
    /// How many portions are left, where they are five or fewer; else left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 5)]
    pub(super) left: Option<i64>,
    pub(super) sort_order: i64,
    /// Told to staff alone.
    pub(super) sku: Option<String>,
    /// What a scanner reads off a package of it; left out where there is nothing to read. Told to staff
    /// alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(super) barcodes: Vec<String>,
    pub(super) translations: Translations,
}

/// A group of options as guests choose from it.
#[derive(Serialize, ToSchema)]
pub(super) struct MenuModifierGroup {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) translations: Translations,
    /// How many have to be chosen, where the dish does not say otherwise: of each half, where there are
    /// halves.
    pub(super) min: i64,
    /// How many may be chosen, where the dish does not say otherwise.
    pub(super) max: i64,
    /// So many of those that are chosen cost nothing, the cheapest ones.
    pub(super) free: i64,
    /// How two halves are priced; left out: there are no halves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) halves: Option<Halves>,
    /// What may be said before an option.
    pub(super) prefixes: Vec<Prefix>,
    /// What can be had.
    pub(super) options: Vec<MenuOption>,
}

/// An option that can be had.
#[derive(Serialize, ToSchema)]
pub(super) struct MenuOption {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) translations: Translations,
    /// Its photo; left out where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) image_url: Option<String>,
    /// What one adds to the price of the dish.
    pub(super) price: Money,
    /// Whether it comes with the dish, whose price includes one.
    pub(super) is_default: bool,
    /// How often it may be chosen.
    pub(super) max_quantity: i64,
    /// Grams or millilitres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) weight: Option<f64>,
    /// Kilocalories.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) calories: Option<i64>,
    /// The group that is asked once this is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) nested_group_id: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(super) allergens: Vec<Allergen>,
}

impl From<ModifierGroup> for MenuModifierGroup {
    fn from(group: ModifierGroup) -> Self {
        let there = group.options.into_iter().filter(|option| option.is_available);
        Self {
            id: group.id,
            name: group.name,
            translations: group.translations,
            min: group.min,
            max: group.max,
            free: group.free,
            halves: group.halves,
            prefixes: group.prefixes,
            options: there.map(MenuOption::from).collect(),
        }
    }
}

impl From<ModifierOption> for MenuOption {
    fn from(option: ModifierOption) -> Self {
        Self {
            id: option.id,
            name: option.name,
            translations: option.translations,
            image_url: option.image_url,
            price: option.price,
            is_default: option.is_default,
            max_quantity: option.max_quantity,
            weight: option.weight,
            calories: option.calories,
            nested_group_id: option.nested_group_id,
            allergens: option.allergens,
        }
    }
}
