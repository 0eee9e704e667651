//! How much of a good, and what one of its unit costs: whole numbers, never floats.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::core::kernel::money::minor_digits;
use crate::core::kernel::{Money, Percent};

/// Thousandths in one.
pub const THOUSAND: i64 = 1000;
/// Digits of a price behind those of money.
const FINER_DIGITS: u8 = 3;

/// Thousandths of a good's unit: milligrams, microlitres, thousandths of a piece. Below 0 where more
/// went than was known to be there. On the wire a number such as `350` or `0.5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(pub i64);

impl Amount {
    /// None of it.
    pub const ZERO: Self = Self(0);
    /// The most that one line of a document or a recipe may hold: a thousand tonnes of grams.
    pub const MOST: Self = Self(1_000_000_000 * THOUSAND);

    /// Reads a decimal with at most three digits behind the point.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong =
            "must be an amount such as 350 or 0.5, with at most three digits behind the point";
        let thousandths = decimal(text, 3).ok_or(wrong)?;
        if thousandths.abs() > Self::MOST.0 {
            return Err("must be at most 1000000000".into());
        }
        Ok(Self(thousandths))
    }
}

/// Reads a decimal as a whole number of its last digit; none where it has more digits or is none.
fn decimal(text: &str, digits: u8) -> Option<i64> {
    let (sign, unsigned) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let fits = is_number(whole) && is_number(part);
    let part = part.trim_end_matches('0');
    if !fits || part.len() > usize::from(digits) {
        return None;
    }
    let number = format!("{whole}{part:0<width$}", width = usize::from(digits)).parse::<i64>();
    number.ok().map(|number| sign * number)
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, size) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        match (size / 1000, size % 1000) {
            (whole, 0) => write!(f, "{sign}{whole}"),
            (whole, part) => f.write_str(format!("{sign}{whole}.{part:03}").trim_end_matches('0')),
        }
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % THOUSAND == 0 {
            return serializer.serialize_i64(self.0 / THOUSAND);
        }
        // What has three digits behind the point and is below 2^53 is exact in a float's shortest form.
        serializer.serialize_f64(self.0 as f64 / THOUSAND as f64)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Written(Self::parse))
    }
}

impl PartialSchema for Amount {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::Number))
            .description(Some(
                "Grams, millilitres or pieces, with at most three digits behind the point. A string \
                 such as \"0.350\" is taken too",
            ))
            .into()
    }
}

impl ToSchema for Amount {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("StockAmount")
    }
}

/// More than nothing of a good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AboveZero(Amount);

impl AboveZero {
    /// None of what is not more than nothing.
    pub fn new(amount: Amount) -> Option<Self> {
        (amount > Amount::ZERO).then_some(Self(amount))
    }

    /// The amount.
    pub fn get(self) -> Amount {
        self.0
    }
}

impl<'de> Deserialize<'de> for AboveZero {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let amount = Amount::deserialize(deserializer)?;
        Self::new(amount).ok_or_else(|| de::Error::custom("must be more than 0"))
    }
}

/// What one of a unit costs: thousandths of a minor unit of money, since a gram costs little.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnitPrice(i64);

impl UnitPrice {
    /// Reads a price; it may have three digits more than money has.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let digits = minor_digits() + FINER_DIGITS;
        let wrong =
            || format!("must be a price from 0 on, with at most {digits} digits behind the point");
        match decimal(text, digits) {
            Some(price) if (0..=Money::max_price().0 * THOUSAND).contains(&price) => {
                Ok(Self(price))
            }
            _ => Err(wrong()),
        }
    }

    /// What so much of it costs, to the nearest minor unit; none where no money is as much.
    pub fn of(self, amount: Amount) -> Option<Money> {
        let million = i128::from(THOUSAND * THOUSAND);
        let doubled = i128::from(self.0) * i128::from(amount.0) * 2;
        i64::try_from((doubled + million).div_euclid(million * 2)).ok().map(Money)
    }
}

impl<'de> Deserialize<'de> for UnitPrice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Written(Self::parse))
    }
}

impl PartialSchema for UnitPrice {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .description(Some(
                "A price in major units; it may have three digits more behind the point than money \
                 has, e.g. \"0.0455\" for a gram",
            ))
            .into()
    }
}

impl ToSchema for UnitPrice {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("UnitPrice")
    }
}

/// Reads a percentage, written as a string or as a number.
///
/// # Errors
/// When it is none.
pub fn percent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Percent, D::Error> {
    deserializer.deserialize_any(Written(Percent::parse))
}

/// Takes a JSON string or number: its shortest decimal form is what the sender wrote.
struct Written<T>(fn(&str) -> Result<T, String>);

impl<T> Visitor<'_> for Written<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a string")
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).map_err(E::custom)
    }
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_amount_is_read_and_written_exactly() {
        for (json, thousandths, written) in [
            ("2", 2000, "2"),
            ("0.35", 350, "0.35"),
            ("\"0.350\"", 350, "0.35"),
            ("-1.5", -1500, "-1.5"),
            ("-0.001", -1, "-0.001"),
            ("1000000000", 1_000_000_000_000, "1000000000"),
        ] {
            let amount: Amount = serde_json::from_str(json).unwrap();
            assert_eq!(amount, Amount(thousandths), "{json}");
            assert_eq!(amount.to_string(), written);
            assert_eq!(serde_json::to_string(&amount).unwrap(), written);
        }
        for json in ["0.0005", "\"\"", "\"1,5\"", "\".5\"", "1000000001", "1e30", "null", "\"--1\""]
        {
            assert!(serde_json::from_str::<Amount>(json).is_err(), "{json}");
        }
        assert!(serde_json::from_str::<AboveZero>("0").is_err());
    }

    #[test]
    fn a_gram_may_cost_less_than_a_minor_unit() {
        for (price, thousandths, costs) in [
            ("0.0455", 10_000_000, 45_500),
            ("0.0455", 1000, 5),
            ("0.00004", 1000, 0),
            ("45.50", 10_000, 45_500),
        ] {
            let price = UnitPrice::parse(price).unwrap();
            assert_eq!(price.of(Amount(thousandths)), Some(Money(costs)));
        }
        assert!(UnitPrice::parse("-1").is_err());
        assert!(UnitPrice::parse("0.000001").is_err());
    }

    proptest! {
        #[test]
        fn every_amount_survives_a_round_trip(thousandths in -1_000_000_000_000_i64..1_000_000_000_000) {
            let sent = serde_json::to_string(&Amount(thousandths)).unwrap();
            prop_assert_eq!(serde_json::from_str::<Amount>(&sent).unwrap(), Amount(thousandths));
        }
    }
}
