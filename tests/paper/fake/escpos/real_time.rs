//! Commands that a printer obeys the moment they arrive, past everything that waits.
//!
//! Epson's reference: bytes of such a sequence are obeyed too where they stand in the data of
//! another command, and belong to that data as well. So a picture may open a drawer.

use super::command::Pulse;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RealTime {
    /// `DLE EOT n`
    Status(u8),
    /// `DLE ENQ n`: goes on after an error, or throws away what waits first.
    Recover { forgetting: bool },
    /// `DLE DC4 1 m t`
    Pulse(Pulse),
    /// `DLE DC4 2 1 8`
    PowerOff,
    /// `DLE DC4 8 …`: throws away what waits.
    Forget,
}

const DLE: u8 = 0x10;
pub const FORGET: [u8; 10] = [DLE, 0x14, 8, 1, 3, 20, 1, 6, 2, 8];
const POWER_OFF: [u8; 5] = [DLE, 0x14, 2, 1, 8];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    No,
    /// The bytes so far may become one.
    Perhaps,
    Yes(RealTime, usize),
}

/// Whether one begins here.
pub fn begins(bytes: &[u8]) -> Found {
    let is_begin_of = |whole: &[u8]| whole.starts_with(bytes);
    match bytes {
        [DLE, 4, n @ 1..=4, ..] => Found::Yes(RealTime::Status(*n), 3),
        [DLE, 5, n @ 1..=2, ..] => Found::Yes(RealTime::Recover { forgetting: *n == 2 }, 3),
        [DLE, 0x14, 1, m @ 0..=1, t @ 1..=8, ..] => {
            let ms = u32::from(*t) * 100;
            let pin = if *m == 0 { 2 } else { 5 };
            Found::Yes(RealTime::Pulse(Pulse { pin, on_ms: ms, off_ms: ms }), 5)
        }
        _ if bytes.starts_with(&POWER_OFF) => Found::Yes(RealTime::PowerOff, POWER_OFF.len()),
        _ if bytes.starts_with(&FORGET) => Found::Yes(RealTime::Forget, FORGET.len()),
        [DLE] | [DLE, 4 | 5 | 0x14] | [DLE, 0x14, 1] | [DLE, 0x14, 1, 0..=1] => Found::Perhaps,
        _ if is_begin_of(&POWER_OFF) || is_begin_of(&FORGET) => Found::Perhaps,
        _ => Found::No,
    }
}

/// Finds them wherever they stand, in a stream that comes in pieces.
#[derive(Debug, Default)]
pub struct Anywhere {
    /// What may become one.
    tail: Vec<u8>,
    /// How many bytes came before the tail.
    before: usize,
}

impl Anywhere {
    /// Those that end in these bytes, each with the place in the stream where it begins.
    pub fn find(&mut self, bytes: &[u8]) -> Vec<(usize, RealTime)> {
        self.tail.extend_from_slice(bytes);
        let (mut found, mut at) = (Vec::new(), 0);
        while at < self.tail.len() {
            match begins(&self.tail[at..]) {
                Found::Yes(command, length) => {
                    found.push((self.before + at, command));
                    at += length;
                }
                Found::Perhaps => break,
                Found::No => at += 1,
            }
        }
        self.before += at;
        self.tail.drain(..at);
        found
    }
}
