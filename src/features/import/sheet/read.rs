//! A sheet from its first row to its last.

use std::cell::RefCell;

use super::heads::{self, COMBOS, Column, MENU, OPTIONS, PERIODS, PRICES, ROOMS, STAFF};
use super::line::{Heads, Line};
use super::lines::{self, Reading};
use super::row::Row;
use super::{combos, csv, options, periods, prices, text, xlsx};
use crate::core::error::{Error, Result};
use crate::features::import::file::{File, Lines, Wrong, bad_file};

/// How many lines a file may have.
pub(super) const MOST_LINES: usize = 20_000;

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
        let Some((heads, read_line)) = &heads else {
            let (known, read_line) = kind_of(&row)?;
            heads = Some((Heads::of(&row, known)?, read_line));
            return Ok(());
        };
        count += 1;
        if count > MOST_LINES {
            return Err(too_many_lines());
        }
        let line = Line { heads, row: &row, wrong: &wrong };
        line.check_width();
        if let Some(place) = read_line(&mut reading, &line)? {
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

/// What a sheet holds by its first row: its columns, and how the rows below are read.
fn kind_of(row: &Row) -> Result<(&'static [Column], ReadLine)> {
    let has = |columns: &'static [Column], name: &str| {
        let found = row.cells.iter().filter_map(|head| heads::column_of(columns, head));
        found.into_iter().any(|column| column.name == name)
    };
    match () {
        () if has(COMBOS, "combo") => Ok((COMBOS, combos::read)),
        () if has(PRICES, "price_list") => Ok((PRICES, prices::read)),
        () if has(PERIODS, "weekdays") => Ok((PERIODS, periods::read)),
        () if has(OPTIONS, "option") && has(OPTIONS, "group") => Ok((OPTIONS, options::read)),
        () if has(MENU, "dish") => Ok((MENU, lines::menu)),
        () if has(ROOMS, "table") => Ok((ROOMS, lines::rooms)),
        () if has(STAFF, "username") => Ok((STAFF, lines::staff)),
        () => Err(no_heads()),
    }
}

pub(super) fn too_many_lines() -> Error {
    let detail =
        format!("The file has more than {MOST_LINES} lines. Split it, and take in the parts.");
    Error::rule("too_many_lines", detail).with("most", MOST_LINES)
}

fn no_heads() -> Error {
    let names = |columns: &[Column]| columns.iter().map(|c| c.name).collect::<Vec<_>>().join(",");
    bad_file(format!(
        "The first line must name the columns of a menu ({}), of options ({}), of combos ({}), of \
         price lists ({}), of periods ({}), of rooms ({}) or of staff ({}).",
        names(MENU),
        names(OPTIONS),
        names(COMBOS),
        names(PRICES),
        names(PERIODS),
        names(ROOMS),
        names(STAFF)
    ))
}
