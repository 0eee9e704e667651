//! The tax that is in every price.

use std::borrow::Cow;
use std::fmt;

use serde::de;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::Money;

/// A rate in hundredths of a percent, 0 to 10 000; 0 where prices hold no tax. On the wire percent,
/// such as `"20"` or `"5.5"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TaxRate(i64);

impl TaxRate {
    /// 100 %.
    const WHOLE: i64 = 10_000;

    /// A rate by its hundredths of a percent; what is out of range counts as the nearest end.
    pub fn new(hundredths: i64) -> Self {
        Self(hundredths.clamp(0, Self::WHOLE))
    }

    /// Hundredths of a percent.
    pub fn hundredths(self) -> i64 {
        self.0
    }

    /// What of an amount with tax is tax, to the nearest minor unit.
    #[must_use]
    pub fn included_in(self, total: Money) -> Money {
        let with = i128::from(Self::WHOLE + self.0);
        let tax = (i128::from(total.0) * i128::from(self.0) * 2 + with) / (with * 2);
        Money(i64::try_from(tax).unwrap_or(i64::MAX))
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
        if hundredths > Self::WHOLE { Err(wrong()) } else { Ok(Self(hundredths)) }
    }
}

impl fmt::Display for TaxRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 100, self.0 % 100);
        match part {
            0 => write!(f, "{whole}"),
            part if part % 10 == 0 => write!(f, "{whole}.{}", part / 10),
            part => write!(f, "{whole}.{part:02}"),
        }
    }
}

impl Serialize for TaxRate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TaxRate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&Cow::<str>::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl PartialSchema for TaxRate {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .pattern(Some(r"^\d{1,3}(\.\d{1,2})?$"))
            .description(Some(
                "The tax that is in every price, in percent, e.g. \"20\"; \"0\" for none",
            ))
            .into()
    }
}

impl ToSchema for TaxRate {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("TaxRate")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_read_and_written_exactly() {
        for (text, hundredths, written) in [
            ("20", 2000, "20"),
            ("5.5", 550, "5.5"),
            ("8.25", 825, "8.25"),
            ("0", 0, "0"),
            ("7.05", 705, "7.05"),
            ("100", 10_000, "100"),
        ] {
            let rate = TaxRate::parse(text).unwrap();
            assert_eq!((rate.hundredths(), rate.to_string().as_str()), (hundredths, written));
        }
        for wrong in ["", "-1", "100.01", "1e1", "20%", "5.555", ".5"] {
            assert!(TaxRate::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_tax_of_a_bill_is_what_its_price_holds() {
        let of =
            |percent: &str, total| TaxRate::parse(percent).unwrap().included_in(Money(total)).0;
        assert_eq!(
            (of("20", 12_000), of("20", 100), of("19", 119), of("0", 5000)),
            (2_000, 17, 19, 0)
        );
        assert_eq!(of("100", i64::MAX), i64::MAX / 2 + 1);
    }
}
