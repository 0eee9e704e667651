//! What may not happen to an order's lines because of its checks.

use super::bill::{Bill, Check, MOST_CHECKS};
use super::rows;
use crate::core::error::{Error, Result};
use crate::core::kernel::Money;
use crate::core::store::Tx;
use crate::features::checks::CheckState;
use crate::features::orders::check_adjustments::Rule;
use crate::features::orders::states::PaymentStatus;
use crate::features::orders::types::{OrderItem, OrderWithDetails};

/// What is to be done with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touch {
    /// Another quantity, size or wish.
    Change,
    /// Something else is chosen with it.
    Choose,
    /// It is taken off.
    Remove,
    /// It goes to another order.
    Move,
}

/// Whether a line may be touched; where no check has to hold it as it is, none does any more.
///
/// # Errors
/// 409 with what to do first.
pub fn check_line(
    tx: &Tx<'_>,
    order: &OrderWithDetails,
    item: &OrderItem,
    touch: Touch,
) -> Result<()> {
    if !rows::are_any(tx, order.order.id)? {
        return Ok(());
    }
    let bill = Bill::of(tx, order.clone())?;
    let holds = |check: &&Check| check.draft.lines.iter().any(|line| line.item == item.id);
    let holding: Vec<&Check> = bill.valid().filter(holds).collect();
    holding.iter().try_for_each(|check| check_free(check))?;
    if holding.is_empty() && touch == Touch::Remove {
        // Nobody is to pay it any more.
        return Ok(());
    }
    let was_sold = bill.checks.iter().any(|other| {
        other.row.state == CheckState::Refunded
            && other.computed.lines.iter().any(|line| line.item == item.id)
    });
    let stays = matches!(touch, Touch::Move | Touch::Choose);
    if was_sold && (stays || holding.is_empty()) {
        let dish = &item.dish_name;
        let detail = format!(
            "“{dish}” was paid here once, and its money went back. It stays with this order, as it was \
             chosen."
        );
        return Err(Error::conflict("line_was_sold", detail).with("dish", dish.as_str()));
    }
    let [check] = holding.as_slice() else { return Err(is_split(item)) };
    // What the house takes off by itself it takes off again where the line goes.
    let is_own = |rule: &Rule| rule.item == Some(item.id) && rule.house_id.is_none();
    let has_own = check.row.rules.iter().any(is_own);
    if touch == Touch::Move && has_own {
        let dish = &item.dish_name;
        let detail = format!(
            "Something was taken off “{dish}”. Take that back before it goes to another table."
        );
        return Err(Error::conflict("line_adjusted", detail).with("dish", dish.as_str()));
    }
    let held = rows::held(tx, order.order.id)?;
    let is_its = |line: &&rows::HeldLine| (line.check_id, line.item_id) == (check.row.id, item.id);
    let Some(line) = held.iter().find(is_its) else { return Ok(()) };
    let is_alone = bill.valid().count() == 1 && line.kept.is_none();
    if touch != Touch::Remove && !is_alone {
        return Err(if bill.valid().count() > 1 { is_split(item) } else { stands(item) });
    }
    rows::let_line_go(tx, item.id)
}

/// Whether an order may get more lines: where no check of it is open they need a new one.
///
/// # Errors
/// 409 when it has as many checks as an order may have.
pub fn check_room(tx: &Tx<'_>, order: &OrderWithDetails) -> Result<()> {
    let (is_open, last): (bool, i64) = tx
        .prepare_cached(
            "SELECT coalesce(max(state = 'OPEN'), 1), coalesce(max(number), 0)
             FROM checks WHERE order_id = ?1",
        )?
        .query_row([order.order.id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if is_open || last < MOST_CHECKS {
        return Ok(());
    }
    let number = order.order.number;
    let detail = format!(
        "Order {number} has {MOST_CHECKS} checks, and none is open. Take back one that was presented, \
         or have these paid first."
    );
    Err(Error::conflict("too_many_checks", detail).with("number", number))
}

fn is_split(item: &OrderItem) -> Error {
    let dish = &item.dish_name;
    let detail =
        format!("“{dish}” is on a check that was split. Join the checks first, then change it.");
    Error::conflict("line_is_split", detail).with("dish", dish.as_str())
}

/// Of the only check: what a join, or a part that went back, left of a line has no price to count by.
fn stands(item: &OrderItem) -> Error {
    let dish = &item.dish_name;
    let detail = format!(
        "Something was agreed about a part of “{dish}”, or a part of it was paid and went back: it \
         stays as it is. Take it off and order it anew, or order another beside it."
    );
    Error::conflict("line_stands", detail).with("dish", dish.as_str())
}

/// Whether the lines of a check may change.
fn check_free(check: &Check) -> Result<()> {
    let number = check.row.number;
    match check.row.state {
        CheckState::Presented => Err(presented(number)),
        CheckState::Paid | CheckState::Closed => {
            let detail = if check.kept_money() > Money::ZERO {
                format!("Check {number} is paid. Give the money back instead.")
            } else {
                format!("Check {number} was paid and refunded. Reopen it to charge it anew.")
            };
            Err(Error::conflict("check_paid", detail).with("check", number))
        }
        CheckState::Open => check_no_money(check),
        CheckState::Void | CheckState::Refunded => Ok(()),
    }
}

fn presented(number: i64) -> Error {
    let detail = format!("Check {number} was presented. Take it back first, then change it.");
    Error::conflict("check_presented", detail).with("check", number)
}

fn money_taken(number: i64) -> Error {
    let detail = format!("Money was taken for check {number}. Give it back first.");
    Error::conflict("money_taken", detail).with("check", number)
}

/// Whether no money is here for a check, nor on its way.
fn check_no_money(check: &Check) -> Result<()> {
    check.standing().check_clear()?;
    if check.kept_money() > Money::ZERO { Err(money_taken(check.row.number)) } else { Ok(()) }
}

/// Whether an order may end: not while nobody knows of a payment.
///
/// # Errors
/// 409 with the sum that is to be found out.
pub fn check_close(tx: &Tx<'_>, order: &OrderWithDetails) -> Result<()> {
    if !rows::are_any(tx, order.order.id)? {
        return Ok(());
    }
    let bill = Bill::of(tx, order.clone())?;
    bill.checks.iter().try_for_each(|check| Ok(check.standing().check_clear()?))
}

/// Whether an order may be cancelled as far as its checks are concerned.
///
/// # Errors
/// 409 with what to do first.
pub fn check_cancel(tx: &Tx<'_>, order: &OrderWithDetails) -> Result<()> {
    if order.order.payment_status != PaymentStatus::Unpaid || !rows::are_any(tx, order.order.id)? {
        return Ok(());
    }
    let bill = Bill::of(tx, order.clone())?;
    bill.valid().try_for_each(|check| match check.row.state {
        CheckState::Presented => {
            check.standing().check_clear()?;
            Err(presented(check.row.number))
        }
        _ => check_no_money(check),
    })
}

/// Whether all lines of an order may go to another.
///
/// # Errors
/// 409 when something was agreed about its checks, which would be lost.
pub fn check_join(tx: &Tx<'_>, order: &OrderWithDetails) -> Result<()> {
    if !rows::are_any(tx, order.order.id)? {
        return Ok(());
    }
    let bill = Bill::of(tx, order.clone())?;
    let is_plain = |check: &Check| {
        check.row.state == CheckState::Open
            && check.row.rules.iter().all(|rule| rule.house_id.is_some())
            && check_no_money(check).is_ok()
    };
    let is_held = rows::held(tx, order.order.id)?.iter().any(|line| line.kept.is_some());
    if bill.checks.len() == 1 && bill.checks.iter().all(is_plain) && !is_held {
        return bill.checks.iter().try_for_each(|check| rows::let_go(tx, check.row.id));
    }
    let number = order.order.number;
    let detail = format!(
        "A check of order {number} was split, adjusted, presented or paid. Settle it at its table, \
         or join its checks and take back what was agreed first."
    );
    Err(Error::conflict("checks_agreed", detail).with("number", number))
}
