//! QR codes as pictures. Pure.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

use crate::core::error::{Error, Result};

/// Light modules around the code, so that a camera finds it.
const QUIET: usize = 4;
/// Pixels a module in a PNG.
const SCALE: usize = 8;

/// A code that can be drawn; a quarter of it is spare, so that a stain does not kill it.
pub struct Picture {
    side: usize,
    modules: Vec<Color>,
}

impl Picture {
    /// The code of a text.
    ///
    /// # Errors
    /// 400 when the text is too long for any code.
    pub fn of(text: &str) -> Result<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| {
            let detail = "The address of the menu is too long for a QR code. \
                          Choose a shorter qr_base_url.";
            Error::rule("qr_too_long", detail)
        })?;
        Ok(Self { side: code.width(), modules: code.into_colors() })
    }

    /// Modules along an edge.
    pub fn side(&self) -> usize {
        self.side
    }

    /// Where dark modules are: from the left, from the top.
    pub fn dark(&self) -> impl Iterator<Item = (usize, usize)> {
        let side = self.side;
        let dark = self.modules.iter().enumerate().filter(|(_, module)| **module == Color::Dark);
        dark.map(move |(at, _)| (at % side, at / side))
    }

    fn rows(&self) -> impl Iterator<Item = &[Color]> {
        self.modules.chunks(self.side)
    }

    /// An SVG that takes the size it is given; it may stand inside of HTML.
    pub fn svg(&self) -> String {
        let size = self.side + 2 * QUIET;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" \
             shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/>\
             <path d=\""
        );
        for (y, row) in self.rows().enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                let width = run.len();
                if run[0] == Color::Dark {
                    // Writing to a String cannot fail.
                    let _ = write!(svg, "M{} {}h{width}v1h-{width}z", x + QUIET, y + QUIET);
                }
                x += width;
            }
        }
        svg.push_str("\"/></svg>");
        svg
    }

    /// Lines for a terminal: two rows of modules a line, the light ones drawn.
    pub fn terminal(&self) -> String {
        let size = self.side + 2 * QUIET;
        let is_light = |x: usize, y: usize| {
            let inside =
                (QUIET..QUIET + self.side).contains(&x) && (QUIET..QUIET + self.side).contains(&y);
            !inside || self.modules[(y - QUIET) * self.side + x - QUIET] == Color::Light
        };
        let mut lines = String::new();
        for y in (0..size).step_by(2) {
            lines.extend((0..size).map(|x| match (is_light(x, y), is_light(x, y + 1)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            }));
            lines.push('\n');
        }
        lines
    }

    /// A PNG in black and white.
    ///
    /// # Errors
    /// None that a code can cause.
    pub fn png(&self) -> Result<Vec<u8>> {
        let size = (self.side + 2 * QUIET) * SCALE;
        let line = size.div_ceil(8);
        let mut pixels = vec![0xFF_u8; line * size];
        for (y, row) in self.rows().enumerate() {
            let dark = (0..row.len()).filter(|&x| row[x] == Color::Dark);
            for x in dark.map(|x| x + QUIET) {
                for line_of_module in (y + QUIET) * SCALE..(y + QUIET + 1) * SCALE {
                    // Eight pixels are one byte: a module is a byte wide.
                    pixels[line_of_module * line + x] = 0;
                }
            }
        }
        let mut out = Vec::new();
        let pixels_a_side = u32::try_from(size).map_err(Error::internal)?;
        let mut encoder = png::Encoder::new(&mut out, pixels_a_side, pixels_a_side);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        encoder
            .write_header()
            .and_then(|mut png| png.write_image_data(&pixels))
            .map_err(Error::internal)?;
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "http://192.168.1.20:8000/menu/aB3-_xYz0123";

    fn read(side: usize, is_dark: impl Fn(usize, usize) -> bool) -> String {
        let grey = |x, y| if is_dark(x, y) { 0 } else { 255 };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, grey);
        let codes = image.detect_grids();
        assert_eq!(codes.len(), 1, "one code is seen");
        codes[0].decode().unwrap().1
    }

    #[test]
    fn a_camera_reads_the_png() {
        let png = Picture::of(TEXT).unwrap().png().unwrap();
        let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut pixels).unwrap();
        let side = frame.width as usize;
        assert_eq!(read(side, |x, y| pixels[y * side + x] == 0), TEXT);
        let border = QUIET * SCALE;
        assert!((0..side * border).all(|at| pixels[at] == 255), "nothing in the quiet zone");
        assert_eq!(pixels[border * side + border], 0, "the corner is dark");
    }

    #[test]
    fn the_svg_has_the_same_modules() {
        let picture = Picture::of(TEXT).unwrap();
        let svg = picture.svg();
        let (size, scale) = (picture.side + 2 * QUIET, 4);
        let mut dark = vec![false; size * size];
        let path = svg.split("<path d=\"").nth(1).unwrap().split('"').next().unwrap();
        for run in path.split_terminator('z') {
            let numbers: Vec<usize> = run
                .split(|c: char| !c.is_ascii_digit())
                .filter_map(|number| number.parse().ok())
                .collect();
            let [x, y, width, 1, _] = numbers[..] else { panic!("{run}") };
            dark[y * size + x..][..width].fill(true);
        }
        assert_eq!(read(size * scale, |x, y| dark[y / scale * size + x / scale]), TEXT);
    }

    #[test]
    fn a_camera_reads_the_terminal() {
        let lines = Picture::of(TEXT).unwrap().terminal();
        let cells: Vec<Vec<char>> = lines.lines().map(|line| line.chars().collect()).collect();
        let (size, scale) = (cells[0].len(), 4);
        let is_dark = |x: usize, y: usize| match cells[y / 2][x] {
            '█' => false,
            '▀' => y % 2 == 1,
            '▄' => y.is_multiple_of(2),
            _ => true,
        };
        assert_eq!(read(size * scale, |x, y| is_dark(x / scale, y / scale)), TEXT);
    }

    #[test]
    fn what_fits_in_no_code_is_refused() {
        let error = Picture::of(&"x".repeat(3000)).err().unwrap();
        assert_eq!((error.status(), error.problem().code), (400, "qr_too_long"));
    }
}
