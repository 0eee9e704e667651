//! Splits: the parts are the whole, to the minor unit, in everything.

use proptest::prelude::*;

use super::*;

/// Splits, and holds all that a split promises.
fn split_and_hold(draft: &Draft, by: &By) -> Option<Vec<Draft>> {
    let whole = compute(draft).unwrap();
    let parts = match split(draft, by) {
        Ok(parts) => parts,
        Err(Refusal::OnePart | Refusal::NothingOnIt | Refusal::EmptyPart) => return None,
        Err(other) => panic!("{by:?}: {other}"),
    };
    let checks: Vec<Computed> = parts.iter().map(|part| compute(part).unwrap()).collect();
    for (check, part) in checks.iter().zip(&parts) {
        assert_adds_up(check);
        let kept = part.lines.iter().map(|line| line.kept.clone().unwrap().line).collect();
        assert_eq!(check, &Computed::of(kept).unwrap(), "computing a part gives what was kept");
    }
    let sum = |of: fn(&Computed) -> Money| checks.iter().map(of).sum::<Money>();
    assert_eq!(sum(|check| check.subtotal), whole.subtotal);
    assert_eq!(sum(|check| check.discount), whole.discount);
    assert_eq!(sum(|check| check.service), whole.service);
    assert_eq!(sum(|check| check.tax), whole.tax);
    assert_eq!(sum(|check| check.total), whole.total);
    let together = Computed::together(&checks).unwrap();
    assert_eq!(without_marks(together), without_marks(whole.clone()), "{by:?}");
    let joined = compute(&join(&parts).unwrap()).unwrap();
    assert_eq!(without_marks(joined), without_marks(whole.clone()), "{by:?}");
    match by {
        By::Parts(count) => {
            let totals: Vec<i64> = checks.iter().map(|check| check.total.0).collect();
            assert!(totals.len() == *count && totals[0] - totals[count - 1] <= 1, "{totals:?}");
        }
        By::Amount(amount) => assert_eq!(checks[1].total, *amount),
        By::Seats | By::Lines(_) => {}
    }
    Some(parts)
}

proptest! {
    #[test]
    fn parts_are_the_whole((draft, seed) in drafts(8)) {
        let by = Dice::new(!seed).split(&draft);
        split_and_hold(&draft, &by);
    }

    /// Parts of parts, with something done to one of them, joined in any order.
    #[test]
    fn parts_of_parts_are_the_whole((draft, seed) in drafts(6)) {
        let mut dice = Dice::new(!seed);
        let by = dice.split(&draft);
        let Some(mut parts) = split_and_hold(&draft, &by) else { return Ok(()) };
        let at = usize::try_from(dice.below(parts.len() as u64)).unwrap();
        let own = Adjustment { id: 90, kind: AdjustmentKind::Percent(dice.percent()) };
        let adjusted = match adjust(&parts[at], None, own, true) {
            Err(Refusal::NothingOff) => return Ok(()),
            other => other.unwrap(),
        };
        let others: Vec<_> = parts.iter().map(|part| compute(part).unwrap()).collect();
        parts[at] = adjusted;
        for (index, part) in parts.iter().enumerate() {
            let check = compute(part).unwrap();
            assert_adds_up(&check);
            prop_assert!(index == at || check == others[index]);
            prop_assert!(check.total <= others[index].total + Money(1));
        }
        let by = dice.split(&parts[at]);
        let part = parts.remove(at);
        let before = compute(&part).unwrap();
        let sum: Money = parts.iter().map(|part| compute(part).unwrap().total).sum();
        parts.extend(split_and_hold(&part, &by).unwrap_or_else(|| vec![part]));
        dice.shuffle(&mut parts);
        let joined = compute(&join(&parts).unwrap()).unwrap();
        assert_adds_up(&joined);
        prop_assert_eq!(joined.total, sum + before.total);
    }

    /// What is ordered after a split costs what it costs, and takes the rules in percent.
    #[test]
    fn a_part_goes_on_living((draft, seed) in drafts(6)) {
        let mut dice = Dice::new(!seed);
        let by = dice.split(&draft);
        let Some(parts) = split_and_hold(&draft, &by) else { return Ok(()) };
        for part in parts {
            let before = compute(&part).unwrap();
            let mut grown = part.clone();
            let line = DraftLine { adjustments: Vec::new(), ..dice.line(50, 1000) };
            grown.lines.push(line);
            let after = compute(&grown).unwrap();
            assert_adds_up(&after);
            for line in &before.lines {
                let same = after.lines.iter().find(|other| other.item == line.item).unwrap();
                prop_assert_eq!((line.gross, line.net()), (same.gross, same.net()));
            }
        }
    }

    /// An adjustment or a charge that was apportioned can be taken back from a part.
    #[test]
    fn what_was_apportioned_can_be_taken_back((draft, seed) in drafts(6)) {
        let by = Dice::new(!seed).split(&draft);
        let Some(parts) = split_and_hold(&draft, &by) else { return Ok(()) };
        for mut part in parts {
            let before = compute(&part).unwrap();
            let held = before.adjustments.first().copied();
            if let Some(applied) = held {
                prop_assert!(part.take_back_adjustment(applied.id));
                let after = compute(&part).unwrap();
                assert_adds_up(&after);
                prop_assert_eq!(after.discount, before.discount - applied.amount);
                prop_assert_eq!(after.subtotal, before.subtotal);
                prop_assert!(!part.take_back_adjustment(applied.id));
            }
            let before = compute(&part).unwrap();
            if let Some(share) = before.charges.first() {
                prop_assert!(part.take_back_charge(share.id));
                let after = compute(&part).unwrap();
                assert_adds_up(&after);
                prop_assert!(after.charges.iter().all(|other| other.id != share.id));
            }
        }
    }

    /// Two tables with rates, discounts and charges of their own become one, and nothing changes.
    #[test]
    fn joined_tables_come_to_what_they_were((one, seed) in drafts(6), lines in 0_usize..6) {
        let mut other = Dice::new(!seed).draft(lines);
        other.charges.iter_mut().for_each(|charge| charge.id += 100);
        other.adjustments.iter_mut().for_each(|one| one.id += 1000);
        for line in &mut other.lines {
            line.item += 100;
            line.adjustments.iter_mut().for_each(|one| one.id += 1000);
        }
        let joined = compute(&join(&[one.clone(), other.clone()]).unwrap()).unwrap();
        assert_adds_up(&joined);
        let (one, other) = (compute(&one).unwrap(), compute(&other).unwrap());
        prop_assert_eq!(joined.total, one.total + other.total);
        prop_assert_eq!(joined.tax, one.tax + other.tax);
        prop_assert_eq!(joined.discount, one.discount + other.discount);
        prop_assert_eq!(joined.lines.len(), one.lines.len() + other.lines.len());
    }
}
