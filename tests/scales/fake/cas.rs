//! CAS, as their scales talk to tills (PD-II type 6, AP-1): ENQ is answered by ACK, then DC1 by a
//! frame with the weight.

use super::{Heard, Load};

const SOH: u8 = 0x01;
const STX: u8 = 0x02;
const ETX: u8 = 0x03;
const EOT: u8 = 0x04;
const ENQ: u8 = 0x05;
const ACK: u8 = 0x06;
const DC1: u8 = 0x11;
const NAK: u8 = 0x15;

pub fn protocol(heard: &[u8], load: Load, is_busy: bool) -> Option<Heard> {
    let plain = |answer| Heard { used: 1, answer: vec![answer], digit: None };
    Some(match *heard.first()? {
        ENQ => plain(if is_busy { NAK } else { ACK }),
        DC1 => Heard { used: 1, answer: frame(load), digit: Some(8) },
        _ => plain(NAK),
    })
}

/// SOH STX, still or not, sign, five digits with a point, kg, the sum, ETX EOT.
fn frame(load: Load) -> Vec<u8> {
    let weight = |grams: i32| format!("{:02}.{:03}", grams.abs() / 1000, grams.abs() % 1000);
    let sign = |grams: i32| if grams < 0 { '-' } else { ' ' };
    let block = match load {
        Load::Still(grams) => format!("S{}{}kg", sign(grams), weight(grams)),
        Load::Moving(grams) => format!("U{}{}kg", sign(grams), weight(grams)),
        Load::TooMuch => "SFFFFFFFkg".to_owned(),
    };
    let sum = block.bytes().fold(0, |sum, byte| sum ^ byte);
    [&[SOH, STX], block.as_bytes(), &[sum, ETX, EOT]].concat()
}
