//! What a person took off of what the house had put on a bill stays off its lines, wherever they go.

use super::adjustment_rows::{self, AdjustmentRow};
use super::bill::{Bill, check_id};
use super::rows;
use crate::core::error::Result;
use crate::core::store::{Connection, Tx};
use crate::features::orders::adjustment_rules::Effect;
use crate::features::orders::check_adjustments::RuleKind;
use crate::features::orders::types::OrderWithDetails;

/// Whether a person took off what a rule had put there.
pub(super) fn is_taken_off(row: &AdjustmentRow) -> bool {
    row.rule_id.is_some() && row.undoes.is_some() && row.user_id.is_some()
}

/// What is off these lines of an order, before they leave it: a row for each line.
///
/// # Errors
/// When the checks cannot be read.
pub fn off_lines(
    db: &Connection,
    order: &OrderWithDetails,
    lines: &[i64],
) -> Result<Vec<AdjustmentRow>> {
    let order_id = order.order.id;
    if !rows::are_any(db, order_id)? {
        return Ok(Vec::new());
    }
    let mut off = adjustment_rows::adjustments(db, order_id)?;
    off.retain(is_taken_off);
    if off.is_empty() {
        return Ok(off);
    }
    let bill = Bill::of(db, order.clone())?;
    let is_on = |check: i64, line: i64| {
        let mut held = bill.checks.iter().filter(|held| held.row.id == check);
        held.any(|held| held.draft.lines.iter().any(|drafted| drafted.item == line))
    };
    // A sum stands once in an order: off one of its checks, it is off all.
    let is_off = |row: &AdjustmentRow, line: i64| match row.item_id {
        Some(item) => item == line,
        None => !row.kind.is_percent() || is_on(row.check_id, line),
    };
    let of_line = |line: i64| {
        let rows = off.iter().filter(move |row| is_off(row, line));
        rows.map(move |row| AdjustmentRow { item_id: Some(line), ..row.clone() })
    };
    Ok(lines.iter().flat_map(|line| of_line(*line)).collect())
}

/// Whether something that the house had put on is off a line that came from another order: what is
/// ordered later was promised nothing.
///
/// # Errors
/// When the rows cannot be read.
pub fn is_spared(db: &Connection, (order_id, item): (i64, i64)) -> Result<bool> {
    if !rows::are_any(db, order_id)? {
        return Ok(false);
    }
    let agreed = adjustment_rows::adjustments(db, order_id)?;
    Ok(agreed.iter().any(|row| is_taken_off(row) && row.item_id == Some(item)))
}

/// Notes at the order to which lines came what is off them. `line` was another's id where only a part
/// of it came.
///
/// # Errors
/// When the rows cannot be written.
pub fn stay_off(
    tx: &Tx<'_>,
    order_id: i64,
    off: &[AdjustmentRow],
    (was, line): (i64, i64),
) -> Result<()> {
    for row in off.iter().filter(|row| row.item_id == Some(was)) {
        let row =
            AdjustmentRow { check_id: check_id(order_id, 1), item_id: Some(line), ..row.clone() };
        adjustment_rows::agree(tx, order_id, &row)?;
    }
    Ok(())
}

/// Leaves the lines out that a person took a rule of the house off; says whether it does anything then.
/// A sum for the order stands only where it stood before they came, one for each guest is less by what
/// was taken off.
pub(super) fn spare(
    effect: &mut Effect,
    (agreed, lines): (&[AdjustmentRow], &[i64]),
    (is_here, is_per_guest): (bool, bool),
) -> bool {
    let is_its = |row: &&AdjustmentRow| {
        let is_here = row.item_id.is_some_and(|item| lines.contains(&item));
        is_taken_off(row) && row.rule_id == Some(effect.rule_id) && is_here
    };
    let off: Vec<&AdjustmentRow> = agreed.iter().filter(is_its).collect();
    if off.is_empty() {
        return true;
    }
    let is_spared = |line: &i64| off.iter().any(|row| row.item_id == Some(*line));
    if lines.iter().all(is_spared) {
        return false;
    }
    match effect.kind {
        RuleKind::Percent => {
            let meant = if effect.lines.is_empty() { lines } else { &effect.lines };
            effect.lines = meant.iter().copied().filter(|line| !is_spared(line)).collect();
            !effect.lines.is_empty()
        }
        kind if kind.is_percent() => {
            effect.spared = lines.iter().copied().filter(is_spared).collect();
            true
        }
        _ if is_per_guest => {
            let mut once: Vec<_> = off.iter().map(|row| (row.undoes, row.value)).collect();
            once.sort_unstable();
            once.dedup();
            effect.value -= once.iter().map(|(_, value)| value).sum::<i64>();
            effect.value > 0
        }
        _ => is_here,
    }
}
