//! A row of a sheet, as both kinds of files give it.

/// How many columns of a row are looked at.
pub(super) const MOST_COLUMNS: usize = 64;

/// A row of a sheet.
#[derive(Default)]
pub(super) struct Row {
    /// Where it begins, the first line being 1.
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
    /// Whether something stands behind the last of the cells.
    pub(super) is_wider: bool,
}
