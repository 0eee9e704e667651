//! One check: its parts sum to it, whatever is on it.

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn parts_sum_to_the_check((draft, _) in drafts(12)) {
        let check = compute(&draft).unwrap();
        assert_adds_up(&check);
        for bucket in &check.taxes {
            prop_assert_eq!(bucket.amount, bucket.tax.of(bucket.base), "once for all of a rate");
        }
        for line in &check.lines {
            let one = draft.lines.iter().find(|one| one.item == line.item).unwrap();
            let own: Vec<i64> = one.adjustments.iter().map(|one| one.id).collect();
            let all = line.discounts.iter().filter(|share| !own.contains(&share.id));
            let all: Money = all.map(|share| share.amount).sum();
            prop_assert!(one.takes_adjustments || all == Money::ZERO);
        }
    }

    #[test]
    fn the_order_of_its_parts_does_not_matter((draft, seed) in drafts(12)) {
        let mut dice = Dice::new(!seed);
        let mut shuffled = draft.clone();
        dice.shuffle(&mut shuffled.lines);
        dice.shuffle(&mut shuffled.adjustments);
        dice.shuffle(&mut shuffled.charges);
        for line in &mut shuffled.lines {
            dice.shuffle(&mut line.adjustments);
            dice.shuffle(&mut line.modifiers);
        }
        prop_assert_eq!(compute(&shuffled), compute(&draft));
    }

    /// Where all is taxed at one rate; of several, a minor unit may change its rate.
    #[test]
    fn more_costs_no_less((draft, seed) in drafts(12), dearer in 0_i64..1000) {
        let mut dice = Dice::new(!seed);
        let mut draft = draft;
        let tax = dice.tax();
        draft.lines.iter_mut().for_each(|line| (line.tax, line.takes_adjustments) = (tax, true));
        draft.charges.iter_mut().for_each(|charge| charge.tax = ChargeTax::LikeLines);
        draft.lines.iter_mut().for_each(|line| line.takes_charges = true);
        let before = compute(&draft).unwrap().total;
        let mut more_off = draft.clone();
        more_off.adjustments.push(Adjustment { id: 99, kind: AdjustmentKind::Amount(Money(dearer)) });
        prop_assert!(compute(&more_off).unwrap().total <= before);
        if let Some(line) = draft.lines.first_mut() {
            line.price += Money(dearer);
            prop_assert!(compute(&draft).unwrap().total >= before);
        }
    }

    #[test]
    fn an_adjustment_takes_what_there_is_and_says_what_was_missing(
        (draft, _) in drafts(6), amount in 0_i64..10_000,
    ) {
        let mut draft = draft;
        draft.lines.iter_mut().for_each(|line| line.adjustments.clear());
        draft.adjustments = vec![Adjustment { id: 1, kind: AdjustmentKind::Amount(Money(amount)) }];
        let check = compute(&draft).unwrap();
        let applied = check.adjustments.first().copied();
        if let Some(applied) = applied {
            prop_assert_eq!(applied.amount + applied.cut, Money(amount));
        }
        let refused = adjust(&Draft { adjustments: Vec::new(), ..draft.clone() }, None,
            draft.adjustments[0], false);
        let fits = applied.is_some_and(|one| one.cut == Money::ZERO && one.amount > Money::ZERO);
        prop_assert!(refused.is_ok() == fits);
    }

    /// What was agreed about what was there takes no more than it did then, and nothing from what
    /// came later, also when it is split and joined meanwhile.
    #[test]
    fn what_is_bound_does_not_grow((draft, seed) in drafts(6), hundredths in 1_i64..=10_000) {
        let mut dice = Dice::new(!seed);
        let mut draft = draft;
        let kind = match hundredths {
            9_000.. => AdjustmentKind::Comp,
            _ => AdjustmentKind::Percent(Percent::new(hundredths)),
        };
        let agreed = Adjustment { id: 99, kind };
        draft.adjustments.push(agreed);
        let off = |check: &Computed| {
            let of_it = check.adjustments.iter().find(|applied| applied.id == 99);
            of_it.map_or(Money::ZERO, |applied| applied.amount)
        };
        let most = off(&compute(&draft).unwrap());
        let items = draft.lines.iter().map(|line| line.item).collect();
        draft.bounds.push(Bound { id: 99, items, most });
        prop_assert_eq!(off(&compute(&draft).unwrap()), most);
        let tax = dice.tax();
        let later = DraftLine::new(77, Quantity::pieces(1), Money(1_000), tax);
        let mut grown = draft.clone();
        grown.lines.push(later.clone());
        for line in &mut grown.lines {
            line.price += Money(500);
        }
        let check = compute(&grown).unwrap();
        prop_assert!(off(&check) <= most);
        let gives = |check: &Computed| {
            let mut later = check.lines.iter().filter(|line| line.item == 77);
            later.any(|line| line.discounts.iter().any(|share| share.id == 99 && share.amount > Money::ZERO))
        };
        prop_assert!(!gives(&check));
        if let Ok(mut parts) = split(&draft, &By::Parts(2)) {
            parts[1].lines.push(later);
            let joined = compute(&join(&parts).unwrap()).unwrap();
            prop_assert_eq!(off(&joined), most);
            prop_assert!(!gives(&joined));
        }
    }

    /// Whatever stands in the fields: a sum, or a refusal; never a panic, never a wrap.
    #[test]
    fn no_number_is_too_strange(
        price in any::<i64>(), modifier in any::<i64>(), amount in any::<i64>(),
        count in any::<u32>(), thousandths in 0_i64..=1_000_000_000, guests in any::<u32>(),
    ) {
        let mut line = DraftLine::new(1, Quantity::new(thousandths).unwrap(), Money(price),
            Tax::Added(TaxRate::new(2000)));
        line.modifiers = vec![Modifier { price: Money(modifier), count }];
        line.adjustments = vec![Adjustment { id: 1, kind: AdjustmentKind::Amount(Money(amount)) }];
        let other = DraftLine { item: 2, ..line.clone() };
        let charge = |id, kind| Charge { id, kind, tax: ChargeTax::LikeLines, least_guests: 0 };
        let draft = Draft {
            spent: Vec::new(),
            bounds: Vec::new(),
            lines: vec![line, other],
            adjustments: vec![Adjustment { id: 2, kind: AdjustmentKind::Amount(Money(amount)) }],
            charges: vec![charge(1, ChargeKind::PerGuest(Money(amount))),
                charge(2, ChargeKind::Amount(Money(amount)))],
            guests,
        };
        if let Ok(check) = compute(&draft) {
            assert_adds_up(&check);
            prop_assert!(check.total <= MOST && check.total >= Money::ZERO);
        }
    }
}
