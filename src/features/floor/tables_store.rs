//! Tables in SQL.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Deserialize;
use utoipa::IntoParams;

use super::locations_store::location;
use super::open_orders::open_orders;
use super::sheet::Card;
use super::{
    Naming, Table, TableCreate, TableList, TableRow, TableShape, TableUpdate, changed, rules,
};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Line;
use crate::core::kernel::{Int, Timestamp};
use crate::core::store::{Command, Filter, Tx, word};
use crate::platform::auth::random_bytes;

const SELECT: &str = concat!(
    "SELECT id, number, seats, location_id, description, qr_code, is_active, is_seated,
            created_at, updated_at, x, y, shape, label, guests,
            (SELECT orders.id ",
    open_orders!(),
    " ORDER BY orders.payment_status = 'UNPAID' DESC, orders.id DESC LIMIT 1)
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
            let location = location(tx, location_id.get())?;
            if table.is_active {
                rules::must_be_active(&location)?;
            }
        }
        let place = (table.x.map(Int::get), table.y.map(Int::get));
        rules::must_be_whole(place)?;
        let naming = Naming::of(tx, (None, None), table.number, table.name)?;
        tx.execute(
            "INSERT INTO tables (number, seats, location_id, description, qr_code, x, y, shape,
                                 is_active, created_at, updated_at, name, name_key)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?11, ?12)",
            params![
                naming.number,
                table.seats.get(),
                table.location_id.map(Int::get),
                table.description.and_then(Line::non_empty),
                new_qr_code()?,
                place.0,
                place.1,
                table.shape.as_str(),
                table.is_active,
                tx.now().0,
                naming.name,
                naming.key(),
            ],
        )
        .map_err(|error| naming.taken(error))?;
        let id = tx.last_insert_rowid();
        tx.emit(changed("table", id, by))?;
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
            let location = location(tx, location_id)?;
            if is_active {
                rules::must_be_active(&location)?;
            }
        }
        let (x, y) = if is_moved { (None, None) } else { (old.x, old.y) };
        let (x, y) = (changes.x.map(Int::get).or(x), changes.y.map(Int::get).or(y));
        rules::must_be_whole((x, y))?;
        let before = Naming::known(old.number, old.name);
        let naming = Naming::of(tx, (Some(id), Some(before)), changes.number, changes.name)?;
        tx.execute(
            "UPDATE tables SET number = ?2, seats = ?3, location_id = ?4, description = ?5,
                               is_active = ?6, is_seated = is_seated AND ?6, updated_at = ?7,
                               x = ?8, y = ?9, shape = ?10, name = ?11, name_key = ?12
             WHERE id = ?1",
            params![
                id,
                naming.number,
                changes.seats.map_or(old.seats, Int::get),
                location_id,
                changes.description.text_or(old.description),
                is_active,
                tx.now().0,
                x,
                y,
                changes.shape.unwrap_or(old.shape).as_str(),
                naming.name,
                naming.key(),
            ],
        )
        .map_err(|error| naming.taken(error))?;
        tx.emit(changed("table", id, by))?;
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
        tx.execute(
            "UPDATE tables SET deleted_at = ?2, updated_at = ?2, is_seated = 0 WHERE id = ?1",
            params![self.id, tx.now().0],
        )?;
        tx.emit(changed("table", self.id, self.by))?;
        Ok(())
    }
}

/// Tells the staff that something about a table changed.
///
/// # Errors
/// When the event cannot be written.
pub fn tell_of(tx: &mut Tx<'_>, id: i64, by: Option<i64>) -> Result<()> {
    tx.emit(changed("table", id, by)).map(drop)
}

/// A table where an order can be placed.
///
/// # Errors
/// 404 when there is none, 400 when it is not in use.
pub fn check_in_use(db: &Connection, id: i64) -> Result<()> {
    let (name, is_active): (String, bool) = db
        .prepare_cached("SELECT label, is_active FROM tables WHERE id = ?1 AND deleted_at IS NULL")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .ok_or_else(|| Error::not_found("table", id))?;
    if is_active {
        return Ok(());
    }
    let detail = format!("Table {name} is not in use. Choose another table.");
    Err(Error::rule("table_inactive", detail).with("table", name))
}
