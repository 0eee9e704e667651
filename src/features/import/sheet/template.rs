//! A sheet to fill: the heads in the owner's language and two dishes as a pattern.

use serde::Deserialize;
use utoipa::ToSchema;

use super::heads::{self, MENU};
use crate::core::error::{Error, Result};
use crate::features::import::file::Format;
use crate::features::menu::Department;
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

    fn heads(self) -> [&'static str; 14] {
        std::array::from_fn(|at| match self {
            Self::En => MENU[at].name,
            Self::Ru => MENU[at].russian,
        })
    }

    /// Two dishes: one of two sizes, and one without.
    fn lines(self) -> [[&'static str; 14]; 3] {
        let hot = match self {
            Self::En => Department::Hot.as_str(),
            Self::Ru => heads::russian_department(Department::Hot),
        };
        let bar = match self {
            Self::En => Department::Bar.as_str(),
            Self::Ru => heads::russian_department(Department::Bar),
        };
        match self {
            Self::En => [
                [
                    "Soups",
                    "Borscht",
                    "With beef",
                    "Small",
                    "250",
                    "piece",
                    hot,
                    "",
                    "",
                    "10",
                    "250",
                    "180",
                    "celery",
                    "",
                ],
                ["Soups", "Borscht", "", "Large", "350", "", hot, "", "", "", "400", "290", "", ""],
                ["Drinks", "Tea", "", "", "100", "", bar, "", "", "3", "", "", "", ""],
            ],
            Self::Ru => [
                [
                    "Супы",
                    "Борщ",
                    "С говядиной",
                    "Малый",
                    "250",
                    "шт",
                    hot,
                    "",
                    "",
                    "10",
                    "250",
                    "180",
                    "сельдерей",
                    "",
                ],
                ["Супы", "Борщ", "", "Большой", "350", "", hot, "", "", "", "400", "290", "", ""],
                ["Напитки", "Чай", "", "", "100", "", bar, "", "", "3", "", "", "", ""],
            ],
        }
    }
}

/// A menu to fill, as CSV or as a workbook.
///
/// # Errors
/// When it is asked for in another format.
pub fn template(language: Template, format: Format) -> Result<Vec<u8>> {
    let rows = [language.heads()].into_iter().chain(language.lines());
    let rows = rows.map(|row| row.map(cell).into());
    match format {
        // A Russian Excel parts the columns by semicolons.
        Format::Csv => csv_of(rows, if language == Template::Ru { b';' } else { b',' }),
        Format::Xlsx => workbook_of(rows),
        Format::Json => Err(Error::invalid("format", "must be csv or xlsx")),
    }
}

fn cell(text: &str) -> Cell {
    let is_number = text.starts_with(|c: char| c.is_ascii_digit());
    if is_number { Cell::Number(text.into()) } else { Cell::Text(text.into()) }
}
