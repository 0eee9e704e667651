//! The menu's lines, written: one a variation.

use std::collections::HashSet;

use super::cells::{list, number, text};
use crate::core::kernel::fields::{Name, Weight};
use crate::core::kernel::{Int, numerals};
use crate::features::import::content::{Category, Content, Dish, Variation};
use crate::features::menu::{Department, SaleUnit};
use crate::platform::sheets::Cell;

pub(super) fn rows(content: &Content) -> Vec<Vec<Cell>> {
    let allergens = content.ingredients.iter().filter(|i| i.is_allergen == Some(true));
    let allergens: HashSet<&Name> = allergens.map(|ingredient| &ingredient.name).collect();
    let mut rows = Vec::new();
    for category in &content.categories {
        for dish in &category.dishes {
            let names = dish.ingredients.iter().flatten().filter(|name| allergens.contains(name));
            let allergens: Vec<&str> = names.map(|name| &**name).collect();
            rows.extend(
                (dish.variations.iter()).map(|size| line(category, dish, size, &allergens)),
            );
        }
    }
    rows
}

fn line(category: &Category, dish: &Dish, variation: &Variation, allergens: &[&str]) -> Vec<Cell> {
    let codes = variation.barcodes.iter().flatten().map(|code| &**code);
    vec![
        text(Some(&category.name)),
        text(Some(&dish.name)),
        text(dish.description.as_ref()),
        text(Some(&variation.name)),
        number(Some(variation.price.0)),
        text(variation.unit.map(SaleUnit::as_str)),
        text(dish.department.map(Department::as_str)),
        text(dish.code.as_ref()),
        text(variation.sku.as_ref()),
        number(dish.cooking_time.map(Int::get)),
        number(variation.weight.map(|weight: Weight| numerals::for_sheet(weight.get()))),
        number(variation.calories.map(Int::get)),
        list(allergens.iter().copied()),
        text(dish.tax_class.as_ref()),
        number(dish.course.map(Int::get)),
        text(variation.external_id.as_ref()),
        list(codes),
        text(dish.external_id.as_ref()),
        number(dish.number.map(Int::get)),
        number(variation.number.map(Int::get)),
    ]
}
