//! Reports as files for spreadsheets.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::types::{Cell, Report, Row, Unit, in_units};
use super::words::Language;
use crate::core::error::{Error, Result};
use crate::core::kernel::Money;
use crate::core::kernel::money::minor_digits;
use crate::platform::sheets::{self, CsvFile};

/// A CSV file. In Russian the columns are parted by semicolons and numbers have a comma, as a
/// Russian Excel reads them.
pub fn csv(report: &Report, language: Language) -> Result<Vec<u8>> {
    let delimiter = if language == Language::Ru { b';' } else { b',' };
    let mut file = CsvFile::new(delimiter);
    file.row(headings(report, language).into_iter().map(sheets::Cell::Text))?;
    for row in report.rows.iter().chain([&report.total]) {
        let figures = figures(row).map(|cell| sheets::Cell::Number(plain(cell, language)));
        let name = sheets::Cell::Text(row_name(report, row, language));
        file.row([name].into_iter().chain(figures))?;
    }
    file.finish()
}

fn headings(report: &Report, language: Language) -> Vec<String> {
    let mut headings = vec![language.subject(report.kind).to_owned()];
    for column in &report.columns {
        headings.push(language.heading(column.key).to_owned());
    }
    if report.before.is_some() {
        headings.extend(report.columns.iter().map(|column| language.heading_before(column.key)));
    }
    headings
}

fn row_name(report: &Report, row: &Row, language: Language) -> String {
    match (row.key.as_str(), row.label.as_str()) {
        ("total", _) => language.total().to_owned(),
        (key, "") => language.name(report.kind, key),
        (_, label) => label.to_owned(),
    }
}

fn figures(row: &Row) -> impl Iterator<Item = Cell> {
    row.values.iter().chain(row.before.iter().flatten()).copied()
}

fn plain(cell: Cell, language: Language) -> String {
    let text = match cell {
        Cell::Money(amount) => amount.to_string(),
        Cell::Count(count) => return count.to_string(),
        Cell::Measured(thousandths) => in_units(thousandths).to_string(),
        Cell::Decimal(number) => number.map_or_else(String::new, |number| number.to_string()),
    };
    if language == Language::Ru { text.replace('.', ",") } else { text }
}

/// A workbook with one sheet: what it is, the headings, the rows, the sums.
pub fn xlsx(report: &Report, restaurant: &str, language: Language) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    fill(sheet, report, restaurant, language).map_err(Error::internal)?;
    workbook.save_to_buffer().map_err(Error::internal)
}

/// The rows above the table: its title and the days.
const HEAD: u32 = 3;

fn fill(
    sheet: &mut Worksheet,
    report: &Report,
    restaurant: &str,
    language: Language,
) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let heading = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_border_bottom(FormatBorder::Thin);
    let title = language.title(report.kind);
    sheet.set_name(title)?;
    sheet.write_string_with_format(0, 0, format!("{title}. {restaurant}"), &bold)?;
    sheet.write_string(1, 0, days(report))?;
    for (column, text) in (0..).zip(headings(report, language)) {
        sheet.write_string_with_format(HEAD - 1, column, text, &heading)?;
    }
    let units: Vec<Unit> = report.columns.iter().map(|column| column.unit).collect();
    for (at, row) in (HEAD..).zip(report.rows.iter().chain([&report.total])) {
        let is_total = row.key == "total";
        let line = if is_total { bold.clone() } else { Format::new() };
        sheet.write_string_with_format(at, 0, row_name(report, row, language), &line)?;
        for ((column, cell), unit) in (1..).zip(figures(row)).zip(units.iter().cycle()) {
            write_figure(sheet, (at, column), cell, &line.clone().set_num_format(format(*unit)))?;
        }
    }
    let last = u16::try_from(headings(report, language).len()).unwrap_or(u16::MAX).max(1) - 1;
    sheet.set_freeze_panes(HEAD, 1)?;
    sheet.set_column_width(0, 34)?;
    for column in 1..=last {
        sheet.set_column_width(column, 15)?;
    }
    let rows = u32::try_from(report.rows.len()).unwrap_or(u32::MAX);
    sheet.autofilter(HEAD - 1, 0, HEAD - 1 + rows, last)?;
    Ok(())
}

/// As in “2026-11-01 – 2026-11-30 / 2026-10-01 – 2026-10-31”.
fn days(report: &Report) -> String {
    let periods = [Some(report.period), report.before];
    let days = periods.into_iter().flatten().map(|p| format!("{} – {}", p.date_from, p.date_to));
    days.collect::<Vec<_>>().join(" / ")
}

fn write_figure(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: Cell,
    format: &Format,
) -> Result<(), XlsxError> {
    let number = match cell {
        // A spreadsheet's numbers are exact up to 15 digits, more than any sum here has.
        Cell::Money(Money(minor)) => Some(minor as f64 / 10_f64.powi(i32::from(minor_digits()))),
        Cell::Count(count) => Some(count as f64),
        Cell::Measured(thousandths) => Some(in_units(thousandths)),
        Cell::Decimal(number) => number,
    };
    match number {
        Some(number) => sheet.write_number_with_format(row, column, number, format)?,
        None => sheet.write_blank(row, column, format)?,
    };
    Ok(())
}

fn format(unit: Unit) -> String {
    match unit {
        Unit::Money => match minor_digits() {
            0 => "#,##0".into(),
            digits => format!("#,##0.{}", "0".repeat(usize::from(digits))),
        },
        Unit::Count => "#,##0".into(),
        Unit::Measured => "#,##0.000".into(),
        Unit::Minutes | Unit::Percent => "0.0".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_written_as_its_language_reads_it() {
        assert_eq!(plain(Cell::Money(Money(-123_450)), Language::En), "-1234.50");
        assert_eq!(plain(Cell::Money(Money(123_450)), Language::Ru), "1234,50");
        assert_eq!(plain(Cell::Decimal(Some(2.5)), Language::Ru), "2,5");
        assert_eq!(plain(Cell::Decimal(None), Language::Ru), "");
    }
}
