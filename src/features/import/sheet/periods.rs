//! Periods in a sheet: a line each.

use super::cells::text;
use super::heads;
use super::line::Line;
use super::lines::Reading;
use crate::core::error::Result;
use crate::core::kernel::fields::Name;
use crate::core::kernel::{Day, TimeOfDay};
use crate::features::import::content::Content;
use crate::features::import::offers::Period;
use crate::platform::sheets::Cell;

#[expect(clippy::unnecessary_wraps, reason = "of one type with the reader of dishes")]
pub(super) fn read(reading: &mut Reading, line: &Line<'_>) -> Result<Option<String>> {
    let name = line.needed("period", Name::new);
    let weekdays = line.needed("weekdays", heads::weekdays);
    let (from, to) = (line.needed("time_from", time), line.needed("time_to", time));
    let (date_from, date_to) = (line.maybe("date_from", day), line.maybe("date_to", day));
    let (Some(name), Some(weekdays), Some(time_from), Some(time_to)) = (name, weekdays, from, to)
    else {
        return Ok(None);
    };
    let periods = &mut reading.content.periods;
    periods.push(Period { name, weekdays, time_from, time_to, date_from, date_to });
    Ok(Some(format!("periods[{}]", periods.len() - 1)))
}

/// `9:00`, `09:00:00`, `24:00`.
fn time(text: &str) -> std::result::Result<TimeOfDay, String> {
    let mut parts = text.split([':', '.']).map(|part| part.trim().parse::<i64>().ok());
    let (hour, minute) = (parts.next().flatten(), parts.next().unwrap_or(Some(0)));
    let time = hour.zip(minute).filter(|(hour, minute)| {
        (0..=24).contains(hour) && (0..60).contains(minute) && (*hour < 24 || *minute == 0)
    });
    time.and_then(|(hour, minute)| TimeOfDay::of_minute(hour % 24 * 60 + minute))
        .ok_or_else(|| "must be a time such as 15:00".to_owned())
}

/// `2026-12-31` or `31.12.2026`.
fn day(text: &str) -> std::result::Result<Day, String> {
    let wrong = || "must be a day such as 2026-12-31".to_owned();
    let numbers: Option<Vec<i64>> =
        text.split(['-', '.', '/']).map(|part| part.parse().ok()).collect();
    let number = match numbers.as_deref() {
        Some([year, month, day]) if *year >= 1000 => year * 10_000 + month * 100 + day,
        Some([day, month, year]) if *year >= 1000 => year * 10_000 + month * 100 + day,
        _ => return Err(wrong()),
    };
    Day::of_number(number).ok_or_else(wrong)
}

pub(super) fn rows(content: &Content) -> Vec<Vec<Cell>> {
    let rows = content.periods.iter().map(|period| {
        let days: Vec<String> = period.weekdays.iter().map(|day| day.get().to_string()).collect();
        vec![
            text(Some(&period.name)),
            text(Some(days.join("; "))),
            text(Some(period.time_from)),
            text(Some(period.time_to)),
            text(period.date_from),
            text(period.date_to),
        ]
    });
    rows.collect()
}
