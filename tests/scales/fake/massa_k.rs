//! Massa-K, protocol 100: a head of three bytes, the length of the body, the body, and a sum of it;
//! numbers with their low byte first.

use super::{Heard, Load};

const HEAD: [u8; 3] = [0xf8, 0x55, 0xce];
const GET_MASSA: u8 = 0x23;
const ACK_MASSA: u8 = 0x24;
const ERROR: u8 = 0x28;
const NACK: u8 = 0xf0;

/// What an error says: it does not know the command, it bears too much, it is not weighing.
const UNKNOWN: u8 = 0x07;
const TOO_MUCH: u8 = 0x08;
const NOT_WEIGHING: u8 = 0x09;

/// In `division`: one is a gram.
const GRAM: u8 = 1;

pub fn protocol(heard: &[u8], load: Load, is_busy: bool) -> Option<Heard> {
    let begin = heard.windows(3).position(|three| three == HEAD)?;
    let rest = &heard[begin + 3..];
    let length = usize::from(u16::from_le_bytes([*rest.first()?, *rest.get(1)?]));
    let body = rest.get(2..2 + length)?;
    let sum = rest.get(2 + length..4 + length)?;
    let used = begin + 7 + length;
    let error = |code| Heard { used, answer: message(&[ERROR, code]), digit: None };
    Some(if sum != crc(body).to_le_bytes() {
        Heard { used, answer: message(&[NACK]), digit: None }
    } else if body != [GET_MASSA] {
        error(UNKNOWN)
    } else if is_busy {
        error(NOT_WEIGHING)
    } else {
        match load {
            Load::Still(grams) => Heard { used, answer: massa(grams, true), digit: Some(6) },
            Load::Moving(grams) => Heard { used, answer: massa(grams, false), digit: Some(6) },
            Load::TooMuch => Heard { digit: Some(6), ..error(TOO_MUCH) },
        }
    })
}

/// Weight, what one of it is, whether it is still, net and at zero, and the tare.
fn massa(grams: i32, is_still: bool) -> Vec<u8> {
    let flags = [GRAM, u8::from(is_still), 0, u8::from(grams == 0)];
    message(&[&[ACK_MASSA], &grams.to_le_bytes()[..], &flags, &[0; 4]].concat())
}

pub fn message(body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).unwrap().to_le_bytes();
    [&HEAD, &length[..], body, &crc(body).to_le_bytes()].concat()
}

/// CCITT's polynomial from zero, with each byte of the message coming in at the low end: two zeros
/// more would make the usual sum of it.
pub fn crc(body: &[u8]) -> u16 {
    body.iter().fold(0, |sum: u16, byte| {
        let mut high = sum & 0xff00;
        for _ in 0..8 {
            high = if high & 0x8000 == 0 { high << 1 } else { (high << 1) ^ 0x1021 };
        }
        high ^ (sum << 8) ^ u16::from(*byte)
    })
}
