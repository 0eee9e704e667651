//! Percentages, exactly.

use std::borrow::Cow;
use std::fmt;

use serde::de;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::Money;

/// Hundredths of a percent, 0 to 10 000. On the wire percent, such as `"20"` or `"5.5"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Percent(i64);

impl Percent {
    /// All of it.
    pub const WHOLE: Self = Self(10_000);

    /// A percentage by its hundredths; what is out of range counts as the nearest end.
    pub fn new(hundredths: i64) -> Self {
        Self(hundredths.clamp(0, Self::WHOLE.0))
    }

    /// Hundredths of a percent.
    pub fn hundredths(self) -> i64 {
        self.0
    }

    /// So much of an amount, to the nearest minor unit, halves away from zero.
    #[must_use]
    pub fn of(self, amount: Money) -> Money {
        let whole = i128::from(Self::WHOLE.0);
        let doubled = i128::from(amount.0.unsigned_abs()) * i128::from(self.0) * 2;
        let part = (doubled + whole) / (whole * 2) * i128::from(amount.0.signum());
        // Never further from zero than the amount, so it fits.
        Money(i64::try_from(part).unwrap_or(amount.0))
    }

    /// Reads percent: `20`, `5.5`, `8.25`.
    ///
    /// # Errors
    /// A sentence that says how it is written.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || "must be a percentage from 0 to 100 such as 20 or 5.5".to_owned();
        let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty()
            || whole.len() > 3
            || part.len() > 2
            || !is_number(whole)
            || !is_number(part)
        {
            return Err(wrong());
        }
        let hundredths = format!("{whole}{part:0<2}").parse().map_err(|_| wrong())?;
        if hundredths > Self::WHOLE.0 { Err(wrong()) } else { Ok(Self(hundredths)) }
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 100, self.0 % 100);
        match part {
            0 => write!(f, "{whole}"),
            part if part % 10 == 0 => write!(f, "{whole}.{}", part / 10),
            part => write!(f, "{whole}.{part:02}"),
        }
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&Cow::<str>::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl PartialSchema for Percent {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .pattern(Some(r"^\d{1,3}(\.\d{1,2})?$"))
            .description(Some("Percent, from \"0\" to \"100\", e.g. \"12.5\""))
            .into()
    }
}

impl ToSchema for Percent {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Percent")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_read_and_written_exactly() {
        for (text, hundredths, written) in [
            ("20", 2000, "20"),
            ("5.5", 550, "5.5"),
            ("8.25", 825, "8.25"),
            ("0", 0, "0"),
            ("7.05", 705, "7.05"),
            ("100", 10_000, "100"),
        ] {
            let percent = Percent::parse(text).unwrap();
            assert_eq!((percent.hundredths(), percent.to_string().as_str()), (hundredths, written));
        }
        for wrong in ["", "-1", "100.01", "1e1", "20%", "5.555", ".5"] {
            assert!(Percent::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_part_is_rounded_half_away_from_zero() {
        let of = |percent: &str, amount| Percent::parse(percent).unwrap().of(Money(amount)).0;
        assert_eq!((of("10", 4), of("10", 5), of("10", -5), of("33.33", 300)), (0, 1, -1, 100));
        assert_eq!((of("100", i64::MAX), of("0", i64::MAX)), (i64::MAX, 0));
        assert_eq!(of("100", i64::MIN), i64::MIN);
    }
}
