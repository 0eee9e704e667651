//! A request sent twice happens once: the reply of a keyed command is found again.
//!
//! A row is small on purpose: a reply that is an event's order is kept as that event's number.
//! A key that is a UUID keeps its 16 bytes, so that time-ordered keys land side by side in the
//! index; any other key is hashed.

use std::sync::Arc;

use rusqlite::{OptionalExtension, params};
use serde::Serialize;

use super::{Command, Connection, Priority, Tx, kept_reply};
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;

/// How long a reply is kept: three days, in milliseconds.
const KEPT_FOR_MS: i64 = 3 * 24 * 3_600_000;
/// How many old ones are forgotten at a time.
const KEYS_AT_ONCE: i64 = 50_000;

/// Who sent which request under which key.
#[derive(Debug, Clone, Copy)]
pub struct IdempotencyKey {
    /// The key, or its hash.
    pub key: [u8; 16],
    /// Whose key it is: a person's id, or minus the id of a visit for its guests.
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
pub struct Idempotent<C> {
    /// The key, if the caller sent one.
    pub key: Option<IdempotencyKey>,
    /// What to do.
    pub command: C,
}

impl<C: Command<Output = Reply>> Command for Idempotent<C> {
    type Output = Replayed;
    const PRIORITY: Priority = C::PRIORITY;

    /// The key is looked for before, and written after all else.
    fn checks_first(&self) -> bool {
        self.command.checks_first()
    }

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
        tx.keep_replies();
        let reply = self.command.apply(tx)?;
        insert(tx, &key, &reply)?;
        Ok(Replayed { json: reply.json, replayed: false })
    }
}

/// A command whose reply is what it gives, as JSON.
pub struct Told<C>(pub C);

impl<C: Command<Output: Serialize>> Command for Told<C> {
    type Output = Reply;
    const PRIORITY: Priority = C::PRIORITY;

    fn checks_first(&self) -> bool {
        self.0.checks_first()
    }

    fn name() -> &'static str {
        C::name()
    }

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let given = self.0.apply(tx)?;
        let json = serde_json::to_string(&given).map_err(Error::internal)?;
        Ok(Reply { json: json.into(), event_seq: None })
    }
}

fn find(tx: &Tx<'_>, key: &IdempotencyKey) -> Result<Option<Arc<str>>> {
    type Found = ([u8; 16], Option<Arc<str>>, Option<i64>);
    let found: Option<Found> = tx
        .prepare_cached(
            "SELECT request, reply, event_seq FROM idempotency_keys WHERE key = ?1 AND actor = ?2",
        )?
        .query_row(params![key.key, key.actor], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((request, reply, event)) = found else { return Ok(None) };
    if request != key.request {
        return Err(Error::key_reused());
    }
    let kept = match (reply, event) {
        (None, Some(seq)) => kept_reply::of_event(tx, seq)?,
        (reply, _) => reply,
    };
    kept.map(Some).ok_or_else(|| {
        let detail = "This was done already, but the reply is no longer kept. Load it anew.";
        Error::conflict("reply_gone", detail)
    })
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

/// Forgets each kept reply that has one of these texts: something in it is erased. Sent again, the
/// request hears that it was done, and no more.
///
/// # Errors
/// When the rows cannot be written.
pub fn forget_replies(tx: &Tx<'_>, texts: &[String]) -> Result<()> {
    let sql = "UPDATE idempotency_keys SET reply = NULL WHERE instr(reply, ?1) > 0";
    let mut forget = tx.prepare_cached(sql)?;
    for text in texts {
        forget.execute([text])?;
    }
    Ok(())
}

/// A key, and whose it is.
pub type KeptKey = ([u8; 16], i64);

/// The keys of replies that nobody will ask for again. They are looked for here, beside the writer:
/// an index on their time would cost every order.
///
/// # Errors
/// When the database cannot be read.
pub fn old_keys(db: &Connection, now: Timestamp) -> Result<Vec<KeptKey>> {
    // Those of a clock that ran ahead are old too.
    let sql = "SELECT key, actor FROM idempotency_keys
               WHERE created_at NOT BETWEEN ?1 AND ?2 LIMIT ?3";
    let mut old = db.prepare(sql)?;
    let params = [now.0 - KEPT_FOR_MS, now.0 + KEPT_FOR_MS, KEYS_AT_ONCE];
    let old = old.query_map(params, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(old.collect::<rusqlite::Result<_>>()?)
}

/// Forgets these. Returns how many they were.
///
/// # Errors
/// When the rows cannot be deleted.
pub fn delete_keys(tx: &Tx<'_>, keys: &[KeptKey]) -> Result<usize> {
    let sql = "DELETE FROM idempotency_keys WHERE key = ?1 AND actor = ?2";
    let mut delete = tx.prepare_cached(sql)?;
    for key in keys {
        delete.execute(*key)?;
    }
    Ok(keys.len())
}
