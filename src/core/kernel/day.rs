//! Days as the restaurant counts them: here alone it is said when one begins and to which one a
//! moment belongs.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::Int;
use crate::core::error::{Error, Result};

/// The hour of the clock at which the restaurant's day begins: a bar's night belongs to the
/// evening before.
pub type DayHour = Int<0, 12>;

/// A day, without a time and a zone. On the wire `2026-05-01`; in the database 20260501.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub(super) Date);

impl Day {
    /// As the database keeps it, e.g. 20260501.
    pub fn number(self) -> i64 {
        let Self(date) = self;
        i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
    }

    /// The day that the database keeps so; none of what is no day.
    pub fn of_number(number: i64) -> Option<Self> {
        let part = |number: i64| i8::try_from(number % 100).ok();
        let year = i16::try_from(number / 10_000).ok()?;
        Date::new(year, part(number / 100)?, part(number)?).ok().map(Self)
    }

    /// So many days later, or earlier where negative.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.plus(Span::new().try_days(days).unwrap_or_default())
    }

    /// So many months later, or earlier where negative; a month that is too short gives its last
    /// day.
    #[must_use]
    pub fn plus_months(self, months: i64) -> Self {
        self.plus(Span::new().try_months(months).unwrap_or_default())
    }

    fn plus(self, span: Span) -> Self {
        Self(self.0.saturating_add(span))
    }

    /// How many days later `other` is.
    pub fn days_until(self, other: Self) -> i64 {
        self.0.until(other.0).map_or(0, |span| i64::from(span.get_days()))
    }

    /// How many months later the month of `other` is.
    pub fn months_until(self, other: Self) -> i64 {
        let months = |Self(date): Self| i64::from(date.year()) * 12 + i64::from(date.month());
        months(other) - months(self)
    }

    /// Its day of the week: 1 is Monday, 7 Sunday.
    pub fn weekday(self) -> i64 {
        i64::from(self.0.weekday().to_monday_one_offset())
    }

    /// Whether it is a Saturday or a Sunday.
    pub fn is_weekend(self) -> bool {
        self.weekday() > 5
    }

    /// Whether a month begins with it.
    pub fn begins_month(self) -> bool {
        self.0.day() == 1
    }

    /// Whether a month ends with it.
    pub fn ends_month(self) -> bool {
        self.0.saturating_add(1.day()).day() == 1
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        let date = (text.len() == "2026-05-01".len()).then(|| text.parse::<Date>().ok()).flatten();
        // Centuries away there is nothing to find, and sums of days would run over.
        date.filter(|date| (1970..=2999).contains(&date.year()))
            .map(Self)
            .ok_or_else(|| de::Error::custom("must be a date such as 2026-05-01"))
    }
}

impl PartialSchema for Day {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
            .into()
    }
}

impl ToSchema for Day {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Day")
    }
}

/// The most days a period may span.
const MAX_DAYS: i64 = 366;

/// Days from one to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Period {
    /// The first day.
    pub date_from: Day,
    /// The last day.
    pub date_to: Day,
}

impl Period {
    /// Checks the two days.
    ///
    /// # Errors
    /// 422 when they are in the wrong order or more than 366 days apart.
    pub fn new(date_from: Day, date_to: Day) -> Result<Self> {
        let days = date_from.days_until(date_to) + 1;
        if days < 1 {
            return Err(Error::invalid("date_from", "must not be later than date_to"));
        }
        if days > MAX_DAYS {
            let message = format!("must span at most {MAX_DAYS} days, not {days}");
            return Err(Error::invalid("date_to", message));
        }
        Ok(Self { date_from, date_to })
    }

    /// How many days.
    pub fn days(self) -> i64 {
        self.date_from.days_until(self.date_to) + 1
    }

    /// Every day, in order.
    pub fn each_day(self) -> impl Iterator<Item = Day> {
        (0..self.days()).map(move |days| self.date_from.plus_days(days))
    }

    /// The numbers of the first and the last day.
    pub fn bounds(self) -> (i64, i64) {
        (self.date_from.number(), self.date_to.number())
    }
}
