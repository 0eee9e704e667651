//! A restaurant in each of the formats: read by what a file is, written as it is asked for.

use super::content::Content;
use super::file::{File, Format, bad_file};
use super::json::read_json;
use super::limits::Lengths;
use super::sheet::{Sheet, read_csv, read_xlsx, write_sheet};
use crate::core::error::{Error, Result};

/// Reads a file: JSON, CSV or an Excel workbook, told by its content.
///
/// # Errors
/// 400 when it is none of these or holds too much; 422 that names every wrong place.
pub fn read(bytes: &[u8]) -> Result<File> {
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        let detail = "This is an old Excel file (.xls). Save it as .xlsx or CSV and try again.";
        return Err(bad_file(detail));
    }
    let file = match Format::of(bytes) {
        Format::Json => read_json(bytes)?.into(),
        Format::Csv => read_csv(bytes)?,
        Format::Xlsx => read_xlsx(bytes)?,
    };
    Lengths::of(&file.content).check()?;
    Ok(file)
}

/// Writes a restaurant in a format; CSV and XLSX hold one sheet of it.
///
/// # Errors
/// None that a restaurant can cause.
pub fn write(content: &Content, format: Format, sheet: Sheet) -> Result<Vec<u8>> {
    match format {
        Format::Csv => write_sheet(content, sheet, false),
        Format::Xlsx => write_sheet(content, sheet, true),
        Format::Json => {
            let mut bytes = serde_json::to_vec_pretty(content).map_err(Error::internal)?;
            bytes.push(b'\n');
            Ok(bytes)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_workbook_is_told_how_to_be_saved() {
        assert!(read(b"\xD0\xCF\x11\xE0rest").err().unwrap().to_string().contains(".xlsx"));
    }
}
