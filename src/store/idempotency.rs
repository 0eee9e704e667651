//! A request sent twice happens once: the reply of a keyed command is found again.
//!
//! A row is small on purpose: a reply that is an event's order is kept as that event's number.
//! A key that is a UUID keeps its 16 bytes, so that time-ordered keys land side by side in the
//! index; any other key is hashed.

use std::sync::Arc;

use rusqlite::{OptionalExtension, params};

use super::{Command, Priority, Tx};
use crate::error::{Error, Result};

/// How long a reply is kept: three days, in milliseconds.
const KEPT_FOR_MS: i64 = 3 * 24 * 3_600_000;

/// Who sent which request under which key.
#[derive(Debug, Clone, Copy)]
pub struct IdempotencyKey {
    /// The key, or its hash.
    pub key: [u8; 16],
    /// Whose key it is: a person's id, or minus a table's id for its guests.
    pub actor: i64,
    /// The hash of method, path and body.
    pub request: [u8; 16],
}

/// What a keyed command answers.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The body, JSON.
    pub json: Arc<str>,
    /// The event whose order the body is, if it is one.
    pub event_seq: Option<i64>,
}

/// A reply, and whether it was given before.
#[derive(Debug)]
pub struct Replayed {
    /// The body, JSON.
    pub json: Arc<str>,
    /// True when nothing was done now.
    pub replayed: bool,
}

/// A command that is done once for its key; without a key, every time.
pub struct Once<C> {
    /// The key, if the caller sent one.
    pub key: Option<IdempotencyKey>,
    /// What to do.
    pub command: C,
}

impl<C: Command<Output = Reply>> Command for Once<C> {
    type Output = Replayed;
    const PRIORITY: Priority = C::PRIORITY;

    fn name() -> &'static str {
        C::name()
    }

    fn apply(self, tx: &mut Tx<'_>) -> Result<Replayed> {
        let Some(key) = self.key else {
            return Ok(Replayed { json: self.command.apply(tx)?.json, replayed: false });
        };
        if let Some(json) = find(tx, &key)? {
            return Ok(Replayed { json, replayed: true });
        }
        let reply = self.command.apply(tx)?;
        insert(tx, &key, &reply)?;
        Ok(Replayed { json: reply.json, replayed: false })
    }
}

fn find(tx: &Tx<'_>, key: &IdempotencyKey) -> Result<Option<Arc<str>>> {
    let found: Option<([u8; 16], Option<Arc<str>>)> = tx
        .prepare_cached(
            "SELECT request, coalesce(reply, (SELECT order_json FROM events WHERE seq = event_seq))
             FROM idempotency_keys WHERE key = ?1 AND actor = ?2",
        )?
        .query_row(params![key.key, key.actor], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match found {
        None => Ok(None),
        Some((request, _)) if request != key.request => Err(Error::key_reused()),
        Some((_, Some(json))) => Ok(Some(json)),
        Some((_, None)) => Err(Error::internal("the event of a kept reply is gone")),
    }
}

fn insert(tx: &Tx<'_>, key: &IdempotencyKey, reply: &Reply) -> Result<()> {
    let text = match reply.event_seq {
        Some(_) => None,
        None => Some(&*reply.json),
    };
    tx.prepare_cached(
        "INSERT INTO idempotency_keys (key, actor, request, event_seq, reply, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![key.key, key.actor, key.request, reply.event_seq, text, tx.now().0])?;
    Ok(())
}

/// Another actor answers for these keys from now on: the guests of a table sit at another one.
///
/// # Errors
/// When the rows cannot be written.
pub fn hand_over_keys(tx: &Tx<'_>, from: i64, to: i64) -> Result<()> {
    // Actors below zero have an index of their own. A key that both have used stays where it is.
    tx.prepare_cached(
        "UPDATE OR IGNORE idempotency_keys SET actor = ?2 WHERE actor = ?1 AND actor < 0",
    )?
    .execute([from, to])?;
    Ok(())
}

/// Forgets replies that nobody will ask for again.
///
/// # Errors
/// When the rows cannot be deleted.
pub fn trim_keys(tx: &Tx<'_>) -> Result<()> {
    tx.prepare_cached("DELETE FROM idempotency_keys WHERE created_at < ?1")?
        .execute([tx.now().0 - KEPT_FOR_MS])?;
    Ok(())
}
