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

use super::{Int, Timestamp, Zone};
use crate::core::error::{Error, Result};

/// The hour of the clock at which the restaurant's day begins: a bar's night belongs to the
/// evening before.
pub type DayHour = Int<0, 12>;

impl Zone {
    /// The moment at which a day begins. Where the clock leaps over that hour, when it has leapt.
    pub fn start(&self, Day(date): Day) -> Timestamp {
        let hour = i8::try_from(self.day_begins.get()).unwrap_or_default();
        date.at(hour, 0, 0, 0)
            .to_zoned_datetime(self.zone.clone())
            .map_or(Timestamp(i64::MAX), |zoned| Timestamp(zoned.timestamp().as_millisecond()))
    }

    /// The day of a moment: the one that has begun last.
    pub fn day_of(&self, moment: Timestamp) -> Day {
        let next = Day(self.clock_at(moment).date()).plus_days(1);
        // Two days back are not enough where a country leapt over a whole day.
        let mut days = (0..4).map(|back| next.plus_days(-back));
        days.find(|day| self.start(*day) <= moment).unwrap_or(next.plus_days(-3))
    }

    /// The day of a moment as a number, e.g. 20260501.
    pub fn day(&self, moment: Timestamp) -> i64 {
        self.day_of(moment).number()
    }

    /// The moments at which the day of `moment` begins and the next day begins.
    pub fn day_bounds(&self, moment: Timestamp) -> (Timestamp, Timestamp) {
        let day = self.day_of(moment);
        (self.start(day), self.start(day.plus_days(1)))
    }

    /// How far the clock on the wall is from where it stood when a day began, in milliseconds. On
    /// a day of 23 or 25 hours this differs from how long ago that was, and so two days can be
    /// held against each other at the same time of day.
    pub fn clock_since(&self, Day(date): Day, moment: Timestamp) -> i64 {
        let hour = i8::try_from(self.day_begins.get()).unwrap_or_default();
        let since = self.clock_at(moment).duration_since(date.at(hour, 0, 0, 0));
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    /// The hour at which a day begins.
    pub fn first_hour(&self) -> i64 {
        self.day_begins.get()
    }
}

/// A day, without a time and a zone. On the wire `2026-05-01`; in the database 20260501.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub(super) Date);

impl Day {
    /// As the database keeps it, e.g. 20260501.
    pub fn number(self) -> i64 {
        let Self(date) = self;
        i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::select;

    const ZONES: [&str; 8] = [
        "Europe/Berlin",
        "Europe/Moscow",
        "America/New_York",
        "America/Havana",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Asia/Beirut",
        "Pacific/Apia",
    ];

    fn zone(name: &str, hour: i64) -> Zone {
        Zone::named(name).unwrap().with_day_from(DayHour::new(hour).unwrap())
    }

    fn at(text: &str) -> Timestamp {
        serde_json::from_value(text.into()).unwrap()
    }

    proptest! {
        #[test]
        fn every_moment_belongs_to_the_day_that_began_last(
            name in select(ZONES.to_vec()),
            hour in 0..=12_i64,
            // From 1990 to 2038: St. John's once changed its clocks a minute after midnight.
            moment in 631_152_000_000_i64..2_145_916_800_000,
        ) {
            let (zone, moment) = (zone(name, hour), Timestamp(moment));
            let day = zone.day_of(moment);
            prop_assert!(zone.start(day) <= moment && moment < zone.start(day.plus_days(1)));
            prop_assert_eq!(zone.day_bounds(moment).0, zone.start(day));
            prop_assert_eq!(zone.day_of(zone.start(day)), day);
        }
    }

    #[test]
    fn a_bars_night_belongs_to_the_evening() {
        let moscow = zone("Europe/Moscow", 4);
        assert_eq!(moscow.day(at("2026-11-29T00:59:59Z")), 20_261_128);
        assert_eq!(moscow.day(at("2026-11-29T01:00:00Z")), 20_261_129);
        let berlin = zone("Europe/Berlin", 4);
        for (name, hours) in [("2026-03-28", 23), ("2026-03-29", 24), ("2026-10-24", 25)] {
            let day = day(name);
            let length = berlin.start(day.plus_days(1)).0 - berlin.start(day).0;
            assert_eq!(length / 3_600_000, hours, "{day}");
        }
    }

    #[test]
    fn the_clock_on_the_wall_knows_nothing_of_25_hours() {
        let berlin = zone("Europe/Berlin", 0);
        // 25 October 2026: at 03:00 summer time it is 02:00 again.
        for (moment, minutes) in [
            ("2026-10-25T00:30:00Z", 150),
            ("2026-10-25T01:30:00Z", 150),
            ("2026-10-25T12:05:00Z", 13 * 60 + 5),
        ] {
            let since = berlin.clock_since(day("2026-10-25"), at(moment));
            assert_eq!(since / 60_000, minutes, "{moment}");
        }
    }

    fn day(text: &str) -> Day {
        serde_json::from_value(text.into()).unwrap()
    }

    #[test]
    fn days_are_read_counted_and_written() {
        let leap = day("2024-02-29");
        assert_eq!((leap.number(), leap.to_string().as_str()), (20_240_229, "2024-02-29"));
        assert_eq!(leap.plus_days(1), day("2024-03-01"));
        assert_eq!(leap.plus_months(-12), day("2023-02-28"));
        assert_eq!(leap.days_until(day("2025-03-01")), 366);
        assert_eq!(leap.months_until(day("2025-01-01")), 11);
        assert!(leap.ends_month() && !leap.begins_month() && day("2024-03-01").begins_month());
        assert_eq!(day("2999-12-31").plus_months(i64::MAX), day("2999-12-31"));
        for text in ["2026-13-01", "2026-02-30", "20260501", "2026-5-1", "9999-01-01", "-1", ""] {
            assert!(serde_json::from_value::<Day>(text.into()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_period_has_an_end_and_a_limit() {
        assert!(Period::new(day("2026-01-02"), day("2026-01-01")).is_err());
        assert!(Period::new(day("2025-01-01"), day("2026-01-02")).is_err());
        let leap = Period::new(day("2024-01-01"), day("2024-12-31")).unwrap();
        assert_eq!((leap.days(), leap.each_day().last()), (366, Some(day("2024-12-31"))));
    }
}
