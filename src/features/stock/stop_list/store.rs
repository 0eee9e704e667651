//! The goods' part of the stop-list in SQL.

use std::collections::HashMap;

use rusqlite::Connection;

use super::rules::portions;
use crate::core::error::Result;
use crate::core::kernel::Quantity;
use crate::core::store::Tx;
use crate::features::menu::{PortionSource, portions_left, set_portions, without_portions};
use crate::features::stock::amount::THOUSAND;
use crate::features::stock::recipes::{Fraction, Of, explode, remembered_book};

/// After goods moved: says of each size how many portions the watched goods still make.
///
/// # Errors
/// When the rows cannot be read or written.
pub fn follow_goods(tx: &mut Tx<'_>) -> Result<()> {
    let watched = watched(tx)?;
    let mut known = portions_left(tx, PortionSource::Goods)?;
    if watched.is_empty() && known.is_empty() {
        return Ok(());
    }
    let book = remembered_book(tx)?;
    for of in book.recipes.keys() {
        let Of::Variation(variation) = *of else { continue };
        let one = [(*of, Fraction::whole(THOUSAND))];
        let needs = explode(&book, &one, tx.now()).unwrap_or_default();
        let Some(left) = portions(&needs, &watched) else { continue };
        let left = Quantity::new(left.saturating_mul(THOUSAND)).unwrap_or(Quantity::MOST);
        if known.remove(&variation) != Some(left) {
            set_portions(tx, variation, PortionSource::Goods, left)?;
        }
    }
    known.keys().try_for_each(|variation| without_portions(tx, *variation, PortionSource::Goods))
}

/// How much there is of the goods at whose end dishes are stopped.
fn watched(db: &Connection) -> Result<HashMap<i64, i64>> {
    let mut statement = db.prepare_cached(
        "SELECT g.id, coalesce(c.quantity, 0) FROM stock_goods g
         LEFT JOIN stock_costs c ON c.id = g.id
         WHERE g.watch = 'STOP' AND g.deleted_at IS NULL",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
