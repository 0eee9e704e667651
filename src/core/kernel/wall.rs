//! The clock on the restaurant's wall: what it shows at a moment, and when it shows a time.

use super::{Day, Timestamp, Zone};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// What the clock and the calendar on the wall show at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wall {
    /// The date.
    pub date: Day,
    /// The date before it: another one than yesterday's where a country leapt over a day.
    pub day_before: Day,
    /// The minute of the day, 0 to 1439.
    pub minute: u16,
}

impl Zone {
    /// What the wall shows at a moment.
    pub fn wall(&self, moment: Timestamp) -> Wall {
        let date = self.date_of(moment);
        let day_before = match self.midnight(date) {
            Some(midnight) => self.date_of(Timestamp(midnight.0 - 1)),
            None => date.plus_days(-1),
        };
        Wall { date, day_before, minute: self.minute_of_day(moment) }
    }

    /// All moments after one and not after another at which the wall shows one of these minutes of the
    /// day, or its clock is set to another hour; in order. A minute that it leaps over is not shown, and
    /// one that it shows twice is twice among them.
    pub fn moments_of(
        &self,
        minutes: &[u16],
        (after, until): (Timestamp, Timestamp),
    ) -> Vec<Timestamp> {
        let mut moments = Vec::new();
        let mut begins = after.0;
        let leaps: Vec<i64> = self.leaps((after, until)).collect();
        for ends in leaps.iter().copied().chain([until.0 + 1]) {
            // Between two leaps the wall is a fixed stretch ahead of UTC.
            let ahead = self.ahead(Timestamp(begins));
            let days = (begins + ahead).div_euclid(DAY)..=(ends + ahead).div_euclid(DAY);
            let shown = days.flat_map(|day| {
                minutes.iter().map(move |minute| day * DAY + i64::from(*minute) * MINUTE - ahead)
            });
            moments.extend(shown.filter(|at| (begins..ends).contains(at) && *at > after.0));
            begins = ends;
        }
        moments.extend(leaps);
        moments.sort_unstable();
        moments.dedup();
        moments.into_iter().map(Timestamp).collect()
    }

    /// The first moment of a date on the calendar.
    fn midnight(&self, Day(date): Day) -> Option<Timestamp> {
        let zoned = date.at(0, 0, 0, 0).to_zoned_datetime(self.tz().clone()).ok()?;
        Some(Timestamp(zoned.timestamp().as_millisecond()))
    }

    /// When the clock is set, after one moment and not after another.
    fn leaps(&self, (after, until): (Timestamp, Timestamp)) -> impl Iterator<Item = i64> {
        let leaps = self.tz().following(after.to_jiff());
        leaps.map(|leap| leap.timestamp().as_millisecond()).take_while(move |at| *at <= until.0)
    }

    /// How far the wall is ahead of UTC at a moment, in milliseconds.
    fn ahead(&self, moment: Timestamp) -> i64 {
        i64::from(self.tz().to_offset(moment.to_jiff()).seconds()) * 1000
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    fn at(text: &str) -> Timestamp {
        serde_json::from_value(text.into()).unwrap()
    }

    fn zone(name: &str) -> Zone {
        Zone::named(name).unwrap()
    }

    #[test]
    fn an_hour_that_is_leapt_over_is_not_shown_and_one_that_comes_back_is_twice() {
        let texts = |name: &str, minute: u16, from: &str, to: &str| -> Vec<String> {
            let moments = zone(name).moments_of(&[minute], (at(from), at(to)));
            moments.iter().map(ToString::to_string).collect()
        };
        // Half past two: leapt over in March, twice in October. The leap itself is told too.
        assert_eq!(
            texts("Europe/Berlin", 150, "2026-03-28T23:00:00Z", "2026-03-29T21:00:00Z"),
            ["2026-03-29T01:00:00.000Z"]
        );
        assert_eq!(
            texts("Europe/Berlin", 150, "2026-10-24T22:00:00Z", "2026-10-25T22:00:00Z"),
            ["2026-10-25T00:30:00.000Z", "2026-10-25T01:00:00.000Z", "2026-10-25T01:30:00.000Z"]
        );
        assert_eq!(
            texts("Europe/Moscow", 17 * 60, "2026-12-04T14:00:00Z", "2026-12-06T14:00:00Z"),
            ["2026-12-05T14:00:00.000Z", "2026-12-06T14:00:00.000Z"]
        );
    }

    #[test]
    fn the_day_before_is_the_one_that_there_was() {
        // Samoa went from Thursday the 29th to Saturday the 31st.
        let wall = zone("Pacific/Apia").wall(at("2011-12-30T11:00:00Z"));
        let days = (wall.date.to_string(), wall.day_before.to_string(), wall.minute);
        assert_eq!(days, ("2011-12-31".into(), "2011-12-29".into(), 60));
        // In Chile midnight is leapt over: the day begins at one.
        let wall = zone("America/Santiago").wall(at("2026-09-06T04:30:00Z"));
        let days = (wall.date.to_string(), wall.day_before.to_string(), wall.minute);
        assert_eq!(days, ("2026-09-06".into(), "2026-09-05".into(), 90));
    }

    proptest! {
        #[test]
        fn every_moment_shows_what_it_was_found_by(
            name in select(vec!["Europe/Berlin", "America/Santiago", "Pacific/Apia", "Asia/Kolkata"]),
            start in 1_300_000_000_000_i64..1_900_000_000_000,
            minute in 0_u16..1440,
        ) {
            let zone = zone(name);
            let span = (Timestamp(start), Timestamp(start + 3 * DAY));
            for moment in zone.moments_of(&[minute], span) {
                prop_assert!(span.0 < moment && moment <= span.1);
                let before = Timestamp(moment.0 - 1);
                let leapt = zone.ahead(before) != zone.ahead(moment);
                prop_assert!(leapt || zone.wall(moment).minute == minute);
            }
        }
    }
}
