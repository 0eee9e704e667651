//! What people keep in spreadsheets: CSV and Excel files. The heads decide what a file holds, and
//! in which order. A cell that has no place is refused, never dropped.

mod csv;
mod heads;
mod lines;
mod template;
mod text;
mod write;
mod xlsx;

use std::cell::RefCell;
use std::collections::HashMap;

use self::heads::{Column, MENU, ROOMS, STAFF};
use self::lines::Reading;
use super::file::{File, Lines, Wrong, bad_file};
use crate::core::error::{Error, Result};
use crate::platform::sheets::unmarked;

pub use template::{Template, template};
pub use write::{write_menu, write_menu_xlsx};

/// How many columns of a row are looked at.
const MOST_COLUMNS: usize = 64;
/// How many lines a file may have.
const MOST_LINES: usize = 20_000;

/// A row of a sheet.
#[derive(Default)]
struct Row {
    /// Where it begins, the first line being 1.
    line: u64,
    cells: Vec<String>,
    /// Whether something stands behind the last of the cells.
    is_wider: bool,
}

/// Reads a CSV file: a menu, rooms or staff.
///
/// # Errors
/// 400 when the file as a whole is none of these, or too much; 422 that names every wrong line and
/// column.
pub fn read_csv(bytes: &[u8]) -> Result<File> {
    read(|each| csv::rows(&text::decoded(bytes), each))
}

/// Reads an Excel workbook.
///
/// # Errors
/// As [`read_csv`].
pub fn read_xlsx(bytes: &[u8]) -> Result<File> {
    read(|each| xlsx::rows(bytes, each))
}

type ReadLine = fn(&mut Reading, &Line<'_>) -> Result<Option<String>>;

fn read(rows: impl FnOnce(&mut dyn FnMut(Row) -> Result<()>) -> Result<()>) -> Result<File> {
    let (mut lines, wrong) = (Lines::default(), RefCell::new(Wrong::default()));
    let (mut reading, mut heads, mut count) = (Reading::default(), None, 0);
    rows(&mut |row| {
        let Some(heads) = &heads else {
            heads = Some(Heads::of(&row)?);
            return Ok(());
        };
        count += 1;
        if count > MOST_LINES {
            return Err(too_many_lines());
        }
        let line = Line { heads, row: &row, wrong: &wrong };
        line.check_width();
        if let Some(place) = (heads.read)(&mut reading, &line)? {
            lines.note(place, row.line);
        }
        Ok(())
    })?;
    if heads.is_none() {
        return Err(no_heads());
    }
    wrong.into_inner().refuse_if_any()?;
    Ok(File { content: reading.content, lines })
}

fn too_many_lines() -> Error {
    let detail =
        format!("The file has more than {MOST_LINES} lines. Split it, and take in the parts.");
    Error::rule("too_many_lines", detail).with("most", MOST_LINES)
}

fn no_heads() -> Error {
    let names = |columns: &[Column]| columns.iter().map(|c| c.name).collect::<Vec<_>>().join(",");
    bad_file(format!(
        "The first line must name the columns of a menu ({}), of rooms ({}) or of staff ({}).",
        names(MENU),
        names(ROOMS),
        names(STAFF)
    ))
}

/// The first row: which column stands where, and how the rows below are read.
struct Heads {
    columns: HashMap<&'static str, usize>,
    /// Columns without a head, where no cell may have a text.
    nameless: Vec<usize>,
    width: usize,
    read: ReadLine,
}

impl Heads {
    fn of(row: &Row) -> Result<Self> {
        let has = |columns: &'static [Column], name: &str| {
            let found = row.cells.iter().filter_map(|head| heads::column_of(columns, head));
            found.into_iter().any(|column| column.name == name)
        };
        let (known, read): (_, ReadLine) = match () {
            () if has(MENU, "dish") => (MENU, lines::menu),
            () if has(ROOMS, "table") => (ROOMS, lines::rooms),
            () if has(STAFF, "username") => (STAFF, lines::staff),
            () => return Err(no_heads()),
        };
        let (mut columns, mut nameless, mut wrong) = (HashMap::new(), Vec::new(), Wrong::default());
        for (at, head) in row.cells.iter().enumerate() {
            if head.is_empty() {
                nameless.push(at);
                continue;
            }
            let column = heads::column_of(known, head).ok_or_else(|| unknown(known, head))?;
            if columns.insert(column.name, at).is_some() {
                let place = format!("line {}, {}", row.line, column.name);
                wrong.note(place, "stands in the first line twice; leave one of the columns");
            }
        }
        wrong.refuse_if_any()?;
        Ok(Self { columns, nameless, width: row.cells.len(), read })
    }
}

fn unknown(known: &[Column], head: &str) -> Error {
    let known = known.iter().map(|column| column.name).collect::<Vec<_>>().join(", ");
    bad_file(format!("There is no column “{head}”. There are: {known}."))
}

/// One line of the file. What is wrong with a cell is noted, and the cell counts as empty.
struct Line<'a> {
    heads: &'a Heads,
    row: &'a Row,
    wrong: &'a RefCell<Wrong>,
}

impl Line<'_> {
    /// Notes a cell that stands in no column.
    fn check_width(&self) {
        let cells = &self.row.cells;
        let behind = cells.iter().skip(self.heads.width).any(|cell| !cell.is_empty());
        let mut between = self.heads.nameless.iter().filter_map(|at| cells.get(*at));
        if behind || self.row.is_wider || between.any(|cell| !cell.is_empty()) {
            let message = "has a cell that stands in no column; put a number with a comma into \
                           quotes, or name the column in the first line";
            self.wrong.borrow_mut().note(format!("line {}", self.row.line), message);
        }
    }

    /// The text in a column; none where the column is missing or empty.
    fn cell(&self, column: &str) -> Option<&str> {
        let cell = self.row.cells.get(*self.heads.columns.get(column)?)?;
        Some(unmarked(cell)).filter(|text| !text.is_empty())
    }

    fn has_column(&self, column: &str) -> bool {
        self.heads.columns.contains_key(column)
    }

    fn note(&self, column: &str, message: impl Into<String>) {
        let place = format!("line {}, {column}", self.row.line);
        self.wrong.borrow_mut().note(place, message);
    }

    fn maybe<T>(&self, column: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        read(self.cell(column)?).map_err(|why| self.note(column, why)).ok()
    }

    fn needed<T>(&self, column: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        if self.cell(column).is_none() {
            self.note(column, "is missing");
        }
        self.maybe(column, read)
    }
}

#[cfg(test)]
mod tests;
