//! Whose a line is, by the number of a seat.

use rusqlite::params;

use super::add::check_can_change;
use super::{combos, events, load};
use crate::core::error::Result;
use crate::core::store::Tx;
use crate::features::orders::types::{OrderItem, OrderWithDetails};

/// Says whose a line is; none: it is for the table. A combo is one guest's: it is said of all its parts.
/// Whatever the kitchen has done of it, and it tells nobody there.
pub(super) fn put(
    tx: &mut Tx<'_>,
    order: &OrderWithDetails,
    item: &OrderItem,
    seat: Option<u32>,
    by: i64,
) -> Result<()> {
    check_can_change(&order.order)?;
    if seat == item.seat {
        return Ok(());
    }
    for line in combos::all_of(order, item) {
        tx.prepare_cached("UPDATE order_items SET seat = ?2, updated_at = ?3 WHERE id = ?1")?
            .execute(params![line.id, seat, tx.now().0])?;
    }
    let now = load::order_with_items(tx, order.order.id)?;
    events::updated(tx, Some(by), now, Vec::new()).map(drop)
}
