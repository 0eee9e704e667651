//! Taking the money, and giving it back.

use rusqlite::{OptionalExtension, params};
use serde_json::json;

use super::{events, load, permits, status};
use crate::core::error::{Error, Result};
use crate::core::kernel::Money;
use crate::core::store::{Command, Priority, Reply, Tx};
use crate::features::calls;
use crate::features::orders::events::PaymentKind;
use crate::features::orders::money_rules::{check_expected, check_not_empty};
use crate::features::orders::states::{ItemStatus, OrderStatus, OrderType, PaymentStatus};
use crate::features::orders::types::{Order, OrderWithDetails};
use crate::features::payments;
use crate::features::permissions::Principal;
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
}

impl Command for SetPayment {
    type Output = ();
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        let order = load::for_change(tx, self.order_id)?;
        match (order.order.payment_status, self.status) {
            (PaymentStatus::Unpaid, PaymentStatus::Paid) => {
                take(tx, &order, (self.method_id, self.expected), &self.by)
            }
            (PaymentStatus::Paid, PaymentStatus::Refunded) => {
                let Order { number, total_price, .. } = order.order;
                check_expected(number, self.expected, total_price)?;
                give_back(tx, &order.order, &self.by, self.reason.as_deref())
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
    /// The sum that the person saw.
    pub expected: Option<Money>,
    /// Who.
    pub by: Principal,
}

impl Command for CompletePayment {
    type Output = Reply;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(self, tx: &mut Tx<'_>) -> Result<Reply> {
        let order = load::for_change(tx, self.order_id)?;
        if order.order.payment_status != PaymentStatus::Unpaid {
            return Err(already_paid(&order.order));
        }
        take(tx, &order, (Some(self.method_id), self.expected), &self.by)?;
        tx.prepare_cached("UPDATE orders SET close_when_served = 1 WHERE id = ?1")?
            .execute([self.order_id])?;
        status::settle(tx, self.order_id, Some(self.by.id))?;
        let order = load::order_with_items(tx, self.order_id)?.order;
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
    (method_id, expected): (Option<i64>, Option<Money>),
    by: &Principal,
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
    permits::take(tx, by, &order.order)?;
    tx.prepare_cached(
        "UPDATE orders SET payment_status = 'PAID', updated_at = ?3,
                           payment_method_id = coalesce(?2, payment_method_id)
         WHERE id = ?1",
    )?
    .execute(params![order.order.id, method.as_ref().map(|method| method.id), tx.now().0])?;
    if let (OrderType::DineIn, Some(table_id)) = (order.order.order_type, order.order.table_id) {
        calls::answer_all(tx, table_id, Some(by.id))?;
    }
    let method = method.map(|method| (method.id, method.name)).unzip();
    write_payment(tx, &order.order, PaymentKind::Payment, method, (by, None))
}

fn give_back(tx: &mut Tx<'_>, order: &Order, by: &Principal, reason: Option<&str>) -> Result<()> {
    permits::give_back(tx, by, order)?;
    tx.prepare_cached(
        "UPDATE orders SET payment_status = 'REFUNDED', updated_at = ?2 WHERE id = ?1",
    )?
    .execute(params![order.id, tx.now().0])?;
    // As it was paid, though the method may have been renamed or removed since.
    let method: (Option<i64>, Option<String>) = tx
        .prepare_cached(
            "SELECT method_id, method_name FROM payments
             WHERE order_id = ?1 AND kind = 'PAYMENT' ORDER BY id DESC LIMIT 1",
        )?
        .query_row([order.id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .unwrap_or_default();
    let state = |status: PaymentStatus| json!({"number": order.number, "payment_status": status, "amount": order.total_price});
    let (before, mut after) = (state(PaymentStatus::Paid), state(PaymentStatus::Refunded));
    after["reason"] = json!(reason);
    audit::note(tx, Some(by.id), "payment_refunded", ("order", Some(order.id)), (before, after))?;
    write_payment(tx, order, PaymentKind::Refund, method, (by, reason))
}

fn write_payment(
    tx: &mut Tx<'_>,
    order: &Order,
    kind: PaymentKind,
    (method_id, method_name): (Option<i64>, Option<String>),
    (by, reason): (&Principal, Option<&str>),
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO payments (order_id, kind, amount, method_id, method_name, user_id, created_at,
                               reason)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        order.id,
        kind.as_str(),
        order.total_price.0,
        method_id,
        method_name,
        by.id,
        tx.now().0,
        reason
    ])?;
    events::paid(tx, by.id, order, kind, (method_id, method_name))
}
