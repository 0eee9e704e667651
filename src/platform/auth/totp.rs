//! Codes that change with the time (RFC 6238: TOTP over HMAC-SHA-1, six digits, 30 seconds), as
//! every authenticator app makes them.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;

use crate::core::kernel::Timestamp;

/// How long one code lasts, in milliseconds.
const STEP: i64 = 30_000;
/// How many steps a phone's clock may be early or late.
const DRIFT: i64 = 1;
const DIGITS: u32 = 1_000_000;

/// The step of time at a moment.
fn step_at(now: Timestamp) -> i64 {
    now.0.div_euclid(STEP)
}

/// The code of a step of time (RFC 4226, section 5.3).
fn code_of(secret: &[u8], step: i64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let at = usize::from(bytes[bytes.len() - 1] & 0xf);
    let part = [bytes[at] & 0x7f, bytes[at + 1], bytes[at + 2], bytes[at + 3]];
    u32::from_be_bytes(part)
}

/// The step of time that a code belongs to: later than `last`, the newest one that was taken, and
/// near `now`. None when the code is wrong or was taken before.
pub fn step_of(secret: &[u8], code: &str, now: Timestamp, last: i64) -> Option<i64> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let near = step_at(now) - DRIFT..=step_at(now) + DRIFT;
    near.filter(|step| *step > last).find(|step| {
        let right = format!("{:06}", code_of(secret, *step) % DIGITS);
        verify_slices_are_equal(right.as_bytes(), digits.as_bytes()).is_ok()
    })
}

/// The code of now: for tests, and for nobody else.
pub fn code_now(secret: &[u8], now: Timestamp) -> String {
    format!("{:06}", code_of(secret, step_at(now)) % DIGITS)
}

/// Bytes as text that an authenticator app takes (RFC 4648, base 32 without padding).
pub fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut held, mut bits) = (0_u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(ALPHABET[(held >> bits) as usize & 31]));
        }
    }
    if bits > 0 {
        text.push(char::from(ALPHABET[(held << (5 - bits)) as usize & 31]));
    }
    text
}

/// What an authenticator app reads from a QR code.
pub fn url(issuer: &str, username: &str, secret: &[u8]) -> String {
    let escaped = |text: &str| {
        let byte = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        };
        text.bytes().map(byte).collect::<String>()
    };
    let (issuer, username) = (escaped(issuer), escaped(username));
    format!("otpauth://totp/{issuer}:{username}?secret={}&issuer={issuer}", base32(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 6238, appendix B.
    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, code) in [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000_i64, 65_353_130),
        ] {
            let step = step_at(Timestamp(seconds * 1000));
            assert_eq!(code_of(SECRET, step) % 100_000_000, code, "{seconds}");
        }
        // RFC 4226, appendix D.
        let counted: Vec<_> = (0..10).map(|count| code_of(SECRET, count) % DIGITS).collect();
        let right = [
            755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922, 162_583, 399_871,
            520_489,
        ];
        assert_eq!(counted, right);
    }

    #[test]
    fn a_code_is_good_for_its_time_and_once() {
        let now = Timestamp(59_000);
        assert_eq!(step_of(SECRET, "287082", now, 0), Some(1));
        assert_eq!(step_of(SECRET, " 287 082 ", now, 0), Some(1));
        assert_eq!(step_of(SECRET, "287082", now, 1), None, "taken before");
        assert_eq!(step_of(SECRET, "287082", Timestamp(89_000), 0), Some(1), "a slow phone");
        assert_eq!(step_of(SECRET, "287082", Timestamp(29_000), 0), Some(1), "a fast phone");
        assert_eq!(step_of(SECRET, "287082", Timestamp(90_000), 0), None, "too late");
        for wrong in ["", "28708", "2870822", "000000", "28708a"] {
            assert_eq!(step_of(SECRET, wrong, now, 0), None, "{wrong}");
        }
    }

    #[test]
    fn apps_read_the_address() {
        for (bytes, text) in [("", ""), ("f", "MY"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        let url = url("Чай & Co", "anna", b"foobar");
        let issuer = "%D0%A7%D0%B0%D0%B9%20%26%20Co";
        assert_eq!(url, format!("otpauth://totp/{issuer}:anna?secret=MZXW6YTBOI&issuer={issuer}"));
    }
}
