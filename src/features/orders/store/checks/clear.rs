//! Somebody finds out what became of a payment that was under way, or of which nobody knew.

use rusqlite::params;
use serde_json::json;

use super::adjust::{check_open, for_check};
use super::bill::check_id;
use super::pay::advance;
use super::rows::{self, PaymentRow};
use super::settle::finish;
use super::view;
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Timestamp};
use crate::core::store::{Command, Connection, Priority, Reply, Tx, word};
use crate::features::checks::{PaymentState, Refusal};
use crate::features::orders::check_types::{UnclearPayment, UnclearPayments};
use crate::features::orders::events::PaymentKind;
use crate::features::orders::store::{permits, receipts};
use crate::features::permissions::Principal;
use crate::platform::audit;

/// Says what became of a payment.
pub struct ClearPayment {
    /// The payment.
    pub payment_id: i64,
    /// What became of it.
    pub state: PaymentState,
    /// How one knows.
    pub reason: String,
    /// Who.
    pub by: Principal,
    /// The tablet.
    pub device_id: Option<i64>,
}

impl Command for ClearPayment {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let order_id = rows::order_of_payment(tx, self.payment_id)?;
        let payments = rows::payments(tx, order_id)?;
        let payment = payments.into_iter().find(|row| row.id == self.payment_id);
        let payment = payment.filter(|row| row.kind == PaymentKind::Payment);
        let payment = payment.ok_or(Refusal::NotTaken)?;
        let state = payment.state.clear(self.state)?;
        check_not_asked(&payment)?;
        let id_of_check = payment.check_id.unwrap_or(check_id(order_id, 1));
        let mut bill = for_check(tx, id_of_check)?;
        check_open(&bill)?;
        let at = bill.place(id_of_check)?;
        let check = &mut bill.checks[at];
        permits::clear(tx, &self.by, (check, &payment), state)?;
        rows::clear(tx, payment.id, state, (Some(self.by.id), &self.reason))?;
        let of_it = check.payments.iter_mut().find(|row| row.id == payment.id);
        of_it.ok_or(Refusal::NotTaken)?.state = state;
        let (total, standing) = (check.computed.total, check.standing());
        advance(tx, check, total, &standing)?;
        let was = |state: PaymentState| json!({"check": id_of_check, "amount": payment.amount, "state": state});
        let mut after = was(state);
        after["reason"] = json!(self.reason);
        let order = ("order", Some(order_id));
        let change = (was(payment.state), after);
        audit::note(tx, Some(self.by.id), "payment_cleared", order, change)?;
        let method = (payment.method_id, payment.method_name);
        let bill = finish(tx, order_id, &self.by, &[id_of_check], &method)?;
        let check = view::one(tx, &bill, id_of_check)?;
        receipts::print_paid(tx, &check, (self.by.id, self.device_id))?;
        view::reply(&check)
    }
}

/// Whether a person need say anything: of what is under way over the wire the box asks the provider, until
/// nobody answers any more.
fn check_not_asked(payment: &PaymentRow) -> Result<()> {
    if payment.provider_id.is_none() || payment.state != PaymentState::Pending {
        return Ok(());
    }
    let amount = payment.amount;
    let detail = format!(
        "The box asks the provider about the payment of {amount} by itself. Wait for the answer, or take \
         its link back at the bill."
    );
    Err(Error::conflict("payment_asked", detail).with("amount", amount.to_string()))
}

/// The most that are shown at once: a restaurant that has more has another trouble.
const MOST: i64 = 100;

/// Payments of which somebody has to find out, the oldest first; without those about which the box asks a
/// provider by itself.
///
/// # Errors
/// When the database cannot be read.
pub fn unclear(db: &Connection) -> Result<UnclearPayments> {
    let mut statement = db.prepare_cached(
        "SELECT p.id, p.state, p.method_name, p.amount, p.tip, p.order_id, o.number, o.table_id,
                t.label, p.created_at
         FROM payments p JOIN orders o ON o.id = p.order_id LEFT JOIN tables t ON t.id = o.table_id
         WHERE p.state IN ('PENDING', 'UNKNOWN')
           AND (p.state = 'UNKNOWN' OR p.provider_id IS NULL)
         ORDER BY p.id LIMIT ?1",
    )?;
    let rows = statement.query_map(params![MOST], |row| {
        Ok(UnclearPayment {
            id: row.get(0)?,
            state: word(row, 1, PaymentState::parse)?,
            method: row.get(2)?,
            amount: Money(row.get(3)?),
            tip: Money(row.get(4)?),
            order_id: row.get(5)?,
            order_number: row.get(6)?,
            table_id: row.get(7)?,
            table_name: row.get(8)?,
            created_at: Timestamp(row.get(9)?),
        })
    })?;
    Ok(UnclearPayments { payments: rows.collect::<rusqlite::Result<_>>()? })
}
