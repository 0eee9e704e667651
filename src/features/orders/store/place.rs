//! Placing an order: a new one, or lines for the open bill of the table.

use rusqlite::params;

use super::add;
use super::line::Line;
use super::source::OrderSource;
use super::{checks, events, guests, load, party};
use crate::core::error::{Error, Result};
use crate::core::kernel::{TaxRate, Zone};
use crate::core::store::{Command, Priority, Reply, Tx};
use crate::features::checks::{Sums, plain_sums};
use crate::features::floor;
use crate::features::orders::new_order::NewOrder;
use crate::features::orders::states::{OrderStatus, OrderType, PaymentStatus};
use crate::features::orders::types::{Order, OrderWithDetails};
use crate::features::taxes;

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

    fn checks_first(&self) -> bool {
        true
    }

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let Self { by, zone, order: mut new } = self;
        let order_type = new.order_type.unwrap_or(OrderType::DineIn);
        guests::check_seated(order_type, new.guests)?;
        let mut table = None;
        if let Some(table_id) = new.table_id {
            table = Some(floor::check_in_use(tx, table_id)?);
            if order_type == OrderType::DineIn
                && let Some(bill) = load::open_bill(tx, table_id)?
            {
                return add::to_bill(tx, bill, (&by, &zone), &new);
            }
        } else if order_type == OrderType::DineIn {
            return Err(Error::invalid("table_id", "is needed for an order at a table"));
        }
        let waits = match &by {
            OrderSource::Staff(_) => false,
            OrderSource::Guest { mode, .. } => mode.wait(false),
        };
        let day = zone.day(tx.now());
        let taxes = taxes::on_day(tx, day)?;
        let lines = add::look_up(tx, &by, &new.items, (&*taxes, (order_type, new.table_id)))?;
        let sums = plain_sums(lines.iter().map(Line::taxed))?;
        // All is checked: from here on it is written.
        if let Some(table_id) = new.table_id.filter(|_| order_type == OrderType::DineIn) {
            party::begins(tx, table_id, by.staff_id(), by.phone())?;
            let seated = floor::take_guests(tx, table_id)?;
            new.guests = new.guests.or(seated);
        }
        let (mut order, has_rules) = to_insert(tx, &by, (day, taxes.usual_rate()), new, sums)?;
        (order.table_number, order.table_name) = table.unzip();
        order.confirmed_at = (!waits).then(|| tx.now());
        order.id = insert_order(tx, day, &order)?;
        let (items, told) = add::insert_lines(tx, (order.id, &[]), by.staff_id(), lines, waits)?;
        if has_rules {
            let sums = checks::sums_of(tx, order.id)?;
            checks::write_sums(tx, order.id, sums)?;
            (order.total_price, order.tax_included) = (sums.total, sums.tax);
        }
        // What was written is not read again to be answered.
        events::created(tx, by.staff_id(), &OrderWithDetails { order, items }, told)
    }
}

/// The order as it is written: with the next number of its day and the usual tax of that, and without
/// an id, which it gets then. Says whether the house has rules that may hold for it.
fn to_insert(
    tx: &Tx<'_>,
    by: &OrderSource,
    (day, tax_percent): (i64, TaxRate),
    new: NewOrder,
    sums: Sums,
) -> Result<(Order, bool)> {
    let now = tx.now();
    let (number, has_rules) = tx
        .prepare_cached(
            "SELECT (SELECT coalesce(max(number), 0) + 1 FROM orders WHERE business_day = ?1),
                    EXISTS (SELECT 1 FROM adjustment_rules
                            WHERE is_active = 1 AND deleted_at IS NULL)",
        )?
        .query_row([day], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let waiter = match by {
        OrderSource::Staff(person) => Some(person),
        OrderSource::Guest { .. } => None,
    };
    let order = Order {
        id: 0,
        number,
        order_type: new.order_type.unwrap_or(OrderType::DineIn),
        table_id: new.table_id,
        table_number: None,
        table_name: None,
        guests: new.guests,
        waiter_id: waiter.map_or(0, |person| person.id),
        waiter_name: waiter.map_or_else(String::new, |person| person.full_name.to_string()),
        is_guest_order: waiter.is_none(),
        status: OrderStatus::Pending,
        payment_status: PaymentStatus::Unpaid,
        payment_method_id: None,
        payment_method_name: None,
        total_price: sums.total,
        tax_percent,
        tax_included: sums.tax,
        notes: new.notes,
        kitchen_notes: new.kitchen_notes,
        customer_name: new.customer_name,
        customer_phone: new.customer_phone,
        customer_id: None,
        delivery_address: new.delivery_address,
        delivery_notes: new.delivery_notes,
        confirmed_at: None,
        served_at: None,
        cancelled_at: None,
        completed_at: None,
        time_to_serve: None,
        created_at: now,
        updated_at: now,
        version: 1,
        joined_into_id: None,
    };
    Ok((order, has_rules))
}

fn insert_order(tx: &Tx<'_>, day: i64, order: &Order) -> Result<i64> {
    tx.prepare_cached(
        "INSERT INTO orders (business_day, number, order_type, table_id, waiter_id,
                             is_guest_order, status, payment_status, total, notes, kitchen_notes,
                             customer_name, customer_phone, delivery_address, delivery_notes,
                             confirmed_at, created_at, updated_at, tax_rate, version, guests,
                             tax)
         VALUES (?1, ?2, ?3, ?4, nullif(?5, 0), ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
                 ?17, ?17, ?18, ?19, ?20, ?21)",
    )?
    .execute(params![
        day,
        order.number,
        order.order_type.as_str(),
        order.table_id,
        order.waiter_id,
        order.is_guest_order,
        order.status.as_str(),
        order.payment_status.as_str(),
        order.total_price.0,
        order.notes,
        order.kitchen_notes,
        order.customer_name,
        order.customer_phone,
        order.delivery_address,
        order.delivery_notes,
        order.confirmed_at.map(|at| at.0),
        order.created_at.0,
        order.tax_percent.hundredths(),
        order.version,
        order.guests,
        order.tax_included.0,
    ])?;
    Ok(tx.last_insert_rowid())
}

/// Opens an empty order at another table for lines of `order_id`: the same waiter, the same word
/// to the kitchen, as old as the visit is, and so of the same day. `by` is who moves them.
pub(super) fn open_beside(tx: &mut Tx<'_>, order_id: i64, table_id: i64, by: i64) -> Result<i64> {
    party::begins(tx, table_id, Some(by), None)?;
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
