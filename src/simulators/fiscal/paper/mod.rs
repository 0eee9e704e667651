//! What comes out of the printer: lines of text, and their picture.

mod font;
mod picture;
pub(super) mod report;
mod text;

pub(super) use picture::png;
pub(super) use text::{lines, plain, qr};
