//! What stands on paper, row by row, before anybody knows how wide that is.

use super::bitmap::Bitmap;

/// How large letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Size {
    /// What few read.
    Small,
    /// What all read.
    Body,
    /// What cooks read from where they stand.
    Large,
    /// The table, across the room.
    Huge,
}

impl Size {
    /// Dots from the top of the highest letter to the foot of the lowest, at 203 dots an inch. Thinner
    /// strokes than those of 22 vanish on thermal paper.
    pub const fn dots(self) -> u16 {
        match self {
            Self::Small => 22,
            Self::Body => 28,
            Self::Large => 40,
            Self::Huge => 68,
        }
    }

    /// The next one down.
    pub const fn smaller(self) -> Option<Self> {
        match self {
            Self::Huge => Some(Self::Large),
            Self::Large => Some(Self::Body),
            Self::Body => Some(Self::Small),
            Self::Small => None,
        }
    }
}

/// Where in the row something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// At the left.
    Left,
    /// In the middle.
    Middle,
}

/// One row, or a few where it does not fit into one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A text that is broken between words.
    Text {
        /// The text.
        text: String,
        /// How large.
        size: Size,
        /// Whether its strokes are thick.
        bold: bool,
        /// Where.
        align: Align,
        /// How many dots it is moved in.
        indent: usize,
    },
    /// A text at the left, which is broken, and one at the right edge, which is not.
    Pair {
        /// At the left.
        left: String,
        /// At the right.
        right: String,
        /// How large.
        size: Size,
        /// Whether its strokes are thick.
        bold: bool,
    },
    /// White letters on black, over the whole width: what must not be missed.
    Banner(String),
    /// A line across.
    Rule,
    /// So many white dots.
    Gap(usize),
    /// A QR code of a text.
    Qr(String),
    /// A picture in the middle.
    Picture(Bitmap),
}

impl Row {
    /// A text at the left.
    pub fn left(size: Size, text: impl Into<String>) -> Self {
        Self::text(size, false, Align::Left, text)
    }

    /// A bold text at the left.
    pub fn bold(size: Size, text: impl Into<String>) -> Self {
        Self::text(size, true, Align::Left, text)
    }

    /// A text in the middle.
    pub fn middle(size: Size, text: impl Into<String>) -> Self {
        Self::text(size, false, Align::Middle, text)
    }

    /// A bold text in the middle.
    pub fn title(size: Size, text: impl Into<String>) -> Self {
        Self::text(size, true, Align::Middle, text)
    }

    /// A text that belongs to the row above it.
    pub fn below(size: Size, bold: bool, indent: usize, text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), size, bold, align: Align::Left, indent }
    }

    /// A text and a figure.
    pub fn pair(left: impl Into<String>, right: impl Into<String>) -> Self {
        Self::Pair { left: left.into(), right: right.into(), size: Size::Body, bold: false }
    }

    /// A text and a figure that counts.
    pub fn sum(size: Size, left: impl Into<String>, right: impl Into<String>) -> Self {
        Self::Pair { left: left.into(), right: right.into(), size, bold: true }
    }

    fn text(size: Size, bold: bool, align: Align, text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), size, bold, align, indent: 0 }
    }
}
