//! Positions as a register checks them: quantity times price, half up, is the amount of each, and
//! together they are what is paid.

use proptest::prelude::*;

use super::super::{pieces, weights};
use crate::core::kernel::{Money, Quantity};

/// What a register reckons, by its own arithmetic.
fn reckoned(positions: &[(Quantity, Money)]) -> i64 {
    let amount = |(quantity, price): &(Quantity, Money)| {
        (i128::from(quantity.thousandths()) * i128::from(price.0) + 500).div_euclid(1000)
    };
    positions.iter().map(|position| i64::try_from(amount(position)).unwrap()).sum()
}

fn quantity(positions: &[(Quantity, Money)]) -> i64 {
    positions.iter().map(|(quantity, _)| quantity.thousandths()).sum()
}

proptest! {
    #[test]
    fn pieces_are_what_is_paid(count in 1_u32..2000, amount in 0_i64..5_000_000) {
        let positions = pieces(Quantity::pieces(count), Money(amount));
        prop_assert!((1..=2).contains(&positions.len()));
        prop_assert_eq!(reckoned(&positions), amount);
        prop_assert_eq!(quantity(&positions), i64::from(count) * 1000);
    }

    #[test]
    fn a_part_of_a_piece_is_one_position(thousandths in 1_i64..1000, amount in 0_i64..5_000_000) {
        let positions = pieces(Quantity::new(thousandths).unwrap(), Money(amount));
        prop_assert_eq!(positions.len(), 1);
        prop_assert_eq!(reckoned(&positions), amount);
    }

    #[test]
    fn weights_are_what_is_paid(thousandths in 1_i64..200_000, amount in 0_i64..5_000_000) {
        let positions = weights(Quantity::new(thousandths).unwrap(), Money(amount));
        prop_assert!((1..=2).contains(&positions.len()));
        prop_assert!(positions.iter().all(|(of, price)| *of > Quantity::ZERO && price.0 >= 0));
        prop_assert_eq!(reckoned(&positions), amount);
        // But for crumbs of a split, what was weighed is what stands there.
        prop_assert!(quantity(&positions) == thousandths || thousandths < 1000);
    }
}
