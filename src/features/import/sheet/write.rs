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
    let heads = sheet.columns().iter().map(|column| Cell::Text(column.name.into())).collect();
    let rows = [heads].into_iter().chain(sheet.rows(content));
    if is_workbook { workbook_of(rows) } else { csv_of(rows, b',') }
}
