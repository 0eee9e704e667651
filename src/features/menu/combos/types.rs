//! What is said of combos, and what is chosen of one.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::fields::{Comment, Id, Name};
use crate::core::kernel::{Money, Translations};
use crate::features::menu::ModifierChoice;

/// A combo: a dish of parts.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComboDish {
    /// The dish, whose price is for one of each part.
    pub dish_id: i64,
    /// What it is called.
    pub name: String,
    /// Its parts, in their order.
    pub parts: Vec<ComboPart>,
}

/// All combos of the menu.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComboList {
    /// Each, by name.
    pub combos: Vec<ComboDish>,
}

/// A part of a combo, of which one thing is chosen.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ComboPart {
    /// Id.
    pub id: i64,
    /// What it is called: “Soup”, “Drink”.
    pub name: String,
    /// The name in other languages.
    pub translations: Translations,
    /// What there is to choose.
    pub choices: Vec<ComboPartChoice>,
}

/// Something to choose for a part.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ComboPartChoice {
    /// Id: what an order names.
    pub id: i64,
    /// The dish.
    pub dish_id: i64,
    /// Its size or kind.
    pub dish_variation_id: i64,
    /// What the dish is called.
    pub dish_name: String,
    /// That in other languages.
    pub dish_translations: Translations,
    /// What its size or kind is called.
    pub variation_name: String,
    /// What it adds to the price of the combo.
    pub surcharge: Money,
    /// Whether it is meant where none is named.
    pub is_default: bool,
    /// Whether it can be had now.
    pub is_available: bool,
}

/// The parts of a combo from now on.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ComboUpdate {
    /// In their order, at most 10.
    #[schema(min_items = 1, max_items = 10)]
    pub parts: Vec<ComboPartUpdate>,
}

/// A part of a combo.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ComboPartUpdate {
    /// The part, where it is there already; a new one when left out.
    pub id: Option<Id>,
    /// What it is called.
    pub name: Name,
    /// The name in other languages.
    #[serde(default)]
    pub translations: Translations,
    /// What there is to choose, in its order, at most 50.
    #[schema(min_items = 1, max_items = 50)]
    pub choices: Vec<ComboPartChoiceUpdate>,
}

/// Something to choose for a part.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ComboPartChoiceUpdate {
    /// The choice, where it is there already; a new one when left out.
    pub id: Option<Id>,
    /// The size or kind of a dish.
    pub dish_variation_id: Id,
    /// What it adds to the price of the combo; nothing when left out.
    #[serde(default)]
    #[schema(required = false)]
    pub surcharge: Money,
    /// Whether it is meant where none is named.
    #[serde(default)]
    pub is_default: bool,
}

/// What is chosen for a part of a combo.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ComboChoice {
    /// What of the part's choices.
    pub choice_id: Id,
    /// What is chosen with that dish; the dish as it comes when left out.
    #[schema(max_items = 50)]
    pub modifiers: Option<Vec<ModifierChoice>>,
    /// A wish.
    pub comment: Option<Comment>,
}
