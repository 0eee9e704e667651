//! Reading orders.

use rusqlite::{Connection, OptionalExtension, Row};

use super::chosen::chosen;
use crate::core::error::{Error, Result};
use crate::core::kernel::Tax;
use crate::core::kernel::{Money, TaxRate, Timestamp};
use crate::core::store::{Tx, course, measure, quantity, word};
use crate::features::menu::Department;
use crate::features::orders::states::{ItemStatus, OrderStatus, OrderType, PaymentStatus};
use crate::features::orders::types::{LineCombo, Order, OrderItem, OrderWithDetails};
use crate::features::taxes::LineTax;

pub(super) const SELECT_ORDER: &str = "SELECT o.id, o.number, o.order_type, o.table_id, t.number, \
    coalesce(o.waiter_id, 0), coalesce(u.full_name, ''), o.is_guest_order, o.status, \
    o.payment_status, o.payment_method_id, m.name, o.total, o.notes, o.kitchen_notes, \
    o.customer_name, o.customer_phone, o.delivery_address, o.delivery_notes, o.confirmed_at, \
    o.served_at, o.cancelled_at, o.completed_at, o.created_at, o.updated_at, o.joined_into_id, o.tax_rate, \
    o.version, t.label, o.guests, o.tax, o.customer_id \
    FROM orders o \
    LEFT JOIN tables t ON t.id = o.table_id \
    LEFT JOIN users u ON u.id = o.waiter_id \
    LEFT JOIN payment_methods m ON m.id = o.payment_method_id";

const SELECT_ITEM: &str = "SELECT id, order_id, dish_id, dish_variation_id, dish_name, \
    variation_name, dish_image_url, department, quantity, comment, price, status, \
    sent_to_kitchen_at, preparation_started_at, ready_at, served_at, \
    estimated_preparation_time, created_at, updated_at, seat, unit, modifiers, gross, \
    tax_class_id, tax_rate, tax_is_added, price_list_id, list_price, chosen, combo_id, \
    combo_dish_id, combo_name, course FROM order_items";

fn moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp))
}

pub(super) fn order_from_row(row: &Row<'_>) -> rusqlite::Result<Order> {
    let served_at = moment(row, 20)?;
    let created_at = Timestamp(row.get(23)?);
    Ok(Order {
        id: row.get(0)?,
        number: row.get(1)?,
        order_type: word(row, 2, OrderType::parse)?,
        table_id: row.get(3)?,
        table_number: row.get(4)?,
        table_name: row.get(28)?,
        guests: row.get(29)?,
        waiter_id: row.get(5)?,
        waiter_name: row.get(6)?,
        is_guest_order: row.get(7)?,
        status: word(row, 8, OrderStatus::parse)?,
        payment_status: word(row, 9, PaymentStatus::parse)?,
        payment_method_id: row.get(10)?,
        payment_method_name: row.get(11)?,
        total_price: Money(row.get(12)?),
        tax_percent: TaxRate::new(row.get(26)?),
        tax_included: Money(row.get(30)?),
        notes: row.get(13)?,
        kitchen_notes: row.get(14)?,
        customer_name: row.get(15)?,
        customer_phone: row.get(16)?,
        customer_id: row.get(31)?,
        delivery_address: row.get(17)?,
        delivery_notes: row.get(18)?,
        confirmed_at: moment(row, 19)?,
        served_at,
        cancelled_at: moment(row, 21)?,
        completed_at: moment(row, 22)?,
        time_to_serve: served_at.map(|served| served.minutes_since(created_at)),
        created_at,
        updated_at: Timestamp(row.get(24)?),
        version: row.get(27)?,
        joined_into_id: row.get(25)?,
    })
}

fn item_from_row(row: &Row<'_>) -> rusqlite::Result<OrderItem> {
    let department = word(row, 7, Department::parse)?;
    let (sent, started, ready) = (moment(row, 12)?, moment(row, 13)?, moment(row, 14)?);
    let estimated_preparation_time = row.get(16)?;
    Ok(OrderItem {
        id: row.get(0)?,
        order_id: row.get(1)?,
        dish_id: row.get(2)?,
        dish_variation_id: row.get(3)?,
        dish_name: row.get(4)?,
        variation_name: row.get(5)?,
        dish_image_url: row.get(6)?,
        dish_cooking_time: estimated_preparation_time,
        dish_department: department,
        quantity: quantity(row, 8)?,
        unit: measure(row, 20)?,
        combo: combo(row, 29)?,
        comment: row.get(9)?,
        price: Money(row.get(10)?),
        price_list_id: row.get(26)?,
        list_price: row.get::<_, Option<i64>>(27)?.map(Money),
        modifiers: chosen(row, 28)?,
        modifiers_price: Money(row.get(21)?),
        total: Money(row.get(22)?),
        status: word(row, 11, ItemStatus::parse)?,
        department,
        sent_to_kitchen_at: sent,
        preparation_started_at: started,
        ready_at: ready,
        served_at: moment(row, 15)?,
        estimated_preparation_time,
        actual_preparation_time: started
            .or(sent)
            .zip(ready)
            .map(|(from, to)| to.minutes_since(from)),
        created_at: Timestamp(row.get(17)?),
        updated_at: Timestamp(row.get(18)?),
        seat: row.get(19)?,
        course: course(row, 32)?,
        tax: LineTax { class_id: row.get(23)?, tax: tax(row, 24)? },
    })
}

/// The combo that a line is a part of, in a column and the two after it.
///
/// # Errors
/// When it cannot be read.
pub fn combo(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<LineCombo>> {
    let Some(id) = row.get(column)? else { return Ok(None) };
    Ok(Some(LineCombo { id, dish_id: row.get(column + 1)?, name: row.get(column + 2)? }))
}

/// A line's tax, whose rate stands in a column and its kind in the next one.
pub(super) fn tax(row: &Row<'_>, column: usize) -> rusqlite::Result<Tax> {
    Ok(Tax::of_rate(TaxRate::new(row.get(column)?), row.get(column + 1)?))
}

/// One order with its lines.
///
/// # Errors
/// 404 when there is none.
pub fn order_with_items(db: &Connection, id: i64) -> Result<OrderWithDetails> {
    Ok(OrderWithDetails { order: order(db, id)?, items: items_of(db, id)? })
}

/// One order without its lines.
pub(super) fn order(db: &Connection, id: i64) -> Result<Order> {
    let sql = with(SELECT_ORDER, "WHERE o.id = ?1");
    let order = db.prepare_cached(&sql)?.query_row([id], order_from_row).optional()?;
    order.ok_or_else(|| Error::not_found("order", id))
}

/// The same, for a command that is to change it: nothing that it writes precedes the order's past.
pub(super) fn for_change(tx: &mut Tx<'_>, id: i64) -> Result<OrderWithDetails> {
    let order = order_with_items(tx, id)?;
    tx.not_before(order.order.updated_at);
    Ok(order)
}

fn items_of(db: &Connection, order_id: i64) -> Result<Vec<OrderItem>> {
    let sql = with(SELECT_ITEM, "WHERE order_id = ?1 ORDER BY id");
    let mut statement = db.prepare_cached(&sql)?;
    let items = statement.query_map([order_id], item_from_row)?;
    Ok(items.collect::<rusqlite::Result<_>>()?)
}

fn with(select: &str, rest: &str) -> String {
    format!("{select} {rest}")
}

/// The line of an order.
pub(super) fn find_item(order: &OrderWithDetails, item_id: i64) -> Result<&OrderItem> {
    order
        .items
        .iter()
        .find(|item| item.id == item_id)
        .ok_or_else(|| Error::not_found("order item", item_id))
}

/// The order to which a line belongs.
pub(super) fn order_of_item(db: &Connection, item_id: i64) -> Result<i64> {
    db.prepare_cached("SELECT order_id FROM order_items WHERE id = ?1")?
        .query_row([item_id], |row| row.get(0))
        .optional()?
        .ok_or_else(|| Error::not_found("order item", item_id))
}

/// The open bill of a table, if there is one.
pub(super) fn open_bill(db: &Connection, table_id: i64) -> Result<Option<i64>> {
    Ok(db
        .prepare_cached(
            "SELECT id FROM orders WHERE table_id = ?1 AND order_type = 'DINE_IN'
             AND payment_status = 'UNPAID' AND closed_at IS NULL",
        )?
        .query_row([table_id], |row| row.get(0))
        .optional()?)
}

/// The order that a table's guests see: the open bill, else what is open beside it.
///
/// # Errors
/// When the database cannot be read.
pub fn table_order(db: &Connection, table_id: i64) -> Result<Option<OrderWithDetails>> {
    let mut open = active_at_table(db, table_id)?;
    open.retain(|order| order.order.order_type == OrderType::DineIn);
    let bill = open.iter().position(|o| o.order.payment_status == PaymentStatus::Unpaid);
    Ok(match bill {
        Some(at) => Some(open.swap_remove(at)),
        None => open.into_iter().next(),
    })
}

/// The open orders of a table, newest first.
pub fn active_at_table(db: &Connection, table_id: i64) -> Result<Vec<OrderWithDetails>> {
    // The index is named so that a table's closed orders cost nothing, however many there are.
    let rest = "WHERE o.id IN (SELECT id FROM orders INDEXED BY orders_open
                               WHERE table_id = ?1 AND closed_at IS NULL)
                ORDER BY o.id DESC LIMIT 100";
    let sql = with(SELECT_ORDER, rest);
    let mut statement = db.prepare_cached(&sql)?;
    let orders: Vec<Order> =
        statement.query_map([table_id], order_from_row)?.collect::<rusqlite::Result<_>>()?;
    orders
        .into_iter()
        .map(|order| Ok(OrderWithDetails { items: items_of(db, order.id)?, order }))
        .collect()
}
