//! Evenings as they happen, with the right sums; complaints about other systems by their numbers.

use super::*;

fn included(hundredths: i64) -> Tax {
    Tax::Included(TaxRate::new(hundredths))
}

fn added(hundredths: i64) -> Tax {
    Tax::Added(TaxRate::new(hundredths))
}

fn pieces(count: u32) -> Quantity {
    Quantity::pieces(count)
}

fn line(item: i64, count: u32, price: i64, tax: Tax) -> DraftLine {
    DraftLine::new(item, pieces(count), Money(price), tax)
}

fn check_of(lines: Vec<DraftLine>) -> Draft {
    Draft { lines, guests: 1, ..Draft::default() }
}

fn percent(id: i64, hundredths: i64) -> Adjustment {
    Adjustment { id, kind: AdjustmentKind::Percent(Percent::new(hundredths)) }
}

fn amount(id: i64, amount: i64) -> Adjustment {
    Adjustment { id, kind: AdjustmentKind::Amount(Money(amount)) }
}

fn comp(id: i64) -> Adjustment {
    Adjustment { id, kind: AdjustmentKind::Comp }
}

fn service(id: i64, hundredths: i64, tax: ChargeTax) -> Charge {
    let kind = ChargeKind::Percent(Percent::new(hundredths));
    Charge { id, kind, tax, least_guests: 0 }
}

fn totals(drafts: &[Draft]) -> Vec<i64> {
    drafts.iter().map(|draft| compute(draft).unwrap().total.0).collect()
}

/// Pizza and half a bottle on a card; the cold steak is on the house, seven percent off the rest.
#[test]
fn two_couples_at_a_table() {
    let pizza = DraftLine {
        modifiers: vec![Modifier { price: Money(9_000), count: 1 }],
        ..line(1, 1, 78_000, included(500))
    };
    let steak = DraftLine { adjustments: vec![comp(1)], ..line(3, 1, 329_000, included(500)) };
    let lemonade =
        DraftLine { adjustments: vec![percent(2, 2000)], ..line(4, 2, 30_000, included(500)) };
    let table = check_of(vec![
        pizza,
        line(2, 1, 99_000, included(500)),
        steak,
        lemonade,
        line(5, 1, 39_000, included(500)),
    ]);
    let half = Quantity::new(500).unwrap();
    let parts = By::Lines(vec![vec![(3, pieces(1)), (4, pieces(2)), (2, half), (5, pieces(1))]]);
    let checks = split(&table, &parts).unwrap();
    assert_eq!(totals(&checks), [136_500, 136_500]);
    let second = adjust(&checks[1], None, percent(3, 700), true).unwrap();
    let second = compute(&second).unwrap();
    assert_eq!((second.total, second.tax), (Money(126_945), Money(6_045)));
    assert_eq!(second.discount, Money(329_000 + 12_000 + 9_555));
    let cash = Offer {
        kind: MethodKind::Cash,
        amount: second.total,
        tendered: Some(Money(150_000)),
        tip: Money::ZERO,
        expected_due: Some(Money(126_945)),
    };
    let taking = take(second.total, &[], &cash, CashRounding::NONE).unwrap();
    assert_eq!(taking.change, Money(23_055));
}

#[test]
fn what_a_check_comes_to() {
    let lines = |tax| vec![line(1, 2, 450, tax), line(2, 1, 333, tax)];
    for (name, draft, expected) in [
        ("nothing", Draft::default(), [0, 0, 0, 0, 0]),
        ("no tax", check_of(lines(Tax::Exempt)), [1233, 0, 0, 0, 1233]),
        ("tax in prices", check_of(lines(included(2000))), [1233, 0, 0, 206, 1233]),
        ("tax on prices", check_of(lines(added(825))), [1233, 0, 0, 102, 1335]),
        (
            "percent before amounts, whichever was first",
            Draft {
                adjustments: vec![amount(1, 100), percent(2, 1000)],
                ..check_of(lines(included(2000)))
            },
            [1233, 223, 0, 168, 1010],
        ),
        (
            "never below 0",
            Draft { adjustments: vec![amount(1, 9999)], ..check_of(lines(added(2000))) },
            [1233, 1233, 0, 0, 0],
        ),
        (
            "service on what is left, taxed by itself",
            Draft {
                adjustments: vec![percent(1, 1000)],
                charges: vec![service(1, 1000, ChargeTax::Own(added(2000)))],
                ..check_of(lines(included(1000)))
            },
            [1233, 123, 111, 101 + 22, 1110 + 111 + 22],
        ),
        (
            "two rates, service like the lines",
            Draft {
                charges: vec![service(1, 1250, ChargeTax::LikeLines)],
                ..check_of(vec![line(1, 1, 1000, included(700)), line(2, 1, 1000, included(1900))])
            },
            [2000, 0, 250, 74 + 180, 2250],
        ),
        (
            "350 g of shashlik",
            check_of(vec![DraftLine::new(
                1,
                Quantity::new(350).unwrap(),
                Money(129_900),
                included(2200),
            )]),
            [45_465, 0, 0, 8_199, 45_465],
        ),
    ] {
        let check = compute(&draft).unwrap();
        let Computed { subtotal, discount, service, tax, total, .. } = check;
        let sums = [subtotal, discount, service, tax, total].map(|sum| sum.0);
        assert_eq!(sums, expected, "{name}");
    }
}

/// Rounded once for all of a rate, as Japan wants it: three times 33.3 is 100, not 99.
#[test]
fn tax_is_rounded_once_for_a_rate() {
    let lines = (1..=3).map(|item| line(item, 1, 333, added(1000))).collect();
    let check = compute(&check_of(lines)).unwrap();
    assert_eq!((check.tax, check.total), (Money(100), Money(1099)));
    assert_eq!(check.lines.iter().map(|line| line.tax().0).collect::<Vec<_>>(), [34, 33, 33]);
}

#[test]
fn a_charge_follows_guests_and_lines() {
    let party = |guests| {
        let kind = ChargeKind::PerGuest(Money(250));
        let cover = Charge { id: 1, kind, tax: ChargeTax::LikeLines, least_guests: 0 };
        let large = Charge { least_guests: 6, ..service(2, 1000, ChargeTax::LikeLines) };
        let bread = DraftLine { takes_charges: false, ..line(2, 1, 5000, Tax::Exempt) };
        let lines = vec![line(1, 1, 10_000, Tax::Exempt), bread];
        Draft { charges: vec![cover, large], guests, ..check_of(lines) }
    };
    assert_eq!(totals(&[party(0), party(2), party(6)]), [15_000, 15_500, 17_500]);
    let sixth = compute(&party(6)).unwrap();
    assert_eq!(sixth.lines[1].service(), Money::ZERO);
    let all_on_the_house = Draft { adjustments: vec![comp(1)], ..party(2) };
    let check = compute(&all_on_the_house).unwrap();
    assert_eq!((check.total, check.lines[0].service()), (Money(500), Money(500)));
}

#[test]
fn what_is_no_check_is_refused() {
    let ok = || line(1, 1, 100, Tax::Exempt);
    let cheaper = Modifier { price: Money(-101), count: 1 };
    let adjusted = |adjustments| DraftLine { adjustments, ..ok() };
    let too_dear = Money(i64::MAX);
    for (lines, refusal) in [
        (vec![ok(), ok()], Refusal::LineTwice { item: 1 }),
        (vec![line(1, 0, 100, Tax::Exempt)], Refusal::NoQuantity { item: 1 }),
        (vec![line(1, 1, -100, Tax::Exempt)], Refusal::PriceBelowZero { item: 1 }),
        (vec![DraftLine { modifiers: vec![cheaper], ..ok() }], Refusal::PriceBelowZero { item: 1 }),
        (vec![adjusted(vec![amount(1, -1)])], Refusal::AmountBelowZero),
        (vec![adjusted(vec![percent(1, 5), percent(1, 5)])], Refusal::AdjustmentTwice { id: 1 }),
        (vec![DraftLine { price: too_dear, ..ok() }], Refusal::TooLarge),
        (vec![line(1, 2, MOST.0, Tax::Exempt)], Refusal::TooLarge),
        (vec![line(1, 1, MOST.0, added(1)), line(2, 1, 0, added(1))], Refusal::TooLarge),
    ] {
        assert_eq!(compute(&check_of(lines.clone())), Err(refusal), "{lines:?}");
    }
    assert!(Quantity::new(-1).is_err(), "there is no quantity below 0");
}

#[test]
fn a_person_cannot_take_off_more_than_there_is() {
    let draft = check_of(vec![line(1, 1, 500, Tax::Exempt), line(2, 1, 300, Tax::Exempt)]);
    for (line, adjustment, has_reason, expected) in [
        (None, amount(1, 800), true, Ok(0)),
        (None, amount(1, 801), true, Err(Refusal::DiscountAbovePrice { most: Money(800) })),
        (Some(2), amount(1, 301), true, Err(Refusal::DiscountAbovePrice { most: Money(300) })),
        (Some(2), comp(1), true, Ok(500)),
        (Some(2), comp(1), false, Err(Refusal::ReasonMissing)),
        (Some(3), comp(1), true, Err(Refusal::NoSuchLine { item: 3 })),
        (None, percent(1, 0), true, Err(Refusal::NothingOff)),
        (None, amount(1, 0), true, Err(Refusal::NothingOff)),
        (Some(2), percent(1, 1), true, Err(Refusal::NothingOff)),
    ] {
        let adjusted = adjust(&draft, line, adjustment, has_reason);
        let total = adjusted.map(|draft| compute(&draft).unwrap().total.0);
        assert_eq!(total, expected, "{line:?} {adjustment:?}");
    }
    let nothing = adjust(&Draft::default(), None, percent(1, 500), true);
    assert_eq!(nothing, Err(Refusal::NothingOnIt));
}

#[test]
fn splits_of_all_kinds() {
    let seated = |item, seat, price| DraftLine { seat, ..line(item, 1, price, included(500)) };
    let draft = check_of(vec![
        seated(1, Some(1), 700),
        seated(2, Some(2), 500),
        seated(3, None, 1000),
        seated(4, None, 1000),
        seated(5, Some(4), 100),
    ]);
    for (by, expected) in [
        (By::Seats, Ok(vec![1367, 1167, 766])),
        (By::Parts(2), Ok(vec![1650, 1650])),
        (By::Parts(7), Ok(vec![472, 472, 472, 471, 471, 471, 471])),
        (By::Amount(Money(1)), Ok(vec![3299, 1])),
        (By::Amount(Money(3300)), Err(Refusal::AmountOutOfRange { total: Money(3300) })),
        (By::Amount(Money(0)), Err(Refusal::AmountOutOfRange { total: Money(3300) })),
        (By::Parts(1), Err(Refusal::PartsOutOfRange { most: MOST_PARTS })),
        (By::Parts(51), Err(Refusal::PartsOutOfRange { most: MOST_PARTS })),
        (By::Lines(vec![vec![(1, pieces(1)), (2, pieces(1))]]), Ok(vec![2100, 1200])),
        (By::Lines(vec![vec![(9, pieces(1))]]), Err(Refusal::NoSuchLine { item: 9 })),
        (By::Lines(vec![vec![]]), Err(Refusal::EmptyPart)),
        (By::Lines(vec![]), Err(Refusal::OnePart)),
        (
            By::Lines(vec![vec![(1, pieces(1))], vec![(1, pieces(1))]]),
            Err(Refusal::MoreThanThereIs { item: 1, has: pieces(1) }),
        ),
    ] {
        assert_eq!(split(&draft, &by).map(|parts| totals(&parts)), expected, "{by:?}");
    }
    let all = (1..=5).map(|item| (item, pieces(1))).collect::<Vec<_>>();
    assert_eq!(split(&draft, &By::Lines(vec![all.clone()])), Err(Refusal::OnePart));
    let both = By::Lines(vec![all[..2].to_vec(), all[2..].to_vec()]);
    assert_eq!(totals(&split(&draft, &both).unwrap()), [1200, 2100], "all is named");
    assert_eq!(split(&Draft::default(), &By::Parts(2)), Err(Refusal::NothingOnIt));
}

/// Complaint 5: a line is on one check or on the other, or in parts on both; never twice.
#[test]
fn complaint_5_a_line_is_never_copied() {
    let draft = check_of(vec![line(1, 3, 500, Tax::Exempt), line(2, 1, 300, Tax::Exempt)]);
    let parts = split(&draft, &By::Lines(vec![vec![(1, pieces(1))]])).unwrap();
    let on_first: Vec<_> = parts[0].lines.iter().map(|line| (line.item, line.quantity)).collect();
    assert_eq!(on_first, [(1, pieces(2)), (2, pieces(1))]);
    let changed = DraftLine { quantity: pieces(3), ..parts[0].lines[0].clone() };
    let changed = Draft { lines: vec![changed], ..parts[0].clone() };
    assert_eq!(compute(&changed), Err(Refusal::LineIsSplit { item: 1 }));
    let joined = join(&parts).unwrap();
    assert_eq!(joined.lines[0].quantity, pieces(3));
    assert_eq!(compute(&joined).unwrap().total, Money(1800));
}

/// Complaint 6: the same dish stands on several lines, each with its own price.
#[test]
fn complaint_6_lines_have_ids_and_prices_of_their_own() {
    let draft = check_of(vec![line(1, 1, 500, Tax::Exempt), line(2, 1, 450, Tax::Exempt)]);
    let parts = split(&draft, &By::Lines(vec![vec![(2, pieces(1))]])).unwrap();
    assert_eq!(totals(&parts), [500, 450]);
}

/// Complaint 7: the discount of an order is neither lost by a split nor taken twice.
#[test]
fn complaint_7_a_discount_survives_a_split() {
    let draft = Draft {
        adjustments: vec![amount(1, 500), percent(2, 1000)],
        ..check_of(vec![line(1, 1, 1000, Tax::Exempt), line(2, 2, 1000, Tax::Exempt)])
    };
    assert_eq!(totals(std::slice::from_ref(&draft)), [2200]);
    let parts = split(&draft, &By::Lines(vec![vec![(2, pieces(2))]])).unwrap();
    let checks: Vec<_> = parts.iter().map(|part| compute(part).unwrap()).collect();
    assert_eq!(checks[0].total + checks[1].total, Money(2200));
    let taken = |check: &Computed| check.adjustments.iter().map(|one| one.amount.0).collect();
    let taken: Vec<Vec<i64>> = checks.iter().map(taken).collect();
    assert_eq!(taken, [[167, 100], [333, 200]]);
    // What is ordered later takes the percent, and not the sum again.
    let mut later = parts[0].clone();
    later.lines.push(line(3, 1, 1000, Tax::Exempt));
    assert_eq!(totals(&[later]), [733 + 900]);
}

/// Complaint 8: 7.00 were paid, 7.00 go back; of cash and card each is rounded as it was.
#[test]
fn complaint_8_what_goes_back_is_what_was_paid() {
    let krona = CashRounding::of_currency("SEK");
    let pay = |kind, amount, payments: &[Payment]| {
        let offer = Offer {
            kind,
            amount: Money(amount),
            tendered: None,
            tip: Money(0),
            expected_due: None,
        };
        let taking = take(Money(1290), payments, &offer, krona).unwrap();
        let state = PaymentState::Taken;
        Payment {
            id: 1,
            kind,
            amount: taking.amount,
            rounding: taking.rounding,
            tip: taking.tip,
            state,
            is_by_wire: false,
        }
    };
    let card = pay(MethodKind::Card, 545, &[]);
    let cash = pay(MethodKind::Cash, 745, &[card]);
    assert_eq!((card.rounding, cash.rounding), (Money(0), Money(-45)));
    assert!(Standing::of(Money(1290), &[card, cash]).is_paid(Money(1290)));
    let back = |payment: &Payment, earlier: &[GivenBack], amount| {
        give_back(payment, earlier, (Money(amount), Money::ZERO), (payment.kind, krona))
    };
    let whole = back(&cash, &[], 745).unwrap();
    assert_eq!(whole.amount + whole.rounding, Money(700));
    let first = back(&cash, &[], 260).unwrap();
    let second = back(&cash, &[first], 485).unwrap();
    assert_eq!((first.rounding, second.rounding), (Money(40), Money(-85)));
    assert_eq!(back(&cash, &[first], 486), Err(Refusal::AboveTaken { left: Money(485) }));
    let pending = Payment { state: PaymentState::Pending, ..card };
    assert_eq!(back(&pending, &[], 1), Err(Refusal::PaymentPending { amount: pending.amount }));
    let failed = Payment { state: PaymentState::Failed, ..card };
    assert_eq!(back(&failed, &[], 1), Err(Refusal::NotTaken));
    // A card's money that goes back in coins goes back in whole coins, whatever the parts.
    let in_cash = |earlier: &[GivenBack], amount| {
        let way = (MethodKind::Cash, krona);
        give_back(&card, earlier, (Money(amount), Money::ZERO), way).unwrap()
    };
    let first = in_cash(&[], 260);
    let second = in_cash(&[first], 285);
    assert_eq!(
        (first.amount + first.rounding, second.amount + second.rounding),
        (Money(300), Money(200))
    );
}

/// Complaint 9: three refunds of a third each give the tax of the sale, not three times a third.
#[test]
fn complaint_9_a_refund_copies_the_sale() {
    let mut left = compute(&check_of(vec![line(1, 3, 1000, included(2000))])).unwrap();
    assert_eq!(left.tax, Money(500));
    let mut taxes = Vec::new();
    while left.total > Money::ZERO {
        let back = refund_lines(&left, &[(1, pieces(1))]).unwrap();
        assert_eq!(back.total, Money(1000));
        taxes.push(back.tax.0);
        left = left.without(&back).unwrap();
    }
    assert_eq!(taxes, [167, 167, 166]);
}

/// For a register: quantity times price is the amount, also where it does not divide.
#[test]
fn a_sum_that_does_not_divide_is_two_positions() {
    let kilos = Quantity::new(350).unwrap();
    for (quantity, amount, expected) in [
        (pieces(2), 900, vec![(2, 450)]),
        (pieces(3), 1000, vec![(2, 333), (1, 334)]),
        (pieces(3), 2, vec![(1, 0), (2, 1)]),
        (kilos, 45_465, vec![(1, 45_465)]),
        (Quantity::ZERO, 1, vec![(1, 1)]),
        (pieces(2), 0, vec![(2, 0)]),
    ] {
        let expected: Vec<_> =
            expected.into_iter().map(|(count, price)| (pieces(count), Money(price))).collect();
        assert_eq!(super::pieces(quantity, Money(amount)), expected, "{quantity} {amount}");
    }
}

/// What was weighed goes as it was weighed; only what no price fits is two positions.
#[test]
fn a_weight_is_a_position_with_the_price_of_a_kilogram() {
    for (thousandths, amount, expected) in [
        (350, 45_150, vec![(350, 129_000)]),
        (350, 45_465, vec![(350, 129_900)]),
        (1000, 129_000, vec![(1000, 129_000)]),
        (1500, 193_500, vec![(1500, 129_000)]),
        (1500, 100, vec![(500, 66), (1000, 67)]),
        (50_000, 1, vec![(49_000, 0), (1000, 1)]),
        (1, 0, vec![(1, 0)]),
        (350, 0, vec![(350, 0)]),
        (0, 1, vec![(1000, 1)]),
    ] {
        let quantity = |thousandths| Quantity::new(thousandths).unwrap();
        let expected: Vec<_> =
            expected.into_iter().map(|(of, price)| (quantity(of), Money(price))).collect();
        let positions = super::weights(quantity(thousandths), Money(amount));
        assert_eq!(positions, expected, "{thousandths} {amount}");
        let sum: i64 = positions.iter().map(|(of, price)| of.costs(*price).unwrap().0).sum();
        assert_eq!(sum, amount);
    }
}

/// Whole, a weighed line goes back as it was paid; shared, its parts come to it.
#[test]
fn a_weighed_line_is_shared_and_goes_back_to_the_minor_unit() {
    for (digits, price, costs) in [(0, 1290, 452), (2, 129_033, 45_162), (3, 1_290_333, 451_617)] {
        let quantity = Quantity::new(350).unwrap();
        let line = DraftLine::new(1, quantity, Money(price), included(2000));
        let draft = Draft { lines: vec![line], ..Draft::default() };
        let check = compute(&draft).unwrap();
        assert_eq!(check.total, Money(costs), "{digits} digits");
        let back = refund_lines(&check, &[(1, quantity)]).unwrap();
        assert_eq!(back, check);
        let third = Quantity::new(117).unwrap();
        let parts = split(&draft, &By::Lines(vec![vec![(1, third)]])).unwrap();
        let totals = parts.iter().map(|part| compute(part).unwrap().total);
        assert_eq!(totals.sum::<Money>(), check.total);
        let thirds = split(&draft, &By::Parts(3)).unwrap();
        assert_eq!(compute(&join(&thirds).unwrap()).unwrap().total, check.total);
    }
}

#[test]
fn a_refusal_is_a_problem_with_a_sentence() {
    use crate::core::error::Error;
    for (refusal, status, param) in [
        (Refusal::DueChanged { due: Money(100) }, 409, Some("amount")),
        (Refusal::MoneyTaken, 409, None),
        (Refusal::NoSuchLine { item: 7 }, 400, Some("item_id")),
        (Refusal::DiscountAbovePrice { most: Money(5) }, 400, Some("amount")),
    ] {
        let error = Error::from(refusal);
        let problem = error.problem();
        assert_eq!((problem.status, problem.code), (status, refusal.code()));
        assert!(
            problem.detail.ends_with('.') && param.is_none_or(|p| problem.params.contains_key(p))
        );
    }
}
