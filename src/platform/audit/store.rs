//! The chain in SQL: written entry by entry, read page by page, verified from its beginning.

use std::fmt;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use serde_json::Value;

use super::rules::{BEGINNING, Hash, Link};
use super::{AuditEntry, AuditList, Change};
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::core::store::{Filter, Tx};

/// The newest entry and its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The entry's id.
    pub id: i64,
    hash: Hash,
}

impl fmt::Display for Head {
    /// `ID:HASH`, as it is noted elsewhere.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.id)?;
        self.hash.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

const HEAD: &str = "SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1";

/// The newest entry; none while there is none.
///
/// # Errors
/// When the database cannot be read.
pub fn head(db: &Connection) -> Result<Option<Head>> {
    let row: Option<(i64, Vec<u8>)> =
        db.prepare_cached(HEAD)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    // One that was spoilt by hand is still followed: `qres audit verify` tells of it.
    Ok(row.map(|(id, hash)| Head { id, hash: hash.try_into().unwrap_or(BEGINNING) }))
}

/// A kind of thing that people change, by the word that the trail has for it: `tax_class`.
#[derive(Debug, Clone, Copy)]
pub struct Subject(pub &'static str);

impl Subject {
    /// Writes what was done to one of them, as [`note`] does.
    ///
    /// # Errors
    /// When the row cannot be written.
    pub fn note(
        self,
        tx: &Tx<'_>,
        by: impl Into<Option<i64>>,
        action: &str,
        id: i64,
        change: Change,
    ) -> Result<()> {
        note(tx, by.into(), action, (self.0, Some(id)), change)
    }
}

/// Writes an entry at the end of the chain, in the transaction of the change that it tells of.
///
/// `by` is who did it; none is the box itself, or somebody with a shell on it. `action` is a stable
/// word such as `price_changed`, and so is the kind of thing that it was done `to`.
///
/// # Errors
/// When the row cannot be written.
pub fn note(
    tx: &Tx<'_>,
    by: Option<i64>,
    action: &str,
    to: (&str, Option<i64>),
    (before, after): Change,
) -> Result<()> {
    let head = head(tx)?;
    let (id, previous) = head.map_or((1, BEGINNING), |head| (head.id + 1, head.hash));
    let username: Option<String> = match by {
        Some(user) => tx
            .prepare_cached("SELECT username FROM users WHERE id = ?1")?
            .query_row([user], |row| row.get(0))
            .optional()?,
        None => None,
    };
    let text = |value: &Value| (!value.is_null()).then(|| value.to_string());
    let (before, after) = (text(&before), text(&after));
    let link = Link {
        id,
        at: tx.now().0,
        user_id: by,
        username: username.as_deref().unwrap_or_default(),
        action,
        subject: to.0,
        subject_id: to.1,
        before: before.as_deref(),
        after: after.as_deref(),
    };
    tx.prepare_cached(
        "INSERT INTO audit (id, at, user_id, username, action, subject, subject_id, before, after,
                            hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        link.id,
        link.at,
        link.user_id,
        link.username,
        link.action,
        link.subject,
        link.subject_id,
        link.before,
        link.after,
        link.hash(&previous),
    ])?;
    Ok(())
}

/// Which entries a list shows.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub user_id: Option<i64>,
    pub subject: Option<String>,
    pub subject_id: Option<i64>,
}

const COLUMNS: &str = "id, at, user_id, username, action, subject, subject_id, before, after";

pub(super) fn list(db: &Connection, page: (i64, i64), wanted: Wanted) -> Result<AuditList> {
    let is_filtered = wanted.user_id.is_some() || wanted.subject.is_some();
    let filter = Filter::new("1")
        .and("user_id = ?", wanted.user_id)
        .and("subject = ?", wanted.subject)
        .and("subject_id = ?", wanted.subject_id);
    let head = head(db)?;
    // The chain has no gaps: its newest number is how many there are.
    let total = match head {
        Some(head) if !is_filtered => head.id,
        _ => filter.count(db, "audit")?,
    };
    let select = format!("SELECT {COLUMNS} FROM audit");
    Ok(AuditList {
        entries: filter.page(db, &select, "id DESC", page, from_row)?,
        total,
        head: head.map(|head| head.to_string()),
    })
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<AuditEntry> {
    let json = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    Ok(AuditEntry {
        id: row.get(0)?,
        at: Timestamp(row.get(1)?),
        user_id: row.get(2)?,
        username: row.get(3)?,
        action: row.get(4)?,
        subject: row.get(5)?,
        subject_id: row.get(6)?,
        before: json(row.get(7)?),
        after: json(row.get(8)?),
    })
}

/// What a walk along the whole chain found.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// How many entries fit.
    pub entries: i64,
    /// The last of them, as `ID:HASH`.
    pub head: Option<String>,
    /// What is wrong, if something is.
    pub broken: Option<String>,
}

/// Walks along the chain. `noted` is a head that was noted earlier, as `ID:HASH`: without it an
/// end that was cut off cannot be told from one that never was.
///
/// # Errors
/// When the database cannot be read, or `noted` is no head.
pub fn verify(db: &Connection, noted: Option<&str>) -> Result<Verdict> {
    let noted = noted.map(noted_head).transpose()?;
    let mut statement = db.prepare(&format!("SELECT {COLUMNS}, hash FROM audit ORDER BY id"))?;
    let mut rows = statement.query([])?;
    let mut last = Head { id: 0, hash: BEGINNING };
    let mut broken = None;
    while let Some(row) = rows.next()? {
        match follow(row, &last)? {
            Ok(next) => last = next,
            Err(why) => {
                broken = Some(why);
                break;
            }
        }
        if noted.as_ref().is_some_and(|(id, text)| *id == last.id && *text != last.to_string()) {
            let id = last.id;
            broken = Some(format!(
                "entry {id} is not the one that was noted: the chain up to it was written anew"
            ));
            break;
        }
    }
    let missing = noted.filter(|(id, _)| broken.is_none() && *id > last.id);
    if let Some((id, _)) = missing {
        broken = Some(format!(
            "entry {id} was noted, and the chain ends at {}: its end was cut off",
            last.id
        ));
    }
    let head = (last.id > 0).then(|| last.to_string());
    Ok(Verdict { entries: last.id, head, broken })
}

/// The entry of a row as the head that follows `last`, or why it does not follow.
fn follow(row: &Row<'_>, last: &Head) -> Result<Result<Head, String>> {
    let text = |column| row.get_ref(column).map(|value| value.as_str_or_null().unwrap_or_default());
    let link = Link {
        id: row.get(0)?,
        at: row.get(1)?,
        user_id: row.get(2)?,
        username: text(3)?.unwrap_or_default(),
        action: text(4)?.unwrap_or_default(),
        subject: text(5)?.unwrap_or_default(),
        subject_id: row.get(6)?,
        before: text(7)?,
        after: text(8)?,
    };
    let next = last.id + 1;
    if link.id != next {
        return Ok(Err(format!("entry {next} is missing: it was removed")));
    }
    let hash = link.hash(&last.hash);
    if row.get_ref(9)?.as_blob().ok() == Some(hash.as_slice()) {
        return Ok(Ok(Head { id: next, hash }));
    }
    Ok(Err(format!("entry {next} does not follow the one before it: it was changed or slipped in")))
}

fn noted_head(text: &str) -> Result<(i64, String)> {
    let parts = text.trim().split_once(':');
    let id = parts.and_then(|(id, hash)| (hash.len() == 64).then(|| id.parse().ok()).flatten());
    let wrong = || Error::rule("no_head", "A head looks like 17:9f86d0…, an id and 64 digits.");
    Ok((id.ok_or_else(wrong)?, text.trim().to_lowercase()))
}
