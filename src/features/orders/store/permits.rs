//! Which permissions the deeds of an order need.

use rusqlite::{Connection, OptionalExtension};

use super::actor;
use super::checks::{AdjustmentRow, Bill, Check, Method, PaymentRow};
use crate::core::error::{Error, Result};
use crate::core::kernel::Money;
use crate::core::store::Tx;
use crate::features::checks::PaymentState;
use crate::features::floor::table_label;
use crate::features::house_accounts::name_of;
use crate::features::orders::check_adjustments::{Rule, RuleKind};
use crate::features::orders::money_rules::has_begun;
use crate::features::orders::states::{Actor, ItemStatus, PaymentStatus};
use crate::features::orders::types::{Order, OrderItem, OrderWithDetails};
use crate::features::permissions::{self, Deed, MoneyWay, Permission, Principal, What, permit};

/// Those of so many that are needed, in their order, each at so much.
fn needed<const COUNT: usize>(
    all: [(bool, Permission); COUNT],
    Money(amount): Money,
) -> Vec<(Permission, i64)> {
    let is_needed = all.into_iter().filter(|(is_needed, _)| *is_needed);
    is_needed.map(|(_, permission)| (permission, amount)).collect()
}

fn is_others(who: &Principal, order: &Order) -> bool {
    matches!(actor(who, order), Actor::Waiter { own: false })
}

/// To cancel a whole order: the more has happened with it, the more it needs.
pub(super) fn cancel(tx: &Tx<'_>, who: &Principal, order: &OrderWithDetails) -> Result<()> {
    let is_paid = order.order.payment_status != PaymentStatus::Unpaid;
    let needs = [
        (is_paid, Permission::OrderCancelPaid),
        (has_begun(order), Permission::OrderCancelBegun),
        (is_others(who, &order.order), Permission::OrderCancelOthers),
        (true, Permission::OrderCancel),
    ];
    let needs = needed(needs, order.order.total_price);
    of_order(tx, who, &order.order, (&needs, &MoneyWay::NONE))
}

/// To change a line, or take it off: the guests pay so much less by it, or more. Whatever leaves
/// another's order needs what calling all of it off needs, but for what one put there oneself and what
/// a guest still waits for.
pub(super) fn touch(
    tx: &Tx<'_>,
    who: &Principal,
    order: &Order,
    (item, is_begun): (&OrderItem, bool),
    less: Money,
) -> Result<()> {
    let leaves = less > Money::ZERO && item.status != ItemStatus::New && is_others(who, order);
    let needs = [
        (is_begun, Permission::LineRemoveBegun),
        (leaves && added_by(tx, item.id)? != Some(who.id), Permission::OrderCancelOthers),
        (!is_begun, Permission::LineRemove),
    ];
    let needs = needed(needs, Money(less.0.saturating_abs()));
    let (subject, what) = (("order_item", item.id), &What::Dish(item.dish_name.clone()));
    let (order, way) = (Some(order.id), &MoneyWay::NONE);
    permit(tx, who, Deed { needs: &needs, order, subject, worth: None, what, way }).map(drop)
}

fn added_by(tx: &Tx<'_>, item_id: i64) -> Result<Option<i64>> {
    let sql = "SELECT added_by_id FROM order_items WHERE id = ?1";
    Ok(tx.prepare_cached(sql)?.query_row([item_id], |row| row.get(0)).optional()?.flatten())
}

/// To move it, or lines of it, to another table: so much, by which so much of a service charge is lost.
/// Onto a bill of somebody else than its waiter it leaves that waiter, as if it were called off.
pub(super) fn to_move(
    tx: &Tx<'_>,
    who: &Principal,
    (order, table, onto): (&Order, i64, Option<&Order>),
    (worth, lost): (Money, Money),
) -> Result<()> {
    let is_taken = onto.is_some_and(|bill| ![0, order.waiter_id].contains(&bill.waiter_id));
    let is_taken = is_taken && is_others(who, order);
    let mut needs = needed([(is_taken, Permission::OrderCancelOthers)], worth);
    needs.extend(needed([(lost > Money::ZERO, Permission::ServiceChargeOff)], lost));
    needs.push((Permission::OrderMove, worth.0));
    let subject = ("order", order.id);
    let what = &What::ToTable { id: table, name: table_label(tx, table)? };
    let (order, way) = (Some(order.id), &MoneyWay::NONE);
    permit(tx, who, Deed { needs: &needs, order, subject, worth: None, what, way }).map(drop)
}

/// By what money is paid, and whose account, where it is paid on account.
pub(super) type PaidBy<'a> = (&'a Method, Option<i64>);

/// The same as who approves reads it.
fn money_way(db: &Connection, ((id, name), account_id): PaidBy<'_>) -> Result<MoneyWay> {
    let named = |id| Ok::<_, Error>((id, name_of(db, id)?.unwrap_or_default()));
    let method = id.map(|id| (id, name.clone().unwrap_or_default()));
    Ok(MoneyWay { method, account: account_id.map(named).transpose()? })
}

/// To take its money; so much of it from an account, where it is paid on account.
pub(super) fn take(
    tx: &Tx<'_>,
    who: &Principal,
    order: &Order,
    by: PaidBy<'_>,
    charged: Money,
) -> Result<()> {
    let needs = to_take(by, charged, order.total_price);
    of_order(tx, who, order, (&needs, &money_way(tx, by)?))
}

fn to_take(
    (_, account): PaidBy<'_>,
    Money(charged): Money,
    Money(due): Money,
) -> Vec<(Permission, i64)> {
    if account.is_some() {
        return vec![(Permission::AccountCharge, charged), (Permission::PaymentTake, charged)];
    }
    vec![(Permission::PaymentTake, due)]
}

/// To give all of its money back.
pub(super) fn give_back(tx: &Tx<'_>, who: &Principal, bill: &Bill) -> Result<()> {
    let order = &bill.order.order;
    let needs = [(Permission::PaymentRefund, bill.to_hand_back().0)];
    of_order(tx, who, order, (&needs, &MoneyWay::NONE))
}

fn of_order(
    tx: &Tx<'_>,
    who: &Principal,
    order: &Order,
    (needs, way): (&[(Permission, i64)], &MoneyWay),
) -> Result<()> {
    let (subject, what) = (("order", order.id), &What::Order);
    let order = Some(order.id);
    permit(tx, who, Deed { needs, order, subject, worth: None, what, way }).map(drop)
}

/// The permission that taking something off needs; none where something is put on.
fn of_kind(kind: RuleKind) -> Option<Permission> {
    match kind {
        kind if kind.is_charge() => None,
        RuleKind::Comp => Some(Permission::Comp),
        RuleKind::TaxExempt => Some(Permission::CheckTaxExempt),
        RuleKind::Percent => Some(Permission::DiscountPercent),
        _ => Some(Permission::DiscountAmount),
    }
}

fn of_adjustment(check_id: i64, item: Option<i64>) -> Subject {
    item.map_or(("check", check_id), |item| ("order_item", item))
}

/// To take something off a check or a line of it, by which it comes to so much less. Of percents all
/// that were agreed about the same are counted: two small discounts are a large one. Returns who
/// approved of it.
pub(super) fn adjust(
    tx: &Tx<'_>,
    who: &Principal,
    (bill, check): (&Bill, &Check),
    (rule, off): (&Rule, Money),
) -> Result<Option<i64>> {
    let Some(need) = of_kind(rule.kind) else { return Ok(None) };
    let (amount, worth) = match rule.kind {
        RuleKind::Percent => (rule.taken_with(&check.row.rules), Some(off.0)),
        RuleKind::Amount => (rule.value, None),
        RuleKind::TaxExempt => {
            // What was agreed before more was ordered counts already.
            let before = check.row.rules.iter().filter_map(|rule| rule.tax_agreed(&check.draft));
            let before = before.max().unwrap_or(Money::ZERO);
            ((off - before).max(Money::ZERO).0, None)
        }
        _ => (off.0, None),
    };
    let subject = of_adjustment(check.row.id, rule.item);
    let line = bill.order.items.iter().find(|item| Some(item.id) == rule.item);
    let what = line.map_or_else(|| name(check), |item| What::Dish(item.dish_name.clone()));
    let order = Some(check.row.order_id);
    let (needs, way) = (&[(need, amount)], &MoneyWay::NONE);
    permit(tx, who, Deed { needs, order, subject, worth, what: &what, way })
}

/// What was taken off came back: it counts no more for whoever's right it was.
pub(super) fn taken_back(tx: &Tx<'_>, row: &AdjustmentRow, order: i64, back: Money) -> Result<()> {
    let (Some(need), Some(by)) = (of_kind(row.kind), row.user_id) else { return Ok(()) };
    let subject = of_adjustment(row.check_id, row.item_id);
    permissions::taken_back(tx, (order, need, subject), (by, row.approved_by_id), back.0)
}

/// To take off again what was put on. Returns who approved of it.
pub(super) fn service_off(
    tx: &Tx<'_>,
    who: &Principal,
    check: &Check,
    off: Money,
) -> Result<Option<i64>> {
    of_check(tx, who, Permission::ServiceChargeOff, check, off)
}

/// To take back a check that the guests have seen.
pub(super) fn take_back(tx: &Tx<'_>, who: &Principal, check: &Check) -> Result<()> {
    of_check(tx, who, Permission::CheckReopen, check, check.computed.total).map(drop)
}

/// To call a check off.
pub(super) fn void(tx: &Tx<'_>, who: &Principal, check: &Check) -> Result<()> {
    of_check(tx, who, Permission::CheckVoid, check, check.computed.total).map(drop)
}

/// To take money for a check; so much of it from an account, where it is paid on account.
pub(super) fn take_part(
    tx: &Tx<'_>,
    who: &Principal,
    check: &Check,
    by: PaidBy<'_>,
    charged: Money,
) -> Result<()> {
    let (subject, order) = (("check", check.row.id), Some(check.row.order_id));
    let (needs, way) = (&to_take(by, charged, check.standing().due), &money_way(tx, by)?);
    permit(tx, who, Deed { needs, order, subject, worth: None, what: &name(check), way }).map(drop)
}

/// To give so much of a payment back, the way it came or another.
pub(super) fn refund(
    tx: &Tx<'_>,
    who: &Principal,
    of: (&Check, i64),
    returned: Money,
    (way, is_other_way): (PaidBy<'_>, bool),
) -> Result<()> {
    let refund = (Permission::PaymentRefund, returned.0);
    let other_way = (Permission::PaymentOtherWay, returned.0);
    let needs: &[_] = if is_other_way { &[other_way, refund] } else { &[refund] };
    of_payment(tx, who, of, (needs, &name(of.0), &money_way(tx, way)?))
}

/// To say that this became of a payment.
pub(super) fn clear(
    tx: &Tx<'_>,
    who: &Principal,
    (check, payment): (&Check, &PaymentRow),
    state: PaymentState,
) -> Result<()> {
    let what = &What::Payment { check: check.row.number, state };
    let method = (payment.method_id, payment.method_name.clone());
    let way = &money_way(tx, (&method, payment.account_id))?;
    let needs = &[(Permission::PaymentClear, payment.amount.0)];
    of_payment(tx, who, (check, payment.id), (needs, what, way))
}

fn of_payment(
    tx: &Tx<'_>,
    who: &Principal,
    (check, payment_id): (&Check, i64),
    (needs, what, way): (&[(Permission, i64)], &What, &MoneyWay),
) -> Result<()> {
    let (subject, order) = (("payment", payment_id), Some(check.row.order_id));
    permit(tx, who, Deed { needs, order, subject, worth: None, what, way }).map(drop)
}

/// To give all that is left of a paid check's money back, and have it paid anew.
pub(super) fn reopen(tx: &Tx<'_>, who: &Principal, check: &Check) -> Result<()> {
    of_check(tx, who, Permission::PaymentRefund, check, check.to_hand_back()).map(drop)
}

type Subject = (&'static str, i64);

fn name(check: &Check) -> What {
    What::Check(check.row.number)
}

fn of_check(
    tx: &Tx<'_>,
    who: &Principal,
    need: Permission,
    check: &Check,
    Money(amount): Money,
) -> Result<Option<i64>> {
    let (subject, order) = (("check", check.row.id), Some(check.row.order_id));
    let (needs, way) = (&[(need, amount)], &MoneyWay::NONE);
    permit(tx, who, Deed { needs, order, subject, worth: None, what: &name(check), way })
}
