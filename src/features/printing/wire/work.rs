//! What a printer is to do, whatever language it is told in.

use std::sync::Arc;

use super::super::paper::{Bitmap, Strip};

/// What a printer does beside printing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extras {
    /// It cuts the paper.
    pub cuts: bool,
    /// It sounds.
    pub sounds: bool,
}

/// A page to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Drawn, for every printer.
    pub dots: Bitmap,
    /// The same in letters of the printer's own, where it is told so in ESC/POS.
    pub typed: Option<Vec<Strip>>,
}

impl From<Bitmap> for Page {
    fn from(dots: Bitmap) -> Self {
        Self { dots, typed: None }
    }
}

/// What a printer is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Print a page.
    Page(Arc<Page>, Extras),
    /// Open the drawer on this pin, 2 or 5, and print nothing.
    Drawer(u8),
}
