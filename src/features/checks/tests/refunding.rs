//! Refunds: what goes back together is what was sold and what was paid.

use proptest::prelude::*;

use super::*;

proptest! {
    /// Complaint 9: the tax of refunds is the tax of the sale.
    #[test]
    fn refunds_are_the_sale((draft, seed) in drafts(8), steps in 0_usize..6) {
        let mut dice = Dice::new(!seed);
        let sale = compute(&draft).unwrap();
        let (mut left, mut back) = (sale.clone(), Vec::new());
        for step in 0..=steps {
            let Some(part) = refund(&mut dice, &left, step == steps) else { continue };
            assert_adds_up(&part);
            left = left.without(&part).unwrap();
            assert_adds_up(&left);
            back.push(part);
        }
        prop_assert_eq!((left.total, left.tax, left.lines.len()), (Money::ZERO, Money::ZERO, 0));
        let together = Computed::together(&back).unwrap();
        prop_assert_eq!(without_marks(together), without_marks(sale));
    }

    /// A sale that is opened anew comes to what is left of it, and can be adjusted and refunded.
    #[test]
    fn what_is_left_of_a_sale_is_paid_anew((draft, seed) in drafts(8)) {
        let mut dice = Dice::new(!seed);
        let sale = compute(&draft).unwrap();
        prop_assert_eq!(&again(&draft, &sale).unwrap(), &draft);
        let Some(part) = refund(&mut dice, &sale, false) else { return Ok(()) };
        let left = sale.without(&part).unwrap();
        let anew = compute(&again(&draft, &left).unwrap()).unwrap();
        assert_adds_up(&anew);
        prop_assert_eq!(without_marks(anew), without_marks(left));
    }

    /// Complaint 8: what was rounded when it was paid is rounded back.
    #[test]
    fn a_full_refund_is_what_was_paid(
        amount in 1_i64..2000, coin in 1_i64..120, tip in 0_i64..500,
        is_cash in any::<bool>(), is_exact in any::<bool>(), seed in any::<u64>(), steps in 0..6,
    ) {
        let mut dice = Dice::new(seed);
        let rounding = CashRounding::to(Money(coin));
        let kind = if is_cash { MethodKind::Cash } else { MethodKind::Card };
        let tendered = is_exact.then_some(Money(amount + tip));
        let (amount, tip) = (Money(amount), Money(tip));
        let offer = Offer { kind, amount, tendered, tip, expected_due: None };
        let taking = take(amount, &[], &offer, rounding).unwrap();
        let state = PaymentState::Taken;
        let payment = Payment { id: 1, kind, amount, rounding: taking.rounding, tip, state, is_by_wire: false };
        let mut back: Vec<GivenBack> = Vec::new();
        for step in 0..=steps {
            let left = amount - back.iter().map(|one| one.amount).sum();
            let left_of_tip = tip - back.iter().map(|one| one.tip).sum();
            let random = |dice: &mut Dice, most: Money| {
                Money(dice.below(most.0.unsigned_abs() + 1).cast_signed())
            };
            let part = if step == steps {
                (left, left_of_tip)
            } else {
                (random(&mut dice, left), random(&mut dice, left_of_tip))
            };
            if part == (Money::ZERO, Money::ZERO) {
                continue;
            }
            let one = give_back(&payment, &back, part, (kind, rounding)).unwrap();
            prop_assert!(one.amount + one.rounding >= Money::ZERO);
            prop_assert!(!is_cash || is_exact || rounding.fits(one.amount + one.rounding));
            back.push(one);
        }
        let handed_back: Money = back.iter().map(|one| one.amount + one.rounding + one.tip).sum();
        prop_assert_eq!(handed_back, taking.tendered - taking.change);
        let more = give_back(&payment, &back, (Money(1), Money::ZERO), (kind, rounding));
        prop_assert_eq!(more, Err(Refusal::AboveTaken { left: Money::ZERO }));
    }
}

proptest! {
    /// A whole line goes back at what the check shows for it, whatever went back before.
    #[test]
    fn a_line_goes_back_at_what_was_shown((draft, seed) in drafts(8)) {
        let mut dice = Dice::new(seed);
        let sale = compute(&draft).unwrap();
        let mut left = sale.clone();
        while !left.lines.is_empty() {
            let at = usize::try_from(dice.below(left.lines.len() as u64)).unwrap();
            let shown = left.lines[at].clone();
            if shown.quantity == Quantity::ZERO {
                break;
            }
            let back = refund_lines(&left, &[(shown.item, shown.quantity)]).unwrap();
            let was = sale.lines.iter().find(|line| line.item == shown.item).unwrap();
            prop_assert_eq!((back.total, back.tax), (was.total(), was.tax()));
            left = left.without(&back).unwrap();
        }
    }
}

#[test]
fn more_than_was_sold_never_goes_back() {
    let line = DraftLine::new(7, Quantity::pieces(2), Money(500), Tax::Exempt);
    let sale = compute(&Draft { lines: vec![line], ..Draft::default() }).unwrap();
    let pieces = |count| Quantity::pieces(count);
    assert_eq!(
        refund_lines(&sale, &[(7, pieces(1)), (7, pieces(2))]),
        Err(Refusal::MoreThanThereIs { item: 7, has: pieces(2) })
    );
    assert_eq!(refund_lines(&sale, &[(8, pieces(1))]), Err(Refusal::NoSuchLine { item: 8 }));
    assert_eq!(refund_lines(&sale, &[(7, Quantity::ZERO)]), Err(Refusal::NoQuantity { item: 7 }));
    assert_eq!(refund_amount(&sale, Money(1001)), Err(Refusal::AboveSold { left: Money(1000) }));
    assert_eq!(refund_amount(&sale, Money(-1)), Err(Refusal::AmountBelowZero));
    let half = refund_lines(&sale, &[(7, pieces(1))]).unwrap();
    let left = sale.without(&half).unwrap();
    assert_eq!((half.total, left.total), (Money(500), Money(500)));
    assert_eq!(left.without(&sale), Err(Refusal::AboveSold { left: Money(500) }));
}
