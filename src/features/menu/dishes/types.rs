//! What is said of dishes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::fields::{Code, Course, Id, Line, Name, Place, Prose, Weight};
use crate::core::kernel::{Int, Patch, Timestamp, Translations};
use crate::features::menu::ingredients::Allergen;
use crate::features::menu::{Calories, Department, DishVariation, ExternalId, yes};

/// Minutes a dish takes to cook.
type CookingTime = Int<1, 240>;

/// A dish.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Dish {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub description: String,
    /// The part of the menu it stands in.
    pub category_id: i64,
    /// The restaurant's own code.
    pub code: Option<String>,
    /// Its id in another program.
    pub external_id: Option<String>,
    /// Picture.
    pub main_image_url: Option<String>,
    /// Minutes, 1 to 240.
    pub cooking_time: Option<i64>,
    /// Grams or millilitres.
    pub weight: Option<f64>,
    /// Kilocalories.
    pub calories: Option<i64>,
    /// What it is made of, as a sentence.
    pub ingredients: Option<String>,
    /// Where it stands in its category: small numbers first.
    pub sort_order: i64,
    /// Many guests take it.
    pub is_popular: bool,
    /// Whether it is sold now.
    pub is_available: bool,
    /// Who makes it.
    pub department: Department,
    /// Name and description in other languages.
    pub translations: Translations,
    /// How it is taxed; none like its category.
    pub tax_class_id: Option<i64>,
    /// With which course it usually comes; none: like its category.
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 5)]
    pub course: Option<Course>,
    /// The ingredients it is linked to.
    pub ingredient_ids: Vec<i64>,
    /// Those of them that are allergens.
    pub allergens: Vec<Allergen>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A dish with what belongs to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DishWithCategory {
    /// The dish.
    #[serde(flatten)]
    pub dish: Dish,
    /// The name of its category.
    pub category_name: String,
    /// Where its category stands on the menu.
    pub category_sort_order: i64,
    /// The ways it is sold.
    pub variations: Vec<DishVariation>,
}

/// One page of dishes.
#[derive(Debug, Serialize, ToSchema)]
pub struct DishList {
    /// The page.
    pub dishes: Vec<Dish>,
    /// How many there are in all.
    pub total: i64,
}

/// A new dish; see [`Dish`].
#[derive(Debug, Deserialize, ToSchema)]
pub struct DishCreate {
    /// What it is called.
    pub name: Name,
    /// What it is.
    #[serde(default)]
    pub description: Prose,
    /// The part of the menu it stands in.
    pub category_id: Id,
    /// The restaurant's own code; no two alike.
    pub code: Option<Code>,
    /// Its id in another program; no two dishes have the same.
    #[schema(value_type = Option<String>, max_length = 100)]
    pub external_id: Option<ExternalId>,
    /// Picture.
    pub main_image_url: Option<Line>,
    /// Minutes.
    pub cooking_time: Option<CookingTime>,
    /// Grams or millilitres.
    pub weight: Option<Weight>,
    /// Kilocalories.
    pub calories: Option<Calories>,
    /// What it is made of, as a sentence.
    pub ingredients: Option<Prose>,
    /// Where it stands in its category.
    #[serde(default)]
    #[schema(default = 0)]
    pub sort_order: Place,
    /// Many guests take it.
    #[serde(default)]
    pub is_popular: bool,
    /// Whether it is sold now.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_available: bool,
    /// Who makes it.
    #[serde(default)]
    #[schema(default = "hot")]
    pub department: Department,
    /// Name and description in other languages.
    #[serde(default)]
    pub translations: Translations,
    /// How it is taxed; none like its category.
    pub tax_class_id: Option<Id>,
    /// With which course it usually comes; none: like its category.
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 5)]
    pub course: Option<Course>,
    /// The ingredients it is linked to, at most 100.
    #[serde(default)]
    pub ingredient_ids: BTreeSet<Id>,
}

/// Changes to a dish; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DishUpdate {
    /// What it is called.
    pub name: Option<Name>,
    /// What it is.
    pub description: Option<Prose>,
    /// The part of the menu it stands in.
    pub category_id: Option<Id>,
    /// The restaurant's own code; no two alike.
    #[serde(default)]
    pub code: Patch<Code>,
    /// Its id in another program; no two dishes have the same.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub external_id: Patch<ExternalId>,
    /// Picture.
    #[serde(default)]
    pub main_image_url: Patch<Line>,
    /// Minutes.
    #[serde(default)]
    pub cooking_time: Patch<CookingTime>,
    /// Grams or millilitres.
    #[serde(default)]
    pub weight: Patch<Weight>,
    /// Kilocalories.
    #[serde(default)]
    pub calories: Patch<Calories>,
    /// What it is made of, as a sentence.
    #[serde(default)]
    pub ingredients: Patch<Prose>,
    /// Where it stands in its category.
    pub sort_order: Option<Place>,
    /// Many guests take it.
    pub is_popular: Option<bool>,
    /// Whether it is sold now.
    pub is_available: Option<bool>,
    /// Who makes it.
    pub department: Option<Department>,
    /// Takes the place of all translations.
    pub translations: Option<Translations>,
    /// How it is taxed; `null` like its category.
    #[serde(default)]
    pub tax_class_id: Patch<Id>,
    /// With which course it usually comes; `null`: like its category.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 5)]
    pub course: Patch<Course>,
    /// Takes the place of all links to ingredients, at most 100.
    pub ingredient_ids: Option<BTreeSet<Id>>,
}

/// Whether a dish is sold from now on.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DishAvailabilityUpdate {
    /// Whether it is sold.
    pub is_available: bool,
}
