//! How good the guesses are: dishes of later orders are hidden, one at a time, and guessed from the rest
//! of their order by what earlier orders taught. Beside it, what a list of best sellers would guess.

use std::collections::{HashMap, HashSet};

use super::rules::{Basket, Counts, Question, Slot, day_count};
use crate::core::kernel::Day;

/// Of a hundred orders so many teach, the rest ask.
const TEACH: usize = 80;
/// So many places are looked at for coverage and variety.
const SHOWN: usize = 3;
/// The best sellers whose share of those places is told.
const BEST_SELLERS: usize = 5;

/// An order of the past; its dishes are numbers that the caller gave them.
#[derive(Debug, Clone)]
pub struct PastOrder {
    /// The day and the hour of the clock; none where nobody knows.
    pub at: Option<(Day, usize)>,
    /// What was ordered.
    pub dishes: Vec<i64>,
}

impl From<PastOrder> for Basket {
    fn from(order: PastOrder) -> Self {
        let (day, slot) = order.at.map_or((0, Slot::default()), |(day, hour)| {
            (day_count(day), Slot::of(hour, day.is_weekend()))
        });
        Self::new(day, slot, order.dishes)
    }
}

/// How good one way to guess is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Hits {
    /// The hidden dish is the first guess, one of three, one of five: in percent.
    pub at: [f64; 3],
    /// How many different dishes were among the first three.
    pub coverage: usize,
    /// How much of these places the five best sellers have, in percent.
    pub best_sellers: f64,
}

/// What was measured.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// How many orders taught.
    pub learnt: usize,
    /// How many different dishes there are in them.
    pub dishes: usize,
    /// How often a dish was hidden.
    pub questions: usize,
    /// The list of best sellers.
    pub popularity: Hits,
    /// What is suggested.
    pub suggested: Hits,
}

/// Guesses on orders that came one after another. `surprise` is from 0 to 1.
pub fn measure(orders: Vec<PastOrder>, surprise: f64) -> Measured {
    let mut baskets: Vec<Basket> = orders.into_iter().map(Basket::from).collect();
    let asking = baskets.split_off(baskets.len() * TEACH / 100);
    let mut counts = Counts::default();
    let mut sold = HashMap::<i64, usize>::new();
    for basket in &baskets {
        counts.learn(basket);
        for dish in &basket.dishes {
            *sold.entry(*dish).or_default() += 1;
        }
    }
    let mut popular: Vec<i64> = sold.keys().copied().collect();
    popular.sort_by_key(|dish| (usize::MAX - sold[dish], *dish));
    let mut tallies = [Tally::new(&popular), Tally::new(&popular)];
    for basket in asking.iter().filter(|basket| basket.dishes.len() > 1) {
        for hidden in &basket.dishes {
            let rest: Vec<i64> =
                basket.dishes.iter().copied().filter(|dish| dish != hidden).collect();
            let question =
                Question { today: basket.day, slot: basket.slot, basket: &rest, surprise };
            let mut scores = counts.scores(question, &popular);
            scores.sort_by(|one, other| other.fit.total_cmp(&one.fit));
            tallies[0].take(*hidden, popular.iter().copied().filter(|dish| !rest.contains(dish)));
            tallies[1].take(*hidden, scores.iter().map(|score| score.dish_id));
        }
    }
    let [popularity, suggested] = tallies.map(|tally| (tally.questions, tally.hits()));
    Measured {
        learnt: baskets.len(),
        dishes: popular.len(),
        questions: suggested.0,
        popularity: popularity.1,
        suggested: suggested.1,
    }
}

struct Tally<'a> {
    best_sellers: &'a [i64],
    questions: usize,
    hits: [usize; 3],
    shown: HashSet<i64>,
    places: usize,
    places_of_best: usize,
}

impl<'a> Tally<'a> {
    fn new(popular: &'a [i64]) -> Self {
        let best_sellers = &popular[..popular.len().min(BEST_SELLERS)];
        let shown = HashSet::new();
        Self { best_sellers, questions: 0, hits: [0; 3], shown, places: 0, places_of_best: 0 }
    }

    fn take(&mut self, hidden: i64, guesses: impl Iterator<Item = i64>) {
        self.questions += 1;
        for (place, guess) in guesses.take(BEST_SELLERS).enumerate() {
            if guess == hidden {
                let hits = self.hits.iter_mut().zip([1, SHOWN, 5]);
                hits.filter(|(_, within)| place < *within).for_each(|(hits, _)| *hits += 1);
            }
            if place < SHOWN {
                self.places += 1;
                self.places_of_best += usize::from(self.best_sellers.contains(&guess));
                self.shown.insert(guess);
            }
        }
    }

    fn hits(&self) -> Hits {
        let percent = |part: usize, of: usize| 100.0 * part as f64 / of.max(1) as f64;
        Hits {
            at: self.hits.map(|hits| percent(hits, self.questions)),
            coverage: self.shown.len(),
            best_sellers: percent(self.places_of_best, self.places),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Chance that is the same each time.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, sides: u64) -> u64 {
            self.0 =
                self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
            (self.0 >> 33) % sides
        }

        /// A dish of forty, the first ones far more often.
        fn dish(&mut self) -> i64 {
            let (one, other) = (self.below(40), self.below(40));
            (one * other / 40).cast_signed()
        }
    }

    /// Orders of dishes that nothing binds, but for a pair of dishes that nobody takes often.
    fn orders(planted: bool) -> Vec<PastOrder> {
        let mut dice = Dice(7);
        let day = Day::of_number(20_260_301).unwrap();
        let order = |at: i64| {
            let mut dishes: Vec<i64> = (0..2 + dice.below(3)).map(|_| dice.dish()).collect();
            if planted && dice.below(5) == 0 {
                dishes.extend([38, 39]);
            }
            PastOrder {
                at: Some((day.plus_days(at / 40), 12 + usize::from(at % 2 == 0) * 7)),
                dishes,
            }
        };
        (0..3_000).map(order).collect()
    }

    #[test]
    fn a_planted_pair_is_found_and_best_sellers_do_not_find_it() {
        let measured = measure(orders(true), 0.0);
        let (popular, suggested) = (measured.popularity.at[1], measured.suggested.at[1]);
        assert!(suggested > popular + 3.0, "{suggested} beside {popular}");
        assert!(measured.suggested.coverage > measured.popularity.coverage);
        assert!(measured.suggested.best_sellers < measured.popularity.best_sellers);
        // More surprise shows more of the menu.
        let surprising = measure(orders(true), 1.0).suggested;
        assert!(surprising.coverage >= measured.suggested.coverage);
    }

    #[test]
    fn where_nothing_goes_together_it_is_as_good_as_the_best_sellers() {
        let measured = measure(orders(false), 0.0);
        // Within chance: a percent is a good standard error of these questions.
        let (popular, suggested) = (measured.popularity.at[1], measured.suggested.at[1]);
        assert!(suggested > popular - 1.0, "{suggested} beside {popular}");
        assert!(measured.questions > 1_000, "{}", measured.questions);
    }

    #[test]
    fn nothing_is_measured_of_nothing() {
        assert_eq!(measure(Vec::new(), 0.0).questions, 0);
    }
}
