//! What a line of an order takes by how it stands. Nothing of its past is asked: a line that was moved,
//! split, changed or taken off is set right by the difference.

use std::collections::BTreeMap;

use crate::core::kernel::Timestamp;
use crate::features::menu::{LineModifier, Prefix};
use crate::features::orders::ItemStatus;
use crate::features::stock::ledger::MoveKind;
use crate::features::stock::recipes::{Fraction, Of};

/// A line of an order.
#[derive(Debug, Clone)]
pub struct SoldLine {
    /// The size of the dish.
    pub variation_id: i64,
    /// How much of it, in thousandths.
    pub quantity: i64,
    /// What was chosen with it.
    pub chosen: Vec<LineModifier>,
    /// How far it is.
    pub status: ItemStatus,
    /// Whether its order was called off.
    pub is_called_off: bool,
    /// Whether the kitchen has begun it.
    pub is_begun: bool,
    /// When the kitchen was told: the recipe of that moment holds.
    pub sent_at: Timestamp,
}

/// As what a line takes goods; none where it takes nothing.
pub fn taken_as(line: &SoldLine) -> Option<MoveKind> {
    let is_off = line.is_called_off || line.status == ItemStatus::Cancelled;
    match (line.status, is_off) {
        // What a guest asked for and nobody has sent on, and what waits for its course, is not made.
        (ItemStatus::New | ItemStatus::Held, _) => None,
        (_, false) => Some(MoveKind::Sale),
        (_, true) => line.is_begun.then_some(MoveKind::Waste),
    }
}

/// What is to be taken apart for a line: the size of the dish, and what was chosen with it.
pub fn wanted(line: &SoldLine) -> Vec<(Of, Fraction)> {
    let dish = (Of::Variation(line.variation_id), Fraction::whole(line.quantity));
    let chosen = line.chosen.iter().filter_map(|one| {
        let count = line.quantity.checked_mul(pieces(one))?;
        // What is on one half of a dish is half of it.
        let parts = if one.portion.is_some() { 2 } else { 1 };
        (count > 0).then(|| (Of::Option(one.option_id), Fraction::of(count, parts)))
    });
    [dish].into_iter().chain(chosen).collect()
}

/// How many of an option are on one dish. What comes with it comes beside what is asked for as extra.
fn pieces(one: &LineModifier) -> i64 {
    match one.prefix {
        Some(Prefix::No) => 0,
        Some(Prefix::Extra) if one.is_default => one.quantity + 1,
        _ => one.quantity,
    }
}

/// What is still to be moved so that a line has taken what it is to take: by good and kind, below 0 what
/// goes.
pub fn difference(
    kind: Option<MoveKind>,
    needs: BTreeMap<i64, i64>,
    posted: &BTreeMap<(i64, MoveKind), i64>,
) -> BTreeMap<(i64, MoveKind), i64> {
    let mut open: BTreeMap<_, _> = posted.iter().map(|(key, moved)| (*key, -moved)).collect();
    for (good, need) in needs {
        if let Some(kind) = kind {
            *open.entry((good, kind)).or_insert(0) -= need;
        }
    }
    open.retain(|_, quantity| *quantity != 0);
    open
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::kernel::Money;
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;

    fn line(status: ItemStatus, is_begun: bool, is_called_off: bool) -> SoldLine {
        let (chosen, sent_at) = (Vec::new(), Timestamp(0));
        SoldLine {
            variation_id: 1,
            quantity: 2_000,
            chosen,
            status,
            is_called_off,
            is_begun,
            sent_at,
        }
    }

    #[test]
    fn goods_go_when_the_kitchen_is_told_and_come_back_while_it_has_not_begun() {
        use ItemStatus::{Cancelled, Held, InPreparation, New, Ready, SentToKitchen, Served};
        for (status, is_begun, is_called_off, kind) in [
            (New, false, false, None),
            (Held, false, false, None),
            (SentToKitchen, false, false, Some(MoveKind::Sale)),
            (InPreparation, true, false, Some(MoveKind::Sale)),
            (Ready, true, false, Some(MoveKind::Sale)),
            (Served, true, false, Some(MoveKind::Sale)),
            (Cancelled, false, false, None),
            (Cancelled, true, false, Some(MoveKind::Waste)),
            (SentToKitchen, false, true, None),
            (Ready, true, true, Some(MoveKind::Waste)),
            (New, false, true, None),
        ] {
            assert_eq!(
                taken_as(&line(status, is_begun, is_called_off)),
                kind,
                "{status} {is_begun}"
            );
        }
    }

    #[test]
    fn options_take_what_is_on_the_plate() {
        let one = |option_id, quantity, prefix, portion, is_default| LineModifier {
            option_id,
            group_id: 1,
            group_name: String::new(),
            name: String::new(),
            kitchen_name: None,
            quantity,
            price: Money(0),
            amount: Money(0),
            prefix,
            portion,
            under: None,
            is_default,
        };
        let chosen = vec![
            one(1, 1, None, None, false),
            one(2, 1, Some(Prefix::No), None, true),
            one(3, 1, Some(Prefix::Extra), None, true),
            one(4, 1, Some(Prefix::Extra), None, false),
            one(5, 1, None, Some(2), false),
            one(6, 1, None, None, true),
        ];
        let line = SoldLine { chosen, ..line(ItemStatus::Ready, true, false) };
        let two = |of, count: i64| (of, Fraction::whole(2_000 * count));
        assert_eq!(
            wanted(&line),
            [
                two(Of::Variation(1), 1),
                two(Of::Option(1), 1),
                two(Of::Option(3), 2),
                two(Of::Option(4), 1),
                (Of::Option(5), Fraction::whole(1_000)),
                two(Of::Option(6), 1),
            ]
        );
    }

    proptest! {
        /// Whatever was posted, and however often, in the end it is what it is to be.
        #[test]
        fn twice_is_once(
            steps in vec((0_u8..3, btree_map(0_i64..5, 1_i64..999, 0..5)), 1..9),
        ) {
            let mut posted = BTreeMap::new();
            for (kind, needs) in steps {
                let kind = [None, Some(MoveKind::Sale), Some(MoveKind::Waste)][usize::from(kind)];
                for (key, quantity) in difference(kind, needs.clone(), &posted) {
                    *posted.entry(key).or_insert(0) += quantity;
                }
                prop_assert!(difference(kind, needs.clone(), &posted).is_empty());
                let mut taken = posted.clone();
                taken.retain(|_, quantity| *quantity != 0);
                let meant: BTreeMap<_, _> = kind.iter()
                    .flat_map(|kind| needs.iter().map(move |(good, need)| ((*good, *kind), -need)))
                    .collect();
                prop_assert_eq!(taken, meant);
            }
        }
    }
}
