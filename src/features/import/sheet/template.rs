//! A sheet to fill: the heads in the owner's language and some lines as a pattern.

use serde::Deserialize;
use utoipa::ToSchema;

use super::kind::Sheet;
use crate::core::error::{Error, Result};
use crate::features::import::file::Format;
use crate::platform::sheets::{Cell, csv_of, workbook_of};

/// The language of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = TemplateLanguage)]
pub enum Template {
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Template {
    /// The restaurant's main language, or English.
    pub fn of(languages: &[String]) -> Self {
        match languages.first().map(String::as_str) {
            Some("ru") => Self::Ru,
            _ => Self::En,
        }
    }
}

/// A sheet to fill, as CSV or as a workbook.
///
/// # Errors
/// When it is asked for in another format.
pub fn template(sheet: Sheet, language: Template, format: Format) -> Result<Vec<u8>> {
    let is_russian = language == Template::Ru;
    let head = |column: &super::heads::Column| {
        Cell::Text(if is_russian { column.russian } else { column.name }.into())
    };
    let usual = sheet.columns().iter().filter(|column| !column.is_rare);
    let heads: Vec<Cell> = usual.map(head).collect();
    let width = heads.len();
    let lines = sheet.pattern(is_russian).iter().map(|line| {
        let mut cells: Vec<Cell> = line.iter().map(|text| cell(text)).collect();
        cells.resize_with(width, || cell(""));
        cells
    });
    let rows = [heads].into_iter().chain(lines);
    match format {
        // A Russian Excel parts the columns by semicolons.
        Format::Csv => csv_of(rows, if is_russian { b';' } else { b',' }),
        Format::Xlsx => workbook_of(rows),
        Format::Json => Err(Error::invalid("format", "must be csv or xlsx")),
    }
}

/// What is a number all through is one; a time, or a span, is a text.
fn cell(text: &str) -> Cell {
    let is_number = text.parse::<f64>().is_ok();
    if is_number { Cell::Number(text.into()) } else { Cell::Text(text.into()) }
}
