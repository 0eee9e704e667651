//! What lines come to about which nothing was agreed: most orders never have more.

use super::refusal::{Refusal, bounded};
use crate::core::kernel::Money;
use crate::core::kernel::Tax;

/// What an order comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// What is to be paid.
    pub total: Money,
    /// The tax of it, in the price and beside it.
    pub tax: Money,
}

/// What lines come to, by how each is taxed and what it costs: the sums of the check that has them,
/// as [`compute`](super::compute) says them.
///
/// # Errors
/// When it comes to more than money can be.
pub fn plain_sums(lines: impl IntoIterator<Item = (Tax, Money)>) -> Result<Sums, Refusal> {
    let mut rates: Vec<(Tax, i128)> = Vec::new();
    for (tax, amount) in lines {
        match rates.iter_mut().find(|(known, _)| *known == tax) {
            Some((_, base)) => *base += i128::from(amount.0),
            None => rates.push((tax, i128::from(amount.0))),
        }
    }
    let (mut total, mut taxes) = (0, 0);
    for (tax, base) in rates {
        let amount = i128::from(tax.of(bounded(base)?).0);
        taxes += amount;
        total += base + if tax.is_added() { amount } else { 0 };
    }
    Ok(Sums { total: bounded(total)?, tax: bounded(taxes)? })
}

#[cfg(test)]
mod tests {
    use super::super::{Draft, DraftLine, compute};
    use super::*;
    use crate::core::kernel::{Quantity, TaxRate};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_plain_order_comes_to_what_its_check_does(
            lines in prop::collection::vec((0_usize..5, 0_i64..1_000_000), 0..12),
        ) {
            let rate = TaxRate::new;
            let kinds = [
                Tax::Exempt,
                Tax::Included(rate(2200)),
                Tax::Included(rate(700)),
                Tax::Added(rate(825)),
                Tax::Added(rate(1)),
            ];
            let lines: Vec<_> = lines.iter().map(|(kind, net)| (kinds[*kind], Money(*net))).collect();
            let drafted = (1..).zip(&lines).map(|(item, (tax, net))| {
                DraftLine::new(item, Quantity::pieces(1), *net, *tax)
            });
            let check = compute(&Draft { lines: drafted.collect(), ..Draft::default() }).unwrap();
            let sums = Sums { total: check.total, tax: check.tax };
            prop_assert_eq!(plain_sums(lines).unwrap(), sums);
        }
    }
}
