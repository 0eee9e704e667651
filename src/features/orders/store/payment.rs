//! Taking the money, and giving it back.

use rusqlite::params;
use serde_json::json;

use super::checks::{self, Bill, Method, PaymentRow, Way};
use super::{events, load, permits, receipts, status};
use crate::core::error::{Error, Result};
use crate::core::kernel::Money;
use crate::core::store::{Command, Priority, Reply, Tx};
use crate::features::cash;
use crate::features::checks::{MethodKind, PaymentState};
use crate::features::house_accounts::payer;
use crate::features::orders::events::PaymentKind;
use crate::features::orders::money_rules::{check_expected, check_not_empty};
use crate::features::orders::states::{ItemStatus, OrderStatus, PaymentStatus};
use crate::features::orders::types::{Order, OrderWithDetails};
use crate::features::payments;
use crate::features::permissions::Principal;
use crate::features::printing::{DocumentKind, prints};
use crate::features::tips::TipTo;
use crate::platform::audit;

/// Marks an order as paid or refunded.
pub struct SetPayment {
    /// The order.
    pub order_id: i64,
    /// Paid or refunded.
    pub status: PaymentStatus,
    /// How.
    pub method_id: Option<i64>,
    /// Why it is given back.
    pub reason: Option<String>,
    /// The sum that the person saw.
    pub expected: Option<Money>,
    /// Who.
    pub by: Principal,
    /// The tablet.
    pub device_id: Option<i64>,
}

impl Command for SetPayment {
    type Output = ();
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let order = load::for_change(tx, self.order_id)?;
        match (order.order.payment_status, self.status) {
            (PaymentStatus::Unpaid, PaymentStatus::Paid) => {
                let how = (self.method_id, None, self.expected);
                take(tx, &order, how, (&self.by, self.device_id))?;
                checks::follow_order(tx, self.order_id, &self.by)
            }
            (PaymentStatus::Paid, PaymentStatus::Refunded) => {
                let Order { number, total_price, .. } = order.order;
                check_expected(number, self.expected, total_price)?;
                give_back(tx, &order, (&self.by, self.device_id), self.reason.as_ref())?;
                checks::follow_order(tx, self.order_id, &self.by)
            }
            (PaymentStatus::Paid, PaymentStatus::Paid) => Err(already_paid(&order.order)),
            (from, to) => {
                let detail = format!("The payment of an order cannot go from {from} to {to}.");
                Err(Error::rule("step_not_allowed", detail)
                    .with("from", from.as_str())
                    .with("to", to.as_str()))
            }
        }
    }
}

/// Settles the bill: takes the money, and ends the order now or with the last dish served.
pub struct CompletePayment {
    /// The order.
    pub order_id: i64,
    /// How.
    pub method_id: i64,
    /// Whose account pays, where it is paid on account.
    pub account_id: Option<i64>,
    /// The sum that the person saw.
    pub expected: Option<Money>,
    /// Who.
    pub by: Principal,
    /// The tablet.
    pub device_id: Option<i64>,
}

impl Command for CompletePayment {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let order = load::for_change(tx, self.order_id)?;
        if order.order.payment_status != PaymentStatus::Unpaid {
            return Err(already_paid(&order.order));
        }
        let how = (Some(self.method_id), self.account_id, self.expected);
        take(tx, &order, how, (&self.by, self.device_id))?;
        checks::follow_order(tx, self.order_id, &self.by)?;
        if prints(tx, DocumentKind::Receipt)? {
            let order = load::order_with_items(tx, self.order_id)?;
            for check in checks::checks_of(tx, order)?.checks {
                receipts::print_paid(tx, &check, (self.by.id, self.device_id))?;
            }
        }
        tx.prepare_cached("UPDATE orders SET close_when_served = 1 WHERE id = ?1")?
            .execute([self.order_id])?;
        status::settle(tx, self.order_id, Some(self.by.id))?;
        let order = load::order(tx, self.order_id)?;
        let message = if order.status == OrderStatus::Completed {
            "Paid. The order is completed."
        } else {
            "Paid. The order will be completed when everything is served."
        };
        let data = json!({
            "order_id": order.id,
            "status": order.status,
            "payment_status": order.payment_status,
            "total_price": order.total_price,
        });
        let reply = json!({"success": true, "message": message, "data": data});
        Ok(Reply { json: reply.to_string().into(), event_seq: None })
    }
}

fn already_paid(order: &Order) -> Error {
    let detail = format!("Order {} is already paid.", order.number);
    Error::rule("already_paid", detail).with("number", order.number)
}

fn take(
    tx: &mut Tx<'_>,
    order: &OrderWithDetails,
    (method_id, account_id, expected): (Option<i64>, Option<i64>, Option<Money>),
    (by, device_id): (&Principal, Option<i64>),
) -> Result<()> {
    let number = order.order.number;
    if order.order.status == OrderStatus::Cancelled {
        let detail = format!("Order {number} was cancelled; there is nothing to pay.");
        return Err(Error::rule("order_closed", detail).with("number", number));
    }
    check_not_empty(order)?;
    check_expected(number, expected, order.order.total_price)?;
    if order.items.iter().any(|item| item.status == ItemStatus::New) {
        let detail = "Lines of this order still wait for a waiter. Confirm or remove them first.";
        return Err(Error::rule("lines_wait", detail).with("number", number));
    }
    let method = method_id.map(|id| payments::active_method(tx, id)).transpose()?;
    // Who names no way says nothing of coins either.
    let kind = method.as_ref().map_or(MethodKind::Card, |method| method.kind);
    cash::check_open(tx, kind, (by.id, device_id))?;
    let method: Method = method.map(|method| (method.id, method.name)).unzip();
    let bill = checks::are_any(tx, order.order.id)?;
    let mut bill = bill.then(|| Bill::for_change(tx, order.order.id)).transpose()?;
    let due = bill.as_ref().map_or(order.order.total_price, Bill::due);
    let account_id = payer(tx, kind, account_id, due)?;
    permits::take(tx, by, &order.order, (&method, account_id), due)?;
    if let Some(bill) = &mut bill {
        let way = Way { method, kind, account_id, tip_to: TipTo::Staff, provider_id: None };
        checks::pay_whole(tx, bill, &way, (by, device_id))?;
        let changed: Vec<i64> = bill.checks.iter().map(|check| check.row.id).collect();
        return checks::finish(tx, order.order.id, by, &changed, &way.method).map(drop);
    }
    if order.items.iter().any(|item| item.tax.tax.is_added()) {
        checks::write_paid_lines(tx, &Bill::of(tx, order.clone())?)?;
    }
    let (order, now) = (&order.order, tx.now());
    checks::mark_paid(tx, order, &method, by)?;
    let payment = PaymentRow {
        id: 0,
        check_id: Some(checks::check_id(order.id, 1)),
        kind: PaymentKind::Payment,
        state: PaymentState::Taken,
        method_id: method.0,
        method_name: method.1,
        method_kind: kind,
        account_id,
        amount: order.total_price,
        tendered: None,
        change: Money::ZERO,
        tip: Money::ZERO,
        tip_to: TipTo::Staff,
        rounding: Money::ZERO,
        refund_of: None,
        reason: None,
        way_reason: None,
        cleared: None,
        parts: None,
        provider_id: None,
        created_at: now,
    };
    checks::pay(tx, order.id, &payment, (by.id, device_id)).map(drop)
}

fn give_back(
    tx: &mut Tx<'_>,
    order: &OrderWithDetails,
    (by, device_id): (&Principal, Option<i64>),
    reason: Option<&String>,
) -> Result<()> {
    if checks::has_waiting(order) {
        // What is not made any more stays on the check as it was sold.
        checks::keep_sale(tx, order)?;
    }
    let bill = Bill::of(tx, order.clone())?;
    permits::give_back(tx, by, &bill)?;
    // As it was paid, though the method may have been renamed or removed since.
    let mut paid = bill.checks.iter().flat_map(|check| &check.payments);
    let last = paid.rfind(|row| row.kind == PaymentKind::Payment);
    let method = last.map(|row| (row.method_id, row.method_name.clone())).unwrap_or_default();
    checks::give_back_whole(tx, &bill, (by.id, device_id), reason)?;
    let order = &order.order;
    tx.prepare_cached(
        "UPDATE orders SET payment_status = 'REFUNDED', given_back = total, updated_at = ?2
         WHERE id = ?1",
    )?
    .execute(params![order.id, tx.now().0])?;
    let state = |status: PaymentStatus| json!({"number": order.number, "payment_status": status, "amount": order.total_price});
    let (before, mut after) = (state(PaymentStatus::Paid), state(PaymentStatus::Refunded));
    after["reason"] = json!(reason);
    audit::note(tx, Some(by.id), "payment_refunded", ("order", Some(order.id)), (before, after))?;
    events::paid(tx, by.id, order, PaymentKind::Refund, method)?;
    let order = load::order_with_items(tx, order.id)?;
    checks::drop_unpaid_of(tx, &order, Some(by.id)).map(drop)
}
