//! Bytes to commands: those of `GS`.

use super::super::picture::Picture;
use super::Why;
use super::command::{Ask, Command, Cut, Qr};
use super::parse::{Bytes, Parsed, fault, out_of_range};

pub fn command(bytes: &mut Bytes) -> Parsed<Command> {
    Ok(match bytes.byte()? {
        b'!' => {
            let n = bytes.byte()?;
            if n & 0x88 != 0 {
                return out_of_range("GS !", n);
            }
            Command::Size { across: usize::from(n >> 4) + 1, down: usize::from(n & 7) + 1 }
        }
        b'B' => Command::Inverse(bytes.byte()? & 1 == 1),
        b'L' => Command::LeftMargin(bytes.word()?),
        b'W' => Command::AreaWidth(bytes.word()?),
        b'P' => Command::Units { across: bytes.byte()?, down: bytes.byte()? },
        b'V' => cut(bytes)?,
        b'v' => match bytes.byte()? {
            b'0' => raster(bytes)?,
            _ => return bytes.unknown(),
        },
        b'8' => match bytes.byte()? {
            b'L' => {
                let (low, high) = (usize::from(bytes.word()?), usize::from(bytes.word()?));
                graphics(bytes, low + (high << 16))?
            }
            _ => return bytes.unknown(),
        },
        b'(' => extended(bytes)?,
        b'r' => match bytes.byte()? {
            n @ (1 | 2 | 4 | 49 | 50 | 52) => Command::Ask(Ask::Status(n)),
            n => return out_of_range("GS r", n),
        },
        b'a' => Command::Ask(Ask::TellChanges(bytes.byte()?)),
        b'I' => match bytes.byte()? {
            n @ (1..=3 | 49..=51 | 65..=69) => Command::Ask(Ask::Identity(n)),
            n => return out_of_range("GS I", n),
        },
        b'h' => match bytes.byte()? {
            n @ 1.. => Command::BarcodeHeight(n),
            n => return out_of_range("GS h", n),
        },
        b'w' => match bytes.byte()? {
            1..=6 | 68..=76 => Command::Nothing,
            n => return out_of_range("GS w", n),
        },
        b'H' | b'f' => match bytes.byte()? {
            0..=4 | 48..=52 | 97 | 98 => Command::Nothing,
            n => return out_of_range("GS H or GS f", n),
        },
        b'k' => barcode(bytes)?,
        // Smoothing, and counters that nobody prints.
        b'b' => {
            bytes.byte()?;
            Command::Nothing
        }
        _ => return bytes.unknown(),
    })
}

fn cut(bytes: &mut Bytes) -> Parsed<Command> {
    let m = bytes.byte()?;
    let fed = match m {
        0 | 1 | 48 | 49 => None,
        // 103 and 104 draw the paper back when it is cut.
        65 | 66 | 103 | 104 => Some(usize::from(bytes.byte()?)),
        // 97 and 98 only mark the place, and cut when it comes to the knife: no ticket ends so.
        _ => return out_of_range("GS V", m),
    };
    let is_full = matches!(m, 0 | 48 | 65 | 103);
    Ok(Command::Cut(Cut { is_full, fed }))
}

/// Rows that Epson's printers take in one command.
const MOST_ROWS: usize = 2303;

fn raster(bytes: &mut Bytes) -> Parsed<Command> {
    let (across, down) = match bytes.byte()? {
        0 | 48 => (1, 1),
        1 | 49 => (2, 1),
        2 | 50 => (1, 2),
        3 | 51 => (2, 2),
        m => return out_of_range("the mode of GS v 0", m),
    };
    let (width, rows) = (usize::from(bytes.word()?), usize::from(bytes.word()?));
    if width == 0 {
        return out_of_range("the width of GS v 0", width);
    }
    if !(1..=MOST_ROWS).contains(&rows) {
        return out_of_range("the rows of GS v 0", rows);
    }
    let data = bytes.take(width * rows)?.to_vec();
    Ok(Command::Raster(Picture::from_rows(width * 8, data).scaled(across, down)))
}

/// `GS ( L` and `GS 8 L` with so many bytes behind their length.
fn graphics(bytes: &mut Bytes, length: usize) -> Parsed<Command> {
    match bytes.take(length)? {
        [48, 2 | 50] => Ok(Command::PrintStored),
        [48, 112, 48, across @ 1..=2, down @ 1..=2, 49, xl, xh, yl, yh, data @ ..] => {
            let (width, height) = (word(*xl, *xh), word(*yl, *yh));
            store(width, height, usize::from(*down), width.div_ceil(8) * height, data)?;
            let picture = Picture::from_rows(width, data.to_vec());
            Ok(Command::Store(picture.scaled(usize::from(*across), usize::from(*down))))
        }
        [48, 113, 48, across @ 1..=2, down @ 1..=2, 49, xl, xh, yl, yh, data @ ..] => {
            let (width, height) = (word(*xl, *xh), word(*yl, *yh));
            store(width, height, usize::from(*down), width * height.div_ceil(8), data)?;
            let picture = Picture::from_columns(height, data);
            Ok(Command::Store(picture.scaled(usize::from(*across), usize::from(*down))))
        }
        _ => bytes.unknown(),
    }
}

fn word(low: u8, high: u8) -> usize {
    usize::from(u16::from_le_bytes([low, high]))
}

/// Whether the data is as much as its size says, and no more than a printer keeps.
fn store(width: usize, height: usize, down: usize, needed: usize, data: &[u8]) -> Parsed<()> {
    if !(1..=2047).contains(&width) {
        return out_of_range("the width of GS ( L", width);
    }
    if !(1..=1662 / down).contains(&height) {
        return out_of_range("the height of GS ( L", height);
    }
    if data.len() != needed {
        return fault(Why::WrongLength { of: "GS ( L", needed, found: data.len() });
    }
    Ok(())
}

/// `GS (`, which says how long it is.
fn extended(bytes: &mut Bytes) -> Parsed<Command> {
    let name = bytes.byte()?;
    let length = usize::from(bytes.word()?);
    if name == b'L' {
        return graphics(bytes, length);
    }
    let parameters = bytes.take(length)?;
    Ok(match (name, parameters) {
        (b'k', [49, 65, model @ 49..=51, 0]) => Command::Qr(Qr::Model(model - 48)),
        (b'k', [49, 67, module @ 1..=16]) => Command::Qr(Qr::Module(*module)),
        (b'k', [49, 69, level @ 48..=51]) => {
            Command::Qr(Qr::Level(['L', 'M', 'Q', 'H'][usize::from(level - 48)]))
        }
        (b'k', [49, 80, 48, data @ ..]) if (1..=7089).contains(&data.len()) => {
            Command::Qr(Qr::Data(data.to_vec()))
        }
        (b'k', [49, 81, 48]) => Command::Qr(Qr::Print),
        (b'H', [48, 48, id @ ..]) if id.len() == 4 && id.iter().all(|b| (32..=126).contains(b)) => {
            Command::Ask(Ask::Printed([id[0], id[1], id[2], id[3]]))
        }
        (b'D', [20, pairs @ ..]) if !pairs.is_empty() && pairs.len().is_multiple_of(2) => {
            let said = |which: u8| {
                let pair = pairs.chunks(2).find(|pair| pair[0] == which)?;
                Some(pair[1] % 48 == 1)
            };
            Command::Heed { pulse: said(1), power_off: said(2) }
        }
        _ => return bytes.unknown(),
    })
}

/// The older form ends with a zero, the newer one says how long it is.
fn barcode(bytes: &mut Bytes) -> Parsed<Command> {
    let system = bytes.byte()?;
    let data = match system {
        0..=6 => bytes.up_to(0)?,
        65..=73 => {
            let length = usize::from(bytes.byte()?);
            bytes.take(length)?
        }
        _ => return out_of_range("GS k", system),
    };
    if data.is_empty() {
        return out_of_range("the data of GS k", 0_usize);
    }
    Ok(Command::Barcode { system, data: data.to_vec() })
}
