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
