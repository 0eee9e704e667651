//! Splits a check into several and joins them again. A line is never copied: each check holds so
//! much of it, and what it comes to there is kept to the minor unit.

use super::compute::compute;
use super::computed::{ChargeShare, Computed, ComputedLine, Share, Taxed};
use super::divide::{by_amounts, by_weights, draw_untaxed, lines_by_weights, with_taxes};
use super::draft::{Adjustment, AdjustmentKind, Charge, Draft, DraftLine, Kept};
use super::refusal::Refusal;
use crate::core::kernel::{Money, Quantity, apportion};

/// The most checks that one may be split into.
pub const MOST_PARTS: usize = 50;

/// How a check is split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// Each list becomes a check: lines by their ids, and how much of each. What is not named
    /// stays on the check that is split; where all is named, the first list stays.
    Lines(Vec<Vec<(i64, Quantity)>>),
    /// A check for each seat. What belongs to no seat is for all of them, in equal parts.
    Seats,
    /// So many equal parts, which differ by one minor unit at most.
    Parts(usize),
    /// A part of this total, which comes second; the rest stays.
    Amount(Money),
}

/// Splits a check. The first part is what stays on it. All of them together come to what it came
/// to, to the minor unit, in every sum and every line; from then on each lives by itself, and what
/// is done to one changes no other.
///
/// # Errors
/// When it cannot be computed or parted so.
pub fn split(draft: &Draft, by: &By) -> Result<Vec<Draft>, Refusal> {
    let whole = compute(draft)?;
    drafts_of(draft, &parts(draft, &whole, by)?)
}

/// What the parts of a check come to, of a draft and what it was computed to: the same sums as those
/// of a split.
///
/// # Errors
/// When it cannot be parted so.
pub fn parts(draft: &Draft, whole: &Computed, by: &By) -> Result<Vec<Computed>, Refusal> {
    if whole.lines.is_empty() {
        return Err(Refusal::NothingOnIt);
    }
    let parts = match by {
        By::Lines(parts) => split_by_lines(whole, parts)?,
        By::Seats => split_by_seats(draft, whole)?,
        By::Parts(count) => {
            if !(2..=MOST_PARTS).contains(count) {
                return Err(Refusal::PartsOutOfRange { most: MOST_PARTS });
            }
            by_amounts(whole, &equal(whole.total, *count)?)?
        }
        By::Amount(amount) => {
            if *amount <= Money::ZERO || *amount >= whole.total {
                return Err(Refusal::AmountOutOfRange { total: whole.total });
            }
            by_amounts(whole, &[whole.total - *amount, *amount])?
        }
    };
    if parts.iter().any(|part| part.lines.is_empty()) {
        return Err(Refusal::EmptyPart);
    }
    Ok(parts)
}

fn equal(amount: Money, count: usize) -> Result<Vec<Money>, Refusal> {
    let shares = apportion(amount.0, &vec![1; count]).ok_or(Refusal::TooLarge)?;
    Ok(shares.into_iter().map(Money).collect())
}

fn split_by_lines(
    whole: &Computed,
    parts: &[Vec<(i64, Quantity)>],
) -> Result<Vec<Computed>, Refusal> {
    if parts.len() > MOST_PARTS {
        return Err(Refusal::PartsOutOfRange { most: MOST_PARTS });
    }
    let taken = quantities(whole, parts)?;
    let rest = |(line, taken): (&ComputedLine, &Vec<i64>)| {
        let has = line.quantity;
        // Of a small part of a line the quantity may round to 0: such a crumb stays.
        let left = has.thousandths().max(1) - taken.iter().sum::<i64>();
        let is_there = left >= 0;
        is_there.then_some(left).ok_or(Refusal::MoreThanThereIs { item: line.item, has })
    };
    let rest: Vec<i64> = whole.lines.iter().zip(&taken).map(rest).collect::<Result<_, _>>()?;
    let weights: Vec<Vec<i64>> = if rest.iter().all(|left| *left == 0) {
        taken
    } else {
        rest.iter().zip(taken).map(|(left, taken)| [vec![*left], taken].concat()).collect()
    };
    if weights.first().is_none_or(|parts| parts.len() < 2) {
        return Err(Refusal::OnePart);
    }
    by_weights(whole, &weights)
}

/// How much of each line each part takes, in thousandths.
fn quantities(whole: &Computed, parts: &[Vec<(i64, Quantity)>]) -> Result<Vec<Vec<i64>>, Refusal> {
    let mut taken = vec![vec![0; parts.len()]; whole.lines.len()];
    for (at, part) in parts.iter().enumerate() {
        if part.is_empty() {
            return Err(Refusal::EmptyPart);
        }
        for (item, quantity) in part {
            let line = whole.lines.binary_search_by_key(item, |line| line.item);
            let line = line.map_err(|_| Refusal::NoSuchLine { item: *item })?;
            if *quantity == Quantity::ZERO {
                return Err(Refusal::NoQuantity { item: *item });
            }
            taken[line][at] += quantity.thousandths();
        }
    }
    Ok(taken)
}

fn split_by_seats(draft: &Draft, whole: &Computed) -> Result<Vec<Computed>, Refusal> {
    let mut seats: Vec<u32> = draft.lines.iter().filter_map(|line| line.seat).collect();
    seats.sort_unstable();
    seats.dedup();
    match seats.len() {
        0 => return Err(Refusal::NoSeats),
        1 => return Err(Refusal::OnePart),
        count if count > MOST_PARTS => {
            return Err(Refusal::PartsOutOfRange { most: MOST_PARTS });
        }
        _ => {}
    }
    let seat_of = |line: &ComputedLine| {
        let drafted = draft.lines.iter().find(|drafted| drafted.item == line.item);
        drafted.and_then(|drafted| drafted.seat)
    };
    let (seated, mut shared): (Vec<_>, Vec<_>) =
        whole.lines.iter().cloned().partition(|line| seat_of(line).is_some());
    let weights: Vec<Vec<i64>> = seated
        .iter()
        .map(|line| seats.iter().map(|seat| i64::from(seat_of(line) == Some(*seat))).collect())
        .collect();
    let mut parts = lines_by_weights(&seated, &weights)?;
    let untaxed = shared.iter().map(|line| line.net() + line.service()).sum();
    for (at, amount) in equal(untaxed, seats.len())?.into_iter().enumerate() {
        parts[at].extend(draw_untaxed(&mut shared, amount, seats.len() - at)?);
    }
    with_taxes(whole, parts)
}

/// The parts of a check as drafts. What was apportioned stands in their lines; rules in percent
/// stay for what is ordered later, sums do not, since they are spent.
fn drafts_of(draft: &Draft, parts: &[Computed]) -> Result<Vec<Draft>, Refusal> {
    let guests = apportion(i64::from(draft.guests), &vec![1; parts.len()]);
    let guests = guests.ok_or(Refusal::TooLarge)?;
    let mut rules = Draft { spent: draft.spent.clone(), ..Draft::default() };
    add_rules(&mut rules, draft);
    let part = |(part, guests): (&Computed, i64)| Draft {
        lines: part.lines.iter().filter_map(|line| drafted(&draft.lines, line)).collect(),
        guests: u32::try_from(guests).unwrap_or(u32::MAX),
        ..rules.clone()
    };
    Ok(parts.iter().zip(guests).map(part).collect())
}

/// Adds the rules in percent that another check has and this one has not, and what they are bound to.
pub(super) fn add_rules(to: &mut Draft, from: &Draft) {
    for bound in &from.bounds {
        if to.bound(bound.id).is_none() {
            to.bounds.push(bound.clone());
        }
    }
    for rule in &from.adjustments {
        let is_spent = matches!(rule.kind, AdjustmentKind::Amount(_));
        if !is_spent && to.adjustments.iter().all(|known| known.id != rule.id) {
            to.adjustments.push(*rule);
        }
    }
    for rule in &from.charges {
        let is_taken = from.guests >= rule.least_guests;
        let is_spent = is_taken && !rule.is_percent();
        if !is_spent && to.charges.iter().all(|known| known.id != rule.id) {
            // The guests of a part are fewer, and still of the party for which it was taken.
            let least_guests = if is_taken { 0 } else { rule.least_guests };
            to.charges.push(Charge { least_guests, ..*rule });
        }
    }
}

/// A line as it was ordered, with what it comes to.
fn drafted(ordered: &[DraftLine], line: &ComputedLine) -> Option<DraftLine> {
    let ordered = ordered.iter().find(|ordered| ordered.item == line.item)?;
    let kept = Kept { line: line.clone(), is_exact: true };
    Some(DraftLine { quantity: line.quantity, kept: Some(kept), ..ordered.clone() })
}

/// Joins checks into one that comes to what they came to together. Parts of one line are one line
/// again. What was agreed on some of them alone holds for their lines, and not for what is ordered
/// later: fifty parts with ten percent off each would give the rest away.
///
/// # Errors
/// When one of them cannot be computed, only some are freed of tax, or they are too large together.
pub fn join(drafts: &[Draft]) -> Result<Draft, Refusal> {
    if drafts.windows(2).any(|pair| pair[0].exemption() != pair[1].exemption()) {
        return Err(Refusal::OtherwiseExempt);
    }
    let checks = drafts.iter().map(compute).collect::<Result<Vec<_>, _>>()?;
    let whole = Computed::together(&checks)?;
    let mut joined = Draft::default();
    let mut ordered = Vec::new();
    for draft in drafts {
        joined.guests = joined.guests.saturating_add(draft.guests);
        ordered.extend(draft.lines.iter().cloned());
        add_rules(&mut joined, draft);
    }
    joined.lines = whole.lines.iter().filter_map(|line| drafted(&ordered, line)).collect();
    for line in &mut joined.lines {
        pass_over(line, &joined.adjustments, &joined.charges);
    }
    joined.spent = spent(&joined, drafts);
    Ok(joined)
}

/// The rules of a joined check that do not hold for all of it.
fn spent(joined: &Draft, drafts: &[Draft]) -> Vec<i64> {
    let of = |draft: &Draft| -> Vec<i64> {
        let adjustments = draft.adjustments.iter().map(|rule| rule.id);
        adjustments.chain(draft.charges.iter().map(|rule| rule.id)).collect()
    };
    let holds = |draft: &Draft, id: i64| of(draft).contains(&id) && !draft.spent.contains(&id);
    let is_spent = |id: &i64| !drafts.iter().all(|draft| holds(draft, *id));
    of(joined).into_iter().filter(is_spent).collect()
}

/// What is left of a sale, as a check that is to be paid anew: what is agreed about it holds, and
/// takes nothing twice.
///
/// # Errors
/// When it cannot be computed.
pub fn again(sold: &Draft, left: &Computed) -> Result<Draft, Refusal> {
    if compute(sold)?.lines == left.lines {
        return Ok(sold.clone());
    }
    let mut draft = sold.clone();
    draft.lines = left.lines.iter().filter_map(|line| drafted(&sold.lines, line)).collect();
    for line in &mut draft.lines {
        let own = line.adjustments.clone();
        pass_over(line, &own, &[]);
        pass_over(line, &draft.adjustments, &draft.charges);
    }
    Ok(draft)
}

/// Marks rules of the other checks as looked at: they do not reach a line by joining.
fn pass_over(line: &mut DraftLine, adjustments: &[Adjustment], charges: &[Charge]) {
    let Some(Kept { line, .. }) = &mut line.kept else { return };
    for rule in adjustments {
        if !line.holds(rule.id) {
            line.discounts.push(Share { id: rule.id, amount: Money::ZERO });
        }
    }
    for rule in charges {
        if line.charges.iter().all(|share| share.id != rule.id) {
            let tax = rule.tax.of_line(line.goods.tax);
            let taxed = Taxed::untaxed(tax, Money::ZERO);
            line.charges.push(ChargeShare { id: rule.id, taxed });
        }
    }
}
