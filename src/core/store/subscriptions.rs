//! Durable readers of the event log: what works after the fact, such as a stock or a printer, reads
//! each event once, at its own pace, and goes on where it was after a restart.
//!
//! A subscription's position moves in the transaction that does the work, so an event's effect is
//! there exactly once. Trimming leaves what a subscription has not read, within reason: see
//! [`EventTrim`](super::EventTrim).

use rusqlite::{Connection, OptionalExtension, params};

use super::Tx;
use super::events::{Replay, oldest_and_newest, replay};
use crate::core::error::Result;
use crate::core::event::Event;

/// What a subscription gets.
#[derive(Debug)]
pub enum Taken {
    /// The next events, in order; none when it has read all.
    Events(Vec<Event>),
    /// It stayed away for so long that events are gone which it has not read. It goes on with what
    /// happens from now on, and must make anew what it made of the past.
    CutOff,
}

/// Takes up to `most` events that a subscription has not read, and notes that it has: whatever the
/// command that calls this does with them is done once. A new name begins with what happens from now
/// on.
///
/// # Errors
/// When the database cannot be read or written.
pub fn take_events(tx: &Tx<'_>, subscription: &str, most: usize) -> Result<Taken> {
    let newest = oldest_and_newest(tx)?.1;
    let known: Option<(i64, bool)> = tx
        .prepare_cached(
            "SELECT position, cut_off_at IS NOT NULL FROM event_subscriptions WHERE name = ?1",
        )?
        .query_row([subscription], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (taken, position) = match known {
        None => (Taken::Events(Vec::new()), newest),
        Some((_, true)) => (Taken::CutOff, newest),
        Some((position, false)) => match replay(tx, position, most)? {
            Replay::TooOld => (Taken::CutOff, newest),
            Replay::Events { events, .. } => {
                let last = events.last().map_or(position, |event| event.seq);
                (Taken::Events(events), last)
            }
        },
    };
    if known != Some((position, false)) {
        tx.prepare_cached(
            "INSERT INTO event_subscriptions (name, position) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET position = excluded.position, cut_off_at = NULL",
        )?
        .execute(params![subscription, position])?;
    }
    Ok(taken)
}

/// The newest event that every subscription has read; none while there is no subscription.
pub(super) fn read_by_all(connection: &Connection) -> Result<Option<i64>> {
    let sql = "SELECT min(position) FROM event_subscriptions WHERE cut_off_at IS NULL";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// Cuts off the subscriptions that have not read all that precedes an event.
pub(super) fn cut_off_before(tx: &Tx<'_>, seq: i64) -> Result<()> {
    let sql = "UPDATE event_subscriptions SET cut_off_at = ?2
               WHERE cut_off_at IS NULL AND position < ?1 - 1 RETURNING name";
    let mut cut_off = tx.prepare_cached(sql)?;
    let mut names = cut_off.query(params![seq, tx.now().0])?;
    while let Some(row) = names.next()? {
        let name: String = row.get(0)?;
        tracing::error!(name, "a reader of the event log stayed away for too long; it is cut off");
    }
    Ok(())
}

/// How far a subscription has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its name.
    pub name: String,
    /// How many events it has not read.
    pub behind: i64,
    /// Whether some of them are gone.
    pub is_cut_off: bool,
}

/// All subscriptions.
///
/// # Errors
/// When the database cannot be read.
pub fn subscriptions(db: &Connection) -> Result<Vec<Subscription>> {
    let newest = oldest_and_newest(db)?.1;
    let sql =
        "SELECT name, position, cut_off_at IS NOT NULL FROM event_subscriptions ORDER BY name";
    let mut all = db.prepare_cached(sql)?;
    let all = all.query_map([], |row| {
        let behind = (newest - row.get::<_, i64>(1)?).max(0);
        Ok(Subscription { name: row.get(0)?, behind, is_cut_off: row.get(2)? })
    })?;
    Ok(all.collect::<rusqlite::Result<_>>()?)
}
