//! What guests want to pay by themselves, reckoned as a split would.

use super::bill::{Bill, Check};
use crate::core::error::Result;
use crate::core::kernel::{Money, Quantity};
use crate::core::store::{Connection, Tx};
use crate::features::calls::{self, PartWish, Wished, WishedLine};
use crate::features::checks::{By, CheckState, Refusal, parts};
use crate::features::orders::store::combos;
use crate::features::orders::types::OrderWithDetails;

/// What a part of a check would come to, and what is to be paid of the check still.
///
/// # Errors
/// 404 when the order has no such check; what a split would refuse.
pub fn part(
    db: &Connection,
    order: OrderWithDetails,
    check_id: i64,
    by: &By,
) -> Result<(Money, Money)> {
    let bill = Bill::of(db, order)?;
    let check = &bill.checks[bill.place(check_id)?];
    let by = combos::split_together(&bill.order, &check.computed.quantities(), by.clone())?;
    let due = check.standing().due;
    Ok((reckon(&bill, check_id, &by)?, due))
}

/// Thirds are no whole thousandths: what is so little off is what is left of the line.
const CRUMB: i64 = 2;

fn is_about(one: Quantity, other: Quantity) -> bool {
    (one.thousandths() - other.thousandths()).abs() <= CRUMB
}

/// The parts of lines as the check holds them, where all but a crumb of one is wanted.
fn whole_crumbs(check: &Check, by: &By) -> By {
    let By::Lines(lists) = by else { return by.clone() };
    let whole = |&(item, wanted): &(i64, Quantity)| {
        let line = check.computed.lines.iter().find(|line| line.item == item);
        let there = line.map(|line| line.quantity).filter(|there| is_about(*there, wanted));
        (item, there.unwrap_or(wanted))
    };
    By::Lines(lists.iter().map(|list| list.iter().map(whole).collect()).collect())
}

fn reckon(bill: &Bill, check_id: i64, by: &By) -> Result<Money> {
    let check = &bill.checks[bill.place(check_id)?];
    let state = check.row.state;
    if state.is_settled() || state == CheckState::Void {
        return Err(Refusal::WrongState { is: state.as_str() }.into());
    }
    let parted = match parts(&check.draft, &check.computed, &whole_crumbs(check, by)) {
        // Whoever had all of it pays all of it.
        Err(Refusal::OnePart) => return Ok(check.computed.total),
        parted => parted?,
    };
    // What is named comes after the rest; of equal parts the first may be a minor unit more.
    let mine = if matches!(by, By::Lines(_)) { parted.last() } else { parted.first() };
    Ok(mine.map_or(Money::ZERO, |part| part.total))
}

fn asked_by(wish: &PartWish) -> By {
    let lines = wish.lines.iter().map(|line| (line.item_id, line.quantity)).collect();
    wish.parts.map_or(By::Lines(vec![lines]), By::Parts)
}

/// What the guests of a bill asked for and can still be done, at what it comes to now.
pub fn wishes(db: &Connection, bill: &Bill) -> Result<Vec<PartWish>> {
    let asked = calls::parts_of(db, bill.order.order.id)?;
    let as_now = |Wished { wish, .. }: Wished| {
        let check = &bill.checks[bill.place(wish.check_id).ok()?];
        let by = whole_crumbs(check, &asked_by(&wish));
        let total = reckon(bill, wish.check_id, &by).ok()?;
        let line = |&(item_id, quantity): &(i64, Quantity)| WishedLine { item_id, quantity };
        let lines = match &by {
            By::Lines(lists) => lists.iter().flatten().map(line).collect(),
            _ => Vec::new(),
        };
        Some(PartWish { lines, total, ..wish })
    };
    Ok(asked.into_iter().filter_map(as_now).collect())
}

/// A check was split: who asked for a part that is a check now need not ask any more.
pub fn made(tx: &Tx<'_>, order_id: i64, check_id: i64, how: &By) -> Result<()> {
    calls::forget(tx, order_id, |Wished { wish, .. }| {
        wish.check_id == check_id
            && match how {
                By::Parts(_) => wish.parts.is_some(),
                By::Lines(lists) => lists.iter().any(|list| is_of(wish, list)),
                By::Seats | By::Amount(_) => false,
            }
    })
}

fn is_of(wish: &PartWish, list: &[(i64, Quantity)]) -> bool {
    let has = |(item, quantity): &(i64, Quantity)| {
        wish.lines.iter().any(|line| line.item_id == *item && is_about(line.quantity, *quantity))
    };
    wish.lines.len() == list.len() && list.iter().all(has)
}
