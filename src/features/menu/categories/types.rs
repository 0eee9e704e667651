//! What is said of categories.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::fields::{Line, Name, SortOrder};
use crate::core::kernel::{Patch, Text, Timestamp};
use crate::features::menu::{Translations, yes};

/// A part of the menu.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Category {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// What is in it.
    pub description: Option<String>,
    /// Picture.
    pub image_url: Option<String>,
    /// Where it stands on the menu: small numbers first.
    pub sort_order: i64,
    /// The dishes of an inactive one are not sold.
    pub is_active: bool,
    /// The colour that screens give it.
    pub color: Option<String>,
    /// Shown more prominently.
    pub featured: bool,
    /// Name and description in other languages.
    pub translations: Translations,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A category and how much is in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryWithDishes {
    /// The category.
    #[serde(flatten)]
    pub category: Category,
    /// How many dishes it has.
    pub dishes_count: i64,
    /// How many of them are available.
    pub active_dishes_count: i64,
}

/// One page of categories.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryList {
    /// The page.
    pub categories: Vec<Category>,
    /// How many there are in all.
    pub total: i64,
}

/// A new category; see [`Category`].
#[derive(Debug, Deserialize, ToSchema)]
pub struct CategoryCreate {
    /// No two alike.
    pub name: Name,
    /// What is in it.
    pub description: Option<Line>,
    /// Picture.
    pub image_url: Option<Line>,
    /// Where it stands on the menu.
    #[serde(default)]
    #[schema(default = 0)]
    pub sort_order: SortOrder,
    /// Whether its dishes are sold.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_active: bool,
    /// The colour that screens give it.
    pub color: Option<Text<0, 10>>,
    /// Shown more prominently.
    #[serde(default)]
    pub featured: bool,
    /// Name and description in other languages.
    #[serde(default)]
    pub translations: Translations,
}

/// Changes to a category; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CategoryUpdate {
    /// No two alike.
    pub name: Option<Name>,
    /// What is in it.
    #[serde(default)]
    pub description: Patch<Line>,
    /// Picture.
    #[serde(default)]
    pub image_url: Patch<Line>,
    /// Where it stands on the menu.
    pub sort_order: Option<SortOrder>,
    /// Whether its dishes are sold.
    pub is_active: Option<bool>,
    /// The colour that screens give it.
    #[serde(default)]
    pub color: Patch<Text<0, 10>>,
    /// Shown more prominently.
    pub featured: Option<bool>,
    /// Takes the place of all translations.
    pub translations: Option<Translations>,
}
