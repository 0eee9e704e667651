//! Options, combos, periods and price lists, read out.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::fields::all;
use super::names::{NamedDish, Names, names as names_of};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Weight;
use crate::core::kernel::{Int, Text};
use crate::features::import::offers::{
    Combo, ComboChoice, ComboPart, DishGroup, ListedPrice, MenuTime, MenuTimes, ModifierGroup,
    ModifierOption, Period, PriceList,
};
use crate::features::menu;
use crate::features::prices::{self, ListPrice, PriceKind, PriceScope};

fn stored<const MIN: usize, const MAX: usize, const ONE_LINE: bool>(
    text: &str,
) -> Result<Text<MIN, MAX, ONE_LINE>> {
    Text::stored(text).map_err(Error::internal)
}

fn maybe<const MIN: usize, const MAX: usize, const ONE_LINE: bool>(
    text: Option<&String>,
) -> Result<Option<Text<MIN, MAX, ONE_LINE>>> {
    text.map(|text| stored(text)).transpose()
}

fn int<const MIN: i64, const MAX: i64>(number: i64) -> Result<Int<MIN, MAX>> {
    Int::new(number).map_err(Error::internal)
}

pub(super) fn modifier_groups(db: &Connection, names: &Names) -> Result<Vec<ModifierGroup>> {
    let found = menu::all_groups(db)?;
    found
        .iter()
        .map(|group| {
            let options = group.options.iter().map(|option| {
                let ingredients = option.ingredient_ids.iter();
                let ingredients = ingredients.filter_map(|id| names.ingredients.get(id).cloned());
                let nested = option.nested_group_id.and_then(|id| names.group(id));
                let nested = nested.as_ref().map(|(name, number)| (name, *number));
                Ok(ModifierOption {
                    name: stored(&option.name)?,
                    number: names.options.get(&option.id).and_then(|named| named.number),
                    external_id: maybe(option.external_id.as_ref())?,
                    translations: Some(option.translations.clone()),
                    kitchen_name: maybe(option.kitchen_name.as_ref())?,
                    image_url: maybe(option.image_url.as_ref())?,
                    price: Some(option.price),
                    is_default: Some(option.is_default),
                    max_quantity: Some(int(option.max_quantity)?),
                    is_available: Some(option.is_available),
                    weight: option.weight.map(Weight::new).transpose().map_err(Error::internal)?,
                    calories: option.calories.map(int).transpose()?,
                    nested_group: nested.map(|(name, _)| stored(name)).transpose()?,
                    nested_group_number: nested.and_then(|(_, number)| number),
                    sort_order: Some(int(option.sort_order)?),
                    ingredients: Some(ingredients.collect()),
                    allergens: None,
                })
            });
            Ok(ModifierGroup {
                name: stored(&group.name)?,
                number: names.groups.get(&group.id).and_then(|named| named.number),
                external_id: maybe(group.external_id.as_ref())?,
                translations: Some(group.translations.clone()),
                min: Some(int(group.min)?),
                max: Some(int(group.max)?),
                free: Some(int(group.free)?),
                halves: Some(group.halves.into()),
                prefixes: Some(group.prefixes.clone()),
                sort_order: Some(int(group.sort_order)?),
                options: options.collect::<Result<_>>()?,
                dishes: None,
            })
        })
        .collect()
}

/// The groups that a dish asks for, with bounds only where it has its own.
pub(super) fn dish_groups(
    db: &Connection,
    names: &Names,
    dish_id: i64,
) -> Result<Option<Vec<DishGroup>>> {
    let found = all(
        db,
        "SELECT l.group_id, l.min_choices, l.max_choices
         FROM dish_modifier_groups l JOIN modifier_groups g ON g.id = l.group_id
         WHERE l.dish_id = ?1 AND g.deleted_at IS NULL ORDER BY l.sort_order, l.id",
        [dish_id],
        |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, Option<i64>>(1)?,
                row.get::<_, Option<i64>>(2)?,
            ))
        },
    )?;
    let links = found.into_iter().filter_map(|(group, min, max)| {
        let (group, number) = names.group(group)?;
        let bounds = min.map(int).transpose().and_then(|min| Ok((min, max.map(int).transpose()?)));
        Some(bounds.map(|(min, max)| DishGroup { group, number, min, max }))
    });
    let links: Vec<DishGroup> = links.collect::<Result<_>>()?;
    // Where there are no groups at all, a file need not say of each dish that it asks for none.
    Ok((!names.groups.is_empty()).then_some(links))
}

pub(super) fn combos(db: &Connection, names: &Names) -> Result<Vec<Combo>> {
    let found: BTreeMap<_, _> = menu::all_combos(db)?.into_iter().collect();
    let told = found.into_iter().filter_map(|(dish_id, parts)| {
        let NamedDish { category, name: dish, number: dish_number } = names.dish(dish_id)?;
        let parts = parts.iter().map(|part| {
            let choices = part.choices.iter().filter_map(|choice| {
                let (dish, (size, variation_number)) = names.size(choice.dish_variation_id)?;
                Some(ComboChoice {
                    dish: dish.name,
                    category: Some(dish.category),
                    dish_number: dish.number,
                    variation: Some(size),
                    variation_number,
                    surcharge: choice.surcharge,
                    is_default: choice.is_default,
                })
            });
            Ok(ComboPart {
                name: stored(&part.name)?,
                translations: Some(part.translations.clone()),
                choices: choices.collect(),
            })
        });
        let parts = parts.collect::<Result<_>>();
        Some(parts.map(|parts| Combo { dish, dish_number, category: Some(category), parts }))
    });
    told.collect()
}

pub(super) fn periods(db: &Connection) -> Result<Vec<Period>> {
    let found = prices::periods(db)?.into_iter().map(|period| {
        let days = period.weekdays.into_iter().map(int);
        Ok(Period {
            name: stored(&period.name)?,
            weekdays: days.collect::<Result<_>>()?,
            time_from: period.time_from,
            time_to: period.time_to,
            date_from: period.date_from,
            date_to: period.date_to,
        })
    });
    found.collect()
}

/// The times of what is still on the menu.
pub(super) fn menu_times(db: &Connection, names: &Names) -> Result<Vec<MenuTimes>> {
    let periods = names_of(db, "periods")?;
    let told = prices::menu_times(db)?.into_iter().filter_map(|one| {
        let (category, dish) = match one.scope {
            PriceScope::Dish => {
                let dish = names.dish(one.target_id)?;
                (dish.category, Some((dish.name, dish.number)))
            }
            _ => (names.categories.get(&one.target_id)?.clone(), None),
        };
        let times = one.times.into_iter().map(|time| MenuTime {
            period: time.period_id.and_then(|id| periods.get(&id.get()).cloned()),
            channel: time.channel,
        });
        let (dish, number) = dish.unzip();
        let (category, dish_number) = (Some(category), number.flatten());
        Some(MenuTimes { category, dish, dish_number, times: times.collect() })
    });
    Ok(told.collect())
}

pub(super) fn price_lists(db: &Connection, names: &Names) -> Result<Vec<PriceList>> {
    let (periods, rooms) = (names_of(db, "periods")?, names_of(db, "locations")?);
    let found = prices::price_lists(db)?.into_iter().map(|list| {
        let prices = list.prices.iter().filter_map(|price| listed(names, price));
        Ok(PriceList {
            name: stored(&list.name)?,
            period: list.period_id.and_then(|id| periods.get(&id).cloned()),
            location: list.location_id.and_then(|id| rooms.get(&id).cloned()),
            channel: list.channel,
            round_to: Some(list.round_to),
            priority: Some(int(list.priority)?),
            is_active: Some(list.is_active),
            prices: prices.collect(),
        })
    });
    found.collect()
}

/// What a list says, of a thing that is still on the menu.
fn listed(names: &Names, price: &ListPrice) -> Option<ListedPrice> {
    let target = price.target_id.map(Int::get).unwrap_or_default();
    let (mut dish, mut variation) = (None, None);
    let mut category = None;
    match price.scope {
        PriceScope::All => {}
        PriceScope::Category => category = Some(names.categories.get(&target)?.clone()),
        PriceScope::Dish => dish = Some(names.dish(target)?),
        PriceScope::Variation => {
            let (of, size) = names.size(target)?;
            (dish, variation) = (Some(of), Some(size));
        }
    }
    let dish_number = dish.as_ref().and_then(|dish| dish.number);
    let variation_number = variation.as_ref().and_then(|(_, number)| *number);
    let (of, dish) = dish.map(|dish| (dish.category, dish.name)).unzip();
    let amount = |kind| price.amount.filter(|_| price.kind == kind);
    Some(ListedPrice {
        category: category.or(of),
        dish,
        dish_number,
        variation: variation.map(|(size, _)| size),
        variation_number,
        price: amount(PriceKind::Set),
        percent: price.percent,
        minus: amount(PriceKind::Minus),
    })
}
