//! How much of a dish: pieces, kilograms, litres.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::Money;

/// In what a dish is weighed or poured out. What is sold by the piece has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// Kilograms.
    Kg,
    /// Litres.
    L,
}

impl Measure {
    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kg => "kg",
            Self::L => "l",
        }
    }

    /// The one with this word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Kg, Self::L].into_iter().find(|measure| measure.as_str() == word)
    }
}

/// A quantity in thousandths of its unit: two pieces are 2000, 0.350 kg are 350. Never below 0, at
/// most a million units. On the wire a number such as `2` or `0.35`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Quantity(i64);

impl Quantity {
    /// None of it.
    pub const ZERO: Self = Self(0);
    /// The most there may be of anything.
    pub const MOST: Self = Self(1_000_000 * Self::UNIT);

    const UNIT: i64 = 1000;

    /// A quantity by its thousandths.
    ///
    /// # Errors
    /// A sentence that names the limits.
    pub fn new(thousandths: i64) -> Result<Self, String> {
        if (0..=Self::MOST.0).contains(&thousandths) {
            return Ok(Self(thousandths));
        }
        Err("must be from 0 to 1000000".into())
    }

    /// So many whole pieces; saturates far above any order.
    pub fn pieces(count: u32) -> Self {
        Self(i64::from(count) * Self::UNIT).min(Self::MOST)
    }

    /// Thousandths of the unit.
    pub fn thousandths(self) -> i64 {
        self.0
    }

    /// How many pieces; none where it is no whole number of them.
    pub fn whole_pieces(self) -> Option<i64> {
        (self.0 % Self::UNIT == 0).then_some(self.0 / Self::UNIT)
    }

    /// The whole pieces of which it is a part.
    #[must_use]
    pub fn up_to_pieces(self) -> Self {
        Self((self.0 + Self::UNIT - 1) / Self::UNIT * Self::UNIT)
    }

    /// What so much costs at a price for one unit, to the nearest minor unit, halves up. None where
    /// it is beyond an amount of money.
    pub fn costs(self, price: Money) -> Option<Money> {
        let unit = i128::from(Self::UNIT);
        let doubled = i128::from(price.0) * i128::from(self.0) * 2;
        i64::try_from((doubled + unit).div_euclid(unit * 2)).ok().map(Money)
    }

    /// Both together; none above the most there may be.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Self::new(self.0 + other.0).ok()
    }

    /// What is left without the other; none where that is more.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        Self::new(self.0 - other.0).ok()
    }

    /// Whether it can be ordered of something: of what is weighed as it is, else whole pieces.
    pub fn fits(self, measure: Option<Measure>) -> bool {
        measure.is_some() || self.whole_pieces().is_some()
    }

    /// Reads a decimal with at most three digits behind the point: `2`, `0.350`.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let part = if part.len() > 3 { part.trim_end_matches('0') } else { part };
        if !is_number(whole) || !is_number(part) {
            return Err("must be a quantity such as 2 or 0.350".into());
        }
        if part.len() > 3 {
            return Err("must have at most three digits behind the point".into());
        }
        let thousandths = format!("{whole}{part:0<3}").parse::<i64>();
        Self::new(thousandths.unwrap_or(i64::MAX))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / Self::UNIT, self.0 % Self::UNIT) {
            (whole, 0) => write!(f, "{whole}"),
            (whole, part) => f.write_str(format!("{whole}.{part:03}").trim_end_matches('0')),
        }
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.whole_pieces() {
            Some(pieces) => serializer.serialize_i64(pieces),
            // A million units with three digits are exact in a float's shortest form.
            None => serializer.serialize_f64(self.0 as f64 / Self::UNIT as f64),
        }
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(QuantityVisitor)
    }
}

/// Takes a JSON string or number: its shortest decimal form is what the sender wrote.
struct QuantityVisitor;

impl Visitor<'_> for QuantityVisitor {
    type Value = Quantity;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a quantity, as a number or a string")
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Quantity, E> {
        Quantity::parse(text).map_err(E::custom)
    }
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Quantity, E> {
        let thousandths = i64::try_from(number).ok().and_then(|n| n.checked_mul(Quantity::UNIT));
        Quantity::new(thousandths.unwrap_or(i64::MAX)).map_err(E::custom)
    }
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Quantity, E> {
        self.visit_str(&number.to_string())
    }
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Quantity, E> {
        self.visit_str(&number.to_string())
    }
}

impl PartialSchema for Quantity {
    fn schema() -> RefOr<Schema> {
        number().minimum(Some(0)).into()
    }
}

impl ToSchema for Quantity {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Quantity")
    }
}

fn number() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::Number)).description(Some(
        "Pieces, kilograms or litres, with at most three digits behind the point: 2, 0.35. A string \
         such as \"0.350\" is taken too",
    ))
}

/// How much of a dish is ordered: something, and at most 50 pieces, kilograms or litres.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ordered(Quantity);

impl Ordered {
    /// The most that one line may hold: a slip of the hand is caught.
    pub const MOST: Quantity = Quantity(50 * Quantity::UNIT);

    /// Checks a quantity.
    ///
    /// # Errors
    /// A sentence that names the limits.
    pub fn new(quantity: Quantity) -> Result<Self, String> {
        if quantity == Quantity::ZERO || quantity > Self::MOST {
            return Err(format!("must be more than 0 and at most {}", Self::MOST));
        }
        Ok(Self(quantity))
    }

    /// The quantity itself.
    pub fn get(self) -> Quantity {
        self.0
    }
}

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Quantity::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl PartialSchema for Ordered {
    fn schema() -> RefOr<Schema> {
        number().exclusive_minimum(Some(0)).maximum(Some(50)).into()
    }
}

impl ToSchema for Ordered {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("OrderedQuantity")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_quantity_is_read_and_written_exactly() {
        for (json, thousandths, written) in [
            ("2", 2000, "2"),
            ("0.35", 350, "0.35"),
            ("\"0.350\"", 350, "0.35"),
            ("1.0", 1000, "1"),
            ("\"0.3500\"", 350, "0.35"),
            ("0.001", 1, "0.001"),
            ("999999.999", 999_999_999, "999999.999"),
            ("0", 0, "0"),
        ] {
            let quantity: Quantity = serde_json::from_str(json).unwrap();
            assert_eq!(quantity, Quantity(thousandths), "{json}");
            assert_eq!(quantity.to_string(), written);
            assert_eq!(serde_json::to_string(&quantity).unwrap(), written);
        }
        for json in ["-1", "0.0005", "\"\"", "\"1,5\"", "\".5\"", "1000000.001", "1e30", "null"] {
            assert!(serde_json::from_str::<Quantity>(json).is_err(), "{json}");
        }
    }

    /// A JSON number is read by its shortest decimal: of what may be ordered each thousandth is exact.
    #[test]
    fn every_quantity_that_may_be_ordered_survives_as_a_number() {
        for thousandths in 1..=Ordered::MOST.0 {
            let quantity = Quantity(thousandths);
            let sent: serde_json::Value = serde_json::from_str(&quantity.to_string()).unwrap();
            assert_eq!(serde_json::from_value::<Quantity>(sent).unwrap(), quantity);
            let written = serde_json::to_string(&quantity).unwrap();
            assert_eq!(serde_json::from_str::<Quantity>(&written).unwrap(), quantity);
        }
    }

    #[test]
    fn what_is_ordered_has_limits() {
        for (json, fits) in [
            ("1", true),
            ("0.001", true),
            ("50", true),
            ("50.001", false),
            ("51", false),
            ("0", false),
            ("\"0.350\"", true),
        ] {
            assert_eq!(serde_json::from_str::<Ordered>(json).is_ok(), fits, "{json}");
        }
        for (thousandths, measure, fits) in [
            (2000, None, true),
            (500, None, false),
            (500, Some(Measure::Kg), true),
            (2000, Some(Measure::L), true),
        ] {
            assert_eq!(Quantity(thousandths).fits(measure), fits, "{thousandths} {measure:?}");
        }
    }

    proptest! {
        /// Half up, and never more than half a minor unit away, whatever the currency's digits.
        #[test]
        fn a_weighed_line_costs_its_share(
            thousandths in 1..=Ordered::MOST.0,
            price in 1_i64..=99_999_999_999,
        ) {
            let costs = Quantity(thousandths).costs(Money(price)).unwrap().0;
            let exact = i128::from(thousandths) * i128::from(price);
            let off = i128::from(costs) * 1000 - exact;
            prop_assert!((-499..=500).contains(&off), "{}", off);
        }

        #[test]
        fn pieces_cost_their_price_each(count in 1_u32..=50, price in 0_i64..=99_999_999_999) {
            let costs = Quantity::pieces(count).costs(Money(price));
            prop_assert_eq!(costs, Some(Money(price * i64::from(count))));
        }
    }

    #[test]
    fn weight_costs_to_the_nearest_minor_unit() {
        for (thousandths, price, costs) in [
            (350, 129_000, 45_150),
            (1, 499, 0),
            (1, 500, 1),
            (333, 100, 33),
            (3000, 7, 21),
            (500, 1, 1),
            (0, i64::MAX, 0),
        ] {
            let quantity = Quantity(thousandths);
            assert_eq!(quantity.costs(Money(price)), Some(Money(costs)), "{quantity} × {price}");
        }
        assert_eq!(Quantity::MOST.costs(Money(i64::MAX)), None);
    }
}
