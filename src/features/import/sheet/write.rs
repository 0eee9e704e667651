//! The menu as a CSV file or a workbook.

use std::collections::HashSet;

use super::heads::MENU;
use crate::core::error::Result;
use crate::core::kernel::fields::{Name, Weight};
use crate::core::kernel::{Int, numerals};
use crate::features::import::content::{Category, Content, Dish, Variation};
use crate::features::menu::{Department, SaleUnit};
use crate::platform::sheets::{Cell, csv_of, workbook_of};

/// The menu as CSV, one line a variation, with the mark by which spreadsheets know UTF-8.
///
/// # Errors
/// None that a menu can cause.
pub fn write_menu(content: &Content) -> Result<Vec<u8>> {
    csv_of(rows(content), b',')
}

/// The same as a workbook.
///
/// # Errors
/// None that a menu can cause.
pub fn write_menu_xlsx(content: &Content) -> Result<Vec<u8>> {
    workbook_of(rows(content))
}

fn rows(content: &Content) -> Vec<Vec<Cell>> {
    let allergens = content.ingredients.iter().filter(|i| i.is_allergen == Some(true));
    let allergens: HashSet<&Name> = allergens.map(|ingredient| &ingredient.name).collect();
    let mut rows = vec![MENU.iter().map(|column| Cell::Text(column.name.into())).collect()];
    for category in &content.categories {
        for dish in &category.dishes {
            let names = dish.ingredients.iter().flatten().filter(|name| allergens.contains(name));
            let allergens = names.map(|name| &**name).collect::<Vec<_>>().join("; ");
            let line = |size| menu_line(category, dish, size, &allergens).into();
            rows.extend(dish.variations.iter().map(line));
        }
    }
    rows
}

fn menu_line(
    category: &Category,
    dish: &Dish,
    variation: &Variation,
    allergens: &str,
) -> [Cell; 15] {
    fn text<T: ToString>(value: Option<T>) -> Cell {
        Cell::Text(value.map(|value| value.to_string()).unwrap_or_default())
    }
    fn number<T: ToString>(value: Option<T>) -> Cell {
        Cell::Number(value.map(|value| value.to_string()).unwrap_or_default())
    }
    [
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
        Cell::Text(allergens.to_owned()),
        text(dish.tax_class.as_ref()),
        number(dish.course.map(Int::get)),
    ]
}
