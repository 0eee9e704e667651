//! What nobody is to pay any more is not made: of what the kitchen was not told, a line ends with the
//! check that it was on.

use rusqlite::params;

use super::bill::{Bill, Check, write_sums};
use super::rows;
use crate::core::error::Result;
use crate::core::kernel::Quantity;
use crate::core::store::Tx;
use crate::features::checks::{Computed, Draft};
use crate::features::menu;
use crate::features::orders::events::{ChangedLine, LineChange};
use crate::features::orders::rules;
use crate::features::orders::states::{ItemStatus, PaymentStatus};
use crate::features::orders::store::item_status::write_step;
use crate::features::orders::store::{add, events, load, status};
use crate::features::orders::types::{OrderItem, OrderWithDetails};

/// Whether the kitchen was not told of a line yet.
fn waits(item: &OrderItem) -> bool {
    matches!(item.status, ItemStatus::New | ItemStatus::Held)
}

/// Whether an order has a line of which the kitchen was not told yet.
pub fn has_waiting(order: &OrderWithDetails) -> bool {
    order.items.iter().any(waits)
}

/// The same as [`drop_unpaid`], of an order that follows its lines then.
pub fn drop_unpaid_of(tx: &mut Tx<'_>, order: &OrderWithDetails, by: Option<i64>) -> Result<bool> {
    let is_refunded = order.order.payment_status == PaymentStatus::Refunded;
    if !has_waiting(order) || !(is_refunded || rows::are_any(tx, order.order.id)?) {
        return Ok(false);
    }
    let bill = Bill::of(tx, order.clone())?;
    let is_less = drop_unpaid(tx, &bill, by)?;
    if is_less {
        status::follow_items(tx, order.order.id, by)?;
    }
    Ok(is_less)
}

/// Takes off what waits for a later course, or for a waiter, and is on no check any more that counts:
/// that was called off, or all its money went back. Of what is called off in part the rest stays.
/// Whether anything went.
pub fn drop_unpaid(tx: &mut Tx<'_>, bill: &Bill, by: Option<i64>) -> Result<bool> {
    if bill.order.order.status.is_closed() || !has_waiting(&bill.order) {
        return Ok(false);
    }
    let left = bill.valid().map(Check::left_to_make).collect::<Result<Vec<_>>>()?;
    let sold: Vec<&Computed> = bill.valid().map(|check| &check.computed).collect();
    let mut told = Vec::new();
    for item in bill.order.items.iter().filter(|item| waits(item)) {
        if !left.iter().any(|check| has(check, item)) {
            let off = OrderItem { status: ItemStatus::Cancelled, ..item.clone() };
            write_step(tx, &off)?;
            menu::give_portions(tx, item.dish_variation_id, item.quantity)?;
            told.push(events::line(tx, &off, LineChange::Removed, Quantity::ZERO)?);
        } else if let Some(rest) = rest(item, &sold) {
            write_quantity(tx, item, rest)?;
            let off = item.quantity.checked_sub(rest).unwrap_or(Quantity::ZERO);
            menu::give_portions(tx, item.dish_variation_id, off)?;
            told.push(events::line(tx, item, LineChange::Changed, rest)?);
        }
    }
    tell(tx, bill, by, told)
}

fn has(check: &Computed, item: &OrderItem) -> bool {
    check.lines.iter().any(|line| line.item == item.id)
}

/// How many pieces are left to make of a line, where that is less than were ordered. What was weighed
/// lies there, and the parts of a combo stay as many as each other.
fn rest(item: &OrderItem, sold: &[&Computed]) -> Option<Quantity> {
    if item.unit.is_some() || item.combo.is_some() {
        return None;
    }
    let lines = sold.iter().flat_map(|check| &check.lines).filter(|line| line.item == item.id);
    let rest = lines.map(|line| line.quantity.thousandths()).sum();
    let rest = Quantity::new(rest).ok()?.up_to_pieces();
    (Quantity::ZERO < rest && rest < item.quantity).then_some(rest)
}

fn write_quantity(tx: &Tx<'_>, item: &OrderItem, quantity: Quantity) -> Result<()> {
    tx.prepare_cached(
        "UPDATE order_items SET quantity = ?2, gross = ?3, updated_at = ?4 WHERE id = ?1",
    )?
    .execute(params![item.id, quantity.thousandths(), item.costs(quantity).0, tx.now().0])?;
    Ok(())
}

/// Leaves a trace of each line, and tells of all of them at once.
fn tell(tx: &mut Tx<'_>, bill: &Bill, by: Option<i64>, lines: Vec<ChangedLine>) -> Result<bool> {
    if lines.is_empty() {
        return Ok(false);
    }
    for line in &lines {
        let is_off = line.change == LineChange::Removed;
        let what = if is_off { "line_removed" } else { "line_changed" };
        add::trace_money(tx, &bill.order, Some(line.id), what, bill.total(), (by, None))?;
    }
    write_sums(tx, bill.order.order.id, bill.sums())?;
    let order = load::order_with_items(tx, bill.order.order.id)?;
    events::updated(tx, by, order, lines)?;
    Ok(true)
}

/// What is charged anew is made after all: lines of a draft that had ended with their money are held
/// again. Which they are.
pub fn hold_again(
    tx: &mut Tx<'_>,
    order: &OrderWithDetails,
    draft: &Draft,
    by: i64,
) -> Result<Vec<ChangedLine>> {
    let is_back = |item: &&OrderItem| {
        item.status == ItemStatus::Cancelled && draft.lines.iter().any(|line| line.item == item.id)
    };
    let mut told = Vec::new();
    for item in order.items.iter().filter(is_back) {
        let held = OrderItem { status: ItemStatus::Held, sent_to_kitchen_at: None, ..item.clone() };
        write_step(tx, &held)?;
        menu::take_portions(tx, held.dish_variation_id, held.quantity)?;
        told.push(events::line(tx, &held, LineChange::Added, held.quantity)?);
    }
    let to = rules::status_after_adding(order.order.status);
    if !told.is_empty() && to != order.order.status {
        status::set_status(tx, &order.order, to, Some(by))?;
    }
    Ok(told)
}
