//! Decimal numbers of JSON, to the last digit: money never passes through a fraction of two.

use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::core::kernel::{Money, Quantity};

/// A number as it stands in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal(String);

impl Decimal {
    /// Rubles with their kopecks.
    pub fn money(money: Money) -> Self {
        let sign = if money.0 < 0 { "-" } else { "" };
        let kopecks = money.0.unsigned_abs();
        Self(format!("{sign}{}.{:02}", kopecks / 100, kopecks % 100))
    }

    /// Pieces, kilograms or litres.
    pub fn quantity(quantity: Quantity) -> Self {
        let thousandths = quantity.thousandths();
        Self(format!("{}.{:03}", thousandths / 1000, thousandths % 1000))
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.0.clone()).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

/// Money out of a number, or of a text that is one; none where it is neither, or finer than a kopeck.
pub fn money(value: &Value) -> Option<Money> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    let (digits, is_below) = text.strip_prefix('-').map_or((&*text, false), |rest| (rest, true));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let part = part.trim_end_matches('0');
    if part.len() > 2 {
        return None;
    }
    let part: i64 = format!("{part:0<2}").parse().ok()?;
    let kopecks = whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(part)?;
    Some(Money(if is_below { -kopecks } else { kopecks }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn money_is_written_with_its_kopecks() {
        for (kopecks, text) in [(0, "0.00"), (5, "0.05"), (45_000, "450.00"), (-101, "-1.01")] {
            assert_eq!(serde_json::to_string(&Decimal::money(Money(kopecks))).unwrap(), text);
        }
    }

    #[test]
    fn what_is_no_money_is_none() {
        for (value, expected) in [
            (json!(450), Some(45_000)),
            (json!(450.5), Some(45_050)),
            (json!("12.30"), Some(1230)),
            (json!(-1.01), Some(-101)),
            (json!(0.001), None),
            (json!(null), None),
            (json!("?"), None),
        ] {
            assert_eq!(money(&value).map(|money| money.0), expected, "{value}");
        }
    }

    proptest! {
        #[test]
        fn money_comes_back_as_it_went(kopecks in -900_000_000_000_i64..900_000_000_000) {
            let text = serde_json::to_string(&Decimal::money(Money(kopecks))).unwrap();
            let read: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(money(&read), Some(Money(kopecks)));
        }
    }
}
