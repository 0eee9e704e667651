//! Sheets, written.

use super::kind::Sheet;
use crate::core::error::Result;
use crate::features::import::content::Content;
use crate::platform::sheets::{Cell, csv_of, workbook_of};

/// A sheet of a restaurant as CSV, with the mark by which spreadsheets know UTF-8, or as a workbook.
///
/// # Errors
/// None that a restaurant can cause.
pub fn write_sheet(content: &Content, sheet: Sheet, is_workbook: bool) -> Result<Vec<u8>> {
    let (columns, rows) = (sheet.columns(), sheet.rows(content));
    let is_filled =
        |at: usize| rows.iter().any(|row| row.get(at).is_some_and(|cell| !cell.is_empty()));
    let written: Vec<bool> =
        columns.iter().enumerate().map(|(at, column)| !column.is_rare || is_filled(at)).collect();
    let heads = columns.iter().map(|column| Cell::Text(column.name.into())).collect();
    let rows = [heads].into_iter().chain(rows).map(|row: Vec<Cell>| {
        let cells = row.into_iter().zip(&written).filter(|(_, is_written)| **is_written);
        cells.map(|(cell, _)| cell).collect()
    });
    if is_workbook { workbook_of(rows) } else { csv_of(rows, b',') }
}
