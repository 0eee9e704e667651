//! What opens doors stays as it is now: the passwords, PINs and table codes that were changed since
//! the backup, and the visits that have ended since.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, params};

use super::store::columns;
use crate::core::error::Result;

/// The secrets of a person, and when their row was changed.
struct Secrets {
    id: i64,
    username: String,
    password: String,
    pin: Option<String>,
    updated_at: i64,
}

fn everybodys(db: &Connection) -> Result<Vec<Secrets>> {
    let mut people =
        db.prepare("SELECT id, username, password_hash, pin_hash, updated_at FROM users")?;
    let people = people.query_map([], |row| {
        Ok(Secrets {
            id: row.get(0)?,
            username: row.get(1)?,
            password: row.get(2)?,
            pin: row.get(3)?,
            updated_at: row.get(4)?,
        })
    })?;
    Ok(people.collect::<rusqlite::Result<_>>()?)
}

/// Passwords and PINs that were changed since the backup stay. With another key, which `same_key`
/// denies, no PIN of now fits: a changed one is none then, until it is set anew. Returns whose they
/// are.
pub(super) fn keep_secrets(
    old: &Connection,
    new: &Connection,
    same_key: bool,
) -> Result<Vec<String>> {
    let then = everybodys(new)?;
    let mut kept = Vec::new();
    for now in everybodys(old)? {
        let same_person = |then: &&Secrets| then.id == now.id && then.updated_at <= now.updated_at;
        let Some(then) = then.iter().find(same_person) else { continue };
        if now.password == then.password && now.pin == then.pin {
            continue;
        }
        let pin = now.pin.filter(|pin| same_key || then.pin.as_ref() == Some(pin));
        new.execute(
            "UPDATE users SET password_hash = ?2, pin_hash = ?3 WHERE id = ?1",
            params![now.id, now.password, pin],
        )?;
        kept.push(now.username);
    }
    Ok(kept)
}

/// Codes of tables that were renewed since stay: the one of then is dead, wherever it leaked to, and
/// the one of now is printed.
pub(super) fn keep_codes(old: &Connection, new: &Connection) -> Result<()> {
    let mut codes = old.prepare("SELECT id, qr_code, updated_at FROM tables")?;
    let mut codes = codes.query([])?;
    while let Some(row) = codes.next()? {
        let (id, code, updated_at): (i64, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        // Two tables of a backup that was made elsewhere may have each other's.
        new.execute(
            "UPDATE OR IGNORE tables SET qr_code = ?2
             WHERE id = ?1 AND qr_code <> ?2 AND updated_at <= ?3",
            params![id, code, updated_at],
        )?;
    }
    Ok(())
}

/// Phones of visits that have ended since see nothing of who sits there now.
pub(super) fn end_visits(old: &Connection, new: &Connection) -> Result<()> {
    if columns(old, "visits")?.is_empty() {
        return Ok(());
    }
    let mut ended =
        old.prepare("SELECT id, began_at, ended_at FROM visits WHERE ended_at IS NOT NULL")?;
    let mut ended = ended.query([])?;
    while let Some(row) = ended.next()? {
        let (id, began_at, ended_at): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        new.execute(
            "UPDATE visits SET ended_at = ?3
             WHERE id = ?1 AND began_at = ?2 AND ended_at IS NULL",
            params![id, began_at, ended_at],
        )?;
    }
    Ok(())
}

/// Whether PINs are guarded with the key of before: a restore brought none, or the same one.
pub(super) fn same_pin_key(data: &Path, kept: &Path) -> bool {
    let key = |folder: &Path| fs::read(folder.join("secrets/pin.key")).ok();
    key(kept).is_none_or(|before| key(data) == Some(before))
}
