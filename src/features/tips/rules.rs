//! Who gets what of the tips of a day. No SQL, no clock.

use std::collections::BTreeMap;

use super::{TipRecipient, TipRuleBody, TipShare};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Percent, apportion};

/// To whom tips are paid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Payee {
    /// A person of the staff.
    Person(i64),
    /// The house.
    House,
    /// Nobody worked, or nobody took the order on: somebody has to say.
    Nobody,
    /// Nobody yet: their order was called off, and the money has not gone back.
    Held,
}

/// What is paid out of the tips of a day: `own` by waiter (0: nobody), each to keep where there are no
/// shares, else pooled among those who worked. It sums to the tips, to the minor unit.
pub fn share_out(
    own: &[(i64, i64)],
    shares: &[TipShare],
    people: &[(i64, TipRecipient)],
) -> BTreeMap<Payee, i64> {
    let mut payouts = BTreeMap::new();
    let mut pay = |to: Payee, amount: i64| *payouts.entry(to).or_insert(0) += amount;
    if shares.is_empty() {
        for (waiter, amount) in own {
            pay(if *waiter == 0 { Payee::Nobody } else { Payee::Person(*waiter) }, *amount);
        }
        return payouts;
    }
    let all = own.iter().map(|(_, amount)| amount).sum();
    // A role of which nobody worked leaves its share to the others.
    let taking: Vec<(Vec<Payee>, i64)> = shares
        .iter()
        .map(|share| (payees(share.to, people), share.percent.hundredths()))
        .filter(|(payees, _)| !payees.is_empty())
        .collect();
    let weights: Vec<i64> = taking.iter().map(|(_, weight)| *weight).collect();
    let Some(of_roles) = apportion(all, &weights) else {
        pay(Payee::Nobody, all);
        return payouts;
    };
    for ((payees, _), of_role) in taking.iter().zip(of_roles) {
        let parts = apportion(of_role, &vec![1; payees.len()]).unwrap_or_default();
        payees.iter().zip(parts).for_each(|(payee, part)| pay(*payee, part));
    }
    payouts
}

fn payees(to: TipRecipient, people: &[(i64, TipRecipient)]) -> Vec<Payee> {
    if to == TipRecipient::House {
        return vec![Payee::House];
    }
    let of_role = people.iter().filter(|(_, role)| *role == to);
    of_role.map(|(id, _)| Payee::Person(*id)).collect()
}

impl TipRuleBody {
    /// Whether tips can be shared out so.
    ///
    /// # Errors
    /// 422 that says what is wrong with the shares.
    pub fn check(&self) -> Result<()> {
        let wrong = |message: &str| Err(Error::invalid("shares", message));
        let twice = |at: usize| self.shares[..at].iter().any(|one| one.to == self.shares[at].to);
        if (0..self.shares.len()).any(twice) {
            return wrong("name each recipient once");
        }
        if self.shares.iter().any(|share| share.percent == Percent::default()) {
            return wrong("must be above 0 each; leave out who gets nothing");
        }
        let sum: i64 = self.shares.iter().map(|share| share.percent.hundredths()).sum();
        if !self.shares.is_empty() && sum != Percent::WHOLE.hundredths() {
            let sum = format!("{}.{:02}", sum / 100, sum % 100);
            return wrong(&format!("must be 100 percent together, not {sum}"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::TipRecipient::{House, Kitchen, Waiter};
    use super::*;
    use proptest::prelude::*;

    fn shares(of: &[(TipRecipient, i64)]) -> Vec<TipShare> {
        of.iter()
            .map(|(to, percent)| TipShare { to: *to, percent: Percent::new(percent * 100) })
            .collect()
    }

    #[test]
    fn tips_go_to_whom_the_rule_says() {
        use Payee::{Nobody, Person};
        let people = [(1, Waiter), (2, Waiter), (5, Kitchen)];
        let pool = shares(&[(Waiter, 70), (Kitchen, 20), (House, 10)]);
        for (own, shares, people, expected) in [
            (&[(1, 500), (0, 30)][..], &[][..], &people[..], vec![(Person(1), 500), (Nobody, 30)]),
            (
                &[(1, 1001)],
                &pool,
                &people,
                vec![(Person(1), 351), (Person(2), 350), (Person(5), 200), (Payee::House, 100)],
            ),
            // No cook worked: the others have it in their proportion.
            (&[(1, 800)], &pool, &people[..1], vec![(Person(1), 700), (Payee::House, 100)]),
            (&[(1, 800)], &pool[..2], &[], vec![(Nobody, 800)]),
        ] {
            let payouts: Vec<_> = share_out(own, shares, people).into_iter().collect();
            assert_eq!(payouts, expected, "{own:?}");
        }
    }

    #[test]
    fn shares_are_a_whole() {
        let check = |of: &[(TipRecipient, i64)]| TipRuleBody { shares: shares(of) }.check().is_ok();
        assert!(check(&[]) && check(&[(Waiter, 70), (Kitchen, 30)]));
        for wrong in
            [&[(Waiter, 70)][..], &[(Waiter, 50), (Waiter, 50)], &[(Waiter, 100), (House, 0)]]
        {
            assert!(!check(wrong), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_paid_out_is_what_was_given(
            own in prop::collection::vec((0..5_i64, -5_000..100_000_i64), 0..6),
            waiters in 0..5_i64,
            cooks in 0..5_i64,
            percent in 1..100_i64,
        ) {
            let people: Vec<_> = (1..=waiters).map(|id| (id, Waiter)).chain((11..=10 + cooks).map(|id| (id, Kitchen))).collect();
            let pool = shares(&[(Waiter, percent), (Kitchen, 100 - percent)]);
            let given: i64 = own.iter().map(|(_, amount)| amount).sum();
            for shares in [&pool[..], &[]] {
                let paid: i64 = share_out(&own, shares, &people).values().sum();
                prop_assert_eq!(paid, given);
            }
            // Of one role nobody has more than a minor unit above another.
            let payouts = share_out(&own, &pool, &people);
            let of: Vec<i64> = (1..=waiters).filter_map(|id| payouts.get(&Payee::Person(id)).copied()).collect();
            if let (Some(least), Some(most)) = (of.iter().min(), of.iter().max()) {
                prop_assert!(most - least <= 1);
            }
        }
    }
}
