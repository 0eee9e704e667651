//! Characters: which they are, how they look, where they stand.

use crate::fake::escpos::code_pages::{self, CodePage};
use crate::fake::escpos::command::{Align, Font};
use crate::fake::escpos::{Event, Profile, Why, decode};
use crate::stream::read;

fn lines(profile: &Profile, bytes: &[u8]) -> Vec<String> {
    let read = decode(bytes, profile).unwrap_or_else(|fault| panic!("{fault}"));
    let page = read.pages.first().unwrap_or(&read.rest);
    page.lines.iter().map(crate::fake::escpos::line::Line::text).collect()
}

#[test]
fn code_pages_have_the_characters_that_they_should() {
    for (page, bytes, wanted) in [
        (CodePage::Pc866, &[0x8f, 0xe0, 0xa8, 0xa2, 0xa5, 0xe2, 0xf0, 0xf1, 0xfc][..], "ПриветЁё№"),
        (CodePage::Wpc1251, &[0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2, 0xb3, 0x88, 0xb9], "Приветі€№"),
        (CodePage::Wpc1252, &[0x80, 0xfc, 0xdf, 0xe9, 0x9c], "€üßéœ"),
        (CodePage::Pc437, &[0x81, 0xe1, 0x82, 0x9c, 0xc4, 0xdb], "üßé£─█"),
        (CodePage::Pc850, &[0x81, 0xe1, 0xd5, 0xf5, 0xee, 0x9d], "üßı§¯Ø"),
        (CodePage::Pc858, &[0x81, 0xe1, 0xd5, 0xf5, 0xc5], "üß€§┼"),
    ] {
        let read: String = bytes.iter().map(|byte| page.char(*byte).unwrap()).collect();
        assert_eq!(read, wanted, "{page:?}");
        let all = (0x20..=0xff_u8).filter(|byte| *byte != 0x7f);
        let distinct: std::collections::BTreeSet<_> = all.filter_map(|b| page.char(b)).collect();
        assert!(distinct.len() >= 218, "{page:?} has {} characters", distinct.len());
    }
}

/// The same number is another page at another maker's.
#[test]
fn a_number_of_a_code_page_is_the_makers() {
    let word = b"\x8f\xe0\xa8\xa2\xa5\xe2\n";
    let with = |n: u8| [&[0x1b, b't', n], &word[..]].concat();
    for (table, n) in [
        (code_pages::EPSON, 17),
        (code_pages::STAR, 10),
        (code_pages::RONGTA, 7),
        (code_pages::NETUM, 59),
    ] {
        let profile = Profile { code_pages: table, ..Profile::wide() };
        assert_eq!(lines(&profile, &with(n)), ["Привет"]);
    }
    let netum = Profile { code_pages: code_pages::NETUM, ..Profile::wide() };
    let fault = decode(&with(17), &netum).unwrap_err();
    assert_eq!((fault.offset, fault.why), (0, Why::NoCodePage(17)));
}

/// `ESC @` brings Chinese back, so leaving it comes behind it.
#[test]
fn a_printer_that_begins_in_chinese_leaves_it_when_told() {
    let word = b"\x1bt\x3b\x8f\xe0\xa8\xa2\xa5\xe2\n";
    let chinese = Profile::chinese();
    let hieroglyphs = lines(&chinese, &[b"\x1b@", &word[..]].concat());
    assert!(hieroglyphs[0].chars().count() == 3, "{hieroglyphs:?}");
    assert_eq!(lines(&chinese, &[b"\x1b@\x1c.", &word[..]].concat()), ["Привет"]);
    assert_ne!(lines(&chinese, &[b"\x1c.\x1b@", &word[..]].concat()), ["Привет"]);
}

#[test]
fn marks_of_the_text() {
    let read =
        read(b"\x1ba\x02a\x1bE\x01b\x1bE\x00\x1d!\x12c\x1d!\x00\x1bM\x01d\x1bM\x00\x1b-\x02e\n");
    let line = &read.rest.lines[0];
    assert_eq!((line.text().as_str(), line.align), ("abcde", Align::Right));
    let styles: Vec<_> = line.pieces.iter().map(|piece| piece.style).collect();
    assert!(styles[1].is_bold && !styles[0].is_bold && !styles[2].is_bold);
    assert_eq!((styles[2].across, styles[2].down), (2, 3));
    assert_eq!((styles[3].font, styles[4].underline), (Font::B, 2));
    assert_eq!(read.rest.picture.height(), 72, "as high as the tallest");
    let width = 12 + 12 + 24 + 9 + 12;
    assert!((0..72).all(|y| (0..576 - width).all(|x| !read.rest.picture.is_black(x, y))));
}

#[test]
fn all_marks_at_once() {
    let read = read(b"\x1b!\xb9x\n");
    let style = read.rest.lines[0].pieces[0].style;
    assert_eq!(style.font, Font::B);
    assert_eq!((style.is_bold, style.across, style.down, style.underline), (true, 2, 2, 1));
}

#[test]
fn a_long_line_goes_on_in_the_next() {
    let text = "0123456789".repeat(5);
    let read = read(format!("{text}\n").as_bytes());
    let lines: Vec<_> = read.rest.lines.iter().map(|line| line.text().len()).collect();
    assert_eq!(lines, [48, 2], "48 characters of 12 dots are 576");
    assert_eq!(read.rest.picture.height(), 60);
}

#[test]
fn tabs_positions_and_spacing() {
    assert_eq!(lines(&Profile::wide(), b"ab\tc\n"), ["ab      c"]);
    assert_eq!(lines(&Profile::wide(), b"\x1bD\x04\x0a\x00a\tb\tc\n"), ["a   b     c"]);
    assert_eq!(lines(&Profile::wide(), b"a\x1b$\x78\x00b\x1b\\\xf4\xffc\n")[0].len(), 12);
    let read = read(b"a\n\x1b3\x40a\n\x1b2a\n\x1bJ\x10\x1bd\x03");
    let bottoms: Vec<_> = read.rest.lines.iter().map(|line| line.bottom).collect();
    assert_eq!(bottoms, [24, 54, 118]);
    assert_eq!(read.rest.picture.height(), 30 + 64 + 30 + 16 + 90);
}

/// A TM-T88 counts down in half dots.
#[test]
fn units_are_the_models() {
    let height =
        |profile: &Profile, bytes: &[u8]| decode(bytes, profile).unwrap().rest.picture.height();
    assert_eq!(height(&Profile::wide(), b"\x1bJ\x30"), 48);
    assert_eq!(height(&Profile::tm_t88(), b"\x1bJ\x30"), 24);
    assert_eq!(height(&Profile::tm_t88(), b"\x1dP\xb4\xb4\x1bJ\x30"), 48);
}

#[test]
fn what_is_not_ended_is_not_printed() {
    let unended = read(b"\x1b@Total 12");
    assert_eq!((unended.unprinted.as_str(), unended.rest.picture.height()), ("Total 12", 0));
    let thrown_away = read(b"Total 12\x1b@\n");
    assert!(thrown_away.events.iter().any(|e| e.what == Event::Lost("Total 12".into())));
    assert_eq!(thrown_away.rest.text(), "");
}
