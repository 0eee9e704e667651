//! A second opinion: what python-escpos sends (`second_opinion.py`) is read as it is meant.

use crate::fake::escpos::command::{Align, Buzz, Cut, Pulse};
use crate::fake::escpos::line::Style;
use crate::fake::escpos::{Decoded, Event, Profile};
use crate::fake::picture::Picture;
use crate::stream::read;

fn of(deed: &str) -> Decoded {
    let all = include_str!("second_opinion.txt");
    let line = all.lines().find_map(|line| line.strip_prefix(&format!("{deed}: "))).expect(deed);
    let byte = |at| u8::from_str_radix(&line[at..at + 2], 16).unwrap();
    read(&(0..line.len()).step_by(2).map(byte).collect::<Vec<_>>())
}

#[test]
fn texts() {
    assert_eq!(of("cyrillic").rest.text(), "Борщ 450,00\n");
    assert_eq!(of("western").rest.text(), "Käse 3,50 €\n");
    let lines = of("marks").rest.lines;
    let style = lines[0].pieces[0].style;
    assert_eq!((lines[0].text().as_str(), lines[0].align), ("Table 5", Align::Center));
    assert_eq!((style.across, style.down, style.is_bold, style.underline), (2, 3, true, 1));
    assert_eq!((lines[1].align, lines[1].pieces[0].style), (Align::Left, Style::default()));
}

/// Four ways to send the same picture.
#[test]
fn pictures() {
    let mut meant = Picture::blank(576, 40);
    for y in 0..40 {
        for x in (0..64).filter(|x| (x * 3 + y * 5) % 7 < 4) {
            meant.blacken(x, y);
        }
    }
    for deed in ["raster", "bands", "graphics", "columns"] {
        let picture = of(deed).rest.picture.trimmed();
        assert_eq!(picture.first_difference(&meant.trimmed()), None, "{deed}");
    }
}

#[test]
fn codes() {
    let qr = of("qr").rest;
    assert_eq!(qr.codes, ["https://qres.example/m/7"]);
    assert_eq!(qr.picture.trimmed().height(), 25 * 6, "version 2, of 25 modules");
    let barcode = of("barcode").rest;
    assert_eq!((barcode.codes, barcode.picture.height()), (vec!["4607001771050".into()], 64));
}

#[test]
fn deeds() {
    assert_eq!(of("initialise").events[0].what, Event::Initialised);
    for (deed, is_full) in [("full cut", true), ("partial cut", false)] {
        let page = &of(deed).pages[0];
        assert_eq!(page.cut, Some(Cut { is_full, fed: None }));
        assert!(!page.is_cut_short(&Profile::wide()), "six lines are fed before");
    }
    for (deed, pin) in [("drawer on pin 2", 2), ("drawer on pin 5", 5)] {
        assert_eq!(of(deed).pulses(), [Pulse { pin, on_ms: 100, off_ms: 100 }]);
    }
    let buzz = Event::Buzz(Buzz { times: 2, cycle_ms: 400 });
    assert_eq!(of("buzzer").events[0].what, buzz);
    assert_eq!(of("feed").rest.picture.height(), 90);
}
