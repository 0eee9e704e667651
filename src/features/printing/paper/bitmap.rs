//! Black and white: what a printer burns into paper, and what a screen shows of it.

use png::{BitDepth, ColorType, Encoder};

use crate::core::error::{Error, Result};

/// A picture of dots, a bit each, the first one of a byte in its highest bit; 1 is black.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitmap {
    width: usize,
    dots: Vec<u8>,
}

impl Bitmap {
    /// A white one. Rows begin with a byte, so a width is rounded up to whole bytes.
    pub fn white(width: usize, height: usize) -> Self {
        let row = width.div_ceil(8);
        Self { width: row * 8, dots: vec![0; row * height] }
    }

    /// From the bytes of its rows; none where they are no whole rows.
    pub fn of(width: usize, dots: Vec<u8>) -> Option<Self> {
        let is_whole = width > 0 && width.is_multiple_of(8) && dots.len().is_multiple_of(width / 8);
        is_whole.then_some(Self { width, dots })
    }

    /// Where its black dots are, from the left and from the top.
    pub fn black(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let row = self.row_bytes();
        self.dots.iter().enumerate().flat_map(move |(at, byte)| {
            let dots = (0..8).filter(move |bit| byte & (0x80 >> bit) != 0);
            dots.map(move |bit| ((at % row) * 8 + bit, at / row))
        })
    }

    /// Dots in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.dots.len() / self.row_bytes()
    }

    /// Bytes in a row.
    pub fn row_bytes(&self) -> usize {
        (self.width / 8).max(1)
    }

    /// The bytes of all rows, from the top.
    pub fn bytes(&self) -> &[u8] {
        &self.dots
    }

    /// Adds so many white rows at the foot.
    pub fn grow(&mut self, rows: usize) {
        let bytes = self.dots.len() + rows * self.row_bytes();
        self.dots.resize(bytes, 0);
    }

    /// Makes a dot black; what lies outside is left out.
    pub fn blacken(&mut self, x: usize, y: usize) {
        if let Some(byte) = self.byte_at(x, y) {
            *byte |= 0x80 >> (x % 8);
        }
    }

    /// Turns a rectangle's black into white and its white into black.
    pub fn invert(&mut self, (left, top): (usize, usize), (width, height): (usize, usize)) {
        for y in top..top + height {
            for x in left..left + width {
                if let Some(byte) = self.byte_at(x, y) {
                    *byte ^= 0x80 >> (x % 8);
                }
            }
        }
    }

    /// Printers obey some bytes at once also where they are dots: they would open the drawer, or forget
    /// what waits (`DLE EOT`, `DLE ENQ`, `DLE DC4`). One dot more makes others of them.
    pub fn make_harmless(&mut self) {
        for at in 1..self.dots.len() {
            if self.dots[at - 1] == 0x10 && matches!(self.dots[at], 0x04 | 0x05 | 0x14) {
                self.dots[at - 1] = 0x18;
            }
        }
    }

    fn byte_at(&mut self, x: usize, y: usize) -> Option<&mut u8> {
        let row = self.row_bytes();
        if x < self.width { self.dots.get_mut(y * row + x / 8) } else { None }
    }

    /// As a PNG: the very dots that are printed.
    ///
    /// # Errors
    /// When it is larger than a PNG can be.
    pub fn png(&self) -> Result<Vec<u8>> {
        let side = |dots: usize| u32::try_from(dots).map_err(Error::internal);
        let white: Vec<u8> = self.dots.iter().map(|byte| !byte).collect();
        let mut out = Vec::new();
        let mut encoder = Encoder::new(&mut out, side(self.width)?, side(self.height())?);
        encoder.set_color(ColorType::Grayscale);
        encoder.set_depth(BitDepth::One);
        encoder
            .write_header()
            .and_then(|mut png| png.write_image_data(&white))
            .map_err(Error::internal)?;
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_is_a_bit_from_the_left() {
        let mut bitmap = Bitmap::white(10, 2);
        assert_eq!((bitmap.width(), bitmap.height(), bitmap.row_bytes()), (16, 2, 2));
        bitmap.blacken(0, 0);
        bitmap.blacken(9, 1);
        bitmap.blacken(16, 0);
        bitmap.blacken(0, 2);
        assert_eq!(bitmap.bytes(), [0x80, 0, 0, 0x40]);
        bitmap.invert((8, 0), (8, 2));
        assert_eq!(bitmap.bytes(), [0x80, 0xFF, 0, 0xBF]);
    }

    #[test]
    fn no_picture_holds_what_a_printer_obeys_at_once() {
        let dots = vec![0x10, 0x14, 0x01, 0x10, 0x10, 0x04, 0x10, 0x05, 0x14, 0x10];
        let mut bitmap = Bitmap { width: 16, dots };
        bitmap.make_harmless();
        assert_eq!(bitmap.bytes(), [0x18, 0x14, 0x01, 0x10, 0x18, 0x04, 0x18, 0x05, 0x14, 0x10]);
    }
}
