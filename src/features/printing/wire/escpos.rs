//! Dots and letters as the bytes of ESC/POS: initialise, raster in bands, text, cut, buzzer, drawer.

use super::super::paper::{Bitmap, Line, Look, Strip};
use super::work::{Extras, Page, Work};

/// Rows a band: small printers have little memory.
const BAND: usize = 128;
/// Bytes of letters that go over the wire at once.
const PIECE: usize = 2048;
/// How long the drawer's magnet gets current, and rests after it, in 2 ms.
const PULSE: [u8; 2] = [50, 250];

/// What goes to a printer. As long as only `before` was sent, surely nothing was printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bytes {
    /// What prints nothing.
    pub before: Vec<u8>,
    /// What prints, piece by piece, and cuts at the end.
    pub pieces: Vec<Vec<u8>>,
}

/// What is to be done, as bytes.
pub fn encode(work: &Work) -> Bytes {
    match work {
        Work::Page(page, extras) => print(page, *extras),
        Work::Drawer(pin) => pulse(*pin),
    }
}

fn print(page: &Page, extras: Extras) -> Bytes {
    let mut before = vec![0x1B, b'@'];
    if extras.sounds {
        // Twice, a tenth of a second each.
        before.extend([0x1B, b'B', 2, 1]);
    }
    let mut pieces = match &page.typed {
        None => bands(&page.dots).collect(),
        Some(strips) => {
            // Out of Chinese, in which cheap printers begin: their letters are two bytes each.
            before.extend([0x1C, b'.']);
            typed(strips)
        }
    };
    if extras.cuts {
        // Feeds to the knife and leaves a point uncut, so that no slip falls down.
        pieces.push(vec![0x1D, b'V', 66, 0]);
    } else {
        // Out of the printer, to be torn off.
        pieces.push(vec![0x1B, b'd', 5]);
    }
    Bytes { before, pieces }
}

fn bands(dots: &Bitmap) -> impl Iterator<Item = Vec<u8>> + '_ {
    dots.bytes().chunks(dots.row_bytes() * BAND).map(|band| raster(band, dots.row_bytes()))
}

/// Strips as pieces, letters of several lines in one.
fn typed(strips: &[Strip]) -> Vec<Vec<u8>> {
    let mut pieces = Vec::new();
    let (mut piece, mut number, mut look) = (Vec::new(), None, Look::default());
    for strip in strips {
        match strip {
            Strip::Dots(dots) => {
                pieces.push(std::mem::take(&mut piece));
                pieces.extend(bands(dots));
            }
            Strip::Line(line) => {
                if number != Some(line.number) {
                    piece.extend(code_page(line.number));
                    number = Some(line.number);
                }
                piece.extend(text(line, look));
                look = line.look;
            }
            Strip::Gap(rows) => {
                piece.extend([0x1B, b'J', u8::try_from(*rows).unwrap_or(u8::MAX)]);
            }
        }
        if piece.len() >= PIECE {
            pieces.push(std::mem::take(&mut piece));
        }
    }
    pieces.push(piece);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// `ESC t`: a code page by its number. A printer that does not know the number leaves the page that it
/// has, so that is the first one always: then what the sheet of alphabets shows is what is printed.
fn code_page(number: u8) -> [u8; 6] {
    [0x1B, b't', 0, 0x1B, b't', number]
}

/// A line of letters; `was`: how those before look.
fn text(line: &Line, was: Look) -> Vec<u8> {
    let Look { wide, tall, bold, inverse } = line.look;
    let mut bytes = Vec::new();
    if (wide, tall) != (was.wide, was.tall) {
        bytes.extend([0x1D, b'!', u8::from(wide) << 4 | u8::from(tall)]);
    }
    if bold != was.bold {
        bytes.extend([0x1B, b'E', u8::from(bold)]);
    }
    if inverse != was.inverse {
        bytes.extend([0x1D, b'B', u8::from(inverse)]);
    }
    bytes.extend(&line.bytes);
    bytes.push(b'\n');
    bytes
}

/// What opens the drawer on this pin, 2 or 5, and prints nothing.
fn pulse(pin: u8) -> Bytes {
    let opening = vec![0x1B, b'p', u8::from(pin == 5), PULSE[0], PULSE[1]];
    Bytes { before: Vec::new(), pieces: vec![opening] }
}

/// `GS v 0`: a band of rows.
fn raster(band: &[u8], row_bytes: usize) -> Vec<u8> {
    let [x_low, x_high] = low_high(row_bytes);
    let [y_low, y_high] = low_high(band.len() / row_bytes);
    let mut bytes = vec![0x1D, b'v', b'0', 0, x_low, x_high, y_low, y_high];
    bytes.extend(band);
    bytes
}

fn low_high(count: usize) -> [u8; 2] {
    u16::try_from(count).unwrap_or(u16::MAX).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_sent_in_bands_and_cut_at_the_end() {
        let page = Bitmap::white(576, 300).into();
        let extras = Extras { cuts: true, sounds: true };
        let bytes = print(&page, extras);
        assert_eq!(bytes.before, b"\x1B@\x1BB\x02\x01");
        let lengths: Vec<_> = bytes.pieces.iter().map(Vec::len).collect();
        assert_eq!(lengths, [8 + 72 * 128, 8 + 72 * 128, 8 + 72 * 44, 4]);
        assert_eq!(bytes.pieces[0][..8], *b"\x1Dv0\x00\x48\x00\x80\x00");
        assert_eq!(bytes.pieces[2][..8], *b"\x1Dv0\x00\x48\x00\x2C\x00");
        assert_eq!(bytes.pieces[3], b"\x1DVB\x00");
    }

    #[test]
    fn letters_go_together_and_a_look_is_said_when_it_changes() {
        let line =
            |bytes: &[u8], look| Strip::Line(Line { number: 17, look, bytes: bytes.to_vec() });
        let bold = Look { tall: true, bold: true, ..Look::default() };
        let strips = vec![
            line(b"a", Look::default()),
            line(b"b", bold),
            Strip::Gap(8),
            Strip::Dots(Bitmap::white(8, 1)),
            line(b"c", Look::default()),
        ];
        let page = Page { dots: Bitmap::white(8, 1), typed: Some(strips) };
        let bytes = print(&page, Extras { cuts: true, sounds: false });
        assert_eq!(bytes.before, b"\x1B@\x1C.");
        let expected: [&[u8]; 4] = [
            b"\x1Bt\x00\x1Bt\x11a\n\x1D!\x01\x1BE\x01b\n\x1BJ\x08",
            b"\x1Dv0\x00\x01\x00\x01\x00\x00",
            b"\x1D!\x00\x1BE\x00c\n",
            b"\x1DVB\x00",
        ];
        assert_eq!(bytes.pieces, expected);
    }

    #[test]
    fn a_drawer_opens_without_paper() {
        assert_eq!(pulse(2).pieces, [b"\x1Bp\x00\x32\xFA"]);
        assert_eq!(pulse(5).pieces, [b"\x1Bp\x01\x32\xFA"]);
    }

    #[test]
    fn without_a_cutter_it_is_torn_off() {
        let bytes = print(&Bitmap::white(384, 8).into(), Extras::default());
        assert_eq!(bytes.before, b"\x1B@");
        assert_eq!(bytes.pieces.last().unwrap(), b"\x1Bd\x05");
    }
}
