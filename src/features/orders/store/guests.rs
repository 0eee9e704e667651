//! How many guests sit at an order.

use rusqlite::params;

use super::{checks, events, load};
use crate::core::error::{Error, Result};
use crate::core::kernel::Patch;
use crate::core::store::{Command, Priority, Tx};
use crate::features::floor::Guests;
use crate::features::orders::states::{OrderType, PaymentStatus};
use crate::features::orders::types::{Order, OrderWithDetails};
use crate::platform::auth::Person;

/// The most guests of one order: tables that are joined bring theirs together.
const MOST: i64 = 999;

/// Counts the guests of an order that is open.
pub struct SetGuests {
    /// The order.
    pub order_id: i64,
    /// How many.
    pub guests: Patch<Guests>,
    /// Who.
    pub by: Person,
}

impl Command for SetGuests {
    type Output = OrderWithDetails;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<OrderWithDetails> {
        let old = load::for_change(tx, self.order_id)?;
        let Order { number, status, payment_status, order_type, guests, .. } = old.order;
        let now = self.guests.map(Guests::get).or(guests);
        if now == guests {
            return Ok(old);
        }
        if status.is_closed() {
            let detail = format!("Order {number} is closed.");
            return Err(Error::rule("order_closed", detail).with("number", number));
        }
        if payment_status != PaymentStatus::Unpaid {
            let detail = format!("Order {number} is paid: its guests are counted.");
            return Err(Error::rule("order_paid", detail).with("number", number));
        }
        check_seated(order_type, now)?;
        write(tx, self.order_id, now)?;
        checks::follow_facts(tx, self.order_id)?;
        let order = load::order_with_items(tx, self.order_id)?;
        events::updated(tx, Some(self.by.id), order, Vec::new())?;
        load::order_with_items(tx, self.order_id)
    }
}

/// Guests are counted where they sit.
pub(super) fn check_seated(order_type: OrderType, guests: Option<i64>) -> Result<()> {
    if order_type == OrderType::DineIn || guests.is_none() {
        return Ok(());
    }
    Err(Error::invalid("guests", "is for an order at a table only"))
}

pub(super) fn write(tx: &Tx<'_>, order_id: i64, guests: Option<i64>) -> Result<()> {
    tx.prepare_cached("UPDATE orders SET guests = ?2, updated_at = ?3 WHERE id = ?1")?
        .execute(params![order_id, guests, tx.now().0])?;
    Ok(())
}

/// Those of two orders that became one, as far as they were counted.
pub(super) fn together(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    match (one, other) {
        (Some(one), Some(other)) => Some((one + other).min(MOST)),
        (counted, None) | (None, counted) => counted,
    }
}
