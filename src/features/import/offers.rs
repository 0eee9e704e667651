//! What a file says of options, combos, periods and price lists.

use serde::{Deserialize, Serialize};

use crate::core::kernel::fields::{Label, Line, Name, SortOrder, Weight};
use crate::core::kernel::{Day, Int, Money, TimeOfDay, Translations};
use crate::features::menu::{Choices, ExternalId, Halves, Prefix, Times};
use crate::features::prices::{Channel, PercentChange};

/// Between a category and a dish of it, and before the number of the dish, where a cell lists dishes.
pub const OF_CATEGORY: &str = " / ";
/// See [`OF_CATEGORY`].
pub const NUMBER: &str = " #";
/// The same, where a dish is really called `Tea #2`.
pub const SURE_NUMBER: &str = " ##";

/// Which of several things of one name is meant: they are counted in their order.
pub type Nth = Int<1, 2000>;

/// The name and the number in `Tea #2` and `Tea ##2`.
pub fn numbered(text: &str) -> Option<(&str, Nth)> {
    let (name, number) = text.rsplit_once(NUMBER)?;
    let number = number.strip_prefix('#').unwrap_or(number);
    Some((name, Nth::new(number.parse().ok()?).ok()?))
}

/// A group of options.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModifierGroup {
    /// What it is called.
    pub name: Name,
    /// Which of those of its name it is, in their order; left out where no other is called so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Nth>,
    /// Its id in another program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<ExternalId>,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub translations: Option<Translations>,
    /// How many have to be chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Choices>,
    /// How many may be chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Choices>,
    /// So many of those that are chosen cost nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free: Option<Choices>,
    /// How two halves are priced; `NONE` where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub halves: Option<HalvesTold>,
    /// What may be said before an option.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefixes: Option<Vec<Prefix>>,
    /// Its place among groups; a new one stands where it stands in the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort_order: Option<SortOrder>,
    /// What there is to choose; matched by outside id, or by name within the group.
    #[serde(default)]
    pub options: Vec<ModifierOption>,
    /// Dishes that ask for it from now on, among others: a dish by its outside id, its code or its name, or
    /// as `Category / Dish`; the second of one name there is `Category / Dish #2`, and `Category / Dish ##2`
    /// where another one is really called `Dish #2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dishes: Option<Vec<Line>>,
}

/// How two halves are priced, or that there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HalvesTold {
    /// There are no halves.
    None,
    /// As the dearer half.
    Dearest,
    /// The mean of both.
    Mean,
    /// Both together.
    Sum,
}

impl HalvesTold {
    /// The rule; none without halves.
    pub fn rule(self) -> Option<Halves> {
        match self {
            Self::None => None,
            Self::Dearest => Some(Halves::Dearest),
            Self::Mean => Some(Halves::Mean),
            Self::Sum => Some(Halves::Sum),
        }
    }
}

impl From<Option<Halves>> for HalvesTold {
    fn from(rule: Option<Halves>) -> Self {
        match rule {
            None => Self::None,
            Some(Halves::Dearest) => Self::Dearest,
            Some(Halves::Mean) => Self::Mean,
            Some(Halves::Sum) => Self::Sum,
        }
    }
}

/// Something to choose with a dish.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModifierOption {
    /// What it is called.
    pub name: Name,
    /// Which of those of its name it is, in their order; left out where no other is called so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Nth>,
    /// Its id in another program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<ExternalId>,
    /// The same in other languages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub translations: Option<Translations>,
    /// What the kitchen calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kitchen_name: Option<Label<0, 100>>,
    /// Picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<Line>,
    /// What one adds to the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// Whether it comes with the dish.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_default: Option<bool>,
    /// How often it may be chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_quantity: Option<Times>,
    /// Whether there is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_available: Option<bool>,
    /// Grams or millilitres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<Weight>,
    /// Kilocalories.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calories: Option<Int<1, 10_000>>,
    /// The group that is asked once it is chosen, by its outside id or its name; an empty text where none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nested_group: Option<Line>,
    /// Which of the groups of that name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nested_group_number: Option<Nth>,
    /// Its place in the group; a new one stands where it stands in the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort_order: Option<SortOrder>,
    /// The names of all its ingredients, allergens among them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ingredients: Option<Vec<Name>>,
    /// The names of its allergens alone; its other ingredients stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allergens: Option<Vec<Name>>,
}

/// A group that a dish asks for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DishGroup {
    /// The group, by its outside id or its name.
    pub group: Name,
    /// Which of the groups of that name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Nth>,
    /// How many have to be chosen, where that is other than the group says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Choices>,
    /// How many may be chosen, where that is other than the group says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Choices>,
}

/// A dish of the menu that is a combo from now on, of these parts and no others.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Combo {
    /// The dish: by its outside id, its code or its name.
    pub dish: Name,
    /// Which of the dishes of that name in the category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dish_number: Option<Nth>,
    /// The category in which it stands, where its name alone does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Name>,
    /// Its parts; matched by name, those of one name in their order.
    pub parts: Vec<ComboPart>,
}

/// A part of a combo.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComboPart {
    /// What it is called.
    pub name: Name,
    /// The same in other languages; as they were when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub translations: Option<Translations>,
    /// What there is to choose.
    pub choices: Vec<ComboChoice>,
}

/// Something to choose for a part.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComboChoice {
    /// The dish: by its outside id, its code or its name.
    pub dish: Name,
    /// The category in which it stands, where its name alone does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Name>,
    /// Which of the dishes of that name in the category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dish_number: Option<Nth>,
    /// The size: by its outside id, its SKU or its name; the default one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variation: Option<Name>,
    /// Which of the sizes of that name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variation_number: Option<Nth>,
    /// What it adds to the price of the combo; nothing when left out.
    #[serde(default)]
    pub surcharge: Money,
    /// Whether it is meant where none is named.
    #[serde(default)]
    pub is_default: bool,
}

/// A stretch of the week.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// What it is called.
    pub name: Name,
    /// Its days; Monday is 1.
    pub weekdays: Vec<Int<1, 7>>,
    /// When it begins.
    pub time_from: TimeOfDay,
    /// When it ends: at the same time or an earlier one, on the next day.
    pub time_to: TimeOfDay,
    /// The first day on which it may begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_from: Option<Day>,
    /// The last day on which it may begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_to: Option<Day>,
}

/// Other prices than the menu's own. It is taken whole: what is left out is as it is in a new list.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceList {
    /// What it is called.
    pub name: Name,
    /// The name of its period; always when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Name>,
    /// The name of its room; everywhere when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Name>,
    /// The way in which it is sold; every one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// What is reckoned is rounded to a multiple of this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round_to: Option<Money>,
    /// The highest one goes first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Int<0, 1000>>,
    /// Whether it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
    /// What it says.
    #[serde(default)]
    pub prices: Vec<ListedPrice>,
}

/// What a list says: of a size, a dish, a category, or of all where none is named.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedPrice {
    /// The category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Name>,
    /// The dish: by its outside id, its code or its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dish: Option<Name>,
    /// Which of the dishes of that name in the category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dish_number: Option<Nth>,
    /// The size of the dish.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variation: Option<Name>,
    /// Which of the sizes of that name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variation_number: Option<Nth>,
    /// A price of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// So much more or, below 0, less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<PercentChange>,
    /// So much less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minus: Option<Money>,
}

/// When a category, or a dish of it, is on the menu. What no times are said of is always there.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MenuTimes {
    /// The category; for a dish where its name alone does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Name>,
    /// The dish: by its outside id, its code or its name; all of the category when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dish: Option<Name>,
    /// Which of the dishes of that name in the category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dish_number: Option<Nth>,
    /// One that holds is enough; without any it is always on the menu.
    pub times: Vec<MenuTime>,
}

/// A time at which something is on the menu.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MenuTime {
    /// The name of the period; always when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Name>,
    /// The way in which it is sold; any when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
}
