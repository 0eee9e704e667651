//! Files for spreadsheets: the one writer of CSV, and what keeps a text from being run as a
//! formula when such a file is opened. Cells of a workbook have types and need no mark.

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::core::error::{Error, Result};

/// Tells Excel that a file is UTF-8.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// A cell of a CSV file.
pub enum Cell {
    /// Words from people: marked where a spreadsheet would take them for a formula.
    Text(String),
    /// A figure of our own, which may begin with a minus.
    Number(String),
}

impl Cell {
    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) | Self::Number(text) => text.is_empty(),
        }
    }
}

/// A CSV file that is being written.
pub struct CsvFile(csv::Writer<Vec<u8>>);

impl CsvFile {
    /// An empty file whose columns are parted by `delimiter`.
    pub fn new(delimiter: u8) -> Self {
        Self(csv::WriterBuilder::new().delimiter(delimiter).from_writer(BOM.to_vec()))
    }

    /// Adds a row; all rows have as many cells as the first.
    ///
    /// # Errors
    /// When the row has another number of cells.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) -> Result<()> {
        let cells = cells.into_iter().map(|cell| match cell {
            Cell::Text(text) => marked(text),
            Cell::Number(number) => number,
        });
        self.0.write_record(cells.collect::<Vec<_>>()).map_err(Error::internal)
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// None that a row can cause.
    pub fn finish(self) -> Result<Vec<u8>> {
        self.0.into_inner().map_err(|error| Error::internal(error.to_string()))
    }
}

/// A CSV file of these rows.
///
/// # Errors
/// When a row has another number of cells.
pub fn csv_of(rows: impl IntoIterator<Item = Vec<Cell>>, delimiter: u8) -> Result<Vec<u8>> {
    let mut file = CsvFile::new(delimiter);
    rows.into_iter().try_for_each(|row| file.row(row))?;
    file.finish()
}

/// A workbook of one sheet of these rows; the first row is the heads.
///
/// # Errors
/// When there are more rows than a sheet takes.
pub fn workbook_of(rows: impl IntoIterator<Item = Vec<Cell>>) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet(), rows).map_err(Error::internal)?;
    workbook.save_to_buffer().map_err(Error::internal)
}

fn fill(sheet: &mut Worksheet, rows: impl IntoIterator<Item = Vec<Cell>>) -> Result<(), XlsxError> {
    let (bold, plain) = (Format::new().set_bold(), Format::new());
    for (row, cells) in (0..).zip(rows) {
        let format = if row == 0 { &bold } else { &plain };
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Number(number) if let Ok(number) = number.parse::<f64>() => {
                    sheet.write_number_with_format(row, column, number, format)?;
                }
                Cell::Text(text) | Cell::Number(text) if !text.is_empty() => {
                    sheet.write_string_with_format(row, column, text, format)?;
                }
                Cell::Text(_) | Cell::Number(_) => {}
            }
            sheet.set_column_width(column, if column < 3 { 26 } else { 13 })?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// Whether a spreadsheet would calculate this; the wide signs count where Japanese is written.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// A text that no spreadsheet takes for a formula: an apostrophe stands before one. Before a text
/// that looks marked already stands one more, so that [`unmarked`] gives back exactly what it was.
fn marked(text: String) -> String {
    if is_formula(text.trim_start_matches('\'')) { format!("'{text}") } else { text }
}

/// A cell as it was before it was marked.
pub fn unmarked(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if is_formula(text.trim_start_matches('\'')) => text,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// F11: a formula is marked on the way out, and the mark is taken off on the way in.
    #[test]
    fn no_text_is_a_formula_and_every_text_comes_back() {
        for text in ["=HYPERLINK(\"x\")", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''=1", "＝1"] {
            let out = marked(text.to_owned());
            assert!(out.starts_with('\'') && !is_formula(&out), "{out}");
            assert_eq!(unmarked(&out), text);
        }
        for text in ["Tea", "'n Sync", "''", "7-Up", ""] {
            assert_eq!((marked(text.to_owned()).as_str(), unmarked(text)), (text, text));
        }
    }

    #[test]
    fn figures_stay_figures() {
        let mut file = CsvFile::new(b';');
        file.row([Cell::Text("-2 °C".into()), Cell::Number("-2".into())]).unwrap();
        assert_eq!(file.finish().unwrap(), "\u{feff}'-2 °C;-2\n".as_bytes());
    }
}
