//! What moves of a good come to, by what explains them.

use crate::core::kernel::apportion;
use crate::features::stock::ledger::MoveKind;

/// What explains that goods went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// They came, or went back to whom they came from; or only went to another place.
    Received,
    /// A recipe took them.
    Recipe,
    /// Somebody said why.
    Said,
    /// Nobody did: a count found it.
    Counted,
}

fn why(kind: MoveKind) -> Why {
    match kind {
        MoveKind::Opening
        | MoveKind::Purchase
        | MoveKind::Return
        | MoveKind::Transfer
        | MoveKind::Produced => Why::Received,
        MoveKind::Sale | MoveKind::Used => Why::Recipe,
        MoveKind::WriteOff | MoveKind::Waste => Why::Said,
        MoveKind::Count => Why::Counted,
    }
}

/// An amount in thousandths and what it costs; above 0 what went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Went {
    pub amount: i64,
    pub cost: i64,
}

/// What moves of a good came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// What came, in thousandths.
    pub received: i64,
    /// What recipes took.
    pub theoretical: Went,
    /// What went for a reason that was given.
    pub explained: Went,
    /// What is missing.
    pub unexplained: Went,
    /// What purchases made right of what went at a guess; below 0 what that cost more.
    correction: i64,
}

impl Sums {
    /// Adds what all moves of a kind came to, as the ledger has it: below 0 what went.
    pub fn add(&mut self, kind: MoveKind, amount: i64, value: i64, correction: i64) {
        self.correction += correction;
        let went = match why(kind) {
            Why::Received => {
                self.received += amount;
                return;
            }
            Why::Recipe => &mut self.theoretical,
            Why::Said => &mut self.explained,
            Why::Counted => &mut self.unexplained,
        };
        went.amount -= amount;
        went.cost -= value;
    }

    /// What went at a guess costs what the purchase after it said: that is shared among what recipes took
    /// and what somebody gave a reason for, by amounts. A count takes nothing that is not there. Where
    /// nothing went in that time, recipes took it before.
    #[must_use]
    pub fn settled(mut self) -> Self {
        let more = -std::mem::take(&mut self.correction);
        let weights = [self.theoretical, self.explained].map(|one| one.amount.max(0));
        let shares = apportion(more, &weights).unwrap_or_else(|| vec![more, 0]);
        for (one, share) in [&mut self.theoretical, &mut self.explained].into_iter().zip(shares) {
            one.cost += share;
        }
        self
    }

    /// What went in all.
    pub fn actual(&self) -> i64 {
        self.theoretical.amount + self.explained.amount + self.unexplained.amount
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    #[test]
    fn each_kind_is_explained_by_what_made_it() {
        let mut sums = Sums::default();
        for (kind, amount, value) in [
            (MoveKind::Purchase, 10_000, 8_000),
            (MoveKind::Return, -1_000, -800),
            (MoveKind::Sale, -4_000, -3_200),
            (MoveKind::Used, -500, -400),
            (MoveKind::WriteOff, -200, -160),
            (MoveKind::Waste, -100, -80),
            (MoveKind::Count, -300, -240),
        ] {
            sums.add(kind, amount, value, 0);
        }
        assert_eq!(sums.received, 9_000);
        assert_eq!(sums.theoretical, Went { amount: 4_500, cost: 3_600 });
        assert_eq!(sums.explained, Went { amount: 300, cost: 240 });
        assert_eq!(sums.unexplained, Went { amount: 300, cost: 240 });
        assert_eq!(sums.actual(), 5_100);
    }

    /// 2 kg went before the invoice came: they cost what it says.
    #[test]
    fn what_went_at_a_guess_costs_what_was_paid() {
        let mut sums = Sums::default();
        sums.add(MoveKind::Sale, -3_000, 0, 0);
        sums.add(MoveKind::WriteOff, -1_000, 0, 0);
        sums.add(MoveKind::Purchase, 10_000, 8_000, -3_200);
        sums.add(MoveKind::Count, -100, -80, 0);
        let sums = sums.settled();
        assert_eq!((sums.theoretical.cost, sums.explained.cost), (2_400, 800));
        assert_eq!(sums.unexplained.cost, 80, "a count takes what is there");
        let mut later = Sums::default();
        later.add(MoveKind::Purchase, 10_000, 8_000, -3_200);
        assert_eq!(later.settled().theoretical.cost, 3_200, "what went before that time");
    }

    proptest! {
        /// What came without what it costs that went is what it is worth more.
        #[test]
        fn money_is_neither_lost_nor_found(
            moves in vec((select(MoveKind::ALL), -9_999_i64..9_999, -9_999_i64..9_999, -99_i64..99), 0..30),
        ) {
            let (mut sums, mut worth) = (Sums::default(), 0);
            for (kind, amount, value, correction) in &moves {
                sums.add(*kind, *amount, *value, *correction);
                worth += correction;
                worth += if why(*kind) == Why::Received { 0 } else { *value };
            }
            let sums = sums.settled();
            let cost = sums.theoretical.cost + sums.explained.cost + sums.unexplained.cost;
            prop_assert_eq!(-cost, worth);
        }

        /// Nothing that moved is left out, whatever moved it.
        #[test]
        fn what_came_without_what_went_is_what_is_more(
            moves in vec((select(MoveKind::ALL), -9_999_i64..9_999), 0..30),
        ) {
            let mut sums = Sums::default();
            for (kind, amount) in &moves {
                sums.add(*kind, *amount, 0, 0);
            }
            let more: i64 = moves.iter().map(|(_, amount)| amount).sum();
            prop_assert_eq!(sums.received - sums.actual(), more);
        }
    }
}
