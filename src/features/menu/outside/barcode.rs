//! A barcode, as a scanner types it.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// How long a code may be, in characters.
const LONGEST: usize = 48;

/// A barcode. One of 8, 12 or 13 digits is an EAN-8, a UPC-A or an EAN-13, whose last digit follows from
/// the others. A UPC-A is kept as the EAN-13 that it is, with a 0 before it: scanners tell it in both ways.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Barcode(String);

impl Barcode {
    /// Trims and checks a code.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn new(text: &str) -> Result<Self, String> {
        let code = text.trim();
        if code.is_empty() || code.len() > LONGEST || !code.bytes().all(|c| c.is_ascii_graphic()) {
            return Err(format!("must be a barcode of 1 to {LONGEST} letters and digits"));
        }
        let has_check_digit = matches!(code.len(), 8 | 12 | 13) && is_of_digits(code);
        if has_check_digit && !code.ends_with(check_digit(&code[..code.len() - 1])) {
            let right = check_digit(&code[..code.len() - 1]);
            return Err(format!(
                "must be read off the package again: the last digit of {code} would be {right}"
            ));
        }
        let is_upc = has_check_digit && code.len() == 12;
        Ok(Self(if is_upc { format!("0{code}") } else { code.to_owned() }))
    }
}

fn is_of_digits(code: &str) -> bool {
    code.bytes().all(|c| c.is_ascii_digit())
}

/// What makes the sum of all digits, every other one taken three times from the right, a multiple of ten.
fn check_digit(digits: &str) -> char {
    let weighted = digits.bytes().rev().zip([3, 1].into_iter().cycle());
    let sum: u32 = weighted.map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    char::from_digit((10 - sum % 10) % 10, 10).unwrap_or('0')
}

impl Deref for Barcode {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Barcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Barcode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&Cow::<str>::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl PartialSchema for Barcode {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .min_length(Some(1))
            .max_length(Some(LONGEST))
            .description(Some(
                "A barcode; the last digit of an EAN-8, UPC-A or EAN-13 has to fit the others",
            ))
            .into()
    }
}

impl ToSchema for Barcode {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Barcode")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_last_digit_is_checked_where_there_is_one() {
        for (code, kept) in [
            ("4006381333931", Ok("4006381333931")),
            ("4006381333932", Err("would be 1")),
            (" 96385074 ", Ok("96385074")),
            ("96385070", Err("would be 4")),
            ("036000291452", Ok("0036000291452")),
            ("036000291453", Err("would be 2")),
            // Of any other length, or with letters, nothing follows from anything.
            ("12345", Ok("12345")),
            ("ABC-12345678", Ok("ABC-12345678")),
            ("12345678901234", Ok("12345678901234")),
            ("", Err("1 to 48")),
            ("12 34", Err("1 to 48")),
            ("код", Err("1 to 48")),
        ] {
            match (Barcode::new(code), kept) {
                (Ok(found), Ok(kept)) => assert_eq!(&*found, kept),
                (Err(why), Err(says)) => assert!(why.contains(says), "{code}: {why}"),
                (found, _) => panic!("{code}: {found:?}"),
            }
        }
    }

    proptest! {
        /// One wrong digit is always found.
        #[test]
        fn a_slip_is_found(digits in "[0-9]{12}", at in 0_usize..13, by in 1_u8..10) {
            let code = format!("{digits}{}", check_digit(&digits));
            prop_assert!(Barcode::new(&code).is_ok());
            let mut wrong = code.into_bytes();
            wrong[at] = b'0' + (wrong[at] - b'0' + by) % 10;
            prop_assert!(Barcode::new(std::str::from_utf8(&wrong).unwrap()).is_err());
        }
    }
}
