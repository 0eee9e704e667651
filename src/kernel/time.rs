//! Moments and days. A moment is UTC; the restaurant's zone decides what a day is.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::{Day, DayHour};

/// A moment: milliseconds since 1970-01-01 UTC. On the wire RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This moment and so many minutes.
    #[must_use]
    pub fn plus_minutes(self, minutes: i64) -> Self {
        Self(self.0.saturating_add(minutes.saturating_mul(60_000)))
    }

    /// Whole minutes from an earlier moment to this one; never negative.
    pub fn minutes_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).max(0) / 60_000
    }

    fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::MAX)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An order holds two dozen of these: by arithmetic they cost a tenth of what a library for
        // all calendars takes. Days are counted in years that begin in March.
        const ERA: i64 = 146_097;
        let (days, millis) = (self.0.div_euclid(86_400_000), self.0.rem_euclid(86_400_000));
        let since = days + 719_468;
        let (era, day) = (since.div_euclid(ERA), since.rem_euclid(ERA));
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = era * 400 + year + i64::from(month <= 2);
        if !(0..=9999).contains(&year) {
            return write!(f, "{:.3}", self.to_jiff());
        }
        let mut text = *b"0000-00-00T00:00:00.000Z";
        let mut put = |place: usize, digits: usize, mut number: i64| {
            for at in (place..place + digits).rev() {
                text[at] = b'0' + u8::try_from(number % 10).unwrap_or_default();
                number /= 10;
            }
        };
        put(0, 4, year);
        put(5, 2, month);
        put(8, 2, day);
        put(11, 2, millis / 3_600_000);
        put(14, 2, millis / 60_000 % 60);
        put(17, 2, millis / 1000 % 60);
        put(20, 3, millis % 1000);
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        let moment = text.parse::<jiff::Timestamp>().map_err(|_| {
            D::Error::custom(
                "must be a time such as 2026-05-01T12:00:00Z or 2026-05-01T12:00:00+03:00",
            )
        })?;
        Ok(Self(moment.as_millisecond()))
    }
}

impl PartialSchema for Timestamp {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .into()
    }
}

impl ToSchema for Timestamp {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Timestamp")
    }
}

/// The restaurant's time zone and the hour at which its day begins: what turns moments into days.
#[derive(Debug, Clone)]
pub struct Zone {
    pub(super) zone: TimeZone,
    pub(super) day_begins: DayHour,
}

impl Zone {
    /// A zone by its name in the tz database, e.g. `Europe/Moscow`.
    ///
    /// # Errors
    /// A sentence when there is no such zone.
    pub fn named(name: &str) -> Result<Self, String> {
        let zone = TimeZone::get(name).map_err(|_| {
            format!("there is no time zone “{name}”; use a name such as Europe/Moscow")
        })?;
        Ok(Self { zone, day_begins: DayHour::default() })
    }

    /// The same zone for a restaurant whose day begins later than at midnight.
    #[must_use]
    pub fn with_day_from(self, day_begins: DayHour) -> Self {
        Self { day_begins, ..self }
    }

    /// What the restaurant's clock on the wall shows.
    pub(super) fn clock_at(&self, moment: Timestamp) -> DateTime {
        self.zone.to_datetime(moment.to_jiff())
    }

    /// The hour of a moment on the restaurant's clock, 0 to 23.
    pub fn hour_of(&self, moment: Timestamp) -> usize {
        usize::try_from(self.clock_at(moment).hour()).unwrap_or_default()
    }

    /// The minute of the day at a moment, 0 to 1439.
    pub fn minute_of_day(&self, moment: Timestamp) -> u16 {
        let time = self.clock_at(moment).time();
        u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs())
    }

    /// A moment that a person wrote: RFC 3339, or a date with or without a time of day, which
    /// are the restaurant's own. A date alone is its beginning, or its end where `as_end`.
    ///
    /// # Errors
    /// A sentence that shows how to write one.
    pub fn read(&self, text: &str, as_end: bool) -> Result<Timestamp, String> {
        if let Ok(moment) = text.parse::<jiff::Timestamp>() {
            return Ok(Timestamp(moment.as_millisecond()));
        }
        if let Ok(date) = text.parse::<Date>()
            && text.len() <= "2026-05-01".len()
        {
            return Ok(self.start(Day(date).plus_days(i64::from(as_end))));
        }
        let local = text.parse::<DateTime>().map_err(
            |_| "must be a time such as 2026-05-01T12:00:00+03:00, or a date such as 2026-05-01",
        )?;
        let zoned =
            local.to_zoned_datetime(self.zone.clone()).map_err(|error| error.to_string())?;
        Ok(Timestamp(zoned.timestamp().as_millisecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        serde_json::from_value(text.into()).unwrap()
    }

    #[test]
    fn moments_travel_as_rfc_3339_in_utc() {
        assert_eq!(at("2026-05-01T12:00:00+03:00").to_string(), "2026-05-01T09:00:00.000Z");
        assert!(serde_json::from_str::<Timestamp>("\"yesterday\"").is_err());
        // As the library writes them: the ends of years and months, leap years, and far away.
        for day in (-800_000_i64..3_000_000).step_by(37).chain(19_700..20_900) {
            let moment = Timestamp(day * 86_400_000 + day.rem_euclid(86_399_999));
            assert_eq!(moment.to_string(), format!("{:.3}", moment.to_jiff()));
        }
    }

    #[test]
    fn the_zone_decides_the_day() {
        let moscow = Zone::named("Europe/Moscow").unwrap();
        assert_eq!(moscow.day(at("2026-05-01T20:59:59Z")), 20_260_501);
        assert_eq!(moscow.day(at("2026-05-01T21:00:00Z")), 20_260_502);
        let (start, end) = moscow.day_bounds(at("2026-05-01T20:00:00Z"));
        assert_eq!((start, end), (at("2026-04-30T21:00:00Z"), at("2026-05-01T21:00:00Z")));
    }

    #[test]
    fn a_person_may_write_a_date() {
        let moscow = Zone::named("Europe/Moscow").unwrap();
        for (text, as_end, moment) in [
            ("2026-05-01", false, "2026-04-30T21:00:00Z"),
            ("2026-05-01", true, "2026-05-01T21:00:00Z"),
            ("2026-05-01T12:00:00", false, "2026-05-01T09:00:00Z"),
            ("2026-05-01T12:00:00Z", true, "2026-05-01T12:00:00Z"),
        ] {
            assert_eq!(moscow.read(text, as_end), Ok(at(moment)), "{text}");
        }
        assert!(moscow.read("yesterday", false).is_err());
    }

    #[test]
    fn the_zone_decides_the_minute() {
        let moscow = Zone::named("Europe/Moscow").unwrap();
        assert_eq!(moscow.minute_of_day(at("2026-05-01T20:59:59Z")), 23 * 60 + 59);
        assert_eq!(moscow.minute_of_day(at("2026-05-01T21:00:00Z")), 0);
    }

    #[test]
    fn a_day_of_23_hours_ends_on_time() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let (start, end) = berlin.day_bounds(at("2026-03-29T12:00:00Z"));
        assert_eq!((end.0 - start.0) / 3_600_000, 23);
    }
}
