//! What happened to an order, put together from what keeps its traces: the lines, the payments,
//! the changes of its sum, and the event log as far as it reaches back.

use rusqlite::{Connection, Row, params};
use serde::Deserialize;
use serde_json::Value;

use super::{check_story, load};
use crate::core::error::Result;
use crate::core::kernel::{Measure, Money, Quantity, Timestamp};
use crate::core::store::{measure, quantity, word};
use crate::features::checks::PaymentState;
use crate::features::orders::history::{HistoryEntry, HistoryLine, OrderHistory, What};
use crate::features::orders::types::{OrderItem, OrderWithDetails};

/// The most entries of each kind of trace that are told.
const MOST: i64 = 1000;

/// The history of an order, oldest first.
///
/// # Errors
/// 404 when there is no such order.
pub fn history(db: &Connection, order_id: i64) -> Result<OrderHistory> {
    let order = load::order_with_items(db, order_id)?;
    let log_begins = log_begins(db)?;
    let mut entries = placed(db, &order)?;
    entries.extend(payments(db, order_id)?);
    entries.extend(changes(db, order_id)?);
    entries.extend(steps(db, order_id)?);
    entries.extend(moments(&order).into_iter().filter(|entry| entry.at < log_begins));
    check_story::add(db, order_id, &mut entries)?;
    entries.sort_by_key(|entry| (entry.at, entry.what.turn()));
    Ok(OrderHistory {
        order_id,
        number: order.order.number,
        complete: log_begins <= order.order.created_at,
        entries,
    })
}

/// From when on the event log tells who did what; the end of time while it is empty.
fn log_begins(db: &Connection) -> Result<Timestamp> {
    let sql = "SELECT at FROM events ORDER BY seq LIMIT 1";
    let mut rows = db.prepare_cached(sql)?.query_map([], |row| row.get(0))?.collect::<Vec<_>>();
    Ok(Timestamp(rows.pop().transpose()?.unwrap_or(i64::MAX)))
}

/// The lines by when and by whom they were ordered; the first of them placed the order.
fn placed(db: &Connection, order: &OrderWithDetails) -> Result<Vec<HistoryEntry>> {
    let mut statement = db.prepare_cached(
        "SELECT i.created_at, i.added_by_id, u.full_name, i.dish_name, i.variation_name,
                i.quantity, i.comment, i.unit
         FROM order_items i LEFT JOIN users u ON u.id = i.added_by_id
         WHERE i.order_id = ?1 ORDER BY i.id LIMIT ?2",
    )?;
    let mut rows = statement.query([order.order.id, MOST])?;
    let mut entries: Vec<HistoryEntry> = Vec::new();
    while let Some(row) = rows.next()? {
        let at = Timestamp(row.get(0)?);
        let line = HistoryLine {
            dish_name: row.get(3)?,
            variation_name: row.get(4)?,
            quantity: quantity(row, 5)?,
            unit: measure(row, 7)?,
            comment: row.get(6)?,
        };
        let actor_id: Option<i64> = row.get(1)?;
        match entries.last_mut() {
            Some(last) if last.at == at && last.actor_id == actor_id => last.lines.push(line),
            _ => {
                let what = if entries.is_empty() { What::Placed } else { What::LinesAdded };
                entries.push(HistoryEntry {
                    actor_id,
                    actor_name: row.get(2)?,
                    by_guest: actor_id.is_none(),
                    lines: vec![line],
                    ..HistoryEntry::new(at, what)
                });
            }
        }
    }
    Ok(entries)
}

fn payments(db: &Connection, order_id: i64) -> Result<Vec<HistoryEntry>> {
    let mut statement = db.prepare_cached(
        "SELECT p.created_at, p.user_id, u.full_name, p.kind, p.amount, p.method_name,
                coalesce(p.cleared_reason, p.reason), p.state
         FROM payments p LEFT JOIN users u ON u.id = p.user_id
         WHERE p.order_id = ?1 ORDER BY p.id LIMIT ?2",
    )?;
    let rows = statement.query_map([order_id, MOST], |row| {
        let is_refund = row.get_ref(3)?.as_str()? == "REFUND";
        let what = match word(row, 7, PaymentState::parse)? {
            _ if is_refund => What::Refunded,
            PaymentState::Taken | PaymentState::Voided => What::Paid,
            PaymentState::Pending | PaymentState::Unknown => What::PaymentUnclear,
            PaymentState::Failed => What::PaymentFailed,
        };
        Ok(HistoryEntry {
            amount: Some(Money(row.get(4)?)),
            method_name: row.get(5)?,
            reason: row.get(6)?,
            ..by_somebody(row, what)?
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// An entry from a row whose first columns are when, and by whom.
fn by_somebody(row: &Row<'_>, what: What) -> rusqlite::Result<HistoryEntry> {
    Ok(HistoryEntry {
        actor_id: row.get(1)?,
        actor_name: row.get(2)?,
        ..HistoryEntry::new(Timestamp(row.get(0)?), what)
    })
}

/// What changed the sum of the order, beside lines that were added.
fn changes(db: &Connection, order_id: i64) -> Result<Vec<HistoryEntry>> {
    let mut statement = db.prepare_cached(
        "SELECT c.created_at, c.user_id, u.full_name, c.what, c.old_total, c.new_total, c.reason,
                i.dish_name, coalesce(i.quantity, 0), i.unit
         FROM money_changes c
         LEFT JOIN users u ON u.id = c.user_id
         LEFT JOIN order_items i ON i.id = c.item_id
         WHERE c.order_id = ?1 ORDER BY c.id LIMIT ?2",
    )?;
    let rows = statement.query_map([order_id, MOST], |row| {
        let what = match row.get_ref(3)?.as_str()? {
            "order_cancelled" => What::OrderCancelled,
            "line_removed" => What::LineRemoved,
            "lines_moved" => What::LinesMoved,
            "order_joined" => What::OrderJoined,
            "closed_unpaid" => What::ClosedUnpaid,
            "rule_applied" => What::RuleApplied,
            "rule_lifted" => What::RuleLifted,
            "check_adjusted" => What::CheckAdjusted,
            "adjustment_taken_back" => What::AdjustmentTakenBack,
            "check_taken_back" => What::CheckTakenBack,
            "check_voided" => What::CheckVoided,
            "check_presented" => What::CheckPresented,
            "check_split" => What::CheckSplit,
            "checks_joined" => What::ChecksJoined,
            "checks_relaid" => What::ChecksRelaid,
            "check_reopened" => What::CheckReopened,
            _ => What::LineChanged,
        };
        Ok(HistoryEntry {
            old_total: Some(Money(row.get(4)?)),
            new_total: Some(Money(row.get(5)?)),
            reason: row.get(6)?,
            dish_name: row.get(7)?,
            quantity: Some(quantity(row, 8)?).filter(|quantity| *quantity != Quantity::ZERO),
            unit: measure(row, 9)?,
            ..by_somebody(row, what)?
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The steps of the order and its lines, as the event log has them.
fn steps(db: &Connection, order_id: i64) -> Result<Vec<HistoryEntry>> {
    let mut statement = db.prepare_cached(
        "SELECT e.at, e.actor_id, u.full_name, e.kind, e.data, t.number, t.label
         FROM events e INDEXED BY events_order
         LEFT JOIN users u ON u.id = e.actor_id
         LEFT JOIN tables t ON t.id = json_extract(e.data, '$.moved_to_table_id')
         WHERE e.subject = 'order' AND e.subject_id = ?1
           AND (e.kind IN ('item_status_changed', 'order_status_changed', 'order_delayed')
                OR e.kind = 'order_updated' AND (t.id IS NOT NULL
                   OR json_extract(e.data, '$.lines[0].change') IN ('fired', 'held')))
         ORDER BY e.seq LIMIT ?2",
    )?;
    let rows = statement.query_map(params![order_id, MOST], |row| {
        let data: String = row.get(4)?;
        let data: Value = serde_json::from_str(&data).unwrap_or_default();
        let word = |key: &str| data[key].as_str().map(str::to_owned);
        let what = match row.get_ref(3)?.as_str()? {
            "item_status_changed" => What::LineMoved,
            "order_delayed" => What::Late,
            "order_updated" => match data["lines"][0]["change"].as_str() {
                Some("fired") => What::CourseFired,
                Some("held") => What::CourseHeld,
                _ => What::TableMoved,
            },
            _ => What::OrderMoved,
        };
        Ok(HistoryEntry {
            status: word("new_status"),
            course: data["course"].as_i64(),
            dish_name: word("dish_name"),
            quantity: Quantity::deserialize(&data["quantity"]).ok(),
            unit: data["unit"].as_str().and_then(Measure::parse),
            minutes: data["minutes"].as_i64(),
            table_number: row.get(5)?,
            table_name: row.get(6)?,
            ..by_somebody(row, what)?
        })
    })?;
    let entries: Vec<HistoryEntry> = rows.collect::<rusqlite::Result<_>>()?;
    // That it was cancelled is told by the change of its sum, with the reason.
    let is_told = |entry: &HistoryEntry| entry.status.as_deref() != Some("CANCELLED");
    Ok(entries.into_iter().filter(is_told).collect())
}

/// The moments that rows remember: when, but not who.
fn moments(order: &OrderWithDetails) -> Vec<HistoryEntry> {
    let mut entries = Vec::new();
    let mut note = |at: Option<Timestamp>, what, status: &str, dish: Option<&OrderItem>| {
        let entry = at.map(|at| HistoryEntry {
            status: Some(status.to_owned()),
            dish_name: dish.map(|item| item.dish_name.clone()),
            quantity: dish.map(|item| item.quantity),
            unit: dish.and_then(|item| item.unit),
            ..HistoryEntry::new(at, what)
        });
        entries.extend(entry);
    };
    for item in &order.items {
        note(item.ready_at, What::LineMoved, "READY", Some(item));
        note(item.served_at, What::LineMoved, "SERVED", Some(item));
    }
    note(order.order.served_at, What::OrderMoved, "SERVED", None);
    note(order.order.completed_at, What::OrderMoved, "COMPLETED", None);
    entries
}
