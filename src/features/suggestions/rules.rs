//! What is taken with what, and when: counts that fade, and the order of dishes that follows from them
//! (docs/adr/0114-suggestions.md).

use std::collections::HashMap;

use crate::core::kernel::Day;

/// After so many days an order counts for half: a menu and its season change.
const HALF_LIFE: f64 = 365.0;
/// How much of a dish's usual share counts beside what was seen with another one, in orders.
const CALM: f64 = 30.0;
/// The same of the time of day.
const CALM_OF_SLOT: f64 = 200.0;
/// How much what is in the basket weighs where guests are shown what they know.
const FAMILIAR: f64 = 0.5;
/// And where they are to be surprised.
const SURPRISING: f64 = 1.0;
/// A basket that makes a dish likelier by this (a fifth) is named as the reason.
const IS_A_REASON: f64 = 0.18;
/// So many pairs of dishes are known: beyond it the faintest are forgotten. With the dishes some 3 MB.
pub const MOST_PAIRS: usize = 40_000;
/// So many dishes, also those that are off the menu.
pub const MOST_DISHES: usize = 3_000;
/// An order of more different dishes is a banquet: it says what is liked, and not what goes together.
pub const MOST_IN_ORDER: usize = 24;

/// Times of the day, by weekdays and on weekends.
pub const SLOTS: usize = 8;

/// The time of a week in which people eat alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Slot(pub u8);

impl Slot {
    /// Of an hour of the clock (0 to 23) on a day: morning, noon, afternoon, or the evening and its night.
    pub fn of(hour: usize, is_weekend: bool) -> Self {
        let time = match hour {
            5..=10 => 0,
            11..=13 => 1,
            14..=16 => 2,
            _ => 3,
        };
        Self(time + if is_weekend { 4 } else { 0 })
    }

    fn index(self) -> usize {
        usize::from(self.0).min(SLOTS - 1)
    }
}

/// A day as a number of days since 1970.
pub fn day_count(day: Day) -> i32 {
    let since = Day::of_number(19_700_101).map_or(0, |first| first.days_until(day));
    i32::try_from(since).unwrap_or_default()
}

/// What was ordered together: each dish once, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basket {
    /// On which day, see [`day_count`].
    pub day: i32,
    /// When in the week.
    pub slot: Slot,
    /// Its dishes.
    pub dishes: Vec<i64>,
}

impl Basket {
    /// From lines in any order.
    pub fn new(day: i32, slot: Slot, mut dishes: Vec<i64>) -> Self {
        dishes.sort_unstable();
        dishes.dedup();
        Self { day, slot, dishes }
    }

    /// Its pairs, the smaller id first; none of a banquet.
    pub fn pairs(&self) -> impl Iterator<Item = (i64, i64)> {
        let dishes: &[i64] = if self.dishes.len() > MOST_IN_ORDER { &[] } else { &self.dishes };
        let with_the_rest = move |(at, &one): (usize, &i64)| {
            dishes[at + 1..].iter().map(move |&other| (one, other)).collect::<Vec<_>>()
        };
        dishes.iter().enumerate().flat_map(with_the_rest)
    }
}

/// How many orders, of which older ones count for less. A day that was wrong, on a box whose clock
/// leapt, is right again with the next order.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Fading {
    /// How many, on that day.
    pub n: f64,
    /// The day of the newest.
    pub day: i32,
}

impl Fading {
    /// What of it is left on a day.
    pub fn on(self, today: i32) -> f64 {
        self.n * left_after(today.saturating_sub(self.day))
    }

    /// One more order.
    pub fn count(&mut self, day: i32) {
        if day >= self.day {
            *self = Self { n: self.on(day) + 1.0, day };
        } else {
            self.n += left_after(self.day.saturating_sub(day));
        }
    }
}

fn left_after(days: i32) -> f64 {
    if days <= 0 { 1.0 } else { (-f64::from(days) / HALF_LIFE).exp2() }
}

/// All that was learnt.
#[derive(Debug, Default)]
pub struct Counts {
    /// Orders by time.
    pub orders: [Fading; SLOTS],
    /// Orders with a dish, by time.
    pub dishes: HashMap<i64, [Fading; SLOTS]>,
    /// Orders with both dishes; the smaller id first.
    pub pairs: HashMap<(i64, i64), Fading>,
}

/// A dish, and how well it fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Which dish.
    pub dish_id: i64,
    /// The logarithm of how likely it is: higher is better.
    pub fit: f64,
    /// The dish in the basket that speaks for it most.
    pub with_dish_id: Option<i64>,
}

/// What is asked of the counts.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The day, see [`day_count`].
    pub today: i32,
    /// When in the week.
    pub slot: Slot,
    /// What is taken already.
    pub basket: &'a [i64],
    /// From 0, familiar, to 1, surprising.
    pub surprise: f64,
}

impl Counts {
    /// Learns of an order.
    pub fn learn(&mut self, basket: &Basket) {
        let slot = basket.slot.index();
        self.orders[slot].count(basket.day);
        for dish in &basket.dishes {
            self.dishes.entry(*dish).or_default()[slot].count(basket.day);
        }
        for pair in basket.pairs() {
            self.pairs.entry(pair).or_default().count(basket.day);
        }
    }

    /// From how many orders was learnt, older ones counting for less.
    #[expect(clippy::cast_possible_truncation, reason = "no restaurant has so many orders")]
    pub fn learnt(&self, today: i32) -> i64 {
        of_all_times(&self.orders, today).round() as i64
    }

    /// How well each of these dishes fits, those of which nothing was ever sold left out.
    pub fn scores(&self, question: Question<'_>, dishes: &[i64]) -> Vec<Score> {
        let Question { today, slot, .. } = question;
        let all = of_all_times(&self.orders, today);
        let then = self.orders[slot.index()].on(today);
        let basket = self.weights(question);
        let score = |&dish_id: &i64| {
            let known = self.dishes.get(&dish_id)?;
            let share = (of_all_times(known, today) / all).min(1.0);
            if share <= 0.0 || question.basket.contains(&dish_id) {
                return None;
            }
            let seen_then = known[slot.index()].on(today);
            let mut fit = ((seen_then + CALM_OF_SLOT * share) / (then + CALM_OF_SLOT)).ln();
            let mut best = (IS_A_REASON, None);
            for (other, orders, weight) in &basket {
                let pair = (dish_id.min(*other), dish_id.max(*other));
                let both = self.pairs.get(&pair).map_or(0.0, |pair| pair.on(today));
                let gain = ((both + CALM * share) / ((orders + CALM) * share)).ln();
                fit += weight * gain;
                if gain > best.0 {
                    best = (gain, Some(*other));
                }
            }
            Some(Score { dish_id, fit, with_dish_id: best.1 })
        };
        dishes.iter().filter_map(score).collect()
    }

    /// The dishes of the basket that are known: in how many orders each is, and what it weighs.
    fn weights(&self, question: Question<'_>) -> Vec<(i64, f64, f64)> {
        let weight = FAMILIAR + (SURPRISING - FAMILIAR) * question.surprise;
        let known = question.basket.iter().filter_map(|dish| {
            let orders = of_all_times(self.dishes.get(dish)?, question.today);
            Some((*dish, orders, weight))
        });
        known.collect()
    }

    /// The pairs and the dishes that are too many: the faintest ones, a few more than must go.
    pub fn too_many(&self, today: i32) -> (Vec<(i64, i64)>, Vec<i64>) {
        let pairs = self.pairs.iter().map(|(pair, count)| (*pair, count.on(today)));
        let dishes = self.dishes.iter().map(|(dish, count)| (*dish, of_all_times(count, today)));
        (faintest(pairs, MOST_PAIRS), faintest(dishes, MOST_DISHES))
    }

    /// Forgets these.
    pub fn forget(&mut self, pairs: &[(i64, i64)], dishes: &[i64]) {
        for pair in pairs {
            self.pairs.remove(pair);
        }
        for dish in dishes {
            self.dishes.remove(dish);
        }
    }
}

fn of_all_times(counts: &[Fading; SLOTS], today: i32) -> f64 {
    counts.iter().map(|count| count.on(today)).sum()
}

/// So many go at once: a command that deletes them holds an order up for no longer than another order.
const GO_AT_ONCE: usize = 200;

fn faintest<K: Copy>(counts: impl ExactSizeIterator<Item = (K, f64)>, most: usize) -> Vec<K> {
    if counts.len() <= most {
        return Vec::new();
    }
    let mut counts: Vec<(K, f64)> = counts.collect();
    let go = GO_AT_ONCE.min(counts.len() - 1);
    counts.select_nth_unstable_by(go, |one, other| one.1.total_cmp(&other.1));
    counts[..go].iter().map(|(key, _)| *key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basket(day: i32, dishes: &[i64]) -> Basket {
        Basket::new(day, Slot(0), dishes.to_vec())
    }

    fn question(basket: &[i64]) -> Question<'_> {
        Question { today: 100, slot: Slot(0), basket, surprise: 0.0 }
    }

    fn order(counts: &Counts, question: Question<'_>, dishes: &[i64]) -> Vec<i64> {
        let mut scores = counts.scores(question, dishes);
        scores.sort_by(|one, other| other.fit.total_cmp(&one.fit));
        scores.iter().map(|score| score.dish_id).collect()
    }

    #[test]
    fn an_order_fades_to_half() {
        let mut count = Fading::default();
        count.count(0);
        count.count(365);
        assert!((count.on(365) - 1.5).abs() < 1e-9);
        assert!((count.on(730) - 0.75).abs() < 1e-9);
        // Older ones that come later are as old as they are, and what lies ahead has not faded.
        count.count(0);
        assert!((count.on(365) - 2.0).abs() < 1e-9);
        assert!((count.on(10) - 2.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_taken_together_comes_before_what_is_taken_often() {
        let mut counts = Counts::default();
        for round in 0..100 {
            counts.learn(&basket(100, &[1, 2]));
            counts.learn(&basket(100, &[3, 4 + round % 3]));
            counts.learn(&basket(100, &[3]));
        }
        assert_eq!(order(&counts, question(&[]), &[1, 2, 3]), [3, 1, 2]);
        assert_eq!(order(&counts, question(&[1]), &[1, 2, 3, 4, 99])[0], 2);
        let scores = counts.scores(question(&[1]), &[2, 3]);
        assert_eq!(scores[0].with_dish_id, Some(1));
        assert_eq!(scores[1].with_dish_id, None);
    }

    #[test]
    fn mornings_are_not_evenings() {
        let mut counts = Counts::default();
        for _ in 0..300 {
            counts.learn(&Basket::new(100, Slot::of(9, false), vec![1]));
            counts.learn(&Basket::new(100, Slot::of(20, false), vec![2]));
        }
        for (hour, first) in [(9, 1), (20, 2), (1, 2)] {
            let question = Question { slot: Slot::of(hour, false), ..question(&[]) };
            assert_eq!(order(&counts, question, &[1, 2])[0], first, "{hour}");
        }
        assert_ne!(Slot::of(20, true), Slot::of(20, false));
    }

    #[test]
    fn nothing_is_said_of_nothing() {
        let counts = Counts::default();
        assert!(counts.scores(question(&[1]), &[1, 2]).is_empty());
    }

    #[test]
    fn a_banquet_has_no_pairs() {
        let many = basket(0, &(0..25).collect::<Vec<_>>());
        assert_eq!(many.pairs().count(), 0);
        assert_eq!(basket(0, &[3, 1, 2, 1]).pairs().collect::<Vec<_>>(), [(1, 2), (1, 3), (2, 3)]);
    }

    #[test]
    fn the_faintest_go() {
        let mut counts = Counts::default();
        for pair in 0..=40_000_i64 {
            counts.pairs.insert((pair, pair + 1), Fading { n: (pair + 1) as f64, day: 100 });
        }
        let (pairs, dishes) = counts.too_many(100);
        assert_eq!((pairs.len(), dishes.len()), (GO_AT_ONCE, 0));
        assert!(pairs.iter().all(|(one, _)| *one < 200));
        counts.forget(&pairs, &dishes);
        assert_eq!(counts.too_many(100).0, []);
    }
}
