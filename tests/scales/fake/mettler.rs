//! Mettler Toledo, MT-SICS of level 0: lines of characters. `S` asks for a weight that is still, and
//! `SI` for what there is.

use super::{Heard, Load};

pub fn protocol(heard: &[u8], load: Load, is_busy: bool) -> Option<Heard> {
    let end = heard.windows(2).position(|two| two == b"\r\n")?;
    let line = |text: &str, digit| {
        Some(Heard { used: end + 2, answer: format!("{text}\r\n").into_bytes(), digit })
    };
    let command = std::str::from_utf8(&heard[..end]).unwrap_or_default();
    if command != "S" && command != "SI" {
        return line(if command.is_empty() { "ES" } else { "EL" }, None);
    }
    if is_busy {
        return line("S I", Some(2));
    }
    match load {
        Load::Still(grams) => line(&weight('S', grams), Some(13)),
        Load::Moving(grams) if command == "SI" => line(&weight('D', grams), Some(13)),
        // It did not come to rest in the time that the scale gives it.
        Load::Moving(_) => line("S I", Some(2)),
        Load::TooMuch => line("S +", Some(2)),
    }
}

/// The weight stands at the right of ten characters, its sign before its first digit.
fn weight(state: char, grams: i32) -> String {
    let sign = if grams < 0 { "-" } else { "" };
    let weight = format!("{sign}{}.{:03}", grams.abs() / 1000, grams.abs() % 1000);
    format!("S {state} {weight:>10} kg")
}
