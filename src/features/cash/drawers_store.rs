//! Drawers in SQL, and at which a tablet stands.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::events::cash_changed;
use super::rules::check_sum;
use super::types::{CashDrawer, CashDrawerCreate, CashDrawerList, CashDrawerUpdate};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Id;
use crate::core::kernel::{Money, Patch, Timestamp};
use crate::core::store::{Columns, Command, Filter, Repository, Tx, name_taken};
use crate::platform::audit::{self, Change};
use crate::platform::auth::Person;

/// More drawers than this no restaurant has.
const MOST_DRAWERS: i64 = 200;

pub const DRAWERS: Repository<CashDrawer> = Repository {
    table: "cash_drawers",
    one: "drawer",
    columns: "id, name, user_id, (SELECT full_name FROM users WHERE users.id = user_id), tolerance,
              is_active, (SELECT s.id FROM cash_shifts s WHERE s.drawer_id = cash_drawers.id
                          AND s.closed_at IS NULL), created_at, updated_at,
              (SELECT group_concat(device_id) FROM cash_drawer_devices t
               JOIN devices v ON v.id = t.device_id AND v.cut_off_at IS NULL
               WHERE t.drawer_id = cash_drawers.id),
              (SELECT p.id FROM printers p
               WHERE p.id = cash_drawers.printer_id AND p.deleted_at IS NULL)",
    order: "id",
    unique: "name",
    taken: |name| name_taken("a drawer", name),
    from_row,
};

fn from_row(row: &Row<'_>) -> rusqlite::Result<CashDrawer> {
    let devices: Option<String> = row.get(9)?;
    let devices = devices.unwrap_or_default();
    Ok(CashDrawer {
        id: row.get(0)?,
        name: row.get(1)?,
        user_id: row.get(2)?,
        user_name: row.get(3)?,
        tolerance: Money(row.get(4)?),
        is_active: row.get(5)?,
        shift_id: row.get(6)?,
        created_at: Timestamp(row.get(7)?),
        updated_at: Timestamp(row.get(8)?),
        printer_id: row.get(10)?,
        device_ids: devices.split(',').filter_map(|id| id.parse().ok()).collect(),
    })
}

/// A page of drawers.
pub fn list(db: &Connection, page: (i64, i64)) -> Result<CashDrawerList> {
    let (drawers, total) = DRAWERS.list(db, page, Filter::default())?;
    Ok(CashDrawerList { drawers, total })
}

/// Sets a drawer up.
pub struct CreateDrawer {
    pub drawer: CashDrawerCreate,
    pub by: Person,
}

impl Command for CreateDrawer {
    type Output = CashDrawer;

    fn apply(self, tx: &mut Tx<'_>) -> Result<CashDrawer> {
        let CashDrawerCreate { name, user_id, tolerance, device_ids, printer_id } = self.drawer;
        let known: i64 = tx
            .prepare_cached("SELECT count(*) FROM cash_drawers WHERE deleted_at IS NULL")?
            .query_row([], |row| row.get(0))?;
        if known >= MOST_DRAWERS {
            let detail = format!("There are {known} drawers. Remove those that nobody uses first.");
            return Err(Error::rule("too_many_drawers", detail).with("most", MOST_DRAWERS));
        }
        let tolerance = tolerance.unwrap_or(Money::ZERO);
        check_sum("tolerance", tolerance)?;
        let user_id = user_id.map(Id::get);
        check_person(tx, user_id, 0)?;
        let printer_id = printer_id.map(Id::get);
        check_printer(tx, printer_id)?;
        let columns = Columns::default()
            .set("name", name)
            .maybe("user_id", user_id)
            .set("tolerance", tolerance)
            .maybe("printer_id", printer_id);
        let id = DRAWERS.insert(tx, &columns)?;
        stand_at(tx, id, &device_ids)?;
        let drawer = DRAWERS.get(tx, id)?;
        note(tx, &self.by, "drawer_created", id, (Value::Null, facts(&drawer)))?;
        Ok(drawer)
    }
}

/// Changes a drawer.
pub struct UpdateDrawer {
    pub id: i64,
    pub changes: CashDrawerUpdate,
    pub by: Person,
}

impl Command for UpdateDrawer {
    type Output = CashDrawer;

    fn apply(self, tx: &mut Tx<'_>) -> Result<CashDrawer> {
        let Self { id, changes, by } = self;
        let old = DRAWERS.get(tx, id)?;
        let user_id = changes.user_id.map(Id::get);
        let is_moved = !matches!(user_id, Patch::Keep) && user_id.clone().or(None) != old.user_id;
        if is_moved || changes.is_active == Some(false) {
            check_closed(&old)?;
            check_shown(tx, &old)?;
        }
        // Who carries it may be gone by now: that is no reason to keep back another change.
        if let (true, Patch::Set(user)) = (is_moved, &user_id) {
            check_person(tx, Some(*user), id)?;
        }
        let printer_id = changes.printer_id.map(Id::get);
        if let Patch::Set(printer) = printer_id {
            check_printer(tx, Some(printer))?;
        }
        if let Some(tolerance) = changes.tolerance {
            check_sum("tolerance", tolerance)?;
        }
        let columns = Columns::default()
            .maybe("name", changes.name)
            .patch("user_id", user_id)
            .maybe("tolerance", changes.tolerance)
            .patch("printer_id", printer_id)
            .maybe("is_active", changes.is_active);
        DRAWERS.update(tx, id, &columns)?;
        if let Some(devices) = &changes.device_ids {
            stand_at(tx, id, devices)?;
        }
        let new = DRAWERS.get(tx, id)?;
        note(tx, &by, "drawer_changed", id, (facts(&old), facts(&new)))?;
        Ok(new)
    }
}

/// Removes a drawer: its shifts stay.
pub struct RemoveDrawer {
    pub id: i64,
    pub by: Person,
}

impl Command for RemoveDrawer {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let old = DRAWERS.get(tx, self.id)?;
        check_closed(&old)?;
        check_shown(tx, &old)?;
        stand_at(tx, self.id, &[])?;
        DRAWERS.remove(tx, self.id)?;
        note(tx, &self.by, "drawer_removed", self.id, (facts(&old), Value::Null))
    }
}

/// What is in an open shift belongs to whose drawer it is.
fn check_closed(drawer: &CashDrawer) -> Result<()> {
    let Some(shift_id) = drawer.shift_id else { return Ok(()) };
    let detail = format!("The shift of “{}” is open. Count and close it first.", drawer.name);
    let error = Error::conflict("shift_is_open", detail).with("shift_id", shift_id);
    Err(error.with("name", drawer.name.clone()))
}

/// Whether somebody carries no cash that is not counted: else they cannot go.
///
/// # Errors
/// 409 with the drawer while its shift is open, or cash went by it that no Z shows.
pub fn check_carries_nothing(tx: &Tx<'_>, user_id: i64) -> Result<()> {
    let own: Option<i64> = tx
        .prepare_cached("SELECT id FROM cash_drawers WHERE user_id = ?1 AND deleted_at IS NULL")?
        .query_row([user_id], |row| row.get(0))
        .optional()?;
    let Some(drawer) = own.map(|id| DRAWERS.get(tx, id)).transpose()? else { return Ok(()) };
    if drawer.shift_id.is_none() && uncounted(tx, drawer.id)? == 0 {
        return Ok(());
    }
    let name = drawer.name;
    let detail = format!(
        "This person carries “{name}”, and the cash in it is not counted yet. Count it and close its \
         shift first."
    );
    Err(Error::conflict("carries_cash", detail).with("drawer_id", drawer.id).with("name", name))
}

/// How often cash went by a drawer without a shift, and no Z shows it yet.
fn uncounted(tx: &Tx<'_>, drawer_id: i64) -> Result<i64> {
    let sql = "SELECT count(*) FROM cash_strays WHERE drawer_id = ?1 AND shown_in IS NULL";
    Ok(tx.prepare_cached(sql)?.query_row([drawer_id], |row| row.get(0))?)
}

/// Cash that went by it without a shift waits for a Z that shows it.
fn check_shown(tx: &Tx<'_>, drawer: &CashDrawer) -> Result<()> {
    let waiting = uncounted(tx, drawer.id)?;
    if waiting == 0 {
        return Ok(());
    }
    let detail = format!(
        "Cash went by “{}” without a shift, and no Z shows it yet. Open a shift of it, count it, and \
         close the shift first.",
        drawer.name
    );
    let error = Error::conflict("cash_waits", detail).with("count", waiting);
    Err(error.with("name", drawer.name.clone()))
}

/// A person carries one drawer.
fn check_person(tx: &Tx<'_>, user_id: Option<i64>, drawer_id: i64) -> Result<()> {
    let Some(user_id) = user_id else { return Ok(()) };
    let known: Option<i64> = tx
        .prepare_cached("SELECT id FROM users WHERE id = ?1 AND deleted_at IS NULL")?
        .query_row([user_id], |row| row.get(0))
        .optional()?;
    if known.is_none() {
        return Err(Error::not_found("person", user_id));
    }
    let other: Option<String> = tx
        .prepare_cached(
            "SELECT name FROM cash_drawers
             WHERE user_id = ?1 AND id <> ?2 AND deleted_at IS NULL",
        )?
        .query_row([user_id, drawer_id], |row| row.get(0))
        .optional()?;
    let Some(other) = other else { return Ok(()) };
    let detail = format!("This person carries “{other}” already.");
    Err(Error::rule("drawer_of_person", detail).with("name", other))
}

fn check_printer(tx: &Tx<'_>, printer_id: Option<i64>) -> Result<()> {
    let Some(id) = printer_id else { return Ok(()) };
    let known: Option<i64> = tx
        .prepare_cached("SELECT id FROM printers WHERE id = ?1 AND deleted_at IS NULL")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    known.map(drop).ok_or_else(|| Error::not_found("printer", id))
}

/// These tablets stand at a drawer, and no others; each stands at one.
fn stand_at(tx: &Tx<'_>, drawer_id: i64, devices: &[Id]) -> Result<()> {
    tx.prepare_cached("DELETE FROM cash_drawer_devices WHERE drawer_id = ?1")?
        .execute([drawer_id])?;
    let mut known =
        tx.prepare_cached("SELECT id FROM devices WHERE id = ?1 AND cut_off_at IS NULL")?;
    let mut stand = tx.prepare_cached(
        "INSERT INTO cash_drawer_devices (device_id, drawer_id) VALUES (?1, ?2)
         ON CONFLICT (device_id) DO UPDATE SET drawer_id = excluded.drawer_id",
    )?;
    for device in devices {
        let id = device.get();
        let found: Option<i64> = known.query_row([id], |row| row.get(0)).optional()?;
        if found.is_none() {
            return Err(Error::not_found("device", id));
        }
        stand.execute(params![id, drawer_id])?;
    }
    Ok(())
}

fn facts(drawer: &CashDrawer) -> Value {
    json!({"name": drawer.name, "user_id": drawer.user_id, "tolerance": drawer.tolerance,
           "is_active": drawer.is_active, "device_ids": drawer.device_ids,
           "printer_id": drawer.printer_id})
}

fn note(tx: &mut Tx<'_>, by: &Person, action: &str, id: i64, change: Change) -> Result<()> {
    audit::note(tx, Some(by.id), action, ("cash_drawer", Some(id)), change)?;
    tx.emit(cash_changed(id, None, by.id)?).map(drop)
}
