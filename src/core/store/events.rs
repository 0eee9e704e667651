//! The event log: written with what it tells of, replayed to who was away.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::core::error::Result;
use crate::core::event::{Audience, Event, Kind, Messages, NewEvent, Thing, ToldOrder};
use crate::core::kernel::Timestamp;

/// The events after a number, or word that they are no longer all there.
pub enum Replay {
    /// Every event after it, in order. `more` when the page was full.
    Events {
        /// In order.
        events: Vec<Event>,
        /// Whether others follow.
        more: bool,
    },
    /// Some of them were trimmed: the screen must load everything anew.
    TooOld,
}

pub(super) fn insert(
    connection: &Connection,
    seq: i64,
    at: Timestamp,
    event: NewEvent,
    kept: Option<&[u8]>,
) -> Result<Event> {
    connection
        .prepare_cached(
            "INSERT INTO events (seq, at, kind, audience, subject, subject_id, table_id, waiter_id,
                                 actor_id, status, data, order_packed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            seq,
            at.0,
            event.kind.as_str(),
            event.audience.0,
            event.subject.thing.as_str(),
            event.subject.id,
            event.table_id,
            event.waiter_id,
            event.actor_id,
            event.status,
            event.data,
            kept,
        ])?;
    Ok(Event {
        seq,
        at,
        kind: event.kind,
        audience: event.audience,
        subject: event.subject,
        table_id: event.table_id,
        waiter_id: event.waiter_id,
        status: event.status.map(Arc::from),
        data: event.data,
        order: ToldOrder::of(event.order),
        messages: Messages::default(),
    })
}

/// The numbers of the oldest and the newest event; zeros in an empty log.
///
/// # Errors
/// When the database cannot be read.
pub fn oldest_and_newest(connection: &Connection) -> Result<(i64, i64)> {
    // Two subqueries: SQLite looks up a lone min or max in the index, but scans for both at once.
    let sql = "SELECT coalesce((SELECT min(seq) FROM events), 0),
                      coalesce((SELECT max(seq) FROM events), 0)";
    Ok(connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// When the newest event happened; the beginning of time when there is none.
///
/// # Errors
/// When the log cannot be read.
pub fn newest_moment(connection: &Connection) -> Result<Timestamp> {
    let newest = "SELECT at FROM events ORDER BY seq DESC LIMIT 1";
    let at = connection.query_row(newest, [], |row| row.get(0)).optional()?;
    Ok(Timestamp(at.unwrap_or(0)))
}

/// When the newest of the events happened that precede a moment, in the order of the log; none when
/// there is none.
///
/// # Errors
/// When the log cannot be read.
pub fn newest_before(connection: &Connection, moment: Timestamp) -> Result<Option<Timestamp>> {
    let newest = "SELECT at FROM events WHERE at < ?1 ORDER BY seq DESC LIMIT 1";
    let at = connection.query_row(newest, [moment.0], |row| row.get(0)).optional()?;
    Ok(at.map(Timestamp))
}

/// Up to `limit` events after `since`, in order, without the orders that they told.
///
/// # Errors
/// When the database cannot be read.
pub fn replay(connection: &Connection, since: i64, limit: usize) -> Result<Replay> {
    let (oldest, newest) = oldest_and_newest(connection)?;
    // A number from the future, or from a gap, is another database's: a box that was restored
    // from a backup goes on far above the numbers that it may have given since.
    let is_known = since == oldest - 1 || since == newest || has_event(connection, since)?;
    if since < oldest - 1 || since > newest || !is_known {
        return Ok(Replay::TooOld);
    }
    let mut statement = connection.prepare_cached(
        "SELECT seq, at, kind, audience, table_id, waiter_id, status, data, subject, subject_id
         FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2",
    )?;
    let rows = statement.query_map(params![since, limit as i64], event_from_row)?;
    let events: Vec<Event> = rows.collect::<rusqlite::Result<_>>()?;
    Ok(Replay::Events { more: events.len() == limit, events })
}

fn has_event(connection: &Connection, seq: i64) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM events WHERE seq = ?1)";
    Ok(connection.prepare_cached(sql)?.query_row([seq], |row| row.get(0))?)
}

fn event_from_row(row: &Row<'_>) -> rusqlite::Result<Event> {
    let kind = Kind::parse(row.get_ref(2)?.as_str()?);
    let thing = Thing::parse(row.get_ref(8)?.as_str()?);
    // Words that this version doesn't know were written by a newer one: nobody here hears of it.
    let is_known = kind.is_some() && thing.is_some();
    Ok(Event {
        seq: row.get(0)?,
        at: Timestamp(row.get(1)?),
        kind: kind.unwrap_or(Kind::StaffChanged),
        audience: if is_known { Audience(row.get(3)?) } else { Audience::NOBODY },
        subject: thing.unwrap_or(Thing::Restaurant).of(row.get(9)?),
        table_id: row.get(4)?,
        waiter_id: row.get(5)?,
        status: row.get(6)?,
        data: row.get(7)?,
        order: ToldOrder::default(),
        messages: Messages::default(),
    })
}
