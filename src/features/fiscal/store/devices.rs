//! The table of registers.

use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::{Value, json};

use crate::core::error::{Error, Result};
use crate::core::kernel::{Patch, Timestamp};
use crate::core::store::{Columns, Command, Filter, Repository, Tx, name_taken, word};
use crate::features::fiscal::states::{DeviceKind, Ffd, Moment, Taxation};
use crate::features::fiscal::types::{Device, DeviceCreate, DeviceList, DeviceUpdate, TaxWord};
use crate::platform::audit;

/// What the audit trail calls them.
const TRAIL: audit::Subject = audit::Subject("fiscal_register");

/// How a register is reached.
#[derive(Debug, Clone)]
pub struct Account {
    /// The register.
    pub id: i64,
    /// What makes the documents.
    pub kind: DeviceKind,
    /// Where its server is.
    pub address: String,
    /// Who signs in there.
    pub login: Option<String>,
    /// With which password.
    pub password: Option<String>,
    /// Which of its registers.
    pub register_key: Option<String>,
}

/// Registers.
pub const DEVICES: Repository<Device> = Repository {
    table: "fiscal_devices",
    one: "fiscal register",
    columns: "id, name, kind, address, login, password IS NOT NULL, register_key, moment, taxation, \
              ffd, taxes, rings_cash, is_active, created_at, updated_at",
    order: "id",
    unique: "name",
    taken: |name| name_taken("a fiscal register", name),
    from_row,
};

fn from_row(row: &Row<'_>) -> rusqlite::Result<Device> {
    let taxes: String = row.get(10)?;
    Ok(Device {
        id: row.get(0)?,
        name: row.get(1)?,
        kind: word(row, 2, DeviceKind::parse)?,
        address: row.get(3)?,
        login: row.get(4)?,
        has_password: row.get(5)?,
        register_key: row.get(6)?,
        moment: word(row, 7, Moment::parse)?,
        taxation: word(row, 8, Taxation::parse)?,
        ffd: word(row, 9, Ffd::parse)?,
        taxes: serde_json::from_str(&taxes).unwrap_or_default(),
        rings_cash: row.get(11)?,
        is_active: row.get(12)?,
        created_at: Timestamp(row.get(13)?),
        updated_at: Timestamp(row.get(14)?),
    })
}

/// A page of registers.
pub fn devices(db: &Connection, page: (i64, i64)) -> Result<DeviceList> {
    let (devices, total) = DEVICES.list(db, page, Filter::default())?;
    Ok(DeviceList { devices, total })
}

/// The register that makes the restaurant's documents; none where there is none in use.
pub fn active(db: &Connection) -> Result<Option<Device>> {
    let sql =
        format!("{} WHERE is_active AND deleted_at IS NULL ORDER BY id LIMIT 1", DEVICES.select());
    Ok(db.prepare_cached(&sql)?.query_row([], from_row).optional()?)
}

/// How a register is reached, also one that was removed: what waits for it is made there.
pub fn account(db: &Connection, id: i64) -> Result<Account> {
    let found = db
        .prepare_cached(
            "SELECT kind, address, login, password, register_key FROM fiscal_devices WHERE id = ?1",
        )?
        .query_row([id], |row| {
            Ok(Account {
                id,
                kind: word(row, 0, DeviceKind::parse)?,
                address: row.get(1)?,
                login: row.get(2)?,
                password: row.get(3)?,
                register_key: row.get(4)?,
            })
        })
        .optional()?;
    found.ok_or_else(|| Error::not_found("fiscal register", id))
}

/// Adds a register.
pub struct CreateDevice {
    /// What.
    pub device: DeviceCreate,
    /// Who adds it.
    pub by: i64,
}

impl Command for CreateDevice {
    type Output = Device;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Device> {
        let new = self.device;
        check_address(new.kind, &new.address)?;
        let columns = Columns::default()
            .set("name", new.name)
            .set("kind", new.kind.as_str().to_owned())
            .set("address", new.address)
            .maybe("login", new.login.non_empty())
            .maybe("password", new.password.non_empty())
            .maybe("register_key", new.register_key.non_empty())
            .set("moment", new.moment.as_str().to_owned())
            .set("taxation", new.taxation.as_str().to_owned())
            .set("ffd", new.ffd.as_str().to_owned())
            .set("taxes", json_of(&new.taxes)?)
            .set("rings_cash", new.rings_cash)
            .set("is_active", new.is_active);
        let id = DEVICES.insert(tx, &columns)?;
        let added = DEVICES.get(tx, id)?;
        TRAIL.note(tx, self.by, "fiscal_register_added", id, (Value::Null, of(&added)))?;
        Ok(added)
    }
}

/// The register that a demo plays, at the address that it has this time.
pub struct PlayRegister {
    /// Where its server is.
    pub address: String,
}

/// What it is called. It is in the language of the demo's restaurant.
const PLAYED: &str = "Касса (симулятор)";

impl Command for PlayRegister {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let columns = Columns::default().set("address", self.address);
        let sql = "SELECT id FROM fiscal_devices WHERE name = ?1 AND deleted_at IS NULL";
        let there = tx.prepare_cached(sql)?.query_row([PLAYED], |row| row.get(0)).optional()?;
        if let Some(id) = there {
            return DEVICES.update(tx, id, &columns);
        }
        let columns = columns
            .set("name", PLAYED.to_owned())
            .set("kind", DeviceKind::Atol.as_str().to_owned())
            .set("moment", Moment::BeforePayment.as_str().to_owned())
            .set("taxation", Taxation::UsnIncome.as_str().to_owned())
            .set("ffd", Ffd::V12.as_str().to_owned());
        DEVICES.insert(tx, &columns).map(drop)
    }
}

/// Changes a register. What waits for it is made as it is then.
pub struct UpdateDevice {
    /// Which.
    pub id: i64,
    /// How.
    pub changes: DeviceUpdate,
    /// Who.
    pub by: i64,
}

impl Command for UpdateDevice {
    type Output = Device;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Device> {
        let Self { id, changes, by } = self;
        let old = DEVICES.get(tx, id)?;
        if let Some(address) = &changes.address {
            check_address(old.kind, address)?;
        }
        let has_new_password = changes.password != Patch::Keep;
        let columns = Columns::default()
            .maybe("name", changes.name)
            .maybe("address", changes.address)
            .patch_text("login", changes.login)
            .patch_text("password", changes.password)
            .patch_text("register_key", changes.register_key)
            .maybe("moment", changes.moment.map(|moment| moment.as_str().to_owned()))
            .maybe("taxation", changes.taxation.map(|taxation| taxation.as_str().to_owned()))
            .maybe("ffd", changes.ffd.map(|ffd| ffd.as_str().to_owned()))
            .maybe("taxes", changes.taxes.map(|taxes| json_of(&taxes)).transpose()?)
            .maybe("rings_cash", changes.rings_cash)
            .maybe("is_active", changes.is_active);
        DEVICES.update(tx, id, &columns)?;
        let new = DEVICES.get(tx, id)?;
        let (mut before, mut after) = audit::differences(&old, &new);
        if has_new_password {
            (before["password"], after["password"]) = (json!("…"), json!("changed"));
        }
        TRAIL.note(tx, by, "fiscal_register_changed", id, (before, after))?;
        Ok(new)
    }
}

/// Removes a register. What waits for it is made there all the same.
pub struct DeleteDevice {
    /// Which.
    pub id: i64,
    /// Who.
    pub by: i64,
}

impl Command for DeleteDevice {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let old = DEVICES.get(tx, self.id)?;
        DEVICES.remove(tx, self.id)?;
        TRAIL.note(tx, self.by, "fiscal_register_removed", self.id, (of(&old), Value::Null))
    }
}

fn check_address(kind: DeviceKind, address: &str) -> Result<()> {
    let is_address = ["http://", "https://"].iter().any(|scheme| address.starts_with(scheme));
    match kind {
        DeviceKind::Atol | DeviceKind::Webhook if !is_address => {
            Err(Error::invalid("address", "must be such as http://192.168.1.20:16732"))
        }
        _ => Ok(()),
    }
}

fn json_of(taxes: &[TaxWord]) -> Result<SqlValue> {
    Ok(SqlValue::Text(serde_json::to_string(taxes).map_err(Error::internal)?))
}

fn of(device: &Device) -> Value {
    json!({"name": device.name, "kind": device.kind, "address": device.address,
           "moment": device.moment, "is_active": device.is_active})
}
