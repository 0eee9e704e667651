//! Money as an integer of minor units: never a float.
//!
//! A box keeps one currency for its whole life (see `docs/adr/0003-one-currency.md`), so the
//! number of digits behind the point and the largest price are set once at start, and an amount
//! need not carry them.

use std::borrow::Cow;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::numerals;

static MINOR_DIGITS: AtomicU8 = AtomicU8::new(2);

/// In minor units.
static MAX_PRICE: AtomicI64 = AtomicI64::new(99_999_999);

/// Makes a currency (ISO 4217) the one in which amounts are read and written from now on.
pub fn use_currency(code: &str) {
    MINOR_DIGITS.store(digits_of(code), Ordering::Relaxed);
    MAX_PRICE.store(max_price_in(code).0, Ordering::Relaxed);
}

/// The largest price in a currency, all its minor units among it. It follows what money is worth:
/// a slip of the hand is caught, a dish of two million dong is none. A check of 500 lines of 50
/// such prices is still far from the end of an `i64`.
fn max_price_in(code: &str) -> Money {
    let whole = if OF_SMALL_WORTH.contains(&code) { 1_000_000_000 } else { 1_000_000 };
    Money(whole * 10_i64.pow(u32::from(digits_of(code))) - 1)
}

/// Currencies of which about 500 units and more make one dollar (2026).
const OF_SMALL_WORTH: [&str; 38] = [
    "AOA", "ARS", "BIF", "CDF", "CLP", "COP", "CRC", "GNF", "IDR", "IQD", "IRR", "KHR", "KMF",
    "KRW", "KZT", "LAK", "LBP", "MGA", "MMK", "MNT", "MWK", "NGN", "PYG", "RWF", "SDG", "SOS",
    "SSP", "STN", "SYP", "TZS", "UGX", "UZS", "VES", "VND", "XAF", "XOF", "YER", "ZWL",
];

/// Digits behind the point of the restaurant's currency.
pub fn minor_digits() -> u8 {
    MINOR_DIGITS.load(Ordering::Relaxed)
}

/// Digits behind the point of a currency by its ISO 4217 code; most have two.
pub fn digits_of(currency: &str) -> u8 {
    NOT_TWO.iter().find(|(code, _)| *code == currency).map_or(2, |(_, digits)| *digits)
}

/// The currencies whose minor unit has so many digits; of the many with two, none.
pub fn currencies_with(digits: u8) -> impl Iterator<Item = &'static str> {
    NOT_TWO.iter().filter(move |(_, has)| *has == digits).map(|(code, _)| *code)
}

const NOT_TWO: [(&str, u8); 26] = [
    ("BIF", 0),
    ("CLP", 0),
    ("DJF", 0),
    ("GNF", 0),
    ("ISK", 0),
    ("JPY", 0),
    ("KMF", 0),
    ("KRW", 0),
    ("PYG", 0),
    ("RWF", 0),
    ("UGX", 0),
    ("UYI", 0),
    ("VND", 0),
    ("VUV", 0),
    ("XAF", 0),
    ("XOF", 0),
    ("XPF", 0),
    ("BHD", 3),
    ("IQD", 3),
    ("JOD", 3),
    ("KWD", 3),
    ("LYD", 3),
    ("OMR", 3),
    ("TND", 3),
    ("CLF", 4),
    ("UYW", 4),
];

/// An amount in minor units (kopecks, cents). On the wire a decimal string in major units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(pub i64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest price a dish may have in the restaurant's currency.
    pub fn max_price() -> Self {
        Self(MAX_PRICE.load(Ordering::Relaxed))
    }

    /// Whether it is nothing.
    pub fn is_zero(&self) -> bool {
        self.0 == 0
    }

    /// The amount for `quantity` pieces; saturates far above any real bill.
    #[must_use]
    pub fn times(self, quantity: i64) -> Self {
        Self(self.0.saturating_mul(quantity))
    }

    /// Reads a decimal such as `650`, `650.5` or `650.00`, exactly.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::parse_with(text, minor_digits())
    }

    /// Reads what a person wrote in a spreadsheet: `1 200`, `1,200.50`, `1.200,50`, `650,5`.
    /// A separator with more digits behind it than the currency has is never a decimal one: it
    /// parts thousands, or the amount is refused.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the text.
    pub fn parse_written(text: &str) -> Result<Self, String> {
        Self::parse_written_with(text, minor_digits())
    }

    fn parse_written_with(text: &str, digits: u8) -> Result<Self, String> {
        // A sheet's own numbers have a fourth digit, a zero, where a third could be misread.
        let is_of_sheet = !text.contains(',') && text.ends_with('0') && !text.ends_with("00");
        let fits = |count| match (digits, count) {
            (3, 4) => is_of_sheet,
            _ => count > 0 && count <= usize::from(digits),
        };
        Self::parse_with(&numerals::plain(text, fits)?, digits)
    }

    fn parse_with(text: &str, digits: u8) -> Result<Self, String> {
        let text = text.trim();
        let (sign, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !is_number(whole) || !is_number(fraction) {
            return Err("must be an amount such as 650 or 650.00".into());
        }
        if fraction.len() == 3 && digits < 3 {
            return Err("has three digits behind the point, which may mean thousands; write 1200 \
                        or 1200.00"
                .into());
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > usize::from(digits) {
            return Err(match digits {
                0 => "must be a whole number: this currency has no smaller unit".into(),
                _ => format!("must have at most {digits} digits behind the point"),
            });
        }
        let padded = format!("{whole}{fraction:0<width$}", width = usize::from(digits));
        padded
            .parse::<i64>()
            .map(|minor| Self(sign * minor))
            .map_err(|_| "is too large an amount".into())
    }

    fn format_with(self, digits: u8) -> String {
        let unit = 10_u64.pow(u32::from(digits));
        let (sign, minor) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        if digits == 0 {
            return format!("{sign}{minor}");
        }
        format!("{sign}{}.{:0width$}", minor / unit, minor % unit, width = usize::from(digits))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.format_with(minor_digits()))
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AmountVisitor)
    }
}

/// Takes a JSON string or number. A number's shortest decimal form is what the sender wrote, so
/// reading that text keeps the amount exact.
struct AmountVisitor;

impl Visitor<'_> for AmountVisitor {
    type Value = Money;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount of money, as a string or a number")
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Money, E> {
        Money::parse(text).map_err(E::custom)
    }
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Money, E> {
        self.visit_str(&number.to_string())
    }
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Money, E> {
        self.visit_str(&number.to_string())
    }
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Money, E> {
        self.visit_str(&number.to_string())
    }
}

impl PartialSchema for Money {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .pattern(Some(r"^-?\d+(\.\d+)?$"))
            .description(Some("Amount in major units, e.g. \"650.00\""))
            .into()
    }
}

impl ToSchema for Money {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Money")
    }
}

/// A price somebody sets: above zero, at most [`Money::max_price`]; a string or a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Price(pub Money);

impl Price {
    /// Checks an amount.
    ///
    /// # Errors
    /// A sentence that names the limits.
    pub fn new(amount: Money) -> Result<Self, String> {
        if amount <= Money::ZERO {
            return Err("must be more than 0".into());
        }
        if amount > Money::max_price() {
            return Err(format!("must be at most {}", Money::max_price()));
        }
        Ok(Self(amount))
    }
}

impl<'de> Deserialize<'de> for Price {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Money::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl PartialSchema for Price {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Number]))
            .description(Some("A price above 0, e.g. \"650.00\" or 650"))
            .into()
    }
}

impl ToSchema for Price {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Price")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_and_writes_amounts_exactly() {
        for (text, digits, minor, written) in [
            ("650", 2, 65_000, "650.00"),
            ("650.5", 2, 65_050, "650.50"),
            ("0.01", 2, 1, "0.01"),
            ("1.10000", 2, 110, "1.10"),
            ("-3.07", 2, -307, "-3.07"),
            ("120", 0, 120, "120"),
            ("1.234", 3, 1234, "1.234"),
        ] {
            let money = Money::parse_with(text, digits).unwrap();
            assert_eq!((money.0, money.format_with(digits).as_str()), (minor, written));
        }
    }

    /// F2: more digits behind a separator than the currency has are never decimals.
    #[test]
    fn a_fourth_digit_is_read_only_as_a_sheet_writes_it() {
        for (text, minor) in [("1,500", 1500), ("1.5", 1500), ("1.2340", 1234), ("12.0050", 12_005)]
        {
            assert_eq!(Money::parse_written_with(text, 3), Ok(Money(minor)), "{text}");
        }
        for text in ["1,5000", "1.5000", "1,2340", "1.2345"] {
            assert!(Money::parse_written_with(text, 3).is_err(), "{text}");
        }
        assert!(Money::parse_written_with("1.2340", 2).is_err());
    }

    #[test]
    fn refuses_what_is_no_amount() {
        for (text, digits) in [
            ("", 2),
            (".5", 2),
            ("1.", 2),
            ("1.234", 2),
            ("1.200", 2),
            ("1.000", 0),
            ("1,5", 2),
            ("1e3", 2),
            ("NaN", 2),
            ("1.5", 0),
        ] {
            assert!(Money::parse_with(text, digits).is_err(), "{text}");
        }
        assert!(Money::parse_with("99999999999999999999", 2).is_err());
    }

    #[test]
    fn takes_json_numbers_and_strings() {
        for json in ["650.1", "\"650.10\"", "\"650.1\""] {
            assert_eq!(serde_json::from_str::<Money>(json).unwrap(), Money(65_010));
        }
        for json in ["650.123", "true", "null", "\"ten\""] {
            assert!(serde_json::from_str::<Money>(json).is_err(), "{json}");
        }
        for json in ["0", "-1", "1000000", "\"0.00\""] {
            assert!(serde_json::from_str::<Price>(json).is_err(), "{json}");
        }
    }

    /// F7: what a price may be follows what the currency is worth.
    #[test]
    fn a_price_of_millions_is_one_where_money_is_small() {
        for (code, price, fits) in [
            ("VND", "1200000", true),
            ("IDR", "1500000", true),
            ("IRR", "3500000", true),
            ("VND", "1000000000", false),
            ("RUB", "999999.99", true),
            ("RUB", "1000000", false),
            ("JPY", "999999", true),
        ] {
            let price = Money::parse_with(price, digits_of(code)).unwrap();
            let most = max_price_in(code);
            assert_eq!(price <= most, fits, "{code} {price:?}");
            let check = (0..500).map(|_| most.times(50)).sum::<Money>();
            assert!(check.0 < i64::MAX / 100, "{code}: a hundred such checks still add up");
        }
    }

    proptest! {
        #[test]
        fn every_amount_survives_a_round_trip(minor in -10_i64.pow(15)..10_i64.pow(15), digits in 0_u8..=4) {
            let written = Money(minor).format_with(digits);
            prop_assert_eq!(Money::parse_with(&written, digits), Ok(Money(minor)));
        }

        #[test]
        fn a_price_sent_as_a_json_number_is_exact(minor in 1_i64..99_999_999) {
            let text = Money(minor).format_with(2);
            let sent: serde_json::Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(serde_json::from_value::<Money>(sent).unwrap(), Money(minor));
        }
    }
}
