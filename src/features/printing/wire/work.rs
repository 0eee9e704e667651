//! What a printer is to do, whatever language it is told in.

use std::sync::Arc;

use super::super::paper::Bitmap;

/// What a printer does beside printing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extras {
    /// It cuts the paper.
    pub cuts: bool,
    /// It sounds.
    pub sounds: bool,
}

/// What a printer is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Print a page.
    Page(Arc<Bitmap>, Extras),
    /// Open the drawer on this pin, 2 or 5, and print nothing.
    Drawer(u8),
}
