//! Rows as they are read out: each field within the limits that an import has.

use rusqlite::types::Type;
use rusqlite::{Connection, Params, Row};

use crate::core::error::Result;
use crate::core::kernel::fields::{Color, Weight};
use crate::core::kernel::{Int, Text, Translations};
use crate::features::menu::Barcode;

pub(super) type Read<T> = rusqlite::Result<T>;

pub(super) fn all<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> Read<T>,
) -> Result<Vec<T>> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params, read)?;
    Ok(rows.collect::<Read<_>>()?)
}

pub(super) fn text<const MIN: usize, const MAX: usize, const ONE_LINE: bool>(
    row: &Row<'_>,
    column: usize,
) -> Read<Option<Text<MIN, MAX, ONE_LINE>>> {
    let found: Option<String> = row.get(column)?;
    found.map(|text| Text::stored(&text).map_err(|why| unfit(column, why))).transpose()
}

pub(super) fn needed<const MIN: usize, const MAX: usize, const ONE_LINE: bool>(
    row: &Row<'_>,
    column: usize,
) -> Read<Text<MIN, MAX, ONE_LINE>> {
    text(row, column)?.ok_or_else(|| unfit(column, "is missing"))
}

pub(super) fn int<const MIN: i64, const MAX: i64>(
    row: &Row<'_>,
    column: usize,
) -> Read<Option<Int<MIN, MAX>>> {
    let found: Option<i64> = row.get(column)?;
    found.map(|number| Int::new(number).map_err(|why| unfit(column, why))).transpose()
}

pub(super) fn weight(row: &Row<'_>, column: usize) -> Read<Option<Weight>> {
    let found: Option<f64> = row.get(column)?;
    found.map(|grams| Weight::new(grams).map_err(|why| unfit(column, why))).transpose()
}

pub(super) fn color(row: &Row<'_>, column: usize) -> Read<Option<Color>> {
    let found: Option<String> = row.get(column)?;
    found.map(|color| Color::new(&color).map_err(|why| unfit(column, why))).transpose()
}

pub(super) fn translations(row: &Row<'_>, column: usize) -> Read<Option<Translations>> {
    let found: Translations = serde_json::from_str(&row.get::<_, String>(column)?)
        .map_err(|error| unfit(column, error.to_string()))?;
    Ok((found != Translations::default()).then_some(found))
}

pub(super) fn unfit(column: usize, why: impl Into<String>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, why.into().into())
}

/// None where it has none.
pub(super) fn barcodes(row: &Row<'_>, column: usize) -> Read<Option<Vec<Barcode>>> {
    let found: Vec<Barcode> = serde_json::from_str(&row.get::<_, String>(column)?)
        .map_err(|error| unfit(column, error.to_string()))?;
    Ok((!found.is_empty()).then_some(found))
}
