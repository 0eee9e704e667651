//! Writing how far a line is.

use rusqlite::params;

use super::party;
use crate::core::error::Result;
use crate::core::kernel::Timestamp;
use crate::core::store::Tx;
use crate::features::menu;
use crate::features::orders::rules;
use crate::features::orders::states::ItemStatus;
use crate::features::orders::types::OrderItem;

/// Writes a line's new status and the moment that belongs to it. The line as it is then.
pub(super) fn set_item_status(
    tx: &mut Tx<'_>,
    item: &OrderItem,
    to: ItemStatus,
    by: i64,
) -> Result<OrderItem> {
    if item.status == ItemStatus::New && !matches!(to, ItemStatus::New | ItemStatus::Cancelled) {
        party::takes_on(tx, item, by)?;
    }
    let now = tx.now();
    let or_now = |moment: Option<Timestamp>| Some(moment.unwrap_or(now));
    let mut moved = OrderItem { status: to, ..item.clone() };
    match to {
        // What nobody has begun can be had again.
        ItemStatus::Cancelled if item.preparation_started_at.is_none() => {
            menu::give_portions(tx, item.dish_variation_id, item.quantity)?;
        }
        ItemStatus::New | ItemStatus::Held | ItemStatus::Cancelled => {}
        ItemStatus::SentToKitchen => moved.sent_to_kitchen_at = or_now(item.sent_to_kitchen_at),
        ItemStatus::InPreparation => {
            moved.sent_to_kitchen_at = or_now(item.sent_to_kitchen_at);
            moved.ready_at = None;
            if rules::begins(item.status, to) {
                moved.preparation_started_at = or_now(item.preparation_started_at);
            }
        }
        ItemStatus::Ready => {
            moved.sent_to_kitchen_at = or_now(item.sent_to_kitchen_at);
            moved.ready_at = Some(now);
        }
        ItemStatus::Served => {
            moved.ready_at = or_now(item.ready_at);
            moved.served_at = Some(now);
        }
    }
    write_step(tx, &moved)?;
    Ok(moved)
}

/// Writes where a line stands, with its moments.
pub(super) fn write_step(tx: &Tx<'_>, item: &OrderItem) -> Result<()> {
    let millis = |moment: Option<Timestamp>| moment.map(|moment| moment.0);
    tx.prepare_cached(
        "UPDATE order_items SET status = ?2, sent_to_kitchen_at = ?3, preparation_started_at = ?4,
                                ready_at = ?5, served_at = ?6, updated_at = ?7
         WHERE id = ?1",
    )?
    .execute(params![
        item.id,
        item.status.as_str(),
        millis(item.sent_to_kitchen_at),
        millis(item.preparation_started_at),
        millis(item.ready_at),
        millis(item.served_at),
        tx.now().0
    ])?;
    Ok(())
}
