//! What follows from a change of a check: the order's sum, whether it is paid, and who hears of it.

use rusqlite::params;

use super::bill::{Bill, Check, write_sums};
use super::fiscal;
use super::rows::{self, Method};
use super::unpaid::drop_unpaid;
use crate::core::error::Result;
use crate::core::store::Tx;
use crate::features::calls;
use crate::features::checks::CheckState;
use crate::features::orders::events::{ChangedCheck, PaymentKind};
use crate::features::orders::states::{OrderType, PaymentStatus};
use crate::features::orders::store::{events, load, status};
use crate::features::orders::types::Order;
use crate::platform::auth::Person;

/// After checks of an order changed: what is on none of them is not made, it comes to what they come
/// to, is paid when they are, and screens hear of those that changed. The bill as it is then.
pub fn finish(
    tx: &mut Tx<'_>,
    order_id: i64,
    by: &Person,
    changed: &[i64],
    method: &Method,
) -> Result<Bill> {
    let mut bill = Bill::for_change(tx, order_id)?;
    let is_less = drop_unpaid(tx, &bill, Some(by.id))?;
    if is_less {
        bill = Bill::for_change(tx, order_id)?;
    }
    let mut changed = changed.to_vec();
    if bill.order.order.payment_status == PaymentStatus::Unpaid && bill.is_paid() {
        changed.extend(void_empty(tx, &mut bill)?);
    }
    let (sums, was) = (bill.sums(), &bill.order.order);
    if (sums.total, sums.tax) != (was.total_price, was.tax_included) {
        write_sums(tx, order_id, sums)?;
    }
    let order = Order { total_price: sums.total, tax_included: sums.tax, ..was.clone() };
    events::checks_changed(tx, by.id, &order, &changed, as_told(&bill))?;
    let is_settled = bill.payment_status() != PaymentStatus::Unpaid;
    if order.payment_status == PaymentStatus::Unpaid && is_settled {
        settle(tx, &bill, &order, (by, method))?;
    }
    let bill = if is_less {
        status::follow_items(tx, order_id, by.id)?;
        Bill::of(tx, load::order_with_items(tx, order_id)?)?
    } else {
        bill.again(tx)?
    };
    fiscal::follow(tx, &bill, &changed, by)?;
    Ok(bill)
}

/// With the last payment, checks go that nothing is left on. Returns which.
fn void_empty(tx: &Tx<'_>, bill: &mut Bill) -> Result<Vec<i64>> {
    let mut voided = Vec::new();
    for check in bill.checks.iter_mut().filter(|check| check.is_left_empty()) {
        check.row.state = CheckState::Void;
        check.row.closed_at = Some(tx.now());
        check.save_frozen(tx)?;
        voided.push(check.row.id);
    }
    Ok(voided)
}

/// The last check of an order was settled.
fn settle(
    tx: &mut Tx<'_>,
    bill: &Bill,
    order: &Order,
    (by, method): (&Person, &Method),
) -> Result<()> {
    write_paid_lines(tx, bill)?;
    mark_paid(tx, order, method, by)?;
    // A check may have been paid, and some of it given back, before the others were settled.
    let status = bill.payment_status();
    tx.prepare_cached(
        "UPDATE orders SET close_when_served = 1, given_back = ?2, payment_status = ?3
         WHERE id = ?1",
    )?
    .execute(params![order.id, bill.given_back().0, status.as_str()])?;
    if status == PaymentStatus::Refunded {
        events::paid(tx, by.id, order, PaymentKind::Refund, method.clone())?;
    }
    if order.status.is_closed() {
        rows::close_all(tx, order.id, false)?;
    }
    status::settle(tx, order.id, Some(by.id)).map(drop)
}

/// After lines went: where all that is left was paid, the order is.
pub fn follow_lines(tx: &mut Tx<'_>, order_id: i64, by: &Person) -> Result<()> {
    if !rows::are_any(tx, order_id)? {
        return Ok(());
    }
    let bill = Bill::for_change(tx, order_id)?;
    let is_open = !bill.order.order.status.is_closed();
    if is_open && bill.order.order.payment_status == PaymentStatus::Unpaid && bill.is_paid() {
        finish(tx, order_id, by, &[], &(None, None))?;
    }
    Ok(())
}

fn as_told(bill: &Bill) -> (Vec<ChangedCheck>, i64) {
    let told = |check: &Check| {
        let standing = check.standing();
        ChangedCheck {
            id: check.row.id,
            number: check.row.number,
            state: check.row.state,
            version: bill.version_of(check),
            total: check.computed.total,
            due: standing.due,
            pending: standing.pending,
        }
    };
    (bill.checks.iter().map(told).collect(), bill.version())
}

/// An order is paid: nobody need call for the bill any more.
pub fn mark_paid(tx: &mut Tx<'_>, order: &Order, method: &Method, by: &Person) -> Result<()> {
    tx.prepare_cached(
        "UPDATE orders SET payment_status = 'PAID', updated_at = ?3,
                           payment_method_id = coalesce(?2, payment_method_id)
         WHERE id = ?1",
    )?
    .execute(params![order.id, method.0, tx.now().0])?;
    if let (OrderType::DineIn, Some(table_id)) = (order.order_type, order.table_id) {
        calls::answer_all(tx, table_id, Some(by.id))?;
    }
    events::paid(tx, by.id, order, PaymentKind::Payment, method.clone())
}

/// Notes with each line what was paid for it, where that is not what it cost: the figures count it.
pub fn write_paid_lines(tx: &Tx<'_>, bill: &Bill) -> Result<()> {
    let mut write =
        tx.prepare_cached("UPDATE order_items SET paid = ?2 WHERE id = ?1 AND paid IS NOT ?2")?;
    for (item_id, paid) in bill.paid_for_lines()? {
        write.execute(params![item_id, paid.map(|paid| paid.0)])?;
    }
    Ok(())
}
