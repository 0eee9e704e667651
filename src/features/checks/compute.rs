//! Computes a check: lines, what is taken off them, what is taken off the check, charges, taxes.
//! Each sum is made once and apportioned downwards, so parts always sum to the whole.

use super::computed::{ChargeShare, Computed, ComputedLine, Taxed, spread_tax};
use super::draft::{Adjustment, AdjustmentKind, Bound, Charge, ChargeKind, Draft, DraftLine, Kept};
use super::refusal::{Refusal, bounded};
use crate::core::kernel::Tax;
use crate::core::kernel::{Money, apportion};

/// A line under way.
struct Working<'a> {
    draft: &'a DraftLine,
    line: ComputedLine,
    /// It costs what a split left: so do the charges in percent on it.
    net_is_kept: bool,
    /// Its charges are as well: so are its taxes.
    is_kept: bool,
}

impl Working<'_> {
    /// Takes something off, and says what it came to.
    fn take_off(&mut self, adjustment: i64, wanted: Money) -> Money {
        let taken = self.line.take_off(adjustment, wanted);
        self.net_is_kept &= taken == Money::ZERO;
        self.is_kept &= self.net_is_kept;
        taken
    }
}

/// What adjustments could not take because no more was there, by their ids.
type Cuts = Vec<(i64, Money)>;

/// Computes a check. The same draft gives the same check, in whatever order its parts are named.
///
/// # Errors
/// When an amount or a quantity is none, something is named twice, or it comes to more than money
/// can be. An adjustment that is larger than what it takes from is no error: the most is taken,
/// and [`Applied::cut`](super::Applied) says what is missing.
pub fn compute(draft: &Draft) -> Result<Computed, Refusal> {
    let mut cuts = Cuts::new();
    let mut lines = priced(draft, &mut cuts)?;
    take_off(draft, &mut lines, &mut cuts)?;
    put_on(draft, &mut lines)?;
    add_taxes(&mut lines)?;
    let mut check = Computed::of(lines.into_iter().map(|working| working.line).collect())?;
    for (id, cut) in cuts {
        if let Some(applied) = check.adjustments.iter_mut().find(|applied| applied.id == id) {
            applied.cut += cut;
        }
    }
    Ok(check)
}

/// Steps 1 and 2: what the lines cost, and what is taken off each.
fn priced<'a>(draft: &'a Draft, cuts: &mut Cuts) -> Result<Vec<Working<'a>>, Refusal> {
    let mut ordered: Vec<&DraftLine> = draft.lines.iter().collect();
    ordered.sort_by_key(|line| line.item);
    if let Some(twice) = ordered.windows(2).find(|pair| pair[0].item == pair[1].item) {
        return Err(Refusal::LineTwice { item: twice[0].item });
    }
    let mut lines = Vec::with_capacity(ordered.len());
    for ordered in ordered {
        let mut working = begin(ordered)?;
        for adjustment in in_turn(&ordered.adjustments)? {
            if !working.line.holds(adjustment.id) {
                let wanted = wanted(adjustment, working.line.net(), draft.bound(adjustment.id));
                let taken = working.take_off(adjustment.id, wanted);
                cuts.push((adjustment.id, wanted - taken));
            }
        }
        lines.push(working);
    }
    Ok(lines)
}

fn begin(draft: &DraftLine) -> Result<Working<'_>, Refusal> {
    let item = draft.item;
    if let Some(kept) = &draft.kept {
        let Kept { line, is_exact } = kept;
        if line.quantity != draft.quantity || line.item != item {
            return Err(Refusal::LineIsSplit { item });
        }
        let (line, is_kept) = (line.clone(), *is_exact);
        return Ok(Working { draft, line, net_is_kept: is_kept, is_kept });
    }
    if draft.quantity.thousandths() == 0 {
        return Err(Refusal::NoQuantity { item });
    }
    let modifiers = draft.modifiers.iter().map(|m| i128::from(m.price.0) * i128::from(m.count));
    let price = modifiers.sum::<i128>() + i128::from(draft.price.0);
    if price < 0 || draft.price < Money::ZERO {
        return Err(Refusal::PriceBelowZero { item });
    }
    let gross = draft.quantity.costs(bounded(price)?).ok_or(Refusal::TooLarge)?;
    let gross = bounded(i128::from(gross.0))?;
    let line = ComputedLine {
        item,
        quantity: draft.quantity,
        gross,
        discounts: Vec::new(),
        goods: Taxed::untaxed(draft.tax, gross),
        charges: Vec::new(),
    };
    Ok(Working { draft, line, net_is_kept: false, is_kept: false })
}

/// Percent before amounts, tax after all, and of one kind the lower id first.
fn in_turn(adjustments: &[Adjustment]) -> Result<Vec<&Adjustment>, Refusal> {
    let turn = |one: &Adjustment| match one.kind {
        AdjustmentKind::Percent(_) | AdjustmentKind::Comp => 0,
        AdjustmentKind::Amount(_) => 1,
        AdjustmentKind::Tax => 2,
    };
    let mut in_turn: Vec<&Adjustment> = adjustments.iter().collect();
    in_turn.sort_by_key(|one| (turn(one), one.id));
    for (at, one) in in_turn.iter().enumerate() {
        if matches!(one.kind, AdjustmentKind::Amount(amount) if amount < Money::ZERO) {
            return Err(Refusal::AmountBelowZero);
        }
        if in_turn[..at].iter().any(|other| other.id == one.id) {
            return Err(Refusal::AdjustmentTwice { id: one.id });
        }
    }
    Ok(in_turn)
}

/// What an adjustment is to take of so much: one that is bound, no more than was agreed.
fn wanted(adjustment: &Adjustment, of: Money, bound: Option<&Bound>) -> Money {
    let wanted = match adjustment.kind {
        AdjustmentKind::Percent(percent) => percent.of(of),
        AdjustmentKind::Comp => of,
        AdjustmentKind::Amount(amount) => amount,
        // It is of the whole check.
        AdjustmentKind::Tax => Money::ZERO,
    };
    bound.map_or(wanted, |bound| wanted.min(bound.most))
}

/// Step 3: what is taken off the check. A line that holds a share already gives no second one.
fn take_off(draft: &Draft, lines: &mut [Working<'_>], cuts: &mut Cuts) -> Result<(), Refusal> {
    for adjustment in in_turn(&draft.adjustments)? {
        let id = adjustment.id;
        let is_amount = matches!(adjustment.kind, AdjustmentKind::Amount(_));
        let is_held = is_amount && lines.iter().any(|working| working.line.holds(id));
        if is_held || draft.spent.contains(&id) {
            continue;
        }
        if adjustment.kind == AdjustmentKind::Tax {
            free_of_tax(id, lines)?;
            continue;
        }
        let bound = draft.bound(id);
        let is_meant = |item: i64| bound.is_none_or(|bound| bound.items.contains(&item));
        let gives = |w: &&mut Working<'_>| {
            w.draft.takes_adjustments && !w.line.holds(id) && is_meant(w.line.item)
        };
        let mut giving: Vec<_> = lines.iter_mut().filter(gives).collect();
        let nets: Vec<i64> = giving.iter().map(|working| working.line.net().0).collect();
        let there = sum(&nets)?;
        let wanted = wanted(adjustment, there, bound);
        let taken = wanted.min(there);
        let shares = apportion(taken.0, &nets).ok_or(Refusal::TooLarge)?;
        for (working, share) in giving.iter_mut().zip(shares) {
            working.take_off(id, Money(share));
        }
        cuts.push((id, wanted - taken));
    }
    Ok(())
}

/// The tax in the price is taken out of it, once for each rate and apportioned to what is taxed so;
/// from then on there is none.
fn free_of_tax(id: i64, lines: &mut [Working<'_>]) -> Result<(), Refusal> {
    let mut rates: Vec<Tax> = lines.iter().map(|working| working.line.goods.tax).collect();
    rates.sort_unstable();
    rates.dedup();
    for rate in rates {
        let is_alike = |w: &Working<'_>| w.line.goods.tax == rate && !w.line.holds(id);
        let nets = weights(lines, is_alike, |line| line.net().0);
        let tax = if rate.is_added() { Money::ZERO } else { rate.of(sum(&nets)?) };
        let shares = apportion(tax.0, &nets).ok_or(Refusal::TooLarge)?;
        for (working, share) in lines.iter_mut().zip(shares).filter(|(w, _)| is_alike(w)) {
            working.take_off(id, Money(share));
            working.line.goods.tax = Tax::Exempt;
            (working.net_is_kept, working.is_kept) = (false, false);
            for share in &mut working.line.charges {
                share.taxed = freed(share.taxed.tax, share.taxed.amount);
            }
        }
    }
    Ok(())
}

/// An amount without the tax that is in it.
fn freed(tax: Tax, amount: Money) -> Taxed {
    let tax_in_it = if tax.is_added() { Money::ZERO } else { tax.of(amount) };
    Taxed::untaxed(Tax::Exempt, amount - tax_in_it)
}

fn sum(amounts: &[i64]) -> Result<Money, Refusal> {
    bounded(amounts.iter().map(|amount| i128::from(*amount)).sum())
}

/// Step 4: service charge and fees.
fn put_on(draft: &Draft, lines: &mut [Working<'_>]) -> Result<(), Refusal> {
    let mut charges: Vec<&Charge> = draft.charges.iter().collect();
    charges.sort_by_key(|charge| charge.id);
    if let Some(twice) = charges.windows(2).find(|pair| pair[0].id == pair[1].id) {
        return Err(Refusal::AdjustmentTwice { id: twice[0].id });
    }
    let is_freed = draft.exemption().is_some();
    let is_put =
        |charge: &&Charge| draft.guests >= charge.least_guests && !draft.spent.contains(&charge.id);
    for charge in charges.into_iter().filter(is_put) {
        match charge.kind {
            ChargeKind::Percent(percent) => {
                let counts = |w: &Working<'_>| {
                    w.draft.takes_charges
                        && !w.draft.spared.contains(&charge.id)
                        && needs(w, charge.id)
                };
                let nets = weights(lines, counts, |line| line.net().0);
                let amount = percent.of(sum(&nets)?);
                put(charge, amount, &nets, (&mut *lines, is_freed))?;
            }
            ChargeKind::Amount(amount) => {
                put_sum(charge, i128::from(amount.0), (&mut *lines, is_freed))?;
            }
            ChargeKind::PerGuest(amount) => {
                let amount = i128::from(amount.0) * i128::from(draft.guests);
                put_sum(charge, amount, (&mut *lines, is_freed))?;
            }
        }
    }
    Ok(())
}

/// Whether a charge in percent is still to be counted on a line, or anew because it changed.
fn needs(working: &Working<'_>, charge: i64) -> bool {
    !working.net_is_kept || working.line.charges.iter().all(|share| share.id != charge)
}

/// What `of` says of each line that counts; 0 of the others.
fn weights(
    lines: &[Working<'_>],
    counts: impl Fn(&Working<'_>) -> bool,
    of: impl Fn(&ComputedLine) -> i64,
) -> Vec<i64> {
    lines.iter().map(|working| if counts(working) { of(&working.line) } else { 0 }).collect()
}

/// A charge that does not follow what the lines cost. Where they cost nothing it is apportioned by
/// what they cost before adjustments, or equally; a check without lines has none.
fn put_sum(
    charge: &Charge,
    amount: i128,
    (lines, is_freed): (&mut [Working<'_>], bool),
) -> Result<(), Refusal> {
    if amount < 0 {
        return Err(Refusal::AmountBelowZero);
    }
    let amount = bounded(amount)?;
    let is_held = |w: &Working<'_>| w.line.charges.iter().any(|share| share.id == charge.id);
    if lines.iter().any(is_held) || lines.is_empty() {
        return Ok(());
    }
    let any = lines.iter().any(|working| working.draft.takes_charges);
    let counts = |working: &Working<'_>| working.draft.takes_charges || !any;
    let ways: [fn(&ComputedLine) -> i64; 3] = [|line| line.net().0, |line| line.gross.0, |_| 1];
    let all = ways.map(|of| weights(lines, counts, of));
    let weights = all.iter().find(|weights| weights.iter().any(|weight| *weight > 0));
    put(charge, amount, weights.map_or(&[], Vec::as_slice), (lines, is_freed))
}

/// Apportions a charge to the lines by weights.
fn put(
    charge: &Charge,
    amount: Money,
    weights: &[i64],
    (lines, is_freed): (&mut [Working<'_>], bool),
) -> Result<(), Refusal> {
    let shares = apportion(amount.0, weights).ok_or(Refusal::TooLarge)?;
    for ((working, share), weight) in lines.iter_mut().zip(shares).zip(weights) {
        if !working.net_is_kept {
            working.line.charges.retain(|held| held.id != charge.id);
        }
        if *weight > 0 {
            let taxed = if !is_freed {
                Taxed::untaxed(charge.tax.of_line(working.line.goods.tax), Money(share))
            } else if charge.is_percent() {
                // What it is a percentage of is without tax already.
                Taxed::untaxed(Tax::Exempt, Money(share))
            } else {
                freed(charge.tax.of_line(working.draft.tax), Money(share))
            };
            working.line.charges.push(ChargeShare { id: charge.id, taxed });
            working.is_kept &= share == 0;
        }
    }
    Ok(())
}

/// Step 5: the tax of each rate, once for all that it is on, and apportioned to that.
fn add_taxes(lines: &mut [Working<'_>]) -> Result<(), Refusal> {
    // Of each rate: the tax that a split left, and the base of what is to be taxed anew.
    let mut rates: Vec<(Tax, i128, i128)> = Vec::new();
    for working in lines.iter() {
        for part in working.line.parts() {
            let at = rates.iter().position(|(tax, ..)| *tax == part.tax).unwrap_or_else(|| {
                rates.push((part.tax, 0, 0));
                rates.len() - 1
            });
            let (_, kept, base) = &mut rates[at];
            if working.is_kept {
                *kept += i128::from(part.tax_amount.0);
            } else {
                *base += i128::from(part.amount.0);
            }
        }
    }
    for (tax, kept, base) in rates {
        let is_taxed_so = |w: &Working<'_>| w.line.parts().any(|part| part.tax == tax);
        if lines.iter().all(|working| working.is_kept || !is_taxed_so(working)) {
            // Nothing is taxed anew: each line has the tax that it was left with.
            continue;
        }
        let amount = bounded(kept + i128::from(tax.of(bounded(base)?).0))?;
        spread_tax(lines.iter_mut().map(|working| &mut working.line), tax, amount)?;
    }
    Ok(())
}
