//! Parting a whole without a remainder.

/// Parts `total` in proportion to `weights` by largest remainder, ties by order.
///
/// The shares sum to `total` exactly; each is less than one unit from its exact value; a larger
/// weight never gets the smaller share; weight 0 gets nothing; and where `total` is no more than
/// the weights together, no share is above its weight. A total below 0 is parted like its opposite.
///
/// What this method is not: when the total grows by one unit, a share may shrink by one. So what is
/// parted in steps is parted from what is left, never anew from the whole.
///
/// None where it cannot be done: a weight below 0, nothing that has weight while there is something
/// to part, or weights that together are beyond an `i64`.
pub fn apportion(total: i64, weights: &[i64]) -> Option<Vec<i64>> {
    let whole = weights.iter().try_fold(0_i64, |sum, weight| match weight {
        0.. => sum.checked_add(*weight),
        _ => None,
    })?;
    if total == 0 {
        return Some(vec![0; weights.len()]);
    }
    if whole == 0 {
        return None;
    }
    let (whole, unsigned) = (whole.unsigned_abs(), total.unsigned_abs());
    let (mut shares, remainders): (Vec<u64>, Vec<u64>) =
        weights.iter().map(|weight| share(unsigned, weight.unsigned_abs(), whole)).unzip();
    let left = unsigned - shares.iter().sum::<u64>();
    for at in largest(&remainders, usize::try_from(left).ok()?) {
        shares[at] += 1;
    }
    let signed = |share: u64| i64::try_from(i128::from(share) * i128::from(total.signum())).ok();
    shares.into_iter().map(signed).collect()
}

/// `total · weight / whole`: the quotient and the remainder.
fn share(total: u64, weight: u64, whole: u64) -> (u64, u64) {
    if let Some(product) = total.checked_mul(weight) {
        return (product / whole, product % whole);
    }
    let (product, whole) = (u128::from(total) * u128::from(weight), u128::from(whole));
    // The quotient is at most `total`, since no weight is above the whole.
    (narrow(product / whole), narrow(product % whole))
}

fn narrow(wide: u128) -> u64 {
    u64::try_from(wide).unwrap_or(u64::MAX)
}

/// Where the `count` largest stand, the first of equals before the others.
fn largest(remainders: &[u64], count: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..remainders.len()).collect();
    if count > 0 && count < places.len() {
        let rank = |at: &usize| (std::cmp::Reverse(remainders[*at]), *at);
        places.select_nth_unstable_by_key(count - 1, rank);
    }
    places.truncate(count);
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    #[test]
    fn the_largest_remainder_gets_what_is_left() {
        for (total, weights, shares) in [
            (100, vec![1, 1, 1], vec![34, 33, 33]),
            (10, vec![495, 870, 480], vec![3, 5, 2]),
            (1, vec![0, 3, 3], vec![0, 1, 0]),
            (-100, vec![1, 1, 1], vec![-34, -33, -33]),
            (0, vec![0, 0], vec![0, 0]),
            (0, vec![], vec![]),
            (7, vec![7], vec![7]),
            (i64::MAX, vec![i64::MAX - 1, 1], vec![i64::MAX - 1, 1]),
            (i64::MIN, vec![1, 1], vec![i64::MIN / 2, i64::MIN / 2]),
        ] {
            assert_eq!(apportion(total, &weights), Some(shares), "{total} by {weights:?}");
        }
    }

    #[test]
    fn what_cannot_be_parted_is_not() {
        for (total, weights) in
            [(1, vec![]), (1, vec![0, 0]), (1, vec![2, -1]), (1, vec![i64::MAX, 1])]
        {
            assert_eq!(apportion(total, &weights), None, "{total} by {weights:?}");
        }
    }

    /// Small ones, where ties are many, and large ones, whose products need 128 bits.
    fn weights() -> impl Strategy<Value = Vec<i64>> {
        prop_oneof![vec(0_i64..6, 1..12), vec(0..i64::MAX / 16, 1..12)]
    }

    proptest! {
        #[test]
        fn shares_are_exact_near_and_in_order(total in any::<i64>(), weights in weights()) {
            let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
            prop_assume!(whole > 0);
            let shares = apportion(total, &weights).unwrap();
            let sum: i128 = shares.iter().map(|share| i128::from(*share)).sum();
            prop_assert_eq!(sum, i128::from(total));
            for (share, weight) in shares.iter().zip(&weights) {
                // |share − total · weight / whole| < 1, or exact products where they fit.
                if let Some(exact) = i128::from(total).checked_mul(i128::from(*weight))
                    && let Some(times) = i128::from(*share).checked_mul(whole)
                {
                    prop_assert!((times - exact).abs() < whole, "{share} of {weight}");
                }
                prop_assert!(*weight > 0 || *share == 0);
            }
            for (i, j) in (0..weights.len()).flat_map(|i| (0..weights.len()).map(move |j| (i, j))) {
                let (larger, smaller) = (shares[i].unsigned_abs(), shares[j].unsigned_abs());
                prop_assert!(weights[i] <= weights[j] || larger >= smaller);
            }
        }

        #[test]
        fn no_share_is_above_its_weight(weights in weights(), part in 0_i64..=1000) {
            let whole: i64 = weights.iter().sum();
            let total = i64::try_from(i128::from(whole) * i128::from(part) / 1000).unwrap();
            let shares = apportion(total, &weights).unwrap();
            prop_assert!(shares.iter().zip(&weights).all(|(share, weight)| share <= weight));
        }
    }
}
