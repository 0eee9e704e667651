//! The rows of a CSV file. The separator is found, and what Excel adds is understood.

use csv::{Position, ReaderBuilder, StringRecord};

use super::row::{MOST_COLUMNS, Row};
use crate::core::error::{Error, Result};
use crate::features::import::file::bad_file;
use crate::platform::sheets::unmarked;

/// Hands on each row with the line on which it begins, the heads first.
///
/// # Errors
/// 422 that names the line where quotes are wrong; what `each` refuses.
pub(super) fn rows(text: &str, each: &mut dyn FnMut(Row) -> Result<()>) -> Result<()> {
    // One kind of line break, so that lines are counted alike; some programs write CR alone.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (told, body) = told_separator(&text);
    let separator = told.unwrap_or_else(|| likely_separator(body));
    let first_line = if told.is_some() { 2 } else { 1 };
    check_quotes(body, char::from(separator), first_line)?;
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(body.as_bytes());
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| unreadable(&error))? {
        let is_empty = record.iter().all(|cell| cell.trim().is_empty());
        if !is_empty {
            each(row_of(&record, body, first_line))?;
        }
    }
    Ok(())
}

fn row_of(record: &StringRecord, text: &str, first_line: u64) -> Row {
    let begin = record.position().map_or(0, Position::byte);
    let begin = usize::try_from(begin).unwrap_or(0);
    // The reader counts empty lines before a record as a part of it.
    let empty = text[begin..].bytes().take_while(|byte| *byte == b'\n').count() as u64;
    let line = record.position().map_or(0, Position::line) - 1 + empty + first_line;
    // Only a CSV file needs the mark that keeps a text from being calculated.
    let cells = record.iter().take(MOST_COLUMNS).map(|cell| unmarked(cell.trim()).to_owned());
    let cells = cells.collect();
    let is_wider = record.iter().skip(MOST_COLUMNS).any(|cell| !cell.trim().is_empty());
    Row { line, cells, is_wider }
}

fn unreadable(error: &csv::Error) -> Error {
    bad_file(format!("The file cannot be read as CSV: {error}."))
}

/// Excel's own first line, `sep=;`, and what stands below it.
fn told_separator(text: &str) -> (Option<u8>, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let told = first.trim_matches('"');
    let is_told = told.get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case("sep="));
    match told.as_bytes() {
        [.., b'=', separator @ (b',' | b';' | b'\t' | b'|')] if is_told => (Some(*separator), rest),
        _ => (None, text),
    }
}

/// The one that stands among the heads most often.
fn likely_separator(text: &str) -> u8 {
    let heads = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: &u8| heads.matches(char::from(*separator)).count();
    [b',', b';', b'\t'].into_iter().max_by_key(count).unwrap_or(b',')
}

/// Refuses a quote that is never closed, and text behind a closing one: both would swallow cells,
/// and the reader takes them in silence.
fn check_quotes(text: &str, separator: char, first_line: u64) -> Result<()> {
    enum Inside {
        Begin,
        Bare,
        Quotes(u64),
        Closed(u64),
    }
    let (mut line, mut now) = (first_line, Inside::Begin);
    for c in text.chars() {
        now = match (now, c) {
            (Inside::Quotes(from), '"') => Inside::Closed(from),
            (Inside::Closed(from), '"') | (Inside::Quotes(from), _) => Inside::Quotes(from),
            (_, '\n') => Inside::Begin,
            (_, c) if c == separator => Inside::Begin,
            (Inside::Begin, '"') => Inside::Quotes(line),
            (Inside::Closed(from), _) => return Err(wrong_quotes(from)),
            (Inside::Begin | Inside::Bare, _) => Inside::Bare,
        };
        line += u64::from(c == '\n');
    }
    if let Inside::Quotes(from) = now { Err(wrong_quotes(from)) } else { Ok(()) }
}

fn wrong_quotes(line: u64) -> Error {
    let message = "opens a quote that does not close at the end of its cell; close it, or write \
                   each quote inside a cell twice";
    Error::invalid(format!("line {line}"), message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(u64, String)>> {
        let mut found = Vec::new();
        rows(text, &mut |row| {
            found.push((row.line, row.cells.join("|")));
            Ok(())
        })?;
        Ok(found)
    }

    /// F3: what spreadsheets write is understood, and every row knows its line.
    #[test]
    fn rows_are_found_with_their_lines() {
        let wanted = |lines: [u64; 3]| {
            lines
                .into_iter()
                .zip(["a|b".to_owned(), "1|2".into(), "3|4".into()])
                .collect::<Vec<_>>()
        };
        for (text, lines) in [
            ("a,b\n1,2\n3,4\n", [1, 2, 3]),
            ("a;b\r\n1;2\r\n3;4\r\n", [1, 2, 3]),
            ("a\tb\r1\t2\r3\t4", [1, 2, 3]),
            ("sep=;\r\na;b\r\n1;2\r\n3;4", [2, 3, 4]),
            ("\"sep=;\"\na;b\n1;2\n3;4", [2, 3, 4]),
            ("SEP=\t\na\tb\n1\t2\n3\t4", [2, 3, 4]),
            ("\n\na;b\n\n1;2\n;\n\n3;4\n\n", [3, 5, 8]),
            ("a,b\n\"1\",\" 2 \"\n3,4", [1, 2, 3]),
        ] {
            assert_eq!(read(text).unwrap(), wanted(lines), "{text:?}");
        }
        let broken = read("a,b\n\"x\ny\",\"the \"\"best\"\"\"\n3,4").unwrap();
        assert_eq!(broken[1..], [(2, "x\ny|the \"best\"".to_owned()), (4, "3|4".into())]);
        assert_eq!(read("a,b\nthe \"best\",12\"").unwrap()[1].1, "the \"best\"|12\"");
    }

    /// F3: an unclosed quote must not make three dishes a cell of the first.
    #[test]
    fn wrong_quotes_are_refused_with_their_line() {
        for (text, line) in [
            ("a,b\n1,\"2\n3,4\n5,6\n", 2),
            ("a,b\n1,2\n3,\"4\n5,\"6\"\n", 3),
            ("sep=,\na,b\n1,\"2\" x\n", 3),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(error.problem().errors[0].field, format!("line {line}"), "{text:?}");
        }
    }
}
