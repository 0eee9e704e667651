//! Letters: drawn from a free font that is in the program, so that every printer writes every language.

use std::collections::HashMap;

use ab_glyph::{Font, FontRef, GlyphId, PxScale, ScaleFont, point};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use super::rows::Size;
use crate::core::error::{Error, Result};

const REGULAR: &[u8] = include_bytes!("../fonts/regular.ttf");
const BOLD: &[u8] = include_bytes!("../fonts/bold.ttf");

/// What part of a dot a letter has to cover to blacken it.
const BLACK: f32 = 0.45;

/// A letter of one size, as dots.
#[derive(Debug, Clone)]
pub struct Letter {
    /// How far the next one stands from it.
    pub advance: usize,
    /// Its black dots, from the left edge and the top of the line.
    pub dots: Vec<(i32, i32)>,
}

/// How letters look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Style {
    /// How large.
    pub size: Size,
    /// Whether their strokes are thick.
    pub bold: bool,
}

/// Draws letters, each of them once.
pub struct Letters {
    regular: FontRef<'static>,
    bold: FontRef<'static>,
    drawn: HashMap<(char, Style), Letter>,
}

impl Letters {
    /// The letters of the font that is in the program.
    ///
    /// # Errors
    /// When that is no font.
    pub fn new() -> Result<Self> {
        let font = |bytes| FontRef::try_from_slice(bytes).map_err(Error::internal);
        Ok(Self { regular: font(REGULAR)?, bold: font(BOLD)?, drawn: HashMap::new() })
    }

    /// One letter.
    pub fn letter(&mut self, char: char, style: Style) -> &Letter {
        let font = if style.bold { &self.bold } else { &self.regular };
        self.drawn.entry((char, style)).or_insert_with(|| draw(font, char, style.size))
    }

    /// How many dots a text takes in a row.
    pub fn width(&mut self, text: &str, style: Style) -> usize {
        text.chars().map(|char| self.letter(char, style).advance).sum()
    }
}

/// A text as it is drawn: accents on their letters, nothing that has no look of its own.
pub fn drawable(text: &str) -> String {
    let seen = |char: &char| !char.is_control() && !is_combining_mark(*char) && !is_unseen(*char);
    text.nfc().map(|char| if char.is_whitespace() { ' ' } else { char }).filter(seen).collect()
}

/// Marks of direction, joiners, variants of emoji.
fn is_unseen(char: char) -> bool {
    matches!(char, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

fn draw(font: &FontRef<'_>, char: char, size: Size) -> Letter {
    let scale = PxScale::from(f32::from(size.dots()));
    let scaled = font.as_scaled(scale);
    let id = known(font, char);
    let advance = to_dots(scaled.h_advance(id)).max(0);
    let glyph = id.with_scale_and_position(scale, point(0.0, scaled.ascent().round()));
    let mut dots = Vec::new();
    if let Some(outline) = font.outline_glyph(glyph) {
        let bounds = outline.px_bounds();
        let (left, top) = (to_dots(bounds.min.x), to_dots(bounds.min.y));
        outline.draw(|x, y, coverage| {
            if coverage >= BLACK {
                let at = |start: i32, by: u32| start.saturating_add_unsigned(by);
                dots.push((at(left, x), at(top, y)));
            }
        });
    }
    Letter { advance: usize::try_from(advance).unwrap_or(0), dots }
}

/// The glyph of a letter; of one that the font does not have, that of its base; else an empty box.
fn known(font: &FontRef<'_>, char: char) -> GlyphId {
    let id = font.glyph_id(char);
    if id.0 != 0 {
        return id;
    }
    let mut base = None;
    decompose_canonical(char, |part| base = base.or(Some(part)));
    base.map_or(id, |base| font.glyph_id(base))
}

#[expect(clippy::cast_possible_truncation, reason = "a letter has some hundred dots")]
fn to_dots(length: f32) -> i32 {
    length.round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: Style = Style { size: Size::Body, bold: false };

    #[test]
    fn every_language_of_the_font_has_its_letters() {
        let mut letters = Letters::new().unwrap();
        let missing = letters.letter('\u{10FFFF}', BODY).dots.clone();
        let texts = [
            "The quick brown fox 0123456789 €$£¥₽₴₸₺ №%×–—…«»“”",
            "Съешь же ещё этих мягких французских булок, да выпей чаю ЁЙ",
            "Ґ Є І Ї ґ є і ї Ў ў Ә Ғ Қ Ң Ө Ұ Ү Һ І ә ғ қ ң ө ұ ү һ",
            "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία ΆΈΉΊΌΎΏ",
            "äöüßéèêçñøåæœłńśźżčďěňřšťůžăâîșțğışİ",
        ];
        for char in texts.iter().flat_map(|text| text.chars()).filter(|char| *char != ' ') {
            for bold in [false, true] {
                let letter = letters.letter(char, Style { bold, ..BODY });
                assert!(!letter.dots.is_empty() && letter.advance > 0, "{char}");
                assert_ne!(letter.dots, missing, "{char}");
            }
        }
    }

    #[test]
    fn figures_stand_in_columns() {
        let mut letters = Letters::new().unwrap();
        for style in [BODY, Style { bold: true, ..BODY }] {
            let widths = ('0'..='9').map(|figure| letters.letter(figure, style).advance);
            let widths: Vec<_> = widths.collect();
            assert!(widths.iter().all(|width| *width == widths[0]), "{widths:?}");
        }
    }

    #[test]
    fn what_has_no_look_takes_no_place() {
        assert_eq!(drawable("cafe\u{301}\u{200F} \u{FE0F}\u{301}т\tё"), "café т ё");
    }
}
