//! Payments: what is taken together is the total, and nothing is taken twice.

use proptest::prelude::*;

use super::*;
use crate::core::error::Error;

fn offer(kind: MethodKind, amount: i64) -> Offer {
    Offer { kind, amount: Money(amount), tendered: None, tip: Money::ZERO, expected_due: None }
}

fn payment(kind: MethodKind, amount: i64, state: PaymentState) -> Payment {
    let (rounding, tip) = (Money::ZERO, Money::ZERO);
    Payment { id: 1, kind, amount: Money(amount), rounding, tip, state, is_by_wire: false }
}

proptest! {
    #[test]
    fn payments_sum_to_the_total(total in 0_i64..5000, coin in 1_i64..120, seed in any::<u64>()) {
        let mut dice = Dice::new(seed);
        let (total, rounding) = (Money(total), CashRounding::to(Money(coin)));
        let (mut payments, mut drawer): (Vec<Payment>, _) = (Vec::new(), Money::ZERO);
        for id in 0..40 {
            let due = Standing::of(total, &payments).due;
            let amount = if dice.one_in(3) { due } else { dice.amount(5000) };
            let kind = dice.of(MethodKind::ALL);
            let tendered = dice.one_in(3).then(|| dice.amount(9000));
            let offer = Offer { kind, amount, tendered, tip: dice.amount(50), expected_due: None };
            let Ok(taking) = take(total, &payments, &offer, rounding) else { continue };
            prop_assert!(taking.change >= Money::ZERO);
            prop_assert!(kind == MethodKind::Cash || (taking.change, taking.rounding).eq(&(Money::ZERO, Money::ZERO)));
            let Taking { amount, rounding, tip, .. } = taking;
            let state = dice.of(PaymentState::ALL);
            if state == PaymentState::Taken {
                drawer += taking.tendered - taking.change;
            }
            payments.push(Payment { id, kind, amount, rounding, tip, state, is_by_wire: false });
        }
        let standing = Standing::of(total, &payments);
        prop_assert_eq!(standing.paid + standing.pending + standing.due, total);
        prop_assert_eq!(standing.paid + standing.rounding + standing.tips, drawer);
        let state = CheckState::Presented.after_payment(total, &standing);
        prop_assert_eq!(state == CheckState::Paid, standing.paid == total);
    }

    /// Complaint 8, and the bill that was paid in crumbs for nothing: whatever the parts, what is
    /// handed over is what they come to, but for half a coin; and so it goes back.
    #[test]
    fn cash_in_any_parts_is_rounded_once(
        total in 1_i64..3000, coin in 1_i64..120, crumb in 1_u64..200, seed in any::<u64>(),
    ) {
        let mut dice = Dice::new(seed);
        let (total, rounding) = (Money(total), CashRounding::to(Money(coin)));
        let is_near = |handed: Money, of: Money| (handed.0 - of.0).abs() * 2 <= coin;
        let (mut payments, mut handed): (Vec<Payment>, _) = (Vec::new(), Money::ZERO);
        for id in 0.. {
            let due = Standing::of(total, &payments).due;
            if due == Money::ZERO {
                break;
            }
            let amount = Money(1 + dice.below(crumb).cast_signed()).min(due);
            let kind = if dice.one_in(5) { MethodKind::Card } else { MethodKind::Cash };
            let tendered = dice.one_in(5).then_some(amount);
            let offer = Offer { kind, amount, tendered, tip: Money::ZERO, expected_due: None };
            let taking = take(total, &payments, &offer, rounding).unwrap();
            let Taking { amount, rounding, tip, .. } = taking;
            handed += amount + rounding;
            payments.push(Payment { id, kind, amount, rounding, tip, state: PaymentState::Taken, is_by_wire: false });
            prop_assert!(is_near(handed, Standing::of(total, &payments).paid));
        }
        let mut returned = Money::ZERO;
        for payment in &payments {
            let (mut back, mut gone): (Vec<GivenBack>, _) = (Vec::new(), Money::ZERO);
            while gone < payment.amount {
                let part = Money(1 + dice.below(crumb).cast_signed()).min(payment.amount - gone);
                let one = give_back(payment, &back, (part, Money::ZERO), (payment.kind, rounding)).unwrap();
                gone += part;
                returned += one.amount + one.rounding;
                back.push(one);
                let of_it: Money = back.iter().map(|one| one.amount + one.rounding).sum();
                prop_assert!(of_it <= payment.amount + payment.rounding);
                prop_assert!(gone == payment.amount || of_it.0 - gone.0 <= coin / 2);
            }
        }
        prop_assert_eq!(returned, handed);
    }

    #[test]
    fn rounding_is_near_and_the_same_both_ways(amount in any::<i64>(), coin in 1_i64..1000) {
        let rounding = CashRounding::to(Money(coin));
        let there = rounding.round(Money(amount));
        prop_assert!(amount.unsigned_abs() > i64::MAX.unsigned_abs() - 1000
            || (rounding.fits(there) && (there.0 - amount).abs() * 2 <= coin));
        prop_assume!(amount != i64::MIN);
        prop_assert!(rounding.round(Money(-amount)).0 == -there.0 || there.0 == i64::MAX);
    }

    #[test]
    fn positions_sum_to_the_total((draft, _) in drafts(10)) {
        let check = compute(&draft).unwrap();
        let all: Vec<i64> = check.lines.iter().map(|line| line.item).collect();
        for weighed in [&[], &all[..]] {
            let positions = positions(&check, weighed);
            prop_assert_eq!(positions.iter().map(Position::amount).sum::<Money>(), check.total);
        }
    }
}

#[test]
fn cash_is_rounded_as_its_coins_are() {
    for (currency, amount, paid) in [
        ("CHF", 1002, 1000),
        ("CHF", 1003, 1005),
        ("SEK", 1049, 1000),
        ("SEK", 1050, 1100),
        ("HUF", 24_900, 25_000),
        ("HUF", 24_700, 24_500),
        ("RUB", 1003, 1003),
        ("JPY", 7, 7),
        ("KWD", 1234, 1234),
        ("CHF", 2, 0),
    ] {
        let rounding = CashRounding::of_currency(currency);
        assert_eq!(rounding.round(Money(amount)), Money(paid), "{currency} {amount}");
        assert_eq!(rounding.round(Money(-amount)), Money(-paid), "{currency} −{amount}");
    }
}

#[test]
fn an_offer_is_taken_or_refused_with_the_sum() {
    use MethodKind::{Card, Cash};
    let francs = CashRounding::of_currency("CHF");
    let cash = |amount, tendered| Offer { tendered: Some(Money(tendered)), ..offer(Cash, amount) };
    for (offer, expected) in [
        (cash(1002, 2000), Ok((-2, 1000))),
        (cash(1002, 1002), Ok((0, 0))),
        (offer(Cash, 1002), Ok((-2, 0))),
        (Offer { tip: Money(100), ..cash(1002, 2000) }, Ok((-2, 900))),
        (cash(1002, 995), Err(Refusal::TenderedTooLittle { needed: Money(1000) })),
        (offer(Card, 1002), Ok((0, 0))),
        (
            Offer { tendered: Some(Money(1100)), ..offer(Card, 1002) },
            Err(Refusal::NoChange { needed: Money(1002) }),
        ),
        (offer(Card, 1003), Err(Refusal::AboveDue { due: Money(1002) })),
        (offer(Card, 0), Err(Refusal::AmountBelowZero)),
        (Offer { tip: Money(-1), ..offer(Card, 10) }, Err(Refusal::AmountBelowZero)),
        (
            Offer { expected_due: Some(Money(900)), ..offer(Card, 900) },
            Err(Refusal::DueChanged { due: Money(1002) }),
        ),
        (Offer { tip: Money(i64::MAX), ..offer(Card, 10) }, Err(Refusal::TooLarge)),
    ] {
        let taking = take(Money(1002), &[], &offer, francs);
        assert_eq!(
            taking.map(|taking| (taking.rounding.0, taking.change.0)),
            expected,
            "{offer:?}"
        );
    }
}

/// Complaint 3: a payment under way is spoken for, and blocks closing. Two at once: the second sees
/// the first.
#[test]
fn what_is_under_way_is_spoken_for() {
    use MethodKind::Card;
    use PaymentState::{Failed, Pending, Taken, Unknown};
    let none = CashRounding::NONE;
    for state in [Pending, Unknown] {
        let first = [payment(Card, 1000, state)];
        let second = take(Money(1000), &first, &offer(Card, 1000), none);
        assert_eq!(second, Err(Refusal::PaymentPending { amount: Money(1000) }));
        let seen = Offer { expected_due: Some(Money(1000)), ..offer(Card, 1000) };
        let second = take(Money(1000), &first, &seen, none);
        assert_eq!(second, Err(Refusal::DueChanged { due: Money::ZERO }));
        let standing = Standing::of(Money(1000), &first);
        assert!(!standing.is_paid(Money(1000)));
        assert!(matches!(CheckState::Paid.close(&standing), Err(Refusal::PaymentPending { .. })));
    }
    let first = [payment(Card, 1000, Failed)];
    assert!(take(Money(1000), &first, &offer(Card, 1000), none).is_ok());
    let first = [payment(Card, 1000, Taken)];
    let second = take(Money(1000), &first, &offer(Card, 1000), none);
    assert_eq!(second, Err(Refusal::NothingDue));
}

#[test]
fn a_check_goes_its_way() {
    use CheckState::{Closed, Open, Paid, Presented, Void};
    let nothing = Standing::default();
    let some = Standing::of(Money(10), &[payment(MethodKind::Card, 5, PaymentState::Taken)]);
    let check = compute(&Dice::new(1).draft(2)).unwrap();
    assert_eq!(Open.present(&check), Ok(Presented));
    assert_eq!(Open.present(&Computed::default()), Err(Refusal::NothingOnIt));
    assert_eq!(Paid.present(&check), Err(Refusal::WrongState { is: "PAID" }));
    assert_eq!(Presented.take_back(&nothing, true), Ok(Open));
    assert_eq!(Presented.take_back(&nothing, false), Err(Refusal::ReasonMissing));
    assert_eq!(Presented.take_back(&some, true), Err(Refusal::MoneyTaken));
    assert_eq!(Open.check_change(&some), Err(Refusal::MoneyTaken));
    assert_eq!(Presented.check_change(&nothing), Err(Refusal::WrongState { is: "PRESENTED" }));
    assert_eq!(Open.check_change(&nothing), Ok(()));
    assert_eq!(Open.check_pay(true), Err(Refusal::WrongState { is: "OPEN" }));
    assert_eq!((Open.check_pay(false), Presented.check_pay(true)), (Ok(()), Ok(())));
    assert_eq!(Paid.check_pay(false), Err(Refusal::WrongState { is: "PAID" }));
    assert_eq!(Presented.after_payment(Money(10), &some), Presented);
    assert_eq!(Presented.after_payment(Money(5), &some), Paid);
    assert_eq!(Presented.after_payment(Money::ZERO, &nothing), Paid, "all of it on the house");
    assert_eq!(Void.after_payment(Money::ZERO, &nothing), Void);
    assert_eq!((Paid.close(&some), Open.void(&nothing, true)), (Ok(Closed), Ok(Void)));
    assert_eq!(Open.void(&some, true), Err(Refusal::MoneyTaken));
}

/// The example of the front door.
#[test]
fn an_evening_through_the_front_door() {
    let evening = || -> Result<(Money, Money, Money), Error> {
        let vat = Tax::Included(TaxRate::new(500));
        let draft = Draft {
            lines: vec![
                DraftLine::new(101, Quantity::pieces(1), Money(87_000), vat),
                DraftLine::new(102, Quantity::new(350).unwrap(), Money(129_900), vat),
            ],
            guests: 2,
            ..Draft::default()
        };
        let seven = Adjustment { id: 1, kind: AdjustmentKind::Percent(Percent::new(700)) };
        let draft = adjust(&draft, None, seven, true)?;
        let check = compute(&draft)?;
        let parts = split(&draft, &By::Parts(2))?;
        let sale = compute(&parts[0])?;
        assert_eq!(sale.total + compute(&parts[1])?.total, check.total);
        let (kind, tendered) = (MethodKind::Cash, Some(Money(100_000)));
        let (tip, expected_due) = (Money(500), Some(sale.total));
        let offer = Offer { kind, amount: sale.total, tendered, tip, expected_due };
        let rounding = CashRounding::of_currency("RUB");
        let taking = take(sale.total, &[], &offer, rounding)?;
        let (amount, state) = (taking.amount, PaymentState::Taken);
        let payment = Payment {
            id: 1,
            kind,
            amount,
            rounding: taking.rounding,
            tip,
            state,
            is_by_wire: false,
        };
        let standing = Standing::of(sale.total, &[payment]);
        let state = CheckState::Presented.after_payment(sale.total, &standing);
        assert_eq!(state, CheckState::Paid);
        let back = refund_lines(&sale, &[(101, sale.lines[0].quantity)])?;
        let left = sale.without(&back)?;
        let money = give_back(&payment, &[], (back.total, Money::ZERO), (kind, rounding))?;
        assert_eq!(back.total + left.total, sale.total);
        Ok((check.total, taking.change, money.amount))
    };
    // 870.00 and 454.65, less 92.73; halves of it.
    let sums = evening().unwrap();
    assert_eq!(sums, (Money(123_192), Money(100_000 - 500 - 61_596), Money(40_455)));
}
