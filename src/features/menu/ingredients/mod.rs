//! What dishes are made of, as far as a guest may have to avoid it.

mod api;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Translations;
use crate::core::kernel::fields::{Comment, Name};
use crate::core::kernel::{Patch, Timestamp};

pub(super) use api::router;
pub use store::CreateIngredient;
pub(super) use store::{ingredients_of, set_ingredients};

/// An ingredient.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Ingredient {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// More about it.
    pub description: Option<String>,
    /// Whether some guests must not eat it.
    pub is_allergen: bool,
    /// Name and description in other languages.
    pub translations: Translations,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// An allergen of a dish.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Allergen {
    /// The ingredient's id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// Name and description in other languages.
    pub translations: Translations,
}

/// What one dish is made of.
#[derive(Debug, Default)]
pub(super) struct DishIngredients {
    pub ids: Vec<i64>,
    pub allergens: Vec<Allergen>,
}

/// One page of ingredients.
#[derive(Debug, Serialize, ToSchema)]
pub struct IngredientList {
    /// The page.
    pub ingredients: Vec<Ingredient>,
    /// How many there are in all.
    pub total: i64,
}

/// A new ingredient; see [`Ingredient`].
#[derive(Debug, Deserialize, ToSchema)]
pub struct IngredientCreate {
    /// No two alike.
    pub name: Name,
    /// More about it.
    pub description: Option<Comment>,
    /// Whether some guests must not eat it.
    #[serde(default)]
    pub is_allergen: bool,
    /// Name and description in other languages.
    #[serde(default)]
    pub translations: Translations,
}

/// Changes to an ingredient; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct IngredientUpdate {
    /// No two alike.
    pub name: Option<Name>,
    /// More about it.
    #[serde(default)]
    pub description: Patch<Comment>,
    /// Whether some guests must not eat it.
    pub is_allergen: Option<bool>,
    /// Takes the place of all translations.
    pub translations: Option<Translations>,
}
