//! Numbers of JSON, exactly: money in kopecks, quantities in millionths. Pure.

use serde::{Deserialize, Deserializer, de::Error};
use serde_json::{Number, Value};

/// Kopecks a ruble.
const KOPECKS: i64 = 100;

/// Money, in kopecks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Money(pub i64);

/// A quantity, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quantity(pub i64);

/// A whole piece.
pub(super) const ONE: Quantity = Quantity(1_000_000);

impl Money {
    /// As the register writes it into JSON: rubles with their kopecks.
    pub(super) fn json(self) -> Value {
        if self.0 % KOPECKS == 0 {
            Value::from(self.0 / KOPECKS)
        } else {
            Value::from(self.0 as f64 / KOPECKS as f64)
        }
    }

    /// As it stands on paper.
    pub(super) fn text(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        format!("{sign}{}.{:02}", self.0.abs() / KOPECKS, self.0.abs() % KOPECKS)
    }

    /// So much of something at this price, half a kopeck up.
    pub(super) fn times(self, quantity: Quantity) -> Self {
        let exact = i128::from(self.0) * i128::from(quantity.0);
        let one = i128::from(ONE.0);
        Self(i64::try_from((exact + one / 2).div_euclid(one)).unwrap_or(i64::MAX))
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        Self(all.fold(0, |sum, money| sum.saturating_add(money.0)))
    }
}

impl Quantity {
    /// As it stands on paper: without the zeros that say nothing.
    pub(super) fn text(self) -> String {
        let text = format!("{}.{:06}", self.0 / ONE.0, self.0 % ONE.0);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    /// As a number of JSON.
    pub(super) fn json(self) -> Value {
        Value::from(self.0 as f64 / ONE.0 as f64)
    }

    /// Whether it needs no more than so many digits after the point.
    pub(super) fn fits(self, digits: u32) -> bool {
        self.0 % 10_i64.pow(6_u32.saturating_sub(digits)) == 0
    }
}

/// The number with its point moved by `digits`; None when it has more of them, or no bounds.
fn scaled(number: &Number, digits: usize) -> Option<i64> {
    let text = number.to_string();
    let (sign, text) = text.strip_prefix('-').map_or((1, text.as_str()), |rest| (-1, rest));
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part = part.trim_end_matches('0');
    if part.len() > digits || whole.len() > 12 {
        return None;
    }
    let all = format!("{whole}{part:0<digits$}");
    all.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| all.parse::<i64>().ok())
        .flatten()
        .map(|value| sign * value)
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let number = Number::deserialize(from)?;
        scaled(&number, 2).map(Self).ok_or_else(|| D::Error::custom(format!("{number} is no sum")))
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let number = Number::deserialize(from)?;
        let quantity = scaled(&number, 6).map(Self);
        quantity.ok_or_else(|| D::Error::custom(format!("{number} is no quantity")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kopeck_is_read_and_written_as_it_is() {
        for kopecks in (0..200_000).chain([999_999_999_999]) {
            let text = Money(kopecks).json().to_string();
            assert_eq!(serde_json::from_str::<Money>(&text).unwrap(), Money(kopecks), "{text}");
        }
        for (text, money) in [("0.07", 7), ("450.00", 45_000), ("19.9", 1_990), ("-1.5", -150)] {
            assert_eq!(serde_json::from_str::<Money>(text).unwrap(), Money(money), "{text}");
        }
        for text in ["0.001", "1e30", "\"5\"", "1e-9"] {
            assert!(serde_json::from_str::<Money>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn quantities_times_prices_round_half_up() {
        for (price, quantity, amount) in [
            (45_000, 2_000_000, 90_000),
            (180_000, 350_000, 63_000),
            (5, 500_000, 3),
            (1, 499_999, 0),
        ] {
            assert_eq!(Money(price).times(Quantity(quantity)), Money(amount));
        }
        assert_eq!((Quantity(350_000).text(), ONE.text()), ("0.35".to_owned(), "1".to_owned()));
        assert!(Quantity(350_000).fits(3) && !Quantity(350_100).fits(3));
    }
}
