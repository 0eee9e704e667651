//! Money goes back the way it came: a part of a sale, or all of it.

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
use crate::features::checks::{
    CashRounding, Computed, GivenBack, Payment, PaymentState, Refusal, give_back, refund_amount,
    refund_lines,
};
use crate::features::orders::check_types::Refunded;
use crate::features::orders::events::PaymentKind;
use crate::features::orders::states::PaymentStatus;
use crate::features::orders::store::{events, load, permits};
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

/// Gives money back.
pub struct RefundPayment {
    /// The payment.
    pub payment_id: i64,
    /// How much.
    pub what: What,
    /// What of the tip.
    pub tip: Money,
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
        let check = &mut bill.checks[at];
        let (back, parts) = self.part(check, &payment)?;
        let returned = back.amount + back.rounding + back.tip;
        permits::refund(tx, &self.by, (check.row.number, self.payment_id), returned)?;
        let id = self.write(tx, check, &payment, &back, parts)?;
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
            state: PaymentState::Taken,
            check: view::one(tx, &bill, id_of_check)?,
        })
    }
}

impl RefundPayment {
    /// How much goes back, and of what part of the sale; none of one that is not paid whole.
    fn part(&self, check: &Check, payment: &PaymentRow) -> Result<(GivenBack, Option<Computed>)> {
        let known = check.taken();
        let known = known.iter().find(|one| one.id == payment.id).ok_or(Refusal::NotTaken)?;
        let earlier = earlier(check, payment.id);
        let gone: Money = earlier.iter().map(|one| one.amount).sum();
        let rest = known.amount - gone;
        if !check.row.state.is_settled() {
            // What is not paid whole is no sale yet: the payment is called off.
            let amount = match &self.what {
                What::All => rest,
                What::Amount(amount) if *amount == rest => rest,
                _ => {
                    let detail = "The check is not paid yet. Give the whole payment back, and take \
                                  it anew.";
                    return Err(
                        Error::conflict("check_not_paid", detail).with("amount", rest.to_string())
                    );
                }
            };
            return Ok((give_back(known, &earlier, (amount, known.tip), self.rounding)?, None));
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
        Ok((give_back(known, &earlier, (amount, self.tip), self.rounding)?, part))
    }

    fn write(
        &self,
        tx: &Tx<'_>,
        check: &mut Check,
        payment: &PaymentRow,
        back: &GivenBack,
        parts: Option<Computed>,
    ) -> Result<i64> {
        let row = refund_of(tx, check.row.id, payment, back, (parts, Some(&self.reason)));
        let who = (self.by.id, self.device_id);
        let id = rows::pay(tx, check.row.order_id, &row, who)?;
        if !check.row.state.is_settled() {
            rows::void_payment(tx, payment.id)?;
        }
        check.freeze_if_settled(tx)?;
        let change = (
            json!({"check": check.row.id, "amount": payment.amount}),
            json!({"check": check.row.id, "refunded": back.amount, "tip": back.tip,
                   "reason": self.reason}),
        );
        let order = ("order", Some(check.row.order_id));
        audit::note(tx, Some(self.by.id), "payment_refunded", order, change)?;
        Ok(id)
    }
}

/// What went back of a payment before.
fn earlier(check: &Check, payment_id: i64) -> Vec<GivenBack> {
    let refunds = check.payments.iter().filter(|row| row.kind == PaymentKind::Refund);
    let of_it = refunds.filter(|row| row.refund_of == Some(payment_id));
    of_it
        .map(|row| GivenBack { amount: row.amount, rounding: row.rounding, tip: row.tip })
        .collect()
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

/// Gives back all that is left of every payment of a paid order, without tips.
pub fn give_back_whole(
    tx: &Tx<'_>,
    bill: &Bill,
    by: &Person,
    reason: Option<&String>,
) -> Result<()> {
    for check in &bill.checks {
        let known: Vec<Payment> = check.taken();
        for payment in known.iter().filter(|one| one.state == PaymentState::Taken) {
            let earlier = earlier(check, payment.id);
            let rest = payment.amount - earlier.iter().map(|one| one.amount).sum();
            let row = check.payments.iter().find(|row| row.id == payment.id);
            let Some(row) = row.filter(|_| rest > Money::ZERO) else { continue };
            let back = give_back(payment, &earlier, (rest, Money::ZERO), CashRounding::NONE)?;
            let refund = refund_of(tx, check.row.id, row, &back, (None, reason));
            rows::pay(tx, check.row.order_id, &refund, (by.id, None))?;
        }
    }
    Ok(())
}
