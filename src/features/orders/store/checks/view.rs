//! Checks as they are shown.

use super::adjustment_rows::{self, AdjustmentRow};
use super::bill::{Bill, Check, order_of};
use super::rows::PaymentRow;
use super::wishes::wishes;
use crate::core::error::{Error, Result};
use crate::core::kernel::Tax;
use crate::core::kernel::{Money, Translations};
use crate::core::store::{Connection, Reply};
use crate::features::checks::ComputedLine;
use crate::features::house_accounts::name_of;
use crate::features::orders::check_types::{
    CheckAdjustment, CheckLine, CheckPayment, CheckTax, CheckView, OrderChecks,
};
use crate::features::orders::events::PaymentKind;
use crate::features::orders::store::load;
use crate::features::orders::types::{OrderItem, OrderWithDetails};

/// All checks of an order.
///
/// # Errors
/// 404 when there is no such order.
pub fn order_checks(db: &Connection, order_id: i64) -> Result<OrderChecks> {
    checks_of(db, load::order_with_items(db, order_id)?)
}

/// All checks of an order that was read already.
///
/// # Errors
/// When the database cannot be read.
pub fn checks_of(db: &Connection, order: OrderWithDetails) -> Result<OrderChecks> {
    all(db, &Bill::of(db, order)?)
}

/// One check.
///
/// # Errors
/// 404 when there is none.
pub fn check(db: &Connection, check_id: i64) -> Result<CheckView> {
    let order = load::order_with_items(db, order_of(check_id));
    let order = order.map_err(|error| match error.status() {
        404 => Error::not_found("check", check_id),
        _ => error,
    })?;
    one(db, &Bill::of(db, order)?, check_id)
}

/// All checks of a bill.
pub fn all(db: &Connection, bill: &Bill) -> Result<OrderChecks> {
    let adjustments = adjustment_rows::adjustments(db, bill.order.order.id)?;
    let checks = bill.checks.iter().map(|check| shown(db, bill, check, &adjustments));
    let checks = checks.collect::<Result<Vec<CheckView>>>()?;
    let valid = || checks.iter().filter(|check| !check.state.is_gone());
    let sum = |of: fn(&CheckView) -> Money| valid().map(of).sum();
    Ok(OrderChecks {
        order_id: bill.order.order.id,
        version: bill.version(),
        total: bill.total(),
        paid: sum(|check| check.paid),
        due: sum(|check| check.due),
        tips: sum(|check| check.tips),
        wishes: wishes(db, bill)?,
        checks,
    })
}

/// One check of a bill.
pub fn one(db: &Connection, bill: &Bill, check_id: i64) -> Result<CheckView> {
    let adjustments = adjustment_rows::adjustments(db, bill.order.order.id)?;
    shown(db, bill, &bill.checks[bill.place(check_id)?], &adjustments)
}

/// What is shown, as the reply of a command.
pub fn reply(shown: &impl serde::Serialize) -> Result<Reply> {
    let json = serde_json::to_string(shown).map_err(Error::internal)?;
    Ok(Reply { json: json.into(), event_seq: None })
}

fn shown(
    db: &Connection,
    bill: &Bill,
    check: &Check,
    adjustments: &[AdjustmentRow],
) -> Result<CheckView> {
    let (row, computed, standing) = (&check.row, &check.computed, check.standing());
    let is_gone = row.state.is_gone();
    let is_plainly_paid = check.payments.is_empty() && !is_gone && bill.is_paid();
    let payments = check.payments.iter().map(|row| payment_shown(db, row));
    Ok(CheckView {
        id: row.id,
        order_id: row.order_id,
        number: row.number,
        state: row.state,
        version: bill.version_of(check),
        guests: row.guests,
        note: row.note.clone(),
        receipt_to: row.receipt_to.clone(),
        lines: computed.lines.iter().map(|line| line_shown(bill, check, line)).collect(),
        adjustments: adjustments_shown(check, adjustments),
        taxes: computed
            .taxes
            .iter()
            .filter_map(|bucket| {
                let (percent, is_added) = match bucket.tax {
                    Tax::Exempt => return None,
                    Tax::Included(rate) => (rate, false),
                    Tax::Added(rate) => (rate, true),
                };
                Some(CheckTax { percent, is_added, base: bucket.base, amount: bucket.amount })
            })
            .collect(),
        subtotal: computed.subtotal,
        discount: computed.discount,
        service: computed.service,
        tax: computed.tax,
        rounding: standing.rounding,
        total: computed.total,
        paid: standing.paid,
        due: if is_gone || is_plainly_paid { Money::ZERO } else { standing.due },
        tips: standing.tips,
        refunded: check.given_back(),
        replaces: row.replaces,
        payments: payments.collect::<Result<_>>()?,
        presented_at: row.presented_at,
        paid_at: row.paid_at,
    })
}

fn line_shown(bill: &Bill, check: &Check, line: &ComputedLine) -> CheckLine {
    let item = bill.order.items.iter().find(|item| item.id == line.item);
    let drafted = check.draft.lines.iter().find(|drafted| drafted.item == line.item);
    CheckLine {
        id: line.item,
        item_id: line.item,
        dish_name: item.map(|item| item.dish_name.clone()).unwrap_or_default(),
        variation_name: item.map(|item| item.variation_name.clone()).unwrap_or_default(),
        seat: item.and_then(|item| item.seat),
        quantity: line.quantity,
        unit: item.and_then(|item| item.unit),
        modifiers: item.map(|item| item.modifiers.clone()).unwrap_or_default(),
        combo: item.and_then(|item| item.combo.clone()),
        price: item.map(OrderItem::unit_sum).unwrap_or_default(),
        list_price: item.and_then(|item| Some(item.list_price? + item.modifiers_price)),
        is_part: match (drafted, item) {
            (Some(drafted), _) => drafted.kept.is_some(),
            // It was paid anew elsewhere: a part is less than what was ordered.
            (None, Some(item)) => {
                (line.quantity, line.gross) != (item.quantity, item.costs(item.quantity))
            }
            (None, None) => false,
        },
        gross: line.gross,
        discount: line.discount(),
        service: line.service(),
        tax: line.tax(),
        total: line.total(),
    }
}

fn adjustments_shown(check: &Check, known: &[AdjustmentRow]) -> Vec<CheckAdjustment> {
    let discounts = check.computed.adjustments.iter().map(|applied| (applied.id, applied.amount));
    let charges = check.computed.charges.iter().map(|share| (share.id, share.amount));
    let shown = |(id, amount): (i64, Money)| {
        let row = known.iter().find(|row| row.id == id)?;
        let is_here = amount > Money::ZERO || check.row.rules.iter().any(|rule| rule.id == id);
        is_here.then(|| CheckAdjustment {
            id,
            kind: row.kind,
            value: row.kind.text(row.value),
            line_id: row.item_id,
            reason: row.reason.clone(),
            rule_id: row.rule_id,
            name: row.name.clone(),
            translations: row
                .translations
                .as_deref()
                .map(Translations::from_json)
                .unwrap_or_default(),
            amount,
            user_id: row.user_id,
            approved_by_id: row.approved_by_id,
            loyalty_account_id: row.account_id,
            promo_code_id: row.promo_code_id,
            created_at: row.created_at,
        })
    };
    discounts.chain(charges).filter_map(shown).collect()
}

fn payment_shown(db: &Connection, row: &PaymentRow) -> Result<CheckPayment> {
    Ok(CheckPayment {
        id: row.id,
        is_refund: row.kind == PaymentKind::Refund,
        refund_of: row.refund_of,
        state: row.state,
        method_id: row.method_id,
        method: row.method_name.clone(),
        method_kind: row.method_kind,
        account_id: row.account_id,
        account: row.account_id.map(|id| name_of(db, id)).transpose()?.flatten(),
        amount: row.amount,
        tendered: row.tendered,
        change: row.change,
        tip: row.tip,
        tip_to: row.tip_to,
        rounding: row.rounding,
        reason: row.reason.clone(),
        way_reason: row.way_reason.clone(),
        cleared_at: row.cleared.as_ref().map(|cleared| cleared.at),
        cleared_by_id: row.cleared.as_ref().and_then(|cleared| cleared.by_id),
        cleared_reason: row.cleared.as_ref().and_then(|cleared| cleared.reason.clone()),
        created_at: row.created_at,
    })
}
