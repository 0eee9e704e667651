//! Parts a computed check. Whatever is parted, by lines or by amounts, the parts sum to it: each
//! line's quantity, gross, discounts, net, charges, and each rate's tax.

use super::computed::{ChargeShare, Computed, ComputedLine, Share, Taxed, spread_tax};
use super::refusal::Refusal;
use crate::core::kernel::Tax;
use crate::core::kernel::{Money, Quantity, apportion};

/// The lines of each part.
pub(super) type Parts = Vec<Vec<ComputedLine>>;

/// The tax of a rate in each part.
type TaxOfParts = (Tax, Vec<i64>);

/// Parts a check by weights: for each line, how much of it each part gets. A part does not hold the
/// lines of which it gets nothing.
pub(super) fn by_weights(whole: &Computed, weights: &[Vec<i64>]) -> Result<Vec<Computed>, Refusal> {
    let parts = lines_by_weights(&whole.lines, weights)?;
    with_taxes(whole, parts)
}

/// The same, where each part of a line takes its share of the line's own taxes along: together they
/// are the line as it was shown.
pub(super) fn by_weights_as_shown(
    whole: &Computed,
    weights: &[Vec<i64>],
) -> Result<Vec<Computed>, Refusal> {
    let mut parts = vec![Vec::new(); weights.first().map_or(0, Vec::len)];
    for (line, weights) in whole.lines.iter().zip(weights) {
        let mut cells = cells(line, weights)?;
        for (at, taxed) in line.parts().enumerate() {
            let taxes = apportion(taxed.tax_amount.0, weights).ok_or(Refusal::TooLarge)?;
            for (cell, tax) in cells.iter_mut().zip(taxes) {
                if let Some(taxed) = cell.parts_mut().nth(at) {
                    taxed.tax_amount = Money(tax);
                }
            }
        }
        for (part, (cell, weight)) in parts.iter_mut().zip(cells.into_iter().zip(weights)) {
            if *weight > 0 && !cell.is_nothing() {
                part.push(cell);
            }
        }
    }
    parts.into_iter().map(Computed::of).collect()
}

pub(super) fn lines_by_weights(
    lines: &[ComputedLine],
    weights: &[Vec<i64>],
) -> Result<Parts, Refusal> {
    let mut parts = vec![Vec::new(); weights.first().map_or(0, Vec::len)];
    for (line, weights) in lines.iter().zip(weights) {
        for (part, (cell, weight)) in
            parts.iter_mut().zip(cells(line, weights)?.into_iter().zip(weights))
        {
            if *weight > 0 {
                part.push(cell);
            }
        }
    }
    Ok(parts)
}

/// One line, parted.
fn cells(line: &ComputedLine, weights: &[i64]) -> Result<Vec<ComputedLine>, Refusal> {
    let parted = |amount: i64| apportion(amount, weights).ok_or(Refusal::TooLarge);
    let quantities = parted(line.quantity.thousandths())?;
    let nets = parted(line.net().0)?;
    let mut cells = Vec::with_capacity(weights.len());
    for (quantity, net) in quantities.into_iter().zip(nets) {
        cells.push(ComputedLine {
            item: line.item,
            quantity: Quantity::new(quantity).map_err(|_| Refusal::TooLarge)?,
            gross: Money(net),
            discounts: Vec::with_capacity(line.discounts.len()),
            goods: Taxed::untaxed(line.goods.tax, Money(net)),
            charges: Vec::with_capacity(line.charges.len()),
        });
    }
    for share in &line.discounts {
        for (cell, amount) in cells.iter_mut().zip(parted(share.amount.0)?) {
            cell.discounts.push(Share { id: share.id, amount: Money(amount) });
            cell.gross += Money(amount);
        }
    }
    for share in &line.charges {
        for (cell, amount) in cells.iter_mut().zip(parted(share.taxed.amount.0)?) {
            let taxed = Taxed::untaxed(share.taxed.tax, Money(amount));
            cell.charges.push(ChargeShare { id: share.id, taxed });
        }
    }
    Ok(cells)
}

/// Parts a check by what is to be paid for each part. The amounts sum to its total.
///
/// Each part is drawn from what the ones before left, so that nothing is drawn twice and the last
/// one gets all that is left, to the minor unit.
pub(super) fn by_amounts(whole: &Computed, amounts: &[Money]) -> Result<Vec<Computed>, Refusal> {
    let added = whole.taxes.iter().filter(|bucket| bucket.tax.is_added());
    let mut left: Vec<(Tax, i64)> = added.map(|bucket| (bucket.tax, bucket.amount.0)).collect();
    let mut added: Vec<TaxOfParts> = left.iter().map(|(tax, _)| (*tax, Vec::new())).collect();
    let mut lines = whole.lines.clone();
    let mut parts = Parts::new();
    for (at, amount) in amounts.iter().enumerate() {
        let (part, taxes) = draw(&mut lines, &mut left, *amount, amounts.len() - at)?;
        parts.push(part);
        for ((_, of_parts), tax) in added.iter_mut().zip(taxes) {
            of_parts.push(tax);
        }
    }
    let included: Result<Vec<TaxOfParts>, Refusal> = whole
        .taxes
        .iter()
        .filter(|bucket| !bucket.tax.is_added())
        .map(|bucket| Ok((bucket.tax, tax_by_bases(&parts, bucket.tax, bucket.amount)?)))
        .collect();
    tax(parts, added.into_iter().chain(included?))
}

/// Draws lines worth an amount before taxes from those that are left, for one of so many parts.
pub(super) fn draw_untaxed(
    left: &mut [ComputedLine],
    amount: Money,
    parts_left: usize,
) -> Result<Vec<ComputedLine>, Refusal> {
    draw(left, &mut [], amount, parts_left).map(|(lines, _)| lines)
}

/// Draws an amount from lines and from the taxes beside them.
fn draw(
    left: &mut [ComputedLine],
    added: &mut [(Tax, i64)],
    amount: Money,
    parts_left: usize,
) -> Result<(Vec<ComputedLine>, Vec<i64>), Refusal> {
    let there: Vec<(Tax, i64)> =
        left.iter().flat_map(ComputedLine::parts).map(|part| (part.tax, part.amount.0)).collect();
    let mut drawn = vec![0; there.len()];
    let mut taxes = vec![0; added.len()];
    let all = draw_by_rate(&there, added, amount, (&mut drawn, &mut taxes))?;
    let mut drawn = drawn.into_iter();
    let mut part = Vec::with_capacity(left.len());
    for line in left.iter_mut() {
        part.push(draw_line(line, &mut drawn, (amount.0, all), parts_left)?);
    }
    for ((_, left), tax) in added.iter_mut().zip(&taxes) {
        *left -= tax;
    }
    Ok((part, taxes))
}

/// Parts an amount between the rates, and of each between its tax and what it is on, so that no
/// tax is drawn without its base. Says how much there is in all.
fn draw_by_rate(
    there: &[(Tax, i64)],
    added: &[(Tax, i64)],
    amount: Money,
    (drawn, taxes): (&mut [i64], &mut [i64]),
) -> Result<i64, Refusal> {
    let parted = |amount, weights: &[i64]| apportion(amount, weights).ok_or(Refusal::TooLarge);
    let mut rates: Vec<Tax> = there.iter().map(|(tax, _)| *tax).collect();
    rates.sort_unstable();
    rates.dedup();
    let of = |rate: Tax, amounts: &[(Tax, i64)]| -> Vec<i64> {
        amounts.iter().map(|(tax, amount)| if *tax == rate { *amount } else { 0 }).collect()
    };
    let both = |rate| of(rate, there).iter().chain(&of(rate, added)).sum();
    let weights: Vec<i64> = rates.iter().map(|rate| both(*rate)).collect();
    for (rate, amount) in rates.iter().zip(parted(amount.0, &weights)?) {
        let (bases, beside) = (of(*rate, there), of(*rate, added));
        let sums = [bases.iter().sum::<i64>(), beside.iter().sum::<i64>()];
        let amounts = parted(amount, &sums)?;
        for (drawn, share) in drawn.iter_mut().zip(parted(amounts[0], &bases)?) {
            *drawn += share;
        }
        for (tax, share) in taxes.iter_mut().zip(parted(amounts[1], &beside)?) {
            *tax += share;
        }
    }
    Ok(weights.iter().sum())
}

/// Draws from one line what was chosen for its goods and its charges, and in proportion what does
/// not count for the sum: quantity and discounts.
fn draw_line(
    left: &mut ComputedLine,
    drawn: &mut impl Iterator<Item = i64>,
    (amount, all): (i64, i64),
    parts_left: usize,
) -> Result<ComputedLine, Refusal> {
    let there: i64 = left.parts().map(|part| part.amount.0).sum();
    let mut cell = left.clone();
    for part in cell.parts_mut() {
        (part.amount, part.tax_amount) = (Money(drawn.next().unwrap_or(0)), Money::ZERO);
    }
    let taken: i64 = cell.parts().map(|part| part.amount.0).sum();
    let others = i64::try_from(parts_left - 1).map_err(|_| Refusal::TooLarge)?;
    let weights = match (there, all) {
        (1.., _) => [taken, there - taken],
        (_, 1..) => [amount, all - amount],
        _ => [1, others],
    };
    let part_of = |sum: i64| match apportion(sum, &weights).as_deref() {
        Some([part, _]) => Ok(*part),
        _ => Err(Refusal::TooLarge),
    };
    let quantity = part_of(left.quantity.thousandths())?;
    cell.quantity = Quantity::new(quantity).map_err(|_| Refusal::TooLarge)?;
    for share in &mut cell.discounts {
        share.amount = Money(part_of(share.amount.0)?);
    }
    cell.gross = cell.net() + cell.discount();
    *left = left.without(&cell).ok_or(Refusal::TooLarge)?;
    Ok(cell)
}

/// Gives parts the taxes of the whole, by what is taxed in each.
pub(super) fn with_taxes(whole: &Computed, parts: Parts) -> Result<Vec<Computed>, Refusal> {
    let taxes: Result<Vec<TaxOfParts>, Refusal> = whole
        .taxes
        .iter()
        .map(|bucket| Ok((bucket.tax, tax_by_bases(&parts, bucket.tax, bucket.amount)?)))
        .collect();
    tax(parts, taxes?.into_iter())
}

fn tax_by_bases(parts: &Parts, tax: Tax, amount: Money) -> Result<Vec<i64>, Refusal> {
    let alike = |lines: &Vec<ComputedLine>| -> Vec<i64> {
        let alike = lines.iter().flat_map(ComputedLine::parts).filter(|part| part.tax == tax);
        alike.map(|part| part.amount.0).collect()
    };
    let alike: Vec<Vec<i64>> = parts.iter().map(alike).collect();
    let mut bases: Vec<i64> = alike.iter().map(|amounts| amounts.iter().sum()).collect();
    if bases.iter().all(|base| *base == 0) {
        // A last minor unit whose base is gone goes where something is taxed so.
        bases = alike.iter().map(|amounts| i64::from(!amounts.is_empty())).collect();
    }
    apportion(amount.0, &bases).ok_or(Refusal::TooLarge)
}

fn tax(
    mut parts: Parts,
    taxes: impl Iterator<Item = TaxOfParts>,
) -> Result<Vec<Computed>, Refusal> {
    // Ties go by the lines' order in each part too.
    for lines in &mut parts {
        lines.sort_by_key(|line| line.item);
    }
    for (tax, of_parts) in taxes {
        for (lines, amount) in parts.iter_mut().zip(of_parts) {
            spread_tax(lines.iter_mut(), tax, Money(amount))?;
        }
    }
    for lines in &mut parts {
        lines.retain(|line| !line.is_nothing());
    }
    parts.into_iter().map(Computed::of).collect()
}
