//! The rows of an Excel workbook: of its first sheet. It is unpacked within bounds.

use std::io::{Cursor, Read, copy, sink};

use calamine::{DataRef, Reader, Xlsx, XlsxError};
use zip::ZipArchive;

use super::row::{MOST_COLUMNS, Row};
use crate::core::error::{Error, Result};
use crate::core::kernel::numerals;
use crate::features::import::file::bad_file;

/// What the parts of a workbook may have together once unpacked: a sheet of 20,000 lines is a
/// fifth of it.
const MOST_UNPACKED: u64 = 32 * 1024 * 1024;
/// How many parts it may have.
const MOST_PARTS: usize = 1000;

/// Hands on each row that is not empty with its number, the heads first.
///
/// # Errors
/// 400 when it is no workbook or unpacks to too much; what `each` refuses.
pub(super) fn rows(bytes: &[u8], each: &mut dyn FnMut(Row) -> Result<()>) -> Result<()> {
    check_size(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let Some(name) = book.sheet_names().first().cloned() else {
        return Err(bad_file("This Excel file holds no sheet."));
    };
    let mut cells = book.worksheet_cells_reader(&name).map_err(|error| unreadable(&error))?;
    let mut row = Row::default();
    while let Some(cell) = cells.next_cell().map_err(|error| unreadable(&error))? {
        let (at, column) = cell.get_position();
        let (line, column) = (u64::from(at) + 1, column as usize);
        if line != row.line {
            hand_on(std::mem::replace(&mut row, Row { line, ..Row::default() }), each)?;
        }
        let text = text_of(cell.get_value());
        if text.is_empty() {
            continue;
        }
        if column >= MOST_COLUMNS {
            row.is_wider = true;
            continue;
        }
        row.cells.resize(row.cells.len().max(column + 1), String::new());
        row.cells[column] = text;
    }
    hand_on(row, each)
}

fn hand_on(row: Row, each: &mut dyn FnMut(Row) -> Result<()>) -> Result<()> {
    if row.cells.is_empty() && !row.is_wider { Ok(()) } else { each(row) }
}

/// Unpacks every part once, keeping nothing: what the archive says of its sizes may be a lie.
fn check_size(bytes: &[u8]) -> Result<()> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if archive.len() > MOST_PARTS {
        return Err(too_much());
    }
    let mut left = MOST_UNPACKED;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| broken())?;
        let unpacked = copy(&mut part.take(left + 1), &mut sink()).map_err(|_| broken())?;
        left = left.checked_sub(unpacked).ok_or_else(too_much)?;
    }
    Ok(())
}

fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => numerals::for_sheet(*number),
        DataRef::Bool(yes) => yes.to_string(),
        // Excel makes a date of what looks like one; the refusal shows which.
        DataRef::DateTime(moment) => {
            // A time alone is a part of the day before the first one.
            if (0.0..1.0).contains(&moment.as_f64()) {
                let minutes = (moment.as_f64() * 1440.0).round();
                return format!("{:02}:{:02}", (minutes / 60.0).floor(), minutes % 60.0);
            }
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year}-{month:02}-{day:02}")
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

fn broken() -> Error {
    bad_file("This Excel file is damaged, or no .xlsx. Save it anew and try again.")
}

fn too_much() -> Error {
    let most = MOST_UNPACKED / 1024 / 1024;
    bad_file(format!(
        "This Excel file unpacks to more than {most} MB. Keep the table alone in it, without \
         pictures, and try again."
    ))
}

fn unreadable(error: &XlsxError) -> Error {
    bad_file(format!("The Excel file cannot be read: {error}. Save it anew and try again."))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<(u64, Vec<String>)>> {
        let mut found = Vec::new();
        rows(bytes, &mut |row| {
            found.push((row.line, row.cells));
            Ok(())
        })?;
        Ok(found)
    }

    #[test]
    fn the_first_sheet_is_read_cell_by_cell() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (column, head) in ["Раздел", "Блюдо", "Цена"].into_iter().enumerate() {
            sheet.write(1, u16::try_from(column).unwrap(), head).unwrap();
        }
        sheet.write(3, 1, "Борщ").unwrap();
        sheet.write(3, 2, 108.9 + 1e-12).unwrap();
        let date = ExcelDateTime::from_ymd(2026, 5, 1).unwrap();
        let format = Format::new().set_num_format("dd.mm.yyyy");
        sheet.write_datetime_with_format(4, 2, &date, &format).unwrap();
        // A cell in the last corner must not make a table of all cells before it.
        sheet.write(1_048_575, 16_383, "far").unwrap();
        book.add_worksheet().write(0, 0, "another sheet").unwrap();
        let found = read(&book.save_to_buffer().unwrap()).unwrap();
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        assert_eq!(found[0], (2, row(["Раздел", "Блюдо", "Цена"])));
        assert_eq!(found[1], (4, row(["", "Борщ", "108.9"])));
        assert_eq!(found[2], (5, row(["", "", "2026-05-01"])));
        assert_eq!(found[3], (1_048_576, Vec::new()));
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).unwrap();
        let megabyte = vec![b' '; 1024 * 1024];
        (0..40).for_each(|_| archive.write_all(&megabyte).unwrap());
        let bytes = archive.finish().unwrap().into_inner();
        assert!(bytes.len() < 100_000);
        assert!(read(&bytes).unwrap_err().to_string().contains("32 MB"));
        assert!(read(b"PK\x03\x04rest").unwrap_err().to_string().contains("damaged"));
    }
}
