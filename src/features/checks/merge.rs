//! Computed checks put together, and what is left of one without another.

use super::computed::{Bucket, ChargeShare, Computed, ComputedLine, Share, Taxed, spread_tax};
use super::refusal::Refusal;
use crate::core::kernel::{Money, Tax};

impl ComputedLine {
    /// Both parts of a line together. None where quantities are beyond what there may be, or they
    /// are taxed otherwise, as parts of one line never are.
    pub(super) fn plus(&self, other: &Self) -> Option<Self> {
        let mut sum = self.clone();
        sum.quantity = self.quantity.checked_add(other.quantity)?;
        sum.gross += other.gross;
        add(&mut sum.goods, &other.goods)?;
        for share in &other.discounts {
            match sum.discounts.iter_mut().find(|held| held.id == share.id) {
                Some(held) => held.amount += share.amount,
                None => sum.discounts.push(*share),
            }
        }
        for share in &other.charges {
            match sum.charges.iter_mut().find(|held| held.id == share.id) {
                Some(held) => add(&mut held.taxed, &share.taxed)?,
                None => sum.charges.push(*share),
            }
        }
        Some(sum)
    }

    /// What is left of a line without a part of it. None where the part is larger in anything but its
    /// taxes, which may have been apportioned otherwise.
    pub(super) fn without(&self, part: &Self) -> Option<Self> {
        let mut left = self.clone();
        left.quantity = self.quantity.checked_sub(part.quantity)?;
        left.gross = minus(self.gross, part.gross)?;
        subtract(&mut left.goods, &part.goods)?;
        for share in &part.discounts {
            let held: &mut Share = left.discounts.iter_mut().find(|held| held.id == share.id)?;
            held.amount = minus(held.amount, share.amount)?;
        }
        for share in &part.charges {
            let held: &mut ChargeShare = left.charges.iter_mut().find(|h| h.id == share.id)?;
            subtract(&mut held.taxed, &share.taxed)?;
        }
        Some(left)
    }

    /// Whether there is nothing of it.
    pub(super) fn is_nothing(&self) -> bool {
        self.quantity.thousandths() == 0 && self.gross == Money::ZERO && self.total() == Money::ZERO
    }
}

fn add(sum: &mut Taxed, other: &Taxed) -> Option<()> {
    sum.amount += other.amount;
    sum.tax_amount += other.tax_amount;
    (sum.tax == other.tax).then_some(())
}

fn subtract(left: &mut Taxed, part: &Taxed) -> Option<()> {
    left.amount = minus(left.amount, part.amount)?;
    left.tax_amount = left.tax_amount - part.tax_amount;
    Some(())
}

fn minus(amount: Money, part: Money) -> Option<Money> {
    (part <= amount).then(|| amount - part)
}

/// Whether what is left of a rate's tax stands where there is something that it is of.
fn keep_their_tax(lines: &[ComputedLine], tax: Tax) -> bool {
    let mut alike = lines.iter().flat_map(ComputedLine::parts).filter(|part| part.tax == tax);
    alike.all(|part| (Money::ZERO..=part.amount).contains(&part.tax_amount))
}

impl Computed {
    /// Computed checks as one: every sum is the sum of theirs, and each rate's tax is apportioned
    /// to all lines again.
    ///
    /// # Errors
    /// When it comes to more than a check can hold.
    pub fn together<'a>(checks: impl IntoIterator<Item = &'a Self>) -> Result<Self, Refusal> {
        let mut lines: Vec<ComputedLine> = Vec::new();
        for line in checks.into_iter().flat_map(|check| &check.lines) {
            match lines.iter_mut().find(|held| held.item == line.item) {
                Some(held) => *held = held.plus(line).ok_or(Refusal::TooLarge)?,
                None => lines.push(line.clone()),
            }
        }
        let Self { mut lines, taxes, .. } = Self::of(lines)?;
        for Bucket { tax, amount, .. } in taxes {
            spread_tax(lines.iter_mut(), tax, amount)?;
        }
        Self::of(lines)
    }

    /// What is left of a check without a part of it, such as what was given back. Each line keeps what
    /// is left of its own tax, so that it comes to what was shown; where a rate's tax was apportioned
    /// otherwise in the part, as of a sum, what is left of it is apportioned to the lines that are left.
    ///
    /// # Errors
    /// When the part is larger than the check in anything.
    pub fn without(&self, part: &Self) -> Result<Self, Refusal> {
        let mut lines = self.lines.clone();
        for other in &part.lines {
            let item = other.item;
            let line = lines.iter_mut().find(|line| line.item == item);
            let line = line.ok_or(Refusal::NoSuchLine { item })?;
            *line = line.without(other).ok_or(Refusal::AboveSold { left: line.total() })?;
        }
        for Bucket { tax, amount, .. } in &self.taxes {
            let gone = part.taxes.iter().find(|bucket| bucket.tax == *tax);
            let left = minus(*amount, gone.map_or(Money::ZERO, |bucket| bucket.amount));
            let left = left.ok_or(Refusal::AboveSold { left: self.total })?;
            if !keep_their_tax(&lines, *tax) {
                let alike = lines.iter_mut().flat_map(ComputedLine::parts_mut);
                alike
                    .filter(|part| part.tax == *tax && part.tax_amount < Money::ZERO)
                    .for_each(|part| part.tax_amount = Money::ZERO);
                spread_tax(lines.iter_mut(), *tax, left)?;
            }
        }
        lines.retain(|line| !line.is_nothing());
        Self::of(lines)
    }
}
