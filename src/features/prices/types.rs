//! What is said of periods, lists of prices and times of the menu.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::{Channel, PriceKind, PriceScope};
use crate::core::kernel::fields::{Id, Name};
use crate::core::kernel::{Day, Int, Money, Percent, TimeOfDay};

/// So many percent more, or less with a minus: `"-20"`, `"7.5"`; at most 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PercentChange(i64);

impl PercentChange {
    /// By its hundredths of a percent.
    pub fn new(hundredths: i64) -> Self {
        let most = Percent::WHOLE.hundredths();
        Self(hundredths.clamp(-most, most))
    }

    /// A change as people write it: `-20`, `7.5`.
    ///
    /// # Errors
    /// A sentence that says how one looks.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let percent = Percent::parse(digits).map_err(|_| {
            "must be a change in percent such as -20 or 7.5, at most 100".to_owned()
        })?;
        Ok(Self(sign * percent.hundredths()))
    }

    /// Hundredths of a percent.
    pub fn hundredths(self) -> i64 {
        self.0
    }
}

impl fmt::Display for PercentChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}", Percent::new(self.0.abs()))
    }
}

impl Serialize for PercentChange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PercentChange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&Cow::<str>::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl PartialSchema for PercentChange {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .pattern(Some(r"^[+-]?\d{1,3}(\.\d{1,2})?$"))
            .description(Some("A change in percent, such as \"-20\" or \"7.5\""))
            .into()
    }
}

impl ToSchema for PercentChange {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("PercentChange")
    }
}

/// A stretch of the week, by the clock on the restaurant's wall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MenuPeriod {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// On which days of the week it begins; 1 is Monday.
    pub weekdays: Vec<i64>,
    /// From this time on.
    pub time_from: TimeOfDay,
    /// Before this time; not later than `time_from`: of the day after.
    pub time_to: TimeOfDay,
    /// The first day on which it may begin.
    pub date_from: Option<Day>,
    /// The last day on which it may begin.
    pub date_to: Option<Day>,
    /// How many lists of prices and times of the menu name it.
    pub used_by: i64,
}

/// A period as an admin writes it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct MenuPeriodBody {
    /// What it is called; no two alike.
    pub name: Name,
    /// On which days of the week it begins; 1 is Monday. At least one.
    #[schema(value_type = Vec<i64>, min_items = 1, max_items = 7)]
    pub weekdays: Vec<Int<1, 7>>,
    /// From this time on.
    pub time_from: TimeOfDay,
    /// Before this time; not later than `time_from`: of the day after.
    pub time_to: TimeOfDay,
    /// The first day on which it may begin.
    pub date_from: Option<Day>,
    /// The last day on which it may begin.
    pub date_to: Option<Day>,
}

/// Other prices than the menu's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PriceList {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// When it holds; none for always.
    pub period_id: Option<i64>,
    /// In which room alone.
    pub location_id: Option<i64>,
    /// For what is sold in this way alone.
    pub channel: Option<Channel>,
    /// What is reckoned is rounded to a multiple of this sum.
    pub round_to: Money,
    /// Of several lists the one with the highest priority goes first.
    pub priority: i64,
    /// Whether it holds at all.
    pub is_active: bool,
    /// What costs how much.
    pub prices: Vec<ListPrice>,
}

/// What a list says of a size, a dish, a category or all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ListPrice {
    /// Of what it is: the narrower goes before the wider.
    pub scope: PriceScope,
    /// Its id; none of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, minimum = 1)]
    pub target_id: Option<Id>,
    /// How the price is said.
    pub kind: PriceKind,
    /// The price (`SET`), or what comes off (`MINUS`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// How many percent more, or less (`PERCENT`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<PercentChange>,
}

/// A list as an admin writes it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PriceListBody {
    /// What it is called; no two alike. Reports and bills call it so.
    pub name: Name,
    /// When it holds; always when left out.
    pub period_id: Option<Id>,
    /// In which room alone.
    pub location_id: Option<Id>,
    /// For what is sold in this way alone.
    pub channel: Option<Channel>,
    /// What is reckoned is rounded to a multiple of this sum; to the smallest unit when left out.
    pub round_to: Option<Money>,
    /// Of several lists the one with the highest priority goes first.
    #[serde(default)]
    #[schema(value_type = i64, minimum = 0, maximum = 1000, required = false)]
    pub priority: Int<0, 1000>,
    /// Whether it holds at all.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_active: bool,
    /// What costs how much, at most 2000; nothing twice.
    #[schema(max_items = 2000)]
    pub prices: Vec<ListPrice>,
}

fn yes() -> bool {
    true
}

/// When and how a category or a dish is on the menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MenuTimes {
    /// `CATEGORY` or `DISH`.
    pub scope: PriceScope,
    /// Its id.
    pub target_id: i64,
    /// One that holds is enough.
    pub times: Vec<MenuTime>,
}

/// A time at which something is on the menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MenuTime {
    /// In this period; always when left out.
    #[schema(value_type = Option<i64>, minimum = 1)]
    pub period_id: Option<Id>,
    /// For what is sold in this way; in any when left out.
    pub channel: Option<Channel>,
}

/// The times of a category or a dish as an admin writes them.
#[derive(Debug, Deserialize, ToSchema)]
pub struct MenuTimesBody {
    /// `CATEGORY` or `DISH`.
    pub scope: PriceScope,
    /// Its id.
    pub target_id: Id,
    /// One that holds is enough; without any it is always on the menu. At most 20.
    #[schema(max_items = 20)]
    pub times: Vec<MenuTime>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_in_percent_is_read_and_written_alike() {
        let read = |text: &str| serde_json::from_value::<PercentChange>(text.into());
        for (text, hundredths, written) in
            [("-20", -2000, "-20"), ("7.5", 750, "7.5"), ("+100", 10_000, "100"), ("0", 0, "0")]
        {
            let change = read(text).unwrap();
            assert_eq!((change.hundredths(), change.to_string().as_str()), (hundredths, written));
        }
        for wrong in ["", "-", "--5", "101", "-101", "5%", "1.234"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
