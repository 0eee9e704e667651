//! The cells of one line, by the columns that the heads name.

use std::cell::RefCell;
use std::collections::HashMap;

use super::cells::{PARTED_BY, parts};
use super::heads::{self, Column};
use super::row::Row;
use crate::core::error::{Error, Result};
use crate::features::import::file::{Wrong, bad_file};

/// The first row: which column stands where.
pub(super) struct Heads {
    columns: HashMap<&'static str, usize>,
    /// Columns without a head, where no cell may have a text.
    nameless: Vec<usize>,
    width: usize,
}

impl Heads {
    /// Finds the columns of one kind of sheet.
    ///
    /// # Errors
    /// 400 that names a head that is none of them; 422 when one stands there twice.
    pub(super) fn of(row: &Row, known: &'static [Column]) -> Result<Self> {
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
        Ok(Self { columns, nameless, width: row.cells.len() })
    }
}

fn unknown(known: &[Column], head: &str) -> Error {
    let known = known.iter().map(|column| column.name).collect::<Vec<_>>().join(", ");
    bad_file(format!("There is no column “{head}”. There are: {known}.")).with("head", head)
}

/// One line of the file. What is wrong with a cell is noted, and the cell counts as empty.
pub struct Line<'a> {
    pub(super) heads: &'a Heads,
    pub(super) row: &'a Row,
    pub(super) wrong: &'a RefCell<Wrong>,
}

impl Line<'_> {
    /// Where the line stands in the file, the first being 1.
    pub fn number(&self) -> u64 {
        self.row.line
    }

    /// Notes a cell that stands in no column.
    pub(super) fn check_width(&self) {
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
    pub fn cell(&self, column: &str) -> Option<&str> {
        let cell = self.row.cells.get(*self.heads.columns.get(column)?)?;
        Some(cell.as_str()).filter(|text| !text.is_empty())
    }

    /// Whether the file says anything of a column.
    pub fn has_column(&self, column: &str) -> bool {
        self.heads.columns.contains_key(column)
    }

    /// Notes what is wrong in a column.
    pub fn note(&self, column: &str, message: impl Into<String>) {
        let place = format!("line {}, {column}", self.row.line);
        self.wrong.borrow_mut().note(place, message);
    }

    /// What stands in a column, read; none where nothing does, or what cannot be read, which is noted.
    pub fn maybe<T>(
        &self,
        column: &str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        read(self.cell(column)?).map_err(|why| self.note(column, why)).ok()
    }

    /// What stands in a cell, parted by semicolons or commas.
    pub(super) fn list<T>(&self, column: &str, read: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
        self.parted(column, &PARTED_BY, read)
    }

    /// The same, where only these part it.
    pub(super) fn parted<T>(
        &self,
        column: &str,
        parted_by: &[char],
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<T> {
        let parts = parts(self.cell(column).unwrap_or_default(), parted_by);
        let read = |part: String| read(&part).map_err(|why| self.note(column, why)).ok();
        parts.into_iter().filter_map(read).collect()
    }

    /// The same, where something must stand there.
    pub fn needed<T>(
        &self,
        column: &str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        if self.cell(column).is_none() {
            self.note(column, "is missing");
        }
        self.maybe(column, read)
    }
}
