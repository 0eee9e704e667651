//! What a check is computed from: what was ordered, and what was agreed about it.

use super::computed::{ChargeShare, ComputedLine};
use crate::core::kernel::Tax;
use crate::core::kernel::{Money, Percent, Quantity};

/// How much is taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdjustmentKind {
    /// So much of what the ones before left.
    Percent(Percent),
    /// All of it, on the house; somebody says why.
    Comp,
    /// So much, 0 or more; never more than there is.
    Amount(Money),
    /// The tax, of a whole check that is freed of it: what is in the price is taken out of it, what
    /// would come beside does not. The last of all, of what the others left.
    Tax,
}

/// Something taken off a line or off the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Adjustment {
    /// Its id, unlike any other of the order. Percent and comps come before amounts, and of these the
    /// lower id first; tax comes last.
    pub id: i64,
    /// How much.
    pub kind: AdjustmentKind,
}

/// How much is put on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChargeKind {
    /// So much of what the lines that take it cost after adjustments.
    Percent(Percent),
    /// So much for the check, 0 or more.
    Amount(Money),
    /// So much for each guest, 0 or more.
    PerGuest(Money),
}

/// How a charge is taxed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChargeTax {
    /// By a class of its own.
    Own(Tax),
    /// Like the lines that it is apportioned to.
    LikeLines,
}

impl ChargeTax {
    /// The tax of its share on a line that is taxed so.
    pub(super) fn of_line(self, line: Tax) -> Tax {
        match self {
            Self::Own(tax) => tax,
            Self::LikeLines => line,
        }
    }
}

/// A service charge or a fee of the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    /// Its id, unlike that of any other charge of the order.
    pub id: i64,
    /// How much.
    pub kind: ChargeKind,
    /// How it is taxed.
    pub tax: ChargeTax,
    /// It is taken from so many guests on; 0 or 1 always.
    pub least_guests: u32,
}

impl Charge {
    /// Whether it follows what the lines cost.
    pub(super) fn is_percent(&self) -> bool {
        matches!(self.kind, ChargeKind::Percent(_))
    }
}

/// A choice that changes what a dish costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Modifier {
    /// What one of it adds to the price of one dish; below 0 it makes it cheaper.
    pub price: Money,
    /// How many on each dish.
    pub count: u32,
}

/// A line as it was ordered: names and prices are the copies of that moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftLine {
    /// The id of the order's line; once in a check. Lines are computed in the order of their ids.
    pub item: i64,
    /// How much of it is on this check; more than 0.
    pub quantity: Quantity,
    /// The price of one without modifiers; 0 or more.
    pub price: Money,
    /// What was chosen with it. With them one costs 0 or more.
    pub modifiers: Vec<Modifier>,
    /// How it is taxed.
    pub tax: Tax,
    /// Whose it is; none when it is for the table.
    pub seat: Option<u32>,
    /// Whether the check's adjustments take from it.
    pub takes_adjustments: bool,
    /// Whether charges are counted on it. Where no line takes any, a charge that is a sum falls on
    /// all.
    pub takes_charges: bool,
    /// What is taken off this line.
    pub adjustments: Vec<Adjustment>,
    /// Charges in percent that are not counted on it, by their ids: somebody took them off.
    pub spared: Vec<i64>,
    /// What a split left it, to the minor unit: it is not computed from the price any more. Later
    /// adjustments take from it.
    pub kept: Option<Kept>,
}

/// What an adjustment is bound to, where it was agreed about what was there and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// Which adjustment, of the check or of a line.
    pub id: i64,
    /// The lines that were there; from others it takes nothing.
    pub items: Vec<i64>,
    /// What it came to on them; it takes no more, however much of them is ordered later.
    pub most: Money,
}

/// What a split, or a join, left of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What it came to.
    pub line: ComputedLine,
    /// Whether its charges and taxes are still of that. Not when an adjustment was taken back.
    pub is_exact: bool,
}

/// A check before it is computed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// Its lines, without those that were taken off. In whatever order they stand here, the check
    /// is the same.
    pub lines: Vec<DraftLine>,
    /// What is taken off the whole check, apportioned to the lines that take it.
    pub adjustments: Vec<Adjustment>,
    /// What is put on.
    pub charges: Vec<Charge>,
    /// Those of both that were agreed on a part of what is here, before it was joined: they hold for
    /// the lines that bear a share of them, and for nothing that comes later.
    pub spent: Vec<i64>,
    /// What adjustments are bound to; the others hold for what comes later, too.
    pub bounds: Vec<Bound>,
    /// How many guests it is for.
    pub guests: u32,
}

impl DraftLine {
    /// So much of a dish, with nothing special about it.
    pub fn new(item: i64, quantity: Quantity, price: Money, tax: Tax) -> Self {
        Self {
            item,
            quantity,
            price,
            modifiers: Vec::new(),
            tax,
            seat: None,
            takes_adjustments: true,
            takes_charges: true,
            adjustments: Vec::new(),
            spared: Vec::new(),
            kept: None,
        }
    }
}

impl Draft {
    /// The adjustment that frees it of its tax, where one does.
    pub fn exemption(&self) -> Option<i64> {
        self.adjustments.iter().find(|one| one.kind == AdjustmentKind::Tax).map(|one| one.id)
    }

    /// What an adjustment is bound to; none where it holds for what comes later, too.
    pub fn bound(&self, id: i64) -> Option<&Bound> {
        self.bounds.iter().find(|bound| bound.id == id)
    }

    /// Takes an adjustment back, of the check or of a line, also where a split has apportioned it.
    /// Says whether there was one.
    pub fn take_back_adjustment(&mut self, id: i64) -> bool {
        let is_exemption = self.exemption() == Some(id);
        let mut found = remove(&mut self.adjustments, |one| one.id == id);
        for line in &mut self.lines {
            found |= remove(&mut line.adjustments, |one| one.id == id);
            let Some(kept) = &mut line.kept else { continue };
            let discount = kept.line.discount();
            if remove(&mut kept.line.discounts, |share| share.id == id) {
                kept.line.goods.amount += discount - kept.line.discount();
                (found, kept.is_exact) = (true, false);
                if is_exemption {
                    tax_again(&mut kept.line, line.tax, &self.charges);
                }
            }
        }
        found
    }

    /// Takes a charge back, also where a split has apportioned it. Says whether there was one.
    pub fn take_back_charge(&mut self, id: i64) -> bool {
        let mut found = remove(&mut self.charges, |charge| charge.id == id);
        for kept in self.lines.iter_mut().filter_map(|line| line.kept.as_mut()) {
            if remove(&mut kept.line.charges, |share| share.id == id) {
                (found, kept.is_exact) = (true, false);
            }
        }
        found
    }
}

/// A line that a split left free of tax is taxed again, and so are the charges on it.
fn tax_again(line: &mut ComputedLine, tax: Tax, charges: &[Charge]) {
    line.goods.tax = tax;
    for ChargeShare { id, taxed } in &mut line.charges {
        let Some(charge) = charges.iter().find(|charge| charge.id == *id) else { continue };
        taxed.tax = charge.tax.of_line(tax);
        // One in percent is counted anew; of a sum the tax was taken out.
        if let (Tax::Included(rate), false) = (taxed.tax, charge.is_percent()) {
            taxed.amount += rate.added_to(taxed.amount);
        }
    }
}

fn remove<T>(list: &mut Vec<T>, is_it: impl Fn(&T) -> bool) -> bool {
    let before = list.len();
    list.retain(|one| !is_it(one));
    list.len() < before
}
