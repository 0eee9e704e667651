//! What stands on paper: black dots, as a row of the head burns them.

use std::fmt;

/// Dots in rows, eight in a byte, the leftmost in its highest bit; one that is set is black.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    stride: usize,
    bytes: Vec<u8>,
}

impl Picture {
    pub fn blank(width: usize, height: usize) -> Self {
        let stride = width.div_ceil(8);
        Self { width, stride, bytes: vec![0; stride * height] }
    }

    /// From rows of whole bytes. What stands in a row behind its width is no part of it.
    pub fn from_rows(width: usize, bytes: Vec<u8>) -> Self {
        let stride = width.div_ceil(8);
        assert!(stride > 0 && bytes.len().is_multiple_of(stride), "rows of {stride} bytes");
        let mut picture = Self { width, stride, bytes };
        picture.clear_behind_the_edge();
        picture
    }

    /// From columns of whole bytes, the topmost dot in the highest bit.
    pub fn from_columns(height: usize, bytes: &[u8]) -> Self {
        let stride = height.div_ceil(8);
        assert!(stride > 0 && bytes.len().is_multiple_of(stride), "columns of {stride} bytes");
        let mut picture = Self::blank(bytes.len() / stride, height);
        for (x, column) in bytes.chunks(stride).enumerate() {
            for y in (0..height).filter(|y| column[y / 8] & (0x80 >> (y % 8)) != 0) {
                picture.blacken(x, y);
            }
        }
        picture
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn height(&self) -> usize {
        self.bytes.len().checked_div(self.stride).unwrap_or(0)
    }

    pub fn is_blank(&self) -> bool {
        self.bytes.iter().all(|byte| *byte == 0)
    }

    pub fn is_black(&self, x: usize, y: usize) -> bool {
        x < self.width
            && self.bytes.get(y * self.stride + x / 8).is_some_and(|b| b & (0x80 >> (x % 8)) != 0)
    }

    /// A dot beside the paper burns nothing.
    pub fn blacken(&mut self, x: usize, y: usize) {
        if x < self.width && y < self.height() {
            self.bytes[y * self.stride + x / 8] |= 0x80 >> (x % 8);
        }
    }

    /// Blank rows below.
    pub fn feed(&mut self, rows: usize) {
        self.bytes.resize(self.bytes.len() + rows * self.stride, 0);
    }

    /// The rows, one after the other.
    pub fn rows(&self) -> &[u8] {
        &self.bytes
    }

    /// Burns another picture over this one. What sticks out is lost.
    pub fn stamp(&mut self, x: usize, y: usize, other: &Picture) {
        let (first, shift) = (x / 8, x % 8);
        let rows = other.height().min(self.height().saturating_sub(y));
        for row in 0..rows {
            let from = &other.bytes[row * other.stride..(row + 1) * other.stride];
            let to = &mut self.bytes[(y + row) * self.stride..(y + row + 1) * self.stride];
            let Some(to) = to.get_mut(first..) else { continue };
            for (at, byte) in from.iter().enumerate() {
                if let Some(target) = to.get_mut(at) {
                    *target |= byte >> shift;
                }
                if shift > 0
                    && let Some(target) = to.get_mut(at + 1)
                {
                    *target |= byte << (8 - shift);
                }
            }
        }
        self.clear_behind_the_edge();
    }

    fn clear_behind_the_edge(&mut self) {
        let over = self.stride * 8 - self.width;
        if over > 0 {
            for row in self.bytes.chunks_mut(self.stride) {
                row[self.stride - 1] &= 0xff << over;
            }
        }
    }

    /// Each dot made so many wide and high.
    pub fn scaled(&self, across: usize, down: usize) -> Self {
        if (across, down) == (1, 1) {
            return self.clone();
        }
        let mut picture = Self::blank(self.width * across, self.height() * down);
        for y in 0..picture.height() {
            for x in 0..picture.width {
                if self.is_black(x / across, y / down) {
                    picture.blacken(x, y);
                }
            }
        }
        picture
    }

    /// White is black and black is white.
    pub fn inverted(&self) -> Self {
        let bytes = self.bytes.iter().map(|byte| !byte).collect();
        Self::from_rows(self.width, bytes)
    }

    /// Without the blank rows at its ends.
    pub fn trimmed(&self) -> Self {
        let is_inked = |row: &&[u8]| row.iter().any(|byte| *byte != 0);
        let rows: Vec<&[u8]> = self.bytes.chunks(self.stride.max(1)).collect();
        let Some(first) = rows.iter().position(&is_inked) else {
            return Self::blank(self.width, 0);
        };
        let last = rows.iter().rposition(is_inked).unwrap_or(first);
        Self { bytes: rows[first..=last].concat(), ..*self }
    }

    /// Blank rows below the last black dot.
    pub fn blank_below(&self) -> usize {
        let rows = self.bytes.chunks(self.stride.max(1)).rev();
        rows.take_while(|row| row.iter().all(|byte| *byte == 0)).count()
    }

    /// The first dot in which two pictures differ, where they are as wide; a row that only one of
    /// them has differs at its beginning.
    pub fn first_difference(&self, other: &Self) -> Option<(usize, usize)> {
        assert_eq!(self.width, other.width, "pictures of different widths");
        let common = self.height().min(other.height());
        for y in 0..common {
            if let Some(x) = (0..self.width).find(|x| self.is_black(*x, y) != other.is_black(*x, y))
            {
                return Some((x, y));
            }
        }
        (self.height() != other.height()).then_some((0, common))
    }

    /// A PNG that a person looks at, or a test compares with a preview.
    pub fn png(&self) -> Vec<u8> {
        let mut file = Vec::new();
        let size = |dots: usize| u32::try_from(dots).unwrap();
        let mut encoder =
            png::Encoder::new(&mut file, size(self.width), size(self.height().max(1)));
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        let mut writer = encoder.write_header().unwrap();
        let mut white: Vec<u8> = self.bytes.iter().map(|byte| !byte).collect();
        white.resize(white.len().max(self.stride), 0xff);
        writer.write_image_data(&white).unwrap();
        writer.finish().unwrap();
        file
    }

    /// From a PNG: what is darker than half, and not seen through, is black.
    pub fn from_png(file: &[u8]) -> Result<Self, String> {
        let pixels = image::load_from_memory_with_format(file, image::ImageFormat::Png)
            .map_err(|error| error.to_string())?
            .into_luma_alpha8();
        let mut picture = Self::blank(pixels.width() as usize, pixels.height() as usize);
        for (x, y, pixel) in pixels.enumerate_pixels() {
            let [light, opaque] = pixel.0;
            if light < 128 && opaque >= 128 {
                picture.blacken(x as usize, y as usize);
            }
        }
        Ok(picture)
    }

    /// Whether nothing in a PNG is between black and white, or half seen through.
    pub fn is_png_of_two_colors(file: &[u8]) -> Result<bool, String> {
        let pixels = image::load_from_memory_with_format(file, image::ImageFormat::Png)
            .map_err(|error| error.to_string())?
            .into_luma_alpha8();
        Ok(pixels.pixels().all(|pixel| pixel.0.iter().all(|part| [0, 255].contains(part))))
    }

    /// The texts of the QR codes on it.
    pub fn qr_texts(&self) -> Vec<String> {
        // A camera sees the counter around the paper.
        const AROUND: usize = 16;
        let light = |x: usize, y: usize| {
            let is_paper = x >= AROUND && y >= AROUND;
            if is_paper && self.is_black(x - AROUND, y - AROUND) { 0 } else { 255 }
        };
        let (width, height) = (self.width + 2 * AROUND, self.height() + 2 * AROUND);
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, light);
        image.detect_grids().iter().filter_map(|grid| Some(grid.decode().ok()?.1)).collect()
    }

    /// The dots as characters.
    pub fn art(&self) -> String {
        let mut art = String::new();
        for y in 0..self.height() {
            art.extend((0..self.width).map(|x| if self.is_black(x, y) { '#' } else { '.' }));
            art.push('\n');
        }
        art
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let black: u32 = self.bytes.iter().map(|byte| byte.count_ones()).sum();
        write!(f, "{} x {} dots, {black} black", self.width, self.height())
    }
}
