//! Moving a whole order on, and letting it follow its lines.

use rusqlite::params;

use super::item_status::set_item_status;
use super::{actor, add, checks, events, load, party, permits};
use crate::core::error::Result;
use crate::core::kernel::Money;
use crate::core::store::{Command, Priority, Tx};
use crate::features::floor;
use crate::features::orders::course_rules;
use crate::features::orders::money_rules::{check_cancel, check_expected, check_not_empty};
use crate::features::orders::states::{ItemStatus, OrderStatus, OrderType, PaymentStatus};
use crate::features::orders::types::{Order, OrderWithDetails};
use crate::features::orders::{rules, step_rules};
use crate::features::permissions::Principal;
use crate::features::visits;

/// Moves an order on.
pub struct SetOrderStatus {
    /// The order.
    pub order_id: i64,
    /// Where to.
    pub status: OrderStatus,
    /// Who.
    pub by: Principal,
    /// Why, where it is cancelled.
    pub reason: Option<String>,
    /// The sum that the person saw.
    pub expected: Option<Money>,
}

impl Command for SetOrderStatus {
    type Output = OrderStatus;
    const PRIORITY: Priority = Priority::Orders;

    fn checks_first(&self) -> bool {
        self.status != OrderStatus::Cancelled
    }

    fn apply(self, tx: &mut Tx<'_>) -> Result<OrderStatus> {
        let old = load::for_change(tx, self.order_id)?;
        let order = &old.order;
        let actor = actor(&self.by, order);
        step_rules::check_order_step(order.status, self.status, actor)?;
        check_expected(order.number, self.expected, order.total_price)?;
        let trace = (self.by.id, self.reason.as_deref());
        if self.status == OrderStatus::Cancelled {
            checks::check_cancel(tx, &old)?;
            permits::cancel(tx, &self.by, &old)?;
            check_cancel(&old, self.reason.is_some())?;
            checks::keep_sale(tx, &old)?;
            add::trace_money(tx, &old, None, "order_cancelled", Money::ZERO, trace)?;
        } else {
            check_not_empty(&old)?;
        }
        if self.status == OrderStatus::Completed {
            course_rules::check_complete(order.number, &old.items)?;
            checks::check_close(tx, &old)?;
        }
        if self.status == OrderStatus::Completed && order.payment_status == PaymentStatus::Unpaid {
            // The contract lets guests pay later; nobody may forget that they have not.
            add::trace_money(tx, &old, None, "closed_unpaid", order.total_price, trace)?;
        }
        move_items(tx, &old, self.status, self.by.id)?;
        let is_more_to_come = old.items.iter().any(|item| item.status == ItemStatus::Held);
        if self.status == OrderStatus::Served && is_more_to_come {
            follow_items(tx, self.order_id, self.by.id)?;
            return Ok(load::order(tx, self.order_id)?.status);
        }
        set_status(tx, order, self.status, Some(self.by.id))?;
        let is_ended = settle(tx, self.order_id, Some(self.by.id))?;
        Ok(if is_ended { OrderStatus::Completed } else { self.status })
    }
}

/// What the order's step means for its lines.
fn move_items(
    tx: &mut Tx<'_>,
    order: &OrderWithDetails,
    to: OrderStatus,
    actor_id: i64,
) -> Result<()> {
    let mut steps = Vec::new();
    for item in &order.items {
        let moved = rules::item_after_order_step(item.status, to);
        let begins = to == OrderStatus::InProgress && item.preparation_started_at.is_none();
        if moved != item.status || (begins && moved == ItemStatus::InPreparation) {
            steps.push((set_item_status(tx, item, moved, actor_id)?, item.status));
        }
    }
    events::items_status(tx, Some(actor_id), &order.order, &steps)
}

/// After lines of an order changed: it follows them, see [`follow`].
pub(super) fn follow_items(
    tx: &mut Tx<'_>,
    order_id: i64,
    by: impl Into<Option<i64>>,
) -> Result<()> {
    let order = load::for_change(tx, order_id)?;
    follow(tx, &order, by)
}

/// An order follows its lines, and ends with the last of them, or if they were all it waited for. The
/// lines are as they are now; of the order nothing else has changed since it was read.
pub(super) fn follow(
    tx: &mut Tx<'_>,
    order: &OrderWithDetails,
    by: impl Into<Option<i64>>,
) -> Result<()> {
    let by = by.into();
    let live = || order.items.iter().filter(|item| item.status != ItemStatus::Cancelled);
    if live().next().is_none() {
        return end_empty(tx, order, by);
    }
    let begun = live().any(|item| item.preparation_started_at.is_some());
    let statuses: Vec<_> = order.items.iter().map(|item| item.status).collect();
    let order = &order.order;
    let follows = rules::status_from_items(order.status, &statuses, begun);
    if follows != order.status {
        set_status(tx, order, follows, by)?;
    }
    if order.payment_status == PaymentStatus::Paid {
        settle(tx, order.id, by)?;
    }
    Ok(())
}

/// An order without lines would hold its table for nothing. Who might take its last line off
/// needs no other right to end it.
fn end_empty(tx: &mut Tx<'_>, order: &OrderWithDetails, by: Option<i64>) -> Result<()> {
    if order.order.status.is_closed() {
        return Ok(());
    }
    add::trace_money(tx, order, None, "order_cancelled", Money::ZERO, (by, None))?;
    set_status(tx, &order.order, OrderStatus::Cancelled, by)
}

/// An order whose bill was settled ends by itself when all is served. Whether it does now.
pub(super) fn settle(tx: &mut Tx<'_>, order_id: i64, actor_id: Option<i64>) -> Result<bool> {
    let waits: bool = tx
        .prepare_cached(
            "SELECT close_when_served AND payment_status = 'PAID'
                    AND (status = 'SERVED' OR status = 'DINING')
             FROM orders WHERE id = ?1",
        )?
        .query_row([order_id], |row| row.get(0))?;
    if waits {
        let order = load::order(tx, order_id)?;
        set_status(tx, &order, OrderStatus::Completed, actor_id)?;
    }
    Ok(waits)
}

/// Writes an order's new status with the moments that belong to it, and tells of it.
pub(super) fn set_status(
    tx: &mut Tx<'_>,
    order: &Order,
    to: OrderStatus,
    actor_id: Option<i64>,
) -> Result<()> {
    let now = tx.now().0;
    let at = |status: OrderStatus| (to == status).then_some(now);
    tx.prepare_cached(
        "UPDATE orders SET status = ?2, served_at = coalesce(served_at, ?3),
                           completed_at = coalesce(completed_at, ?4),
                           cancelled_at = coalesce(cancelled_at, ?5),
                           closed_at = coalesce(closed_at, ?4, ?5), updated_at = ?6
         WHERE id = ?1",
    )?
    .execute(params![
        order.id,
        to.as_str(),
        at(OrderStatus::Served),
        at(OrderStatus::Completed),
        at(OrderStatus::Cancelled),
        now
    ])?;
    if to.is_closed() {
        checks::close_all(tx, order.id, to == OrderStatus::Cancelled)?;
    }
    let moved = Order { status: to, updated_at: tx.now(), ..order.clone() };
    events::order_status(tx, actor_id, &moved, order.status)?;
    if to.is_closed() && order.order_type == OrderType::DineIn {
        free_table(tx, &moved, actor_id)?;
    }
    Ok(())
}

/// The table is free again when its last order ended: the next guests see nothing of this one.
fn free_table(tx: &mut Tx<'_>, order: &Order, actor_id: Option<i64>) -> Result<()> {
    let Some(table_id) = order.table_id else { return Ok(()) };
    visits::note_order(tx, table_id, order.id)?;
    if party::is_at(tx, table_id)? {
        return Ok(());
    }
    floor::vacate(tx, table_id, actor_id)
}
