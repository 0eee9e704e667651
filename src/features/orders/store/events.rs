//! Telling of what happened to an order. Whatever changes one tells of it, and so nothing that may
//! change what it brought is forgotten: that is written down when the command is through.

use std::sync::Arc;

use super::{entries, tickets};
use crate::core::error::{Error, Result};
use crate::core::event::{NewEvent, Payload, Thing};
use crate::core::kernel::Quantity;
use crate::core::kernel::fields::Course;
use crate::core::store::{Reply, Tx};
use crate::features::menu;
use crate::features::orders::events::{
    ChangedCheck, ChangedLine, CheckChanged, ItemStatusChanged, LineChange, OrderCreated,
    OrderDelayed, OrderHead, OrderLines, OrderReady, OrderStatusChanged, OrderUpdated, PaymentKind,
    PaymentReceived, TakenOn,
};
use crate::features::orders::types::{Order, OrderItem, OrderWithDetails};
use crate::features::orders::{ItemStatus, OrderStatus, PaymentStatus};

/// A new order, at the version at which it stands: told with the whole order, which is the reply too.
pub fn created(
    tx: &mut Tx<'_>,
    actor_id: Option<i64>,
    order: &OrderWithDetails,
    lines: Vec<ChangedLine>,
) -> Result<Reply> {
    tickets::of_lines(tx, order, &lines)?;
    let details = OrderCreated(changed_lines(&order.order, lines));
    with_whole(tx, actor_id, order, &details)
}

/// Lines of an order changed: told with the whole order, which is the reply too. The log keeps which
/// lines that were.
pub fn updated(
    tx: &mut Tx<'_>,
    actor_id: Option<i64>,
    order: OrderWithDetails,
    lines: Vec<ChangedLine>,
) -> Result<Reply> {
    course_stepped(tx, actor_id, order, lines, None)
}

/// The same, where they are a course that was fired or is held again.
pub fn course_stepped(
    tx: &mut Tx<'_>,
    actor_id: Option<i64>,
    mut order: OrderWithDetails,
    lines: Vec<ChangedLine>,
    course: Option<Course>,
) -> Result<Reply> {
    order.order.version = next_version(tx, order.order.id)?;
    tickets::of_lines(tx, &order, &lines)?;
    let lines = changed_lines(&order.order, lines);
    with_whole(tx, actor_id, &order, &OrderUpdated { lines, moved_to_table_id: None, course })
}

/// The order leaves its table; told there, before it is told at the new one.
pub fn moved_away(
    tx: &mut Tx<'_>,
    actor_id: i64,
    order: &OrderWithDetails,
    to_table: i64,
) -> Result<()> {
    let lines = changed_lines(&order.order, Vec::new());
    let details = OrderUpdated { lines, moved_to_table_id: Some(to_table), course: None };
    with_whole(tx, Some(actor_id), order, &details).map(drop)
}

/// The order moved on.
pub fn order_status(
    tx: &mut Tx<'_>,
    actor_id: Option<i64>,
    order: &Order,
    old: OrderStatus,
) -> Result<()> {
    let head = OrderHead::of(order, next_version(tx, order.id)?);
    if order.status == OrderStatus::Cancelled {
        tx.at_last(entries::follow, order.id, actor_id);
    }
    let details = OrderStatusChanged {
        head: head.clone(),
        old_status: old,
        new_status: order.status,
        updated_at: order.updated_at,
    };
    tell(tx, actor_id, order, &details)?;
    if order.status == OrderStatus::Ready {
        tell(tx, actor_id, order, &OrderReady(head))?;
    }
    Ok(())
}

/// One line moved on; with it, the order may have been taken on.
pub fn item_status(
    tx: &mut Tx<'_>,
    actor_id: Option<i64>,
    order: &Order,
    step: (&OrderItem, ItemStatus),
    taken_on: Option<TakenOn>,
) -> Result<()> {
    let version = next_version(tx, order.id)?;
    tickets::of_steps(tx, (order, version), [step.0].into_iter())?;
    one_item_status(tx, actor_id, (order, version), step, taken_on)
}

/// Lines of an order moved on, each from where it stood: each is a change, told by itself. The order
/// counts them all at once, where one by one would cost as much as the lines.
pub fn items_status(
    tx: &mut Tx<'_>,
    actor_id: Option<i64>,
    order: &Order,
    steps: &[(OrderItem, ItemStatus)],
) -> Result<()> {
    if steps.is_empty() {
        return Ok(());
    }
    let count = steps.len() as i64;
    let last = count_changes(tx, order.id, count)?;
    tickets::of_steps(tx, (order, last), steps.iter().map(|(item, _)| item))?;
    for (version, (item, old)) in (last - count + 1..).zip(steps) {
        one_item_status(tx, actor_id, (order, version), (item, *old), None)?;
    }
    Ok(())
}

fn one_item_status(
    tx: &mut Tx<'_>,
    actor_id: Option<i64>,
    (order, version): (&Order, i64),
    (item, old): (&OrderItem, ItemStatus),
    taken_on: Option<TakenOn>,
) -> Result<()> {
    if item.status == ItemStatus::Cancelled {
        tx.at_last(entries::follow, order.id, actor_id);
    }
    let details = ItemStatusChanged {
        head: OrderHead::of(order, version),
        item_id: item.id,
        old_status: old,
        new_status: item.status,
        department: item.department,
        dish_name: item.dish_name.clone(),
        quantity: item.quantity,
        unit: item.unit,
        preparation_started_at: item.preparation_started_at,
        sent_to_kitchen_at: item.sent_to_kitchen_at,
        ready_at: item.ready_at,
        served_at: item.served_at,
        updated_at: tx.now(),
        taken_on,
    };
    tell(tx, actor_id, order, &details)
}

/// Lines of the order are late; the order itself is as it was.
pub fn delayed(tx: &mut Tx<'_>, order: &Order, minutes: i64) -> Result<()> {
    let head = OrderHead::of(order, order.version);
    tell(tx, None, order, &OrderDelayed { head, minutes })
}

/// Money was taken or given back.
pub fn paid(
    tx: &mut Tx<'_>,
    actor_id: i64,
    order: &Order,
    kind: PaymentKind,
    (method_id, method_name): (Option<i64>, Option<String>),
) -> Result<()> {
    tx.at_last(entries::follow, order.id, Some(actor_id));
    let details = PaymentReceived {
        head: OrderHead::of(order, next_version(tx, order.id)?),
        kind,
        amount: order.total_price,
        method: method_name,
        payment_method_id: method_id,
        updated_at: tx.now(),
    };
    tell(tx, Some(actor_id), order, &details)
}

/// Checks of an order changed: these did, and so all of them stand now.
pub fn checks_changed(
    tx: &mut Tx<'_>,
    actor_id: i64,
    order: &Order,
    check_ids: &[i64],
    (checks, checks_version): (Vec<ChangedCheck>, i64),
) -> Result<()> {
    tx.at_last(entries::follow, order.id, Some(actor_id));
    let details = CheckChanged {
        head: OrderHead::of(order, next_version(tx, order.id)?),
        check_ids: check_ids.to_vec(),
        checks,
        checks_version,
        total_price: order.total_price,
        updated_at: tx.now(),
    };
    tell(tx, Some(actor_id), order, &details)
}

/// A line that changed, and how many of it the order holds then.
pub fn line(
    tx: &Tx<'_>,
    item: &OrderItem,
    change: LineChange,
    quantity: Quantity,
) -> Result<ChangedLine> {
    let one_size = menu::is_one_size(tx, item.dish_id, item.dish_variation_id)?;
    Ok(ChangedLine { id: item.id, change, quantity, one_size })
}

fn changed_lines(order: &Order, lines: Vec<ChangedLine>) -> OrderLines {
    OrderLines {
        head: OrderHead::of(order, order.version),
        item_ids: lines.iter().map(|line| line.id).collect(),
        lines,
        total_price: order.total_price,
    }
}

/// The version of an order that has changed.
fn next_version(tx: &Tx<'_>, order_id: i64) -> Result<i64> {
    count_changes(tx, order_id, 1)
}

/// The version of an order that has changed so often. Two statements, since `RETURNING` makes a table
/// for its answer: they cost two thirds of it.
fn count_changes(tx: &Tx<'_>, order_id: i64, count: i64) -> Result<i64> {
    let change = "UPDATE orders SET version = version + ?2 WHERE id = ?1";
    tx.prepare_cached(change)?.execute([order_id, count])?;
    let version = "SELECT version FROM orders WHERE id = ?1";
    Ok(tx.prepare_cached(version)?.query_row([order_id], |row| row.get(0))?)
}

fn with_whole(
    tx: &mut Tx<'_>,
    actor_id: Option<i64>,
    order: &OrderWithDetails,
    details: &impl Payload,
) -> Result<Reply> {
    if may_bring(order) {
        tx.at_last(entries::follow, order.order.id, actor_id);
    }
    let json: Arc<str> = serde_json::to_string(order).map_err(Error::internal)?.into();
    let mut event = about(actor_id, &order.order, details)?;
    event.order = Some(Arc::clone(&json));
    let seq = tx.emit(event)?;
    Ok(Reply { json, event_seq: Some(seq) })
}

/// Whether an order may have brought something. What is unpaid, not called off, and lost no line has
/// not: placing it and making it asks for nothing.
fn may_bring(order: &OrderWithDetails) -> bool {
    order.order.payment_status != PaymentStatus::Unpaid
        || order.order.status == OrderStatus::Cancelled
        || order.items.iter().any(|item| item.status == ItemStatus::Cancelled)
}

fn tell(
    tx: &mut Tx<'_>,
    actor_id: Option<i64>,
    order: &Order,
    details: &impl Payload,
) -> Result<()> {
    tx.emit(about(actor_id, order, details)?).map(drop)
}

fn about(actor_id: Option<i64>, order: &Order, details: &impl Payload) -> Result<NewEvent> {
    Ok(NewEvent {
        table_id: order.table_id,
        waiter_id: (order.waiter_id != 0).then_some(order.waiter_id),
        status: Some(order.status.as_str()),
        ..NewEvent::new(Thing::Order.with(order.id), actor_id, details)?
    })
}
