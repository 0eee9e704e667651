//! Telling of what happened to an order.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::core::error::{Error, Result};
use crate::core::event::{Audience, Kind, NewEvent};
use crate::core::store::{Reply, Tx};
use crate::features::orders::types::{Order, OrderItem, OrderWithDetails};
use crate::features::orders::{ItemStatus, OrderStatus};

const CONCERNED: Audience = Audience::KITCHEN
    .and(Audience::ADMIN)
    .and(Audience::MANAGER)
    .and(Audience::ORDERS_WAITER)
    .and(Audience::TABLE_GUESTS);

/// A new order, or lines of one that changed: told with the whole order, which is the reply too. The
/// log keeps which lines that were.
pub fn whole_order(
    tx: &mut Tx<'_>,
    kind: Kind,
    actor_id: Option<i64>,
    order: &OrderWithDetails,
) -> Result<Reply> {
    let json: Arc<str> = serde_json::to_string(order).map_err(Error::internal)?.into();
    let changed = order.items.iter().filter(|item| item.updated_at >= tx.now());
    let changed: Vec<i64> = changed.map(|item| item.id).collect();
    let details = json!({"item_ids": changed, "total_price": order.order.total_price});
    let mut event = event(kind, CONCERNED, actor_id, &order.order, details);
    event.order = Some(Arc::clone(&json));
    let seq = tx.emit(event)?;
    Ok(Reply { json, event_seq: Some(seq) })
}

/// The order moved on.
pub fn order_status(
    tx: &mut Tx<'_>,
    actor_id: Option<i64>,
    order: &Order,
    old: OrderStatus,
) -> Result<()> {
    let audience = Audience::STAFF.and(Audience::TABLE_GUESTS);
    let data = json!({"old_status": old, "new_status": order.status});
    about(tx, Kind::OrderStatusChanged, audience, actor_id, order, data)?;
    if order.status == OrderStatus::Ready {
        let audience = Audience::ORDERS_WAITER.and(Audience::ADMIN).and(Audience::TABLE_GUESTS);
        about(tx, Kind::OrderReady, audience, actor_id, order, json!({}))?;
    }
    Ok(())
}

/// One line moved on.
pub fn item_status(
    tx: &mut Tx<'_>,
    actor_id: Option<i64>,
    order: &Order,
    item: &OrderItem,
    old: ItemStatus,
) -> Result<()> {
    let audience = Audience::STAFF.and(Audience::TABLE_GUESTS);
    let data = json!({
        "item_id": item.id,
        "old_status": old,
        "new_status": item.status,
        "department": item.department,
        "dish_name": item.dish_name,
        "quantity": item.quantity,
        "preparation_started_at": item.preparation_started_at,
    });
    about(tx, Kind::ItemStatusChanged, audience, actor_id, order, data)
}

/// The order leaves its table; told there, before it is told at the new one.
pub fn moved_away(tx: &mut Tx<'_>, actor_id: i64, order: &Order, to_table: i64) -> Result<()> {
    let audience = Audience::STAFF.and(Audience::TABLE_GUESTS);
    let data = json!({"moved_to_table_id": to_table});
    about(tx, Kind::OrderUpdated, audience, Some(actor_id), order, data)
}

/// Anything else about an order.
pub fn about(
    tx: &mut Tx<'_>,
    kind: Kind,
    audience: Audience,
    actor_id: Option<i64>,
    order: &Order,
    details: Value,
) -> Result<()> {
    tx.emit(event(kind, audience, actor_id, order, details)).map(drop)
}

fn event(
    kind: Kind,
    audience: Audience,
    actor_id: Option<i64>,
    order: &Order,
    details: Value,
) -> NewEvent {
    let mut data = json!({
        "order_id": order.id,
        "number": order.number,
        "order_type": order.order_type,
        "table_id": order.table_id,
        "table_number": order.table_number,
        "table_name": order.table_name,
        "guests": order.guests,
        "waiter_id": order.waiter_id,
        "status": order.status,
    });
    if let (Value::Object(data), Value::Object(details)) = (&mut data, details) {
        data.extend(details);
    }
    NewEvent {
        order_id: Some(order.id),
        table_id: order.table_id,
        waiter_id: (order.waiter_id != 0).then_some(order.waiter_id),
        status: Some(order.status.as_str()),
        ..NewEvent::new(kind, audience, actor_id, data)
    }
}
