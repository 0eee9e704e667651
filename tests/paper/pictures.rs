//! Pictures as commands carry them, dot by dot.

use proptest::prelude::*;

use crate::fake::escpos::{Event, Fault, Profile, Why, decode};
use crate::fake::picture::Picture;
use crate::stream::{fault, read};

fn raster(mode: u8, width: u8, rows: &[u8]) -> Vec<u8> {
    let height = u16::try_from(rows.len() / usize::from(width)).unwrap().to_le_bytes();
    [&[0x1d, b'v', b'0', mode, width, 0, height[0], height[1]], rows].concat()
}

#[test]
fn rows_are_read_from_the_highest_bit() {
    let read = read(&raster(0, 2, &[0b1000_0001, 0b0100_0000, 0, 1]));
    let picture = &read.rest.picture;
    assert_eq!((picture.width(), picture.height()), (576, 2));
    let black: Vec<_> = (0..2)
        .flat_map(|y| (0..576).map(move |x| (x, y)))
        .filter(|(x, y)| picture.is_black(*x, *y))
        .collect();
    assert_eq!(black, [(0, 0), (7, 0), (9, 0), (15, 1)]);
}

#[test]
fn modes_make_dots_larger() {
    for (mode, width, height) in [(0, 8, 1), (49, 16, 1), (2, 8, 2), (51, 16, 2)] {
        let read = read(&raster(mode, 1, &[0x80]));
        let placed = Event::Picture { left: 0, top: 0, width, height };
        assert_eq!(read.events[0].what, placed, "mode {mode}");
        let art = read.rest.picture.art();
        let row = "#".repeat(width / 8) + &".".repeat(576 - width / 8);
        assert!(art.lines().all(|line| line == row) && art.lines().count() == height);
    }
}

#[test]
fn bands_follow_each_other_without_a_gap() {
    let mut bytes = b"\x1b@".to_vec();
    for band in 0..3_u8 {
        bytes.extend(raster(0, 72, &[band + 1; 72 * 128]));
    }
    bytes.extend(b"\x1dVA\x00");
    let page = &read(&bytes).pages[0];
    assert_eq!(page.picture.height(), 384);
    let rows = page.picture.rows();
    assert_eq!((rows[72 * 127], rows[72 * 128], rows[72 * 383]), (1, 2, 3));
}

#[test]
fn a_picture_stands_where_it_is_aligned() {
    let left = |prefix: &[u8]| {
        let read = read(&[prefix, &raster(0, 1, &[0xff])].concat());
        (0..576).find(|x| read.rest.picture.is_black(*x, 0)).unwrap()
    };
    assert_eq!(left(b""), 0);
    assert_eq!(left(b"\x1ba\x01"), 284);
    assert_eq!(left(b"\x1ba\x02"), 568);
    assert_eq!(left(b"\x1dL\x0d\x00"), 13);
    assert_eq!(left(b"\x1dL\x0d\x00\x1dW\x64\x00\x1ba\x02"), 13 + 92);
}

#[test]
fn what_does_not_fit_is_an_error() {
    let wide = |width: u16| {
        let [low, high] = width.to_le_bytes();
        let data = vec![0xff; usize::from(width)];
        [&[0x1d, b'v', b'0', 0, low, high, 1, 0], data.as_slice()].concat()
    };
    assert_eq!(read(&wide(72)).rest.picture.height(), 1);
    let why = Why::SticksOut { width: 584, room: 576 };
    assert_eq!(fault(&wide(73)), Fault { offset: 0, why });
    assert_eq!(
        decode(&wide(72), &Profile::narrow()).unwrap_err().why,
        Why::SticksOut { width: 576, room: 384 },
    );
    for (of, value, bytes) in [
        ("the width of GS v 0", 0, &b"\x1dv0\x00\x00\x00\x01\x00"[..]),
        ("the rows of GS v 0", 0, b"\x1dv0\x00\x01\x00\x00\x00"),
        ("the rows of GS v 0", 2304, b"\x1dv0\x00\x01\x00\x00\x09"),
        ("the mode of GS v 0", 4, b"\x1dv0\x04\x01\x00\x01\x00\xff"),
        ("the columns of ESC *", 0, b"\x1b*\x21\x00\x00"),
        ("the mode of ESC *", 39, b"\x1b*\x27\x01\x00"),
    ] {
        assert_eq!(fault(bytes).why, Why::OutOfRange { of, value }, "{bytes:02x?}");
    }
}

/// `ESC *`: the first byte of a column is its top.
#[test]
fn bands_of_columns_are_read_from_the_top() {
    let read = read(
        b"\x1b3\x18\x1b*\x21\x02\x00\x80\x00\x00\x00\x00\x01\n\x1b*\x20\x01\x00\x80\x00\x01\n",
    );
    let picture = &read.rest.picture;
    assert_eq!(picture.height(), 48);
    let black: Vec<_> = (0..48)
        .flat_map(|y| (0..576).map(move |x| (x, y)))
        .filter(|(x, y)| picture.is_black(*x, *y))
        .collect();
    assert_eq!(black, [(0, 0), (1, 23), (0, 24), (1, 24), (0, 47), (1, 47)]);
    let of_eight = self::read(b"\x1b*\x00\x01\x00\x80\n").rest.picture;
    assert_eq!(of_eight.trimmed().art().lines().next().unwrap()[..3], *"##.");
    assert_eq!(of_eight.trimmed().height(), 3, "a dot is three rows");
}

/// `GS ( L`: rows (112) or columns (113) are kept, and printed by function 50.
#[test]
fn what_is_stored_is_printed_when_told() {
    let rows = b"\x1d(L\x0c\x000p0\x01\x011\x09\x00\x01\x00\xff\xff";
    let print = b"\x1d(L\x02\x0002";
    let stored = read(rows);
    assert_eq!(stored.rest.picture.height(), 0);
    let printed = read(&[&rows[..], print].concat());
    assert_eq!(printed.rest.picture.art().lines().next().unwrap()[..11], *"#########..");
    let columns = b"\x1d(L\x0c\x000q0\x02\x011\x01\x00\x09\x00\x80\x80";
    let printed = read(&[&columns[..], print].concat()).rest.picture;
    assert_eq!(printed.height(), 9);
    assert!(printed.is_black(0, 0) && printed.is_black(1, 8) && !printed.is_black(2, 0));
    let long = b"\x1d8L\x0c\x00\x00\x000p0\x01\x011\x09\x00\x01\x00\xff\x80";
    assert_eq!(read(&[&long[..], print].concat()).rest.picture.height(), 1);
    let short = b"\x1d(L\x0b\x000p0\x01\x011\x09\x00\x01\x00\xff";
    let why = Why::WrongLength { of: "GS ( L", needed: 2, found: 1 };
    assert_eq!(fault(short), Fault { offset: 0, why });
    assert_eq!(fault(&[&rows[..], rows].concat()), Fault { offset: 17, why: Why::StoredTwice });
}

#[test]
fn a_code_that_the_printer_draws_is_read_again() {
    for (module, level) in [(3, b'0'), (6, b'1'), (8, b'3')] {
        let text = "https://qres.example/r/3f9c";
        let length = u8::try_from(text.len() + 3).unwrap();
        let bytes = [
            b"\x1ba\x01\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C".as_slice(),
            &[module],
            b"\x1d(k\x03\x001E",
            &[level],
            &[0x1d, b'(', b'k', length, 0],
            b"1P0",
            text.as_bytes(),
            b"\x1d(k\x03\x001Q0\x1bd\x04",
        ];
        let page = read(&bytes.concat()).rest;
        assert_eq!(
            (page.codes.as_slice(), page.picture.qr_texts()),
            ([text.into()].as_slice(), vec![text.into()])
        );
    }
    assert!(matches!(fault(b"\x1d(k\x03\x001Q0").why, Why::NoCode(_)));
}

#[test]
fn bar_codes_in_both_forms() {
    let page = read(b"\x1dh\x50\x1dw\x02\x1dH\x02\x1dk\x044607001\x00\x1dkI\x05{B123").rest;
    assert_eq!(page.codes, ["4607001", "{B123"]);
    assert_eq!(page.picture.height(), 160);
}

proptest! {
    /// What is meant is what is printed, in bands of any height, and through a PNG.
    #[test]
    fn a_picture_comes_out_as_it_went_in(
        rows in 1_usize..90, band in 1_usize..40, seed in proptest::collection::vec(any::<u8>(), 48),
    ) {
        let data: Vec<u8> =
            (0..rows * 48).map(|at| seed[at % 48].rotate_left(u32::try_from(at % 7).unwrap())).collect();
        let mut bytes = b"\x1b@".to_vec();
        data.chunks(band * 48).for_each(|band| bytes.extend(raster(48, 48, band)));
        bytes.extend(b"\x1dVB\x00");
        let page = &decode(&bytes, &Profile::narrow()).unwrap().pages[0];
        let meant = Picture::from_rows(384, data);
        prop_assert_eq!(page.picture.first_difference(&meant), None);
        prop_assert_eq!(Picture::from_png(&meant.png()).unwrap(), meant);
    }

    /// Columns and rows of the same dots are the same picture.
    #[test]
    fn columns_are_rows_turned(dots in proptest::collection::vec(any::<bool>(), 24 * 10)) {
        let mut meant = Picture::blank(10, 24);
        let mut columns = [0_u8; 30];
        for (at, _) in dots.iter().enumerate().filter(|(_, is_black)| **is_black) {
            meant.blacken(at / 24, at % 24);
            columns[at / 8] |= 0x80 >> (at % 8);
        }
        prop_assert_eq!(Picture::from_columns(24, &columns), meant);
    }
}
