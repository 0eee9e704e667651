//! What a drawer should hold.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::states::CashMoveKind;
use crate::core::kernel::Money;

/// What moved the cash of a shift.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CashSums {
    /// What was counted when it was opened.
    #[serde(rename = "float")]
    pub opening: Money,
    /// Paid in cash by guests, as it changed hands, without tips.
    pub taken: Money,
    /// Tips beside.
    pub tips: Money,
    /// Given back to guests in cash, with tips that went back.
    pub refunded: Money,
    /// Paid into house accounts.
    pub accounts_in: Money,
    /// Given back from house accounts.
    pub accounts_out: Money,
    /// Put in.
    pub paid_in: Money,
    /// Taken out for something.
    pub paid_out: Money,
    /// Taken out to the safe or the bank.
    pub dropped: Money,
    /// Tips that were paid out to staff.
    pub tips_out: Money,
}

impl CashSums {
    /// What should lie in the drawer.
    pub fn expected(&self) -> Money {
        let came = self.opening + self.taken + self.tips + self.accounts_in + self.paid_in;
        let went = self.refunded + self.accounts_out + self.paid_out + self.dropped + self.tips_out;
        came - went
    }

    /// Adds a move; an undo has its sum below zero.
    pub fn add(&mut self, kind: CashMoveKind, amount: Money) {
        match kind {
            CashMoveKind::PayIn => self.paid_in += amount,
            CashMoveKind::PayOut => self.paid_out += amount,
            CashMoveKind::Drop => self.dropped += amount,
            CashMoveKind::TipsOut => self.tips_out += amount,
            CashMoveKind::NoSale => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn moves() -> impl Strategy<Value = Vec<(CashMoveKind, i64, bool)>> {
        let kind = proptest::sample::select(CashMoveKind::ALL);
        proptest::collection::vec((kind, 0_i64..1_000_000, any::<bool>()), 0..40)
    }

    proptest! {
        /// What is expected is the float and each move once; what was undone is as if it had not been.
        #[test]
        fn the_expected_sum_is_each_move_once(opening in 0_i64..1_000_000, moves in moves(),
                                              counted in 0_i64..10_000_000) {
            let mut sums = CashSums { opening: Money(opening), ..CashSums::default() };
            let mut drawer = opening;
            for (kind, amount, is_undone) in &moves {
                sums.add(*kind, Money(*amount));
                if *is_undone {
                    sums.add(*kind, Money(-amount));
                } else if *kind != CashMoveKind::NoSale {
                    drawer += if kind.is_in() { *amount } else { -amount };
                }
            }
            prop_assert_eq!(sums.expected(), Money(drawer));
            let difference = Money(counted) - sums.expected();
            prop_assert_eq!(sums.expected() + difference, Money(counted));
        }
    }
}
