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

/// A PIN: 4 to 6 digits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Pin(String);

impl Pin {
    /// Trims and checks a PIN.
    ///
    /// # Errors
    /// A sentence that says what it must be.
    pub fn new(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if (4..=6).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(Self(text.to_owned()));
        }
        Err("must be 4 to 6 digits".into())
    }
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
        for (text, fits) in [("1234", true), ("123456", true), ("123", false), ("12a4", false)] {
            assert_eq!(Pin::new(text).is_ok(), fits, "{text}");
        }
    }
}
