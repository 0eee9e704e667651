//! The code of a gift card: fifteen random digits and one that checks them, in groups of four.

use crate::core::error::{Error, Result};

/// How many digits it has.
pub const DIGITS: usize = 16;
/// How many of its last digits people tell cards apart by.
const END: usize = 4;

/// A new code from randomness that nobody can guess.
pub fn new(random: [u8; 8]) -> String {
    // The largest multiple of ten to the fifteenth is far enough above for each to come as often.
    let number = u64::from_be_bytes(random) % 10_u64.pow(15);
    let digits = format!("{number:015}");
    format!("{digits}{}", check_digit(&digits))
}

/// The digits of a code as somebody typed it.
///
/// # Errors
/// 404 when it can be no card's: a digit is wrong or missing.
pub fn digits(typed: &str) -> Result<String> {
    let digits: String = typed.chars().filter(|letter| !" -".contains(*letter)).collect();
    let is_number = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && digits.ends_with(check_digit(&digits[..DIGITS - 1])) {
        return Ok(digits);
    }
    Err(no_card())
}

/// 404: nobody has such a code.
pub fn no_card() -> Error {
    Error::not_found("gift card", "with this code")
}

/// The end of a code.
pub fn end_of(digits: &str) -> &str {
    &digits[digits.len().saturating_sub(END)..]
}

/// As it is read and printed.
pub fn grouped(digits: &str) -> String {
    let groups = digits.as_bytes().chunks(4).map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(" ")
}

/// Luhn's digit: one wrong digit, or two that changed places, are seen.
fn check_digit(digits: &str) -> char {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte.wrapping_sub(b'0'));
            match if at % 2 == 0 { digit * 2 } else { digit } {
                large if large > 9 => large - 9,
                digit => digit,
            }
        })
        .sum();
    char::from_digit((10 - sum % 10) % 10, 10).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_no_other_card() {
        let code = new([1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(code.len(), DIGITS);
        let typed = grouped(&code);
        assert_eq!(digits(&typed).unwrap(), code);
        assert_eq!(digits(&code.replace(' ', "-")).unwrap(), code);
        for at in 0..DIGITS {
            let mut wrong = code.clone().into_bytes();
            wrong[at] = b'0' + (wrong[at] - b'0' + 1) % 10;
            assert!(digits(std::str::from_utf8(&wrong).unwrap()).is_err(), "{at}");
        }
        for wrong in ["", "1234", "abcdefghijklmnop", "４３２１４３２１４３２１４３２１"]
        {
            assert!(digits(wrong).is_err(), "{wrong}");
        }
        assert_eq!(check_digit("7992739871"), '3');
        assert_eq!(end_of(&code).len(), 4);
    }
}
