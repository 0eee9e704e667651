//! The shopping list as a file for spreadsheets.

use super::{Line, List};
use crate::core::error::Result;
use crate::features::stock::goods::BaseUnit;
use crate::platform::sheets::{Cell, csv_of};

const ENGLISH: [&str; 8] =
    ["Supplier", "Good", "In stock", "Forecast", "To buy", "Unit", "Packs", "Cost"];
const RUSSIAN: [&str; 8] =
    ["Поставщик", "Товар", "Остаток", "Прогноз", "Купить", "Ед.", "Упаковок", "Сумма"];

/// A CSV file. In Russian the columns are parted by semicolons and numbers have a comma, as a Russian Excel
/// reads them.
///
/// # Errors
/// None that a list can cause.
pub fn csv(list: &List, is_russian: bool) -> Result<Vec<u8>> {
    let heads = if is_russian { RUSSIAN } else { ENGLISH };
    let heads = heads.into_iter().map(|head| Cell::Text(head.into())).collect();
    let rows = list.suppliers.iter().flat_map(|supplier| {
        let name = supplier.name.clone().unwrap_or_default();
        supplier.lines.iter().map(move |line| row(name.clone(), line, is_russian))
    });
    csv_of([heads].into_iter().chain(rows), if is_russian { b';' } else { b',' })
}

fn row(supplier: String, line: &Line, is_russian: bool) -> Vec<Cell> {
    let number =
        |text: String| Cell::Number(if is_russian { text.replace('.', ",") } else { text });
    let unit = match (line.base_unit, is_russian) {
        (BaseUnit::G, true) => "г",
        (BaseUnit::Ml, true) => "мл",
        (BaseUnit::Pc, true) => "шт",
        (unit, false) => unit.as_str(),
    };
    vec![
        Cell::Text(supplier),
        Cell::Text(line.name.clone()),
        number(line.there.to_string()),
        number(line.forecast.to_string()),
        number(line.quantity.to_string()),
        Cell::Text(unit.into()),
        number(line.packs.map_or_else(String::new, |packs| packs.to_string())),
        number(line.cost.map_or_else(String::new, |cost| cost.to_string())),
    ]
}
