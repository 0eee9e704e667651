//! What came of suggestions, in SQL.

use rusqlite::Connection;

use super::effect_rules::{TableDay, difference, group};
use super::types::SuggestionEffect;
use crate::core::error::Result;
use crate::core::kernel::{Day, Period};
use crate::core::store::Tx;

/// So many days it is kept.
const KEPT_DAYS: i64 = 400;

/// What suggestions brought in a period.
///
/// # Errors
/// When the database cannot be read.
pub fn effect(db: &Connection, period: Period, learnt_orders: i64) -> Result<SuggestionEffect> {
    let (first, last) = (period.date_from.number(), period.date_to.number());
    let mut statement = db.prepare_cached(
        "SELECT is_control, count(*), sum(total), sum(was_offered), sum(was_taken)
         FROM suggestion_orders WHERE business_day BETWEEN ?1 AND ?2 AND is_control IS NOT NULL
         GROUP BY business_day, table_id, is_control",
    )?;
    let mut rows = statement.query([first, last])?;
    let (mut shown, mut control) = (Vec::new(), Vec::new());
    let (mut offered, mut taken) = (0, 0);
    while let Some(row) = rows.next()? {
        let day = TableDay { orders: row.get(1)?, total: row.get(2)? };
        if row.get(0)? { &mut control } else { &mut shown }.push(day);
        offered += row.get::<_, i64>(3)?;
        taken += row.get::<_, i64>(4)?;
    }
    Ok(SuggestionEffect {
        date_from: period.date_from,
        date_to: period.date_to,
        shown: group(&shown),
        control: group(&control),
        difference: difference(&shown, &control),
        offered,
        taken,
        learnt_orders,
    })
}

/// Deletes up to `most` orders' rows that are past their time. Returns how many went.
///
/// # Errors
/// When the rows cannot be deleted.
pub fn trim(tx: &Tx<'_>, most: usize) -> Result<usize> {
    let sql = "DELETE FROM suggestion_orders WHERE order_id IN
                   (SELECT order_id FROM suggestion_orders WHERE business_day < ?1 LIMIT ?2)";
    let newest = "SELECT max(business_day) FROM suggestion_orders";
    let newest: Option<i64> = tx.prepare_cached(newest)?.query_row([], |row| row.get(0))?;
    let Some(day) = newest.and_then(Day::of_number) else { return Ok(0) };
    let before = day.plus_days(-KEPT_DAYS).number();
    Ok(tx.prepare_cached(sql)?.execute([before, most as i64])?)
}
