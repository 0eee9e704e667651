//! What a check comes to. Lines sum to the check, and so do adjustments, charges and taxes.

use super::refusal::{Refusal, bounded};
use crate::core::kernel::Tax;
use crate::core::kernel::{Money, Quantity, apportion};

/// A part of something that is apportioned to lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Of which adjustment.
    pub id: i64,
    /// How much; 0 where the adjustment was looked at and took nothing.
    pub amount: Money,
}

/// An amount with its tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taxed {
    /// How it is taxed.
    pub tax: Tax,
    /// With tax where that is included, without where it is added.
    pub amount: Money,
    /// The tax in it, or beside it: a share of what is computed once for the check's rate.
    pub tax_amount: Money,
}

impl Taxed {
    /// An amount whose tax is not computed yet.
    pub fn untaxed(tax: Tax, amount: Money) -> Self {
        Self { tax, amount, tax_amount: Money::ZERO }
    }

    /// The tax that is paid beside the amount.
    pub fn added(&self) -> Money {
        if self.tax.is_added() { self.tax_amount } else { Money::ZERO }
    }

    /// What is to be paid.
    pub fn total(&self) -> Money {
        self.amount + self.added()
    }
}

/// A charge's part that stands with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChargeShare {
    /// Of which charge.
    pub id: i64,
    /// How much, with its tax.
    pub taxed: Taxed,
}

/// What a line comes to: `gross − discount + service + added tax = total`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComputedLine {
    /// The id of the order's line.
    pub item: i64,
    /// How much of it.
    pub quantity: Quantity,
    /// Quantity times the price with modifiers.
    pub gross: Money,
    /// What each adjustment took, of the line's own and of the check's.
    pub discounts: Vec<Share>,
    /// What is left of `gross`, with its tax.
    pub goods: Taxed,
    /// Its shares of the check's charges.
    pub charges: Vec<ChargeShare>,
}

impl ComputedLine {
    /// What was taken off.
    pub fn discount(&self) -> Money {
        self.discounts.iter().map(|share| share.amount).sum()
    }

    /// What is left after adjustments.
    pub fn net(&self) -> Money {
        self.goods.amount
    }

    /// Its share of the charges, without the tax that is added to them.
    pub fn service(&self) -> Money {
        self.charges.iter().map(|share| share.taxed.amount).sum()
    }

    /// The tax of it and of its charges, included and added.
    pub fn tax(&self) -> Money {
        self.parts().map(|part| part.tax_amount).sum()
    }

    /// What is to be paid for it.
    pub fn total(&self) -> Money {
        self.parts().map(Taxed::total).sum()
    }

    /// The line's goods and its charges.
    pub fn parts(&self) -> impl Iterator<Item = &Taxed> {
        std::iter::once(&self.goods).chain(self.charges.iter().map(|share| &share.taxed))
    }

    /// The same, to be changed.
    pub(super) fn parts_mut(&mut self) -> impl Iterator<Item = &mut Taxed> {
        std::iter::once(&mut self.goods)
            .chain(self.charges.iter_mut().map(|share| &mut share.taxed))
    }

    /// Whether an adjustment was looked at for this line.
    pub(super) fn holds(&self, adjustment: i64) -> bool {
        self.discounts.iter().any(|share| share.id == adjustment)
    }

    /// Takes something off, at most what is there, and says what it came to.
    pub(super) fn take_off(&mut self, adjustment: i64, wanted: Money) -> Money {
        let amount = wanted.min(self.goods.amount);
        self.discounts.push(Share { id: adjustment, amount });
        self.goods.amount = self.goods.amount - amount;
        amount
    }
}

/// What an adjustment came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// Which.
    pub id: i64,
    /// What it took off.
    pub amount: Money,
    /// What it was to take and could not, because no more was there.
    pub cut: Money,
}

/// A tax rate of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// The rate, and whether it is in the price.
    pub tax: Tax,
    /// All that is taxed so: with the tax where it is included, without where it is added.
    pub base: Money,
    /// The tax, computed once for all of it.
    pub amount: Money,
}

/// What a check comes to: `subtotal − discount + service + added tax = total`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Computed {
    /// Its lines by their ids.
    pub lines: Vec<ComputedLine>,
    /// Its adjustments and those of its lines, by their ids.
    pub adjustments: Vec<Applied>,
    /// Its charges, by their ids; `amount` is without the tax that is added.
    pub charges: Vec<Share>,
    /// Its taxes, one for each rate.
    pub taxes: Vec<Bucket>,
    /// What the lines cost before anything was taken off.
    pub subtotal: Money,
    /// What was taken off.
    pub discount: Money,
    /// What was put on.
    pub service: Money,
    /// All tax, included and added.
    pub tax: Money,
    /// What is to be paid, before cash is rounded and without tips.
    pub total: Money,
}

impl Computed {
    /// The check with these lines.
    ///
    /// # Errors
    /// When it comes to more than money can be.
    pub fn of(mut lines: Vec<ComputedLine>) -> Result<Self, Refusal> {
        lines.sort_by_key(|line| line.item);
        let mut check = Self::default();
        for line in &lines {
            for share in &line.discounts {
                check.add_adjustment(share);
            }
            for share in &line.charges {
                check.add_charge(share);
            }
            line.parts().for_each(|part| check.add_tax(part));
            check.subtotal += line.gross;
        }
        check.adjustments.sort_by_key(|applied| applied.id);
        check.charges.sort_by_key(|share| share.id);
        check.taxes.sort_by_key(|bucket| bucket.tax);
        check.discount = check.adjustments.iter().map(|applied| applied.amount).sum();
        check.service = check.charges.iter().map(|share| share.amount).sum();
        check.tax = check.taxes.iter().map(|bucket| bucket.amount).sum();
        let wide = |amount: Money| i128::from(amount.0);
        let added = check.taxes.iter().filter(|bucket| bucket.tax.is_added());
        let added: i128 = added.map(|bucket| wide(bucket.amount)).sum();
        let net = wide(bounded(wide(check.subtotal))?) - wide(check.discount);
        check.total = bounded(net + wide(check.service) + added)?;
        check.lines = lines;
        Ok(check)
    }

    /// How much of each line is on it.
    pub fn quantities(&self) -> Vec<(i64, Quantity)> {
        self.lines.iter().map(|line| (line.item, line.quantity)).collect()
    }

    fn add_adjustment(&mut self, share: &Share) {
        match self.adjustments.iter_mut().find(|applied| applied.id == share.id) {
            Some(applied) => applied.amount += share.amount,
            None => self.adjustments.push(Applied {
                id: share.id,
                amount: share.amount,
                cut: Money::ZERO,
            }),
        }
    }

    fn add_charge(&mut self, share: &ChargeShare) {
        match self.charges.iter_mut().find(|sum| sum.id == share.id) {
            Some(sum) => sum.amount += share.taxed.amount,
            None => self.charges.push(Share { id: share.id, amount: share.taxed.amount }),
        }
    }

    fn add_tax(&mut self, part: &Taxed) {
        match self.taxes.iter_mut().find(|bucket| bucket.tax == part.tax) {
            Some(bucket) => {
                bucket.base += part.amount;
                bucket.amount += part.tax_amount;
            }
            None => self.taxes.push(Bucket {
                tax: part.tax,
                base: part.amount,
                amount: part.tax_amount,
            }),
        }
    }
}

/// Gives the parts that are taxed alike their shares of the tax that was computed for all of them.
pub(super) fn spread_tax<'a>(
    lines: impl Iterator<Item = &'a mut ComputedLine>,
    tax: Tax,
    amount: Money,
) -> Result<(), Refusal> {
    let alike = lines.flat_map(ComputedLine::parts_mut).filter(|part| part.tax == tax);
    let mut alike: Vec<&mut Taxed> = alike.collect();
    let mut weights: Vec<i64> = alike.iter().map(|part| part.amount.0).collect();
    let is_nothing = |weights: &[i64]| weights.iter().all(|weight| *weight == 0);
    if is_nothing(&weights) {
        // The last minor unit of a split may be a tax whose base went to the others: it stays.
        weights = alike.iter().map(|part| part.tax_amount.0).collect();
    }
    if is_nothing(&weights) {
        weights.fill(1);
    }
    let shares = apportion(amount.0, &weights).ok_or(Refusal::TooLarge)?;
    for (part, share) in alike.iter_mut().zip(shares) {
        part.tax_amount = Money(share);
    }
    Ok(())
}
