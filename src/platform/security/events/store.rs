//! Security events in SQL.

use rusqlite::{Connection, Row, params};

use super::alert::SecurityAlert;
use super::recorder::{Key, Tally};
use super::{KeptEvent, Kind, SecurityEventList};
use crate::core::error::Result;
use crate::core::event::{NewEvent, Thing};
use crate::core::kernel::Timestamp;
use crate::core::store::{Command, Filter, Priority, Tx, word};
use crate::platform::auth::Role;
use crate::platform::security::webhook;

/// How many rows are kept.
const KEPT: i64 = 10_000;
/// How many days back they reach.
const DAYS: i64 = 90;

/// Something to write down: a new row, or more of one that is there.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub key: Key,
    pub tally: Tally,
    pub row: Option<i64>,
    /// Whether admins are told, and then whether there is more than they are told.
    pub alert: Option<bool>,
}

impl Entry {
    /// As admins and the webhook are told of it; `more` says that there is more than they are told.
    fn told(&self, id: i64, more: bool) -> SecurityAlert {
        let Key { kind, what, address, username, .. } = self.key.clone();
        let Tally { at, count, detail, .. } = self.tally.clone();
        SecurityAlert { id, kind, what, address, username, at, count, detail, more }
    }
}

/// Writes entries down; returns their rows.
pub(super) struct Keep {
    pub entries: Vec<Entry>,
    /// Whether the owner hears of what admins are told.
    pub has_webhook: bool,
}

impl Command for Keep {
    type Output = Vec<i64>;
    const PRIORITY: Priority = Priority::Upkeep;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Vec<i64>> {
        let mut rows = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            rows.push(keep(tx, entry, self.has_webhook)?);
        }
        tx.prepare_cached(
            "DELETE FROM security_events
             WHERE id <= (SELECT max(id) FROM security_events) - ?1",
        )?
        .execute([KEPT])?;
        Ok(rows)
    }
}

fn keep(tx: &mut Tx<'_>, entry: &Entry, has_webhook: bool) -> Result<i64> {
    let Entry { key, tally, row, alert } = entry;
    if let Some(row) = row {
        let sql = "UPDATE security_events SET count = count + ?2, last_at = max(last_at, ?3)
                   WHERE id = ?1";
        let changed =
            tx.prepare_cached(sql)?.execute(params![row, tally.count, tally.last_at.0])?;
        if changed > 0 {
            return Ok(*row);
        }
    }
    let address = key.address.map(|address| address.to_string());
    tx.prepare_cached(
        "INSERT INTO security_events
             (kind, what, at, last_at, count, address, username, role, detail)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        key.kind.as_str(),
        key.what,
        tally.at.0,
        tally.last_at.0,
        tally.count,
        address,
        key.username,
        key.role.map(Role::as_str),
        tally.detail,
    ])?;
    let id = tx.last_insert_rowid();
    if let Some(more) = alert {
        let alert = entry.told(id, *more);
        if has_webhook {
            webhook::tell(tx, &alert)?;
        }
        tx.emit(NewEvent::new(Thing::SecurityEvent.with(id), None, &alert)?)?;
    }
    Ok(id)
}

/// Forgets up to `most` security events that are too old. Returns how many went.
///
/// # Errors
/// When the rows cannot be deleted.
pub fn trim(tx: &Tx<'_>, most: usize) -> Result<usize> {
    let sql = "DELETE FROM security_events
               WHERE id IN (SELECT id FROM security_events ORDER BY id LIMIT ?2) AND last_at < ?1";
    let before = tx.now().0 - DAYS * 24 * 3_600_000;
    Ok(tx.prepare_cached(sql)?.execute([before, most as i64])?)
}

pub(super) fn list(
    db: &Connection,
    page: (i64, i64),
    kind: Option<Kind>,
) -> Result<SecurityEventList> {
    let filter = Filter::new("1").and("kind = ?", kind.map(Kind::as_str));
    let select = "SELECT id, kind, what, at, last_at, count, address, username, role, detail
                  FROM security_events";
    Ok(SecurityEventList {
        events: filter.page(db, select, "id DESC", page, from_row)?,
        total: filter.count(db, "security_events")?,
    })
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<KeptEvent> {
    let role: Option<String> = row.get(8)?;
    Ok(KeptEvent {
        id: row.get(0)?,
        kind: word(row, 1, Kind::parse)?,
        what: row.get(2)?,
        at: Timestamp(row.get(3)?),
        last_at: Timestamp(row.get(4)?),
        count: row.get(5)?,
        address: row.get(6)?,
        username: row.get(7)?,
        role: role.as_deref().and_then(Role::parse),
        detail: row.get(9)?,
    })
}
