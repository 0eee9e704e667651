//! A check is presented, taken back, or called off.

use serde_json::json;

use super::adjust::{done, to_change};
use super::bill::{Bill, Check, order_of};
use super::fiscal;
use super::follow::follow_rules;
use super::settle::finish;
use super::{rows, view};
use crate::core::error::{Error, Result};
use crate::core::store::{Command, Priority, Reply, Tx};
use crate::features::checks::CheckState;
use crate::features::fiscal::Form;
use crate::features::orders::states::ItemStatus;
use crate::features::orders::store::{add, permits, receipts};
use crate::features::permissions::Principal;
use crate::platform::audit;

/// What is done with a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It is computed for the last time and goes to the guests.
    Present,
    /// It comes back and can be changed again.
    TakeBack,
    /// It is called off; nobody pays it.
    Void,
}

/// Takes a step of a check.
pub struct StepCheck {
    /// The check.
    pub check_id: i64,
    /// Which step.
    pub step: Step,
    /// The check's version that the person saw.
    pub version: i64,
    /// Why.
    pub reason: Option<String>,
    /// How the guests will pay, where that is asked.
    pub pays: Option<Form>,
    /// Who.
    pub by: Principal,
    /// The tablet.
    pub device_id: Option<i64>,
}

impl Command for StepCheck {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let (mut bill, at) = to_change(tx, self.check_id, self.version)?;
        let before = bill.total();
        let others = bill.valid().filter(|check| check.row.id != self.check_id).count();
        let now = tx.now();
        let waits = waiting(&bill, at);
        if self.step == Step::TakeBack {
            keep_others(tx, &mut bill, at)?;
        }
        let check = &mut bill.checks[at];
        let standing = check.standing();
        let old = check.row.state;
        match self.step {
            Step::Present => {
                waits?;
                let presented = old.present(&check.computed)?;
                check.row.state = presented.after_payment(check.computed.total, &standing);
                check.row.presented_at = Some(now);
                if check.row.state == CheckState::Paid {
                    check.row.paid_at = Some(now);
                }
            }
            Step::TakeBack => {
                check.row.state = old.take_back(&standing, self.reason.is_some())?;
                permits::take_back(tx, &self.by, check)?;
                (check.row.computed, check.row.presented_at) = (None, None);
                if others == 0 && check.draft.lines.iter().all(|line| line.kept.is_none()) {
                    rows::let_go(tx, check.row.id)?;
                }
            }
            Step::Void => {
                check.row.state = old.void(&standing, self.reason.is_some())?;
                check.row.closed_at = Some(now);
                if others == 0 {
                    let detail = "This is the order's only check. Cancel the order instead.";
                    return Err(Error::conflict("last_check", detail));
                }
                permits::void(tx, &self.by, check)?;
            }
        }
        match self.step {
            Step::TakeBack => check.save(tx)?,
            Step::Present | Step::Void => check.save_frozen(tx)?,
        }
        let new = check.row.state;
        let what = match self.step {
            Step::Present => "check_presented",
            Step::TakeBack => "check_taken_back",
            Step::Void => "check_voided",
        };
        let (why, total) = ((self.by.id, self.reason.as_deref()), bill.total());
        add::trace_money(tx, &bill.order, None, what, total, why)?;
        if self.step != Step::Present {
            let order = ("order", Some(bill.order.order.id));
            let change = (
                json!({"check": self.check_id, "state": old, "total": before}),
                json!({"check": self.check_id, "state": new, "total": total,
                       "reason": self.reason}),
            );
            audit::note(tx, Some(self.by.id), what, order, change)?;
        }
        if self.step == Step::TakeBack {
            follow_rules(tx, bill.order.order.id)?;
        }
        if self.step != Step::Present {
            return done(tx, self.check_id, &self.by);
        }
        let bill = finish(tx, order_of(self.check_id), &self.by, &[self.check_id], &(None, None))?;
        fiscal::present(tx, &bill, self.check_id, self.pays, &self.by)?;
        let shown = view::one(tx, &bill, self.check_id)?;
        receipts::print_presented(tx, &shown, (self.by.id, self.device_id))?;
        view::reply(&shown)
    }
}

/// What stands on other open checks stays there, and does not go to the one that is opened: also
/// where it has only been shown so far, its id is known to somebody.
pub(super) fn keep_others(tx: &Tx<'_>, bill: &mut Bill, at: usize) -> Result<()> {
    let is_open =
        |check: &Check| check.row.state == CheckState::Open && !check.draft.lines.is_empty();
    let others = bill.checks.iter_mut().enumerate().filter(|(place, _)| *place != at);
    for (_, check) in others.filter(|(_, check)| is_open(check)) {
        if check.row.version == 0 {
            check.save(tx)?;
        }
        rows::let_go(tx, check.row.id)?;
        rows::hold(tx, &check.lines_to_hold(&check.draft))?;
    }
    Ok(())
}

/// Whether a waiter still has to look at a line of a check.
pub(super) fn waiting(bill: &Bill, at: usize) -> Result<()> {
    let waits = |item: &i64| {
        let item = bill.order.items.iter().find(|line| line.id == *item);
        item.is_some_and(|item| item.status == ItemStatus::New)
    };
    if !bill.checks[at].draft.lines.iter().any(|line| waits(&line.item)) {
        return Ok(());
    }
    let detail = "Lines of this order still wait for a waiter. Confirm or remove them first.";
    Err(Error::rule("lines_wait", detail).with("number", bill.order.order.number))
}
