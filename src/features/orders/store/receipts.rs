//! Checks on paper: what there is to pay, and what was paid.

use super::{load, tickets};
use crate::core::error::Result;
use crate::core::kernel::{Money, Timestamp};
use crate::core::store::{Connection, Tx};
use crate::features::cash;
use crate::features::checks::{CheckState, PaymentState};
use crate::features::orders::check_adjustments::RuleKind;
use crate::features::orders::check_types::{CheckAdjustment, CheckLine, CheckPayment, CheckView};
use crate::features::orders::types::Order;
use crate::features::printing::{
    Bill, BillChange, BillKind, BillLine, BillPayment, BillTax, ChangeKind, DocumentKind,
    print_bill, prints,
};

/// Who did it, at which tablet.
pub type Who = (i64, Option<i64>);

/// A check as it is printed: a receipt once it is paid.
///
/// # Errors
/// When the database cannot be read.
pub fn bill(db: &Connection, check: &CheckView, at: Timestamp) -> Result<Bill> {
    let order = load::order(db, check.order_id)?;
    let sql = "SELECT count(*) FROM checks WHERE order_id = ?1";
    let checks: i64 = db.prepare_cached(sql)?.query_row([check.order_id], |row| row.get(0))?;
    Ok(of(&order, check, checks > 1, at))
}

/// Prints a check that was presented, where a printer prints such by itself.
///
/// # Errors
/// When the row cannot be written.
pub fn print_presented(tx: &Tx<'_>, check: &CheckView, who: Who) -> Result<()> {
    let is_presented = check.state == CheckState::Presented;
    if is_presented { print(tx, check, DocumentKind::Precheck, ("presented", who)) } else { Ok(()) }
}

/// Prints the receipt of a check that was paid, where a printer prints such by itself.
///
/// # Errors
/// When the row cannot be written.
pub fn print_paid(tx: &Tx<'_>, check: &CheckView, who: Who) -> Result<()> {
    let is_paid = check.state == CheckState::Paid;
    if is_paid { print(tx, check, DocumentKind::Receipt, ("paid", who)) } else { Ok(()) }
}

fn print(
    tx: &Tx<'_>,
    check: &CheckView,
    kind: DocumentKind,
    (what, who): (&str, Who),
) -> Result<()> {
    if !prints(tx, kind)? {
        return Ok(());
    }
    let deed = format!("check {} v{} {what}", check.id, check.version);
    print_bill(tx, &deed, bill(tx, check, tx.now())?, cash::receipts_at(tx, who)?)
}

fn of(order: &Order, check: &CheckView, is_one_of_several: bool, at: Timestamp) -> Bill {
    let is_paid = matches!(check.state, CheckState::Paid | CheckState::Closed);
    let taken = check.payments.iter().filter(|one| one.state == PaymentState::Taken);
    Bill {
        what: if is_paid { BillKind::Receipt } else { BillKind::Precheck },
        order: tickets::facts(order),
        check_number: is_one_of_several.then_some(check.number),
        lines: check.lines.iter().map(line).collect(),
        subtotal: check.subtotal,
        changes: check.adjustments.iter().filter_map(change).collect(),
        taxes: check
            .taxes
            .iter()
            .map(|tax| BillTax { percent: tax.percent, is_added: tax.is_added, amount: tax.amount })
            .collect(),
        total: check.total,
        payments: taken.map(payment).collect(),
        due: check.due,
        at,
    }
}

fn line(line: &CheckLine) -> BillLine {
    BillLine {
        name: line.dish_name.clone(),
        modifiers: line.modifiers.clone(),
        quantity: line.quantity,
        unit: line.unit,
        price: line.price,
        sum: line.gross,
    }
}

fn change(adjustment: &CheckAdjustment) -> Option<BillChange> {
    let kind = match adjustment.kind {
        RuleKind::Percent | RuleKind::Amount => ChangeKind::Discount,
        RuleKind::Comp => ChangeKind::Comp,
        RuleKind::ServicePercent | RuleKind::ServiceAmount => ChangeKind::Service,
        RuleKind::FeePercent | RuleKind::FeeAmount => ChangeKind::Fee,
        RuleKind::TaxExempt => return None,
    };
    let amount = adjustment.amount;
    (amount > Money::ZERO).then(|| BillChange { kind, name: adjustment.name.clone(), amount })
}

fn payment(payment: &CheckPayment) -> BillPayment {
    BillPayment {
        is_refund: payment.is_refund,
        method: payment.method.clone(),
        amount: payment.amount,
        rounding: payment.rounding,
        tip: payment.tip,
        tendered: payment.tendered,
        change: payment.change,
    }
}
