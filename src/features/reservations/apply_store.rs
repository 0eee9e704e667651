//! What every change of the book has in common: it looks for tables, keeps them, and tells.

use rusqlite::params;

use super::events::reservation_changed;
use super::held_store::{book, check_free, keep, kept_span, release, seats_of, who_comes};
use super::policy::ReservationRules;
use super::policy_store::rules;
use super::rules::{Pace, Placing, Span, is_open, quarter};
use super::store::reservation;
use super::types::{Objection, Reservation};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Int, Timestamp, Zone};
use crate::core::store::Tx;
use crate::features::floor;

/// Staff may write down what began so many minutes ago.
const LATEST: i64 = 24 * 60;
/// And what begins in so many minutes: two years.
const EARLIEST: i64 = 2 * 366 * 24 * 60;

/// What is wanted of the book.
pub struct Wish<'a> {
    /// The reservation that is changed; none for a new one.
    pub id: Option<i64>,
    /// How many they are.
    pub party: i64,
    /// From when until when, without the time to clear.
    pub span: Span,
    /// The tables that somebody chose.
    pub chosen: Option<&'a [i64]>,
    /// The tables that it has: they stay while they do.
    pub current: &'a [i64],
    /// What stands against it and is known.
    pub ignore: &'a [Objection],
    /// Whether another time or more guests are wanted than before.
    pub is_new: bool,
}

/// A moment for which somebody makes a reservation.
///
/// # Errors
/// 422 when it is none, is long over or years away.
pub fn begins_at(zone: &Zone, text: &str, now: Timestamp) -> Result<Timestamp> {
    let at = zone.appointment(text).map_err(|message| Error::invalid("starts_at", message))?;
    if at < now.plus_minutes(-LATEST) || at > now.plus_minutes(EARLIEST) {
        return Err(Error::invalid("starts_at", "must be from yesterday to two years from now"));
    }
    Ok(at)
}

/// The tables of a wish: those that somebody chose, those that it has, or the best that the book has.
/// Others whose tables nobody chose are moved where that makes room.
///
/// # Errors
/// 409 with what stands against it, and the word by which staff overrule that.
pub fn arrange(tx: &mut Tx<'_>, zone: &Zone, wish: &Wish<'_>) -> Result<Vec<i64>> {
    let rules = rules(tx)?;
    if wish.is_new {
        check_time(tx, zone, &rules, wish)?;
    }
    let kept = kept_for(&rules, wish.span);
    if let Some(tables) = wish.chosen {
        return choose(tx, zone, &rules, wish, tables).map(<[i64]>::to_vec);
    }
    let stays = !wish.current.is_empty()
        && check_free(tx, zone, wish.current, kept, wish.id).is_ok()
        && seats_of(tx, &rules, wish.current)? >= wish.party;
    if stays {
        return Ok(wish.current.to_vec());
    }
    let now = tx.now();
    match book(tx, &rules, kept, wish.id, now)?.place(wish.party, kept) {
        Some(Placing { table_ids, moves }) => {
            // Where it was until now may be where another goes.
            if let Some(id) = wish.id {
                release(tx, id)?;
            }
            move_others(tx, zone, &moves)?;
            Ok(table_ids)
        }
        None if wish.ignore.contains(&Objection::NoTable) => Ok(Vec::new()),
        None => {
            let party = wish.party;
            let detail = format!(
                "No table for {party} is free at that time. Choose another time, or book without a table."
            );
            Err(objection("no_table_free", detail, Objection::NoTable).with("party", party))
        }
    }
}

/// For how long tables are kept: the time to clear them comes after the guests.
pub fn kept_for(rules: &ReservationRules, span: Span) -> Span {
    Span { until: span.until.plus_minutes(rules.clear_minutes.get()), ..span }
}

fn objection(code: &'static str, detail: impl Into<String>, what: Objection) -> Error {
    Error::conflict(code, detail).with("ignore", what.as_str())
}

fn check_time(tx: &Tx<'_>, zone: &Zone, rules: &ReservationRules, wish: &Wish<'_>) -> Result<()> {
    let at = wish.span.from;
    let may = |what: Objection| wish.ignore.contains(&what);
    if !may(Objection::Hours) && !is_open(zone, at, |day| rules.spells(day).0) {
        let time = zone.time_of(at).to_string();
        let detail = format!("Nothing is booked at {time} on that day. Choose another time.");
        return Err(objection("outside_hours", detail, Objection::Hours).with("time", time));
    }
    let others = who_comes(tx, quarter(at), wish.id)?;
    if !may(Objection::Pacing) && !pace(rules).allows(&others, at, wish.party) {
        let detail = "Too many come within that quarter of an hour. Choose another time.";
        return Err(objection("too_many_at_once", detail, Objection::Pacing));
    }
    Ok(())
}

/// How many may come at once.
pub fn pace(rules: &ReservationRules) -> Pace {
    Pace {
        guests: rules.guests_per_quarter.map(Int::get),
        parties: rules.parties_per_quarter.map(Int::get),
    }
}

fn choose<'a>(
    tx: &Tx<'_>,
    zone: &Zone,
    rules: &ReservationRules,
    wish: &Wish<'_>,
    tables: &'a [i64],
) -> Result<&'a [i64]> {
    for table in tables {
        floor::check_in_use(tx, *table)?;
    }
    check_free(tx, zone, tables, kept_for(rules, wish.span), wish.id)?;
    let seats = if tables.is_empty() { wish.party } else { seats_of(tx, rules, tables)? };
    if seats < wish.party && !wish.ignore.contains(&Objection::Seats) {
        let party = wish.party;
        let detail = format!("{seats} can sit there, and {party} come. Choose a larger table.");
        return Err(objection("too_few_seats", detail, Objection::Seats)
            .with("seats", seats)
            .with("party", party));
    }
    Ok(tables)
}

/// Others sit elsewhere. All let go of their tables before one takes another's.
fn move_others(tx: &mut Tx<'_>, zone: &Zone, moves: &[(i64, Vec<i64>)]) -> Result<()> {
    let mut spans = Vec::new();
    for (id, _) in moves {
        spans.push(kept_span(tx, *id)?);
        release(tx, *id)?;
    }
    for ((id, tables), span) in moves.iter().zip(spans) {
        let Some(span) = span else { continue };
        keep(tx, *id, tables, span)?;
        touch(tx, *id)?;
        tell(tx, zone, *id, None)?;
    }
    Ok(())
}

fn touch(tx: &Tx<'_>, id: i64) -> Result<()> {
    tx.prepare_cached("UPDATE reservations SET updated_at = ?2 WHERE id = ?1")?
        .execute(params![id, tx.now().0])?;
    Ok(())
}

/// Tells how a reservation is now, and returns it.
pub fn tell(tx: &mut Tx<'_>, zone: &Zone, id: i64, by: Option<i64>) -> Result<Reservation> {
    let one = reservation(tx, zone, id)?;
    tx.emit(reservation_changed(&one, by)?)?;
    Ok(one)
}
