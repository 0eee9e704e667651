//! The tables, written as they are read.

use rusqlite::{Connection, Row};

use super::Sheet;
use crate::core::error::Result;
use crate::core::kernel::{Money, Percent};
use crate::features::import::Template;
use crate::features::stock::amount::Amount;
use crate::platform::sheets::{Cell, csv_of, workbook_of};

/// What there is of a kind, as CSV or as a workbook, with heads in this language.
///
/// # Errors
/// When the database cannot be read.
pub fn write(
    db: &Connection,
    sheet: Sheet,
    language: Template,
    is_workbook: bool,
) -> Result<Vec<u8>> {
    let is_russian = language == Template::Ru;
    let heads = sheet
        .columns()
        .iter()
        .map(|column| Cell::Text(if is_russian { column.russian } else { column.name }.to_owned()));
    let rows = [heads.collect()].into_iter().chain(rows(db, sheet)?);
    // A Russian Excel parts the columns by semicolons.
    if is_workbook { workbook_of(rows) } else { csv_of(rows, if is_russian { b';' } else { b',' }) }
}

/// What makes the cells of a row.
type Cells = fn(&Row<'_>) -> rusqlite::Result<Vec<Cell>>;

fn rows(db: &Connection, sheet: Sheet) -> Result<Vec<Vec<Cell>>> {
    let (sql, cells): (_, Cells) = match sheet {
        Sheet::Goods => (GOODS, good),
        Sheet::Suppliers => (SUPPLIERS, supplier),
        Sheet::Recipes => (RECIPES, recipe),
    };
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], cells)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

const GOODS: &str = "
    SELECT g.name, g.base_unit, g.kind, g.made_in_advance, g.watch = 'STOP', g.low_at, p.name,
           p.quantity, p.barcode
    FROM stock_goods g
    LEFT JOIN stock_packs p ON p.good_id = g.id AND p.deleted_at IS NULL
    WHERE g.deleted_at IS NULL ORDER BY g.name, g.id, p.quantity, p.id";

fn good(row: &Row<'_>) -> rusqlite::Result<Vec<Cell>> {
    Ok(vec![
        text(row.get(0)?),
        text(row.get(1)?),
        text(row.get(2)?),
        yes(row.get(3)?),
        yes(row.get(4)?),
        amount(row.get(5)?),
        text(row.get(6)?),
        amount(row.get(7)?),
        text(row.get(8)?),
    ])
}

const SUPPLIERS: &str = "
    SELECT s.name, s.phone, s.note, g.name, p.quantity, p.price
    FROM suppliers s
    LEFT JOIN supplier_prices p ON p.supplier_id = s.id
    LEFT JOIN stock_goods g ON g.id = p.good_id
    WHERE s.deleted_at IS NULL ORDER BY s.name, s.id, g.name, g.id";

fn supplier(row: &Row<'_>) -> rusqlite::Result<Vec<Cell>> {
    let price: Option<i64> = row.get(5)?;
    Ok(vec![
        text(row.get(0)?),
        text(row.get(1)?),
        text(row.get(2)?),
        text(row.get(3)?),
        amount(row.get(4)?),
        Cell::Number(price.map(|price| Money(price).to_string()).unwrap_or_default()),
    ])
}

/// Of each thing the recipe that holds now.
const RECIPES: &str = "
    SELECT d.name, v.name, m.name, o.name, w.name, r.batch_out, g.name, l.gross, l.cold, l.hot
    FROM recipes r
    JOIN recipe_lines l ON l.recipe_id = r.id
    JOIN stock_goods g ON g.id = l.good_id
    LEFT JOIN dish_variations v ON v.id = r.variation_id
    LEFT JOIN dishes d ON d.id = v.dish_id
    LEFT JOIN modifier_options o ON o.id = r.option_id
    LEFT JOIN modifier_groups m ON m.id = o.group_id
    LEFT JOIN stock_goods w ON w.id = r.good_id
    WHERE r.deleted_at IS NULL AND r.valid_from <= unixepoch('subsec') * 1000
      AND coalesce(v.deleted_at, d.deleted_at, o.deleted_at, w.deleted_at) IS NULL
      AND NOT EXISTS (
          SELECT * FROM recipes n
          WHERE n.deleted_at IS NULL AND n.valid_from <= unixepoch('subsec') * 1000
            AND (n.valid_from, n.id) > (r.valid_from, r.id)
            AND (n.variation_id = r.variation_id OR n.option_id = r.option_id
                 OR n.good_id = r.good_id))
    ORDER BY w.name, d.name, v.id, m.name, o.id, r.id, l.sort_order";

fn recipe(row: &Row<'_>) -> rusqlite::Result<Vec<Cell>> {
    let percent = |hundredths: i64| Cell::Number(Percent::new(hundredths).to_string());
    Ok(vec![
        text(row.get(0)?),
        text(row.get(1)?),
        text(row.get(2)?),
        text(row.get(3)?),
        text(row.get(4)?),
        amount(row.get(5)?),
        text(row.get(6)?),
        amount(row.get(7)?),
        percent(row.get(8)?),
        percent(row.get(9)?),
    ])
}

fn text(value: Option<String>) -> Cell {
    Cell::Text(value.unwrap_or_default())
}

fn yes(value: bool) -> Cell {
    Cell::Text(if value { "yes" } else { "no" }.to_owned())
}

fn amount(value: Option<i64>) -> Cell {
    // Three digits behind the point could be thousands.
    let written = |value: i64| match Amount(value).to_string() {
        text if value % 10 != 0 => format!("{text}0"),
        text => text,
    };
    Cell::Number(value.map(written).unwrap_or_default())
}
