//! The guests' menu as data.

use serde::Serialize;
use utoipa::ToSchema;

use crate::core::kernel::{Money, Translations};
use crate::features::menu::ingredients::Allergen;
use crate::features::menu::{Department, SaleUnit};
use crate::features::prices::Channel;

/// What is sold now, in the order of the menu.
#[derive(Serialize, ToSchema)]
pub(super) struct MenuResponse {
    pub(super) categories: Vec<MenuCategory>,
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
    /// At least one.
    pub(super) variations: Vec<MenuVariation>,
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
    pub(super) sort_order: i64,
    pub(super) sku: Option<String>,
    pub(super) translations: Translations,
}
