//! Reservations in SQL, as they are read.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::types::{
    BookedDay, BookedDays, KeptTable, Reservation, ReservationKind, ReservationList,
    ReservationSource, ReservationState,
};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Day, Period, Timestamp, Zone};
use crate::core::store::word;

/// Of the same telephone, those of the twelve months before that did not come.
const SELECT: &str = "SELECT r.id, r.kind, r.state, r.source, r.business_day, r.starts_at, r.ends_at,
    r.party, r.name, r.phone, r.notes, r.allergies, r.is_pinned, r.order_id, r.arrived_at, r.seated_at,
    r.left_at, r.reason, r.created_at, r.updated_at,
    (SELECT count(*) FROM reservations n
     WHERE n.phone_digits = r.phone_digits AND n.state = 'NO_SHOW'
       AND n.starts_at < r.starts_at AND n.starts_at > r.starts_at - 31536000000)
    FROM reservations r";

fn from_row(zone: &Zone, row: &Row<'_>) -> rusqlite::Result<Reservation> {
    let (number, starts_at) = (row.get(4)?, Timestamp(row.get(5)?));
    let moment = |at: Option<i64>| at.map(Timestamp);
    Ok(Reservation {
        id: row.get(0)?,
        kind: word(row, 1, ReservationKind::parse)?,
        state: word(row, 2, ReservationState::parse)?,
        source: word(row, 3, ReservationSource::parse)?,
        day: Day::of_number(number).ok_or(rusqlite::Error::IntegralValueOutOfRange(4, number))?,
        time: zone.time_of(starts_at),
        starts_at,
        ends_at: Timestamp(row.get(6)?),
        party: row.get(7)?,
        name: row.get(8)?,
        phone: row.get(9)?,
        notes: row.get(10)?,
        allergies: row.get(11)?,
        tables: Vec::new(),
        is_pinned: row.get(12)?,
        order_id: row.get(13)?,
        arrived_at: moment(row.get(14)?),
        seated_at: moment(row.get(15)?),
        left_at: moment(row.get(16)?),
        reason: row.get(17)?,
        no_shows: row.get(20)?,
        created_at: Timestamp(row.get(18)?),
        updated_at: Timestamp(row.get(19)?),
    })
}

fn tables_of(db: &Connection, id: i64) -> Result<Vec<KeptTable>> {
    let sql = "SELECT t.id, t.label FROM reservation_tables k JOIN tables t ON t.id = k.table_id
               WHERE k.reservation_id = ?1 ORDER BY k.id";
    let mut statement = db.prepare_cached(sql)?;
    let tables =
        statement.query_map([id], |row| Ok(KeptTable { id: row.get(0)?, name: row.get(1)? }))?;
    Ok(tables.collect::<rusqlite::Result<_>>()?)
}

/// One reservation.
///
/// # Errors
/// 404 when there is none.
pub fn reservation(db: &Connection, zone: &Zone, id: i64) -> Result<Reservation> {
    let mut one = db
        .prepare_cached(&format!("{SELECT} WHERE r.id = ?1"))?
        .query_row([id], |row| from_row(zone, row))
        .optional()?
        .ok_or_else(|| Error::not_found("reservation", id))?;
    one.tables = tables_of(db, id)?;
    Ok(one)
}

/// The one that a guest knows by its code.
///
/// # Errors
/// 404 when there is none.
pub fn with_code(db: &Connection, zone: &Zone, code: &str) -> Result<Reservation> {
    let id = db
        .prepare_cached("SELECT id FROM reservations WHERE code = ?1")?
        .query_row([code], |row| row.get(0))
        .optional()?;
    let detail = "There is no reservation at this address any more. Call the restaurant.";
    reservation(db, zone, id.ok_or_else(|| Error::no_such_code(detail))?)
}

/// Reservations of some days, by when they begin.
pub fn list(
    db: &Connection,
    zone: &Zone,
    days: Period,
    (skip, limit): (i64, i64),
) -> Result<ReservationList> {
    let (first, last) = days.bounds();
    let sql = format!(
        "{SELECT} WHERE r.business_day BETWEEN ?1 AND ?2
         ORDER BY r.business_day, r.starts_at, r.id LIMIT ?3 OFFSET ?4"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([first, last, limit, skip], |row| from_row(zone, row))?;
    let mut reservations: Vec<_> = rows.collect::<rusqlite::Result<_>>()?;
    for one in &mut reservations {
        one.tables = tables_of(db, one.id)?;
    }
    let sql = "SELECT count(*) FROM reservations WHERE business_day BETWEEN ?1 AND ?2";
    let total = db.prepare_cached(sql)?.query_row([first, last], |row| row.get(0))?;
    Ok(ReservationList { reservations, total })
}

/// How many come on each of some days.
pub fn days(db: &Connection, days: Period) -> Result<BookedDays> {
    let sql = "SELECT count(*) FILTER (WHERE state IN ('BOOKED', 'ARRIVED', 'SEATED', 'LEFT')),
                      coalesce(sum(party)
                          FILTER (WHERE state IN ('BOOKED', 'ARRIVED', 'SEATED', 'LEFT')), 0),
                      count(*) FILTER (WHERE state = 'NO_SHOW'),
                      count(*) FILTER (WHERE state = 'CANCELLED')
               FROM reservations WHERE business_day = ?1 AND kind = 'PARTY'";
    let mut statement = db.prepare_cached(sql)?;
    let booked = |day: Day| {
        Ok(statement.query_row(params![day.number()], |row| {
            Ok(BookedDay {
                day,
                parties: row.get(0)?,
                guests: row.get(1)?,
                no_shows: row.get(2)?,
                cancelled: row.get(3)?,
            })
        })?)
    };
    Ok(BookedDays { days: days.each_day().map(booked).collect::<Result<_>>()? })
}
