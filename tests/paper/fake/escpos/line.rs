//! The line that is being put together, before it is printed.

use super::super::picture::Picture;
use super::command::{Align, Font};

/// How characters look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub font: Font,
    pub across: usize,
    pub down: usize,
    pub is_bold: bool,
    pub underline: u8,
    pub is_inverse: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { font: Font::A, across: 1, down: 1, is_bold: false, underline: 0, is_inverse: false }
    }
}

impl Style {
    pub fn size(self) -> (usize, usize) {
        let (width, height) = self.font.size();
        (width * self.across, height * self.down)
    }
}

/// Characters of one look that stand beside each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// From the left edge of where the line may stand.
    pub left: usize,
    pub text: String,
    pub style: Style,
}

/// A printed line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Of the row below it.
    pub bottom: usize,
    pub align: Align,
    pub pieces: Vec<Piece>,
}

impl Line {
    /// What stands in it. A gap is as many spaces as fit.
    pub fn text(&self) -> String {
        let (mut text, mut end) = (String::new(), 0);
        for piece in &self.pieces {
            let width = piece.style.size().0;
            text.push_str(&" ".repeat(piece.left.saturating_sub(end) / width));
            text.push_str(&piece.text);
            end = piece.left + piece.text.chars().count() * width;
        }
        text
    }
}

/// What is to stand in the line so far.
#[derive(Clone, Debug, Default)]
pub struct LineBuffer {
    pieces: Vec<Piece>,
    drawn: Vec<(usize, Picture)>,
    /// Where the next character stands.
    pub x: usize,
}

impl LineBuffer {
    pub fn is_empty(&self) -> bool {
        self.drawn.is_empty()
    }

    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    /// Of the tallest thing in it.
    pub fn height(&self) -> usize {
        self.drawn.iter().map(|(_, picture)| picture.height()).max().unwrap_or(0)
    }

    pub fn put(&mut self, char: char, style: Style, space: usize) {
        self.drawn.push((self.x, cell(char, style)));
        match self.pieces.last_mut() {
            Some(last)
                if last.style == style
                    && last.left + last.text.chars().count() * style.size().0 == self.x =>
            {
                last.text.push(char);
            }
            _ => self.pieces.push(Piece { left: self.x, text: char.into(), style }),
        }
        self.x += style.size().0 + space;
    }

    pub fn put_picture(&mut self, picture: Picture) {
        let width = picture.width();
        self.drawn.push((self.x, picture));
        self.x += width;
    }

    /// Burns it into these rows, on their lower edge.
    pub fn draw(&self, on: &mut Picture, left: usize, bottom: usize) {
        for (x, picture) in &self.drawn {
            on.stamp(left + x, bottom - picture.height(), picture);
        }
    }

    pub fn into_line(self, bottom: usize, align: Align) -> Line {
        Line { bottom, align, pieces: self.pieces }
    }
}

/// A character's cell: its number in dots, three times seven of them, so that no two look alike.
fn cell(char: char, style: Style) -> Picture {
    let (width, height) = style.font.size();
    let mut picture = Picture::blank(width, height);
    let (across, down) = (width / 4, height / 8);
    for bit in (0..21).filter(|bit| char != ' ' && u32::from(char) & (1 << bit) != 0) {
        let (left, top) = (bit % 3 * across, bit / 3 * down);
        let across = across + usize::from(style.is_bold);
        (top..top + down).for_each(|y| (left..left + across).for_each(|x| picture.blacken(x, y)));
    }
    for row in 1..=usize::from(style.underline) {
        (0..width).for_each(|x| picture.blacken(x, height - row));
    }
    let picture = if style.is_inverse { picture.inverted() } else { picture };
    picture.scaled(style.across, style.down)
}
