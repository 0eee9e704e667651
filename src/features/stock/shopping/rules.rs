//! What is to be bought of a good. Pure.

/// A week has so many days.
pub const WEEK: usize = 7;

/// What a good took on days before, by the day of the week (Monday is 0), in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Week {
    /// What went on all of these days together.
    pub went: [i64; WEEK],
}

impl Week {
    /// What such days will take, each by the mean of the same days before; `seen` says how many of each were
    /// looked at. What day of the week nobody has seen takes what a mean day takes.
    pub fn forecast(&self, seen: [i64; WEEK], days: impl IntoIterator<Item = usize>) -> i64 {
        let (all_went, all_seen) = (self.went.iter().sum::<i64>(), seen.iter().sum::<i64>());
        let of = |day: usize| match (seen[day], all_seen) {
            (0, 0) => 0,
            (0, _) => round_up(all_went, all_seen),
            (weeks, _) => round_up(self.went[day], weeks),
        };
        days.into_iter().map(|day| of(day).max(0)).sum()
    }
}

/// A good as it stands before somebody goes shopping, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stands {
    /// How much there is; below 0 where more went than was known.
    pub there: i64,
    /// To be bought again from here down.
    pub low_at: Option<i64>,
    /// What the days to come will take.
    pub forecast: i64,
    /// In what it is bought: packs of so much; above 0.
    pub pack: i64,
}

/// How many packs are to be bought: so that after the days to come there is still what is low, and at least
/// one of what is low already. None where enough is there.
pub fn packs(good: Stands) -> Option<i64> {
    let Stands { there, low_at, forecast, pack } = good;
    let least = low_at.unwrap_or(0);
    let missing = forecast.saturating_add(least).saturating_sub(there);
    let is_low = low_at.is_some_and(|low_at| there <= low_at);
    let is_needed = missing > 0 && (forecast > 0 || is_low);
    (is_needed || is_low).then(|| round_up(missing, pack).max(1))
}

/// A quotient, rounded up; `by` is above 0.
fn round_up(number: i64, by: i64) -> i64 {
    number.div_euclid(by) + i64::from(number.rem_euclid(by) > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_to_come_take_what_the_same_days_took() {
        let week = Week { went: [70, 0, 0, 0, 0, 800, 9] };
        let seen = [8, 8, 8, 8, 8, 8, 8];
        assert_eq!(week.forecast(seen, [5]), 100);
        assert_eq!(week.forecast(seen, [6, 0, 1]), 2 + 9);
        // A box that began on Saturday has seen two days: another takes what a mean one took.
        let begun = Week { went: [0, 0, 0, 0, 0, 100, 50] };
        assert_eq!(begun.forecast([0, 0, 0, 0, 0, 1, 1], [6, 0]), 50 + 75);
        assert_eq!(Week::default().forecast([0; WEEK], [0, 1, 2]), 0);
        // More came back than went.
        assert_eq!(Week { went: [-5; WEEK] }.forecast(seen, [0]), 0);
    }

    #[test]
    fn what_is_low_or_will_be_is_bought_in_whole_packs() {
        let good = |there, low_at, forecast, pack| Stands { there, low_at, forecast, pack };
        for (stands, bought) in [
            (good(5_000, None, 0, 1_000), None),
            (good(5_000, None, 5_000, 1_000), None),
            (good(5_000, None, 5_001, 1_000), Some(1)),
            (good(5_000, Some(2_000), 4_500, 1_000), Some(2)),
            (good(5_000, Some(2_000), 3_000, 1_000), None),
            // Low already: at least one.
            (good(2_000, Some(2_000), 0, 1_000), Some(1)),
            (good(500, Some(2_000), 0, 1_000), Some(2)),
            // Below nothing, and nobody says that it is needed: it is to be counted, not bought.
            (good(-700, None, 0, 1_000), None),
            (good(-700, None, 100, 1_000), Some(1)),
        ] {
            assert_eq!(packs(stands), bought, "{stands:?}");
        }
    }

    proptest! {
        /// After shopping and the days to come there is what was to be left, and not a pack too much.
        #[test]
        fn it_lasts(
            there in -9_999_i64..99_999, low_at in proptest::option::of(0_i64..9_999),
            forecast in 0_i64..99_999, pack in 1_i64..5_000,
        ) {
            let least = low_at.unwrap_or(0);
            match packs(Stands { there, low_at, forecast, pack }) {
                None => prop_assert!(there - forecast >= least || (forecast == 0 && low_at.is_none())),
                Some(bought) => {
                    prop_assert!(there + bought * pack - forecast >= least);
                    prop_assert!(bought == 1 || there + (bought - 1) * pack - forecast < least);
                }
            }
        }
    }
}
