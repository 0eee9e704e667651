//! Tables in SQL.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::{Connection, OptionalExtension, Row};
use serde::Deserialize;
use utoipa::IntoParams;

use super::events::{TableChange, table_changed};
use super::locations_store::LOCATIONS;
use super::open_orders::open_orders;
use super::sheet::Card;
use super::{Naming, Table, TableCreate, TableList, TableRow, TableShape, TableUpdate, rules};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Int, Timestamp};
use crate::core::store::{Columns, Command, Filter, Tx, word};
use crate::platform::auth::random_bytes;

const SELECT: &str = concat!(
    "SELECT id, number, seats, location_id, description, qr_code, is_active, is_seated,
            created_at, updated_at, x, y, shape, label, guests,
            (SELECT orders.id ",
    open_orders!(),
    " ORDER BY orders.payment_status = 'UNPAID' DESC, orders.id DESC LIMIT 1),
            (SELECT count(*) FROM visits INDEXED BY visits_open
                JOIN guest_sessions ON guest_sessions.visit_id = visits.id
             WHERE visits.table_id = tables.id AND visits.ended_at IS NULL
               AND guest_sessions.waits)
     FROM tables"
);

fn from_row(row: &Row<'_>) -> rusqlite::Result<Table> {
    let current_order_id: Option<i64> = row.get(15)?;
    Ok(Table {
        id: row.get(0)?,
        number: row.get(1)?,
        name: row.get(13)?,
        seats: row.get(2)?,
        location_id: row.get(3)?,
        description: row.get(4)?,
        qr_code: row.get(5)?,
        x: row.get(10)?,
        y: row.get(11)?,
        shape: word(row, 12, TableShape::parse)?,
        is_active: row.get(6)?,
        is_occupied: row.get::<_, bool>(7)? || current_order_id.is_some(),
        current_order_id,
        guests: row.get::<_, bool>(7)?.then(|| row.get(14)).transpose()?.flatten(),
        phones_waiting: row.get(16)?,
        created_at: Timestamp(row.get(8)?),
        updated_at: Timestamp(row.get(9)?),
    })
}

/// Which tables are wanted.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    pub location_id: Option<i64>,
    pub is_occupied: Option<bool>,
    pub is_active: Option<bool>,
}

pub fn list(db: &Connection, page: (i64, i64), wanted: &Wanted) -> Result<TableList> {
    let occupied = concat!("(is_seated OR EXISTS (SELECT 1 ", open_orders!(), ")) = ?");
    let filter = Filter::new("deleted_at IS NULL")
        .and("location_id = ?", wanted.location_id)
        .and(occupied, wanted.is_occupied)
        .and("is_active = ?", wanted.is_active);
    Ok(TableList {
        tables: filter.page(db, SELECT, "natural(label), id", page, from_row)?,
        total: filter.count(db, "tables")?,
    })
}

/// A table that was not removed; it may be inactive.
///
/// # Errors
/// 404 when there is none.
pub fn table(db: &Connection, id: i64) -> Result<Table> {
    db.prepare_cached(&format!("{SELECT} WHERE id = ?1 AND deleted_at IS NULL"))?
        .query_row([id], from_row)
        .optional()?
        .ok_or_else(|| Error::not_found("table", id))
}

/// The active table with the smallest number.
///
/// # Errors
/// When the database cannot be read.
pub fn first_table(db: &Connection) -> Result<Option<Table>> {
    let filter = Filter::new("deleted_at IS NULL AND is_active = 1");
    Ok(filter.page(db, SELECT, "number", (0, 1), from_row)?.pop())
}

/// Of a table `t` and its location `l`: guests may sit there.
const OPEN_TO_GUESTS: &str = "t.is_active AND t.deleted_at IS NULL
    AND (t.location_id IS NULL OR (l.is_active AND l.deleted_at IS NULL))";

/// The table whose QR code this is, while guests may sit there: it is active, and so is its
/// location if it has one.
///
/// # Errors
/// When the database cannot be read.
pub fn table_by_qr(db: &Connection, code: &str) -> Result<Option<TableRow>> {
    Ok(db
        .prepare_cached(&format!(
            "SELECT t.id, t.number, l.name, t.label
             FROM tables t LEFT JOIN locations l ON l.id = t.location_id
             WHERE t.qr_code = ?1 AND {OPEN_TO_GUESTS}"
        ))?
        .query_row([code], |row| {
            Ok(TableRow {
                id: row.get(0)?,
                number: row.get(1)?,
                name: row.get(3)?,
                location_name: row.get(2)?,
            })
        })
        .optional()?)
}

/// The room of the table with this code; none where there is no such table, or it stands in no room.
///
/// # Errors
/// When the database cannot be read.
pub fn room_of_code(db: &Connection, code: &str) -> Result<Option<i64>> {
    let sql = "SELECT location_id FROM tables WHERE qr_code = ?1 AND deleted_at IS NULL";
    let room = db.prepare_cached(sql)?.query_row([code], |row| row.get(0)).optional()?;
    Ok(room.flatten())
}

/// The room of a table.
///
/// # Errors
/// When the database cannot be read.
pub fn room_of(db: &Connection, table_id: i64) -> Result<Option<i64>> {
    let sql = "SELECT location_id FROM tables WHERE id = ?1";
    let room = db.prepare_cached(sql)?.query_row([table_id], |row| row.get(0)).optional()?;
    Ok(room.flatten())
}

/// The most cards that one sheet holds.
const MOST_CARDS: i64 = 500;

/// The cards of the tables where guests may sit.
pub fn cards(db: &Connection, location_id: Option<i64>) -> Result<Vec<Card>> {
    let select = "SELECT t.id, t.label, t.qr_code, l.name
                  FROM tables t LEFT JOIN locations l ON l.id = t.location_id";
    let filter = Filter::new(OPEN_TO_GUESTS).and("t.location_id = ?", location_id);
    let window = (0, MOST_CARDS + 1);
    let cards = filter.page(db, select, "t.location_id, natural(t.label)", window, |row| {
        Ok(Card {
            table_id: row.get(0)?,
            name: row.get(1)?,
            qr_code: row.get(2)?,
            location_name: row.get(3)?,
        })
    })?;
    if cards.len() as i64 > MOST_CARDS {
        let detail = format!(
            "One sheet holds {MOST_CARDS} tables. Print one location at a time (location_id)."
        );
        return Err(Error::rule("too_many_tables", detail).with("most", MOST_CARDS));
    }
    Ok(cards)
}

/// A code for a new table's QR code: nobody can guess it.
///
/// # Errors
/// When the system has no randomness to give.
pub fn new_qr_code() -> Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(random_bytes::<12>()?))
}

/// Adds a table; `by` is who did it.
pub struct CreateTable {
    /// The table.
    pub table: TableCreate,
    /// A user's id; none for an import.
    pub by: Option<i64>,
}

impl Command for CreateTable {
    type Output = Table;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Table> {
        let Self { table, by } = self;
        if table.number.is_none() && table.name.is_none() {
            return Err(Error::invalid("name", "is needed where there is no number"));
        }
        if let Some(location_id) = table.location_id {
            let location = LOCATIONS.get(tx, location_id.get())?;
            if table.is_active {
                rules::must_be_active(&location)?;
            }
        }
        let place = (table.x.map(Int::get), table.y.map(Int::get));
        rules::must_be_whole(place)?;
        let naming = Naming::of(tx, (None, None), table.number, table.name)?;
        let columns = naming
            .columns()
            .set("seats", table.seats)
            .maybe("location_id", table.location_id)
            .text("description", table.description)
            .set("qr_code", new_qr_code()?)
            .maybe("x", table.x)
            .maybe("y", table.y)
            .set("shape", table.shape.as_str().to_owned())
            .set("is_active", table.is_active);
        let id = columns.insert(tx, "tables").map_err(|error| naming.taken(error))?;
        tell_of(tx, id, TableChange::Added, by)?;
        self::table(tx, id)
    }
}

pub struct UpdateTable {
    pub id: i64,
    pub changes: TableUpdate,
    pub by: Option<i64>,
}

impl Command for UpdateTable {
    type Output = Table;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Table> {
        let Self { id, changes, by } = self;
        let old = table(tx, id)?;
        let is_active = changes.is_active.unwrap_or(old.is_active);
        let location_id = changes.location_id.map(Int::get).or(old.location_id);
        if old.is_active && !is_active {
            rules::must_have_no_order(&old)?;
        }
        let is_moved = location_id != old.location_id;
        if let Some(location_id) = location_id
            && (is_moved || (is_active && !old.is_active))
        {
            let location = LOCATIONS.get(tx, location_id)?;
            if is_active {
                rules::must_be_active(&location)?;
            }
        }
        let (x, y) = if is_moved { (None, None) } else { (old.x, old.y) };
        let (x, y) = (changes.x.map(Int::get).or(x), changes.y.map(Int::get).or(y));
        rules::must_be_whole((x, y))?;
        let before = Naming::known(old.number, old.name);
        let naming = Naming::of(tx, (Some(id), Some(before)), changes.number, changes.name)?;
        let columns = naming
            .columns()
            .maybe("seats", changes.seats)
            .set("location_id", location_id)
            .patch_text("description", changes.description)
            .set("is_active", is_active)
            .maybe("is_seated", (!is_active).then_some(false))
            .set("x", x)
            .set("y", y)
            .maybe("shape", changes.shape.map(|shape| shape.as_str().to_owned()));
        columns.update(tx, "tables", id).map_err(|error| naming.taken(error))?;
        tell_of(tx, id, TableChange::Changed, by)?;
        table(tx, id)
    }
}

pub struct DeleteTable {
    pub id: i64,
    pub by: Option<i64>,
}

impl Command for DeleteTable {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        rules::must_have_no_order(&table(tx, self.id)?)?;
        let gone = Columns::default().set("deleted_at", tx.now().0).set("is_seated", false);
        gone.update(tx, "tables", self.id)?;
        tx.emit(table_changed(self.id, TableChange::Removed, None, self.by)?)?;
        Ok(())
    }
}

/// Tells the staff what happened to a table, and how it is now.
///
/// # Errors
/// When the event cannot be written.
pub fn tell_of(tx: &mut Tx<'_>, id: i64, change: TableChange, by: Option<i64>) -> Result<()> {
    let now = match table(tx, id) {
        Ok(table) => Some(table),
        // Gone with its room: its guests may leave all the same.
        Err(error) if error.status() == 404 => None,
        Err(error) => return Err(error),
    };
    tx.emit(table_changed(id, change, now, by)?).map(drop)
}

/// A table where an order can be placed. Returns its number.
///
/// # Errors
/// 404 when there is none, 400 when it is not in use.
pub fn check_in_use(db: &Connection, id: i64) -> Result<(i64, String)> {
    let (number, name, is_active): (i64, String, bool) = db
        .prepare_cached(
            "SELECT number, label, is_active FROM tables WHERE id = ?1 AND deleted_at IS NULL",
        )?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?
        .ok_or_else(|| Error::not_found("table", id))?;
    if is_active {
        return Ok((number, name));
    }
    let detail = format!("Table {name} is not in use. Choose another table.");
    Err(Error::rule("table_inactive", detail).with("table", name))
}
