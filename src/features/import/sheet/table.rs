//! A table of a room that has columns of its own: read as every other sheet is.

use std::cell::RefCell;

use super::heads::Column;
use super::line::{Heads, Line};
use super::read::{MOST_LINES, too_many_lines};
use super::row::Row;
use super::{csv, text, xlsx};
use crate::core::error::Result;
use crate::features::import::file::{Format, Wrong, bad_file};

/// Reads a CSV file or a workbook line by line; the first line names the columns. What `each` notes of its
/// lines is told all together.
///
/// # Errors
/// 400 when the file as a whole is no table of these columns; 422 that names every wrong line and column.
pub fn read_table(
    bytes: &[u8],
    known: &'static [Column],
    each: &mut dyn FnMut(&Line<'_>),
) -> Result<()> {
    let wrong = RefCell::new(Wrong::default());
    let (mut heads, mut count) = (None, 0);
    let mut take = |row: Row| -> Result<()> {
        let Some(heads) = &heads else {
            heads = Some(Heads::of(&row, known)?);
            return Ok(());
        };
        count += 1;
        if count > MOST_LINES {
            return Err(too_many_lines());
        }
        let line = Line { heads, row: &row, wrong: &wrong };
        line.check_width();
        each(&line);
        Ok(())
    };
    match Format::of(bytes) {
        Format::Xlsx => xlsx::rows(bytes, &mut take)?,
        Format::Csv | Format::Json => csv::rows(&text::decoded(bytes), &mut take)?,
    }
    if heads.is_none() {
        return Err(bad_file("The file is empty: its first line names the columns."));
    }
    wrong.into_inner().refuse_if_any()
}
