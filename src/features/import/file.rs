//! A file that was read, where its things stood in it, and what is wrong with it.

use std::collections::HashMap;

use super::content::Content;
use crate::core::error::{Error, FieldError, Result};

/// The largest file in bytes: a menu of ten thousand dishes is smaller.
pub const MOST_BYTES: usize = 8 * 1024 * 1024;

/// How many wrong places are told at once: one for each line that a table may have. A person who mends
/// a long file needs all of them; the page shows some at a time.
const MOST_WRONG: usize = 20_000;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Everything.
    Json,
    /// What people keep in spreadsheets, as text.
    Csv,
    /// The same as an Excel workbook.
    Xlsx,
}

impl Format {
    /// What a file is by its content: only JSON begins with a brace, and a workbook is an archive.
    pub fn of(bytes: &[u8]) -> Self {
        if bytes.starts_with(b"PK\x03\x04") {
            return Self::Xlsx;
        }
        let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{' | b'[') => Self::Json,
            _ => Self::Csv,
        }
    }
}

/// A file that was read.
pub struct File {
    /// What stands in it.
    pub content: Content,
    pub(super) lines: Lines,
}

impl From<Content> for File {
    fn from(content: Content) -> Self {
        Self { content, lines: Lines::default() }
    }
}

pub(super) fn bad_file(detail: impl Into<String>) -> Error {
    Error::rule("bad_file", detail)
}

/// The lines on which the things of a spreadsheet stand, by their place in the content.
#[derive(Default)]
pub struct Lines(HashMap<String, u64>);

impl Lines {
    /// Notes that the thing at this place, and the one that holds it, stand on this line.
    pub fn note(&mut self, place: String, line: u64) {
        for (at, _) in place.match_indices('.') {
            self.0.entry(place[..at].to_owned()).or_insert(line);
        }
        self.0.insert(place, line);
    }

    /// A place as the person knows it who wrote the file: `categories[0].dishes[2].code` is
    /// `line 7, code` in a spreadsheet.
    pub fn name(&self, place: &str) -> String {
        let ends = place.match_indices(['.', '[']).map(|(at, _)| at).chain([place.len()]);
        let longest = ends.rev().find_map(|at| Some((at, self.0.get(&place[..at])?)));
        let Some((at, line)) = longest else { return place.to_owned() };
        match place[at..].trim_start_matches('.').split('[').next() {
            None | Some("") => format!("line {line}"),
            Some(field) => format!("line {line}, {}", column_of(&place[..at], field)),
        }
    }
}

/// The column of a sheet that holds a field, where it is called otherwise.
fn column_of<'a>(place: &str, field: &'a str) -> &'a str {
    let thing = place.rsplit('.').next().and_then(|thing| thing.split('[').next());
    match (thing, field) {
        (Some("dishes"), "number") => "dish_number",
        (Some("variations"), "number") => "variation_number",
        (Some("modifier_groups"), "number") => "group_number",
        (Some("options"), "number") => "option_number",
        (Some("categories"), "name") => "category",
        (Some("dishes"), "name") => "dish",
        (Some("dishes"), "external_id") => "dish_external_id",
        (Some("variations"), "name") | (Some("choices"), "dish_variation_id") => "variation",
        (Some("modifier_groups"), "name") => "group",
        (Some("options"), "name") => "option",
        (Some("combos"), "dish") => "combo",
        (Some("combos"), "category") => "combo_category",
        (Some("parts"), "name") => "part",
        (Some("price_lists"), "name") => "price_list",
        (Some("periods"), "name") => "period",
        _ => field,
    }
}

/// Everything that is wrong with a file, as far as it is told at once.
#[derive(Default)]
pub struct Wrong {
    errors: Vec<FieldError>,
    count: usize,
}

impl Wrong {
    /// Adds a wrong place.
    pub fn note(&mut self, place: impl Into<String>, message: impl Into<String>) {
        self.count += 1;
        if self.errors.len() < MOST_WRONG {
            self.errors.push(FieldError { field: place.into(), message: message.into() });
        }
    }

    /// # Errors
    /// 422 with what is wrong, if anything is; `count` in its params says how much there is in all.
    pub fn refuse_if_any(self) -> Result<()> {
        if self.count == 0 {
            return Ok(());
        }
        let (told, count) = (self.errors.len(), self.count);
        let error = Error::invalid_fields(self.errors).with("count", count);
        if told == count {
            return Err(error);
        }
        let detail = format!(
            "{count} places of the file are wrong; nothing was changed. The first {told} are named \
             here, {} more are not.",
            count - told
        );
        Err(error.says(detail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_named_as_in_the_file() {
        let mut lines = Lines::default();
        lines.note("categories[0].dishes[1].variations[0]".into(), 4);
        lines.note("categories[0].dishes[1].variations[1]".into(), 5);
        for (place, name) in [
            ("categories[0].dishes[1].variations[1].sku", "line 5, sku"),
            ("categories[0].dishes[1].variations[1]", "line 5"),
            ("categories[0].dishes[1].department", "line 4, department"),
            ("categories[0].dishes[1].ingredients[2]", "line 4, ingredients"),
            ("categories[0].name", "line 4, category"),
            ("categories[0].dishes[1].external_id", "line 4, dish_external_id"),
            ("staff[0].role", "staff[0].role"),
        ] {
            assert_eq!(lines.name(place), name);
        }
    }

    #[test]
    fn every_wrong_line_is_told_and_no_list_is_without_end() {
        let refusal = |lines: usize| {
            let mut wrong = Wrong::default();
            (0..lines).for_each(|line| wrong.note(format!("line {line}"), "is missing"));
            wrong.refuse_if_any().unwrap_err()
        };
        let error = refusal(500);
        assert_eq!(error.problem().errors.len(), 500);
        assert_eq!(error.problem().params["count"], 500);
        let error = refusal(MOST_WRONG + 450);
        assert_eq!(error.problem().errors.len(), MOST_WRONG);
        assert_eq!(error.problem().params["count"], MOST_WRONG + 450);
        assert!(error.problem().detail.contains("450 more"), "{error}");
    }

    #[test]
    fn a_file_is_known_by_its_content() {
        assert_eq!(Format::of(b" \n{}"), Format::Json);
        assert_eq!(Format::of("\u{feff}{}".as_bytes()), Format::Json);
        assert_eq!(Format::of(b"category,dish"), Format::Csv);
        assert_eq!(Format::of(b""), Format::Csv);
        assert_eq!(Format::of(b"PK\x03\x04rest"), Format::Xlsx);
    }
}
