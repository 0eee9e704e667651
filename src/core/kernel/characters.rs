//! Which characters a text may hold, so that what looks alike is alike: a name is found, compared
//! and printed as a person sees it.

use unicode_normalization::UnicodeNormalization;

/// A text of several lines: what turns the order of reading about would let it show one thing and
/// say another.
///
/// # Errors
/// A sentence that names the character.
pub(super) fn check_lines(text: &str) -> Result<(), String> {
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err("must not contain control characters".into());
    }
    text.chars().find(|c| turns_text(*c)).map_or(Ok(()), |c| Err(invisible(c)))
}

/// A name on one line: composed (NFC), and with one plain space wherever there is room.
///
/// # Errors
/// A sentence that says what a name must not hold.
pub(super) fn one_line(text: &str) -> Result<String, String> {
    if text.contains(['\n', '\r', '\u{2028}', '\u{2029}', '\u{b}', '\u{c}', '\u{85}']) {
        return Err("must stand on one line".into());
    }
    let text: String = composed(text);
    if text.chars().any(char::is_control) {
        return Err("must not contain control characters".into());
    }
    let mut before = None;
    let mut left = text.chars().peekable();
    while let Some(c) = left.next() {
        let joins = is_joiner(c) && is_joined(before) && is_joined(left.peek().copied());
        if !joins && (turns_text(c) || is_unseen(c)) {
            return Err(invisible(c));
        }
        before = Some(c);
    }
    Ok(text)
}

/// A stored name of which only what may stand in one is kept; itself where nothing is left.
pub(super) fn mended(text: &str) -> String {
    let kept = composed(text);
    let kept: String =
        kept.chars().filter(|c| !c.is_control() && !turns_text(*c) && !is_unseen(*c)).collect();
    let kept = kept.trim();
    if kept.is_empty() { text.to_owned() } else { kept.to_owned() }
}

fn composed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect()
}

fn invisible(c: char) -> String {
    format!("must not contain invisible characters (U+{:04X})", u32::from(c))
}

/// Controls of the direction of text: U+202E turns about what stands behind it.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters that nobody sees: two names that differ in one look the same.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Whether a joiner means something beside this: in Arabic, in Indic scripts, in emoji.
fn is_joined(c: Option<char>) -> bool {
    c.is_some_and(|c| c >= '\u{600}' && !is_joiner(c) && !is_unseen(c) && !turns_text(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// F3: what looks like one name is one name.
    #[test]
    fn names_that_look_alike_are_alike() {
        for text in ["Café au lait", "Cafe\u{301} au lait", "Café\u{a0}au  lait", " Café\tau lait "]
        {
            assert_eq!(one_line(text).as_deref(), Ok("Café au lait"), "{text:?}");
        }
        // Joiners that a script or a picture needs stay.
        for text in ["می\u{200c}خواهم", "👩\u{200d}🍳", "क\u{94d}\u{200d}ष"] {
            assert_eq!(one_line(text).as_deref(), Ok(text));
        }
    }

    /// N12, F3: nothing in a name is unseen, and none turns the text about.
    #[test]
    fn what_nobody_sees_is_refused() {
        for c in
            ['\u{202e}', '\u{2066}', '\u{200f}', '\u{200b}', '\u{200d}', '\u{feff}', '\u{2060}']
        {
            for text in [format!("Te{c}a"), format!("{c}Tea"), format!("Tea{c}"), c.to_string()] {
                let why = one_line(&text).unwrap_err();
                assert!(why.contains("invisible characters (U+"), "{text:?} {why}");
            }
        }
        for text in ["Tea\nCoffee", "Tea\rCoffee", "Tea\u{2028}Coffee"] {
            assert_eq!(one_line(text).unwrap_err(), "must stand on one line");
        }
        assert!(check_lines("Without\nonions").is_ok());
        assert!(check_lines("Без \u{202e}лука").is_err());
    }

    #[test]
    fn a_stored_name_is_mended() {
        assert_eq!(mended("Te\u{202e}a\nGreen\u{a0}one"), "Tea Green one");
        assert_eq!(mended("\u{200b}"), "\u{200b}");
    }
}
