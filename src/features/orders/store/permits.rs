//! Which permissions the deeds of an order need.

use super::actor;
use crate::core::error::Result;
use crate::core::kernel::Money;
use crate::core::store::Tx;
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
    permit(tx, who, Deed { needs: &[need], subject, amount, what: &item.dish_name })
}

/// To move it, or lines of it, to another table.
pub(super) fn to_move(tx: &Tx<'_>, who: &Principal, order: &Order) -> Result<()> {
    of_order(tx, who, order, &[Permission::OrderMove], Money::ZERO)
}

/// To take its money.
pub(super) fn take(tx: &Tx<'_>, who: &Principal, order: &Order) -> Result<()> {
    of_order(tx, who, order, &[Permission::PaymentTake], order.total_price)
}

/// To give its money back.
pub(super) fn give_back(tx: &Tx<'_>, who: &Principal, order: &Order) -> Result<()> {
    of_order(tx, who, order, &[Permission::PaymentRefund], order.total_price)
}

fn of_order(
    tx: &Tx<'_>,
    who: &Principal,
    order: &Order,
    needs: &[Permission],
    Money(amount): Money,
) -> Result<()> {
    let what = format!("order {}", order.number);
    permit(tx, who, Deed { needs, subject: ("order", order.id), amount, what: &what })
}
