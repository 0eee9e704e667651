//! Which times of a day are free, in SQL.

use rusqlite::Connection;

use super::apply_store::{kept_for, pace};
use super::held_store::{book, who_comes};
use super::policy_store::rules;
use super::rules::{Span, minutes_for, quarter, times_of};
use super::types::{BookingTime, BookingTimes, FullWhy};
use crate::core::error::Result;
use crate::core::kernel::{Day, Timestamp, Zone};

/// Each time of a day, and whether so many could come then. Before `from` nothing is free.
pub fn times(
    db: &Connection,
    zone: &Zone,
    (day, party): (Day, i64),
    (now, from): (Timestamp, Timestamp),
) -> Result<BookingTimes> {
    let rules = rules(db)?;
    let (spells, note) = rules.spells(day);
    let minutes = minutes_for(&rules.lengths(), party);
    let moments = times_of(zone, day, &spells, rules.every_minutes.get());
    let mut times = Vec::with_capacity(moments.len());
    if let (Some(first), Some(last)) = (moments.first(), moments.last()) {
        let until = last.plus_minutes(minutes);
        let whole = kept_for(&rules, Span { from: *first, until });
        let book = book(db, &rules, whole, None, now)?;
        let others = who_comes(db, (quarter(*first).0, quarter(*last).1), None)?;
        for starts_at in &moments {
            let span = Span { from: *starts_at, until: starts_at.plus_minutes(minutes) };
            let placing = book.place(party, kept_for(&rules, span));
            let full = if *starts_at < from {
                Some(FullWhy::Past)
            } else if !pace(&rules).allows(&others, *starts_at, party) {
                Some(FullWhy::Pacing)
            } else {
                placing.is_none().then_some(FullWhy::Tables)
            };
            let table_ids = placing.map(|placing| placing.table_ids).unwrap_or_default();
            let time = zone.time_of(*starts_at);
            times.push(BookingTime { starts_at: *starts_at, time, full, table_ids });
        }
    }
    Ok(BookingTimes { day, minutes, note, times })
}
