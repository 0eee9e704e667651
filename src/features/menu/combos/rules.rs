//! What is chosen of a combo, and what each part of it costs. No SQL, no clock.

use super::types::ComboChoice;
use crate::core::kernel::{Money, apportion};
use crate::features::menu::{Reason, Wrong};

/// A combo as it can be ordered.
#[derive(Debug, Clone)]
pub struct Combo {
    /// Its parts.
    pub parts: Vec<OfferedPart>,
}

/// A part of it.
#[derive(Debug, Clone)]
pub struct OfferedPart {
    /// What it is called.
    pub name: String,
    /// What there is to choose.
    pub choices: Vec<OfferedChoice>,
}

/// Something to choose.
#[derive(Debug, Clone)]
pub struct OfferedChoice {
    /// Id.
    pub id: i64,
    /// The dish.
    pub dish_id: i64,
    /// Its size or kind.
    pub variation_id: i64,
    /// What the dish is called.
    pub name: String,
    /// What it adds to the price.
    pub surcharge: Money,
    /// Whether it is meant where none is named.
    pub is_default: bool,
}

/// What is chosen of each part, in their order, with what was said of it. Where nothing was said of the
/// combo (`None`), the usual things are meant.
///
/// # Errors
/// All that does not hold.
pub fn pick<'a>(
    combo: &'a Combo,
    asked: Option<&'a [ComboChoice]>,
) -> Result<Vec<(&'a OfferedChoice, Option<&'a ComboChoice>)>, Vec<Wrong>> {
    let all = || combo.parts.iter().flat_map(|part| &part.choices);
    let is_known = |asked: &ComboChoice| all().any(|choice| choice.id == asked.choice_id.get());
    let mut wrong: Vec<Wrong> = (asked.unwrap_or_default().iter())
        .filter(|asked| !is_known(asked))
        .map(|_| about(Reason::Gone, String::new()))
        .collect();
    let mut picks = Vec::with_capacity(combo.parts.len());
    for part in &combo.parts {
        let of_part: Vec<_> = match asked {
            None => {
                part.choices.iter().filter(|one| one.is_default).map(|one| (one, None)).collect()
            }
            Some(asked) => (asked.iter())
                .filter_map(|asked| {
                    let id = asked.choice_id.get();
                    let choice = part.choices.iter().find(|choice| choice.id == id)?;
                    Some((choice, Some(asked)))
                })
                .collect(),
        };
        match of_part[..] {
            [one] => picks.push(one),
            [] => wrong.push(about(Reason::TooFew, part.name.clone())),
            _ => wrong.push(about(Reason::TooMany, part.name.clone())),
        }
    }
    if wrong.is_empty() { Ok(picks) } else { Err(wrong) }
}

fn about(reason: Reason, name: String) -> Wrong {
    Wrong { reason, option_id: None, group_id: None, name, limit: Some(1), price: None }
}

/// What each part costs: the price of the combo, parted by what the parts cost alone.
pub fn shares(price: Money, alone: &[Money]) -> Option<Vec<Money>> {
    let weights: Vec<i64> = alone.iter().map(|price| price.0).collect();
    Some(apportion(price.0, &weights)?.into_iter().map(Money).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::kernel::Int;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn choice(id: i64, is_default: bool) -> OfferedChoice {
        let name = format!("dish {id}");
        OfferedChoice {
            id,
            dish_id: id,
            variation_id: id,
            name,
            surcharge: Money::ZERO,
            is_default,
        }
    }

    fn lunch() -> Combo {
        let part = |name: &str, choices| OfferedPart { name: name.into(), choices };
        Combo {
            parts: vec![
                part("Soup", vec![choice(1, true), choice(2, false)]),
                part("Drink", vec![choice(3, false), choice(4, false)]),
            ],
        }
    }

    fn asked(ids: &[i64]) -> Vec<ComboChoice> {
        let one = |id: &i64| ComboChoice {
            choice_id: Int::new(*id).unwrap(),
            modifiers: None,
            comment: None,
        };
        ids.iter().map(one).collect()
    }

    #[test]
    fn one_of_each_part_is_chosen() {
        let lunch = lunch();
        for (ids, chosen) in [
            (vec![2, 3], Ok(vec![2, 3])),
            (vec![4, 1], Ok(vec![1, 4])),
            (vec![1], Err(vec![(Reason::TooFew, "Drink")])),
            (vec![1, 2, 3], Err(vec![(Reason::TooMany, "Soup")])),
            (vec![1, 3, 9], Err(vec![(Reason::Gone, "")])),
            (vec![], Err(vec![(Reason::TooFew, "Soup"), (Reason::TooFew, "Drink")])),
        ] {
            let asked = asked(&ids);
            let picked = pick(&lunch, Some(&asked));
            let picked =
                picked.map(|picks| picks.iter().map(|(one, _)| one.id).collect::<Vec<_>>());
            let chosen = chosen.map_err(|all| -> Vec<Wrong> {
                all.into_iter().map(|(reason, name)| about(reason, name.into())).collect()
            });
            assert_eq!(picked, chosen, "{ids:?}");
        }
        let unsaid = pick(&lunch, None).unwrap_err();
        assert_eq!(unsaid, [about(Reason::TooFew, "Drink".into())], "soup has its usual one");
    }

    proptest! {
        /// The parts are the whole, nothing costs less than nothing, and the dearer part costs more.
        #[test]
        fn the_parts_are_the_price(price in 1_i64..1_000_000, alone in vec(1_i64..200_000, 1..11)) {
            let alone: Vec<Money> = alone.into_iter().map(Money).collect();
            let shares = shares(Money(price), &alone).unwrap();
            prop_assert_eq!(shares.iter().copied().sum::<Money>(), Money(price));
            for (one, share) in alone.iter().zip(&shares) {
                prop_assert!(*share >= Money::ZERO);
                for (other, of_other) in alone.iter().zip(&shares) {
                    prop_assert!(one <= other || share >= of_other);
                }
            }
        }
    }
}
