//! What an order stands for in programs: what its checks earn, and what was held or spent on them. The
//! ledger of `features/loyalty` writes the difference to what it says already.

use rusqlite::OptionalExtension;

use super::checks::{self, AdjustmentRow, Bill, Check};
use super::load;
use crate::core::error::Result;
use crate::core::kernel::{Money, Percent};
use crate::core::store::{Connection, Tx};
use crate::features::checks::{Computed, MethodKind, PaymentState};
use crate::features::loyalty::{
    self, Counted, Counting, Part, ProgramKind, account_for, customer_known,
};
use crate::features::orders::events::PaymentKind;

/// After an order changed: what it earned, holds and spent is written down, and codes that stand nowhere
/// any more come back. An order that is nobody's asks one question.
pub(super) fn follow(tx: &Tx<'_>, order_id: i64, by: Option<i64>) -> Result<()> {
    if !loyalty::concerns(tx, order_id)? {
        return Ok(());
    }
    let bill = Bill::of(tx, load::order_with_items(tx, order_id)?)?;
    let mut agreed = checks::adjustments(tx, order_id)?;
    agreed.retain(|row| row.undoes.is_none());
    let stands = |row: &AdjustmentRow| bill.valid().any(|check| bears(check, row.id));
    let codes = agreed.iter().filter(|row| stands(row)).filter_map(|row| row.promo_code_id);
    loyalty::follow_promos(tx, order_id, &codes.collect::<Vec<_>>())?;
    let guest = match bill.order.order.customer_id {
        None => None,
        Some(id) => match customer_known(tx, id)? {
            // Who was forgotten earns nothing, and loses nothing either.
            None => return Ok(()),
            known => known,
        },
    };
    let mut counted = used(tx, &bill, &agreed)?;
    if let Some(guest) = guest {
        counted.extend(earned(tx, &bill, &agreed, guest)?);
    }
    loyalty::write_down(tx, order_id, &counted, by)
}

/// Whether something that was agreed is on a check, whatever it came to.
fn bears(check: &Check, id: i64) -> bool {
    check.row.rules.iter().any(|rule| rule.id == id)
        || check.computed.adjustments.iter().any(|applied| applied.id == id)
}

fn amount_of(computed: &Computed, id: i64) -> Money {
    let of_it = computed.adjustments.iter().find(|applied| applied.id == id);
    of_it.map_or(Money::ZERO, |applied| applied.amount)
}

/// What is held for checks that are to be paid, and spent on those that are.
fn used(db: &Connection, bill: &Bill, agreed: &[AdjustmentRow]) -> Result<Vec<Counted>> {
    let mut counted = Vec::new();
    for row in agreed {
        let Some(account_id) = row.account_id else { continue };
        let cost = match loyalty::reward(db, account_id)? {
            reward if reward.kind == ProgramKind::Stamps => Some(reward.stamps),
            _ => None,
        };
        let bearing: Vec<&Check> = bill.valid().filter(|check| bears(check, row.id)).collect();
        let mut rest = cost.unwrap_or(row.value);
        for check in bearing.iter().filter(|check| check.row.state.is_settled()) {
            let left = amount_of(&check.left()?, row.id).0;
            let spent = cost.map_or(left, |cost| if left > 0 { cost.min(rest) } else { 0 });
            rest -= cost.map_or(amount_of(&check.computed, row.id).0, |_| spent);
            counted.push(Counted {
                check_id: check.row.id,
                account_id,
                part: Part::Spent,
                amount: -spent,
                rate: 0,
            });
        }
        // All that was agreed is held, whatever it comes to now: more may be ordered.
        if let Some(check) = bearing.iter().find(|check| check.row.state.is_to_pay()) {
            let (check_id, amount) = (check.row.id, -rest.max(0));
            counted.push(Counted { check_id, account_id, part: Part::Held, amount, rate: 0 });
        }
    }
    Ok(counted)
}

/// What the paid checks of a guest earn, of what is left of them.
fn earned(tx: &Tx<'_>, bill: &Bill, agreed: &[AdjustmentRow], guest: i64) -> Result<Vec<Counted>> {
    let order = &bill.order.order;
    let mut counted = Vec::new();
    for program in loyalty::counting(tx, order.id, order.created_at)? {
        for check in bill.valid().filter(|check| check.row.state.is_settled()) {
            let amount = match program.kind {
                ProgramKind::Points => points(check, program.rate)?,
                ProgramKind::Stamps => stamps(tx, check, &program, agreed)?,
            };
            if amount > 0 {
                let account_id = account_for(tx, program.program_id, guest)?;
                let (check_id, rate) = (check.row.id, program.rate);
                counted.push(Counted { check_id, account_id, part: Part::Earned, amount, rate });
            }
        }
    }
    Ok(counted)
}

/// Points for the goods of a check: not for service, tips, and what a voucher paid.
fn points(check: &Check, rate: i64) -> Result<i64> {
    let goods: Money = check.left()?.lines.iter().map(|line| line.goods.total()).sum();
    let taken = check
        .payments
        .iter()
        .filter(|row| row.kind == PaymentKind::Payment && row.state == PaymentState::Taken);
    let (mut paid, mut by_money) = (Money::ZERO, Money::ZERO);
    for row in taken {
        paid += row.amount;
        if row.method_kind != MethodKind::Voucher {
            by_money += row.amount;
        }
    }
    Ok(loyalty::points(goods, (by_money, paid), Percent::new(rate)))
}

/// Stamps for the pieces of a check that count, without those that were free for a full card.
fn stamps(
    db: &Connection,
    check: &Check,
    program: &Counting,
    agreed: &[AdjustmentRow],
) -> Result<i64> {
    let mut sum = 0;
    let left = check.left()?;
    for line in left.lines.iter().filter(|line| line.net() > Money::ZERO) {
        if program.category_id.is_some() && category_of(db, line.item)? != program.category_id {
            continue;
        }
        let is_free = |row: &&AdjustmentRow| {
            row.account_id.is_some() && row.item_id == Some(line.item) && bears(check, row.id)
        };
        let free = agreed.iter().filter(is_free).count();
        sum += loyalty::stamps(line.quantity, i64::try_from(free).unwrap_or(i64::MAX));
    }
    Ok(sum)
}

/// The category of a line's dish.
pub(super) fn category_of(db: &Connection, item_id: i64) -> Result<Option<i64>> {
    let sql =
        "SELECT d.category_id FROM order_items i JOIN dishes d ON d.id = i.dish_id WHERE i.id = ?1";
    Ok(db.prepare_cached(sql)?.query_row([item_id], |row| row.get(0)).optional()?)
}
