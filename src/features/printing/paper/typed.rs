//! Rows become lines of a printer's own letters, which it writes faster than it draws. What its code
//! page cannot say stays a picture, row by row.

use super::bitmap::Bitmap;
use super::code_page::CodePage;
use super::draw::draw;
use super::plain::lines;
use super::rows::{Row, Size};
use crate::core::error::Result;
use crate::features::printing::documents::Document;

/// Dots from one of a printer's usual letters to the next.
const LETTER: usize = 12;
/// The numbers of code pages that the sheet of alphabets shows.
const NUMBERS: std::ops::RangeInclusive<u8> = 0..=80;

/// Which of a printer's letters are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letters {
    /// Which letter a byte is.
    pub page: CodePage,
    /// The number by which the printer knows that.
    pub number: u8,
}

/// How letters look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// Twice as wide.
    pub wide: bool,
    /// Twice as high.
    pub tall: bool,
    /// With thick strokes.
    pub bold: bool,
    /// White on black.
    pub inverse: bool,
}

impl Look {
    fn of(size: Size, bold: bool) -> Self {
        let (wide, tall) = match size {
            Size::Small | Size::Body => (false, false),
            Size::Large => (false, true),
            Size::Huge => (true, true),
        };
        Self { wide, tall, bold, inverse: false }
    }
}

/// A line of letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The number of their code page.
    pub number: u8,
    /// How they look.
    pub look: Look,
    /// The letters.
    pub bytes: Vec<u8>,
}

/// A part of a page, from edge to edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Strip {
    /// A picture.
    Dots(Bitmap),
    /// Letters.
    Line(Line),
    /// So many white dots.
    Gap(usize),
}

/// A document's rows as a printer writes them itself; none where all of it is to be drawn.
///
/// # Errors
/// When what stays a picture cannot be drawn.
pub fn strips(
    document: &Document,
    rows: &[Row],
    letters: Option<Letters>,
    width: usize,
) -> Result<Option<Vec<Strip>>> {
    if matches!(document, Document::Alphabets) {
        let head = Strip::Dots(draw(rows, width)?);
        return Ok(Some([head].into_iter().chain(alphabets(width)).collect()));
    }
    letters.map(|letters| typed(rows, letters, width)).transpose()
}

/// Rows as strips of paper so many dots wide.
///
/// # Errors
/// When what stays a picture cannot be drawn.
fn typed(rows: &[Row], letters: Letters, width: usize) -> Result<Vec<Strip>> {
    let (mut strips, mut drawn) = (Vec::new(), Vec::new());
    for row in rows {
        let strip = match row {
            Row::Gap(dots) => Some(vec![Strip::Gap(*dots)]),
            _ => of_letters(row, letters, width),
        };
        match strip {
            None => drawn.push(row.clone()),
            Some(strip) => {
                flush(&mut drawn, width, &mut strips)?;
                strips.extend(strip);
            }
        }
    }
    flush(&mut drawn, width, &mut strips)?;
    Ok(strips)
}

fn flush(drawn: &mut Vec<Row>, width: usize, strips: &mut Vec<Strip>) -> Result<()> {
    if !drawn.is_empty() {
        strips.push(Strip::Dots(draw(drawn, width)?));
        drawn.clear();
    }
    Ok(())
}

/// A row in letters; none where it has other ones, is a picture, or a figure in it would be broken.
fn of_letters(row: &Row, letters: Letters, width: usize) -> Option<Vec<Strip>> {
    let (row, look) = written(row, letters.page)?;
    let columns = width / LETTER / (1 + usize::from(look.wide));
    let line = |text: String| {
        let is_long = text.chars().count() > columns;
        let bytes = if is_long { None } else { letters.page.bytes(text.trim_end()) };
        Some(Strip::Line(Line { number: letters.number, look, bytes: bytes? }))
    };
    lines(&row, columns).into_iter().map(line).collect()
}

/// The row with its texts in letters that the page has.
fn written(row: &Row, page: CodePage) -> Option<(Row, Look)> {
    let own = |text: &str| page.written(text);
    Some(match row {
        Row::Text { text, size, bold, align, indent } => {
            let (size, bold, align, indent) = (*size, *bold, *align, *indent);
            (Row::Text { text: own(text)?, size, bold, align, indent }, Look::of(size, bold))
        }
        Row::Pair { left, right, size, bold } => {
            let (left, right) = (own(left)?, own(right)?);
            let look = Look::of(*size, *bold);
            (Row::Pair { left, right, size: *size, bold: *bold }, look)
        }
        Row::Banner(text) => {
            let look = Look { inverse: true, ..Look::of(Size::Large, true) };
            (Row::Banner(own(text)?), look)
        }
        Row::Rule => (Row::Rule, Look::default()),
        Row::Gap(_) | Row::Qr(_) | Row::Picture(_) => return None,
    })
}

/// The same letters by each number that a printer may know a code page by: `17 A Жёя№ B …`. Where a
/// person reads under a column's letter what the head of the sheet shows for it, the printer knows that
/// page by that number.
fn alphabets(width: usize) -> Vec<Strip> {
    let columns = width / LETTER;
    let mut strips = Vec::new();
    for number in NUMBERS {
        let mut bytes = format!("{number:>2}").into_bytes();
        let mut push = |bytes| {
            strips.push(Strip::Line(Line { number, look: Look::default(), bytes }));
        };
        for (column, (page, sample)) in ('A'..).zip(CodePage::SAMPLES) {
            let sample = page.bytes(sample).unwrap_or_default();
            if bytes.len() + 3 + sample.len() > columns {
                push(std::mem::replace(&mut bytes, b"  ".to_vec()));
            }
            bytes.extend(format!(" {column} ").bytes());
            bytes.extend(sample);
        }
        push(bytes);
    }
    strips
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTERS: Letters = Letters { page: CodePage::Cp866, number: 17 };

    fn kinds(rows: &[Row], width: usize) -> String {
        let strips = typed(rows, LETTERS, width).unwrap();
        let kind = |strip: &Strip| match strip {
            Strip::Dots(_) => 'd',
            Strip::Line(_) => 'l',
            Strip::Gap(_) => 'g',
        };
        strips.iter().map(kind).collect()
    }

    #[test]
    fn what_the_page_does_not_have_stays_a_picture_and_only_that() {
        let rows = [
            Row::Gap(8),
            Row::left(Size::Body, "Борщ"),
            Row::left(Size::Body, "Қазы"),
            Row::sum(Size::Large, "ИТОГО", "350,00 ₽"),
            Row::Rule,
            Row::Qr("https://qres.example".into()),
        ];
        assert_eq!(kinds(&rows, 576), "gldld");
    }

    #[test]
    fn a_figure_that_does_not_fit_is_drawn_whole() {
        let figure = "1 234 567 890 123,00";
        assert_eq!(kinds(&[Row::sum(Size::Body, "A", figure)], 384), "l");
        assert_eq!(kinds(&[Row::sum(Size::Huge, "A", figure)], 384), "d");
        let word = "Donaudampfschifffahrtsgesellschaftskapitänsmütze";
        assert_eq!(kinds(&[Row::left(Size::Body, word)], 384), "d");
    }

    #[test]
    fn the_sheet_of_alphabets_fits_every_paper() {
        for width in [384, 512, 576] {
            for strip in alphabets(width) {
                let Strip::Line(line) = strip else { panic!("letters only") };
                assert!(line.bytes.len() <= width / LETTER, "{width}: {line:?}");
                assert!(line.bytes.iter().all(|byte| *byte >= b' '), "{line:?}");
            }
        }
    }
}
