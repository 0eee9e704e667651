//! Texts and numbers that carry their limits in their type, so that a body which parsed is a
//! body which may be used, and the API document shows the same limits that are enforced.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::characters;

/// A text of `MIN` to `MAX` characters after trimming, without control characters; on `ONE_LINE`
/// also without breaks and without what nobody sees.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Text<const MIN: usize, const MAX: usize, const ONE_LINE: bool = false>(String);

/// A text on one line by which people tell things apart.
pub type Label<const MIN: usize, const MAX: usize> = Text<MIN, MAX, true>;
/// A name of something a person sees.
pub type Name = Label<1, 100>;
/// A short description or address of a picture.
pub type Line = Text<0, 255>;
/// A comment on one dish.
pub type Comment = Text<0, 500>;
/// Notes on a whole order.
pub type Notes = Text<0, 1000>;
/// A description of something on the menu, or what is in it; a cola needs none.
pub type Prose = Text<0, 2000>;
/// A code the restaurant gives: a dish's number, a variation's SKU.
pub type Code = Label<0, 50>;

impl<const MIN: usize, const MAX: usize, const ONE_LINE: bool> Text<MIN, MAX, ONE_LINE> {
    /// Trims and checks a text.
    ///
    /// # Errors
    /// A sentence that says which limit is broken.
    pub fn new(text: &str) -> Result<Self, String> {
        let text = match text.trim() {
            line if ONE_LINE => Cow::Owned(characters::one_line(line)?),
            lines => Cow::Borrowed(lines),
        };
        let length = text.chars().count();
        if length < MIN {
            return Err(match MIN {
                1 => "must not be empty".into(),
                _ => format!("must have at least {MIN} characters"),
            });
        }
        if length > MAX {
            return Err(format!("must have at most {MAX} characters"));
        }
        characters::check_lines(&text)?;
        Ok(Self(text.into_owned()))
    }

    /// A text that is stored already, mended where it would be refused today.
    ///
    /// # Errors
    /// As [`Text::new`], where it cannot be mended.
    pub fn stored(text: &str) -> Result<Self, String> {
        Self::new(text).or_else(|_| Self::new(&characters::mended(text)))
    }

    /// The text, or nothing where it is empty: how optional texts are stored.
    pub fn non_empty(self) -> Option<String> {
        (!self.0.is_empty()).then_some(self.0)
    }

    /// The text itself.
    pub fn into_inner(self) -> String {
        self.0
    }
}

impl<const MIN: usize, const MAX: usize, const ONE_LINE: bool> Deref for Text<MIN, MAX, ONE_LINE> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MIN: usize, const MAX: usize, const ONE_LINE: bool> fmt::Display
    for Text<MIN, MAX, ONE_LINE>
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de, const MIN: usize, const MAX: usize, const ONE_LINE: bool> Deserialize<'de>
    for Text<MIN, MAX, ONE_LINE>
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&Cow::<str>::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl<const MIN: usize, const MAX: usize, const ONE_LINE: bool> PartialSchema
    for Text<MIN, MAX, ONE_LINE>
{
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .min_length((MIN > 0).then_some(MIN))
            .max_length(Some(MAX))
            .into()
    }
}

impl<const MIN: usize, const MAX: usize, const ONE_LINE: bool> ToSchema
    for Text<MIN, MAX, ONE_LINE>
{
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("Text{MIN}to{MAX}"))
    }
}

/// A color as screens show it: `#RRGGBB`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Color(String);

impl Color {
    /// Checks a color.
    ///
    /// # Errors
    /// A sentence that says how a color looks.
    pub fn new(text: &str) -> Result<Self, String> {
        let is_color = text.strip_prefix('#').is_some_and(|digits| {
            digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
        });
        is_color.then(|| Self(text.to_owned())).ok_or_else(|| "must look like #1A2B3C".into())
    }

    /// The text itself.
    pub fn into_inner(self) -> String {
        self.0
    }
}

impl<'de> Deserialize<'de> for Color {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&Cow::<str>::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl PartialSchema for Color {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .pattern(Some("^#[0-9A-Fa-f]{6}$"))
            .into()
    }
}

impl ToSchema for Color {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Color")
    }
}

/// A whole number from `MIN` to `MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
#[serde(transparent)]
pub struct Int<const MIN: i64, const MAX: i64>(i64);

/// The largest id or count that travels: exact in every JSON reader (2^53 - 1).
pub const MAX_SAFE: i64 = 9_007_199_254_740_991;
/// The id of a row.
pub type Id = Int<1, MAX_SAFE>;
/// The course with which a dish is served: the first, the second, …
pub type Course = Int<1, 5>;
/// Where something stands in a list.
pub type SortOrder = Int<0, 1_000_000>;
/// Where a dish stands in its category: small numbers first, below zero too.
pub type Place = Int<-1_000_000, 1_000_000>;

impl<const MIN: i64, const MAX: i64> Int<MIN, MAX> {
    /// Checks a number.
    ///
    /// # Errors
    /// A sentence that names the limits.
    pub fn new(number: i64) -> Result<Self, String> {
        if (MIN..=MAX).contains(&number) {
            return Ok(Self(number));
        }
        Err(match (MIN, MAX) {
            (_, MAX_SAFE) => format!("must be at least {MIN}"),
            _ => format!("must be from {MIN} to {MAX}"),
        })
    }

    /// The number itself.
    pub fn get(self) -> i64 {
        self.0
    }
}

impl<'de, const MIN: i64, const MAX: i64> Deserialize<'de> for Int<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(i64::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl<const MIN: i64, const MAX: i64> PartialSchema for Int<MIN, MAX> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::Integer))
            .minimum(Some(MIN))
            .maximum(Some(MAX))
            .into()
    }
}

impl<const MIN: i64, const MAX: i64> ToSchema for Int<MIN, MAX> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("Int{MIN}to{MAX}"))
    }
}

/// A weight in grams or millilitres: above 0, at most 50 000.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Weight(f64);

impl Weight {
    /// Checks a weight.
    ///
    /// # Errors
    /// A sentence that names the limits.
    pub fn new(grams: f64) -> Result<Self, String> {
        if grams > 0.0 && grams <= 50_000.0 {
            return Ok(Self(grams));
        }
        Err("must be more than 0 and at most 50000".into())
    }

    /// The number of grams or millilitres.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Weight {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(f64::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl PartialSchema for Weight {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::Number))
            .exclusive_minimum(Some(0.0))
            .maximum(Some(50_000.0))
            .into()
    }
}

impl ToSchema for Weight {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Weight")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed_and_counted_in_characters() {
        assert_eq!(&*Name::new("  Борщ  ").unwrap(), "Борщ");
        assert_eq!(Name::new("   ").unwrap_err(), "must not be empty");
        assert!(Text::<0, 4>::new("Борщ").is_ok());
        assert!(Text::<0, 3>::new("Борщ").is_err());
        assert!(Name::new("a\u{0}b").is_err());
        assert_eq!(&*Text::<0, 20>::new("No onions\nplease").unwrap(), "No onions\nplease");
        assert_eq!(&*Name::stored("Borscht\nlarge").unwrap(), "Borscht large");
    }

    #[test]
    fn a_color_has_six_digits() {
        for (text, fits) in
            [("#1a2B3c", true), ("1A2B3C0", false), ("#12345", false), ("#12345g", false)]
        {
            assert_eq!(Color::new(text).is_ok(), fits, "{text}");
        }
    }

    #[test]
    fn numbers_keep_their_range() {
        for (number, fits) in [(0, false), (1, true), (50, true), (51, false), (-1, false)] {
            assert_eq!(Int::<1, 50>::new(number).is_ok(), fits, "{number}");
        }
        for (grams, fits) in [(0.0, false), (0.5, true), (50_000.5, false), (f64::NAN, false)] {
            assert_eq!(Weight::new(grams).is_ok(), fits, "{grams}");
        }
    }
}
