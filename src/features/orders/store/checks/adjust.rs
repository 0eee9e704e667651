//! Something is taken off a check or a line of it, or put on; and taken back.

use serde_json::json;

use super::adjustment_rows::{self, AdjustmentRow};
use super::bill::{Bill, Check, order_of};
use super::follow::service_tax;
use super::rows;
use super::settle::finish;
use super::view;
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Zone};
use crate::core::store::{Command, Priority, Reply, Tx};
use crate::features::checks::{Computed, Draft, Refusal, adjust, compute};
use crate::features::orders::check_adjustments::{Rule, RuleBound, RuleKind, lay};
use crate::features::orders::store::{add, permits};
use crate::features::permissions::{Permission, Principal, is_limited};
use crate::platform::audit;
use crate::platform::auth::Person;

/// Whether a check is still what the person saw.
///
/// # Errors
/// 409 with its sum as it is now.
pub(super) fn check_version(seen: i64, now: i64, total: Money) -> Result<()> {
    if seen == now {
        return Ok(());
    }
    let detail = format!(
        "The check was changed meanwhile: it is {total} now. Nothing was done; look at it and \
         confirm again."
    );
    Err(Error::conflict("bill_changed", detail)
        .with("version", now)
        .with("total", total.to_string()))
}

/// The bill of a check that is open and was seen as it is, and the check's place in it.
pub(super) fn to_change(tx: &mut Tx<'_>, check_id: i64, seen: i64) -> Result<(Bill, usize)> {
    let bill = for_check(tx, check_id)?;
    let at = bill.place(check_id)?;
    let check = &bill.checks[at];
    check_version(seen, bill.version_of(check), check.computed.total)?;
    check_open(&bill)?;
    Ok((bill, at))
}

/// The bill of a check.
///
/// # Errors
/// 404 when there is no such check.
pub(super) fn for_check(tx: &mut Tx<'_>, check_id: i64) -> Result<Bill> {
    let bill = Bill::for_change(tx, order_of(check_id));
    bill.map_err(|error| match error.status() {
        404 => Error::not_found("check", check_id),
        _ => error,
    })
}

/// Whether anything may still happen to the checks of an order.
pub(super) fn check_open(bill: &Bill) -> Result<()> {
    use crate::features::orders::states::OrderStatus;
    let order = &bill.order.order;
    if order.status != OrderStatus::Cancelled {
        return Ok(());
    }
    let detail = format!("Order {} was cancelled; there is nothing to pay.", order.number);
    Err(Error::rule("order_closed", detail).with("number", order.number))
}

/// Takes something off a check, or puts it on.
pub struct AddAdjustment {
    /// The check.
    pub check_id: i64,
    /// What kind.
    pub kind: RuleKind,
    /// Hundredths of a percent, or minor units.
    pub value: i64,
    /// The line of which it is.
    pub item: Option<i64>,
    /// Why.
    pub reason: Option<String>,
    /// The check's version that the person saw.
    pub version: i64,
    /// Decides of which day a charge's tax is.
    pub zone: Zone,
    /// Who.
    pub by: Principal,
}

impl Command for AddAdjustment {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let (bill, at) = to_change(tx, self.check_id, self.version)?;
        let place = bill.order.order.order_type;
        let tax = if self.kind.is_service() { service_tax(tx, &self.zone, place)? } else { None };
        let check = &bill.checks[at];
        check.row.state.check_change(&check.standing())?;
        if !self.kind.is_charge() && self.reason.is_none() {
            return Err(Refusal::ReasonMissing.into());
        }
        self.check_place(check)?;
        // The newest comes last, as it will when it has its id: what was agreed before stays as it is.
        let newest = i64::MAX;
        let mut rule = Rule { tax, ..Rule::new(newest, self.kind, self.value, self.item) };
        let adjusted = self.with(check, &rule)?;
        let (before, after) = (check.computed.total, adjusted.total);
        let about = (&bill, &bill.checks[at]);
        let approved_by_id = permits::adjust(tx, &self.by, about, (&rule, before - after))?;
        let check = &bill.checks[at];
        let is_limited = self.kind == RuleKind::TaxExempt
            && is_limited(tx, &self.by, Permission::CheckTaxExempt)?;
        let given = (approved_by_id.is_some(), is_limited);
        rule.bound = rule
            .is_of_what_is_there(&check.row.rules, given)
            .then(|| bound(&check.draft, &adjusted, &rule));
        let row = AdjustmentRow {
            id: 0,
            check_id: self.check_id,
            item_id: self.item,
            kind: self.kind,
            value: self.value,
            reason: self.reason.clone(),
            rule_id: None,
            name: None,
            translations: None,
            undoes: None,
            user_id: Some(self.by.id),
            approved_by_id,
            account_id: None,
            promo_code_id: None,
            created_at: tx.now(),
        };
        lay_down(tx, bill, at, (rule, row), (before, after), &self.by)
    }
}

/// Writes what was agreed about a check, by which it comes from one sum to another, and answers the check.
pub(super) fn lay_down(
    tx: &mut Tx<'_>,
    mut bill: Bill,
    at: usize,
    (rule, row): (Rule, AdjustmentRow),
    (before, after): (Money, Money),
    by: &Person,
) -> Result<Reply> {
    let check = &mut bill.checks[at];
    let id = adjustment_rows::agree(tx, check.row.order_id, &row)?;
    check.row.rules.push(Rule { id, ..rule });
    check.save(tx)?;
    trace(tx, &bill, &row, (before, after))?;
    done(tx, row.check_id, by)
}

fn trace(
    tx: &Tx<'_>,
    bill: &Bill,
    row: &AdjustmentRow,
    (before, after): (Money, Money),
) -> Result<()> {
    let total = bill.total() - before + after;
    let AdjustmentRow { check_id, kind, value, ref reason, ref name, user_id, .. } = *row;
    let why = (user_id.unwrap_or_default(), reason.as_deref());
    add::trace_money(tx, &bill.order, row.item_id, "check_adjusted", total, why)?;
    let state = |total: Money| json!({"check": check_id, "total": total});
    let mut new = state(after);
    (new["kind"], new["value"]) = (json!(kind), json!(kind.text(value)));
    new["reason"] = json!(reason);
    if name.is_some() {
        new["rule"] = json!(name);
    }
    let order = ("order", Some(bill.order.order.id));
    audit::note(tx, user_id, "check_adjusted", order, (state(before), new))
}

impl AddAdjustment {
    /// Whether what it is of is there, before its id stands in the books.
    fn check_place(&self, check: &Check) -> Result<()> {
        let of_check = match self.kind {
            RuleKind::TaxExempt => Some("a whole check is freed of its tax, and no single line"),
            kind if kind.is_charge() => Some("what is put on is of the whole check"),
            _ => None,
        };
        if let Some(why) = of_check.filter(|_| self.item.is_some()) {
            return Err(Error::invalid("line_id", why));
        }
        if check.draft.lines.is_empty() {
            return Err(Refusal::NothingOnIt.into());
        }
        let is_there = |item: &i64| check.draft.lines.iter().any(|line| line.item == *item);
        match self.item.filter(|item| !is_there(item)) {
            Some(item) => Err(Refusal::NoSuchLine { item }.into()),
            None => Ok(()),
        }
    }

    /// The check with it.
    fn with(&self, check: &Check, rule: &Rule) -> Result<Computed> {
        let draft = if let Some(adjustment) = rule.adjustment() {
            adjust(&check.draft, self.item, adjustment, self.reason.is_some())?
        } else {
            let mut draft = check.draft.clone();
            lay(&mut draft, std::slice::from_ref(rule));
            draft
        };
        let computed = compute(&draft)?;
        let charged = computed.charges.iter().find(|share| share.id == rule.id);
        if rule.adjustment().is_none() && charged.is_none_or(|share| share.amount == Money::ZERO) {
            return Err(Refusal::NothingOff.into());
        }
        Ok(computed)
    }
}

/// What there is now, and what an adjustment takes off it.
fn bound(draft: &Draft, adjusted: &Computed, rule: &Rule) -> RuleBound {
    let of_it = adjusted.adjustments.iter().find(|applied| applied.id == rule.id);
    let most = match rule.kind {
        RuleKind::TaxExempt => rule.tax_freed(draft),
        _ => of_it.map(|applied| applied.amount),
    };
    let most = most.unwrap_or(Money::ZERO);
    RuleBound { items: adjusted.lines.iter().map(|line| line.item).collect(), most: most.0 }
}

/// Takes an adjustment back, from one check.
pub struct TakeBackAdjustment {
    /// The check.
    pub check_id: i64,
    /// The adjustment.
    pub id: i64,
    /// Why; needed where the house had put it there.
    pub reason: Option<String>,
    /// The check's version that the person saw.
    pub version: i64,
    /// Who.
    pub by: Principal,
}

impl Command for TakeBackAdjustment {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let (mut bill, at) = to_change(tx, self.check_id, self.version)?;
        let order_id = bill.order.order.id;
        let check = &mut bill.checks[at];
        check.row.state.check_change(&check.standing())?;
        let agreed = adjustment_rows::adjustments(tx, order_id)?;
        let row = agreed.into_iter().find(|row| row.id == self.id && row.undoes.is_none());
        let row = row.ok_or_else(|| Error::not_found("adjustment", self.id))?;
        let mut draft = check.draft.clone();
        if !(draft.take_back_adjustment(self.id) | draft.take_back_charge(self.id)) {
            return Err(Error::not_found("adjustment", self.id));
        }
        if row.rule_id.is_some() && self.reason.is_none() {
            return Err(Refusal::ReasonMissing.into());
        }
        let (before, after) = (check.computed.total, compute(&draft)?.total);
        let approved_by_id = if row.kind.is_charge() {
            permits::service_off(tx, &self.by, check, before - after)?
        } else if row.account_id.is_some() || row.promo_code_id.is_some() {
            // It was the guest's own to take off.
            None
        } else {
            // What was taken off comes back: nobody loses by it.
            permits::taken_back(tx, &row, order_id, after - before)?;
            None
        };
        let undone = AdjustmentRow {
            check_id: self.check_id,
            reason: self.reason.clone(),
            undoes: Some(self.id),
            user_id: Some(self.by.id),
            approved_by_id,
            created_at: tx.now(),
            ..row
        };
        adjustment_rows::agree(tx, order_id, &undone)?;
        check.row.rules.retain(|rule| rule.id != self.id);
        hold_anew(tx, check, &draft)?;
        check.save(tx)?;
        let total = bill.total() - before + after;
        let why = (self.by.id, self.reason.as_deref());
        add::trace_money(tx, &bill.order, undone.item_id, "adjustment_taken_back", total, why)?;
        let state = |total: Money| json!({"check": self.check_id, "total": total});
        let order = ("order", Some(order_id));
        let mut new = state(after);
        (new["rule"], new["reason"]) = (json!(undone.name), json!(self.reason));
        let change = (state(before), new);
        audit::note(tx, Some(self.by.id), "adjustment_taken_back", order, change)?;
        done(tx, self.check_id, &self.by)
    }
}

/// What a split left of lines was changed.
fn hold_anew(tx: &Tx<'_>, check: &Check, draft: &Draft) -> Result<()> {
    if draft.lines.iter().all(|line| line.kept.is_none()) {
        return Ok(());
    }
    rows::let_go(tx, check.row.id)?;
    rows::hold(tx, &check.lines_to_hold(draft))
}

/// The check after it was changed, told and answered.
pub(super) fn done(tx: &mut Tx<'_>, check_id: i64, by: &Person) -> Result<Reply> {
    let bill = finish(tx, order_of(check_id), by, &[check_id], &(None, None))?;
    view::reply(&view::one(tx, &bill, check_id)?)
}
