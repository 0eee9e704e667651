//! What was paid is never changed: its money goes back, and what was on it is paid anew, on another
//! check.

use rusqlite::params;
use serde_json::json;

use super::adjust::to_change;
use super::bill::{Bill, Check, MOST_CHECKS, check_id, lines_to_hold};
use super::refund::give_back_check;
use super::rows::{self, CheckRow};
use super::settle::finish;
use super::steps::keep_others;
use super::unpaid::hold_again;
use super::view;
use crate::core::error::{Error, Result};
use crate::core::store::{Command, Priority, Reply, Tx};
use crate::features::checks::{CheckState, Draft, DraftLine, MOST_PARTS, Refusal, again};
use crate::features::orders::check_adjustments::rules_of;
use crate::features::orders::events::ChangedLine;
use crate::features::orders::states::{ItemStatus, OrderType};
use crate::features::orders::store::{add, events, load, permits};
use crate::features::orders::types::OrderItem;
use crate::features::permissions::Principal;
use crate::platform::audit;
use crate::platform::auth::Person;

/// Opens a paid check anew: all that is left of its money goes back the way it came, tips too, and
/// another check takes its place, with what is left of the sale; where nothing is, with all of it.
pub struct ReopenCheck {
    /// The check.
    pub check_id: i64,
    /// The check's version that the person saw.
    pub version: i64,
    /// Why.
    pub reason: Option<String>,
    /// Who.
    pub by: Principal,
    /// The tablet.
    pub device_id: Option<i64>,
}

impl Command for ReopenCheck {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let (mut bill, at) = to_change(tx, self.check_id, self.version)?;
        let order_id = bill.order.order.id;
        let state = bill.checks[at].row.state.reopen(self.reason.is_some())?;
        check_table(tx, &bill)?;
        keep_others(tx, &mut bill, at)?;
        let draft = to_pay(&bill, &bill.checks[at])?;
        let numbers = bill.checks.iter().map(|check| check.row.number).max().unwrap_or(0);
        if numbers >= MOST_CHECKS {
            return Err(Refusal::PartsOutOfRange { most: MOST_PARTS }.into());
        }
        let (rows_version, money) = (bill.rows_version(), bill.checks[at].kept_money());
        let check = &mut bill.checks[at];
        permits::reopen(tx, &self.by, check)?;
        let (who, why) = ((self.by.id, self.device_id), self.reason.as_ref());
        give_back_check(tx, check, who, (None, why))?;
        check.row.state = state;
        check.save_frozen(tx)?;
        let gone = gone(&check.draft, &draft);
        rows::let_go(tx, check.row.id)?;
        rows::hold(tx, &lines_to_hold(check.row.id, &gone))?;
        let new = new_check(&check.row, &draft, (numbers + 1, rows_version + 1));
        rows::save(tx, &new)?;
        rows::hold(tx, &lines_to_hold(new.id, &draft))?;
        let why = (self.by.id, self.reason.as_deref());
        let total = Bill::of(tx, bill.order.clone())?.total();
        add::trace_money(tx, &bill.order, None, "check_reopened", total, why)?;
        let change = (
            json!({"check": self.check_id, "refunded": money}),
            json!({"check": new.id, "reason": self.reason}),
        );
        let order = ("order", Some(order_id));
        audit::note(tx, Some(self.by.id), "check_reopened", order, change)?;
        let held = hold_again(tx, &bill.order, &draft, self.by.id)?;
        unpaid(tx, order_id, held, &self.by)?;
        let bill = finish(tx, order_id, &self.by, &[self.check_id, new.id], &(None, None))?;
        view::reply(&view::all(tx, &bill)?)
    }
}

/// A table has one bill that is to be paid.
fn check_table(tx: &Tx<'_>, bill: &Bill) -> Result<()> {
    let order = &bill.order.order;
    let is_there = order.order_type == OrderType::DineIn && !order.status.is_closed();
    let Some(table_id) = order.table_id.filter(|_| is_there) else { return Ok(()) };
    let Some(other) = load::open_bill(tx, table_id)?.filter(|other| *other != order.id) else {
        return Ok(());
    };
    let number = load::order_with_items(tx, other)?.order.number;
    let detail = format!(
        "Order {number} is to be paid at this table. Settle it first, or move it to another table."
    );
    Err(Error::conflict("table_has_bill", detail).with("number", number))
}

/// Of the old check, what is not on the new one: it stays there, and is not ordered anew.
fn gone(old: &Draft, new: &Draft) -> Draft {
    let is_new = |line: &DraftLine| new.lines.iter().any(|other| other.item == line.item);
    let lines = old.lines.iter().filter(|line| !is_new(line)).cloned().collect();
    Draft { lines, ..Draft::default() }
}

/// What is on the new check. Of an order that has ended, nothing that was not made.
fn to_pay(bill: &Bill, check: &Check) -> Result<Draft> {
    let is_over = bill.order.order.status.is_closed();
    let is_gone = |item: &&OrderItem| is_over && item.status == ItemStatus::Cancelled;
    let gone: Vec<i64> = bill.order.items.iter().filter(is_gone).map(|item| item.id).collect();
    Ok(again(&check.draft, &check.to_pay_anew(&gone)?)?)
}

fn new_check(old: &CheckRow, draft: &Draft, (number, version): (i64, i64)) -> CheckRow {
    CheckRow {
        id: check_id(old.order_id, number),
        number,
        state: CheckState::Open,
        // No check that ever had this id was seen at this version.
        version,
        rules: rules_of(draft, &old.rules),
        computed: None,
        presented_at: None,
        paid_at: None,
        closed_at: None,
        replaces: Some(old.id),
        ..old.clone()
    }
}

/// The order is to be paid again, and screens hear all of it.
fn unpaid(tx: &mut Tx<'_>, order_id: i64, held: Vec<ChangedLine>, by: &Person) -> Result<()> {
    let given_back = Bill::for_change(tx, order_id)?.given_back();
    tx.prepare_cached(
        "UPDATE orders SET payment_status = 'UNPAID', given_back = ?2, updated_at = ?3
         WHERE id = ?1",
    )?
    .execute(params![order_id, given_back.0, tx.now().0])?;
    let order = load::order_with_items(tx, order_id)?;
    events::updated(tx, Some(by.id), order, held).map(drop)
}
