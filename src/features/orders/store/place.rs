//! Placing an order: a new one, or lines for the open bill of the table.

use rusqlite::params;

use super::add::{self, Line};
use super::source::OrderSource;
use super::{events, guests, load, party};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Zone};
use crate::core::store::{Command, Priority, Reply, Tx};
use crate::features::floor;
use crate::features::orders::new_order::NewOrder;
use crate::features::orders::states::OrderType;

/// Places an order.
pub struct PlaceOrder {
    /// Who.
    pub by: OrderSource,
    /// Decides the day in which the order's number counts.
    pub zone: Zone,
    /// What.
    pub order: NewOrder,
}

impl Command for PlaceOrder {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;
    const CHECKS_FIRST: bool = true;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let Self { by, zone, mut order } = self;
        let order_type = order.order_type.unwrap_or(OrderType::DineIn);
        guests::check_seated(order_type, order.guests)?;
        if let Some(table_id) = order.table_id {
            floor::check_in_use(tx, table_id)?;
            if order_type == OrderType::DineIn
                && let Some(bill) = load::open_bill(tx, table_id)?
            {
                return add::to_bill(tx, bill, &by, &order);
            }
        } else if order_type == OrderType::DineIn {
            return Err(Error::invalid("table_id", "is needed for an order at a table"));
        }
        let confirmed = match &by {
            OrderSource::Staff(_) => true,
            OrderSource::Guest(mode) => !mode.wait(false),
        };
        let lines = add::look_up(tx, &order.items)?;
        // All is checked: from here on it is written.
        if let Some(table_id) = order.table_id.filter(|_| order_type == OrderType::DineIn) {
            party::begins(tx, table_id, by.staff_id())?;
            let seated = floor::take_guests(tx, table_id)?;
            order.guests = order.guests.or(seated);
        }
        let id = insert_order(tx, &by, &zone, order_type, &order, &lines, confirmed)?;
        let lines = add::insert_lines(tx, id, by.staff_id(), &lines, !confirmed)?;
        let placed = load::order_with_items(tx, id)?;
        events::created(tx, by.staff_id(), &placed, lines)
    }
}

fn insert_order(
    tx: &Tx<'_>,
    by: &OrderSource,
    zone: &Zone,
    order_type: OrderType,
    order: &NewOrder,
    lines: &[Line],
    confirmed: bool,
) -> Result<i64> {
    let now = tx.now();
    let day = zone.day(now);
    let total: Money = lines.iter().map(Line::total).sum();
    tx.prepare_cached(
        "INSERT INTO orders (business_day, number, order_type, table_id, waiter_id,
                             is_guest_order, status, payment_status, total, notes, kitchen_notes,
                             customer_name, customer_phone, delivery_address, delivery_notes,
                             confirmed_at, created_at, updated_at, tax_rate, guests)
         VALUES (?1,
                 (SELECT coalesce(max(number), 0) + 1 FROM orders WHERE business_day = ?1),
                 ?2, ?3, ?4, ?5, 'PENDING', 'UNPAID', ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14,
                 (SELECT tax_rate FROM site), ?15)",
    )?
    .execute(params![
        day,
        order_type.as_str(),
        order.table_id,
        by.staff_id(),
        by.staff_id().is_none(),
        total.0,
        order.notes,
        order.kitchen_notes,
        order.customer_name,
        order.customer_phone,
        order.delivery_address,
        order.delivery_notes,
        confirmed.then_some(now.0),
        now.0,
        order.guests,
    ])?;
    Ok(tx.last_insert_rowid())
}

/// Opens an empty order at another table for lines of `order_id`: the same waiter, the same word
/// to the kitchen, as old as the visit is, and so of the same day. `by` is who moves them.
pub(super) fn open_beside(tx: &mut Tx<'_>, order_id: i64, table_id: i64, by: i64) -> Result<i64> {
    party::begins(tx, table_id, Some(by))?;
    let guests = floor::take_guests(tx, table_id)?;
    tx.prepare_cached(
        "INSERT INTO orders (business_day, number, order_type, table_id, waiter_id,
                             is_guest_order, status, payment_status, total, kitchen_notes,
                             confirmed_at, created_at, updated_at, tax_rate, guests)
         SELECT business_day,
                (SELECT max(number) + 1 FROM orders WHERE business_day = o.business_day),
                'DINE_IN', ?2, waiter_id, is_guest_order, 'PENDING', 'UNPAID', 0, kitchen_notes,
                confirmed_at, created_at, ?3, tax_rate, ?4
         FROM orders o WHERE id = ?1",
    )?
    .execute(params![order_id, table_id, tx.now().0, guests])?;
    Ok(tx.last_insert_rowid())
}
