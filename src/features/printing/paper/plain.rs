//! Rows as a plain text, for who reads it, sends it on or looks for a word in it.

use super::rows::{Align, Row};

/// Dots a character of plain text stands for.
const CHARACTER: usize = 12;

/// The rows as lines of the width of a printer with so many dots.
pub fn plain(rows: &[Row], width_dots: usize) -> String {
    let columns = (width_dots / CHARACTER).max(20);
    let mut text = String::new();
    for row in rows {
        for line in lines(row, columns) {
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    text
}

/// A row as lines of at most so many characters, but for words and figures that are longer.
pub(super) fn lines(row: &Row, columns: usize) -> Vec<String> {
    match row {
        Row::Text { text, align: Align::Middle, .. } => {
            broken(text, columns).into_iter().map(|line| middle(&line, columns)).collect()
        }
        Row::Text { text, indent, .. } => {
            let indent = " ".repeat(indent / CHARACTER);
            let room = columns.saturating_sub(indent.len()).max(1);
            broken(text, room).into_iter().map(|line| format!("{indent}{line}")).collect()
        }
        Row::Pair { left, right, .. } => pair(left, right, columns),
        Row::Banner(text) => vec![middle(&format!("*** {text} ***"), columns)],
        Row::Rule => vec!["-".repeat(columns)],
        Row::Gap(_) => vec![String::new()],
        Row::Qr(text) => vec![text.clone()],
        Row::Picture(_) => Vec::new(),
    }
}

fn pair(left: &str, right: &str, columns: usize) -> Vec<String> {
    let figure = right.chars().count();
    let mut lines = broken(left, columns.saturating_sub(figure + 1).max(8));
    let last = lines.pop().unwrap_or_default();
    let space = columns.saturating_sub(last.chars().count() + figure).max(1);
    lines.push(format!("{last}{}{right}", " ".repeat(space)));
    lines
}

fn middle(line: &str, columns: usize) -> String {
    let before = columns.saturating_sub(line.chars().count()) / 2;
    format!("{}{line}", " ".repeat(before))
}

fn broken(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for given in text.lines() {
        let mut line = String::new();
        for word in given.split_whitespace() {
            let length = line.chars().count() + 1 + word.chars().count();
            if !line.is_empty() && length > columns {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::rows::Size;
    use super::*;

    #[test]
    fn figures_stand_in_a_column() {
        let rows = [
            Row::title(Size::Large, "Трактир"),
            Row::Rule,
            Row::pair("Borscht", "350.00"),
            Row::pair("A dish with a name that is too long", "1,350.00"),
            Row::below(Size::Body, false, 24, "no onion"),
        ];
        let text = plain(&rows, 384);
        let expected = "            Трактир\n\
                        --------------------------------\n\
                        Borscht                   350.00\n\
                        A dish with a name that\n\
                        is too long             1,350.00\n  \
                          no onion\n";
        assert_eq!(text, expected);
    }
}
