//! Places in SQL.

use std::collections::BTreeSet;

use rusqlite::{Connection, Row};
use serde_json::{Value, json};

use super::{MOST_ON_SHELVES, MOST_PLACES, Place, PlaceCreate, PlaceList, PlaceUpdate, Shelves};
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::core::kernel::fields::{Id, Int};
use crate::core::store::{Columns, Command, Filter, Repository, Tx, name_taken};
use crate::features::menu::Department;
use crate::features::stock::goods::check_good;
use crate::platform::{audit, site};

/// What the audit trail calls them.
const TRAIL: audit::Subject = audit::Subject("stock_place");

const PLACES: Repository<Place> = Repository {
    table: "stock_places",
    one: "place",
    columns: "id, name, departments, sort_order, created_at, updated_at",
    order: "sort_order, id",
    unique: "name",
    taken: |name| name_taken("a place", name),
    from_row,
};

fn from_row(row: &Row<'_>) -> rusqlite::Result<Place> {
    let departments = row.get_ref(2)?.as_str()?;
    Ok(Place {
        id: row.get(0)?,
        name: row.get(1)?,
        departments: serde_json::from_str(departments)
            .map_err(|_| rusqlite::Error::InvalidQuery)?,
        sort_order: row.get(3)?,
        created_at: Timestamp(row.get(4)?),
        updated_at: Timestamp(row.get(5)?),
    })
}

/// All places, in their order.
///
/// # Errors
/// When the database cannot be read.
pub fn all(db: &Connection) -> Result<Vec<Place>> {
    Ok(PLACES.list(db, (0, MOST_PLACES), Filter::default())?.0)
}

pub fn list(db: &Connection) -> Result<PlaceList> {
    let (places, total) = PLACES.list(db, (0, MOST_PLACES), Filter::default())?;
    Ok(PlaceList { places, total })
}

/// Whether there is such a place.
///
/// # Errors
/// 422 at the field that names it.
pub fn check_place(db: &Connection, id: i64, field: &str) -> Result<Place> {
    PLACES.get(db, id).map_err(|error| match error.status() {
        404 => Error::invalid(field, "is no place that there is"),
        _ => error,
    })
}

/// Adds a place.
pub struct CreatePlace {
    pub place: PlaceCreate,
    pub by: i64,
}

impl Command for CreatePlace {
    type Output = Place;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Place> {
        let PlaceCreate { name, departments, sort_order } = self.place;
        let known = all(tx)?;
        if i64::try_from(known.len()).unwrap_or(MOST_PLACES) >= MOST_PLACES {
            let detail = format!("There are {MOST_PLACES} places already. Remove one first.");
            return Err(Error::rule("too_many_places", detail).with("most", MOST_PLACES));
        }
        let last = known.last().map_or(0, |place| place.sort_order + 1);
        let columns = Columns::default()
            .set("name", name)
            .set("departments", words_of(&departments))
            .set("sort_order", sort_order.map_or(last, Int::get));
        let id = PLACES.insert(tx, &columns)?;
        take_from_others(tx, id, &departments)?;
        let place = PLACES.get(tx, id)?;
        TRAIL.note(tx, self.by, "stock_place_added", id, (Value::Null, facts(&place)))?;
        Ok(place)
    }
}

fn words_of(departments: &[Department]) -> String {
    json!(departments).to_string()
}

/// A department takes from one place: the last that named it.
fn take_from_others(tx: &Tx<'_>, id: i64, departments: &[Department]) -> Result<()> {
    for mut other in all(tx)?.into_iter().filter(|other| other.id != id) {
        let before = other.departments.len();
        other.departments.retain(|one| !departments.contains(one));
        if other.departments.len() != before {
            let columns = Columns::default().set("departments", words_of(&other.departments));
            PLACES.update(tx, other.id, &columns)?;
        }
    }
    Ok(())
}

/// Names the first place as the restaurant speaks, while nobody has named it.
pub struct NameFirstPlace;

impl Command for NameFirstPlace {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let Some(site) = site::load(tx)? else { return Ok(()) };
        let is_russian = site.languages.first().is_some_and(|language| language == "ru");
        let name = if is_russian { "Склад" } else { "Storeroom" };
        tx.execute(
            "UPDATE stock_places SET name = ?1
             WHERE id = 1 AND updated_at = created_at AND name IN ('Склад', 'Storeroom')
               AND name <> ?1
               AND NOT EXISTS (SELECT * FROM stock_places WHERE name = ?1 AND deleted_at IS NULL)",
            [name],
        )?;
        Ok(())
    }
}

/// Changes a place.
pub struct UpdatePlace {
    pub id: i64,
    pub changes: PlaceUpdate,
    pub by: i64,
}

impl Command for UpdatePlace {
    type Output = Place;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Place> {
        let Self { id, changes, by } = self;
        let old = PLACES.get(tx, id)?;
        let columns = Columns::default()
            .maybe("name", changes.name)
            .maybe("departments", changes.departments.as_deref().map(words_of))
            .maybe("sort_order", changes.sort_order);
        PLACES.update(tx, id, &columns)?;
        take_from_others(tx, id, &changes.departments.unwrap_or_default())?;
        let new = PLACES.get(tx, id)?;
        TRAIL.note(tx, by, "stock_place_changed", id, (facts(&old), facts(&new)))?;
        Ok(new)
    }
}

/// Removes a place that is empty.
pub struct RemovePlace {
    pub id: i64,
    pub by: i64,
}

impl Command for RemovePlace {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let place = PLACES.get(tx, self.id)?;
        let sql = "SELECT count(*) FROM stock_levels WHERE place_id = ?1 AND quantity <> 0";
        let goods: i64 = tx.prepare_cached(sql)?.query_row([self.id], |row| row.get(0))?;
        if goods > 0 {
            let detail = format!(
                "{goods} goods stand at “{}”. Move them to another place, or write them off, first.",
                place.name
            );
            return Err(Error::conflict("place_in_use", detail).with("name", place.name));
        }
        if all(tx)?.len() < 2 {
            let detail = "This is the only place; dishes take from it. Rename it instead.";
            return Err(Error::conflict("last_place", detail));
        }
        PLACES.remove(tx, self.id)?;
        TRAIL.note(tx, self.by, "stock_place_removed", self.id, (facts(&place), Value::Null))
    }
}

/// The goods of a place in the order of its shelves.
///
/// # Errors
/// 404 when there is no such place.
pub fn shelves(db: &Connection, place_id: i64) -> Result<Shelves> {
    PLACES.get(db, place_id)?;
    let sql = "SELECT good_id FROM stock_shelves WHERE place_id = ?1 ORDER BY sort_order, id";
    let mut statement = db.prepare_cached(sql)?;
    let ids = statement.query_map([place_id], |row| row.get::<_, i64>(0))?;
    let ids = ids.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(Shelves { good_ids: ids.into_iter().filter_map(|id| Id::new(id).ok()).collect() })
}

/// Says in which order goods lie in a place.
pub struct SetShelves {
    pub place_id: i64,
    pub shelves: Shelves,
}

impl Command for SetShelves {
    type Output = Shelves;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Shelves> {
        let Self { place_id, shelves: wanted } = self;
        PLACES.get(tx, place_id)?;
        if wanted.good_ids.len() > MOST_ON_SHELVES {
            return Err(Error::invalid("good_ids", format!("must be at most {MOST_ON_SHELVES}")));
        }
        let mut seen = BTreeSet::new();
        tx.prepare_cached("DELETE FROM stock_shelves WHERE place_id = ?1")?.execute([place_id])?;
        for (at, id) in (0_i64..).zip(&wanted.good_ids) {
            let field = format!("good_ids[{at}]");
            check_good(tx, id.get(), &field)?;
            if !seen.insert(id.get()) {
                return Err(Error::invalid(field, "stands there twice"));
            }
            tx.prepare_cached(
                "INSERT INTO stock_shelves (place_id, good_id, sort_order) VALUES (?1, ?2, ?3)",
            )?
            .execute([place_id, id.get(), at])?;
        }
        shelves(tx, place_id)
    }
}

fn facts(place: &Place) -> Value {
    json!({"name": place.name, "departments": place.departments})
}
