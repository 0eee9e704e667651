//! What paper says of itself, beside the document on it.

use super::bitmap::Bitmap;
use super::words::Language;
use crate::core::kernel::Zone;

/// Whose paper it is, and how it is read.
pub struct Letterhead<'a> {
    /// The restaurant's name.
    pub restaurant: &'a str,
    /// The language that is read in it.
    pub language: Language,
    /// Its clock.
    pub zone: &'a Zone,
    /// Its currency.
    pub currency: &'a str,
    /// What stands at the head of what guests get.
    pub logo: Option<Bitmap>,
}

/// What stands on a document beside what it says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// It may have been printed already.
    pub may_be_repeat: bool,
    /// Somebody asked for it once more.
    pub is_copy: bool,
    /// The printer for which it was meant, where another one prints it.
    pub meant_for: Option<String>,
    /// The printer that prints it, for its test sheet.
    pub printer: String,
    /// Dots of its paper.
    pub width_dots: usize,
}
