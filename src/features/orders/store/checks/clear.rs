//! Somebody finds out what became of a payment that was under way, or of which nobody knew.

use serde_json::json;

use super::adjust::{check_open, for_check};
use super::bill::check_id;
use super::pay::advance;
use super::rows;
use super::settle::finish;
use super::view;
use crate::core::error::Result;
use crate::core::store::{Command, Priority, Reply, Tx};
use crate::features::checks::{PaymentState, Refusal};
use crate::features::orders::events::PaymentKind;
use crate::platform::audit;
use crate::platform::auth::Person;

/// Says what became of a payment.
pub struct ClearPayment {
    /// The payment.
    pub payment_id: i64,
    /// What became of it.
    pub state: PaymentState,
    /// How one knows.
    pub reason: String,
    /// Who.
    pub by: Person,
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
        let id_of_check = payment.check_id.unwrap_or(check_id(order_id, 1));
        let mut bill = for_check(tx, id_of_check)?;
        check_open(&bill)?;
        let at = bill.place(id_of_check)?;
        let check = &mut bill.checks[at];
        rows::clear(tx, payment.id, state, (self.by.id, &self.reason))?;
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
        view::reply(&view::one(tx, &bill, id_of_check)?)
    }
}
