//! What is given back. A refund copies the stored parts of the sale: nothing is computed anew, so
//! all that is given back together is what was taken, to the minor unit.

use super::computed::Computed;
use super::divide::{by_amounts, by_weights_as_shown};
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
    let parts = by_weights_as_shown(left, &weights)?;
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenBack {
    /// How it goes back.
    pub way: MethodKind,
    /// What of the payment's amount.
    pub amount: Money,
    /// What cash is rounded by, the other way round than in the payment where all goes back.
    pub rounding: Money,
    /// What of its tip.
    pub tip: Money,
}

impl GivenBack {
    fn handed(&self) -> Money {
        self.amount + self.rounding
    }
}

/// What of a payment, and of its tip, has not gone back yet.
pub fn left_of(payment: &Payment, earlier: &[GivenBack]) -> (Money, Money) {
    let back = |of: fn(&GivenBack) -> Money| earlier.iter().map(of).sum::<Money>();
    (payment.amount - back(|one| one.amount), payment.tip - back(|one| one.tip))
}

/// How a sum goes back, in the way it came or in another. `earlier` is what went back of this
/// payment before. Where all of it is back the way it came, what was rounded is back too.
///
/// # Errors
/// When the payment was not taken, or less is left of it.
pub fn give_back(
    payment: &Payment,
    earlier: &[GivenBack],
    (amount, tip): (Money, Money),
    (way, rounding): (MethodKind, CashRounding),
) -> Result<GivenBack, Refusal> {
    match payment.state {
        PaymentState::Taken => {}
        PaymentState::Pending | PaymentState::Unknown => {
            return Err(Refusal::PaymentPending { amount: payment.amount });
        }
        PaymentState::Failed | PaymentState::Voided => return Err(Refusal::NotTaken),
    }
    let (left, tip_left) = left_of(payment, earlier);
    if (left, tip_left) == (Money::ZERO, Money::ZERO) {
        return Err(Refusal::AboveTaken { left });
    }
    if amount < Money::ZERO || tip < Money::ZERO || (amount, tip) == (Money::ZERO, Money::ZERO) {
        return Err(Refusal::AmountBelowZero);
    }
    if amount > left {
        return Err(Refusal::AboveTaken { left });
    }
    if tip > tip_left {
        return Err(Refusal::AboveTaken { left: tip_left });
    }
    let handed = handed_back(payment, earlier, (amount, left), (way, rounding));
    Ok(GivenBack { way, amount, rounding: handed - amount, tip })
}

/// What is handed back for an amount.
fn handed_back(
    payment: &Payment,
    earlier: &[GivenBack],
    (amount, left): (Money, Money),
    (way, rounding): (MethodKind, CashRounding),
) -> Money {
    let taken = payment.amount + payment.rounding;
    let there = taken - earlier.iter().map(GivenBack::handed).sum();
    let is_cash = payment.kind == MethodKind::Cash;
    let in_coins = way == MethodKind::Cash && (!is_cash || rounding.fits(taken));
    let handed = match amount {
        Money::ZERO => Money::ZERO,
        all if all == left && !in_coins => there,
        all if all == left && is_cash => rounding.round(there),
        part if in_coins => {
            // As it was taken: rounded together with what went back in coins before.
            let before = earlier.iter().filter(|one| one.way == way);
            let (paid, handed) = before.fold((part, Money::ZERO), |(paid, handed), one| {
                (paid + one.amount, handed + one.handed())
            });
            let handed = rounding.round(paid) - handed;
            if is_cash { handed.min(there) } else { handed }
        }
        part => part.min(there),
    };
    handed.max(Money::ZERO)
}
