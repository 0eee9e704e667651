//! What the history of an order tells of its checks: which one, what was taken off, tip and change.

use rusqlite::Connection;

use super::checks::check_number;
use crate::core::error::Result;
use crate::core::kernel::Money;
use crate::core::store::word;
use crate::features::orders::check_adjustments::RuleKind;
use crate::features::orders::history::{HistoryEntry, What};

/// What is known of an entry by its moment, and by its sum where it has one.
struct Known {
    is_of: [What; 2],
    at: i64,
    amount: Option<Money>,
    tell: Box<dyn FnOnce(&mut HistoryEntry)>,
}

/// Adds to entries what the rows of payments and adjustments know of them. They are written in the
/// transaction of what left the entry, so they have its moment.
///
/// # Errors
/// When the database cannot be read.
pub fn add(db: &Connection, order_id: i64, entries: &mut [HistoryEntry]) -> Result<()> {
    let are_several = db
        .prepare_cached("SELECT count(*) > 1 FROM checks WHERE order_id = ?1")?
        .query_row([order_id], |row| row.get::<_, bool>(0))?;
    let mut known = payments(db, order_id, are_several)?;
    known.extend(adjustments(db, order_id, are_several)?);
    for known in known {
        let Known { is_of, at, amount, tell } = known;
        let is_it = |entry: &&mut HistoryEntry| {
            let is_told = entry.tip.is_some() || entry.adjustment.is_some();
            is_of.contains(&entry.what)
                && entry.at.0 == at
                && (amount.is_none() || entry.amount == amount)
                && !is_told
        };
        if let Some(entry) = entries.iter_mut().find(is_it) {
            tell(entry);
        }
    }
    Ok(())
}

/// Of the only check of an order nobody says which it is.
fn number(check_id: Option<i64>, are_several: bool) -> Option<i64> {
    check_id.filter(|_| are_several).map(check_number)
}

fn payments(db: &Connection, order_id: i64, are_several: bool) -> Result<Vec<Known>> {
    let mut statement = db.prepare_cached(
        "SELECT created_at, amount, check_id, tip, tendered, change FROM payments
         WHERE order_id = ?1 ORDER BY id",
    )?;
    let rows = statement.query_map([order_id], |row| {
        let check = number(row.get(2)?, are_several);
        let (tip, change) = (Money(row.get(3)?), Money(row.get(5)?));
        let tendered = row.get::<_, Option<i64>>(4)?.map(Money);
        let tell = move |entry: &mut HistoryEntry| {
            entry.check = check;
            entry.tip = Some(tip);
            (entry.tendered, entry.change) = (tendered, tendered.map(|_| change));
        };
        let is_of = [What::Paid, What::Refunded];
        let amount = Some(Money(row.get(1)?));
        Ok(Known { is_of, at: row.get(0)?, amount, tell: Box::new(tell) })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn adjustments(db: &Connection, order_id: i64, are_several: bool) -> Result<Vec<Known>> {
    let mut statement = db.prepare_cached(
        "SELECT created_at, check_id, kind, value, rule_id IS NOT NULL AND user_id IS NULL
         FROM adjustments WHERE order_id = ?1 ORDER BY id",
    )?;
    let rows = statement.query_map([order_id], |row| {
        let check = number(row.get(1)?, are_several);
        let kind = word(row, 2, RuleKind::parse)?;
        let value = kind.text(row.get(3)?);
        let tell = move |entry: &mut HistoryEntry| {
            (entry.check, entry.adjustment, entry.value) = (check, Some(kind), value);
        };
        let is_of = if row.get(4)? {
            [What::RuleApplied, What::RuleLifted]
        } else {
            [What::CheckAdjusted, What::AdjustmentTakenBack]
        };
        Ok(Known { is_of, at: row.get(0)?, amount: None, tell: Box::new(tell) })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
