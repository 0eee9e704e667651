//! The guests at a table: they go along when their order moves, and nobody else sees it.

use super::load;
use crate::core::error::Result;
use crate::core::store::{Connection, Tx};
use crate::features::calls;
use crate::features::floor::{self, TableChange};
use crate::features::orders::types::OrderItem;
use crate::features::visits;

/// Whether somebody eats at a table: it has an open order.
pub(super) fn is_at(db: &Connection, table_id: i64) -> Result<bool> {
    Ok(db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM orders INDEXED BY orders_open
                            WHERE table_id = ?1 AND closed_at IS NULL
                            AND order_type = 'DINE_IN')",
        )?
        .query_row([table_id], |row| row.get(0))?)
}

/// The guests of a table from which an order has just left. They follow it when nothing of
/// theirs is left behind. `was_free`: nobody ate at the new table before, so whoever still held a
/// session there belongs to an earlier visit, and must not read this one's order.
pub(super) fn goes_along(
    tx: &mut Tx<'_>,
    from: i64,
    to: i64,
    was_free: bool,
    by: i64,
) -> Result<()> {
    if was_free {
        visits::end(tx, to)?;
        calls::answer_all(tx, to, Some(by))?;
    }
    if is_at(tx, from)? {
        floor::tell_of(tx, from, TableChange::OrderMoved, Some(by))?;
    } else {
        visits::go_along(tx, from, to)?;
        calls::go_along(tx, from, to)?;
        floor::vacate(tx, from, Some(by))?;
    }
    floor::tell_of(tx, to, TableChange::OrderMoved, Some(by))
}

/// A bill is about to be opened at a table: if nobody ate there, phones that were silent for long
/// belong to people who have left, and the others wait to see it, but for the `phone` that opens it.
/// That is told before the order is: who waits hears nothing of it.
pub(super) fn begins(
    tx: &mut Tx<'_>,
    table_id: i64,
    by: Option<i64>,
    phone: Option<[u8; 32]>,
) -> Result<()> {
    if visits::former_leave(tx, table_id)? {
        floor::tell_of(tx, table_id, TableChange::PhonesLeft, by)?;
    }
    if visits::others_wait(tx, table_id, phone)? {
        floor::tell_of(tx, table_id, TableChange::PhonesWait, by)?;
    }
    Ok(())
}

/// A member of staff takes a guest's line on, and with it the phone that ordered it.
pub(super) fn takes_on(tx: &mut Tx<'_>, item: &OrderItem, by: i64) -> Result<()> {
    if visits::is_confirmed(tx, item.id)?
        && let Some(table_id) = load::order(tx, item.order_id)?.table_id
    {
        floor::tell_of(tx, table_id, TableChange::PhonesShown, Some(by))?;
    }
    Ok(())
}
