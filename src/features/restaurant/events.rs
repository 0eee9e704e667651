//! What is told when the menu is another. It stands here since the restaurant's own facts, its
//! currency and its languages, are part of what guests see there; the menu tells of the rest.

use serde::{Deserialize, Serialize};

use crate::core::event::{Audience, Kind, Payload};

/// Dishes, prices, what is available or how it is shown changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MenuChanged {
    /// Of what.
    pub what: MenuPart,
    /// Which one; 0 for several, none where the word says it all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
}

impl Payload for MenuChanged {
    const KIND: Kind = Kind::MenuChanged;
    const AUDIENCE: Audience = Audience::STAFF.and(Audience::GUESTS);
}

/// Which part of the menu changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MenuPart {
    /// A category of dishes.
    Category,
    /// A dish.
    Dish,
    /// A size or kind of a dish.
    Variation,
    /// An ingredient.
    Ingredient,
    /// A group of options, or one of them.
    ModifierGroup,
    /// The restaurant's name, currency, languages or the like.
    Restaurant,
    /// What costs how much now, or is on the menu now: by a list of prices, or because of the time.
    Prices,
    /// Whatever a file said.
    Import,
}
