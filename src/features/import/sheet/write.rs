//! Sheets, written; and the menu's lines.

use std::collections::HashSet;

use super::kind::Sheet;
use crate::core::error::Result;
use crate::core::kernel::fields::{Name, Weight};
use crate::core::kernel::{Int, numerals};
use crate::features::import::content::{Category, Content, Dish, Variation};
use crate::features::menu::{Department, SaleUnit};
use crate::platform::sheets::{Cell, csv_of, workbook_of};

/// A sheet of a restaurant as CSV, with the mark by which spreadsheets know UTF-8, or as a workbook.
///
/// # Errors
/// None that a restaurant can cause.
pub fn write_sheet(content: &Content, sheet: Sheet, is_workbook: bool) -> Result<Vec<u8>> {
    let heads = sheet.columns().iter().map(|column| Cell::Text(column.name.into())).collect();
    let rows = [heads].into_iter().chain(sheet.rows(content));
    if is_workbook { workbook_of(rows) } else { csv_of(rows, b',') }
}

pub(super) fn text<T: ToString>(value: Option<T>) -> Cell {
    Cell::Text(value.map(|value| value.to_string()).unwrap_or_default())
}

pub(super) fn number<T: ToString>(value: Option<T>) -> Cell {
    Cell::Number(value.map(|value| value.to_string()).unwrap_or_default())
}

pub(super) fn yes(value: Option<bool>) -> Cell {
    text(value.map(|value| if value { "yes" } else { "no" }))
}

/// One line a variation.
pub(super) fn rows(content: &Content) -> Vec<Vec<Cell>> {
    let allergens = content.ingredients.iter().filter(|i| i.is_allergen == Some(true));
    let allergens: HashSet<&Name> = allergens.map(|ingredient| &ingredient.name).collect();
    let mut rows = Vec::new();
    for category in &content.categories {
        for dish in &category.dishes {
            let names = dish.ingredients.iter().flatten().filter(|name| allergens.contains(name));
            let allergens = names.map(|name| &**name).collect::<Vec<_>>().join("; ");
            rows.extend(
                (dish.variations.iter()).map(|size| line(category, dish, size, &allergens)),
            );
        }
    }
    rows
}

fn line(category: &Category, dish: &Dish, variation: &Variation, allergens: &str) -> Vec<Cell> {
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
        text(Some(allergens)),
        text(dish.tax_class.as_ref()),
        text(variation.external_id.as_ref()),
        text(Some(codes.collect::<Vec<_>>().join("; "))),
        text(dish.external_id.as_ref()),
    ]
}
