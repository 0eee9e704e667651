//! A check becomes several, and they become one again.

use serde_json::json;

use super::adjust::{check_open, check_version};
use super::adjustment_rows::{self, AdjustmentRow};
use super::bill::{Bill, Check, MOST_CHECKS, check_id};
use super::follow::follow_rules;
use super::rows::{self, CheckRow};
use super::settle::finish;
use super::{view, wishes};
use crate::core::error::{Error, Result};
use crate::core::store::{Command, Priority, Reply, Tx};
use crate::features::checks::{
    By, CheckState, Computed, Draft, DraftLine, MOST_PARTS, Refusal, compute, join, split,
};
use crate::features::orders::check_adjustments::{Rule, bound_of, lay, rules_of};
use crate::features::orders::store::{add, combos};
use crate::platform::audit;
use crate::platform::auth::Person;

/// Splits a check.
pub struct SplitCheck {
    /// The order.
    pub order_id: i64,
    /// The check; the first open one where none is named.
    pub check_id: Option<i64>,
    /// The version that the person saw.
    pub version: i64,
    /// How.
    pub how: By,
    /// Who.
    pub by: Person,
}

impl Command for SplitCheck {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let mut bill = Bill::for_change(tx, self.order_id)?;
        let at = match self.check_id {
            Some(id) => bill.place(id)?,
            None => first_open(&bill),
        };
        let seen = self.check_id.map_or(bill.version(), |_| bill.version_of(&bill.checks[at]));
        check_version(self.version, seen, bill.total())?;
        check_open(&bill)?;
        let (rows_version, order_id) = (bill.rows_version(), self.order_id);
        let numbers = bill.checks.iter().map(|check| check.row.number).max().unwrap_or(0);
        let check = &mut bill.checks[at];
        check.row.state.check_change(&check.standing())?;
        let how = combos::split_together(&bill.order, &check.computed.quantities(), self.how)?;
        let parts = split(&check.draft, &how)?;
        let mut changed = vec![check.row.id];
        rows::let_go(tx, check.row.id)?;
        for (number, part) in (numbers..).zip(&parts) {
            if number > MOST_CHECKS {
                return Err(Refusal::PartsOutOfRange { most: MOST_PARTS }.into());
            }
            if number == numbers {
                write_part(tx, check, part)?;
                continue;
            }
            let row = CheckRow {
                id: check_id(order_id, number),
                number,
                // No check that ever had this id was seen at this version.
                version: rows_version + 1,
                replaces: None,
                // Whoever asked for their receipt does not get the others'.
                receipt_to: None,
                ..check.row.clone()
            };
            changed.push(row.id);
            let mut new = Check {
                row,
                draft: Draft::default(),
                computed: Computed::default(),
                payments: Vec::new(),
            };
            write_part(tx, &mut new, part)?;
        }
        let sums: Vec<_> =
            parts.iter().map(|part| Ok(compute(part)?.total)).collect::<Result<_>>()?;
        let order = ("order", Some(order_id));
        let change = (json!({"total": bill.total()}), json!({"totals": sums}));
        audit::note(tx, Some(self.by.id), "check_split", order, change)?;
        let total = bill.total();
        add::trace_money(tx, &bill.order, None, "check_split", total, (self.by.id, None))?;
        wishes::made(tx, order_id, changed[0], &how)?;
        let bill = finish(tx, order_id, &self.by, &changed, &(None, None))?;
        view::reply(&view::all(tx, &bill)?)
    }
}

fn first_open(bill: &Bill) -> usize {
    let open = bill.checks.iter().position(|check| check.row.state == CheckState::Open);
    open.unwrap_or_default()
}

/// Writes a part of a split, with what it holds.
fn write_part(tx: &Tx<'_>, check: &mut Check, part: &Draft) -> Result<()> {
    check.row.rules = rules_of(part, &check.row.rules);
    check.row.guests = part.guests;
    check.save(tx)?;
    rows::hold(tx, &check.lines_to_hold(part))
}

/// Joins open checks of an order.
pub struct JoinChecks {
    /// The order.
    pub order_id: i64,
    /// Which; all that are open where none is named.
    pub check_ids: Vec<i64>,
    /// The version of all checks that the person saw.
    pub version: i64,
    /// Who.
    pub by: Person,
}

impl Command for JoinChecks {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let mut bill = Bill::for_change(tx, self.order_id)?;
        check_version(self.version, bill.version(), bill.total())?;
        check_open(&bill)?;
        self.check_ids.iter().try_for_each(|id| bill.place(*id).map(drop))?;
        let is_meant = |check: &Check| match self.check_ids.as_slice() {
            [] => check.row.state == CheckState::Open,
            ids => ids.contains(&check.row.id),
        };
        let (mut joined, others): (Vec<Check>, Vec<Check>) =
            std::mem::take(&mut bill.checks).into_iter().partition(is_meant);
        if joined.len() < 2 {
            let detail = "There is only one open check; there is nothing to join.";
            return Err(Error::conflict("nothing_to_join", detail));
        }
        for check in &joined {
            check.row.state.check_change(&check.standing())?;
        }
        let before: Vec<_> = joined.iter().map(|check| check.computed.total).collect();
        let drafts: Vec<Draft> = joined.iter().map(|check| check.draft.clone()).collect();
        let mut known: Vec<Rule> =
            joined.iter().flat_map(|check| check.row.rules.iter().cloned()).collect();
        let together = join(&drafts)?;
        let draft = as_before(tx, self.order_id, others.is_empty(), together, &mut known)?;
        let rest = joined.split_off(1);
        let mut changed = vec![joined[0].row.id];
        for check in rest {
            rows::remove(tx, check.row.id)?;
            joined[0].row.version += check.row.version;
            changed.push(check.row.id);
        }
        rows::let_go(tx, joined[0].row.id)?;
        let whole = &mut joined[0];
        whole.row.rules = rules_of(&draft, &known);
        whole.row.guests = draft.guests;
        whole.save(tx)?;
        let is_held = !others.is_empty() || draft.lines.iter().any(|line| line.kept.is_some());
        if is_held {
            rows::hold(tx, &whole.lines_to_hold(&draft))?;
        }
        let order = ("order", Some(self.order_id));
        let change = (json!({"totals": before}), json!({"total": compute(&draft)?.total}));
        audit::note(tx, Some(self.by.id), "checks_joined", order, change)?;
        let total = bill.order.order.total_price;
        add::trace_money(tx, &bill.order, None, "checks_joined", total, (self.by.id, None))?;
        follow_rules(tx, self.order_id)?;
        let bill = finish(tx, self.order_id, &self.by, &changed, &(None, None))?;
        view::reply(&view::all(tx, &bill)?)
    }
}

/// A check whose parts are all together again is as it was before the split, where it comes to the
/// same so: its lines can be changed again. What was agreed then is known again, sums too that the
/// split had spent.
pub(super) fn as_before(
    tx: &Tx<'_>,
    order_id: i64,
    is_all: bool,
    joined: Draft,
    known: &mut Vec<Rule>,
) -> Result<Draft> {
    if !is_all {
        return Ok(joined);
    }
    let agreed = adjustment_rows::adjustments(tx, order_id)?;
    let is_undone = |row: &AdjustmentRow| agreed.iter().any(|other| other.undoes == Some(row.id));
    let rules: Vec<Rule> = agreed
        .iter()
        .filter(|row| row.undoes.is_none() && !is_undone(row))
        .flat_map(|row| of_row(row, &joined, known))
        .collect();
    let fresh = |line: &DraftLine| DraftLine {
        kept: None,
        adjustments: Vec::new(),
        spared: Vec::new(),
        ..line.clone()
    };
    let lines = joined.lines.iter().map(fresh).collect();
    let mut before = Draft { lines, guests: joined.guests, ..Draft::default() };
    lay(&mut before, &rules);
    let same = compute(&before).is_ok_and(|fresh| {
        compute(&joined).is_ok_and(|kept| {
            let nets = |check: &Computed| -> Vec<_> {
                check.lines.iter().map(|line| (line.item, line.quantity, line.total())).collect()
            };
            fresh.total == kept.total && nets(&fresh) == nets(&kept)
        })
    });
    if !same {
        return Ok(joined);
    }
    *known = rules;
    Ok(before)
}

/// What was agreed, as rules of a check: of one that holds for some lines, each of them says so.
fn of_row(row: &AdjustmentRow, joined: &Draft, known: &[Rule]) -> Vec<Rule> {
    let AdjustmentRow { id, kind, value, item_id, rule_id: house_id, .. } = *row;
    let was = known.iter().find(|rule| rule.id == id);
    let (tax, bound) = (was.and_then(|rule| rule.tax), bound_of(joined, id));
    let spared = was.map(|rule| rule.spared.clone()).unwrap_or_default();
    let rule = Rule { house_id, tax, bound, spared, ..Rule::new(id, kind, value, item_id) };
    let holds = |line: &&DraftLine| line.adjustments.iter().any(|one| one.id == id);
    let lines: Vec<Rule> = (joined.lines.iter().filter(holds))
        .map(|line| Rule { item: Some(line.item), ..rule.clone() })
        .collect();
    if lines.is_empty() { vec![rule] } else { lines }
}
