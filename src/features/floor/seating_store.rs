//! Who sits at a table, and how many they are, in SQL.

use rusqlite::types::Null;
use rusqlite::{Connection, OptionalExtension};

use super::events::TableChange;
use super::open_orders::open_orders;
use super::tables_store::{table, tell_of};
use super::{Guests, TableSync, rules};
use crate::core::error::{Error, Result};
use crate::core::store::{Columns, Command, Tx};
use crate::features::calls;
use crate::features::visits;

pub fn sync(db: &Connection, id: i64) -> Result<TableSync> {
    let table = table(db, id)?;
    let (is_seated, open_orders) = db
        .prepare_cached(concat!(
            "SELECT is_seated, (SELECT count(*) ",
            open_orders!(),
            ") FROM tables WHERE id = ?1"
        ))?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(TableSync {
        table_id: id,
        is_occupied: table.is_occupied,
        current_order_id: table.current_order_id,
        is_seated,
        open_orders,
        in_sync: !is_seated || open_orders > 0,
    })
}

/// A waiter says whether somebody sits at a table.
pub struct SeatTable {
    pub id: i64,
    pub is_occupied: bool,
    /// How many sit there, where they said so.
    pub guests: Option<Guests>,
    pub by: Option<i64>,
}

impl Command for SeatTable {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let table = table(tx, self.id)?;
        if !self.is_occupied {
            rules::must_have_no_order(&table)?;
            vacate(tx, self.id, self.by)?;
        } else if !table.is_occupied {
            rules::must_be_in_use(&table)?;
            visits::is_seated(tx, self.id)?;
            self.seat(tx)?;
        } else if self.guests.is_some() {
            // What has an order is counted there.
            rules::must_have_no_order(&table)?;
            self.seat(tx)?;
        }
        Ok(())
    }
}

impl SeatTable {
    fn seat(&self, tx: &mut Tx<'_>) -> Result<()> {
        let guests = self.guests.map(Guests::get);
        let columns = Columns::default().set("is_seated", true).set("guests", guests);
        columns.update(tx, "tables", self.id)?;
        tell_of(tx, self.id, TableChange::Seated, self.by)
    }
}

/// A party that was expected sits down at a table where nobody sits.
///
/// # Errors
/// 404 when there is no such table, 400 when it is not in use, 409 when somebody sits there.
pub fn seat_party(tx: &mut Tx<'_>, id: i64, guests: Option<Guests>, by: Option<i64>) -> Result<()> {
    let table = table(tx, id)?;
    rules::must_be_in_use(&table)?;
    rules::must_be_free(&table)?;
    visits::is_seated(tx, id)?;
    SeatTable { id, is_occupied: true, guests, by }.seat(tx)
}

/// An order begins at a table: those who were counted when they were seated belong to it from now on.
///
/// # Errors
/// When the database cannot be written.
pub fn take_guests(tx: &Tx<'_>, id: i64) -> Result<Option<i64>> {
    let seated = tx
        .prepare_cached("SELECT guests FROM tables WHERE id = ?1 AND is_seated")?
        .query_row([id], |row| row.get(0))
        .optional()?
        .flatten();
    if seated.is_some() {
        tx.prepare_cached("UPDATE tables SET guests = NULL WHERE id = ?1")?.execute([id])?;
    }
    Ok(seated)
}

/// The guests have left: ends their visit, takes back a waiter's word that somebody sits there,
/// answers what they still called for, and tells of it.
///
/// # Errors
/// When the database cannot be written.
pub fn vacate(tx: &mut Tx<'_>, id: i64, by: Option<i64>) -> Result<()> {
    visits::end(tx, id)?;
    let columns = Columns::default().set("is_seated", false).set("guests", Null);
    columns.update(tx, "tables", id)?;
    calls::answer_all(tx, id, by)?;
    tell_of(tx, id, TableChange::Freed, by)
}

/// A member of staff shows a table's bill to the phones there that wait for it. What they saw has to
/// be there still: the next party's phones are not meant.
pub struct ShowBill {
    pub id: i64,
    pub order_id: i64,
    pub by: i64,
}

impl Command for ShowBill {
    type Output = usize;

    fn apply(self, tx: &mut Tx<'_>) -> Result<usize> {
        let table = table(tx, self.id)?;
        if table.current_order_id != Some(self.order_id) {
            let detail = "Another order stands at this table now, or none. Open the table again.";
            return Err(Error::conflict("other_order", detail));
        }
        let shown = visits::show_bill(tx, self.id)?;
        if shown > 0 {
            tell_of(tx, self.id, TableChange::PhonesShown, Some(self.by))?;
        }
        Ok(shown)
    }
}

/// Frees a table that has no open order, marked as taken or not: whoever sat there has left.
pub struct ForceSync {
    pub id: i64,
    pub by: Option<i64>,
}

impl Command for ForceSync {
    type Output = TableSync;

    fn apply(self, tx: &mut Tx<'_>) -> Result<TableSync> {
        if sync(tx, self.id)?.open_orders == 0 {
            vacate(tx, self.id, self.by)?;
        }
        sync(tx, self.id)
    }
}
