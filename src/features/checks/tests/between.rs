//! Lines that go from check to check: nothing is won or lost by it.

use proptest::prelude::*;

use super::*;

fn total(draft: &Draft) -> Money {
    compute(draft).unwrap().total
}

/// Some of the lines of a check, and so much of each.
fn some(dice: &mut Dice, draft: &Draft) -> Vec<(i64, Quantity)> {
    let lines = compute(draft).unwrap().lines;
    let some = lines.iter().filter(|line| line.quantity > Quantity::ZERO).filter_map(|line| {
        let has = line.quantity.thousandths().unsigned_abs();
        let taken = if dice.one_in(2) { has } else { 1 + dice.below(has) };
        let taken = Quantity::new(taken.cast_signed()).unwrap();
        (!dice.one_in(3)).then_some((line.item, taken))
    });
    some.collect()
}

proptest! {
    /// Forth and back, again and again, between the parts of a check: they always come to the whole.
    #[test]
    fn whatever_goes_where_all_come_to_the_same((draft, seed) in drafts(6)) {
        let mut dice = Dice::new(!seed);
        let by = dice.split(&draft);
        let Ok(mut checks) = split(&draft, &by) else { return Ok(()) };
        let whole = compute(&draft).unwrap();
        for _ in 0..6 {
            dice.shuffle(&mut checks);
            let lines = some(&mut dice, &checks[0]);
            if lines.is_empty() {
                continue;
            }
            let guests = checks[0].guests + checks[1].guests;
            match move_between(&checks[0], &checks[1], &lines) {
                Err(Refusal::EmptyPart) => continue,
                moved => (checks[0], checks[1]) = moved.unwrap(),
            }
            prop_assert_eq!(checks[0].guests + checks[1].guests, guests);
            let computed: Vec<_> = checks.iter().map(|check| compute(check).unwrap()).collect();
            computed.iter().for_each(assert_adds_up);
            let together = Computed::together(&computed).unwrap();
            prop_assert_eq!(without_marks(together), without_marks(whole.clone()));
        }
    }
}

/// Two checks, each with ten percent of its own off, of two lines of 100.00.
fn two_checks() -> (Draft, Draft) {
    let check = |first: i64| {
        let line = |item| DraftLine::new(item, Quantity::pieces(1), Money(10_000), Tax::Exempt);
        let kind = AdjustmentKind::Percent(Percent::new(1_000));
        Draft {
            lines: vec![line(first), line(first + 1)],
            adjustments: vec![Adjustment { id: first, kind }],
            guests: 2,
            ..Draft::default()
        }
    };
    (check(1), check(11))
}

fn with_one_more(mut draft: Draft) -> Draft {
    draft.lines.push(DraftLine::new(99, Quantity::pieces(1), Money(10_000), Tax::Exempt));
    draft
}

#[test]
fn what_was_agreed_on_a_check_holds_there_and_for_what_was_there() {
    let (from, to) = two_checks();
    let (rest, joined) = move_between(&from, &to, &[(1, Quantity::pieces(1))]).unwrap();
    assert_eq!((total(&rest), total(&joined)), (Money(9_000), Money(27_000)));
    assert_eq!((rest.guests, joined.guests), (2, 2));
    // What is ordered later has what was agreed where it is ordered, once.
    assert_eq!(total(&with_one_more(rest)), Money(18_000));
    assert_eq!(total(&with_one_more(joined)), Money(36_000));
}

#[test]
fn a_check_from_which_all_went_is_empty_and_can_be_laid_on_again() {
    let (from, to) = two_checks();
    let all = [(1, Quantity::pieces(1)), (2, Quantity::pieces(1))];
    let (rest, joined) = move_between(&from, &to, &all).unwrap();
    assert!(rest.lines.is_empty() && rest.guests == 0 && joined.guests == 4);
    assert_eq!(total(&joined), Money(36_000));
    let (left, back) = move_between(&joined, &rest, &all).unwrap();
    assert_eq!((total(&left), total(&back)), (Money(18_000), Money(18_000)));
    assert_eq!(total(&with_one_more(back)), Money(27_000));
}

#[test]
fn what_is_not_there_does_not_go() {
    let (from, to) = two_checks();
    let refused = |lines: &[(i64, Quantity)]| move_between(&from, &to, lines).unwrap_err();
    assert_eq!(refused(&[(11, Quantity::pieces(1))]), Refusal::NoSuchLine { item: 11 });
    assert_eq!(refused(&[(1, Quantity::ZERO)]), Refusal::NoQuantity { item: 1 });
    assert_eq!(refused(&[]), Refusal::EmptyPart);
    let has = Quantity::pieces(1);
    assert_eq!(refused(&[(1, Quantity::pieces(2))]), Refusal::MoreThanThereIs { item: 1, has });
}
