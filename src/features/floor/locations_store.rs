//! Locations in SQL.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::open_orders::open_orders;
use super::{
    Location, LocationCreate, LocationList, LocationUpdate, LocationWithTables, Naming, changed,
    rules,
};
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::core::kernel::fields::{Color, Line, Name};
use crate::core::store::{Command, Filter, Tx, is_unique_violation};

const SELECT: &str =
    "SELECT id, name, description, color, is_active, created_at, updated_at FROM locations";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Location> {
    Ok(Location {
        id: row.get(0)?,
        name: row.get(1)?,
        description: row.get(2)?,
        color: row.get(3)?,
        is_active: row.get(4)?,
        created_at: Timestamp(row.get(5)?),
        updated_at: Timestamp(row.get(6)?),
    })
}

pub fn list(db: &Connection, page: (i64, i64), active: Option<bool>) -> Result<LocationList> {
    let filter = Filter::new("deleted_at IS NULL").and("is_active = ?", active);
    Ok(LocationList {
        locations: filter.page(db, SELECT, "id", page, from_row)?,
        total: filter.count(db, "locations")?,
    })
}

/// A location that was not removed; it may be inactive.
///
/// # Errors
/// 404 when there is none.
pub fn location(db: &Connection, id: i64) -> Result<Location> {
    db.prepare_cached(&format!("{SELECT} WHERE id = ?1 AND deleted_at IS NULL"))?
        .query_row([id], from_row)
        .optional()?
        .ok_or_else(|| Error::not_found("location", id))
}

pub fn with_tables(db: &Connection, id: i64) -> Result<LocationWithTables> {
    let sql = "SELECT count(*) FROM tables WHERE location_id = ?1 AND deleted_at IS NULL";
    Ok(LocationWithTables {
        location: location(db, id)?,
        tables_count: db.prepare_cached(sql)?.query_row([id], |row| row.get(0))?,
    })
}

/// One of the location's tables with an open order.
fn busy_table(db: &Connection, id: i64) -> Result<Option<Naming>> {
    Ok(db
        .prepare_cached(concat!(
            "SELECT number, label FROM tables WHERE location_id = ?1 AND deleted_at IS NULL
             AND EXISTS (SELECT 1 ",
            open_orders!(),
            ") ORDER BY number LIMIT 1"
        ))?
        .query_row([id], |row| Ok(Naming::known(row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// Switches the location's tables; says how many were not so before.
fn switch_tables(tx: &Tx<'_>, id: i64, is_active: bool) -> Result<usize> {
    Ok(tx.execute(
        "UPDATE tables SET is_active = ?2, is_seated = is_seated AND ?2, updated_at = ?3
         WHERE location_id = ?1 AND is_active != ?2 AND deleted_at IS NULL",
        params![id, is_active, tx.now().0],
    )?)
}

/// Adds a location; `by` is who did it.
pub struct CreateLocation {
    /// The location.
    pub location: LocationCreate,
    /// A user's id; none for an import.
    pub by: Option<i64>,
}

impl Command for CreateLocation {
    type Output = Location;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Location> {
        let Self { location, by } = self;
        tx.execute(
            "INSERT INTO locations (name, description, color, is_active, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
            params![
                &*location.name,
                location.description.and_then(Line::non_empty),
                location.color.map(Color::into_inner),
                location.is_active,
                tx.now().0,
            ],
        )
        .map_err(|error| name_taken(error, &location.name))?;
        let id = tx.last_insert_rowid();
        tx.emit(changed("location", id, by))?;
        self::location(tx, id)
    }
}

pub struct UpdateLocation {
    pub id: i64,
    pub changes: LocationUpdate,
    pub by: Option<i64>,
}

impl Command for UpdateLocation {
    type Output = Location;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Location> {
        let Self { id, changes, by } = self;
        let old = location(tx, id)?;
        let is_active = changes.is_active.unwrap_or(old.is_active);
        if old.is_active && !is_active {
            rules::must_have_no_orders(&old, busy_table(tx, id)?)?;
            switch_tables(tx, id, false)?;
        }
        let name = changes.name.map_or(old.name, Name::into_inner);
        let description = changes.description.text_or(old.description);
        tx.execute(
            "UPDATE locations SET name = ?2, description = ?3, color = ?4, is_active = ?5,
                                  updated_at = ?6
             WHERE id = ?1",
            params![
                id,
                name,
                description.filter(|text| !text.is_empty()),
                changes.color.map(Color::into_inner).or(old.color),
                is_active,
                tx.now().0,
            ],
        )
        .map_err(|error| name_taken(error, &name))?;
        tx.emit(changed("location", id, by))?;
        location(tx, id)
    }
}

/// Removes a location and the tables in it.
pub struct DeleteLocation {
    pub id: i64,
    pub by: Option<i64>,
}

impl Command for DeleteLocation {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let old = location(tx, self.id)?;
        rules::must_have_no_orders(&old, busy_table(tx, self.id)?)?;
        let now = tx.now().0;
        tx.execute(
            "UPDATE tables SET deleted_at = ?2, updated_at = ?2, is_seated = 0
             WHERE location_id = ?1 AND deleted_at IS NULL",
            params![self.id, now],
        )?;
        tx.execute(
            "UPDATE locations SET deleted_at = ?2, updated_at = ?2 WHERE id = ?1",
            params![self.id, now],
        )?;
        tx.emit(changed("location", self.id, self.by))?;
        Ok(())
    }
}

/// Brings the tables in line with their location: off with an inactive one; on with an active
/// one where that is forced. Says how many changed.
pub struct SyncTables {
    pub id: i64,
    pub force_activation: bool,
    pub by: Option<i64>,
}

impl Command for SyncTables {
    type Output = usize;

    fn apply(self, tx: &mut Tx<'_>) -> Result<usize> {
        let location = location(tx, self.id)?;
        if location.is_active && !self.force_activation {
            return Ok(0);
        }
        if !location.is_active {
            rules::must_have_no_orders(&location, busy_table(tx, self.id)?)?;
        }
        let updated = switch_tables(tx, self.id, location.is_active)?;
        if updated > 0 {
            tx.emit(changed("location", self.id, self.by))?;
        }
        Ok(updated)
    }
}

fn name_taken(error: rusqlite::Error, name: &str) -> Error {
    if is_unique_violation(&error, "locations.name") {
        let detail = format!("There is already a location “{name}”. Choose another name.");
        return Error::rule("name_taken", detail).with("name", name);
    }
    error.into()
}
