//! The tax that is in every price.

use std::borrow::Cow;
use std::fmt;

use serde::de;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::{Money, Percent};

/// A rate in hundredths of a percent, 0 to 10 000; 0 where prices hold no tax. On the wire percent,
/// such as `"20"` or `"5.5"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TaxRate(Percent);

impl TaxRate {
    /// A rate by its hundredths of a percent; what is out of range counts as the nearest end.
    pub fn new(hundredths: i64) -> Self {
        Self(Percent::new(hundredths))
    }

    /// Hundredths of a percent.
    pub fn hundredths(self) -> i64 {
        self.0.hundredths()
    }

    /// What of an amount with tax is tax, to the nearest minor unit.
    #[must_use]
    pub fn included_in(self, total: Money) -> Money {
        let rate = i128::from(self.hundredths());
        let with = i128::from(Percent::WHOLE.hundredths()) + rate;
        let tax = (i128::from(total.0) * rate * 2 + with) / (with * 2);
        Money(i64::try_from(tax).unwrap_or(i64::MAX))
    }

    /// What is to be paid beside an amount without tax, to the nearest minor unit.
    #[must_use]
    pub fn added_to(self, net: Money) -> Money {
        self.0.of(net)
    }

    /// Reads percent: `20`, `5.5`, `8.25`.
    ///
    /// # Errors
    /// A sentence that says how it is written.
    pub fn parse(text: &str) -> Result<Self, String> {
        Percent::parse(text).map(Self)
    }
}

impl fmt::Display for TaxRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
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

/// How a thing is taxed. Prices with tax in them and prices without may stand on one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Tax {
    /// Not at all; no rate of 0 either, which a fiscal register tells apart.
    #[default]
    Exempt,
    /// The tax is in the price.
    Included(TaxRate),
    /// The tax is paid beside the price.
    Added(TaxRate),
}

impl Tax {
    /// The tax of a rate, in the price or beside it. A rate of 0 is no tax.
    #[must_use]
    pub fn of_rate(rate: TaxRate, is_added: bool) -> Self {
        match (rate.hundredths(), is_added) {
            (0, _) => Self::Exempt,
            (_, true) => Self::Added(rate),
            (_, false) => Self::Included(rate),
        }
    }

    /// Its rate; 0 of none.
    #[must_use]
    pub fn rate(self) -> TaxRate {
        match self {
            Self::Exempt => TaxRate::default(),
            Self::Included(rate) | Self::Added(rate) => rate,
        }
    }

    /// The tax of an amount, half up.
    #[must_use]
    pub fn of(self, amount: Money) -> Money {
        match self {
            Self::Exempt => Money::ZERO,
            Self::Included(rate) => rate.included_in(amount),
            Self::Added(rate) => rate.added_to(amount),
        }
    }

    /// Whether it makes the total larger.
    pub fn is_added(self) -> bool {
        matches!(self, Self::Added(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tax_of_a_bill_is_what_its_price_holds() {
        let of =
            |percent: &str, total| TaxRate::parse(percent).unwrap().included_in(Money(total)).0;
        assert_eq!(
            (of("20", 12_000), of("20", 100), of("19", 119), of("0", 5000)),
            (2_000, 17, 19, 0)
        );
        assert_eq!(of("100", i64::MAX), i64::MAX / 2 + 1);
        let added = |percent: &str, net| TaxRate::parse(percent).unwrap().added_to(Money(net)).0;
        assert_eq!((added("20", 10_000), added("8.25", 199), added("0", 5)), (2_000, 16, 0));
    }
}
