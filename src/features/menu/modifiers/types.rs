//! What is said of groups and options, and of what was chosen.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::fields::{Id, Label, Line, Name, SortOrder, Weight};
use crate::core::kernel::{Int, Money, Patch, Timestamp, Translations};
use crate::features::menu::ingredients::Allergen;
use crate::features::menu::{Calories, ExternalId, yes};

/// How many units of a group's options may be chosen for one dish, at most.
pub const MOST_CHOICES: i64 = 50;
/// How many options one line of an order may name.
pub const MOST_OF_A_LINE: usize = 50;

/// A number of choices.
pub type Choices = Int<0, MOST_CHOICES>;
/// How often an option may be chosen.
pub type Times = Int<1, 20>;
/// The first or the second half of a dish.
pub type Portion = Int<1, 2>;

/// What is said before an option.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = ModifierPrefix)]
pub enum Prefix {
    /// Without it.
    No,
    /// More of it than comes with the dish.
    Extra,
    /// On a plate of its own.
    OnTheSide,
}

/// How two halves of a dish are priced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = HalvesPrice)]
pub enum Halves {
    /// The dearer half says what both cost.
    Dearest,
    /// The mean of both, half up.
    Mean,
    /// Both together: the options' prices are of a half.
    Sum,
}

impl Halves {
    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dearest => "DEAREST",
            Self::Mean => "MEAN",
            Self::Sum => "SUM",
        }
    }

    /// The rule by its word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Dearest, Self::Mean, Self::Sum].into_iter().find(|rule| rule.as_str() == word)
    }
}

/// A group of options, of which guests choose some with a dish.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ModifierGroup {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// The name in other languages.
    pub translations: Translations,
    /// How many have to be chosen: of each half, where there are halves.
    pub min: i64,
    /// How many may be chosen: of each half, where there are halves.
    pub max: i64,
    /// So many of those that are chosen cost nothing, the cheapest ones.
    pub free: i64,
    /// How two halves are priced; none: the dish has no halves here.
    pub halves: Option<Halves>,
    /// What may be said before an option.
    pub prefixes: Vec<Prefix>,
    /// Its id in another program.
    pub external_id: Option<String>,
    /// Where it stands among groups: small numbers first.
    pub sort_order: i64,
    /// What there is to choose.
    pub options: Vec<ModifierOption>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Something to choose with a dish.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ModifierOption {
    /// Id.
    pub id: i64,
    /// Its group.
    pub group_id: i64,
    /// What it is called.
    pub name: String,
    /// The name in other languages.
    pub translations: Translations,
    /// What the kitchen calls it; none: by its name.
    pub kitchen_name: Option<String>,
    /// Its photo, as `POST /uploads` names it.
    pub image_url: Option<String>,
    /// What one adds to the price of the dish; below 0 where it takes off.
    pub price: Money,
    /// Whether it comes with the dish, whose price includes one.
    pub is_default: bool,
    /// How often it may be chosen.
    pub max_quantity: i64,
    /// Whether it can be had now.
    pub is_available: bool,
    /// Grams or millilitres.
    pub weight: Option<f64>,
    /// Kilocalories.
    pub calories: Option<i64>,
    /// The group that is asked once this is chosen.
    pub nested_group_id: Option<i64>,
    /// Its id in another program.
    pub external_id: Option<String>,
    /// Where it stands in its group: small numbers first.
    pub sort_order: i64,
    /// The ingredients it is linked to.
    pub ingredient_ids: Vec<i64>,
    /// Those of them that are allergens.
    pub allergens: Vec<Allergen>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// One page of groups.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModifierGroupList {
    /// The page.
    pub groups: Vec<ModifierGroup>,
    /// How many there are in all.
    pub total: i64,
}

/// A new group; see [`ModifierGroup`].
#[derive(Debug, Deserialize, ToSchema)]
pub struct ModifierGroupCreate {
    /// What it is called.
    pub name: Name,
    /// The name in other languages.
    #[serde(default)]
    pub translations: Translations,
    /// How many have to be chosen.
    #[serde(default)]
    #[schema(default = 0)]
    pub min: Choices,
    /// How many may be chosen; one when left out.
    #[schema(value_type = Option<Choices>)]
    pub max: Option<Choices>,
    /// So many of those that are chosen cost nothing, the cheapest ones.
    #[serde(default)]
    #[schema(default = 0)]
    pub free: Choices,
    /// How two halves are priced; none: there are no halves.
    pub halves: Option<Halves>,
    /// What may be said before an option.
    #[serde(default)]
    pub prefixes: BTreeSet<Prefix>,
    /// Its id in another program; no two groups have the same.
    #[schema(value_type = Option<String>, max_length = 100)]
    pub external_id: Option<ExternalId>,
    /// Where it stands among groups.
    #[serde(default)]
    #[schema(default = 0)]
    pub sort_order: SortOrder,
    /// What there is to choose, in its order, at most 100.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub options: Vec<ModifierOptionCreate>,
}

/// Changes to a group; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ModifierGroupUpdate {
    /// What it is called.
    pub name: Option<Name>,
    /// Takes the place of all translations.
    pub translations: Option<Translations>,
    /// How many have to be chosen.
    pub min: Option<Choices>,
    /// How many may be chosen.
    pub max: Option<Choices>,
    /// So many of those that are chosen cost nothing.
    pub free: Option<Choices>,
    /// How two halves are priced; `null`: there are no halves.
    #[serde(default)]
    pub halves: Patch<Halves>,
    /// Takes the place of all that may be said before an option.
    pub prefixes: Option<BTreeSet<Prefix>>,
    /// Its id in another program; no two groups have the same.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub external_id: Patch<ExternalId>,
    /// Where it stands among groups.
    pub sort_order: Option<SortOrder>,
}

/// A new option; see [`ModifierOption`].
#[derive(Debug, Deserialize, ToSchema)]
pub struct ModifierOptionCreate {
    /// What it is called.
    pub name: Name,
    /// The name in other languages.
    #[serde(default)]
    pub translations: Translations,
    /// What the kitchen calls it.
    pub kitchen_name: Option<Label<0, 100>>,
    /// Its photo, as `POST /uploads` names it.
    pub image_url: Option<Line>,
    /// What one adds to the price of the dish; nothing when left out.
    #[serde(default)]
    #[schema(required = false)]
    pub price: Money,
    /// Whether it comes with the dish, whose price includes one.
    #[serde(default)]
    pub is_default: bool,
    /// How often it may be chosen; once when left out.
    #[schema(value_type = Option<Times>)]
    pub max_quantity: Option<Times>,
    /// Whether it can be had now.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_available: bool,
    /// Grams or millilitres.
    pub weight: Option<Weight>,
    /// Kilocalories.
    pub calories: Option<Calories>,
    /// The group that is asked once this is chosen.
    pub nested_group_id: Option<Id>,
    /// Its id in another program; no two options have the same.
    #[schema(value_type = Option<String>, max_length = 100)]
    pub external_id: Option<ExternalId>,
    /// Where it stands in its group; behind the others when left out.
    pub sort_order: Option<SortOrder>,
    /// The ingredients it is linked to, at most 100.
    #[serde(default)]
    pub ingredient_ids: BTreeSet<Id>,
}

/// Changes to an option; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ModifierOptionUpdate {
    /// What it is called.
    pub name: Option<Name>,
    /// Takes the place of all translations.
    pub translations: Option<Translations>,
    /// What the kitchen calls it.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub kitchen_name: Patch<Label<0, 100>>,
    /// Its photo, as `POST /uploads` names it.
    #[serde(default)]
    pub image_url: Patch<Line>,
    /// What one adds to the price of the dish, for orders from now on.
    pub price: Option<Money>,
    /// Whether it comes with the dish.
    pub is_default: Option<bool>,
    /// How often it may be chosen.
    pub max_quantity: Option<Times>,
    /// Whether it can be had now.
    pub is_available: Option<bool>,
    /// Grams or millilitres.
    #[serde(default)]
    pub weight: Patch<Weight>,
    /// Kilocalories.
    #[serde(default)]
    pub calories: Patch<Calories>,
    /// The group that is asked once this is chosen.
    #[serde(default)]
    pub nested_group_id: Patch<Id>,
    /// Its id in another program; no two options have the same.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub external_id: Patch<ExternalId>,
    /// Where it stands in its group.
    pub sort_order: Option<SortOrder>,
    /// Takes the place of all links to ingredients, at most 100.
    pub ingredient_ids: Option<BTreeSet<Id>>,
}

/// Whether an option can be had from now on.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ModifierOptionAvailabilityUpdate {
    /// Whether it can be had.
    pub is_available: bool,
}

/// An option as somebody chooses it with a dish.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ModifierChoice {
    /// The option.
    pub option_id: Id,
    /// How often; once when left out.
    #[schema(value_type = Option<Times>)]
    pub quantity: Option<Times>,
    /// What is said before it.
    pub prefix: Option<Prefix>,
    /// On which half of the dish; on both when left out.
    #[schema(value_type = Option<Portion>)]
    pub portion: Option<Portion>,
    /// The chosen option that asks for it, where its group is nested.
    pub under: Option<Id>,
    /// What one costs, as it was shown: with another price of now nothing is ordered (409
    /// `choices_changed`).
    pub price: Option<Money>,
}

/// An option of a line of an order, as it was chosen. Names and prices are as they were then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LineModifier {
    /// The option.
    pub option_id: i64,
    /// Its group.
    pub group_id: i64,
    /// What the group was called.
    pub group_name: String,
    /// What it was called.
    pub name: String,
    /// What the kitchen calls it; left out: by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kitchen_name: Option<String>,
    /// How often.
    pub quantity: i64,
    /// What one costs on the menu.
    pub price: Money,
    /// What all of it adds to the price of one dish: less where some come with the dish or are free.
    pub amount: Money,
    /// What is said before it; left out where nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<Prefix>,
    /// On which half of the dish; left out: on both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portion: Option<i64>,
    /// The chosen option that asked for it; left out where the dish did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under: Option<i64>,
    /// Whether it comes with the dish anyway; left out where not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub is_default: bool,
}

/// The same for guests: without what the kitchen calls things.
pub fn for_guests(modifiers: Vec<LineModifier>) -> Vec<LineModifier> {
    modifiers.into_iter().map(|one| LineModifier { kitchen_name: None, ..one }).collect()
}
