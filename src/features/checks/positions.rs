//! A check as a fiscal register takes it: positions whose quantity times price is their amount.

use super::computed::Computed;
use crate::core::kernel::Tax;
use crate::core::kernel::{Money, Quantity};

/// Of what a position is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PositionOf {
    /// A line of the order, by its id.
    Line(i64),
    /// A charge, by its id.
    Charge(i64),
}

/// A position of a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// What it is.
    pub of: PositionOf,
    /// How much: whole pieces, or what was weighed.
    pub quantity: Quantity,
    /// What one costs; with tax, whether it is included or added.
    pub price: Money,
    /// How it is taxed.
    pub tax: Tax,
}

impl Position {
    /// Quantity times price, to the nearest minor unit, as a register reckons it.
    pub fn amount(&self) -> Money {
        self.quantity.costs(self.price).unwrap_or(self.price)
    }
}

/// The positions of a check; together they are its total. `weighed` are the lines that are no pieces.
pub fn positions(check: &Computed, weighed: &[i64]) -> Vec<Position> {
    let mut positions = Vec::with_capacity(check.lines.len());
    let mut charges: Vec<(i64, Tax, Money)> = Vec::new();
    for line in &check.lines {
        let parts = if weighed.contains(&line.item) { weights } else { pieces };
        for (quantity, price) in parts(line.quantity, line.goods.total()) {
            let of = PositionOf::Line(line.item);
            positions.push(Position { of, quantity, price, tax: line.goods.tax });
        }
        for share in &line.charges {
            let (tax, amount) = (share.taxed.tax, share.taxed.total());
            match charges.iter_mut().find(|(id, known, _)| (*id, *known) == (share.id, tax)) {
                Some((_, _, sum)) => *sum += amount,
                None => charges.push((share.id, tax, amount)),
            }
        }
    }
    let charges = charges.into_iter().filter(|(_, _, amount)| *amount > Money::ZERO);
    positions.extend(charges.map(|(id, tax, price)| Position {
        of: PositionOf::Charge(id),
        quantity: Quantity::pieces(1),
        price,
        tax,
    }));
    positions
}

/// Pieces and the price of one. Where an amount does not divide, some pieces cost one minor unit
/// more; what is no whole number of pieces is one of them, and its name says how much it is.
pub fn pieces(quantity: Quantity, amount: Money) -> Vec<(Quantity, Money)> {
    let count = quantity.whole_pieces().and_then(|pieces| u32::try_from(pieces).ok());
    let count = count.filter(|count| *count > 0).unwrap_or(1);
    let (price, dearer) = (amount.0 / i64::from(count), amount.0 % i64::from(count));
    let dearer = u32::try_from(dearer).unwrap_or(0);
    [(count - dearer, price), (dearer, price + 1)]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, price)| (Quantity::pieces(count), Money(price)))
        .collect()
}

/// So much of what was weighed, and the price of a whole kilogram or litre. Where no price comes to the
/// amount, a whole one of it goes by itself, at the price that does.
pub fn weights(quantity: Quantity, amount: Money) -> Vec<(Quantity, Money)> {
    let one = Quantity::pieces(1);
    let of_one = i128::from(amount.0) * 1000;
    let thousandths = i128::from(quantity.thousandths()).max(1);
    let nearest = (of_one * 2 + thousandths).div_euclid(thousandths * 2);
    let price = Money(i64::try_from(nearest).unwrap_or(amount.0));
    let Some(rest) = quantity.checked_sub(one).filter(|rest| *rest > Quantity::ZERO) else {
        // Of less than one the nearest price comes to the amount, but for crumbs of a split.
        let fits = quantity.costs(price) == Some(amount);
        return vec![if fits { (quantity, price) } else { (one, amount) }];
    };
    if quantity.costs(price) == Some(amount) {
        return vec![(quantity, price)];
    }
    let price = Money(i64::try_from(of_one / thousandths).unwrap_or(amount.0));
    let of_rest = rest.costs(price).unwrap_or(Money::ZERO);
    vec![(rest, price), (one, amount - of_rest)]
}
