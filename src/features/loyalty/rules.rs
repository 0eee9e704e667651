//! What an order stands for in programs, and what is to be written so that the entries say it.

use std::collections::BTreeMap;

use crate::core::kernel::{Money, Percent, Quantity};
use crate::words;

words! {
    /// What an entry is.
    pub enum EntryKind as LoyaltyEntryKind {
        /// Earned by what was paid.
        Earn = "EARN",
        /// Spent on a check that was paid.
        Spend = "SPEND",
        /// Chosen for a check that is not paid yet.
        Hold = "HOLD",
        /// Was held and is free again.
        Release = "RELEASE",
        /// What was earned or spent goes back, with its money.
        Reverse = "REVERSE",
        /// Given or taken by hand.
        Adjust = "ADJUST",
        /// Gone: nobody can spend it any more.
        Expire = "EXPIRE",
    }
}

words! {
    /// As what something counts for a check: once for each check, program and part.
    pub enum Part as LoyaltyPart {
        /// Earned.
        Earned = "EARNED",
        /// Held.
        Held = "HELD",
        /// Spent.
        Spent = "SPENT",
    }
}

/// Something that a check stands for in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// The check.
    pub check_id: i64,
    /// The account.
    pub account_id: i64,
    /// As what.
    pub part: Part,
    /// What it adds to the balance: above 0 where it is earned, below where it is held or spent.
    pub amount: i64,
    /// By which rate it is earned; 0 where it is not.
    pub rate: i64,
}

/// What tells one from another.
pub type Key = (i64, i64, &'static str);

impl Counted {
    /// What tells it from others.
    pub fn key(&self) -> Key {
        (self.check_id, self.account_id, self.part.as_str())
    }
}

/// An entry that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    /// What it is.
    pub kind: EntryKind,
    /// Of what, with what it adds.
    pub counted: Counted,
}

/// What is to be written so that the entries of an order say what it stands for: nothing where they do.
/// What comes back comes first, so that a balance never falls below where it ends.
pub fn missing(now: &[Counted], written: &[Counted]) -> Vec<Missing> {
    let mut sums: BTreeMap<Key, Counted> = BTreeMap::new();
    for counted in now {
        let sum = sums.entry(counted.key()).or_insert(Counted { amount: 0, ..*counted });
        sum.amount = sum.amount.saturating_add(counted.amount);
    }
    for counted in written {
        let sum = sums.entry(counted.key()).or_insert(Counted { amount: 0, ..*counted });
        sum.amount = sum.amount.saturating_sub(counted.amount);
    }
    let differs = sums.into_values().filter(|counted| counted.amount != 0);
    let mut missing: Vec<Missing> =
        differs.map(|counted| Missing { kind: kind_of(&counted), counted }).collect();
    missing.sort_by_key(|entry| entry.counted.amount < 0);
    missing
}

fn kind_of(counted: &Counted) -> EntryKind {
    match (counted.part, counted.amount > 0) {
        (Part::Earned, true) => EntryKind::Earn,
        (Part::Held, true) => EntryKind::Release,
        (Part::Held, false) => EntryKind::Hold,
        (Part::Spent, false) => EntryKind::Spend,
        (Part::Earned, false) | (Part::Spent, true) => EntryKind::Reverse,
    }
}

/// Points for goods of so much, of which `by_money` of `paid` was paid by money and no voucher. Whole
/// points only: what is less than one is the house's.
pub fn points(goods: Money, (by_money, paid): (Money, Money), rate: Percent) -> i64 {
    if paid <= Money::ZERO || by_money <= Money::ZERO || goods <= Money::ZERO {
        return 0;
    }
    let wide = |money: Money| i128::from(money.0);
    let share = wide(goods) * wide(by_money.min(paid)) * i128::from(rate.hundredths());
    let points = share / wide(paid) / i128::from(Percent::WHOLE.hundredths());
    i64::try_from(points).unwrap_or(0)
}

/// Stamps for so many pieces of a line, of which so many were free: whole ones.
pub fn stamps(quantity: Quantity, free: i64) -> i64 {
    (quantity.thousandths() / 1000 - free).max(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn counted(check_id: i64, part: Part, amount: i64) -> Counted {
        Counted { check_id, account_id: 1, part, amount, rate: 0 }
    }

    #[test]
    fn what_was_written_is_not_written_again() {
        let now = [counted(1, Part::Earned, 30), counted(1, Part::Spent, -50)];
        assert!(missing(&now, &now).is_empty());
        let kinds = |now: &[Counted], written: &[Counted]| -> Vec<(EntryKind, i64)> {
            missing(now, written).iter().map(|one| (one.kind, one.counted.amount)).collect()
        };
        assert_eq!(kinds(&now, &[]), [(EntryKind::Earn, 30), (EntryKind::Spend, -50)]);
        assert_eq!(kinds(&[], &now), [(EntryKind::Reverse, 50), (EntryKind::Reverse, -30)]);
        // What is held is released in the moment in which it is spent.
        let held = [counted(1, Part::Held, -50)];
        let spent = [counted(1, Part::Spent, -50)];
        assert_eq!(kinds(&held, &[]), [(EntryKind::Hold, -50)]);
        assert_eq!(kinds(&spent, &held), [(EntryKind::Release, 50), (EntryKind::Spend, -50)]);
    }

    #[test]
    fn points_are_of_what_is_paid_by_money() {
        let rate = Percent::new(500);
        let all = (Money(1000), Money(1000));
        assert_eq!(points(Money(1000), all, rate), 50);
        assert_eq!(points(Money(1999), all, rate), 99);
        assert_eq!(points(Money(1000), (Money(500), Money(1000)), rate), 25);
        assert_eq!(points(Money(1000), (Money::ZERO, Money(1000)), rate), 0);
        assert_eq!(points(Money(1000), (Money::ZERO, Money::ZERO), rate), 0);
        assert_eq!(stamps(Quantity::pieces(3), 1), 2);
        assert_eq!(stamps(Quantity::pieces(1), 2), 0);
    }

    proptest! {
        /// Whatever an order stood for in between, and however often it was written down: the entries
        /// come to what it stands for at last.
        #[test]
        fn entries_come_to_what_an_order_stands_for(
            states in prop::collection::vec(prop::collection::vec((0..3_i64, 0..3_usize, -90..90_i64), 0..5), 1..12),
        ) {
            let mut written: Vec<Counted> = Vec::new();
            for state in &states {
                let part = |at: usize| [Part::Earned, Part::Held, Part::Spent][at];
                let now: Vec<Counted> = state
                    .iter()
                    .map(|(check, at, amount)| counted(*check, part(*at), *amount))
                    .collect();
                written.extend(missing(&now, &written).iter().map(|one| one.counted));
                prop_assert!(missing(&now, &written).is_empty());
                let sum = |all: &[Counted]| all.iter().map(|one| one.amount).sum::<i64>();
                prop_assert_eq!(sum(&now), sum(&written));
            }
        }
    }
}
