//! What the choices of one group add to the price of a dish. Pure, and in whole minor units: the
//! amounts of the choices together are what the dish costs more.

use super::types::{Halves, Prefix};

/// A choice as it is priced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Priced {
    /// What one costs.
    pub price: i64,
    /// How often it is chosen.
    pub quantity: i64,
    /// What is said before it.
    pub prefix: Option<Prefix>,
    /// On which half; none: on both.
    pub portion: Option<i64>,
    /// Whether one comes with the dish.
    pub is_default: bool,
}

impl Priced {
    /// How many of it cost something: not what is left out, nor the one that comes with the dish, but
    /// for what is asked for beside that one.
    fn charged(&self) -> i64 {
        match (self.prefix, self.is_default) {
            (Some(Prefix::No), _) => 0,
            (Some(Prefix::Extra), _) | (_, false) => self.quantity,
            (_, true) => self.quantity - 1,
        }
    }
}

/// What each choice adds, where the first `free` units, the cheapest first, cost nothing, and two
/// halves are priced by `halves`.
pub fn amounts(choices: &[Priced], free: i64, halves: Option<Halves>) -> Vec<i64> {
    let mut amounts: Vec<i64> =
        choices.iter().map(|choice| choice.charged() * choice.price).collect();
    match halves {
        None => give(choices, &mut amounts, free),
        Some(rule) => join(choices, &mut amounts, rule),
    }
    amounts
}

/// Takes what is free off. What lowers the price is not made dearer by that.
fn give(choices: &[Priced], amounts: &mut [i64], mut free: i64) {
    let mut places: Vec<usize> = (0..choices.len()).collect();
    places.sort_by_key(|at| choices[*at].price);
    for at in places {
        let units = choices[at].charged().min(free);
        free -= units;
        amounts[at] -= units * choices[at].price.max(0);
    }
}

/// Makes one price of two halves.
fn join(choices: &[Priced], amounts: &mut [i64], rule: Halves) {
    let of = |amounts: &[i64], half: i64| -> i64 {
        let on = choices.iter().zip(amounts).filter(|(choice, _)| choice.portion == Some(half));
        on.map(|(_, amount)| amount).sum()
    };
    let (first, second) = (of(amounts, 1), of(amounts, 2));
    match rule {
        Halves::Sum => {}
        Halves::Dearest => {
            let cheaper = if first >= second { 2 } else { 1 };
            let on = choices.iter().zip(amounts).filter(|(one, _)| one.portion == Some(cheaper));
            on.for_each(|(_, amount)| *amount = 0);
        }
        Halves::Mean => {
            let whole = (first + second + 1).div_euclid(2);
            let halved = choices.iter().zip(amounts).filter(|(one, _)| one.portion.is_some());
            let halved: Vec<_> = halved.map(|(_, amount)| amount).collect();
            let mut left = whole - halved.iter().map(|amount| amount.div_euclid(2)).sum::<i64>();
            for amount in halved {
                // What is left is half of what was odd, half up: the first of them get it.
                let more = amount.rem_euclid(2).min(left);
                *amount = amount.div_euclid(2) + more;
                left -= more;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn plain(price: i64, quantity: i64) -> Priced {
        Priced { price, quantity, prefix: None, portion: None, is_default: false }
    }

    fn half(price: i64, portion: i64) -> Priced {
        Priced { portion: Some(portion), ..plain(price, 1) }
    }

    #[test]
    fn each_costs_what_it_says_but_for_what_is_free_or_comes_along() {
        let default =
            |price, quantity, prefix| Priced { is_default: true, prefix, ..plain(price, quantity) };
        for (choices, free, costs) in [
            (vec![plain(50, 2), plain(30, 1)], 0, vec![100, 30]),
            (vec![plain(50, 2), plain(30, 1)], 1, vec![100, 0]),
            (vec![plain(50, 2), plain(30, 1)], 2, vec![50, 0]),
            (vec![plain(50, 2), plain(30, 1)], 9, vec![0, 0]),
            (vec![plain(-20, 1), plain(30, 1)], 1, vec![-20, 30]),
            (vec![plain(-20, 1), plain(30, 1)], 2, vec![-20, 0]),
            (vec![default(40, 1, None)], 0, vec![0]),
            (vec![default(40, 2, None)], 0, vec![40]),
            (vec![default(40, 1, Some(Prefix::No))], 0, vec![0]),
            (vec![default(40, 1, Some(Prefix::Extra))], 0, vec![40]),
            (vec![default(40, 1, Some(Prefix::OnTheSide))], 0, vec![0]),
            (vec![default(40, 1, None), plain(30, 1)], 1, vec![0, 0]),
        ] {
            assert_eq!(amounts(&choices, free, None), costs, "{choices:?}, {free} free");
        }
    }

    #[test]
    fn two_halves_have_one_price() {
        let whole = plain(25, 1);
        for (rule, costs) in [
            (Halves::Dearest, [0, 151, 25]),
            (Halves::Mean, [50, 76, 25]),
            (Halves::Sum, [100, 151, 25]),
        ] {
            let choices = [half(100, 1), half(151, 2), whole];
            assert_eq!(amounts(&choices, 0, Some(rule)), costs, "{rule:?}");
        }
        assert_eq!(amounts(&[half(7, 1), half(7, 2)], 0, Some(Halves::Dearest)), [7, 0]);
        assert_eq!(amounts(&[half(7, 1), half(8, 2)], 0, Some(Halves::Mean)), [4, 4]);
        assert_eq!(amounts(&[half(-7, 1), half(0, 2)], 0, Some(Halves::Mean)), [-3, 0]);
    }

    fn choice() -> impl Strategy<Value = Priced> {
        let prefix = prop_oneof![
            Just(None),
            Just(Some(Prefix::No)),
            Just(Some(Prefix::Extra)),
            Just(Some(Prefix::OnTheSide))
        ];
        let portion = prop_oneof![Just(None), Just(Some(1)), Just(Some(2))];
        (-500_i64..2000, 1_i64..5, prefix, portion, any::<bool>()).prop_map(
            |(price, quantity, prefix, portion, is_default)| Priced {
                price,
                quantity,
                prefix,
                portion,
                is_default,
            },
        )
    }

    fn sum(choices: &[Priced], free: i64, halves: Option<Halves>) -> i64 {
        amounts(choices, free, halves).iter().sum()
    }

    proptest! {
        /// In which order things are chosen changes nothing.
        #[test]
        fn the_order_of_taps_is_no_matter(
            choices in vec(choice(), 0..9), free in 0_i64..9, turn in 0_usize..9,
        ) {
            let mut turned = choices.clone();
            turned.rotate_left(turn % choices.len().max(1));
            for halves in [None, Some(Halves::Dearest), Some(Halves::Mean), Some(Halves::Sum)] {
                prop_assert_eq!(sum(&choices, free, halves), sum(&turned, free, halves));
            }
        }

        /// One more that is free never makes a dish dearer, and takes off no more than the dearest.
        #[test]
        fn what_is_free_never_costs(choices in vec(choice(), 0..9), free in 0_i64..9) {
            let (less, more) = (sum(&choices, free, None), sum(&choices, free + 1, None));
            prop_assert!(more <= less);
            let dearest = choices.iter().map(|one| one.price).max().unwrap_or(0).max(0);
            prop_assert!(less - more <= dearest);
            let taken_off = amounts(&choices, free, None);
            for (one, amount) in choices.iter().zip(taken_off) {
                prop_assert!(one.price < 0 || amount >= 0);
                prop_assert!(amount.abs() <= one.price.abs() * one.quantity);
            }
        }

        /// The dearer half is the price of both, the mean lies between them, and a sum is a sum.
        #[test]
        fn halves_are_priced_by_their_rule(choices in vec(choice(), 0..9)) {
            let of = |half| -> i64 {
                let on = choices.iter().filter(|one| one.portion == half);
                on.map(|one| one.charged() * one.price).sum()
            };
            let (whole, first, second) = (of(None), of(Some(1)), of(Some(2)));
            prop_assert_eq!(sum(&choices, 0, Some(Halves::Sum)), whole + first + second);
            prop_assert_eq!(sum(&choices, 0, Some(Halves::Dearest)), whole + first.max(second));
            let mean = sum(&choices, 0, Some(Halves::Mean)) - whole;
            prop_assert_eq!(mean, (first + second + 1).div_euclid(2));
        }

        /// Twice the quantity is twice the price, where nothing is free and nothing comes along.
        #[test]
        fn a_quantity_multiplies(price in -500_i64..2000, quantity in 1_i64..20) {
            prop_assert_eq!(sum(&[plain(price, quantity)], 0, None), price * quantity);
        }
    }
}
