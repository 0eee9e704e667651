//! What a check's sale, and what went back of it, is to a fiscal register.

use serde_json::json;

use super::adjustment_rows::{self, AdjustmentRow};
use super::bill::{Bill, Check, order_of};
use super::rows::PaymentRow;
use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Quantity, Tax, TaxRate, Timestamp};
use crate::core::store::{Connection, Tx};
use crate::features::checks::{
    CheckState, Computed, MethodKind, PaymentState, Position, PositionOf, positions, refund_amount,
};
use crate::features::fiscal::{self, Form, Receipt, ReceiptLine, Sold, form_of};
use crate::features::orders::events::PaymentKind;
use crate::features::orders::store::{load, permits};
use crate::features::orders::types::OrderItem;
use crate::features::permissions::Principal;
use crate::features::tips::TipTo;
use crate::platform::audit;
use crate::platform::auth::Person;

/// What a charge is called on a receipt where nobody named it; what a tip for the house is; and what cash
/// was rounded up by. A fiscal document is in the language of its tax office.
const SERVICE: &str = "Обслуживание";
const TIP: &str = "Чаевые";
const ROUNDING: &str = "Округление";

/// After checks of an order changed: the register follows, where there is one.
pub fn follow(tx: &Tx<'_>, bill: &Bill, checks: &[i64], by: &Person) -> Result<()> {
    let Some(since) = fiscal::taking_part(tx)? else { return Ok(()) };
    let adjustments = adjustment_rows::adjustments(tx, bill.order.order.id)?;
    for check in bill.checks.iter().filter(|check| checks.contains(&check.row.id)) {
        let page = Page { bill, adjustments: &adjustments };
        fiscal::follow_sale(tx, check.row.id, &page.sold(check, since), by)?;
        page.give_back(tx, check, by)?;
    }
    Ok(())
}

/// The same for all checks of an order.
pub fn follow_order(tx: &Tx<'_>, order_id: i64, by: &Person) -> Result<()> {
    if fiscal::taking_part(tx)?.is_none() {
        return Ok(());
    }
    let bill = Bill::of(tx, load::order_with_items(tx, order_id)?)?;
    let all: Vec<i64> = bill.checks.iter().map(|check| check.row.id).collect();
    follow(tx, &bill, &all, by)
}

/// A check is presented: where the guest has the receipt before he pays, it is made, as he says that he
/// will pay.
///
/// # Errors
/// When it is needed and nobody said how.
pub fn present(tx: &Tx<'_>, bill: &Bill, id: i64, form: Option<Form>, by: &Person) -> Result<()> {
    if !fiscal::is_before_payment(tx)? {
        return Ok(());
    }
    let check = &bill.checks[bill.place(id)?];
    if check.row.state != CheckState::Presented {
        return Ok(());
    }
    let form = form.ok_or_else(|| {
        let detail = "Ask how the guests will pay (pays: CASH or ELECTRONIC): the fiscal receipt says \
                      it, and they get it before they pay.";
        Error::rule("form_needed", detail)
    })?;
    let adjustments = adjustment_rows::adjustments(tx, order_of(id))?;
    let page = Page { bill, adjustments: &adjustments };
    let receipt = page.receipt(check, &check.computed, &[]);
    let paid = vec![(form, receipt.total)];
    let sold = if receipt.total > Money::ZERO {
        Sold::This(Receipt { payments: paid, ..receipt })
    } else {
        Sold::Nothing
    };
    fiscal::follow_sale(tx, id, &sold, by)
}

/// Whether a check may be paid in a form that is not the one its receipt names already: with a reason, by
/// whoever may take a check back. The receipt follows the money.
///
/// # Errors
/// 409 with what the receipt says where nobody said why; 403 when it needs an approval.
pub fn permit_form(
    tx: &mut Tx<'_>,
    check: &Check,
    kind: MethodKind,
    why: Option<&str>,
    by: &Principal,
) -> Result<()> {
    let form = form_of(kind);
    let Some(why) = why else { return check_form(tx, check, kind) };
    let Some(named) = fiscal::says_otherwise(tx, check.row.id, form)? else { return Ok(()) };
    permits::take_back(tx, by, check)?;
    let order = ("order", Some(check.row.order_id));
    let change = (
        json!({"check": check.row.id, "receipt_says": named}),
        json!({"check": check.row.id, "receipt_says": form, "reason": why}),
    );
    audit::note(tx, Some(by.id), "fiscal_receipt_changed", order, change).map(drop)
}

/// Whether a check may be paid so: not in a form that is not the one its receipt names already.
///
/// # Errors
/// 409 with what the receipt says.
pub fn check_form(db: &Connection, check: &Check, kind: MethodKind) -> Result<()> {
    let Some(named) = fiscal::says_otherwise(db, check.row.id, form_of(kind))? else {
        return Ok(());
    };
    let detail = format!(
        "The guests have a fiscal receipt that says {named}. Let them pay so, or say why not \
         (otherwise): the receipt goes back, and another is made."
    );
    Err(Error::conflict("paid_otherwise", detail).with("says", named.as_str()))
}

/// What a payment over the wire is for, as the provider prints it: its part of each line, and a tip for the
/// house. Σ lines is what is paid.
///
/// # Errors
/// When the rows cannot be read.
pub fn receipt_of_part(
    db: &Connection,
    bill: &Bill,
    check: &Check,
    payment: &PaymentRow,
) -> Result<Receipt> {
    let adjustments = adjustment_rows::adjustments(db, check.row.order_id)?;
    let part = match &payment.parts {
        Some(parts) => parts.clone(),
        None => refund_amount(&check.computed, payment.amount)?,
    };
    Ok(Page { bill, adjustments: &adjustments }.receipt(check, &part, &[payment]))
}

/// The receipt of a paid check and when it was paid; none where no money was taken for it.
///
/// # Errors
/// When the rows cannot be read.
pub fn receipt_of(
    db: &Connection,
    bill: &Bill,
    check: &Check,
) -> Result<Option<(Receipt, Timestamp)>> {
    let taken: Vec<&PaymentRow> = check.payments.iter().filter(|row| is_taken(row)).collect();
    let paid_at = taken.iter().map(|row| row.created_at).max();
    let Some(paid_at) = paid_at.filter(|_| check.row.state.is_settled()) else { return Ok(None) };
    let adjustments = adjustment_rows::adjustments(db, check.row.order_id)?;
    let page = Page { bill, adjustments: &adjustments };
    Ok(Some((page.receipt(check, &check.computed, &taken), paid_at)))
}

/// An order's bill, as receipts are written of it.
struct Page<'a> {
    bill: &'a Bill,
    adjustments: &'a [AdjustmentRow],
}

impl Page<'_> {
    /// What is sold on a check.
    fn sold(&self, check: &Check, since: Timestamp) -> Sold {
        let taken: Vec<&PaymentRow> = check.payments.iter().filter(|row| is_taken(row)).collect();
        let is_ours = taken.iter().any(|row| row.created_at >= since);
        match check.row.state {
            CheckState::Open | CheckState::Void => Sold::Nothing,
            CheckState::Paid | CheckState::Closed if is_ours => {
                let receipt = self.receipt(check, &check.computed, &taken);
                if receipt.total > Money::ZERO { Sold::This(receipt) } else { Sold::Nothing }
            }
            _ => Sold::AsItStands,
        }
    }

    /// What went back of a check, each move of money by itself.
    fn give_back(&self, tx: &Tx<'_>, check: &Check, by: &Person) -> Result<()> {
        let mut left = check.computed.clone();
        for refund in check.refunds() {
            let part = match &refund.parts {
                Some(parts) => parts.clone(),
                None if refund.amount > Money::ZERO => refund_amount(&left, refund.amount)?,
                None => Computed::default(),
            };
            left = left.without(&part)?;
            let receipt = self.receipt(check, &part, &[refund]);
            if receipt.total > Money::ZERO {
                fiscal::give_back(tx, (check.row.id, refund.id), &receipt, by)?;
            }
        }
        Ok(())
    }

    /// The receipt of a sale, or of a part of one, and of the money that moved for it. A tip for the staff
    /// is theirs and stands on none.
    fn receipt(&self, check: &Check, sale: &Computed, money: &[&PaymentRow]) -> Receipt {
        let sold = positions(sale, &self.weighed());
        let mut lines: Vec<ReceiptLine> = sold.iter().map(|one| self.line(one)).collect();
        let tips = money.iter().filter(|row| row.tip_to == TipTo::House).map(|row| row.tip).sum();
        let rounding: Money = money.iter().map(|row| row.rounding).sum();
        lines.extend(extra(TIP, tips));
        lines.extend(extra(ROUNDING, rounding));
        lines.retain(|line| line.amount > Money::ZERO);
        let sum: Money = lines.iter().map(|line| line.amount).sum();
        // What cash was rounded down by is left out of the total.
        let total = sum + rounding.min(Money::ZERO);
        let to = check.row.receipt_to.clone();
        Receipt { lines, payments: paid(money), total, note: self.note(), to }
    }

    fn line(&self, position: &Position) -> ReceiptLine {
        let (name, unit, is_service) = match position.of {
            PositionOf::Line(item) => {
                let item = self.item(item);
                (item.map_or("", |item| &*item.dish_name), item.and_then(|item| item.unit), false)
            }
            PositionOf::Charge(id) => {
                let row = self.adjustments.iter().find(|row| row.id == id);
                (row.and_then(|row| row.name.as_deref()).unwrap_or(SERVICE), None, true)
            }
        };
        ReceiptLine {
            name: name.to_owned(),
            quantity: position.quantity,
            unit,
            price: position.price,
            amount: position.amount(),
            rate: rate(position.tax),
            is_service,
        }
    }

    fn item(&self, id: i64) -> Option<&OrderItem> {
        self.bill.order.items.iter().find(|item| item.id == id)
    }

    fn weighed(&self) -> Vec<i64> {
        let weighed = self.bill.order.items.iter().filter(|item| item.unit.is_some());
        weighed.map(|item| item.id).collect()
    }

    fn note(&self) -> String {
        format!("Заказ {}", self.bill.order.order.number)
    }
}

fn rate(tax: Tax) -> Option<TaxRate> {
    match tax {
        Tax::Exempt => None,
        Tax::Included(rate) | Tax::Added(rate) => Some(rate),
    }
}

fn is_taken(row: &PaymentRow) -> bool {
    row.kind == PaymentKind::Payment && row.state == PaymentState::Taken
}

/// Something beside what was ordered.
fn extra(name: &str, amount: Money) -> Option<ReceiptLine> {
    (amount > Money::ZERO).then(|| ReceiptLine {
        name: name.to_owned(),
        quantity: Quantity::pieces(1),
        unit: None,
        price: amount,
        amount,
        rate: None,
        is_service: true,
    })
}

/// What of the money stands on a receipt, by its form.
fn paid(money: &[&PaymentRow]) -> Vec<(Form, Money)> {
    let on_receipt = |row: &PaymentRow| {
        let tip = if row.tip_to == TipTo::House { row.tip } else { Money::ZERO };
        row.amount + row.rounding + tip
    };
    let of = |form: Form| {
        let so = money.iter().filter(|row| form_of(row.method_kind) == form);
        (form, so.map(|row| on_receipt(row)).sum::<Money>())
    };
    Form::ALL.iter().map(|form| of(*form)).filter(|(_, sum)| *sum > Money::ZERO).collect()
}
