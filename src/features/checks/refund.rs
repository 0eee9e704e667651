//! What is given back. A refund copies the stored parts of the sale: nothing is computed anew, so
//! all that is given back together is what was taken, to the minor unit.

use super::computed::Computed;
use super::divide::{by_amounts, by_weights};
use super::refusal::Refusal;
use super::rounding::CashRounding;
use super::settle::{MethodKind, Payment, PaymentState};
use crate::core::kernel::{Money, Quantity};

/// The part of a sale that is given back with so much of these lines. `left` is the sale
/// [without](Computed::without) what was given back before.
///
/// # Errors
/// When a line is not in it, or less of it is.
pub fn refund_lines(left: &Computed, lines: &[(i64, Quantity)]) -> Result<Computed, Refusal> {
    let mut weights: Vec<Vec<i64>> =
        left.lines.iter().map(|line| vec![0, line.quantity.thousandths()]).collect();
    for (item, quantity) in lines {
        let item = *item;
        let at = left.lines.binary_search_by_key(&item, |line| line.item);
        let at = at.map_err(|_| Refusal::NoSuchLine { item })?;
        if *quantity == Quantity::ZERO {
            return Err(Refusal::NoQuantity { item });
        }
        weights[at][0] += quantity.thousandths();
        weights[at][1] -= quantity.thousandths();
        if weights[at][1] < 0 {
            return Err(Refusal::MoreThanThereIs { item, has: left.lines[at].quantity });
        }
    }
    // Of what was given back by amounts, the quantity may be gone before the last minor unit.
    for weights in weights.iter_mut().filter(|weights| weights.iter().sum::<i64>() == 0) {
        *weights = vec![0, 1];
    }
    let parts = by_weights(left, &weights)?;
    parts.into_iter().next().filter(|part| !part.lines.is_empty()).ok_or(Refusal::EmptyPart)
}

/// The part of a sale that is given back with a sum: something of each line, with its taxes.
///
/// # Errors
/// When the sum is nothing, or more than is left of the sale.
pub fn refund_amount(left: &Computed, amount: Money) -> Result<Computed, Refusal> {
    if amount <= Money::ZERO {
        return Err(Refusal::AmountBelowZero);
    }
    if amount > left.total {
        return Err(Refusal::AboveSold { left: left.total });
    }
    let parts = by_amounts(left, &[amount, left.total - amount])?;
    parts.into_iter().next().ok_or(Refusal::EmptyPart)
}

/// Money that goes back: `amount + rounding + tip`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GivenBack {
    /// What of the payment's amount.
    pub amount: Money,
    /// What cash is rounded by, the other way round than in the payment where all goes back.
    pub rounding: Money,
    /// What of its tip.
    pub tip: Money,
}

/// How a sum goes back the way it came. `earlier` is what went back of this payment before. Where
/// all of it is back, what was rounded is back too.
///
/// # Errors
/// When the payment was not taken, or less is left of it.
pub fn give_back(
    payment: &Payment,
    earlier: &[GivenBack],
    (amount, tip): (Money, Money),
    rounding: CashRounding,
) -> Result<GivenBack, Refusal> {
    if payment.state != PaymentState::Taken {
        return Err(Refusal::NotTaken);
    }
    if amount < Money::ZERO || tip < Money::ZERO || (amount, tip) == (Money::ZERO, Money::ZERO) {
        return Err(Refusal::AmountBelowZero);
    }
    let back = |of: fn(&GivenBack) -> Money| earlier.iter().map(of).sum::<Money>();
    let left = payment.amount - back(|one| one.amount);
    if amount > left {
        return Err(Refusal::AboveTaken { left });
    }
    let tip_left = payment.tip - back(|one| one.tip);
    if tip > tip_left {
        return Err(Refusal::AboveTaken { left: tip_left });
    }
    let handed_over = payment.amount + payment.rounding;
    let there = handed_over - back(|one| one.amount + one.rounding);
    let is_rounded = payment.kind == MethodKind::Cash && rounding.fits(handed_over);
    let handed_back = match amount {
        Money::ZERO => Money::ZERO,
        all if all == left => there,
        part if is_rounded => rounding.round(part).min(there),
        part => part.min(there),
    };
    Ok(GivenBack { amount, rounding: handed_back - amount, tip })
}
