//! Bytes to commands, as the reference draws their formats: control characters, `ESC`, `FS`.

use super::super::picture::Picture;
use super::command::{Align, Ask, Buzz, Command, Cut, Font, Pulse};
use super::real_time::{self, Found};
use super::{Why, parse_gs};

pub const ESC: u8 = 0x1b;
pub const FS: u8 = 0x1c;
pub const GS: u8 = 0x1d;

/// Why there is no command yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It goes on behind what is here.
    More,
    Fault(Why),
}

pub type Parsed<T> = Result<T, Stop>;

pub fn fault<T>(why: Why) -> Parsed<T> {
    Err(Stop::Fault(why))
}

/// Reads a command's parameters.
pub struct Bytes<'a> {
    all: &'a [u8],
    at: usize,
}

impl<'a> Bytes<'a> {
    pub fn byte(&mut self) -> Parsed<u8> {
        let byte = *self.all.get(self.at).ok_or(Stop::More)?;
        self.at += 1;
        Ok(byte)
    }

    /// Low byte first.
    pub fn word(&mut self) -> Parsed<u16> {
        Ok(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    pub fn take(&mut self, count: usize) -> Parsed<&'a [u8]> {
        let taken = self.all.get(self.at..self.at + count).ok_or(Stop::More)?;
        self.at += count;
        Ok(taken)
    }

    /// Up to this byte, which is read too.
    pub fn up_to(&mut self, end: u8) -> Parsed<&'a [u8]> {
        let rest = &self.all[self.at..];
        let length = rest.iter().position(|byte| *byte == end).ok_or(Stop::More)?;
        self.at += length + 1;
        Ok(&rest[..length])
    }

    pub fn unknown<T>(&self) -> Parsed<T> {
        fault(Why::Unknown(self.all[..self.at.min(self.all.len())].to_vec()))
    }
}

/// The command that stands first, and how many bytes it has.
pub fn first(all: &[u8]) -> Parsed<(Command, usize)> {
    let mut bytes = Bytes { all, at: 0 };
    let command = match bytes.byte()? {
        0x20..=0x7e | 0x80.. => {
            let is_text = |byte: &&u8| matches!(byte, 0x20..=0x7e | 0x80..);
            let length = all.iter().take_while(is_text).count();
            return Ok((Command::Text(all[..length].to_vec()), length));
        }
        0x09 => Command::Tab,
        0x0a => Command::LineFeed,
        0x0d => Command::CarriageReturn,
        0x10 => match real_time::begins(all) {
            Found::Yes(command, length) => return Ok((Command::RealTime(command), length)),
            Found::Perhaps => return Err(Stop::More),
            Found::No => {
                bytes.byte()?;
                return bytes.unknown();
            }
        },
        ESC => escape(&mut bytes)?,
        FS => match bytes.byte()? {
            b'.' => Command::Kanji(false),
            b'&' => Command::Kanji(true),
            _ => return bytes.unknown(),
        },
        GS => parse_gs::command(&mut bytes)?,
        _ => return bytes.unknown(),
    };
    Ok((command, bytes.at))
}

fn escape(bytes: &mut Bytes) -> Parsed<Command> {
    Ok(match bytes.byte()? {
        b'@' => Command::Initialise,
        b'!' => Command::PrintMode(bytes.byte()?),
        b' ' => Command::RightSpace(bytes.byte()?),
        b'$' => Command::MoveTo(bytes.word()?),
        b'\\' => Command::MoveBy(i16::from_le_bytes(bytes.word()?.to_le_bytes())),
        b'*' => band(bytes)?,
        b'-' => match bytes.byte()? {
            n @ (0..=2 | 48..=50) => Command::Underline(n % 48),
            n => return out_of_range("ESC -", n),
        },
        b'2' => Command::LineSpacing(None),
        b'3' => Command::LineSpacing(Some(bytes.byte()?)),
        b'D' => Command::TabStops(bytes.up_to(0)?.to_vec()),
        b'E' => Command::Bold(bytes.byte()? & 1 == 1),
        b'G' => Command::DoubleStrike(bytes.byte()? & 1 == 1),
        b'J' => Command::FeedUnits(bytes.byte()?),
        b'M' => match bytes.byte()? {
            0 | 48 => Command::Font(Font::A),
            1 | 49 => Command::Font(Font::B),
            n => return out_of_range("ESC M", n),
        },
        b'a' => match bytes.byte()? {
            0 | 48 => Command::Align(Align::Left),
            1 | 49 => Command::Align(Align::Center),
            2 | 50 => Command::Align(Align::Right),
            n => return out_of_range("ESC a", n),
        },
        b'c' => match (bytes.byte()?, bytes.byte()?) {
            (b'3'..=b'5', _) => Command::Nothing,
            _ => return bytes.unknown(),
        },
        b'd' => Command::FeedLines(bytes.byte()?),
        // Both are of old printers, and leave the paper hanging.
        b'i' | b'm' => Command::Cut(Cut { is_full: false, fed: None }),
        b'p' => pulse(bytes)?,
        b't' => Command::CodePage(bytes.byte()?),
        // The characters of other countries, text on its side and on its head are not for us.
        b'R' | b'V' | b'{' | b'r' | b'U' => match bytes.byte()? {
            0 | 48 => Command::Nothing,
            _ => return bytes.unknown(),
        },
        b'=' => match bytes.byte()? {
            1 => Command::Nothing,
            _ => return bytes.unknown(),
        },
        b'(' => match bytes.byte()? {
            b'A' => beep(bytes)?,
            _ => return bytes.unknown(),
        },
        // Not Epson's, but what printers from elsewhere beep by: times, and tenths of a second.
        b'B' => match (bytes.byte()?, bytes.byte()?) {
            (times @ 1..=9, tenths @ 1..=9) => {
                Command::Buzz(Buzz { times, cycle_ms: u32::from(tenths) * 100 })
            }
            (times, _) => return out_of_range("ESC B", times),
        },
        // What Epson's printers answered before `GS r`.
        b'v' => Command::Ask(Ask::Status(1)),
        _ => return bytes.unknown(),
    })
}

pub fn out_of_range<T>(of: &'static str, value: impl Into<usize>) -> Parsed<T> {
    fault(Why::OutOfRange { of, value: value.into() })
}

/// Columns of 8 or 24 dots, some modes of which make each dot larger.
fn band(bytes: &mut Bytes) -> Parsed<Command> {
    let (height, across, down) = match bytes.byte()? {
        0 => (8, 2, 3),
        1 => (8, 1, 3),
        32 => (24, 2, 1),
        33 => (24, 1, 1),
        m => return out_of_range("the mode of ESC *", m),
    };
    let columns = usize::from(bytes.word()?);
    if !(1..=2047).contains(&columns) {
        return out_of_range("the columns of ESC *", columns);
    }
    let data = bytes.take(columns * height / 8)?;
    Ok(Command::Band(Picture::from_columns(height, data).scaled(across, down)))
}

/// In steps of two milliseconds. A pause that is shorter than the pulse is as long as it.
fn pulse(bytes: &mut Bytes) -> Parsed<Command> {
    let (m, on, off) = (bytes.byte()?, bytes.byte()?, bytes.byte()?);
    let pin = match m {
        0 | 48 => 2,
        1 | 49 => 5,
        _ => return out_of_range("the drawer of ESC p", m),
    };
    if on == 0 {
        return out_of_range("the length of ESC p", on);
    }
    let ms = |steps: u8| u32::from(steps) * 2;
    Ok(Command::Pulse(Pulse { pin, on_ms: ms(on), off_ms: ms(on.max(off)) }))
}

fn beep(bytes: &mut Bytes) -> Parsed<Command> {
    let length = usize::from(bytes.word()?);
    let buzz = match bytes.take(length)? {
        [48, _, times, tenths] => (*times, u32::from(*tenths) * 100),
        [97, 100, times, on, off] => (*times, (u32::from(*on) + u32::from(*off)) * 100),
        _ => return bytes.unknown(),
    };
    Ok(Command::Buzz(Buzz { times: buzz.0, cycle_ms: buzz.1 }))
}
