//! A check that is freed of its tax.

use proptest::prelude::*;

use super::*;

const EXEMPTION: i64 = 77;

fn freed(draft: &Draft) -> Draft {
    let mut draft = draft.clone();
    draft.adjustments.push(Adjustment { id: EXEMPTION, kind: AdjustmentKind::Tax });
    draft
}

fn line(item: i64, price: i64, tax: Tax) -> DraftLine {
    DraftLine::new(item, Quantity::pieces(1), Money(price), tax)
}

/// Total and what was taken out, in minor units.
#[test]
fn tax_is_taken_out_of_the_price_once_for_a_rate() {
    let (vat, food) = (Tax::Included(TaxRate::new(2200)), Tax::Included(TaxRate::new(1000)));
    let beside = Tax::Added(TaxRate::new(825));
    let tenth = Adjustment { id: 1, kind: AdjustmentKind::Percent(Percent::new(1000)) };
    let sum = Adjustment { id: 1, kind: AdjustmentKind::Amount(Money(2200)) };
    let charge = |kind, tax| Charge { id: 1, kind, tax, least_guests: 0 };
    let percent = ChargeKind::Percent(Percent::new(1000));
    let fee = ChargeKind::Amount(Money(1220));
    for (name, lines, adjustments, charges, expected) in [
        ("one rate", vec![line(1, 12_200, vat)], vec![], vec![], [10_000, 2_200]),
        (
            "three times 33.3 is 100",
            vec![line(1, 203, vat), line(2, 203, vat), line(3, 203, vat)],
            vec![],
            vec![],
            [499, 110],
        ),
        (
            "two rates, one beside the price",
            vec![line(1, 12_200, vat), line(2, 1_100, food), line(3, 1_000, beside)],
            vec![],
            vec![],
            [12_000, 2_300],
        ),
        ("after a percentage", vec![line(1, 12_200, vat)], vec![tenth], vec![], [9_000, 1_980]),
        ("after a sum", vec![line(1, 12_200, vat)], vec![sum], vec![], [8_197, 1_803]),
        (
            "service on what is left without tax",
            vec![line(1, 12_200, vat)],
            vec![],
            vec![charge(percent, ChargeTax::LikeLines)],
            [11_000, 2_200],
        ),
        (
            "a fee without the tax that is in it",
            vec![line(1, 12_200, vat)],
            vec![],
            vec![charge(fee, ChargeTax::Own(vat))],
            [11_000, 2_200],
        ),
        ("no tax at all", vec![line(1, 500, Tax::Exempt)], vec![], vec![], [500, 0]),
    ] {
        let draft = freed(&Draft { lines, adjustments, charges, ..Draft::default() });
        let check = compute(&draft).unwrap();
        assert_adds_up(&check);
        let taken = check.adjustments.iter().find(|one| one.id == EXEMPTION).unwrap().amount;
        assert_eq!([check.total.0, taken.0], expected, "{name}");
        assert_eq!(check.tax, Money::ZERO, "{name}");
    }
}

#[test]
fn there_must_be_a_tax_and_a_reason() {
    let exemption = Adjustment { id: EXEMPTION, kind: AdjustmentKind::Tax };
    let of = |tax| Draft { lines: vec![line(1, 500, tax)], ..Draft::default() };
    let taxed = of(Tax::Added(TaxRate::new(500)));
    assert_eq!(adjust(&of(Tax::Exempt), None, exemption, true), Err(Refusal::NoTax));
    assert_eq!(adjust(&taxed, None, exemption, false), Err(Refusal::ReasonMissing));
    let once = adjust(&taxed, None, exemption, true).unwrap();
    let twice = Adjustment { id: 78, kind: AdjustmentKind::Tax };
    assert_eq!(adjust(&once, None, twice, true), Err(Refusal::NoTax));
    assert_eq!(join(&[once, taxed]), Err(Refusal::OtherwiseExempt));
}

proptest! {
    #[test]
    fn nothing_of_it_is_taxed_and_its_parts_are_all_of_it((draft, seed) in drafts(8)) {
        let before = compute(&draft).unwrap();
        let free = freed(&draft);
        let check = compute(&free).unwrap();
        assert_adds_up(&check);
        prop_assert_eq!(check.tax, Money::ZERO);
        let is_free = |line: &ComputedLine| line.parts().all(|part| part.tax == Tax::Exempt);
        prop_assert!(check.lines.iter().all(is_free));
        let by = Dice::new(!seed).split(&free);
        let Ok(parts) = split(&free, &by) else { return Ok(()) };
        let checks: Vec<Computed> = parts.iter().map(|part| compute(part).unwrap()).collect();
        prop_assert_eq!(checks.iter().map(|part| part.total).sum::<Money>(), check.total);
        prop_assert!(checks.iter().all(|part| part.tax == Money::ZERO));
        let joined = compute(&join(&parts).unwrap()).unwrap();
        prop_assert_eq!(without_marks(joined), without_marks(check));
        // Taken back on every part, what was in the price is in it again, to the minor unit.
        let mut goods = Money::ZERO;
        for mut part in parts {
            prop_assert!(part.take_back_adjustment(EXEMPTION));
            let again = compute(&part).unwrap();
            assert_adds_up(&again);
            for line in &again.lines {
                let ordered = draft.lines.iter().find(|one| one.item == line.item).unwrap();
                prop_assert_eq!(line.goods.tax, ordered.tax);
            }
            goods += again.lines.iter().map(ComputedLine::net).sum::<Money>();
        }
        prop_assert_eq!(goods, before.lines.iter().map(ComputedLine::net).sum::<Money>());
    }

    /// What is ordered later on a freed check is free as well, also after a split.
    #[test]
    fn what_comes_later_is_free_too((draft, seed) in drafts(6)) {
        let mut dice = Dice::new(!seed);
        let free = freed(&draft);
        let by = dice.split(&free);
        let parts = split(&free, &by).unwrap_or_else(|_| vec![free]);
        for mut part in parts {
            part.lines.push(DraftLine { adjustments: Vec::new(), ..dice.line(50, 1000) });
            let check = compute(&part).unwrap();
            assert_adds_up(&check);
            prop_assert_eq!(check.tax, Money::ZERO);
        }
    }
}
