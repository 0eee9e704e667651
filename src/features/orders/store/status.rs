//! Moving a whole order on, and letting it follow its lines.

use rusqlite::{Row, params};

use super::item_status::set_item_status;
use super::{actor, add, checks, events, load, party, permits};
use crate::core::error::Result;
use crate::core::kernel::{Money, Timestamp};
use crate::core::store::{Command, Priority, Tx, word};
use crate::features::floor;
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
    type Output = Order;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Order> {
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
            checks::check_close(tx, &old)?;
        }
        if self.status == OrderStatus::Completed && order.payment_status == PaymentStatus::Unpaid {
            // The contract lets guests pay later; nobody may forget that they have not.
            add::trace_money(tx, &old, None, "closed_unpaid", order.total_price, trace)?;
        }
        move_items(tx, &old, self.status, self.by.id)?;
        set_status(tx, order, self.status, Some(self.by.id))?;
        settle(tx, self.order_id, Some(self.by.id))?;
        load::order(tx, self.order_id)
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
            steps.push((set_item_status(tx, item, moved)?, item.status));
        }
    }
    events::items_status(tx, Some(actor_id), &order.order, &steps)
}

/// After lines moved: the order follows them, and ends with the last of them, or if they were all
/// it waited for. Most steps of a line leave their order as it is: it is read whole only when not.
pub(super) fn follow_items(tx: &mut Tx<'_>, order_id: i64, by: i64) -> Result<()> {
    let (status, updated_at) = tx
        .prepare_cached("SELECT status, updated_at FROM orders WHERE id = ?1")?
        .query_row([order_id], |row| {
            Ok((word(row, 0, OrderStatus::parse)?, Timestamp(row.get(1)?)))
        })?;
    tx.not_before(updated_at);
    let steps = steps_of(tx, order_id)?;
    let is_live = |step: &&(ItemStatus, bool)| step.0 != ItemStatus::Cancelled;
    if !steps.iter().any(|step| is_live(&step)) {
        return end_empty(tx, &load::order_with_items(tx, order_id)?, by);
    }
    let begun = steps.iter().filter(is_live).any(|(_, is_begun)| *is_begun);
    let statuses: Vec<_> = steps.iter().map(|(status, _)| *status).collect();
    let follows = rules::status_from_items(status, &statuses, begun);
    if follows != status {
        set_status(tx, &load::order(tx, order_id)?, follows, Some(by))?;
    }
    settle(tx, order_id, Some(by))
}

/// Where each line of an order stands, and whether it was begun.
fn steps_of(tx: &Tx<'_>, order_id: i64) -> Result<Vec<(ItemStatus, bool)>> {
    let mut steps = tx.prepare_cached(
        "SELECT status, preparation_started_at IS NOT NULL FROM order_items
         WHERE order_id = ?1 ORDER BY id",
    )?;
    let read = |row: &Row<'_>| Ok((word(row, 0, ItemStatus::parse)?, row.get(1)?));
    Ok(steps.query_map([order_id], read)?.collect::<rusqlite::Result<_>>()?)
}

/// An order without lines would hold its table for nothing. Who might take its last line off
/// needs no other right to end it.
fn end_empty(tx: &mut Tx<'_>, order: &OrderWithDetails, by: i64) -> Result<()> {
    if order.order.status.is_closed() {
        return Ok(());
    }
    add::trace_money(tx, order, None, "order_cancelled", Money::ZERO, (by, None))?;
    set_status(tx, &order.order, OrderStatus::Cancelled, Some(by))
}

/// An order whose bill was settled ends by itself when all is served.
pub(super) fn settle(tx: &mut Tx<'_>, order_id: i64, actor_id: Option<i64>) -> Result<()> {
    let waits: bool = tx
        .prepare_cached("SELECT close_when_served FROM orders WHERE id = ?1")?
        .query_row([order_id], |row| row.get(0))?;
    if !waits {
        return Ok(());
    }
    let order = load::order(tx, order_id)?;
    let served = matches!(order.status, OrderStatus::Served | OrderStatus::Dining);
    if served && order.payment_status == PaymentStatus::Paid {
        set_status(tx, &order, OrderStatus::Completed, actor_id)?;
    }
    Ok(())
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
