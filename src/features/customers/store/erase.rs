//! Forgetting a customer, and giving out what is known of one.
//!
//! It begins with one row that says so: from then on nobody sees the guest. What else holds something of
//! them is emptied in steps, and the guest's own row last, since it says where to look. Whatever breaks in
//! between is gone on with from that first row, and so is what a restore brought back.

use std::ops::ControlFlow;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;

use super::read::{details, find, ids_of};
use super::write::{note, write_words};
use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::core::store::{Command, Priority, Steps, Tx, forget_replies};
use crate::features::customers::events::customer_changed;
use crate::features::customers::types::{CustomerErasure, CustomerExport};
use crate::features::loyalty;
use crate::features::orders;
use crate::features::permissions::{Permission, require};
use crate::features::reservations;
use crate::platform::audit;
use crate::platform::auth::Person;

/// So many orders are given out.
const EXPORTED_ORDERS: i64 = 1000;

const SELECT_ERASURE: &str =
    "SELECT e.customer_id, e.at, e.user_id, u.full_name, e.orders, e.finished_at
    FROM customer_erasures e LEFT JOIN users u ON u.id = e.user_id";

fn from_row(row: &Row<'_>) -> rusqlite::Result<CustomerErasure> {
    Ok(CustomerErasure {
        customer_id: row.get(0)?,
        at: Timestamp(row.get(1)?),
        user_id: row.get(2)?,
        user_name: row.get(3)?,
        orders: row.get(4)?,
        finished_at: row.get::<_, Option<i64>>(5)?.map(Timestamp),
    })
}

/// The act of one erasure.
///
/// # Errors
/// 404 when the guest was not erased.
pub fn erasure(db: &Connection, customer_id: i64) -> Result<CustomerErasure> {
    let sql = format!("{SELECT_ERASURE} WHERE e.customer_id = ?1");
    let found = db.prepare_cached(&sql)?.query_row([customer_id], from_row).optional()?;
    found.ok_or_else(|| Error::not_found("erasure of the guest", customer_id))
}

/// The acts, the newest first; who was joined with another is told of with that one.
///
/// # Errors
/// When the database cannot be read.
pub fn erasures(db: &Connection, (skip, most): (i64, i64)) -> Result<Vec<CustomerErasure>> {
    let sql = format!(
        "{SELECT_ERASURE} JOIN customers c ON c.id = e.customer_id
         WHERE c.merged_into_id IS NULL ORDER BY e.id DESC LIMIT ?2 OFFSET ?1"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([skip, most], from_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// All that is known of a guest.
///
/// # Errors
/// 404 when there is none.
pub fn export(db: &Connection, id: i64, now: Timestamp) -> Result<CustomerExport> {
    let customer = details(db, id, true)?;
    let ids = ids_of(db, customer.customer.id)?;
    let orders = orders::visits(db, &ids, (i64::MAX, EXPORTED_ORDERS))?;
    Ok(CustomerExport { exported_at: now, customer, orders })
}

/// Writes down that somebody gives out what is known of a guest. Returns when.
pub struct NoteExport {
    /// Which one.
    pub id: i64,
    /// Who.
    pub by: Person,
}

impl Command for NoteExport {
    type Output = Timestamp;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Timestamp> {
        require(tx, &self.by, Permission::CustomersErase)?;
        let subject = ("customer", Some(find(tx, self.id)?.id));
        let nothing = (Value::Null, Value::Null);
        audit::note(tx, Some(self.by.id), "customer_exported", subject, nothing)?;
        Ok(tx.now())
    }
}

/// Begins to forget a guest, and whoever was joined with them.
pub struct BeginErasure {
    /// Which one.
    pub id: i64,
    /// Who.
    pub by: Person,
}

impl Command for BeginErasure {
    type Output = CustomerErasure;

    fn apply(self, tx: &mut Tx<'_>) -> Result<CustomerErasure> {
        require(tx, &self.by, Permission::CustomersErase)?;
        let id = find(tx, self.id)?.id;
        let ids = ids_of(tx, id)?;
        if orders::has_open_order(tx, &ids)? {
            let detail = "The guest has an open order. Close it, or take the guest off it, first.";
            return Err(Error::conflict("customer_has_open_order", detail));
        }
        for id in ids {
            tx.prepare_cached(
                "INSERT INTO customer_erasures (customer_id, at, user_id) VALUES (?1, ?2, ?3)
                 ON CONFLICT (customer_id) DO NOTHING",
            )?
            .execute(params![id, tx.now().0, self.by.id])?;
            tx.prepare_cached(
                "UPDATE customers SET erased_at = ?2, phone_digits = NULL WHERE id = ?1",
            )?
            .execute([id, tx.now().0])?;
            write_words(tx, id, &[])?;
            loyalty::forfeit(tx, id, self.by.id)?;
        }
        note(tx, &self.by, "customer_erased", id, (Value::Null, Value::Null))?;
        erasure(tx, id)
    }
}

/// An erasure that is under way: what is still to be emptied.
pub struct Cleaning {
    id: i64,
    customer_id: i64,
    /// Texts in kept replies that give the guest away.
    texts: Vec<String>,
    orders: Vec<i64>,
    cleaned: i64,
}

/// The oldest erasure that is not through, with all that it has to empty.
///
/// # Errors
/// When the database cannot be read.
pub fn next_open(db: &Connection, now: Timestamp) -> Result<Option<Cleaning>> {
    type Open = (i64, i64, String, Option<String>, Option<String>);
    let open: Option<Open> = db
        .prepare_cached(
            "SELECT e.id, e.customer_id, c.name, c.phone, c.email
             FROM customer_erasures e JOIN customers c ON c.id = e.customer_id
             WHERE e.overwritten_at IS NULL AND e.finished_at IS NULL ORDER BY e.id LIMIT 1",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
        .optional()?;
    let Some((id, customer_id, name, phone, email)) = open else { return Ok(None) };
    let mut orders = orders::orders_of(db, &[customer_id])?;
    if let Some(phone) = &phone {
        orders.extend(orders::orders_with_phone(db, phone)?);
        orders.sort_unstable();
        orders.dedup();
    }
    // As they stand in JSON, whole: a name that is a part of other words takes nothing else with it.
    let told = [Some(name), phone, email].into_iter().flatten().filter(|text| !text.is_empty());
    let mut texts: Vec<String> = told.map(|text| Value::from(text).to_string()).collect();
    texts.push(format!(r#"{{"id":{customer_id},"name":"#));
    let written = orders::written_on_checks(db, &orders, now)?;
    texts.extend(written.into_iter().map(|text| Value::from(text).to_string()));
    Ok(Some(Cleaning { id, customer_id, texts, orders, cleaned: 0 }))
}

/// The newest erasure of which the unused space of the file may still hold something; none where it holds
/// nothing.
///
/// # Errors
/// When the database cannot be read.
pub fn to_overwrite(db: &Connection) -> Result<Option<i64>> {
    let sql = "SELECT max(id) FROM customer_erasures
               WHERE overwritten_at IS NULL AND finished_at IS NOT NULL";
    Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// The unused space of the file was overwritten since these erasures were through.
pub struct NoteOverwritten {
    /// The newest of them.
    pub newest: i64,
}

impl Command for NoteOverwritten {
    type Output = ();
    const PRIORITY: Priority = Priority::Upkeep;

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        tx.prepare_cached(
            "UPDATE customer_erasures SET overwritten_at = ?2
             WHERE overwritten_at IS NULL AND finished_at IS NOT NULL AND id <= ?1",
        )?
        .execute([self.newest, tx.now().0])?;
        Ok(())
    }
}

impl Steps for Cleaning {
    type Output = ();

    fn step(&mut self, tx: &mut Tx<'_>) -> Result<ControlFlow<()>> {
        // First: the orders say what to look for.
        forget_replies(tx, &std::mem::take(&mut self.texts))?;
        while let Some(order) = self.orders.pop() {
            orders::forget_person(tx, order)?;
            self.cleaned += 1;
            if !tx.has_time() {
                return Ok(ControlFlow::Continue(()));
            }
        }
        let phone: Option<String> = tx
            .prepare_cached("SELECT phone FROM customers WHERE id = ?1")?
            .query_row([self.customer_id], |row| row.get(0))?;
        while let Some(phone) = &phone
            && reservations::forget_next(tx, phone)?
        {
            if !tx.has_time() {
                return Ok(ControlFlow::Continue(()));
            }
        }
        self.empty(tx)?;
        Ok(ControlFlow::Break(()))
    }
}

impl Cleaning {
    /// The guest's own row, last.
    fn empty(&self, tx: &mut Tx<'_>) -> Result<()> {
        let now = tx.now().0;
        tx.prepare_cached(
            "UPDATE customers SET name = '', phone = NULL, phone_digits = NULL, email = NULL,
                                  birthday = NULL, notes = NULL, allergies = NULL, updated_at = ?2
             WHERE id = ?1",
        )?
        .execute([self.customer_id, now])?;
        write_words(tx, self.customer_id, &[])?;
        tx.prepare_cached(
            "UPDATE customer_erasures SET finished_at = ?2, orders = ?3
             WHERE id = ?1 AND finished_at IS NULL",
        )?
        .execute([self.id, now, self.cleaned])?;
        tx.emit(customer_changed(self.customer_id, None)?).map(drop)
    }
}
