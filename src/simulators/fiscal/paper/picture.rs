//! A paper as a picture: black dots on white, as the printer would burn them.

use qrcode::{Color, EcLevel, QrCode};

use super::font::{HEIGHT, WIDTH as GLYPH, glyph};
use super::report::WIDTH;
use super::text::Line;

/// Dots of a glyph's dot.
const SCALE: usize = 2;
/// White at the edges, in dots.
const MARGIN: usize = 16;
/// Dots of a line of text, and of a module of a QR code.
const LINE: usize = (HEIGHT + 2) * SCALE;
const MODULE: usize = 5;
const PAPER: u8 = 0xff;
const INK: u8 = 0x00;

/// The dots of a paper.
struct Dots {
    width: usize,
    rows: Vec<u8>,
}

impl Dots {
    /// So many more rows, white.
    fn feed(&mut self, rows: usize) -> usize {
        let top = self.rows.len() / self.width;
        self.rows.resize(self.rows.len() + rows * self.width, PAPER);
        top
    }

    fn square(&mut self, x: usize, y: usize, side: usize) {
        for row in y..y + side {
            let from = row * self.width + x;
            if let Some(dots) = self.rows.get_mut(from..from + side) {
                dots.fill(INK);
            }
        }
    }

    fn text(&mut self, text: &str) {
        let top = self.feed(LINE);
        for (at, character) in text.chars().take(WIDTH).enumerate() {
            let left = MARGIN + at * GLYPH * SCALE;
            for (y, row) in glyph(character).into_iter().enumerate() {
                for x in (0..5).filter(|x| row & (0b1_0000 >> x) != 0) {
                    self.square(left + x * SCALE, top + y * SCALE, SCALE);
                }
            }
        }
    }

    fn qr(&mut self, content: &str) {
        let Ok(code) = QrCode::with_error_correction_level(content, EcLevel::M) else { return };
        let (side, modules) = (code.width(), code.into_colors());
        let top = self.feed(side * MODULE + 2 * MARGIN) + MARGIN;
        let left = self.width.saturating_sub(side * MODULE) / 2;
        for (at, _) in modules.iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
            self.square(left + at % side * MODULE, top + at / side * MODULE, MODULE);
        }
    }
}

/// The picture of these lines.
pub(in super::super) fn png(lines: &[Line]) -> Result<Vec<u8>, String> {
    let mut dots = Dots { width: 2 * MARGIN + WIDTH * GLYPH * SCALE, rows: Vec::new() };
    dots.feed(MARGIN);
    for line in lines {
        match line {
            Line::Text(text) => dots.text(text),
            Line::Qr(content) => dots.qr(content),
        }
    }
    dots.feed(MARGIN);
    let height = dots.rows.len() / dots.width;
    let size = |dots: usize| u32::try_from(dots).map_err(|error| error.to_string());
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, size(dots.width)?, size(height)?);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(|error| error.to_string())?;
    writer.write_image_data(&dots.rows).map_err(|error| error.to_string())?;
    writer.finish().map_err(|error| error.to_string())?;
    Ok(file)
}
