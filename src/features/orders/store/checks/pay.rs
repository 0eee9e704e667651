//! A check is paid, at once or in parts.

use super::adjust::{check_open, for_check};
use super::bill::{Bill, Check};
use super::fiscal;
use super::rows::{self, Method, PaymentRow};
use super::settle::finish;
use super::steps::waiting;
use super::view;
use crate::core::error::{Error, Result};
use crate::core::kernel::Money;
use crate::core::store::{Command, Connection, Priority, Reply, Tx};
use crate::features::cash;
use crate::features::checks::{
    CashRounding, CheckState, MethodKind, Offer, PaymentState, Standing, Taking, check_tip, take,
};
use crate::features::house_accounts::{payer, paying_card};
use crate::features::orders::check_types::CheckPaid;
use crate::features::orders::events::PaymentKind;
use crate::features::orders::store::{permits, receipts};
use crate::features::payments;
use crate::features::permissions::Principal;
use crate::features::tips::TipTo;
use crate::platform::auth::Person;
use crate::platform::site;

/// Takes a payment for a check.
pub struct PayCheck {
    /// The check.
    pub check_id: i64,
    /// The way.
    pub method_id: i64,
    /// Whose account pays, where it is paid on account.
    pub account_id: Option<i64>,
    /// The code of the gift card that pays, where one does.
    pub gift_card: Option<String>,
    /// What of the check is paid.
    pub amount: Money,
    /// What was handed over.
    pub tendered: Option<Money>,
    /// A tip beside.
    pub tip: Money,
    /// To whom that is given.
    pub tip_to: TipTo,
    /// Whether somebody said that tips above the check itself are meant.
    pub is_tip_confirmed: bool,
    /// What was due as the person saw it.
    pub expected_due: Money,
    /// Whether it is only under way: somebody will say what became of it.
    pub is_pending: bool,
    /// Whether cash is written down also where no shift is open: it was taken before the box heard of it.
    pub may_wait: bool,
    /// Why it is paid otherwise than the fiscal receipt says.
    pub otherwise: Option<String>,
    /// To what cash is rounded.
    pub rounding: CashRounding,
    /// Who takes it, at which tablet.
    pub by: Principal,
    /// The tablet.
    pub device_id: Option<i64>,
}

impl Command for PayCheck {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let mut bill = for_check(tx, self.check_id)?;
        let at = bill.place(self.check_id)?;
        check_open(&bill)?;
        bill.checks[at].row.state.check_pay(false)?;
        waiting(&bill, at)?;
        let method = payments::active_method(tx, self.method_id)?;
        if !self.may_wait {
            cash::check_open(tx, method.kind, (self.by.id, self.device_id))?;
        }
        let check = &mut bill.checks[at];
        let offer = Offer {
            kind: method.kind,
            amount: self.amount,
            tendered: self.tendered,
            tip: self.tip,
            expected_due: Some(self.expected_due),
        };
        let taking = take(check.computed.total, &check.taken(), &offer, self.rounding)?;
        if self.tip > Money::ZERO {
            let tips = check.standing().tips + self.tip;
            check_tip(check.computed.total, tips, self.is_tip_confirmed)?;
            check_tip_to(tx, self.tip_to)?;
        }
        let state = self.state(method.kind)?;
        let charged = taking.amount + taking.tip;
        let account_id = self.payer(tx, method.kind, charged)?;
        let (kind, tip_to) = (method.kind, self.tip_to);
        let method = (Some(method.id), Some(method.name));
        let way = Way { method, kind, account_id, tip_to, provider_id: None };
        // Whoever has the code of a card may pay by it.
        let asked = account_id.filter(|_| way.kind == MethodKind::Account);
        permits::take_part(tx, &self.by, check, (&way.method, asked), charged)?;
        fiscal::permit_form(tx, check, way.kind, self.otherwise.as_deref(), &self.by)?;
        let id = write(tx, check, (&taking, state), &way, (&self.by, self.device_id))?;
        let order_id = check.row.order_id;
        let bill = finish(tx, order_id, &self.by, &[self.check_id], &way.method)?;
        let check = view::one(tx, &bill, self.check_id)?;
        receipts::print_paid(tx, &check, (self.by.id, self.device_id))?;
        view::reply(&CheckPaid {
            id,
            amount: taking.amount,
            taken: taking.amount + taking.rounding + taking.tip,
            rounding: taking.rounding,
            change: taking.change,
            tip: taking.tip,
            state,
            check,
        })
    }
}

impl PayCheck {
    /// The account that pays: one that was named, or a gift card.
    fn payer(&self, db: &Connection, kind: MethodKind, charged: Money) -> Result<Option<i64>> {
        match &self.gift_card {
            None => payer(db, kind, self.account_id, charged),
            Some(_) if self.account_id.is_some() => {
                Err(Error::invalid("account_id", "is not for what a gift card pays; leave it out"))
            }
            Some(code) => paying_card(db, kind, code, charged).map(Some),
        }
    }

    fn state(&self, kind: MethodKind) -> Result<PaymentState> {
        match (self.is_pending, kind) {
            (false, _) => Ok(PaymentState::Taken),
            (true, MethodKind::Cash) => {
                Err(Error::invalid("state", "cash is here or it is not: it is never under way"))
            }
            (true, MethodKind::Account) => {
                Err(Error::invalid("state", "an account pays at once: it is never under way"))
            }
            (true, _) if self.gift_card.is_some() => {
                Err(Error::invalid("state", "a gift card pays at once: it is never under way"))
            }
            (true, _) => Ok(PaymentState::Pending),
        }
    }
}

/// By what a check is paid.
pub struct Way {
    /// The method.
    pub method: Method,
    /// What that is.
    pub kind: MethodKind,
    /// Whose account pays, where it is paid on account.
    pub account_id: Option<i64>,
    /// To whom a tip goes.
    pub tip_to: TipTo,
    /// The provider that is asked for it over the wire.
    pub provider_id: Option<i64>,
}

/// Whether a tip may be given to whom it is given.
pub(super) fn check_tip_to(db: &Connection, to: TipTo) -> Result<()> {
    if to == TipTo::Staff || site::load(db)?.is_some_and(|site| site.house_tips) {
        return Ok(());
    }
    let detail = "Tips are for the staff here. An admin can allow tips for the house (house_tips).";
    Err(Error::rule("tip_not_for_house", detail))
}

/// Writes a payment of a check, and where the check stands after it. Returns the payment's id.
pub(super) fn write(
    tx: &mut Tx<'_>,
    check: &mut Check,
    (taking, state): (&Taking, PaymentState),
    Way { method, kind, account_id, tip_to, provider_id }: &Way,
    (by, device_id): (&Person, Option<i64>),
) -> Result<i64> {
    let mut payment = PaymentRow {
        id: 0,
        check_id: Some(check.row.id),
        kind: PaymentKind::Payment,
        state,
        method_id: method.0,
        method_name: method.1.clone(),
        method_kind: *kind,
        account_id: *account_id,
        amount: taking.amount,
        tendered: Some(taking.tendered),
        change: taking.change,
        tip: taking.tip,
        tip_to: *tip_to,
        rounding: taking.rounding,
        refund_of: None,
        reason: None,
        way_reason: None,
        cleared: None,
        parts: None,
        provider_id: *provider_id,
        created_at: tx.now(),
    };
    payment.id = rows::pay(tx, check.row.order_id, &payment, (by.id, device_id))?;
    let id = payment.id;
    check.payments.push(payment);
    let (total, standing) = (check.computed.total, check.standing());
    advance(tx, check, total, &standing)?;
    Ok(id)
}

/// Moves a check on after its payments changed, and writes it.
pub(super) fn advance(
    tx: &Tx<'_>,
    check: &mut Check,
    total: Money,
    standing: &Standing,
) -> Result<()> {
    check.row.state = check.row.state.after_payment(total, standing);
    let is_paid = check.row.state == CheckState::Paid;
    check.row.paid_at = is_paid.then_some(tx.now());
    check.save_as_it_stands(tx)
}

/// Pays all that is due on all checks of an order, exactly.
pub fn pay_whole(
    tx: &mut Tx<'_>,
    bill: &mut Bill,
    way: &Way,
    (by, device_id): (&Principal, Option<i64>),
) -> Result<()> {
    for at in 0..bill.checks.len() {
        if !bill.checks[at].row.state.is_to_pay() {
            continue;
        }
        waiting(bill, at)?;
        bill.checks[at].standing().check_clear()?;
        let check = &mut bill.checks[at];
        fiscal::permit_form(tx, check, way.kind, None, by)?;
        let (total, standing) = (check.computed.total, check.standing());
        if standing.due == Money::ZERO {
            advance(tx, check, total, &standing)?;
            continue;
        }
        let offer = Offer {
            kind: way.kind,
            amount: standing.due,
            tendered: Some(standing.due),
            tip: Money::ZERO,
            expected_due: None,
        };
        let taking = take(total, &check.taken(), &offer, CashRounding::NONE)?;
        write(tx, check, (&taking, PaymentState::Taken), way, (by, device_id))?;
    }
    Ok(())
}
