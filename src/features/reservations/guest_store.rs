//! Guests book by themselves, in SQL: only what is free, within the owner's rules.

use rusqlite::{Connection, params};

use super::changes_store::{CreateReservation, key_of_phone};
use super::free_store::times;
use super::guest_types::{
    GuestBooking, GuestBookingCreate, GuestBookingRules, GuestTime, GuestTimes,
};
use super::policy::ReservationRules;
use super::policy_store::rules;
use super::steps_store::call_off;
use super::store::with_code;
use super::types::{Reservation, ReservationCreate, ReservationState};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Day, Text, Timestamp, Zone};
use crate::core::store::{Command, Tx};

/// So many reservations that are to come one telephone has at most.
const MOST_OF_ONE: i64 = 3;
/// So many guests book by themselves within an hour, all together: who writes nonsense fills no evening.
const MOST_IN_AN_HOUR: usize = 30;
/// So many of the newest reservations are looked at for that.
const NEWEST: i64 = 300;

/// Whether guests may book, and what.
pub fn booking_rules(db: &Connection, zone: &Zone, now: Timestamp) -> Result<GuestBookingRules> {
    let rules = rules(db)?;
    let first_day = zone.day_of(now);
    Ok(GuestBookingRules {
        is_open: rules.guests_may,
        largest_party: rules.largest_party.get(),
        first_day,
        last_day: first_day.plus_days(rules.days_ahead.get()),
    })
}

fn must_be_open(rules: &ReservationRules) -> Result<()> {
    if rules.guests_may {
        return Ok(());
    }
    let detail = "Tables are not booked on this page. Call the restaurant.";
    Err(Error::conflict("booking_closed", detail))
}

fn check_party(rules: &ReservationRules, party: i64) -> Result<()> {
    let most = rules.largest_party.get();
    if party <= most {
        return Ok(());
    }
    let detail = format!("For more than {most} guests call the restaurant.");
    Err(Error::conflict("party_too_large", detail).with("most", most))
}

/// The free times of a day; none where it is over, or too far ahead.
pub fn free(
    db: &Connection,
    zone: &Zone,
    (day, party): (Day, i64),
    now: Timestamp,
) -> Result<GuestTimes> {
    let rules = rules(db)?;
    must_be_open(&rules)?;
    check_party(&rules, party)?;
    let today = zone.day_of(now);
    // A night's last times may belong to the day before.
    let first = today.plus_days(-1);
    if !(first..=today.plus_days(rules.days_ahead.get())).contains(&day) {
        return Ok(GuestTimes { day, note: None, times: Vec::new() });
    }
    let from = now.plus_minutes(rules.notice_minutes.get());
    let all = times(db, zone, (day, party), (now, from))?;
    let free = all.times.into_iter().filter(|time| time.full.is_none());
    let times = free.map(|time| GuestTime { starts_at: time.starts_at, time: time.time }).collect();
    Ok(GuestTimes { day, note: all.note, times })
}

/// A reservation, as its guest reads it.
///
/// # Errors
/// 404 when there is none.
pub fn booking(db: &Connection, zone: &Zone, code: String) -> Result<GuestBooking> {
    let one = with_code(db, zone, &code)?;
    Ok(told(one, code))
}

fn told(one: Reservation, code: String) -> GuestBooking {
    GuestBooking {
        code,
        state: one.state,
        day: one.day,
        time: one.time,
        starts_at: one.starts_at,
        party: one.party,
        name: one.name,
    }
}

/// A guest books.
pub struct Book {
    pub body: GuestBookingCreate,
    pub code: String,
    pub zone: Zone,
}

impl Command for Book {
    type Output = GuestBooking;

    fn apply(self, tx: &mut Tx<'_>) -> Result<GuestBooking> {
        let Self { body, code, zone } = self;
        let message = |message| Error::invalid("starts_at", message);
        let starts_at = zone.appointment(&body.starts_at).map_err(message)?;
        let phone = key_of_phone(&body.phone)
            .ok_or_else(|| Error::invalid("phone", "must have at least 6 digits"))?;
        let now = tx.now();
        check_free(tx, &zone, (starts_at, body.party.get()), now)?;
        check_flood(tx, now)?;
        let sql = "SELECT count(*) FROM reservations
                   WHERE phone_digits = ?1 AND starts_at > ?2 AND state IN ('BOOKED', 'ARRIVED')";
        let open: i64 =
            tx.prepare_cached(sql)?.query_row(params![phone, now.0], |row| row.get(0))?;
        if open >= MOST_OF_ONE {
            let detail =
                "There are several reservations of this telephone already. Call the restaurant.";
            return Err(Error::conflict("too_many_bookings", detail).with("most", MOST_OF_ONE));
        }
        let body = ReservationCreate {
            starts_at: body.starts_at,
            party: body.party,
            name: body.name,
            phone: Text::new(&body.phone).ok(),
            minutes: None,
            table_ids: None,
            notes: body.notes,
            allergies: body.allergies,
            ignore: Vec::new(),
        };
        let create = CreateReservation { body, zone, by: None, code: Some(code.clone()) };
        Ok(told(create.apply(tx)?, code))
    }
}

/// The time is one of those that the page shows: of its own day, or of the night before.
fn check_free(
    tx: &Tx<'_>,
    zone: &Zone,
    (starts_at, party): (Timestamp, i64),
    now: Timestamp,
) -> Result<()> {
    let date = zone.date_of(starts_at);
    for day in [date, date.plus_days(-1)] {
        let times = free(tx, zone, (day, party), now)?.times;
        if times.iter().any(|time| time.starts_at == starts_at) {
            return Ok(());
        }
    }
    let detail = "That time is not free any more. Choose another one.";
    Err(Error::conflict("time_taken", detail))
}

/// Not more book by themselves than a restaurant can look at.
fn check_flood(tx: &Tx<'_>, now: Timestamp) -> Result<()> {
    let sql = "SELECT source = 'GUEST', created_at FROM reservations ORDER BY id DESC LIMIT ?1";
    let mut statement = tx.prepare_cached(sql)?;
    let newest = statement.query_map([NEWEST], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let newest: Vec<(bool, i64)> = newest.collect::<rusqlite::Result<_>>()?;
    let since = now.plus_minutes(-60).0;
    let lately = newest.iter().filter(|(is_guest, at)| *is_guest && *at > since).count();
    if lately < MOST_IN_AN_HOUR {
        return Ok(());
    }
    let detail = "Too many have booked on this page just now. Try again in an hour, or call.";
    Err(Error::conflict("booking_flood", detail).with("most", MOST_IN_AN_HOUR))
}

/// A guest calls it off.
pub struct CallOff {
    pub code: String,
    pub zone: Zone,
}

impl Command for CallOff {
    type Output = GuestBooking;

    fn apply(self, tx: &mut Tx<'_>) -> Result<GuestBooking> {
        let Self { code, zone } = self;
        let old = with_code(tx, &zone, &code)?;
        match old.state {
            ReservationState::Cancelled => Ok(told(old, code)),
            ReservationState::Booked => Ok(told(call_off(tx, &zone, old.id)?, code)),
            _ => {
                let detail = "It cannot be called off here any more. Call the restaurant.";
                Err(Error::conflict("reservation_over", detail))
            }
        }
    }
}
