//! The restaurant's clock: which day and hour a moment is there.

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::{Day, DayHour, TimeOfDay, Timestamp};

/// The restaurant's time zone and the hour at which its day begins: what turns moments into days.
#[derive(Debug, Clone)]
pub struct Zone {
    zone: TimeZone,
    day_begins: DayHour,
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

    /// The zone alone.
    pub(super) fn tz(&self) -> &TimeZone {
        &self.zone
    }

    /// What the restaurant's clock on the wall shows.
    fn clock_at(&self, moment: Timestamp) -> DateTime {
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

    /// The time of day that the restaurant's clock shows at a moment.
    pub fn time_of(&self, moment: Timestamp) -> TimeOfDay {
        TimeOfDay::of_minute(self.minute_of_day(moment).into()).unwrap_or(TimeOfDay::MIDNIGHT)
    }

    /// The moment at which the restaurant's clock shows a time on a date of the calendar; none where the
    /// clock leaps over it, the first where it shows it twice.
    pub fn at(&self, Day(date): Day, time: TimeOfDay) -> Option<Timestamp> {
        let minute = i64::from(time.minute());
        let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
        self.shown(date.at(hour, minute, 0, 0))
    }

    fn shown(&self, clock: DateTime) -> Option<Timestamp> {
        let moment = self.zone.to_ambiguous_timestamp(clock);
        if matches!(moment.offset(), AmbiguousOffset::Gap { .. }) {
            return None;
        }
        moment.earlier().ok().map(|moment| Timestamp(moment.as_millisecond()))
    }

    /// A moment for which somebody makes an appointment: RFC 3339, or the restaurant's clock, such as
    /// 2026-05-01T19:30, the first time that it shows that.
    ///
    /// # Errors
    /// A sentence when it is no time, when the clock leaps over it that day, or centuries away.
    pub fn appointment(&self, text: &str) -> Result<Timestamp, String> {
        let written = "must be a time such as 2026-05-01T19:30 or 2026-05-01T19:30:00+03:00";
        let moment = if let Ok(moment) = text.parse::<jiff::Timestamp>() {
            Timestamp(moment.as_millisecond())
        } else {
            let clock = text.parse::<DateTime>().ok().filter(|_| text.contains('T'));
            let clock = clock.ok_or(written)?;
            self.shown(clock).ok_or("is left out by the clocks that day; choose another time")?
        };
        let years = 1970..=2999;
        years
            .contains(&self.clock_at(moment).year())
            .then_some(moment)
            .ok_or_else(|| written.into())
    }

    /// The date of a moment on the calendar on the wall, whenever the restaurant's day begins.
    pub fn date_of(&self, moment: Timestamp) -> Day {
        Day(self.clock_at(moment).date())
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

#[cfg(test)]
mod tests {
    use super::super::Period;
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
        assert_eq!((Day::of_number(20_240_229), Day::of_number(20_230_229)), (Some(leap), None));
        assert_eq!((leap.weekday(), leap.plus_days(3).weekday()), (4, 7));
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

    #[test]
    fn the_zone_decides_the_day() {
        let moscow = Zone::named("Europe/Moscow").unwrap();
        assert_eq!(moscow.day(at("2026-05-01T20:59:59Z")), 20_260_501);
        assert_eq!(moscow.day(at("2026-05-01T21:00:00Z")), 20_260_502);
        let (start, end) = moscow.day_bounds(at("2026-05-01T20:00:00Z"));
        assert_eq!((start, end), (at("2026-04-30T21:00:00Z"), at("2026-05-01T21:00:00Z")));
    }

    #[test]
    fn an_appointment_is_at_a_time_that_the_clock_shows() {
        let berlin = zone("Europe/Berlin", 4);
        let time = |text: &str| serde_json::from_value::<TimeOfDay>(text.into()).unwrap();
        // On 29 March 2026 the clock leaps from 02:00 to 03:00; on 25 October it shows 02:30 twice.
        assert_eq!(berlin.at(day("2026-03-29"), time("02:30")), None);
        assert!(berlin.appointment("2026-03-29T02:30").is_err());
        let twice = at("2026-10-25T00:30:00Z");
        assert_eq!(berlin.at(day("2026-10-25"), time("02:30")), Some(twice));
        assert_eq!(berlin.appointment("2026-10-25T02:30"), Ok(twice));
        assert_eq!(berlin.appointment("2026-10-25T02:30:00+01:00"), Ok(twice.plus_minutes(60)));
        assert_eq!(berlin.time_of(twice), time("02:30"));
        for wrong in ["2026-05-01", "19:30", "", "9999-01-01T12:00", "1200-01-01T12:00:00Z"] {
            assert!(berlin.appointment(wrong).is_err(), "{wrong}");
        }
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
