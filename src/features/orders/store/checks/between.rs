//! Lines go from one check of an order to another that is there already.

use serde_json::json;

use super::adjust::{check_open, check_version};
use super::bill::{Bill, Check};
use super::follow::follow_rules;
use super::rows;
use super::settle::finish;
use super::split::as_before;
use super::view;
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Quantity};
use crate::core::store::{Command, Priority, Reply, Tx};
use crate::features::checks::{compute, move_between};
use crate::features::orders::check_adjustments::{Rule, rules_of};
use crate::features::orders::store::{add, combos};
use crate::platform::audit;
use crate::platform::auth::Person;

/// So much of some lines goes from one check to another.
#[derive(Debug, Clone)]
pub struct LinesMove {
    /// From which check.
    pub from: i64,
    /// To which.
    pub to: i64,
    /// The order's lines, and how much of each.
    pub lines: Vec<(i64, Quantity)>,
}

/// Lays lines of an order's open checks anew, one move after the other; all of them, or none.
pub struct MoveBetween {
    /// The order.
    pub order_id: i64,
    /// The moves.
    pub moves: Vec<LinesMove>,
    /// The version of all checks that the person saw.
    pub version: i64,
    /// Who.
    pub by: Person,
}

impl Command for MoveBetween {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let mut bill = Bill::for_change(tx, self.order_id)?;
        let (version, before) = (bill.version(), bill.total());
        check_version(self.version, version, before)?;
        check_open(&bill)?;
        let was = totals(&bill);
        let touched = lay(&mut bill, &self.moves)?;
        let changed: Vec<i64> = touched.iter().map(|at| bill.checks[*at].row.id).collect();
        write(tx, &mut bill, &touched)?;
        let order = ("order", Some(self.order_id));
        let change = json!({"totals": totals(&bill)});
        audit::note(
            tx,
            Some(self.by.id),
            "checks_relaid",
            order,
            (json!({"totals": was}), change),
        )?;
        let who = (self.by.id, None);
        add::trace_money(tx, &bill.order, None, "checks_relaid", before, who)?;
        follow_rules(tx, self.order_id)?;
        let bill = finish(tx, self.order_id, &self.by, &changed, &(None, None))?;
        view::reply(&view::all(tx, &bill)?)
    }
}

fn totals(bill: &Bill) -> Vec<Money> {
    bill.valid().map(|check| check.computed.total).collect()
}

/// Makes the moves, in memory. Says which checks they touched.
fn lay(bill: &mut Bill, moves: &[LinesMove]) -> Result<Vec<usize>> {
    let mut touched = Vec::new();
    for LinesMove { from, to, lines } in moves {
        let (from, to) = (bill.place(*from)?, bill.place(*to)?);
        if from == to {
            return Err(Error::invalid("moves", "must go from one check to another"));
        }
        for at in [from, to] {
            let check = &bill.checks[at];
            check.row.state.check_change(&check.standing())?;
            touched.push(at);
        }
        let there = bill.checks[from].draft.lines.iter().map(|line| (line.item, line.quantity));
        let lines = &combos::together(&bill.order, &there.collect::<Vec<_>>(), lines)?;
        let (rest, joined) = move_between(&bill.checks[from].draft, &bill.checks[to].draft, lines)?;
        (bill.checks[from].draft, bill.checks[to].draft) = (rest, joined);
    }
    touched.sort_unstable();
    touched.dedup();
    for at in &touched {
        let check = &mut bill.checks[*at];
        check.computed = compute(&check.draft)?;
    }
    Ok(touched)
}

/// Writes what the touched checks hold now. One from which all went is no more.
fn write(tx: &Tx<'_>, bill: &mut Bill, touched: &[usize]) -> Result<()> {
    let is_empty = |check: &Check| check.draft.lines.is_empty();
    let mut gone = 0;
    for at in touched {
        let check = &bill.checks[*at];
        rows::let_go(tx, check.row.id)?;
        if is_empty(check) {
            rows::remove(tx, check.row.id)?;
            gone += check.row.version;
        }
    }
    let is_one = bill.checks.iter().filter(|check| !is_empty(check)).count() == 1;
    let rules = bill.checks.iter().flat_map(|check| check.row.rules.iter().cloned());
    let mut known: Vec<Rule> = rules.collect();
    for at in touched {
        let check = &mut bill.checks[*at];
        if is_empty(check) {
            continue;
        }
        let draft = as_before(tx, check.row.order_id, is_one, check.draft.clone(), &mut known)?;
        check.row.rules = rules_of(&draft, &known);
        check.row.guests = draft.guests;
        // Together they never had this version.
        check.row.version += std::mem::take(&mut gone);
        check.save(tx)?;
        if !is_one || draft.lines.iter().any(|line| line.kept.is_some()) {
            rows::hold(tx, &check.lines_to_hold(&draft))?;
        }
    }
    Ok(())
}
