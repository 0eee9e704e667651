//! How much a file may hold, counted before any work is done with it.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};

use super::content::{Category, Content, Location};
use crate::core::error::{Error, Result};
use crate::features::menu;

/// The most of what is no menu: each costs some milliseconds, people a hashing each.
const MOST_TABLES: usize = 2000;
const MOST_PEOPLE: usize = 500;
/// The most options of one group.
const MOST_OPTIONS: usize = 100;
/// The most choices of all combos together: each is looked up on the menu.
const MOST_CHOICES: usize = 20_000;
/// The most price lists, and periods: more a box does not take.
const MOST_LISTS: usize = 50;
/// The most prices of one list.
const MOST_PRICES: usize = 2_000;
/// The most sizes of one dish.
const MOST_VARIATIONS: usize = 200;
/// The most accounts, and the most of what else is said of bills.
const MOST_ACCOUNTS: usize = 10_000;
const MOST_OF_BILLS: usize = 1000;

/// Refuses a menu with more dishes than a box takes.
///
/// # Errors
/// 400 `menu_full`.
pub(super) fn check_dishes(count: usize) -> Result<()> {
    check("dishes", count, menu::MOST_DISHES)
}

fn check(what: &'static str, count: usize, most: impl TryInto<usize>) -> Result<()> {
    let most = most.try_into().unwrap_or(usize::MAX);
    if count <= most {
        return Ok(());
    }
    let detail =
        format!("The file has more than {most} {what}, and more do not fit. Nothing was changed.");
    Err(Error::rule("menu_full", detail).with("what", what).with("most", most))
}

/// The lists of a JSON file, of which only the lengths are kept: a small file can hold so many
/// things that to build them would take the box's memory.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Lengths {
    categories: Vec<Dishes>,
    modifier_groups: Vec<Options>,
    combos: Vec<Parts>,
    periods: Length,
    menu_times: Length,
    price_lists: Vec<Prices>,
    ingredients: Length,
    locations: Vec<Tables>,
    tables: Length,
    payment_methods: Length,
    tax_classes: Length,
    staff: Length,
    adjustment_rules: Length,
    reasons: Length,
    house_accounts: Length,
    permissions: Length,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Dishes {
    dishes: Vec<Variations>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Variations {
    variations: Length,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Options {
    options: Length,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Parts {
    parts: Vec<Choices>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Choices {
    choices: Length,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Prices {
    prices: Length,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Tables {
    tables: Length,
}

impl Lengths {
    /// Refuses what is too much.
    ///
    /// # Errors
    /// 400 `menu_full`.
    pub(super) fn check(&self) -> Result<()> {
        let dishes = self.categories.iter().flat_map(|category| &category.dishes);
        let sizes = dishes.clone().map(|dish| dish.variations.0).max().unwrap_or(0);
        let in_rooms: usize = self.locations.iter().map(|location| location.tables.0).sum();
        check("categories", self.categories.len(), menu::MOST_CATEGORIES)?;
        check_dishes(dishes.count())?;
        check("sizes of one dish", sizes, MOST_VARIATIONS)?;
        check("ingredients", self.ingredients.0, menu::MOST_INGREDIENTS)?;
        let options = self.modifier_groups.iter().map(|group| group.options.0);
        check("groups of options", self.modifier_groups.len(), menu::MOST_MODIFIER_GROUPS)?;
        check("options of one group", options.max().unwrap_or(0), MOST_OPTIONS)?;
        let choices = self.combos.iter().flat_map(|combo| &combo.parts).map(|part| part.choices.0);
        check("combos", self.combos.len(), menu::MOST_DISHES)?;
        check("choices of combos", choices.sum(), MOST_CHOICES)?;
        let prices = self.price_lists.iter().map(|list| list.prices.0);
        check("price lists", self.price_lists.len(), MOST_LISTS)?;
        check("prices of one list", prices.max().unwrap_or(0), MOST_PRICES)?;
        check("periods", self.periods.0, MOST_LISTS)?;
        check("times of the menu", self.menu_times.0, MOST_CHOICES)?;
        check("rooms", self.locations.len(), MOST_TABLES)?;
        check("tables", in_rooms + self.tables.0, MOST_TABLES)?;
        check("ways to pay", self.payment_methods.0, MOST_TABLES)?;
        check("tax classes", self.tax_classes.0, MOST_TABLES)?;
        check("rules", self.adjustment_rules.0, MOST_OF_BILLS)?;
        check("reasons", self.reasons.0, MOST_OF_BILLS)?;
        check("accounts", self.house_accounts.0, MOST_ACCOUNTS)?;
        check("permissions", self.permissions.0, MOST_OF_BILLS)?;
        check("people", self.staff.0, MOST_PEOPLE)
    }

    /// The lengths of what was read already.
    pub(super) fn of(content: &Content) -> Self {
        let dishes = |category: &Category| {
            let sizes = category.dishes.iter().map(|dish| Length(dish.variations.len()));
            Dishes { dishes: sizes.map(|variations| Variations { variations }).collect() }
        };
        let tables = |location: &Location| Tables { tables: Length(location.tables.len()) };
        Self {
            categories: content.categories.iter().map(dishes).collect(),
            modifier_groups: (content.modifier_groups.iter())
                .map(|group| Options { options: Length(group.options.len()) })
                .collect(),
            combos: (content.combos.iter())
                .map(|combo| {
                    let choices = combo.parts.iter().map(|part| Length(part.choices.len()));
                    Parts { parts: choices.map(|choices| Choices { choices }).collect() }
                })
                .collect(),
            periods: Length(content.periods.len()),
            menu_times: Length(content.menu_times.len()),
            price_lists: (content.price_lists.iter())
                .map(|list| Prices { prices: Length(list.prices.len()) })
                .collect(),
            ingredients: Length(content.ingredients.len()),
            locations: content.locations.iter().map(tables).collect(),
            tables: Length(content.tables.len()),
            payment_methods: Length(content.payment_methods.len()),
            tax_classes: Length(content.tax_classes.len()),
            staff: Length(content.staff.len()),
            adjustment_rules: Length(content.adjustment_rules.len()),
            reasons: Length(content.reasons.len()),
            house_accounts: Length(content.house_accounts.len()),
            permissions: Length(content.permissions.len()),
        }
    }
}

/// The length of a list.
#[derive(Default)]
struct Length(usize);

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Counter)
    }
}

struct Counter;

impl<'de> Visitor<'de> for Counter {
    type Value = Length;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Length, A::Error> {
        let mut length = 0;
        while list.next_element::<IgnoredAny>()?.is_some() {
            length += 1;
        }
        Ok(Length(length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// F15: what is too much is said from its count alone.
    #[test]
    fn a_file_is_counted_before_it_is_built() {
        let list = |thing: &str, count: usize| vec![thing; count].join(",");
        let category = |dishes: &str| format!("{{\"categories\":[{{\"dishes\":[{dishes}]}}]}}");
        let sizes = |count| format!("{{\"variations\":[{}]}}", list("{}", count));
        for (file, fits) in [
            (category(&list("{}", 2000)), true),
            (category(&list("{}", 2001)), false),
            (category(&sizes(200)), true),
            (category(&sizes(201)), false),
            (format!("{{\"staff\":[{}]}}", list("{}", 501)), false),
            (format!("{{\"locations\":[{{\"tables\":[{}]}}]}}", list("0", 2001)), false),
        ] {
            let lengths: Lengths = serde_json::from_str(&file).unwrap();
            assert_eq!(lengths.check().is_ok(), fits, "{}", &file[..60]);
        }
    }
}
