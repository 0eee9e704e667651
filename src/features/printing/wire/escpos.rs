//! Dots as the bytes of ESC/POS: initialise, raster in bands, cut, buzzer, drawer.

use super::super::paper::Bitmap;
use super::work::{Extras, Work};

/// Rows a band: small printers have little memory.
const BAND: usize = 128;
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

fn print(page: &Bitmap, extras: Extras) -> Bytes {
    let mut before = vec![0x1B, b'@'];
    if extras.sounds {
        // Twice, a tenth of a second each.
        before.extend([0x1B, b'B', 2, 1]);
    }
    let bands = page.bytes().chunks(page.row_bytes() * BAND);
    let mut pieces: Vec<_> = bands.map(|band| raster(band, page.row_bytes())).collect();
    if extras.cuts {
        // Feeds to the knife and leaves a point uncut, so that no slip falls down.
        pieces.push(vec![0x1D, b'V', 66, 0]);
    } else {
        // Out of the printer, to be torn off.
        pieces.push(vec![0x1B, b'd', 5]);
    }
    Bytes { before, pieces }
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
        let page = Bitmap::white(576, 300);
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
    fn a_drawer_opens_without_paper() {
        assert_eq!(pulse(2).pieces, [b"\x1Bp\x00\x32\xFA"]);
        assert_eq!(pulse(5).pieces, [b"\x1Bp\x01\x32\xFA"]);
    }

    #[test]
    fn without_a_cutter_it_is_torn_off() {
        let bytes = print(&Bitmap::white(384, 8), Extras::default());
        assert_eq!(bytes.before, b"\x1B@");
        assert_eq!(bytes.pieces.last().unwrap(), b"\x1Bd\x05");
    }
}
