//! The whole menu in a few queries, whatever its size.

use std::collections::HashMap;

use rusqlite::{Connection, Row};

use super::types::{MenuCategory, MenuDish, MenuModifierGroup, MenuResponse, MenuVariation};
use crate::core::error::Result;
use crate::core::kernel::{Money, Timestamp};
use crate::core::store::course;
use crate::features::menu::countdown::few_left;
use crate::features::menu::ingredients::{MadeOf, ingredients_of};
use crate::features::menu::store::{barcodes, department, translations, unit};
use crate::features::menu::{combos, modifiers};
use crate::features::prices::{self, Place, Priced, Prices, What};

/// Reads the menu as it stands at one moment, at these prices.
pub fn load(db: &Connection, prices: &Prices<'_>) -> Result<MenuResponse> {
    let mut categories = categories(db)?;
    let dishes = dishes(db)?;
    let left = few_left(db)?;
    let mut variations = variations(db, &left)?;
    let mut links = modifiers::of_all_dishes(db)?;
    let mut combos = combos::of_all_dishes(db)?;
    let ids: Vec<i64> = dishes.iter().map(|dish| dish.id).collect();
    let mut ingredients = ingredients_of(db, MadeOf::Dishes, &ids)?;
    let places: HashMap<i64, usize> =
        categories.iter().enumerate().map(|(place, category)| (category.id, place)).collect();
    for mut dish in dishes {
        let (Some(variations), Some(&place)) =
            (variations.remove(&dish.id), places.get(&dish.category_id))
        else {
            continue;
        };
        let what =
            |variation_id| What { variation_id, dish_id: dish.id, category_id: dish.category_id };
        if !prices.shows(what(0)) {
            continue;
        }
        dish.variations = variations;
        for variation in &mut dish.variations {
            let own = variation.price;
            let Priced { price, list_id } = prices.of(what(variation.id), own);
            (variation.price, variation.list_price) = (price, list_id.map(|_| own));
        }
        dish.allergens = ingredients.remove(&dish.id).unwrap_or_default().allergens;
        dish.modifier_groups = links.remove(&dish.id).unwrap_or_default();
        dish.combo = combos.remove(&dish.id).unwrap_or_default();
        for part in &mut dish.combo {
            part.choices.retain(|choice| {
                choice.is_available && left.get(&choice.dish_variation_id) != Some(&0)
            });
        }
        if dish.combo.iter().any(|part| part.choices.is_empty()) {
            continue;
        }
        categories[place].dishes.push(dish);
    }
    let mut menu = MenuResponse { categories, modifier_groups: Vec::new(), differs: None };
    menu.modifier_groups = modifier_groups(db, &menu)?;
    Ok(menu)
}

/// The groups that dishes of the menu, or options of theirs, ask for.
fn modifier_groups(db: &Connection, menu: &MenuResponse) -> Result<Vec<MenuModifierGroup>> {
    let links = menu.dishes().flat_map(|dish| &dish.modifier_groups);
    let by_dishes = links.map(|link| link.group_id).collect();
    Ok(modifiers::asked_by(db, &by_dishes)?.into_iter().map(MenuModifierGroup::from).collect())
}

/// The menu as it is at a moment in a place.
pub fn at(db: &Connection, moment: Timestamp, place: Place) -> Result<MenuResponse> {
    load(db, &prices::load(db)?.at(moment, place))
}

fn categories(db: &Connection) -> Result<Vec<MenuCategory>> {
    let mut statement = db.prepare_cached(
        "SELECT id, name, description, image_url, color, featured, sort_order, translations
         FROM categories WHERE is_active = 1 AND deleted_at IS NULL ORDER BY sort_order, id",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(MenuCategory {
            id: row.get(0)?,
            name: row.get(1)?,
            description: row.get(2)?,
            image_url: row.get(3)?,
            color: row.get(4)?,
            featured: row.get(5)?,
            sort_order: row.get(6)?,
            translations: translations(row, 7)?,
            dishes: Vec::new(),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The available dishes, as yet without variations and allergens.
fn dishes(db: &Connection) -> Result<Vec<MenuDish>> {
    let mut statement = db.prepare_cached(
        "SELECT id, name, description, category_id, code, main_image_url, cooking_time, weight,
            calories, ingredients, sort_order, is_popular, department, translations,
            coalesce(course, (SELECT course FROM categories c WHERE c.id = category_id))
         FROM dishes WHERE is_available = 1 AND deleted_at IS NULL ORDER BY sort_order, id",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(MenuDish {
            id: row.get(0)?,
            name: row.get(1)?,
            description: row.get(2)?,
            category_id: row.get(3)?,
            code: row.get(4)?,
            main_image_url: row.get(5)?,
            cooking_time: row.get(6)?,
            weight: row.get(7)?,
            calories: row.get(8)?,
            ingredients: row.get(9)?,
            sort_order: row.get(10)?,
            is_popular: row.get(11)?,
            is_available: true,
            department: department(row, 12)?,
            translations: translations(row, 13)?,
            allergens: Vec::new(),
            course: course(row, 14)?,
            variations: Vec::new(),
            modifier_groups: Vec::new(),
            combo: Vec::new(),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The available variations by their dish, without those that ran out.
fn variations(
    db: &Connection,
    left: &HashMap<i64, i64>,
) -> Result<HashMap<i64, Vec<MenuVariation>>> {
    let mut statement = db.prepare_cached(
        "SELECT dish_id, id, name, description, price, image_url, weight, calories, is_default,
            sort_order, sku, translations, unit,
            (SELECT json_group_array(code) FROM variation_barcodes b
             WHERE b.dish_variation_id = dish_variations.id)
         FROM dish_variations WHERE is_available = 1 AND deleted_at IS NULL
         ORDER BY dish_id, sort_order, id",
    )?;
    let mut rows = statement.query([])?;
    let mut found = HashMap::<i64, Vec<MenuVariation>>::new();
    while let Some(row) = rows.next()? {
        let mut one = variation(row)?;
        one.left = left.get(&one.id).copied().filter(|_| one.unit.is_piece());
        if left.get(&one.id) != Some(&0) {
            found.entry(row.get(0)?).or_default().push(one);
        }
    }
    Ok(found)
}

fn variation(row: &Row<'_>) -> rusqlite::Result<MenuVariation> {
    Ok(MenuVariation {
        id: row.get(1)?,
        name: row.get(2)?,
        description: row.get(3)?,
        price: Money(row.get(4)?),
        list_price: None,
        unit: unit(row, 12)?,
        image_url: row.get(5)?,
        weight: row.get(6)?,
        calories: row.get(7)?,
        is_default: row.get(8)?,
        is_available: true,
        left: None,
        sort_order: row.get(9)?,
        sku: row.get(10)?,
        barcodes: barcodes(row, 13)?,
        translations: translations(row, 11)?,
    })
}
