//! A payment that comes over the wire, from a provider of online payments: begun as one that is under way,
//! and settled by what the provider answers. Who asks it, and when, is the business of `features/pay`.

use rusqlite::params;
use serde_json::json;

use super::adjust::{check_open, for_check};
use super::bill::{Bill, check_id};
use super::pay::{Way, advance, check_tip_to, write};
use super::rows::{self, PaymentRow};
use super::settle::finish;
use super::steps::waiting;
use super::{fiscal, view};
use crate::core::error::{Error, Result};
use crate::core::kernel::Money;
use crate::core::store::{Connection, Tx};
use crate::features::checks::{
    CashRounding, MethodKind, Offer, PaymentState, Refusal, check_tip, take,
};
use crate::features::fiscal::Receipt;
use crate::features::orders::events::PaymentKind;
use crate::features::orders::store::{load, permits, receipts};
use crate::features::payments;
use crate::features::permissions::Principal;
use crate::features::tips::TipTo;
use crate::platform::audit;
use crate::platform::auth::{Person, user_by_id};

/// What somebody wants to pay over the wire.
#[derive(Debug, Clone)]
pub struct WireOffer {
    /// The check.
    pub check_id: i64,
    /// What of it; all that is due where none is named.
    pub amount: Option<Money>,
    /// A tip beside.
    pub tip: Money,
    /// To whom that is given.
    pub tip_to: TipTo,
    /// Whether somebody said that tips above the check itself are meant.
    pub is_tip_confirmed: bool,
    /// What was due as the person saw it.
    pub expected_due: Money,
}

/// By which way it comes.
#[derive(Debug, Clone, Copy)]
pub struct WireWay {
    /// The way to pay under which it is booked.
    pub method_id: i64,
    /// The provider that the box asks; none where a person says what became of it.
    pub provider_id: Option<i64>,
}

/// Who begins it.
pub enum WirePayer<'a> {
    /// Somebody of the staff, at a tablet.
    Staff(&'a Principal, Option<i64>),
    /// A guest: it is booked in the name of who serves the table; where nobody does, of this one.
    Guest(i64),
}

/// A payment that was begun.
#[derive(Debug)]
pub struct WireBegun {
    /// The payment.
    pub payment_id: i64,
    /// Its order.
    pub order_id: i64,
    /// The number of that.
    pub order_number: i64,
    /// What it pays of the check.
    pub amount: Money,
    /// The tip beside.
    pub tip: Money,
    /// What it is for, with a tip for the house.
    pub receipt: Receipt,
}

/// Begins a payment: from now on its sum is spoken for.
///
/// # Errors
/// What taking such a payment is refused with.
pub fn begin_wire(
    tx: &mut Tx<'_>,
    offer: &WireOffer,
    WireWay { method_id, provider_id }: WireWay,
    payer: &WirePayer<'_>,
) -> Result<WireBegun> {
    let mut bill = for_check(tx, offer.check_id)?;
    let at = bill.place(offer.check_id)?;
    check_open(&bill)?;
    bill.checks[at].row.state.check_pay(false)?;
    waiting(&bill, at)?;
    let method = payments::active_method(tx, method_id)?;
    check_kind(method.kind)?;
    let check = &bill.checks[at];
    fiscal::check_form(tx, check, method.kind)?;
    let standing = check.standing();
    let taking = Offer {
        kind: method.kind,
        amount: offer.amount.unwrap_or(standing.due),
        tendered: None,
        tip: offer.tip,
        expected_due: Some(offer.expected_due),
    };
    let taking = take(check.computed.total, &check.taken(), &taking, CashRounding::NONE)?;
    if offer.tip > Money::ZERO {
        let tips = standing.tips + offer.tip;
        check_tip(check.computed.total, tips, offer.is_tip_confirmed)?;
        check_tip_to(tx, offer.tip_to)?;
    }
    let (kind, tip_to) = (method.kind, offer.tip_to);
    let method = (Some(method.id), Some(method.name));
    let way = Way { method, kind, account_id: None, tip_to, provider_id };
    let (person, device_id) = match payer {
        WirePayer::Staff(by, device_id) => {
            permits::take_part(tx, by, check, (&way.method, None), taking.amount + taking.tip)?;
            (by.person.clone(), *device_id)
        }
        WirePayer::Guest(fallback) => (booked_by(tx, &bill, *fallback)?, None),
    };
    let check = &mut bill.checks[at];
    let state = PaymentState::Pending;
    let payment_id = write(tx, check, (&taking, state), &way, (&person, device_id))?;
    let order_id = check.row.order_id;
    let bill = finish(tx, order_id, &person, &[offer.check_id], &way.method)?;
    let check = &bill.checks[bill.place(offer.check_id)?];
    let payment = check.payments.iter().find(|row| row.id == payment_id);
    let receipt = fiscal::receipt_of_part(tx, &bill, check, payment.ok_or(Refusal::NotTaken)?)?;
    Ok(WireBegun {
        payment_id,
        order_id,
        order_number: bill.order.order.number,
        amount: taking.amount,
        tip: taking.tip,
        receipt,
    })
}

/// Cash is here or it is not, and an account pays at once.
fn check_kind(kind: MethodKind) -> Result<()> {
    if !matches!(kind, MethodKind::Cash | MethodKind::Account) {
        return Ok(());
    }
    let detail =
        "Cash and accounts are never under way. Choose another payment method for the provider.";
    Err(Error::rule("method_not_by_wire", detail).with("kind", kind.as_str()))
}

/// In whose name a guest's payment stands.
fn booked_by(db: &Connection, bill: &Bill, fallback: i64) -> Result<Person> {
    let waiter = bill.order.order.waiter_id;
    person(db, if waiter == 0 { fallback } else { waiter })
}

fn person(db: &Connection, id: i64) -> Result<Person> {
    let user = user_by_id(db, id)?;
    Ok(Person { id, role: user.role, full_name: user.full_name.into() })
}

/// What became of a payment.
#[derive(Debug, Clone)]
pub enum WireSettled {
    /// The money is here, under this number of the provider's; none where a person says so.
    Taken(Option<String>),
    /// It did not come.
    Failed,
    /// Nobody can be asked any more.
    Unknown,
}

/// Where that leaves the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireEnd {
    /// The payment stands as it was settled.
    Booked,
    /// The money is here, and the check has no payment any more that it could be.
    Late,
}

/// Settles a payment: once, whatever was said of it before. `why` is how one knows.
///
/// # Errors
/// When the rows cannot be read or written.
pub fn settle_wire(
    tx: &mut Tx<'_>,
    payment_id: i64,
    settled: &WireSettled,
    (by, why): (Option<i64>, &str),
) -> Result<WireEnd> {
    let order_id = rows::order_of_payment(tx, payment_id)?;
    let payments = rows::payments(tx, order_id)?;
    let payment = payments.into_iter().find(|row| row.id == payment_id);
    let payment = payment.filter(|row| row.kind == PaymentKind::Payment);
    let payment = payment.ok_or(Refusal::NotTaken)?;
    let to = match settled {
        WireSettled::Taken(_) => PaymentState::Taken,
        WireSettled::Failed => PaymentState::Failed,
        WireSettled::Unknown => PaymentState::Unknown,
    };
    let is_unclear = payment.state.is_unclear();
    if is_unclear && payment.state != to {
        clear(tx, &payment, to, (by, why))?;
    }
    if let WireSettled::Taken(reference) = settled {
        if !is_unclear && payment.state != PaymentState::Taken {
            return Ok(WireEnd::Late);
        }
        set_reference(tx, payment_id, reference.as_deref())?;
    }
    Ok(WireEnd::Booked)
}

/// What goes back with a refund, as the provider prints it.
///
/// # Errors
/// When the rows cannot be read.
pub fn returned_receipt(db: &Connection, payment_id: i64) -> Result<Receipt> {
    let order_id = rows::order_of_payment(db, payment_id)?;
    let bill = Bill::of(db, load::order_with_items(db, order_id)?)?;
    let its = |row: &PaymentRow| row.id == payment_id && row.kind == PaymentKind::Refund;
    let check = bill.checks.iter().find(|check| check.payments.iter().any(its));
    let check = check.ok_or(Refusal::NotTaken)?;
    let refund = check.payments.iter().find(|row| its(row)).ok_or(Refusal::NotTaken)?;
    fiscal::receipt_of_part(db, &bill, check, refund)
}

fn clear(
    tx: &mut Tx<'_>,
    payment: &PaymentRow,
    to: PaymentState,
    (by, why): (Option<i64>, &str),
) -> Result<()> {
    let (booked_by, device_id) = who_paid(tx, payment.id)?;
    let order_id = rows::order_of_payment(tx, payment.id)?;
    let id_of_check = payment.check_id.unwrap_or(check_id(order_id, 1));
    let mut bill = for_check(tx, id_of_check)?;
    let at = bill.place(id_of_check)?;
    let check = &mut bill.checks[at];
    rows::clear(tx, payment.id, to, (by, why))?;
    let of_it = check.payments.iter_mut().find(|row| row.id == payment.id);
    of_it.ok_or(Refusal::NotTaken)?.state = to;
    let (total, standing) = (check.computed.total, check.standing());
    advance(tx, check, total, &standing)?;
    let was = |state: PaymentState| json!({"check": id_of_check, "amount": payment.amount, "state": state});
    let mut after = was(to);
    after["reason"] = json!(why);
    let order = ("order", Some(order_id));
    audit::note(tx, by, "payment_cleared", order, (was(payment.state), after))?;
    let person = person(tx, booked_by)?;
    let method = (payment.method_id, payment.method_name.clone());
    let bill = finish(tx, order_id, &person, &[id_of_check], &method)?;
    let shown = view::one(tx, &bill, id_of_check)?;
    receipts::print_paid(tx, &shown, (booked_by, device_id))
}

/// Who took a payment, at which tablet.
fn who_paid(db: &Connection, payment_id: i64) -> Result<(i64, Option<i64>)> {
    let sql = "SELECT user_id, device_id FROM payments WHERE id = ?1";
    Ok(db.prepare_cached(sql)?.query_row([payment_id], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// By what the provider knows a payment that came over the wire; no two have the same.
fn set_reference(tx: &Tx<'_>, payment_id: i64, reference: Option<&str>) -> Result<()> {
    tx.prepare_cached("UPDATE payments SET provider_ref = ?2 WHERE id = ?1")?
        .execute(params![payment_id, reference])?;
    Ok(())
}
