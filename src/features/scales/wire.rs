//! What is said to a scale, and what its answer means. No input, no output.

use super::ScaleProtocol;

/// What a scale says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// In grams, at rest or not.
    Weight {
        /// Below 0 where something was taken off that was there when it was set to zero.
        grams: i64,
        /// Whether it lies still.
        is_still: bool,
    },
    /// More than it bears.
    TooMuch,
    /// It cannot say now.
    NotNow,
    /// It is ready for the question itself.
    GoOn,
}

/// What a scale of this protocol is asked, one after the other: what stands behind the first is said
/// when it answered [`Said::GoOn`].
pub fn questions(protocol: ScaleProtocol) -> &'static [&'static [u8]] {
    match protocol {
        // ENQ, then DC1.
        ScaleProtocol::Cas => &[&[0x05], &[0x11]],
        // CMD_GET_MASSA with its sum.
        ScaleProtocol::MassaK => &[&[0xf8, 0x55, 0xce, 1, 0, 0x23, 0x23, 0]],
        // What there is, at rest or not.
        ScaleProtocol::Mettler => &[b"SI\r\n"],
    }
}

/// The first answer in what was heard; none while it is not whole. What is no answer is passed over: the
/// rest of one that somebody asked for before.
pub fn answer(protocol: ScaleProtocol, heard: &[u8]) -> Option<Said> {
    match protocol {
        ScaleProtocol::Cas => cas(heard),
        ScaleProtocol::MassaK => massa_k(heard),
        ScaleProtocol::Mettler => mettler(heard),
    }
}

/// SOH STX, `S` or `U`, a sign, five digits with a point, two letters of the unit, the exclusive or of
/// these, ETX EOT. Without a frame ACK and NAK are answers of their own.
fn cas(heard: &[u8]) -> Option<Said> {
    const FRAME: usize = 15;
    let frame = heard.windows(FRAME).find(|frame| {
        let sum = frame[2..12].iter().fold(0, |sum, byte| sum ^ byte);
        frame[..2] == [0x01, 0x02] && frame[12..] == [sum, 0x03, 0x04]
    });
    if let Some(frame) = frame {
        let block = std::str::from_utf8(&frame[2..12]).ok()?;
        let (state, rest) = block.split_at(1);
        let (number, unit) = rest.split_at(7);
        return Some(match grams(number, unit) {
            Some(grams) => Said::Weight { grams, is_still: state == "S" },
            None if number.contains('F') => Said::TooMuch,
            None => Said::NotNow,
        });
    }
    match heard {
        [.., 0x06] => Some(Said::GoOn),
        [.., 0x15] => Some(Said::NotNow),
        _ => None,
    }
}

/// Head, length of the body (low byte first), body, sum of the body.
fn massa_k(heard: &[u8]) -> Option<Said> {
    const HEAD: [u8; 3] = [0xf8, 0x55, 0xce];
    (0..heard.len()).find_map(|begin| {
        let rest = heard.get(begin..)?.strip_prefix(&HEAD)?;
        let length = usize::from(u16::from_le_bytes([*rest.first()?, *rest.get(1)?]));
        let body = rest.get(2..)?.get(..length)?;
        let sum = rest.get(2 + length..)?.get(..2)?;
        if sum != massa_k_sum(body).to_le_bytes() {
            return None;
        }
        match *body {
            [0x24, a, b, c, d, division, still, ..] => {
                let weight = i64::from(i32::from_le_bytes([a, b, c, d]));
                let grams = match division {
                    0 => weight / 10,
                    1 => weight,
                    2 => weight * 10,
                    3 => weight * 100,
                    4 => weight * 1000,
                    _ => return Some(Said::NotNow),
                };
                Some(Said::Weight { grams, is_still: still == 1 })
            }
            [0x28, 0x08, ..] => Some(Said::TooMuch),
            _ => Some(Said::NotNow),
        }
    })
}

/// The sum over a body: CCITT's polynomial from zero, each byte coming in below.
fn massa_k_sum(body: &[u8]) -> u16 {
    body.iter().fold(0, |sum: u16, byte| {
        let shifted = (0..8).fold(sum & 0xff00, |high, _| {
            if high & 0x8000 == 0 { high << 1 } else { (high << 1) ^ 0x1021 }
        });
        shifted ^ (sum << 8) ^ u16::from(*byte)
    })
}

/// A line: `S S      0.350 kg`, `S D …` while it moves, `S +` and `S -` outside of what it bears, `S I`
/// when it cannot.
fn mettler(heard: &[u8]) -> Option<Said> {
    let text = std::str::from_utf8(heard).ok()?;
    let whole = text.rfind("\r\n").map(|end| &text[..end])?;
    whole.split("\r\n").find_map(|line| {
        let words: Vec<_> = line.split_ascii_whitespace().collect();
        match *words {
            ["S", state @ ("S" | "D"), number, unit] => Some(match grams(number, unit) {
                Some(grams) => Said::Weight { grams, is_still: state == "S" },
                None => Said::NotNow,
            }),
            ["S", "+" | "-"] => Some(Said::TooMuch),
            ["S", "I"] | ["ES" | "EL" | "ET"] => Some(Said::NotNow),
            _ => None,
        }
    })
}

/// `00.350` and `kg`, `350` and `g`: exact, whatever the number of decimals.
fn grams(number: &str, unit: &str) -> Option<i64> {
    let digits = match unit.trim() {
        "kg" => 3,
        "g" => 0,
        _ => return None,
    };
    let number = number.trim();
    let (sign, number) = number.strip_prefix('-').map_or((1, number), |rest| (-1, rest));
    let (whole, part) = number.trim_start().split_once('.').unwrap_or((number.trim_start(), ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || !is_number(whole) || !is_number(part) {
        return None;
    }
    // Tenths of a gram are cut off: no dish is priced by them.
    let kept: String = part.chars().chain("000".chars()).take(digits).collect();
    format!("{whole}{kept}").parse::<i64>().ok().map(|grams| sign * grams)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn still(grams: i64) -> Said {
        Said::Weight { grams, is_still: true }
    }

    fn moving(grams: i64) -> Said {
        Said::Weight { grams, is_still: false }
    }

    #[test]
    fn a_frame_of_cas_is_read_and_its_sum_is_looked_at() {
        let frame = b"\x01\x02S 00.350kg\x67\x03\x04";
        let of = |heard: &[u8]| answer(ScaleProtocol::Cas, heard);
        assert_eq!(of(frame), Some(still(350)));
        assert_eq!(
            of(&[b"0kg\x67\x03\x04", &frame[..]].concat()),
            Some(still(350)),
            "the rest of another"
        );
        assert_eq!(of(&frame[..14]), None);
        let mut wrong = *frame;
        wrong[8] ^= 1;
        assert_eq!(of(&wrong), None);
        assert_eq!(of(b"\x06"), Some(Said::GoOn));
        assert_eq!(of(b"\x15"), Some(Said::NotNow));
        let told = |block: &[u8]| {
            let sum = block.iter().fold(0, |sum, byte| sum ^ byte);
            of(&[&[1, 2], block, &[sum, 3, 4]].concat())
        };
        assert_eq!(told(b"U 12.005kg"), Some(moving(12_005)));
        assert_eq!(told(b"S-00.020kg"), Some(still(-20)));
        assert_eq!(told(b"SFFFFFFFkg"), Some(Said::TooMuch));
        assert_eq!(told(b"S 00.350lb"), Some(Said::NotNow));
    }

    #[test]
    fn a_message_of_massa_k_is_read_and_its_sum_is_looked_at() {
        let message =
            b"\xf8\x55\xce\x0d\x00\x24\x0f\x00\x00\x00\x01\x01\x00\x00\x00\x00\x00\x00\x7d\x42";
        let of = |heard: &[u8]| answer(ScaleProtocol::MassaK, heard);
        assert_eq!(of(message), Some(still(15)));
        assert_eq!(of(&[&message[9..], &message[..]].concat()), Some(still(15)));
        assert_eq!(of(&message[..19]), None);
        let mut wrong = *message;
        wrong[6] ^= 1;
        assert_eq!(of(&wrong), None);
        let told = |body: &[u8]| {
            let length = u8::try_from(body.len()).unwrap();
            let sum = massa_k_sum(body).to_le_bytes();
            of(&[&[0xf8, 0x55, 0xce, length, 0], body, &sum].concat())
        };
        assert_eq!(told(&[0x24, 0xd4, 0xfe, 0xff, 0xff, 1, 0]), Some(moving(-300)));
        assert_eq!(told(&[0x24, 5, 0, 0, 0, 3, 1]), Some(still(500)));
        assert_eq!(told(&[0x28, 8]), Some(Said::TooMuch));
        assert_eq!(told(&[0x28, 9]), Some(Said::NotNow));
        // A length of 65,535 that never comes is no answer and no panic.
        assert_eq!(of(b"\xf8\x55\xce\xff\xff\x24"), None);
        assert_eq!(of(b"\xf8\x55\xce"), None);
    }

    #[test]
    fn a_line_of_mettler_is_read() {
        let of = |heard: &[u8]| answer(ScaleProtocol::Mettler, heard);
        for (line, said) in [
            ("S S      0.350 kg\r\n", Some(still(350))),
            ("S S        350 g\r\n", Some(still(350))),
            ("S S     0.3507 kg\r\n", Some(still(350))),
            ("S D     -1.250 kg\r\n", Some(moving(-1_250))),
            ("0.350 kg\r\nS S      0.350 kg\r\n", Some(still(350))),
            ("S +\r\n", Some(Said::TooMuch)),
            ("S I\r\n", Some(Said::NotNow)),
            ("EL\r\n", Some(Said::NotNow)),
            ("S S      0.35", None),
            ("S S      x.350 kg\r\n", Some(Said::NotNow)),
        ] {
            assert_eq!(of(line.as_bytes()), said, "{line}");
        }
        assert_eq!(of(b"\xff\xff\r\n"), None);
    }
}
