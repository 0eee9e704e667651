//! How many portions goods make.

use std::collections::{BTreeMap, HashMap};

/// Whole portions that can be made of the watched goods; none where a portion takes no watched good.
/// What is below nothing makes none.
pub fn portions(needs: &BTreeMap<i64, i64>, watched: &HashMap<i64, i64>) -> Option<i64> {
    let of = |(good, need): (&i64, &i64)| {
        let there = watched.get(good)?;
        (*need > 0).then(|| there.max(&0) / need)
    };
    needs.iter().filter_map(of).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scarcest_watched_good_decides() {
        let needs = BTreeMap::from([(1, 200), (2, 50), (3, 7)]);
        for (watched, left) in [
            (vec![], None),
            (vec![(9, 1_000)], None),
            (vec![(1, 1_000)], Some(5)),
            (vec![(1, 1_000), (2, 99)], Some(1)),
            (vec![(1, 199)], Some(0)),
            (vec![(3, -5)], Some(0)),
        ] {
            assert_eq!(portions(&needs, &watched.iter().copied().collect()), left, "{watched:?}");
        }
    }
}
