//! Which permissions the deeds of an order need.

use super::actor;
use super::checks::{Bill, Check};
use crate::core::error::Result;
use crate::core::kernel::Money;
use crate::core::store::Tx;
use crate::features::orders::check_adjustments::{Rule, RuleKind};
use crate::features::orders::money_rules::has_begun;
use crate::features::orders::states::{Actor, PaymentStatus};
use crate::features::orders::types::{Order, OrderItem, OrderWithDetails};
use crate::features::permissions::{Deed, Permission, Principal, permit};

/// To cancel a whole order: the more has happened with it, the more it needs.
pub(super) fn cancel(tx: &Tx<'_>, who: &Principal, order: &OrderWithDetails) -> Result<()> {
    let is_own = !matches!(actor(who, &order.order), Actor::Waiter { own: false });
    let is_paid = order.order.payment_status != PaymentStatus::Unpaid;
    let needs: Vec<_> = [
        (is_paid, Permission::OrderCancelPaid),
        (has_begun(order), Permission::OrderCancelBegun),
        (!is_own, Permission::OrderCancelOthers),
        (true, Permission::OrderCancel),
    ]
    .into_iter()
    .filter_map(|(is_needed, permission)| is_needed.then_some(permission))
    .collect();
    of_order(tx, who, &order.order, &needs, order.order.total_price)
}

/// To change a line, or take it off; `amount` is what the guests pay more or less by it.
pub(super) fn touch(
    tx: &Tx<'_>,
    who: &Principal,
    (item, is_begun): (&OrderItem, bool),
    amount: Money,
) -> Result<()> {
    let need = if is_begun { Permission::LineRemoveBegun } else { Permission::LineRemove };
    let subject = ("order_item", item.id);
    let amount = amount.0.saturating_abs();
    permit(tx, who, Deed { needs: &[need], subject, amount, what: &item.dish_name }).map(drop)
}

/// To move it, or lines of it, to another table.
pub(super) fn to_move(tx: &Tx<'_>, who: &Principal, order: &Order) -> Result<()> {
    of_order(tx, who, order, &[Permission::OrderMove], Money::ZERO)
}

/// To take its money.
pub(super) fn take(tx: &Tx<'_>, who: &Principal, order: &Order) -> Result<()> {
    of_order(tx, who, order, &[Permission::PaymentTake], order.total_price)
}

/// To give all of its money back.
pub(super) fn give_back(tx: &Tx<'_>, who: &Principal, bill: &Bill) -> Result<()> {
    let order = &bill.order.order;
    of_order(tx, who, order, &[Permission::PaymentRefund], bill.to_hand_back())
}

fn of_order(
    tx: &Tx<'_>,
    who: &Principal,
    order: &Order,
    needs: &[Permission],
    Money(amount): Money,
) -> Result<()> {
    let what = format!("order {}", order.number);
    permit(tx, who, Deed { needs, subject: ("order", order.id), amount, what: &what }).map(drop)
}

/// To take something off a check or a line of it, by which it comes to so much less. Of percents
/// and sums all that were agreed about the same are counted: two small discounts are a large one.
/// Returns who approved of it.
pub(super) fn adjust(
    tx: &Tx<'_>,
    who: &Principal,
    check: &Check,
    rule: &Rule,
    off: Money,
) -> Result<Option<i64>> {
    let (need, amount) = match rule.kind {
        kind if kind.is_charge() => return Ok(None),
        RuleKind::Comp => (Permission::Comp, off.0),
        RuleKind::Percent => (Permission::DiscountPercent, rule.taken_with(&check.row.rules)),
        _ => (Permission::DiscountAmount, rule.taken_with(&check.row.rules)),
    };
    let subject = match rule.item {
        Some(item) => ("order_item", item),
        None => ("check", check.row.id),
    };
    of_check(tx, who, need, (check.row.number, subject), amount)
}

/// To take a service charge off again. Returns who approved of it.
pub(super) fn service_off(
    tx: &Tx<'_>,
    who: &Principal,
    check: &Check,
    Money(off): Money,
) -> Result<Option<i64>> {
    of_check(tx, who, Permission::ServiceChargeOff, of(check), off)
}

/// To take back a check that the guests have seen.
pub(super) fn take_back(tx: &Tx<'_>, who: &Principal, check: &Check) -> Result<()> {
    of_check(tx, who, Permission::CheckReopen, of(check), check.computed.total.0).map(drop)
}

/// To call a check off.
pub(super) fn void(tx: &Tx<'_>, who: &Principal, check: &Check) -> Result<()> {
    of_check(tx, who, Permission::CheckVoid, of(check), check.computed.total.0).map(drop)
}

/// To take money for a check.
pub(super) fn take_part(tx: &Tx<'_>, who: &Principal, check: &Check) -> Result<()> {
    of_check(tx, who, Permission::PaymentTake, of(check), check.standing().due.0).map(drop)
}

/// To give so much of a payment back.
pub(super) fn refund(
    tx: &Tx<'_>,
    who: &Principal,
    (number, payment_id): (i64, i64),
    Money(returned): Money,
) -> Result<()> {
    let subject = ("payment", payment_id);
    of_check(tx, who, Permission::PaymentRefund, (number, subject), returned).map(drop)
}

/// To give all that is left of a paid check's money back, and have it paid anew.
pub(super) fn reopen(tx: &Tx<'_>, who: &Principal, check: &Check) -> Result<()> {
    of_check(tx, who, Permission::PaymentRefund, of(check), check.to_hand_back().0).map(drop)
}

type Subject = (&'static str, i64);

fn of(check: &Check) -> (i64, Subject) {
    (check.row.number, ("check", check.row.id))
}

fn of_check(
    tx: &Tx<'_>,
    who: &Principal,
    need: Permission,
    (number, subject): (i64, Subject),
    amount: i64,
) -> Result<Option<i64>> {
    let what = format!("check {number}");
    permit(tx, who, Deed { needs: &[need], subject, amount, what: &what })
}
