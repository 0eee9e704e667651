//! Whose order it is, where it is a known guest's: `features/customers` asks and says so.

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::json;

use super::{events, load};
use crate::core::error::{Error, Result};
use crate::core::kernel::search::{PHONE_TELLS, phone_key};
use crate::core::kernel::{Money, Timestamp};
use crate::core::store::{Reply, Tx, word};
use crate::features::fiscal;
use crate::features::orders::states::{OrderStatus, OrderType, PaymentStatus};
use crate::features::orders::types::{CustomerVisit, FavouriteDish};
use crate::features::printing::forget_slips;

/// Of so many of the last orders favourites are counted.
const LAST_ORDERS: i64 = 100;
/// So many favourites are named.
const FAVOURITES: i64 = 5;

/// So long a reply is kept at most, in milliseconds: four days.
const REPLIES_KEPT: i64 = 4 * 24 * 3_600_000;

/// Of older orders no slip is kept, in milliseconds: two months.
const SLIPS_KEPT: i64 = 60 * 24 * 3_600_000;

/// Says whose order it is, or that nobody knows. The order is the reply.
///
/// # Errors
/// 404 when there is no such order; 400 when it is closed.
pub fn set_customer(
    tx: &mut Tx<'_>,
    order_id: i64,
    customer_id: Option<i64>,
    by: i64,
) -> Result<Reply> {
    let old = load::for_change(tx, order_id)?;
    if old.order.customer_id == customer_id {
        let json = serde_json::to_string(&old).map_err(Error::internal)?;
        return Ok(Reply { json: json.into(), event_seq: None });
    }
    let number = old.order.number;
    if old.order.status.is_closed() {
        let detail = format!("Order {number} is closed.");
        return Err(Error::rule("order_closed", detail).with("number", number));
    }
    tx.prepare_cached("UPDATE orders SET customer_id = ?2, updated_at = ?3 WHERE id = ?1")?
        .execute(params![order_id, customer_id, tx.now().0])?;
    let order = load::order_with_items(tx, order_id)?;
    events::updated(tx, Some(by), order, Vec::new())
}

/// Whose order it is; none where nobody knows.
///
/// # Errors
/// 404 when there is no such order.
pub fn customer_of(db: &Connection, order_id: i64) -> Result<Option<i64>> {
    db.prepare_cached("SELECT customer_id FROM orders WHERE id = ?1")?
        .query_row([order_id], |row| row.get(0))
        .optional()?
        .ok_or_else(|| Error::not_found("order", order_id))
}

/// Whether one of these guests has an order that is not closed.
///
/// # Errors
/// When the database cannot be read.
pub fn has_open_order(db: &Connection, customers: &[i64]) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM orders
                   WHERE customer_id IN (SELECT value FROM json_each(?1)) AND closed_at IS NULL)";
    Ok(db.prepare_cached(sql)?.query_row([json!(customers).to_string()], |row| row.get(0))?)
}

/// The orders of these guests before one of them, the newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn visits(
    db: &Connection,
    customers: &[i64],
    (before, most): (i64, i64),
) -> Result<Vec<CustomerVisit>> {
    let mut statement = db.prepare_cached(
        "SELECT o.id, o.number, o.order_type, t.label, o.status, o.payment_status, o.total,
                o.created_at
         FROM orders o LEFT JOIN tables t ON t.id = o.table_id
         WHERE o.customer_id IN (SELECT value FROM json_each(?1)) AND o.id < ?2
         ORDER BY o.id DESC LIMIT ?3",
    )?;
    let rows = statement.query_map(params![json!(customers).to_string(), before, most], |row| {
        Ok(CustomerVisit {
            order_id: row.get(0)?,
            number: row.get(1)?,
            order_type: word(row, 2, OrderType::parse)?,
            table_name: row.get(3)?,
            status: word(row, 4, OrderStatus::parse)?,
            payment_status: word(row, 5, PaymentStatus::parse)?,
            total_price: Money(row.get(6)?),
            created_at: Timestamp(row.get(7)?),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many orders these guests had that were not called off, and when the last one was placed.
///
/// # Errors
/// When the database cannot be read.
pub fn visits_in_all(db: &Connection, customers: &[i64]) -> Result<(i64, Option<Timestamp>)> {
    let sql = "SELECT count(*), max(created_at) FROM orders
               WHERE customer_id IN (SELECT value FROM json_each(?1)) AND status <> 'CANCELLED'";
    let ids = json!(customers).to_string();
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?));
    let (count, last) = db.prepare_cached(sql)?.query_row([ids], read)?;
    Ok((count, last.map(Timestamp)))
}

/// What these guests ordered most often in their last orders.
///
/// # Errors
/// When the database cannot be read.
pub fn favourites(db: &Connection, customers: &[i64]) -> Result<Vec<FavouriteDish>> {
    let mut statement = db.prepare_cached(
        "SELECT i.dish_id, max(i.dish_name), count(DISTINCT i.order_id) AS orders
         FROM order_items i
         WHERE i.order_id IN (SELECT id FROM orders
                              WHERE customer_id IN (SELECT value FROM json_each(?1))
                              ORDER BY id DESC LIMIT ?2)
           AND i.status <> 'CANCELLED'
         GROUP BY i.dish_id ORDER BY orders DESC, i.dish_id LIMIT ?3",
    )?;
    let params = params![json!(customers).to_string(), LAST_ORDERS, FAVOURITES];
    let rows = statement.query_map(params, |row| {
        Ok(FavouriteDish { dish_id: row.get(0)?, name: row.get(1)?, orders: row.get(2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// All orders of these guests.
///
/// # Errors
/// When the database cannot be read.
pub fn orders_of(db: &Connection, customers: &[i64]) -> Result<Vec<i64>> {
    let sql = "SELECT id FROM orders WHERE customer_id IN (SELECT value FROM json_each(?1))";
    let mut statement = db.prepare_cached(sql)?;
    let ids = statement.query_map([json!(customers).to_string()], |row| row.get(0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

/// The closed orders that were placed with a telephone, however it was typed: they are that guest's too,
/// though nobody said so.
///
/// # Errors
/// When the database cannot be read.
pub fn orders_with_phone(db: &Connection, phone: &str) -> Result<Vec<i64>> {
    let Some(key) = phone_key(phone).filter(|key| key.len() == PHONE_TELLS) else {
        return Ok(Vec::new());
    };
    let mut statement = db.prepare_cached(
        "SELECT id, customer_phone FROM orders INDEXED BY orders_customer
         WHERE closed_at IS NOT NULL AND (customer_name IS NOT NULL OR customer_phone IS NOT NULL)",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut found = Vec::new();
    for row in rows {
        let (id, phone): (i64, Option<String>) = row?;
        if phone.as_deref().and_then(phone_key).as_ref() == Some(&key) {
            found.push(id);
        }
    }
    Ok(found)
}

/// What was written by hand on checks of these orders of which a reply may still be kept: notes, and where
/// receipts were sent.
///
/// # Errors
/// When the database cannot be read.
pub fn written_on_checks(db: &Connection, orders: &[i64], now: Timestamp) -> Result<Vec<String>> {
    let mut statement = db.prepare_cached(
        "WITH recent (note, receipt_to) AS (
             SELECT note, receipt_to FROM checks
             WHERE order_id IN (SELECT value FROM json_each(?1)) AND updated_at > ?2)
         SELECT note FROM recent WHERE note IS NOT NULL
         UNION SELECT receipt_to FROM recent WHERE receipt_to IS NOT NULL",
    )?;
    let params = params![json!(orders).to_string(), now.0 - REPLIES_KEPT];
    let texts = statement.query_map(params, |row| row.get(0))?;
    Ok(texts.collect::<rusqlite::Result<_>>()?)
}

/// Forgets whose order it was, and all that was written on it by hand: the customer's name, telephone and
/// address, notes and wishes, where receipts were sent, also in slips that were printed. What was sold, and
/// for how much, stays.
///
/// # Errors
/// When the rows cannot be written.
pub fn forget_person(tx: &Tx<'_>, order_id: i64) -> Result<()> {
    tx.prepare_cached(
        "UPDATE orders SET customer_name = NULL, customer_phone = NULL, delivery_address = NULL,
                           delivery_notes = NULL, notes = NULL, kitchen_notes = NULL
         WHERE id = ?1",
    )?
    .execute([order_id])?;
    for sql in [
        "UPDATE order_items SET comment = NULL WHERE order_id = ?1 AND comment IS NOT NULL",
        "UPDATE checks SET note = NULL, receipt_to = NULL WHERE order_id = ?1",
        "UPDATE events SET order_json = NULL, order_packed = NULL
         WHERE subject = 'order' AND subject_id = ?1",
    ] {
        tx.prepare_cached(sql)?.execute([order_id])?;
    }
    fiscal::forget_address(tx, order_id)?;
    let sql = "SELECT created_at FROM orders WHERE id = ?1";
    let placed: i64 = tx.prepare_cached(sql)?.query_row([order_id], |row| row.get(0))?;
    if tx.now().0 - placed > SLIPS_KEPT { Ok(()) } else { forget_slips(tx, order_id) }
}
