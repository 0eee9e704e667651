//! The ways a dish is sold, each with a price: small and large, 0.3 and 0.5 litres. A dish that
//! has variations has exactly one default among them.

mod api;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Barcode, Calories, ExternalId, SaleUnit, yes};
use crate::core::kernel::fields::{Code, Comment, Line, Name, SortOrder, Weight};
use crate::core::kernel::money::Price;
use crate::core::kernel::{Money, Patch, Timestamp, Translations};

pub(super) use api::router;
pub use store::CreateVariation;
pub(super) use store::{of_all_dishes, of_dish, remove_all_of, variation};

/// A way a dish is sold.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DishVariation {
    /// Id.
    pub id: i64,
    /// The dish.
    pub dish_id: i64,
    /// What it is called.
    pub name: String,
    /// More about it.
    pub description: Option<String>,
    /// What one costs.
    pub price: Money,
    /// Of what the price is: a piece, or so much by weight or volume.
    pub unit: SaleUnit,
    /// Picture.
    pub image_url: Option<String>,
    /// Grams or millilitres.
    pub weight: Option<f64>,
    /// Kilocalories.
    pub calories: Option<i64>,
    /// Whether it is meant when none is named.
    pub is_default: bool,
    /// Whether it is sold now.
    pub is_available: bool,
    /// Where it stands: small numbers first.
    pub sort_order: i64,
    /// The restaurant's own code.
    pub sku: Option<String>,
    /// Its id in another program.
    pub external_id: Option<String>,
    /// What a scanner reads off a package of it.
    pub barcodes: Vec<String>,
    /// Name and description in other languages.
    pub translations: Translations,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// One page of variations.
#[derive(Debug, Serialize, ToSchema)]
pub struct DishVariationList {
    /// The page.
    pub variations: Vec<DishVariation>,
    /// How many there are in all.
    pub total: i64,
}

/// A new variation; see [`DishVariation`].
#[derive(Debug, Deserialize, ToSchema)]
pub struct DishVariationCreate {
    /// What it is called.
    pub name: Name,
    /// More about it.
    pub description: Option<Comment>,
    /// What one costs.
    pub price: Price,
    /// Of what the price is; a piece when left out.
    #[serde(default)]
    #[schema(default = "piece")]
    pub unit: SaleUnit,
    /// Picture.
    pub image_url: Option<Line>,
    /// Grams or millilitres.
    pub weight: Option<Weight>,
    /// Kilocalories.
    pub calories: Option<Calories>,
    /// Takes the mark from the variation that has it. A dish's first one has it in any case.
    #[serde(default)]
    pub is_default: bool,
    /// Whether it is sold now.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_available: bool,
    /// Where it stands.
    #[serde(default)]
    #[schema(default = 0)]
    pub sort_order: SortOrder,
    /// The restaurant's own code; no two alike on the whole menu.
    pub sku: Option<Code>,
    /// Its id in another program; no two sizes have the same.
    #[schema(value_type = Option<String>, max_length = 100)]
    pub external_id: Option<ExternalId>,
    /// What a scanner reads off a package of it, at most 20; no two sizes have the same.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub barcodes: Vec<Barcode>,
    /// Name and description in other languages.
    #[serde(default)]
    pub translations: Translations,
}

/// Changes to a variation; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DishVariationUpdate {
    /// What it is called.
    pub name: Option<Name>,
    /// More about it.
    #[serde(default)]
    pub description: Patch<Comment>,
    /// What one costs, for orders from now on.
    pub price: Option<Price>,
    /// Of what the price is, for orders from now on.
    pub unit: Option<SaleUnit>,
    /// Picture.
    #[serde(default)]
    pub image_url: Patch<Line>,
    /// Grams or millilitres.
    #[serde(default)]
    pub weight: Patch<Weight>,
    /// Kilocalories.
    #[serde(default)]
    pub calories: Patch<Calories>,
    /// `true` takes the mark from the variation that has it; it cannot be given up.
    pub is_default: Option<bool>,
    /// Whether it is sold now.
    pub is_available: Option<bool>,
    /// Where it stands.
    pub sort_order: Option<SortOrder>,
    /// The restaurant's own code; no two alike on the whole menu.
    #[serde(default)]
    pub sku: Patch<Code>,
    /// Its id in another program; no two sizes have the same.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub external_id: Patch<ExternalId>,
    /// Takes the place of all its barcodes, at most 20; no two sizes have the same.
    #[schema(max_items = 20)]
    pub barcodes: Option<Vec<Barcode>>,
    /// Takes the place of all translations.
    pub translations: Option<Translations>,
}

/// Whether a variation is sold from now on.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DishVariationAvailabilityUpdate {
    /// Whether it is sold.
    pub is_available: bool,
}
