//! The cells of a line that is written: empty where nothing is said.

use crate::platform::sheets::Cell;

pub(super) fn text<T: ToString>(value: Option<T>) -> Cell {
    Cell::Text(value.map(|value| value.to_string()).unwrap_or_default())
}

pub(super) fn number<T: ToString>(value: Option<T>) -> Cell {
    Cell::Number(value.map(|value| value.to_string()).unwrap_or_default())
}

pub(super) fn yes(value: Option<bool>) -> Cell {
    text(value.map(|value| if value { "yes" } else { "no" }))
}

/// What parts the things that one cell lists.
pub(super) const PARTED_BY: [char; 2] = [';', ','];

/// Several things in one cell; one with a separator in its name stands in quotes.
pub(super) fn list<'a>(names: impl Iterator<Item = &'a str>) -> Cell {
    let one = |name: &str| {
        if name.contains(PARTED_BY) {
            format!("\"{}\"", name.replace('"', "\"\""))
        } else {
            name.to_owned()
        }
    };
    Cell::Text(names.map(one).collect::<Vec<_>>().join("; "))
}

/// The things that a cell lists, as [`list`] writes them.
pub(super) fn parts(cell: &str, parted_by: &[char]) -> Vec<String> {
    let (mut parts, mut rest) = (Vec::new(), cell);
    while !rest.is_empty() {
        rest = rest.trim_start();
        let (part, behind) = quoted(rest, parted_by).unwrap_or_else(|| {
            let (part, behind) = rest.split_once(parted_by).unwrap_or((rest, ""));
            (part.trim().to_owned(), behind)
        });
        parts.extend(Some(part).filter(|part| !part.is_empty()));
        rest = behind;
    }
    parts
}

/// A name in quotes that begins here, and what stands behind it. Quotes around a name that needs none are
/// a part of the name.
fn quoted<'a>(text: &'a str, parted_by: &[char]) -> Option<(String, &'a str)> {
    let inside = text.strip_prefix('"')?;
    let mut at = 0;
    loop {
        at += inside[at..].find('"')?;
        if !inside[at + 1..].starts_with('"') {
            break;
        }
        at += 2;
    }
    let (name, behind) = (&inside[..at], inside[at + 1..].trim_start());
    let behind = match behind.strip_prefix(parted_by) {
        Some(behind) => behind,
        None if behind.is_empty() => behind,
        None => return None,
    };
    name.contains(PARTED_BY).then(|| (name.replace("\"\"", "\""), behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever a thing is called, a list of it is read as it was written.
    #[test]
    fn a_list_is_read_as_it_is_written() {
        for names in [
            vec!["Soup"],
            vec!["Fish; chips", "Soup"],
            vec!["Salad \"Caesar\"", "\"Caesar\"", "Mac, cheese"],
            vec!["\"A\"; \"B\"", "a\"", "\"", "x, \"y\""],
        ] {
            let Cell::Text(cell) = list(names.iter().copied()) else { panic!("a text") };
            assert_eq!(parts(&cell, &PARTED_BY), names, "{cell}");
        }
        assert_eq!(parts(" a ;; b;", &PARTED_BY), ["a", "b"]);
        assert_eq!(parts("Mac, cheese; b", &[';']), ["Mac, cheese", "b"]);
    }
}
