//! The name and the PIN that people sign in with, checked by their types.

use std::borrow::Cow;
use std::ops::Deref;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A name to sign in with: 3 to 50 Latin letters, digits and `.` `_` `-`. Latin alone, because
/// an “а” of another alphabet would make a second “anna” that looks like the first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Username(String);

impl Username {
    /// Trims and checks a name.
    ///
    /// # Errors
    /// A sentence that says what it must be.
    pub fn new(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if (3..=50).contains(&text.len()) && text.chars().all(fits) {
            return Ok(Self(text.to_owned()));
        }
        Err("must be 3 to 50 Latin letters, digits and . _ -".into())
    }

    /// The name itself.
    pub fn into_inner(self) -> String {
        self.0
    }
}

impl Deref for Username {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Username {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&Cow::<str>::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl PartialSchema for Username {
    fn schema() -> RefOr<Schema> {
        pattern("^[A-Za-z0-9._-]{3,50}$")
    }
}

impl ToSchema for Username {}

/// A PIN: 4 to 6 digits, and none of those that are tried first.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Pin(String);

impl Pin {
    /// Trims and checks a PIN.
    ///
    /// # Errors
    /// A sentence that says what it must be.
    pub fn new(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if !(4..=6).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err("must be 4 to 6 digits".into());
        }
        if is_tried_first(text.as_bytes()) {
            return Err("is one of the PINs that are tried first: take digits that do not repeat \
                        and do not run in a row"
                .into());
        }
        Ok(Self(text.to_owned()))
    }
}

/// Whether digits run up or down in a row (1234, 0987), or are one short piece again and again
/// (1111, 1212, 123123).
fn is_tried_first(digits: &[u8]) -> bool {
    let runs =
        |step: u8| digits.windows(2).all(|pair| (pair[0] - b'0' + step) % 10 == pair[1] - b'0');
    let repeats = |length: usize| {
        digits.len().is_multiple_of(length)
            && digits.iter().zip(&digits[length..]).all(|(a, b)| a == b)
    };
    runs(1) || runs(9) || (1..=digits.len() / 2).any(repeats)
}

impl Deref for Pin {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Pin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&Cow::<str>::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl PartialSchema for Pin {
    fn schema() -> RefOr<Schema> {
        pattern("^[0-9]{4,6}$")
    }
}

impl ToSchema for Pin {}

fn pattern(pattern: &str) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_typed_alike_is_a_name() {
        for (text, fits) in [
            (" anna.k-2_x ", true),
            ("an", false),
            ("аnna", false),
            ("anna k", false),
            (&"a".repeat(51), false),
        ] {
            assert_eq!(Username::new(text).is_ok(), fits, "{text}");
        }
    }

    #[test]
    fn a_pin_is_digits() {
        for (text, fits) in [("4711", true), ("471108", true), ("471", false), ("12a4", false)] {
            assert_eq!(Pin::new(text).is_ok(), fits, "{text}");
        }
    }

    /// Screens 7: what everybody takes is what everybody tries.
    #[test]
    fn a_pin_that_is_tried_first_is_refused() {
        for weak in ["1111", "000000", "1234", "123456", "4321", "7890", "0987", "1212", "123123"] {
            let sentence = Pin::new(weak).err().unwrap_or_default();
            assert!(sentence.contains("tried first"), "{weak}");
        }
        // The demo's, and what somebody thought of.
        for fine in ["1001", "1002", "1003", "1004", "2468", "1224", "12125"] {
            assert!(Pin::new(fine).is_ok(), "{fine}");
        }
    }
}
