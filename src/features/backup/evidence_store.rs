//! Carries over what a restore must not undo, in one transaction of the new database.

use std::path::PathBuf;

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params, params_from_iter};
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::restore_note::Note;
use super::secrets_store::{end_visits, keep_codes, keep_secrets};
use super::store::columns;
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::core::store::{Command, Tx};
use crate::platform::audit;

/// What was carried over, for the audit trail.
#[derive(Debug, Default, Serialize)]
pub(super) struct Carried {
    /// The head of the trail that was replaced, as `ID:HASH`.
    #[serde(skip)]
    head: Option<String>,
    /// Entries of the audit trail.
    #[serde(rename = "carried_entries")]
    entries: usize,
    /// Sign-ins that go on.
    #[serde(skip)]
    sign_ins: usize,
    /// Events at the door.
    #[serde(skip)]
    security_events: usize,
    /// People who stay shut out, or may not more than they did.
    shut_out: Vec<String>,
    /// People who came since the backup, and stay.
    newer_people: Vec<String>,
    /// People whose password or PIN was changed since, and stays so.
    newer_secrets: Vec<String>,
    /// How many guests were erased since, and are again.
    erased: usize,
    /// Tablets that stay cut off.
    tablets: Vec<String>,
}

/// What the entry of a restore holds.
#[derive(Serialize)]
struct Entry<'a> {
    file: String,
    as_of: Timestamp,
    kept: String,
    #[serde(flatten)]
    carried: &'a Carried,
}

/// Notes a restore, and carries over from the database that was replaced, if it can be read.
pub(super) struct Settle {
    pub note: Note,
    pub replaced: Option<PathBuf>,
    /// Whether PINs are guarded with the key of before.
    pub same_key: bool,
}

impl Command for Settle {
    type Output = Carried;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Carried> {
        let kept = self.note.kept.display().to_string();
        if is_noted(tx, &kept)? {
            return Ok(Carried::default());
        }
        let mut carried = Carried::default();
        if let Some(path) = self.replaced.filter(|path| path.is_file()) {
            let old = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            carry(&old, tx, self.same_key, &mut carried)?;
            if self.note.by.nobody {
                carried.sign_ins = sign_ins(&old, tx)?;
            }
        }
        let by = self.note.by;
        let known = match by.user_id {
            Some(id) => tx.prepare_cached("SELECT 1 FROM users WHERE id = ?1")?.exists([id])?,
            None => false,
        };
        let before = json!({"head": carried.head});
        let (file, as_of) = (by.file, self.note.as_of);
        let after = Entry { file, as_of, kept, carried: &carried };
        let after = serde_json::to_value(after).map_err(Error::internal)?;
        let user = by.user_id.filter(|_| known);
        audit::note(tx, user, "restored", ("backup", None), (before, after))?;
        Ok(carried)
    }
}

/// Whether it was done already, and only the note could not be removed.
fn is_noted(db: &Connection, kept: &str) -> Result<bool> {
    let mut entries = db.prepare(
        "SELECT after FROM audit WHERE subject = 'backup' AND subject_id IS NULL
         ORDER BY id DESC LIMIT 10",
    )?;
    let entries = entries.query_map([], |row| row.get::<_, Option<String>>(0))?;
    for entry in entries {
        let after: Option<Json> = entry?.and_then(|text| serde_json::from_str(&text).ok());
        if after.is_some_and(|after| after["kept"] == kept) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn carry(old: &Connection, new: &Connection, same_key: bool, carried: &mut Carried) -> Result<()> {
    carried.head = audit::head(old)?.map(|head| head.to_string());
    let site = |db: &Connection| -> Result<Option<String>> {
        Ok(db.query_row("SELECT uuid FROM site", [], |row| row.get(0)).optional()?)
    };
    // Another restaurant's people and tablets are not these.
    if site(old)? != site(new)? {
        return Ok(());
    }
    // Before the people: those who came since have theirs with them.
    carried.newer_secrets = keep_secrets(old, new, same_key)?;
    keep_codes(old, new)?;
    end_visits(old, new)?;
    people(old, new, carried)?;
    carried.erased = erased_customers(old, new)?;
    second_factors(old, new)?;
    tablets(old, new, carried)?;
    nets(old, new)?;
    carried.entries = trail(old, new)?;
    carried.security_events = copy_rows(old, new, "security_events", "1 = ?1", 1)?;
    Ok(())
}

/// A person, as far as a restore could give back what was taken.
struct Person {
    id: i64,
    username: String,
    role: String,
    is_active: bool,
    deleted_at: Option<i64>,
}

impl Person {
    /// How much they may.
    fn rank(&self) -> u8 {
        match self.role.as_str() {
            _ if !self.is_active || self.deleted_at.is_some() => 0,
            "admin" => 3,
            "manager" => 2,
            _ => 1,
        }
    }
}

const PERSON: &str = "SELECT id, username, role, is_active, deleted_at FROM users";

fn everybody(db: &Connection) -> Result<Vec<Person>> {
    let mut people = db.prepare(&format!("{PERSON} ORDER BY id"))?;
    let people = people.query_map([], |row| {
        Ok(Person {
            id: row.get(0)?,
            username: row.get(1)?,
            role: row.get(2)?,
            is_active: row.get(3)?,
            deleted_at: row.get(4)?,
        })
    })?;
    Ok(people.collect::<rusqlite::Result<_>>()?)
}

/// Whoever may less since the backup goes on so, and whoever came since stays: their id must not
/// become another's.
fn people(old: &Connection, new: &Connection, carried: &mut Carried) -> Result<()> {
    let then = everybody(new)?;
    for now in everybody(old)? {
        let Some(then) = then.iter().find(|then| then.id == now.id) else {
            newer_person(old, new, &now)?;
            carried.newer_people.push(now.username);
            continue;
        };
        if now.rank() < then.rank() {
            new.execute(
                "UPDATE users SET role = ?2, is_active = ?3, deleted_at = ?4 WHERE id = ?1",
                params![now.id, now.role, now.is_active, now.deleted_at],
            )?;
            carried.shut_out.push(now.username);
        }
    }
    let admins = "SELECT 1 FROM users
                  WHERE role = 'admin' AND is_active = 1 AND deleted_at IS NULL";
    if new.prepare(admins)?.exists([])? {
        return Ok(());
    }
    // A restaurant that nobody can run is no safer: the admins of then are let in again.
    for admin in then.iter().filter(|person| person.rank() == 3) {
        new.execute(
            "UPDATE users SET role = 'admin', is_active = 1, deleted_at = NULL WHERE id = ?1",
            [admin.id],
        )?;
        carried.shut_out.retain(|name| *name != admin.username);
    }
    Ok(())
}

/// Somebody who came since the backup stays, under their name. Whoever had that name then goes on
/// under the one that they have now.
fn newer_person(old: &Connection, new: &Connection, person: &Person) -> Result<()> {
    let holder: Option<i64> = new
        .query_row(
            "SELECT id FROM users WHERE username = ?1 COLLATE NOCASE AND deleted_at IS NULL",
            [&person.username],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(holder) = holder.filter(|_| person.deleted_at.is_none()) {
        let own: Option<String> = old
            .query_row("SELECT username FROM users WHERE id = ?1", [holder], |row| row.get(0))
            .optional()?;
        let own = own.unwrap_or_else(|| format!("{}-{holder}", person.username));
        new.execute("UPDATE users SET username = ?2 WHERE id = ?1", params![holder, own])?;
    }
    copy_rows(old, new, "users", "id = ?1", person.id)?;
    Ok(())
}

/// Guests who were forgotten since the backup are forgotten again: from here on nobody sees them, and what
/// the backup holds of them is emptied before anybody is served (`features/customers`). One that the backup
/// does not know has its id taken, so that it becomes nobody else's.
fn erased_customers(old: &Connection, new: &Connection) -> Result<usize> {
    if columns(old, "customer_erasures")?.is_empty() {
        return Ok(0);
    }
    let mut erasures = old.prepare(
        "SELECT e.customer_id, e.at, e.user_id, c.created_at
         FROM customer_erasures e JOIN customers c ON c.id = e.customer_id ORDER BY e.id",
    )?;
    let mut erasures = erasures.query([])?;
    let mut again = 0;
    while let Some(row) = erasures.next()? {
        let (id, at, created_at): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(3)?);
        let user: Option<i64> = row.get(2)?;
        new.execute(
            "INSERT INTO customers (id, name, created_at, updated_at) VALUES (?1, '', ?2, ?3)
             ON CONFLICT (id) DO NOTHING",
            params![id, created_at, at],
        )?;
        again += new.execute(
            "UPDATE customers SET erased_at = ?3
             WHERE id = ?1 AND created_at = ?2 AND erased_at IS NULL",
            params![id, created_at, at],
        )?;
        new.execute(
            "INSERT INTO customer_erasures (customer_id, at, user_id)
             SELECT id, ?3, ?4 FROM customers WHERE id = ?1 AND created_at = ?2
             ON CONFLICT (customer_id) DO NOTHING",
            params![id, created_at, at, user],
        )?;
    }
    Ok(again)
}

/// A code that was used since is not good again.
fn second_factors(old: &Connection, new: &Connection) -> Result<()> {
    for table in ["recovery_codes", "second_factors"] {
        new.execute(&format!("DELETE FROM {table} WHERE user_id > 0"), [])?;
        copy_rows(old, new, table, "user_id > ?1", 0)?;
    }
    Ok(())
}

fn tablets(old: &Connection, new: &Connection, carried: &mut Carried) -> Result<()> {
    let mut off =
        old.prepare("SELECT id, token_hash, cut_off_at, name FROM devices WHERE cut_off_at > 0")?;
    let mut rows = off.query([])?;
    while let Some(row) = rows.next()? {
        let (id, token, at): (i64, Vec<u8>, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let cut = new.execute(
            "UPDATE devices SET cut_off_at = ?3
             WHERE id = ?1 AND token_hash = ?2 AND cut_off_at IS NULL",
            params![id, token, at],
        )?;
        if cut > 0 {
            carried.tablets.push(row.get(3)?);
        }
    }
    Ok(())
}

/// When the box fell back by itself, who is signed in stays so: in the middle of the evening nobody
/// asked for it. Whoever was cut off since is not among them, for these are the sign-ins of now.
fn sign_ins(old: &Connection, new: &Connection) -> Result<usize> {
    let site = "SELECT uuid FROM site";
    let site = |db: &Connection| db.query_row(site, [], |row| row.get::<_, String>(0)).optional();
    if site(old)? != site(new)? {
        return Ok(0);
    }
    let known = "SELECT id FROM devices WHERE token_hash = ?2 AND id = ?1 AND cut_off_at IS NULL";
    let mut known = new.prepare(known)?;
    let mut tablets = Vec::new();
    let mut now = old.prepare("SELECT id, token_hash FROM devices WHERE cut_off_at IS NULL")?;
    let mut now = now.query([])?;
    while let Some(row) = now.next()? {
        let (id, token): (i64, Vec<u8>) = (row.get(0)?, row.get(1)?);
        if known.exists(params![id, token])? {
            tablets.push(id.to_string());
        }
    }
    let good =
        format!("expires_at > ?1 AND (device_id IS NULL OR device_id IN ({}))", tablets.join(", "));
    copy_rows(old, new, "sessions", &good, 0)
}

/// Nets are blocked as they are now; those that are trusted no more are not again.
fn nets(old: &Connection, new: &Connection) -> Result<()> {
    new.execute("DELETE FROM blocks WHERE id > 0", [])?;
    copy_rows(old, new, "blocks", "1 = ?1", 1)?;
    let trusted = json!(trusted_nets(old)?).to_string();
    new.execute(
        "DELETE FROM trusted_nets WHERE net NOT IN (SELECT value FROM json_each(?1))",
        [trusted],
    )?;
    Ok(())
}

fn trusted_nets(db: &Connection) -> Result<Vec<String>> {
    let mut nets = db.prepare("SELECT net FROM trusted_nets")?;
    Ok(nets.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// Goes on with the trail that was replaced, where that goes on from this one's end. Otherwise the
/// entry of the restore bears its head: it is chained, and its entries are in the kept data.
fn trail(old: &Connection, new: &Connection) -> Result<usize> {
    let end: Option<(i64, Vec<u8>)> = new
        .query_row("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let (id, hash) = end.unwrap_or_default();
    let same = "SELECT 1 FROM audit WHERE id = ?1 AND hash = ?2";
    if id > 0 && !old.prepare(same)?.exists(params![id, hash])? {
        return Ok(0);
    }
    copy_rows(old, new, "audit", "id > ?1", id)
}

/// Copies the rows of a table that fit a condition, by their ids: what both versions know of them.
fn copy_rows(
    old: &Connection,
    new: &Connection,
    table: &str,
    condition: &str,
    value: i64,
) -> Result<usize> {
    let known = columns(new, table)?;
    let mut names = columns(old, table)?;
    names.retain(|name| known.contains(name));
    let (list, marks) = (names.join(", "), vec!["?"; names.len()].join(", "));
    let mut rows =
        old.prepare(&format!("SELECT {list} FROM {table} WHERE {condition} ORDER BY 1"))?;
    let mut rows = rows.query([value])?;
    // The door's events keep their ids, and count on: the newer row is the right one.
    let verb = if table == "security_events" { "INSERT OR REPLACE" } else { "INSERT" };
    let mut insert = new.prepare(&format!("{verb} INTO {table} ({list}) VALUES ({marks})"))?;
    let mut copied = 0;
    while let Some(row) = rows.next()? {
        let values =
            (0..names.len()).map(|at| row.get(at)).collect::<rusqlite::Result<Vec<Value>>>();
        copied += insert.execute(params_from_iter(values?))?;
    }
    Ok(copied)
}
