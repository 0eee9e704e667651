//! Recipes: what a size of a dish, an option or a semi-finished good takes, from a day on.

mod api;
mod fraction;
mod rules;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::amount::{AboveZero, Amount, percent};
use super::goods::BaseUnit;
use crate::core::kernel::fields::{Id, Text};
use crate::core::kernel::{Money, Percent, Timestamp};

pub(super) use api::router;
pub(super) use fraction::Fraction;
pub(super) use rules::{Book, Of, explode};
pub(super) use store::{CreateRecipe, any_recipe, current, remembered_book, said};

/// The name under which sold dishes are read from the event log.
pub(super) const READER: &str = "stock";

/// A recipe has no more lines than this.
const MOST_LINES: usize = 100;

/// A recipe.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Recipe {
    /// Id.
    pub id: i64,
    /// The size of a dish that it is of.
    pub variation_id: Option<i64>,
    /// The option that it is of.
    pub option_id: Option<i64>,
    /// The semi-finished good that it is of.
    pub good_id: Option<i64>,
    /// What that is called.
    pub name: String,
    /// From when on it holds; until a newer one does.
    pub valid_from: Timestamp,
    /// Whether it holds now.
    pub is_current: bool,
    /// How much it makes: portions, or of a good in its unit.
    pub batch_out: Amount,
    /// What the cook should know.
    pub note: Option<String>,
    /// What it takes.
    pub lines: Vec<RecipeLine>,
    /// What one costs at the averages of now: a portion, a kilogram, a litre, a piece.
    pub cost: Money,
    /// What the size costs on the menu, where it is of one.
    pub price: Option<Money>,
    /// When it was written down.
    pub created_at: Timestamp,
}

/// What a recipe takes of a good.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecipeLine {
    /// The good.
    pub good_id: i64,
    /// What it is called.
    pub good_name: String,
    /// In what it is counted.
    pub base_unit: BaseUnit,
    /// How much is taken off the shelf.
    pub gross: Amount,
    /// What is lost when it is cleaned and cut.
    pub cold_percent: Percent,
    /// What of the rest is lost when it is cooked.
    pub hot_percent: Percent,
    /// What is left of it on the plate.
    pub out: Amount,
}

/// A recipe with all that it takes in the end.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecipeDetails {
    /// The recipe.
    #[serde(flatten)]
    pub recipe: Recipe,
    /// The goods that one takes, semi-finished ones taken apart unless they are made in advance.
    pub needs: Vec<Need>,
}

/// What is taken of a good.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Need {
    /// The good.
    pub good_id: i64,
    /// What it is called.
    pub good_name: String,
    /// In what it is counted.
    pub base_unit: BaseUnit,
    /// How much.
    pub quantity: Amount,
    /// What that costs at the average of now.
    pub cost: Money,
}

/// One page of recipes, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecipeList {
    /// The page.
    pub recipes: Vec<Recipe>,
    /// Give this as `before` for the next page; null at the end.
    pub next: Option<i64>,
}

/// A new recipe. Exactly one of `variation_id`, `option_id` and `good_id` says of what.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RecipeCreate {
    /// The size of a dish.
    pub variation_id: Option<Id>,
    /// An option.
    pub option_id: Option<Id>,
    /// A semi-finished good.
    pub good_id: Option<Id>,
    /// From when on it holds; from now on when left out.
    pub valid_from: Option<Timestamp>,
    /// How much it makes.
    #[schema(value_type = Amount)]
    pub batch_out: AboveZero,
    /// What the cook should know.
    #[schema(value_type = Option<String>, max_length = 1000)]
    pub note: Option<Text<0, 1000>>,
    /// What it takes.
    pub lines: Vec<RecipeLineBody>,
}

/// What a recipe is to take of a good.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RecipeLineBody {
    /// The good.
    pub good_id: Id,
    /// How much is taken off the shelf, in its unit.
    #[schema(value_type = Amount)]
    pub gross: AboveZero,
    /// What is lost when it is cleaned and cut; nothing when left out.
    #[serde(default, deserialize_with = "percent")]
    pub cold_percent: Percent,
    /// What of the rest is lost when it is cooked; nothing when left out.
    #[serde(default, deserialize_with = "percent")]
    pub hot_percent: Percent,
}
