//! Paired tablets and pairing codes in SQL. Only hashes of tokens and codes are kept.

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Value, json};

use super::events::{DeviceChange, DeviceChanged};
use super::{Device, DeviceList, DeviceName, SignedIn};
use crate::core::error::{Error, Result};
use crate::core::event::{NewEvent, Thing};
use crate::core::kernel::Timestamp;
use crate::core::store::{Command, Filter, Tx, is_unique_violation};
use crate::platform::audit;

/// What the audit trail calls them.
const TRAIL: audit::Subject = audit::Subject("device");

const SELECT: &str = "SELECT id, name, created_at, last_seen_at FROM devices";
/// How long a pairing code is good, ms.
const LIFETIME: i64 = 10 * 60 * 1000;
/// The most people that the list names for one tablet.
const NAMED: i64 = 20;

fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Device> {
    Ok(Device {
        id: row.get(0)?,
        name: row.get(1)?,
        created_at: Timestamp(row.get(2)?),
        last_seen_at: Timestamp(row.get(3)?),
        signed_in: Vec::new(),
    })
}

pub fn list(db: &Connection, page: (i64, i64), now: Timestamp) -> Result<DeviceList> {
    let filter = Filter::new("cut_off_at IS NULL");
    let mut devices = filter.page(db, SELECT, "name, id", page, from_row)?;
    for device in &mut devices {
        device.signed_in = signed_in(db, device.id, now)?;
    }
    Ok(DeviceList { devices, total: filter.count(db, "devices")? })
}

fn device(db: &Connection, id: i64, now: Timestamp) -> Result<Device> {
    let device = db
        .prepare_cached(&format!("{SELECT} WHERE id = ?1 AND cut_off_at IS NULL"))?
        .query_row([id], from_row)
        .optional()?
        .ok_or_else(|| Error::not_found("device", id))?;
    Ok(Device { signed_in: signed_in(db, id, now)?, ..device })
}

fn signed_in(db: &Connection, device_id: i64, now: Timestamp) -> Result<Vec<SignedIn>> {
    let mut statement = db.prepare_cached(
        "SELECT DISTINCT u.id, u.full_name FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.device_id = ?1 AND s.expires_at > ?2 AND u.is_active = 1 AND u.deleted_at IS NULL
         ORDER BY u.full_name, u.id LIMIT ?3",
    )?;
    let people = statement.query_map(params![device_id, now.0, NAMED], |row| {
        Ok(SignedIn { id: row.get(0)?, full_name: row.get(1)? })
    })?;
    Ok(people.collect::<rusqlite::Result<_>>()?)
}

/// Gives an admin a code; the one that he had is worthless then.
pub struct OfferPairing {
    pub code_hash: Vec<u8>,
    pub by: i64,
}

impl Command for OfferPairing {
    /// Until when it is good.
    type Output = Timestamp;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Timestamp> {
        let now = tx.now();
        let expires_at = Timestamp(now.0 + LIFETIME);
        tx.execute(
            "DELETE FROM pairing_codes WHERE created_by_id = ?1 OR expires_at <= ?2",
            params![self.by, now.0],
        )?;
        tx.execute(
            "INSERT INTO pairing_codes (code_hash, created_by_id, expires_at) VALUES (?1, ?2, ?3)",
            params![self.code_hash, self.by, expires_at.0],
        )?;
        Ok(expires_at)
    }
}

/// Makes a tablet known.
pub struct PairDevice {
    pub code_hash: Vec<u8>,
    pub token_hash: Vec<u8>,
    pub name: DeviceName,
}

impl Command for PairDevice {
    /// Its id; none when the code is wrong, used or too old.
    type Output = Option<i64>;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Option<i64>> {
        let now = tx.now().0;
        let by: Option<i64> = tx
            .query_row(
                "DELETE FROM pairing_codes WHERE code_hash = ?1 AND expires_at > ?2
                     AND created_by_id IN (SELECT id FROM users WHERE role = 'admin'
                                           AND is_active = 1 AND deleted_at IS NULL)
                 RETURNING created_by_id",
                params![self.code_hash, now],
                |row| row.get(0),
            )
            .optional()?;
        let Some(by) = by else { return Ok(None) };
        tx.execute(
            "INSERT INTO devices (name, token_hash, created_at, last_seen_at)
             VALUES (?1, ?2, ?3, ?3)",
            params![&*self.name, self.token_hash, now],
        )
        .map_err(|error| name_taken(error, &self.name))?;
        let id = tx.last_insert_rowid();
        let after = json!({"name": &*self.name});
        TRAIL.note(tx, by, "device_paired", id, (Value::Null, after))?;
        tell(tx, DeviceChange::Paired, id, by)?;
        Ok(Some(id))
    }
}

pub struct RenameDevice {
    pub id: i64,
    pub name: DeviceName,
    pub by: i64,
}

impl Command for RenameDevice {
    type Output = Device;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Device> {
        let now = tx.now();
        let old = device(tx, self.id, now)?;
        tx.execute("UPDATE devices SET name = ?2 WHERE id = ?1", params![self.id, &*self.name])
            .map_err(|error| name_taken(error, &self.name))?;
        let names = (json!({"name": old.name}), json!({"name": &*self.name}));
        TRAIL.note(tx, self.by, "device_renamed", self.id, names)?;
        tell(tx, DeviceChange::Renamed, self.id, self.by)?;
        device(tx, self.id, now)
    }
}

/// Ends every session of a tablet, and its right to sign in by PIN.
pub struct Revoke {
    pub id: i64,
    pub by: i64,
}

impl Command for Revoke {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let changed = tx.execute(
            "UPDATE devices SET cut_off_at = ?2 WHERE id = ?1 AND cut_off_at IS NULL",
            params![self.id, tx.now().0],
        )?;
        if changed == 0 {
            return Err(Error::not_found("device", self.id));
        }
        tx.execute("DELETE FROM sessions WHERE device_id = ?1", [self.id])?;
        let name: String =
            tx.query_row("SELECT name FROM devices WHERE id = ?1", [self.id], |row| row.get(0))?;
        TRAIL.note(tx, self.by, "device_cut_off", self.id, (json!({"name": name}), Value::Null))?;
        tell(tx, DeviceChange::CutOff, self.id, self.by)
    }
}

fn tell(tx: &mut Tx<'_>, what: DeviceChange, id: i64, by: i64) -> Result<()> {
    let details = DeviceChanged { what, id };
    tx.emit(NewEvent::new(Thing::Device.with(id), Some(by), &details)?).map(drop)
}

fn name_taken(error: rusqlite::Error, name: &str) -> Error {
    if is_unique_violation(&error, "devices.name") {
        let detail = format!(
            "There is already a tablet “{name}”. Choose another name, or ask an admin to cut the \
             old one off."
        );
        return Error::rule("name_taken", detail).with("name", name);
    }
    error.into()
}
