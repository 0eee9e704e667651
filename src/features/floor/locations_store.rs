//! Locations in SQL.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::events::location_changed;
use super::open_orders::open_orders;
use super::{
    Location, LocationCreate, LocationList, LocationUpdate, LocationWithTables, Naming, rules,
};
use crate::core::error::Result;
use crate::core::kernel::Timestamp;
use crate::core::store::{Columns, Command, Filter, Repository, Tx, name_taken};

/// Those that were not removed; some may be inactive.
pub const LOCATIONS: Repository<Location> = Repository {
    table: "locations",
    one: "location",
    columns: "id, name, description, color, is_active, created_at, updated_at",
    order: "id",
    unique: "name",
    taken: |name| name_taken("a location", name),
    from_row,
};

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
    let filter = Filter::default().and("is_active = ?", active);
    let (locations, total) = LOCATIONS.list(db, page, filter)?;
    Ok(LocationList { locations, total })
}

pub fn with_tables(db: &Connection, id: i64) -> Result<LocationWithTables> {
    let sql = "SELECT count(*) FROM tables WHERE location_id = ?1 AND deleted_at IS NULL";
    Ok(LocationWithTables {
        location: LOCATIONS.get(db, id)?,
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
        let columns = Columns::default()
            .set("name", location.name)
            .text("description", location.description)
            .maybe("color", location.color)
            .set("is_active", location.is_active);
        let id = LOCATIONS.insert(tx, &columns)?;
        tx.emit(location_changed(id, by)?)?;
        LOCATIONS.get(tx, id)
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
        let old = LOCATIONS.get(tx, id)?;
        let is_active = changes.is_active.unwrap_or(old.is_active);
        if old.is_active && !is_active {
            rules::must_have_no_orders(&old, busy_table(tx, id)?)?;
            switch_tables(tx, id, false)?;
        }
        let columns = Columns::default()
            .maybe("name", changes.name)
            .patch_text("description", changes.description)
            .patch("color", changes.color)
            .set("is_active", is_active);
        LOCATIONS.update(tx, id, &columns)?;
        tx.emit(location_changed(id, by)?)?;
        LOCATIONS.get(tx, id)
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
        let old = LOCATIONS.get(tx, self.id)?;
        rules::must_have_no_orders(&old, busy_table(tx, self.id)?)?;
        tx.execute(
            "UPDATE tables SET deleted_at = ?2, updated_at = ?2, is_seated = 0
             WHERE location_id = ?1 AND deleted_at IS NULL",
            params![self.id, tx.now().0],
        )?;
        LOCATIONS.remove(tx, self.id)?;
        tx.emit(location_changed(self.id, self.by)?)?;
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
        let location = LOCATIONS.get(tx, self.id)?;
        if location.is_active && !self.force_activation {
            return Ok(0);
        }
        if !location.is_active {
            rules::must_have_no_orders(&location, busy_table(tx, self.id)?)?;
        }
        let updated = switch_tables(tx, self.id, location.is_active)?;
        if updated > 0 {
            tx.emit(location_changed(self.id, self.by)?)?;
        }
        Ok(updated)
    }
}
