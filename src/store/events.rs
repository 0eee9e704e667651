//! The event log: written with what it tells of, replayed to screens that were away, trimmed.

use std::sync::{Arc, OnceLock};

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::Result;
use crate::event::{Audience, Event, Kind, NewEvent};
use crate::kernel::Timestamp;

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
) -> Result<Event> {
    let data = event.data.to_string();
    connection
        .prepare_cached(
            "INSERT INTO events (seq, at, kind, audience, order_id, table_id, waiter_id, actor_id,
                                 status, data, order_json)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            seq,
            at.0,
            event.kind.as_str(),
            event.audience.0,
            event.order_id,
            event.table_id,
            event.waiter_id,
            event.actor_id,
            event.status,
            data,
            event.order.as_deref(),
        ])?;
    Ok(Event {
        seq,
        at,
        kind: event.kind,
        audience: event.audience,
        order_id: event.order_id,
        table_id: event.table_id,
        waiter_id: event.waiter_id,
        status: event.status.map(Arc::from),
        data: data.into(),
        order: event.order,
        message: OnceLock::new(),
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

/// Up to `limit` events after `since`, in order.
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
        "SELECT seq, at, kind, audience, order_id, table_id, waiter_id, status, data, order_json
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
    let kind: String = row.get(2)?;
    Ok(Event {
        seq: row.get(0)?,
        at: Timestamp(row.get(1)?),
        // A word this version doesn't know was written by a newer one: nobody here hears of it.
        kind: Kind::parse(&kind).unwrap_or(Kind::StaffChanged),
        audience: match Kind::parse(&kind) {
            Some(_) => Audience(row.get(3)?),
            None => Audience::NOBODY,
        },
        order_id: row.get(4)?,
        table_id: row.get(5)?,
        waiter_id: row.get(6)?,
        status: row.get::<_, Option<Arc<str>>>(7)?,
        data: row.get(8)?,
        order: row.get(9)?,
        message: OnceLock::new(),
    })
}

/// Deletes up to `limit` of the oldest events from before `before`, but never the newest one:
/// its number is where counting goes on. Returns how many went.
///
/// # Errors
/// When the rows cannot be deleted.
pub fn trim(connection: &Connection, before: Timestamp, limit: i64) -> Result<usize> {
    Ok(connection
        .prepare_cached(
            "DELETE FROM events
             WHERE seq IN (SELECT seq FROM events ORDER BY seq LIMIT ?2)
               AND at < ?1 AND seq < (SELECT max(seq) FROM events)",
        )?
        .execute(params![before.0, limit])?)
}
