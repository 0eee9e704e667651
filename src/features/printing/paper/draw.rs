//! Rows become dots. The same dots are printed and shown.

use super::bitmap::Bitmap;
use super::font::{Letters, Style, drawable};
use super::rows::{Align, Row, Size};
use crate::core::error::Result;
use crate::platform::qr::Picture;

/// Dots between a text and its figure.
const BETWEEN: usize = 16;
/// Dots above and below the letters of a banner.
const BANNER: usize = 8;
/// White dots around a rule.
const RULE: usize = 9;
/// Dots a module of a QR code, at most.
const MODULE: usize = 8;
/// Dots at the left and the right edge that stay white.
const EDGE: usize = 4;

/// Draws rows on paper so many dots wide.
///
/// # Errors
/// When a QR code would be too long.
pub fn draw(rows: &[Row], width: usize) -> Result<Bitmap> {
    let mut sheet = Sheet { letters: Letters::new()?, paper: Bitmap::white(width, 0) };
    for row in rows {
        sheet.row(row)?;
    }
    sheet.paper.make_harmless();
    Ok(sheet.paper)
}

struct Sheet {
    letters: Letters,
    paper: Bitmap,
}

impl Sheet {
    fn row(&mut self, row: &Row) -> Result<()> {
        match row {
            Row::Text { text, size, bold, align, indent } => {
                let style = Style { size: *size, bold: *bold };
                let room = self.room().saturating_sub(*indent);
                for line in self.broken(text, style, room) {
                    let left = match align {
                        Align::Left => EDGE + indent,
                        Align::Middle => self.middle(&line, style),
                    };
                    self.line(&[(left, &line)], style);
                }
            }
            Row::Pair { left, right, size, bold } => {
                self.pair(left, right, Style { size: *size, bold: *bold });
            }
            Row::Banner(text) => self.banner(text),
            Row::Rule => self.rule(),
            Row::Gap(dots) => self.paper.grow(*dots),
            Row::Qr(text) => self.code(&Picture::of(text)?),
            Row::Picture(picture) => self.picture(picture),
        }
        Ok(())
    }

    fn room(&self) -> usize {
        self.paper.width().saturating_sub(2 * EDGE)
    }

    fn middle(&mut self, line: &str, style: Style) -> usize {
        let width = self.letters.width(line, style);
        self.paper.width().saturating_sub(width) / 2
    }

    /// A text in lines that are at most so wide: broken between words, within one where it must be.
    fn broken(&mut self, text: &str, style: Style, room: usize) -> Vec<String> {
        let mut lines = Vec::new();
        for given in text.lines() {
            let mut line = String::new();
            for word in drawable(given).split(' ').filter(|word| !word.is_empty()) {
                let with = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
                if self.letters.width(&with, style) <= room {
                    line = with;
                    continue;
                }
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                line = self.cut_up(word, style, room, &mut lines);
            }
            if !line.is_empty() {
                lines.push(line);
            }
        }
        lines
    }

    /// Cuts a word that is longer than a line. What is left of it.
    fn cut_up(&mut self, word: &str, style: Style, room: usize, lines: &mut Vec<String>) -> String {
        let (mut line, mut width) = (String::new(), 0);
        for char in word.chars() {
            let advance = self.letters.letter(char, style).advance;
            if width + advance > room && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                width = 0;
            }
            line.push(char);
            width += advance;
        }
        line
    }

    fn pair(&mut self, left: &str, right: &str, mut style: Style) {
        let right = drawable(right);
        let mut width = self.letters.width(&right, style);
        // Nothing of a figure may be lost at the edge.
        while let Some(size) = style.size.smaller().filter(|_| width > self.room()) {
            style.size = size;
            width = self.letters.width(&right, style);
        }
        let at = (EDGE + self.room()).saturating_sub(width);
        let beside = self.room().saturating_sub(width + BETWEEN);
        // A figure that leaves the text no room stands in a row of its own.
        let is_narrow = beside < self.room() / 4;
        let mut lines = self.broken(left, style, if is_narrow { self.room() } else { beside });
        let last = if is_narrow { String::new() } else { lines.pop().unwrap_or_default() };
        for line in &lines {
            self.line(&[(EDGE, line)], style);
        }
        self.line(&[(EDGE, &last), (at, &right)], style);
    }

    fn banner(&mut self, text: &str) {
        let style = Style { size: Size::Large, bold: true };
        let top = self.paper.height();
        self.paper.grow(BANNER);
        for line in self.broken(text, style, self.room()) {
            let left = self.middle(&line, style);
            self.line(&[(left, &line)], style);
        }
        self.paper.grow(BANNER);
        let size = (self.paper.width(), self.paper.height() - top);
        self.paper.invert((0, top), size);
    }

    fn rule(&mut self) {
        self.paper.grow(RULE);
        let top = self.paper.height();
        self.paper.grow(2);
        let width = self.paper.width();
        self.paper.invert((0, top), (width, 2));
        self.paper.grow(RULE);
    }

    fn code(&mut self, picture: &Picture) {
        let module = (self.room() / (picture.side() + 8)).clamp(1, MODULE);
        let side = picture.side() * module;
        let (left, top) = (self.paper.width().saturating_sub(side) / 2, self.paper.height());
        self.paper.grow(side);
        for (x, y) in picture.dark() {
            self.paper.invert((left + x * module, top + y * module), (module, module));
        }
    }

    /// Paper narrower than a picture does without it.
    fn picture(&mut self, picture: &Bitmap) {
        let (top, room) = (self.paper.height(), self.room());
        if picture.width() > room {
            return;
        }
        let left = (self.paper.width() - picture.width()) / 2;
        self.paper.grow(picture.height());
        for (x, y) in picture.black() {
            self.paper.blacken(left + x, top + y);
        }
    }

    /// Texts in one line, each from its left edge on.
    fn line(&mut self, texts: &[(usize, &str)], style: Style) {
        let top = self.paper.height();
        let dots = usize::from(style.size.dots());
        self.paper.grow(dots + dots / 6);
        for (left, text) in texts {
            let mut x = *left;
            for char in text.chars() {
                let letter = self.letters.letter(char, style);
                for (right, down) in &letter.dots {
                    let at = |start: usize, by: i32| start.saturating_add_signed(by as isize);
                    self.paper.blacken(at(x, *right), at(top, *down));
                }
                x += letter.advance;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn black_columns(paper: &Bitmap, rows: std::ops::Range<usize>) -> Vec<usize> {
        let is_black = |x: usize, y: usize| {
            paper.bytes()[y * paper.row_bytes() + x / 8] & (0x80 >> (x % 8)) != 0
        };
        (0..paper.width()).filter(|x| rows.clone().any(|y| is_black(*x, y))).collect()
    }

    #[test]
    fn nothing_is_drawn_beyond_the_edge_however_narrow_the_paper() {
        let long = "Очень длинное название блюда с гарниром и Donaudampfschifffahrtskapitän";
        let rows = [
            Row::bold(Size::Large, long),
            Row::sum(Size::Body, long, "1 234 567,00"),
            Row::sum(Size::Huge, long, "1 234 567,00"),
            Row::middle(Size::Body, long),
            Row::Banner(long.into()),
        ];
        for width in [256, 384, 512, 576] {
            for row in &rows[..4] {
                let paper = draw(std::slice::from_ref(row), width).unwrap();
                let columns = black_columns(&paper, 0..paper.height());
                assert!(columns[0] >= 1 && *columns.last().unwrap() < width - 1, "{row:?}");
            }
            assert!(draw(&rows, width).unwrap().height() > 5 * 40);
        }
    }

    #[test]
    fn figures_end_at_the_right_edge() {
        for (left, right) in [("Borscht", "350.00"), ("A", "1,350.00")] {
            let paper = draw(&[Row::pair(left, right)], 576).unwrap();
            let last = *black_columns(&paper, 0..paper.height()).last().unwrap();
            assert!((560..576).contains(&last), "{last}");
        }
    }

    #[test]
    fn a_long_name_is_broken_and_nothing_of_it_is_lost() {
        let mut sheet = Sheet { letters: Letters::new().unwrap(), paper: Bitmap::white(384, 0) };
        let style = Style { size: Size::Large, bold: true };
        let text = "Паста с морепродуктами ооооооооооооооооооооооооооооооооооооочень острая";
        let lines = sheet.broken(text, style, 376);
        assert!(lines.len() > 3, "{lines:?}");
        let all: String = lines.concat().chars().filter(|char| *char != ' ').collect();
        assert_eq!(all, text.replace(' ', ""));
    }

    #[test]
    fn a_camera_reads_the_code() {
        let text = "http://192.168.1.20:8000/menu/aB3-_xYz0123";
        let paper = draw(&[Row::Gap(40), Row::Qr(text.into()), Row::Gap(40)], 576).unwrap();
        let grey = |x: usize, y: usize| {
            let byte = paper.bytes()[y * paper.row_bytes() + x / 8];
            if byte & (0x80 >> (x % 8)) == 0 { 255 } else { 0 }
        };
        let mut image =
            rqrr::PreparedImage::prepare_from_greyscale(paper.width(), paper.height(), grey);
        assert_eq!(image.detect_grids()[0].decode().unwrap().1, text);
    }
}
