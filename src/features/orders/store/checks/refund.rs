//! Money goes back, the way it came or another: a part of a sale, or all of it.

use rusqlite::params;
use serde_json::json;

use super::adjust::for_check;
use super::bill::{Bill, Check, check_id};
use super::rows::{self, PaymentRow};
use super::settle::{finish, write_paid_lines};
use super::view;
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Quantity};
use crate::core::store::{Command, Priority, Reply, Tx};
use crate::features::cash;
use crate::features::checks::{
    CashRounding, Computed, GivenBack, MethodKind, Payment, PaymentState, Refusal, give_back,
    left_of, refund_amount, refund_lines,
};
use crate::features::house_accounts::payer;
use crate::features::orders::check_types::Refunded;
use crate::features::orders::events::PaymentKind;
use crate::features::orders::states::PaymentStatus;
use crate::features::orders::store::{combos, events, load, permits};
use crate::features::payments;
use crate::features::permissions::Principal;
use crate::platform::audit;
use crate::platform::auth::Person;

/// What of a payment goes back.
#[derive(Debug, Clone)]
pub enum What {
    /// All that is left.
    All,
    /// A sum.
    Amount(Money),
    /// So much of these lines.
    Lines(Vec<(i64, Quantity)>),
}

/// Another way to pay than the one the money came by.
#[derive(Debug, Clone)]
pub struct OtherWay {
    /// Which.
    pub method_id: i64,
    /// To whose account it goes, where that is the way.
    pub account_id: Option<i64>,
    /// Why.
    pub why: Option<String>,
}

/// Gives money back.
pub struct RefundPayment {
    /// The payment.
    pub payment_id: i64,
    /// How much.
    pub what: What,
    /// What of the tip; where nobody says, all of it with all that is left, else none.
    pub tip: Option<Money>,
    /// Another way.
    pub other_way: Option<OtherWay>,
    /// Why.
    pub reason: String,
    /// To what cash is rounded.
    pub rounding: CashRounding,
    /// Who.
    pub by: Principal,
    /// The tablet.
    pub device_id: Option<i64>,
}

impl Command for RefundPayment {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let order_id = rows::order_of_payment(tx, self.payment_id)?;
        let first = check_id(order_id, 1);
        let payment = rows::payments(tx, order_id)?;
        let payment = payment.into_iter().find(|row| row.id == self.payment_id);
        let payment = payment.filter(|row| row.kind == PaymentKind::Payment);
        let payment = payment.ok_or(Refusal::NotTaken)?;
        let id_of_check = payment.check_id.unwrap_or(first);
        let mut bill = for_check(tx, id_of_check)?;
        let at = bill.place(id_of_check)?;
        if let What::Lines(lines) = &self.what {
            let there = bill.checks[at].left()?.quantities();
            combos::check_whole(&bill.order, &there, lines)?;
        }
        let check = &mut bill.checks[at];
        let way = self.way(tx, &payment)?;
        cash::check_open(tx, way.method_kind, (self.by.id, self.device_id))?;
        let (back, parts) = self.part(check, &payment, way.method_kind)?;
        let returned = back.amount + back.rounding + back.tip;
        let is_other_way =
            (way.method_id, way.account_id) != (payment.method_id, payment.account_id);
        let by_which = (&(way.method_id, way.method_name.clone()), way.account_id);
        let of = (&*check, self.payment_id);
        permits::refund(tx, &self.by, of, returned, (by_which, is_other_way))?;
        let id = self.write(tx, check, (&payment, &way), &back, parts)?;
        let bill = finish(tx, order_id, &self.by, &[id_of_check], &(None, None))?;
        let bill = if bill.checks[at].row.state.is_settled() {
            write_given_back(tx, bill, &self.by)?
        } else {
            bill
        };
        view::reply(&Refunded {
            id,
            amount: back.amount,
            returned,
            state: bill.checks[at]
                .payments
                .iter()
                .find(|row| row.id == id)
                .map_or(PaymentState::Taken, |row| row.state),
            check: view::one(tx, &bill, id_of_check)?,
        })
    }
}

impl RefundPayment {
    /// The way by which it goes back, with what that is called now.
    fn way(&self, tx: &Tx<'_>, payment: &PaymentRow) -> Result<PaymentRow> {
        let other = self.other_way.as_ref();
        let is_same = |other: &&OtherWay| {
            Some(other.method_id) == payment.method_id
                && (other.account_id.is_none() || other.account_id == payment.account_id)
        };
        let Some(other) = other.filter(|other| !is_same(other)) else {
            return Ok(payment.clone());
        };
        if other.why.is_none() {
            let detail = "Say why the money goes back by another way than it came (way_reason).";
            return Err(Error::rule("reason_needed", detail));
        }
        let method = payments::active_method(tx, other.method_id)?;
        Ok(PaymentRow {
            method_id: Some(method.id),
            method_name: Some(method.name),
            method_kind: method.kind,
            account_id: payer(tx, method.kind, other.account_id, Money::ZERO)?,
            way_reason: other.why.clone(),
            provider_id: None,
            ..payment.clone()
        })
    }

    /// How much goes back, and of what part of the sale; none of one that is not paid whole.
    fn part(
        &self,
        check: &Check,
        payment: &PaymentRow,
        way: MethodKind,
    ) -> Result<(GivenBack, Option<Computed>)> {
        let known = check.taken();
        let known = known.iter().find(|one| one.id == payment.id).ok_or(Refusal::NotTaken)?;
        let earlier = earlier(check, payment.id);
        let (rest, tip_left) = left_of(known, &earlier);
        let way = (way, self.rounding);
        if !check.row.state.is_settled() {
            // What is not paid whole is no sale yet: the payment is called off.
            let is_whole = match &self.what {
                What::All => true,
                What::Amount(amount) => *amount == rest,
                What::Lines(_) => false,
            };
            if !is_whole || self.tip.is_some_and(|tip| tip != tip_left) {
                let detail = "The check is not paid yet. Give the whole payment back with its tip, \
                              and take it anew.";
                let error = Error::conflict("check_not_paid", detail);
                return Err(error.with("amount", rest.to_string()));
            }
            return Ok((give_back(known, &earlier, (rest, tip_left), way)?, None));
        }
        let left = check.left()?;
        let part = match &self.what {
            What::Lines(lines) => Some(refund_lines(&left, lines)?),
            // A tip alone.
            What::Amount(Money::ZERO) => None,
            What::Amount(amount) => Some(refund_amount(&left, *amount)?),
            What::All if rest == Money::ZERO => None,
            What::All => Some(refund_amount(&left, rest)?),
        };
        let amount = part.as_ref().map_or(Money::ZERO, |part| part.total);
        let tip = match (self.tip, &self.what) {
            (Some(tip), _) => tip,
            (None, What::All) => tip_left,
            (None, What::Amount(_) | What::Lines(_)) => Money::ZERO,
        };
        Ok((give_back(known, &earlier, (amount, tip), way)?, part))
    }

    fn write(
        &self,
        tx: &mut Tx<'_>,
        check: &mut Check,
        (payment, way): (&PaymentRow, &PaymentRow),
        back: &GivenBack,
        parts: Option<Computed>,
    ) -> Result<i64> {
        let is_called_off = !check.row.state.is_settled();
        let row = PaymentRow {
            state: if is_called_off { PaymentState::Voided } else { PaymentState::Taken },
            ..refund_of(tx, check.row.id, way, back, (parts, Some(&self.reason)))
        };
        let who = (self.by.id, self.device_id);
        let id = rows::pay(tx, check.row.order_id, &row, who)?;
        if is_called_off {
            rows::void_payment(tx, payment.id)?;
        }
        check.save_as_it_stands(tx)?;
        let change = (
            json!({"check": check.row.id, "amount": payment.amount, "method": payment.method_name}),
            json!({"check": check.row.id, "refunded": back.amount, "tip": back.tip,
                   "method": row.method_name, "way_reason": row.way_reason,
                   "reason": self.reason}),
        );
        let order = ("order", Some(check.row.order_id));
        audit::note(tx, Some(self.by.id), "payment_refunded", order, change)?;
        Ok(id)
    }
}

/// What went back of a payment before.
pub(super) fn earlier(check: &Check, payment_id: i64) -> Vec<GivenBack> {
    let refunds = check.payments.iter().filter(|row| row.kind == PaymentKind::Refund);
    let of_it = refunds.filter(|row| row.refund_of == Some(payment_id));
    let back = |row: &PaymentRow| GivenBack {
        way: row.method_kind,
        amount: row.amount,
        rounding: row.rounding,
        tip: row.tip,
    };
    of_it.map(back).collect()
}

fn refund_of(
    tx: &Tx<'_>,
    check_id: i64,
    payment: &PaymentRow,
    back: &GivenBack,
    (parts, reason): (Option<Computed>, Option<&String>),
) -> PaymentRow {
    PaymentRow {
        id: 0,
        check_id: Some(check_id),
        kind: PaymentKind::Refund,
        state: PaymentState::Taken,
        amount: back.amount,
        tendered: None,
        change: Money::ZERO,
        tip: back.tip,
        rounding: back.rounding,
        refund_of: Some(payment.id),
        reason: reason.cloned(),
        parts,
        cleared: None,
        created_at: tx.now(),
        ..payment.clone()
    }
}

/// After money of a paid order went back: what it brought is less, each line's share too; where
/// nothing is left, the order is refunded.
pub fn write_given_back(tx: &mut Tx<'_>, bill: Bill, by: &Person) -> Result<Bill> {
    let gone = bill.given_back();
    let order = &bill.order.order;
    if order.payment_status != PaymentStatus::Paid || gone == Money::ZERO {
        return Ok(bill);
    }
    let is_all = gone >= order.total_price;
    let status = if is_all { PaymentStatus::Refunded } else { PaymentStatus::Paid };
    write_paid_lines(tx, &bill)?;
    tx.prepare_cached(
        "UPDATE orders SET given_back = ?2, payment_status = ?3, updated_at = ?4 WHERE id = ?1",
    )?
    .execute(params![order.id, gone.0, status.as_str(), tx.now().0])?;
    if is_all {
        let methods = bill.checks.iter().flat_map(|check| &check.payments);
        let last = methods.last().map(|row| (row.method_id, row.method_name.clone()));
        events::paid(tx, by.id, order, PaymentKind::Refund, last.unwrap_or_default())?;
    }
    Bill::of(tx, load::order_with_items(tx, order.id)?)
}

/// Gives back all that is left of every payment of a paid order, with its tips.
pub fn give_back_whole(
    tx: &mut Tx<'_>,
    bill: &Bill,
    who: (i64, Option<i64>),
    reason: Option<&String>,
) -> Result<()> {
    bill.checks.iter().try_for_each(|check| {
        let sale = Some(check.left()?);
        give_back_check(tx, check, who, (sale, reason))
    })
}

/// Gives back all that is left of every payment of a paid check, with its tips, the way each came, and
/// with its part of what is left of the sale; of none where that is to be paid anew.
pub(super) fn give_back_check(
    tx: &mut Tx<'_>,
    check: &Check,
    who: (i64, Option<i64>),
    (mut sale, reason): (Option<Computed>, Option<&String>),
) -> Result<()> {
    let known: Vec<Payment> = check.taken();
    for payment in known.iter().filter(|one| one.state == PaymentState::Taken) {
        let earlier = earlier(check, payment.id);
        let left = left_of(payment, &earlier);
        let row = check.payments.iter().find(|row| row.id == payment.id);
        let is_left = left > (Money::ZERO, Money::ZERO);
        let Some(row) = row.filter(|_| is_left) else { continue };
        let back = give_back(payment, &earlier, left, (payment.kind, CashRounding::NONE))?;
        let part = match &mut sale {
            Some(left) if back.amount > Money::ZERO => {
                let part = refund_amount(left, back.amount)?;
                *left = left.without(&part)?;
                Some(part)
            }
            _ => None,
        };
        let refund = refund_of(tx, check.row.id, row, &back, (part, reason));
        rows::pay(tx, check.row.order_id, &refund, who)?;
    }
    Ok(())
}
