//! Ways to pay in SQL.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::events::method_changed;
use super::{PaymentMethod, PaymentMethodCreate, PaymentMethodList, PaymentMethodUpdate};
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::core::kernel::fields::Name;
use crate::core::store::{Command, Filter, Tx, is_unique_violation};
use crate::platform::audit::{self, Change};

const SELECT: &str = "SELECT id, name, is_active, created_at, updated_at FROM payment_methods";

fn from_row(row: &Row<'_>) -> rusqlite::Result<PaymentMethod> {
    Ok(PaymentMethod {
        id: row.get(0)?,
        name: row.get(1)?,
        is_active: row.get(2)?,
        created_at: Timestamp(row.get(3)?),
        updated_at: Timestamp(row.get(4)?),
    })
}

pub fn list(db: &Connection, page: (i64, i64), active: Option<bool>) -> Result<PaymentMethodList> {
    let filter = Filter::new("deleted_at IS NULL").and("is_active = ?", active);
    Ok(PaymentMethodList {
        payment_methods: filter.page(db, SELECT, "id", page, from_row)?,
        total: filter.count(db, "payment_methods")?,
    })
}

/// One way to pay that was not removed.
///
/// # Errors
/// 404 when there is none.
pub fn method(db: &Connection, id: i64) -> Result<PaymentMethod> {
    db.prepare_cached(&format!("{SELECT} WHERE id = ?1 AND deleted_at IS NULL"))?
        .query_row([id], from_row)
        .optional()?
        .ok_or_else(|| Error::not_found("payment method", id))
}

/// One that can be chosen.
///
/// # Errors
/// 404 when there is none, 400 when it is not in use.
pub fn active_method(db: &Connection, id: i64) -> Result<PaymentMethod> {
    let method = method(db, id)?;
    if method.is_active {
        return Ok(method);
    }
    let detail = format!("“{}” is not in use now. Choose another payment method.", method.name);
    Err(Error::rule("method_inactive", detail).with("method", method.name))
}

/// Those that can be chosen; at most 100.
///
/// # Errors
/// When the database cannot be read.
pub fn active_methods(db: &Connection) -> Result<Vec<PaymentMethod>> {
    Ok(list(db, (0, 100), Some(true))?.payment_methods)
}

/// Whether any way to pay was ever added.
///
/// # Errors
/// When the database cannot be read.
pub fn methods_known(db: &Connection) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM payment_methods)";
    Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// Adds a way to pay.
pub struct CreateMethod {
    /// What.
    pub method: PaymentMethodCreate,
    /// Who adds it.
    pub by: i64,
}

impl Command for CreateMethod {
    type Output = PaymentMethod;

    fn apply(self, tx: &mut Tx<'_>) -> Result<PaymentMethod> {
        let Self { method, by } = self;
        let now = tx.now().0;
        tx.execute(
            "INSERT INTO payment_methods (name, is_active, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?3)",
            params![&*method.name, method.is_active, now],
        )
        .map_err(|error| name_taken(error, &method.name))?;
        let added = self::method(tx, tx.last_insert_rowid())?;
        note(tx, by, "payment_method_added", added.id, (Value::Null, json!({"name": added.name})))?;
        Ok(added)
    }
}

pub struct UpdateMethod {
    pub id: i64,
    pub changes: PaymentMethodUpdate,
    pub by: i64,
}

impl Command for UpdateMethod {
    type Output = PaymentMethod;

    fn apply(self, tx: &mut Tx<'_>) -> Result<PaymentMethod> {
        let old = method(tx, self.id)?;
        let name = self.changes.name.map_or_else(|| old.name.clone(), Name::into_inner);
        tx.execute(
            "UPDATE payment_methods SET name = ?2, is_active = ?3, updated_at = ?4 WHERE id = ?1",
            params![self.id, name, self.changes.is_active.unwrap_or(old.is_active), tx.now().0],
        )
        .map_err(|error| name_taken(error, &name))?;
        let new = method(tx, self.id)?;
        let changed = audit::differences(&old, &new);
        note(tx, self.by, "payment_method_changed", self.id, changed)?;
        Ok(new)
    }
}

pub struct DeleteMethod {
    pub id: i64,
    pub by: i64,
}

impl Command for DeleteMethod {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let old = method(tx, self.id)?;
        tx.execute(
            "UPDATE payment_methods SET deleted_at = ?2, updated_at = ?2 WHERE id = ?1",
            params![self.id, tx.now().0],
        )?;
        let before = json!({"name": old.name});
        note(tx, self.by, "payment_method_removed", self.id, (before, Value::Null))
    }
}

/// Writes a change to the trail, and tells the tablets, which keep the list.
fn note(tx: &mut Tx<'_>, by: i64, action: &str, id: i64, change: Change) -> Result<()> {
    audit::note(tx, Some(by), action, ("payment_method", Some(id)), change)?;
    tx.emit(method_changed(id, by)?).map(drop)
}

fn name_taken(error: rusqlite::Error, name: &str) -> Error {
    if is_unique_violation(&error, "payment_methods.name") {
        let detail = format!("There is already a payment method “{name}”. Choose another name.");
        return Error::rule("name_taken", detail).with("name", name);
    }
    error.into()
}
