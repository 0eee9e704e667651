//! What the restaurant sells: categories of dishes, each with variations that have a price, and
//! the ingredients that guests may have to avoid.

mod categories;
mod combos;
mod countdown;
mod dishes;
mod editing;
mod feature;
mod ingredients;
mod limits;
mod modifiers;
mod outside;
mod public_menu;
mod sold_out;
mod store;
mod unit;
mod variations;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::error::Result;
use crate::core::event::{NewEvent, Thing};
use crate::core::kernel::fields::Course;
use crate::core::kernel::{Int, Measure, Money};
use crate::core::store::Tx;
use crate::features::prices::{Priced, What};
use crate::features::restaurant::{MenuChanged, MenuPart};

pub use categories::{Category, CategoryCreate, CreateCategory};
pub use combos::{
    Combo, ComboChoice, ComboPart, ComboPartChoiceUpdate, ComboPartUpdate, SetCombo, combo,
    ensure_by_piece, ensure_no_empty_part, of_all_dishes as all_combos, of_dish as combo_parts,
    pick, shares,
};
pub use countdown::{
    PortionSource, check_portions, give_portions, portions_left, set_portions, take_portions,
    without_portions,
};
pub use dishes::{CreateDish, Dish, DishCreate};
pub use feature::feature;
pub use ingredients::{CreateIngredient, Ingredient, IngredientCreate};
pub use limits::{MOST_CATEGORIES, MOST_DISHES, MOST_INGREDIENTS, MOST_MODIFIER_GROUPS};
pub use modifiers::{
    Choices, Chosen, DishModifierGroupLink, Halves, LineModifier, ModifierChoice, Offer, Prefix,
    Reason, SetGroups, Times, Wrong, all as all_groups, check_option, choose, ensure_all_choices,
    ensure_choices, ensure_sound, for_guests, gone, of_dish as dish_groups, offer, wrong,
};
pub use outside::{Barcode, ExternalId, barcode_holder, ensure_free, set_barcodes};
pub use public_menu::{Cache, OnSale};
pub use store::{ensure_fits, is_one_size, sellable, unavailable};
pub use unit::SaleUnit;
pub use variations::{CreateVariation, DishVariation, DishVariationCreate};

/// Where in the kitchen a dish is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = KitchenDepartment)]
pub enum Department {
    /// Drinks.
    Bar,
    /// Salads and cold starters.
    Cold,
    /// Soups and the stove.
    #[default]
    Hot,
    /// Sweets.
    Dessert,
    /// Fire and coals.
    Grill,
    /// The oven: bread, pizza.
    Bakery,
}

impl Department {
    /// All of them, in the order that screens show them.
    pub const ALL: [Self; 6] =
        [Self::Bar, Self::Cold, Self::Hot, Self::Dessert, Self::Grill, Self::Bakery];

    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bar => "bar",
            Self::Cold => "cold",
            Self::Hot => "hot",
            Self::Dessert => "dessert",
            Self::Grill => "grill",
            Self::Bakery => "bakery",
        }
    }

    /// The department by its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|department| department.as_str() == word)
    }
}

/// A dish in one variation, as it can be sold at this moment: what an order copies.
#[derive(Debug, Clone)]
pub struct Sellable {
    /// The dish.
    pub dish_id: i64,
    /// Its name.
    pub dish_name: String,
    /// The variation: the one asked for, or the one a dish is sold in when none is named.
    pub variation_id: i64,
    /// Its name.
    pub variation_name: String,
    /// Its category.
    pub category_id: i64,
    /// The menu's own price, as it writes it: of a `unit`.
    pub menu_price: Money,
    /// In what the menu's price is.
    pub unit: SaleUnit,
    /// What one costs: a piece, a kilogram, a litre.
    pub price: Money,
    /// Where a list of prices says that: which, and what one costs by the menu itself.
    pub list: Option<(i64, Money)>,
    /// In what it is measured; none where it is sold by the piece.
    pub measure: Option<Measure>,
    /// Who makes it.
    pub department: Department,
    /// Minutes.
    pub cooking_time: Option<i64>,
    /// The dish's picture, or the variation's where the dish has none.
    pub image_url: Option<String>,
    /// Whether the dish is sold in this size only.
    pub one_size: bool,
    /// Its tax class, or its category's; none where neither names one.
    pub tax_class_id: Option<i64>,
    /// Its usual course, or its category's; none where neither names one.
    pub course: Option<Course>,
}

impl Sellable {
    /// Of what a price is asked.
    pub fn what(&self) -> What {
        let Self { variation_id, dish_id, category_id, .. } = *self;
        What { variation_id, dish_id, category_id }
    }

    /// The same at another price of the menu, where a list says one.
    #[must_use]
    pub fn priced(mut self, Priced { price, list_id }: Priced) -> Self {
        let own = self.unit.price_of_one(self.menu_price);
        self.price = self.unit.price_of_one(price);
        self.list = list_id.map(|id| (id, own));
        self
    }
}

/// Kilocalories of a dish or a variation.
type Calories = Int<1, 10_000>;

/// Tells the screens of staff and guests that the menu changed.
fn tell(
    tx: &mut Tx<'_>,
    by: impl Into<Option<i64>>,
    what: MenuPart,
    id: Option<i64>,
) -> Result<()> {
    let thing = match what {
        MenuPart::Category => Thing::Category,
        MenuPart::Variation => Thing::Variation,
        MenuPart::Ingredient => Thing::Ingredient,
        MenuPart::ModifierGroup => Thing::ModifierGroup,
        MenuPart::Restaurant | MenuPart::Prices => Thing::Restaurant,
        MenuPart::Dish | MenuPart::Import => Thing::Dish,
    };
    let details = MenuChanged { what, id: Some(id.unwrap_or(0)) };
    tx.emit(NewEvent::new(thing.of(id), by.into(), &details)?).map(drop)
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_department_is_one_word_everywhere() {
        for department in Department::ALL {
            assert_eq!(Department::parse(department.as_str()), Some(department));
            assert_eq!(serde_json::to_value(department).unwrap(), department.as_str());
        }
        assert_eq!(Department::parse("cellar"), None);
    }
}
