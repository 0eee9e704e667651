//! Which of the dishes that fit are shown: what the house says of a dish, and what a guest may eat, come
//! first. And which tables are shown none, so that the difference can be seen.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::rules::Score;
use super::types::{Mark, Suggestion, Why};

/// Scores that differ by less (5 percent) are alike: then the better margin decides.
const ALIKE: f64 = 0.05;
/// Of so many tables one is shown nothing.
const ONE_IN: u64 = 10;

/// A dish that can be had now.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Which.
    pub dish_id: i64,
    /// Its category.
    pub category_id: i64,
    /// What of it guests may have to avoid.
    pub allergens: Vec<i64>,
    /// How much of its price stays, in thousandths; none where nobody knows what it costs.
    pub margin: Option<i64>,
    /// What the house says of it.
    pub mark: Option<Mark>,
}

/// What a guest wants, and what not.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// What is taken already.
    pub basket: &'a [i64],
    /// What must not be in it.
    pub without: &'a [i64],
    /// So many at most.
    pub most: usize,
}

impl Wish<'_> {
    fn allows(&self, dish: &Candidate) -> bool {
        dish.mark != Some(Mark::Ban)
            && !self.basket.contains(&dish.dish_id)
            && !dish.allergens.iter().any(|allergen| self.without.contains(allergen))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a logarithm of a share of orders")]
fn step(score: &Score) -> i64 {
    (score.fit / ALIKE).round() as i64
}

/// The dishes to show, the best first, one of a category at most: one that is pinned, one of which the
/// kitchen has too much, and what fits best.
pub fn choose(menu: &[Candidate], scores: &[Score], wish: Wish<'_>) -> Vec<Suggestion> {
    let allowed = menu.iter().enumerate().filter(|(_, dish)| wish.allows(dish));
    let mut rows: Vec<_> = allowed
        .map(|(place, dish)| {
            let score = scores.iter().find(|score| score.dish_id == dish.dish_id);
            ((Reverse(score.map(step)), Reverse(dish.margin), place), dish, score)
        })
        .collect();
    rows.sort_by_key(|(order, ..)| *order);
    let first = |mark: Mark| rows.iter().position(|(_, dish, _)| dish.mark == Some(mark));
    let ahead = [(first(Mark::Pin), Why::Pinned), (first(Mark::Surplus), Why::Surplus)];
    let ahead = ahead.into_iter().filter_map(|(at, why)| Some((&rows[at?], why)));
    let learnt = rows.iter().filter_map(|row| {
        let why = row.2?.with_dish_id.map_or(Why::Popular, |_| Why::TakenWith);
        Some((row, why))
    });
    let mut categories = HashSet::new();
    let chosen =
        ahead.chain(learnt).filter(|((_, dish, _), _)| categories.insert(dish.category_id));
    let told = chosen.map(|((_, dish, score), why)| Suggestion {
        dish_id: dish.dish_id,
        why,
        with_dish_id: score.and_then(|score| score.with_dish_id),
    });
    told.take(wish.most).collect()
}

/// Whether a table is shown nothing on a day. By table and day, so that no table is always without, and
/// all who sit there see the same.
pub fn is_control(table_id: i64, day: i64) -> bool {
    // SplitMix64: each bit of the table and of the day turns half of the result.
    let mut mixed =
        table_id.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ day.cast_unsigned();
    for (shift, times) in [(30, 0xBF58_476D_1CE4_E5B9), (27, 0x94D0_49BB_1331_11EB_u64)] {
        mixed = (mixed ^ (mixed >> shift)).wrapping_mul(times);
    }
    (mixed ^ (mixed >> 31)).is_multiple_of(ONE_IN)
}

#[cfg(test)]
mod tests {
    use super::Why::Popular;
    use super::*;

    fn dish(dish_id: i64, category_id: i64) -> Candidate {
        Candidate { dish_id, category_id, allergens: Vec::new(), margin: None, mark: None }
    }

    fn score(dish_id: i64, fit: f64) -> Score {
        Score { dish_id, fit, with_dish_id: (dish_id == 2).then_some(9) }
    }

    fn ids(menu: &[Candidate], wish: Wish<'_>) -> Vec<(i64, Why)> {
        let scores: Vec<_> = [(1, -1.0), (2, -1.5), (3, -2.0), (4, -2.01), (5, -3.0)]
            .map(|(id, at)| score(id, at))
            .into();
        choose(menu, &scores, wish).iter().map(|one| (one.dish_id, one.why)).collect()
    }

    const ANY: Wish<'_> = Wish { basket: &[], without: &[], most: 12 };

    #[test]
    fn what_fits_best_is_shown_one_of_a_category() {
        let menu = [dish(5, 50), dish(4, 40), dish(2, 10), dish(1, 10), dish(3, 30), dish(6, 60)];
        let all = ids(&menu, ANY);
        assert_eq!(all, [(1, Popular), (4, Popular), (3, Popular), (5, Popular)]);
        assert_eq!(ids(&menu, Wish { most: 2, ..ANY }).len(), 2);
        let without_1 = ids(&menu, Wish { basket: &[1], ..ANY });
        assert_eq!(without_1[0], (2, Why::TakenWith));
    }

    #[test]
    fn a_margin_decides_between_dishes_that_fit_alike() {
        let mut menu = [dish(4, 40), dish(3, 30)];
        (menu[0].margin, menu[1].margin) = (Some(500), Some(700));
        assert_eq!(ids(&menu, ANY)[0].0, 3);
        menu[0].margin = Some(800);
        assert_eq!(ids(&menu, ANY)[0].0, 4);
        // And never between others.
        let mut menu = [dish(1, 10), dish(3, 30)];
        menu[1].margin = Some(900);
        assert_eq!(ids(&menu, ANY)[0].0, 1);
    }

    #[test]
    fn the_house_and_the_guest_have_the_first_word() {
        let mut menu = [dish(1, 10), dish(2, 20), dish(3, 30), dish(6, 60), dish(7, 70)];
        menu[0].mark = Some(Mark::Ban);
        menu[1].allergens = vec![8];
        // Of one that nobody has ever ordered nothing is known but this.
        menu[3].mark = Some(Mark::Pin);
        menu[4].mark = Some(Mark::Surplus);
        let shown = ids(&menu, Wish { without: &[8], ..ANY });
        assert_eq!(shown, [(6, Why::Pinned), (7, Why::Surplus), (3, Popular)]);
        let eaten = ids(&menu, Wish { without: &[8], basket: &[6, 7], ..ANY });
        assert_eq!(eaten, [(3, Popular)]);
    }

    #[test]
    fn one_table_in_ten_is_shown_nothing_and_each_table_at_times() {
        let days = 20_260_101..20_260_131;
        let mut all = 0;
        for table in 1..=100 {
            let without = days.clone().filter(|day| is_control(table, *day)).count();
            assert!(without < 12, "table {table} is without on {without} of 30 days");
            all += without;
        }
        assert!((250..350).contains(&all), "{all} of 3000");
    }
}
