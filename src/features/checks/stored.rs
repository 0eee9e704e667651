//! How a store keeps the lines of a check: integers in short lists, whatever the currency.

use serde::{Deserialize, Serialize};

use super::computed::{ChargeShare, Computed, ComputedLine, Share, Taxed};
use super::draft::Kept;
use super::refusal::Refusal;
use crate::core::kernel::Tax;
use crate::core::kernel::{Money, Quantity, TaxRate};

/// How it is taxed, in one letter and hundredths of a percent; the amount; the tax of it.
type TaxedText = (char, i64, i64, i64);

/// A computed line as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredLine {
    #[serde(rename = "i")]
    item: i64,
    #[serde(rename = "q")]
    quantity: i64,
    #[serde(rename = "g")]
    gross: i64,
    #[serde(rename = "d", default, skip_serializing_if = "Vec::is_empty")]
    discounts: Vec<(i64, i64)>,
    #[serde(rename = "n")]
    goods: TaxedText,
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    charges: Vec<(i64, TaxedText)>,
}

/// How something is taxed, as it is kept: a letter and hundredths of a percent.
pub type StoredTax = (char, i64);

impl Tax {
    /// As it is kept.
    #[must_use]
    pub fn stored(self) -> StoredTax {
        let letter = match self {
            Self::Exempt => 'x',
            Self::Included(_) => 'i',
            Self::Added(_) => 'a',
        };
        (letter, self.rate().hundredths())
    }

    /// As it was kept.
    #[must_use]
    pub fn of_stored((letter, rate): StoredTax) -> Self {
        let rate = TaxRate::new(rate);
        match letter {
            'i' => Self::Included(rate),
            'a' => Self::Added(rate),
            _ => Self::Exempt,
        }
    }
}

fn store_taxed(taxed: &Taxed) -> TaxedText {
    let (letter, rate) = taxed.tax.stored();
    (letter, rate, taxed.amount.0, taxed.tax_amount.0)
}

fn taxed((letter, rate, amount, tax_amount): TaxedText) -> Taxed {
    let tax = Tax::of_stored((letter, rate));
    Taxed { tax, amount: Money(amount), tax_amount: Money(tax_amount) }
}

impl From<&ComputedLine> for StoredLine {
    fn from(line: &ComputedLine) -> Self {
        let charge = |share: &ChargeShare| (share.id, store_taxed(&share.taxed));
        Self {
            item: line.item,
            quantity: line.quantity.thousandths(),
            gross: line.gross.0,
            discounts: line.discounts.iter().map(|share| (share.id, share.amount.0)).collect(),
            goods: store_taxed(&line.goods),
            charges: line.charges.iter().map(charge).collect(),
        }
    }
}

impl StoredLine {
    /// The line as it was computed.
    ///
    /// # Errors
    /// When its quantity is none.
    pub fn line(self) -> Result<ComputedLine, Refusal> {
        let share = |(id, amount)| Share { id, amount: Money(amount) };
        let charge = |(id, text)| ChargeShare { id, taxed: taxed(text) };
        Ok(ComputedLine {
            item: self.item,
            quantity: Quantity::new(self.quantity).map_err(|_| Refusal::TooLarge)?,
            gross: Money(self.gross),
            discounts: self.discounts.into_iter().map(share).collect(),
            goods: taxed(self.goods),
            charges: self.charges.into_iter().map(charge).collect(),
        })
    }
}

/// What a split left of a line, as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredKept {
    line: StoredLine,
    is_exact: bool,
}

impl From<&Kept> for StoredKept {
    fn from(kept: &Kept) -> Self {
        Self { line: (&kept.line).into(), is_exact: kept.is_exact }
    }
}

impl StoredKept {
    /// The same, to compute with.
    ///
    /// # Errors
    /// When its quantity is none.
    pub fn kept(self) -> Result<Kept, Refusal> {
        Ok(Kept { line: self.line.line()?, is_exact: self.is_exact })
    }
}

impl Computed {
    /// Its lines, to be kept.
    pub fn stored(&self) -> Vec<StoredLine> {
        self.lines.iter().map(StoredLine::from).collect()
    }

    /// The check of lines that were kept: nothing is computed but their sums.
    ///
    /// # Errors
    /// When they come to more than money can be.
    pub fn of_stored(lines: Vec<StoredLine>) -> Result<Self, Refusal> {
        Self::of(lines.into_iter().map(StoredLine::line).collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::drafts;
    use super::super::{By, compute, split};
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_stored_comes_back_to_the_minor_unit((draft, _) in drafts(8)) {
            let mut check = compute(&draft).unwrap();
            let text = serde_json::to_string(&check.stored()).unwrap();
            let again = Computed::of_stored(serde_json::from_str(&text).unwrap()).unwrap();
            // What could not be taken is said once, when it is agreed.
            check.adjustments.iter_mut().for_each(|applied| applied.cut = Money::ZERO);
            prop_assert_eq!(again, check);
            for part in split(&draft, &By::Parts(2)).into_iter().flatten() {
                for kept in part.lines.into_iter().filter_map(|line| line.kept) {
                    let text = serde_json::to_string(&StoredKept::from(&kept)).unwrap();
                    let again: StoredKept = serde_json::from_str(&text).unwrap();
                    prop_assert_eq!(again.kept().unwrap(), kept);
                }
            }
        }
    }
}
