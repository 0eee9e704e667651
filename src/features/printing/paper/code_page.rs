//! Code pages: which letter a byte is to a printer that writes by itself.

use encoding_rs::{
    Encoding, IBM866, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::font::drawable;

/// A code page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum CodePage {
    /// Cyrillic, as in DOS: the one that most printers have.
    Cp866,
    /// Cyrillic, as in Windows.
    Cp1251,
    /// Western Europe.
    Cp1252,
    /// Central Europe.
    Cp1250,
    /// Greek.
    Cp1253,
    /// Turkish.
    Cp1254,
}

impl CodePage {
    /// All, with a few letters each that no other has at the same bytes.
    pub const SAMPLES: [(Self, &str); 6] = [
        (Self::Cp866, "Жёя№"),
        (Self::Cp1251, "Жё№€"),
        (Self::Cp1252, "äßé€"),
        (Self::Cp1250, "łčő€"),
        (Self::Cp1253, "ΩέΣ€"),
        (Self::Cp1254, "ğışİ"),
    ];

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cp866 => "866",
            Self::Cp1251 => "1251",
            Self::Cp1252 => "1252",
            Self::Cp1250 => "1250",
            Self::Cp1253 => "1253",
            Self::Cp1254 => "1254",
        }
    }

    fn encoding(self) -> &'static Encoding {
        match self {
            Self::Cp866 => IBM866,
            Self::Cp1251 => WINDOWS_1251,
            Self::Cp1252 => WINDOWS_1252,
            Self::Cp1250 => WINDOWS_1250,
            Self::Cp1253 => WINDOWS_1253,
            Self::Cp1254 => WINDOWS_1254,
        }
    }

    /// A text in the letters of this page: signs that have a plainer form take it. None where a letter
    /// is left that it does not have.
    pub fn written(self, text: &str) -> Option<String> {
        let mut written = String::new();
        for (at, line) in text.lines().enumerate() {
            if at > 0 {
                written.push('\n');
            }
            for char in drawable(line).chars() {
                if self.has(char) { written.push(char) } else { written.push_str(plainer(char)?) }
            }
        }
        Some(written)
    }

    fn has(self, char: char) -> bool {
        self.bytes(char.encode_utf8(&mut [0; 4])).is_some()
    }

    /// The bytes of a text; none where it has other letters, or what is no letter.
    pub fn bytes(self, text: &str) -> Option<Vec<u8>> {
        if text.chars().any(char::is_control) {
            return None;
        }
        let (bytes, _, is_lossy) = self.encoding().encode(text);
        (!is_lossy).then(|| bytes.into_owned())
    }
}

/// What says the same in signs that every page has.
fn plainer(char: char) -> Option<&'static str> {
    Some(match char {
        '×' => "x",
        '−' | '‐' | '‑' | '–' | '—' => "-",
        '…' => "...",
        '«' | '»' | '“' | '”' | '„' => "\"",
        '‘' | '’' => "'",
        '→' => "->",
        '·' | '•' => "-",
        '№' => "No",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_take_their_plainer_form_only_where_they_must() {
        let text = "№ 7 · 2 × «Борщ» — 1 → 2…";
        let written = |page: CodePage| page.written(text);
        assert_eq!(written(CodePage::Cp866).unwrap(), "№ 7 · 2 x \"Борщ\" - 1 -> 2...");
        assert_eq!(written(CodePage::Cp1251).unwrap(), "№ 7 · 2 x «Борщ» — 1 -> 2…");
        assert_eq!(written(CodePage::Cp1252), None, "no Cyrillic");
        assert_eq!(CodePage::Cp1252.written("№ 7").unwrap(), "No 7");
    }

    #[test]
    fn no_other_letter_takes_the_place_of_one_that_is_not_there() {
        for page in CodePage::SAMPLES.map(|(page, _)| page) {
            assert_eq!(page.written("100 ₽"), None, "{page:?}");
            assert_eq!(page.written("Қазы"), None, "{page:?}");
        }
        assert_eq!(CodePage::Cp866.written("5 €"), None);
        assert_eq!(CodePage::Cp866.bytes("a\u{1b}@"), None, "an order to the printer");
        assert_eq!(CodePage::Cp866.written("a\u{1b}@\u{10}\u{14}").unwrap(), "a@");
    }

    #[test]
    fn samples_tell_pages_apart() {
        for (page, sample) in CodePage::SAMPLES {
            let bytes = page.bytes(sample).unwrap();
            for (other, _) in CodePage::SAMPLES.iter().filter(|(other, _)| *other != page) {
                let (read, _, _) = other.encoding().decode(&bytes);
                assert_ne!(read, sample, "{page:?} {other:?}");
            }
        }
    }
}
