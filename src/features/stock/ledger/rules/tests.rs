use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn moved(id: i64, basis: Basis, amount: i64) -> Move {
    let after = Standing::NOTHING;
    Move { id, place: 1, line: None, basis, amount, value: 0, correction: 0, after, here: 0 }
}

fn bought(amount: i64, cost: i64) -> Move {
    moved(0, Basis::Price(cost), amount)
}

fn went(amount: i64) -> Move {
    moved(0, Basis::Average, -amount)
}

fn of_line(line: i64, amount: i64) -> Move {
    let basis = if amount < 0 { Basis::Average } else { Basis::Line(line) };
    Move { line: Some(line), ..moved(0, basis, amount) }
}

fn counted(moves: &[Move]) -> Vec<Move> {
    let mut moves = moves.to_vec();
    for (id, one) in (1..).zip(&mut moves) {
        one.id = id;
    }
    count(Standing::NOTHING, Before::default(), &mut moves);
    moves
}

/// What each move adds, what it makes right, and the value after it.
fn told(moves: &[Move]) -> Vec<(i64, i64, i64)> {
    counted(moves).iter().map(|one| (one.value, one.correction, one.after.value())).collect()
}

#[test]
fn an_average_follows_what_is_bought() {
    assert_eq!(
        told(&[
            bought(10_000, 1_000),
            bought(10_000, 2_000),
            went(5_000),
            went(15_000),
            bought(1, 7)
        ]),
        [(1_000, 0, 1_000), (2_000, 0, 3_000), (-750, 0, 2_250), (-2_250, 0, 0), (7, 0, 7)]
    );
}

#[test]
fn a_pinch_a_thousand_times_is_a_kilogram() {
    // A gram of salt costs 0.3 of a minor unit: rounded one by one it would cost nothing.
    let mut moves = vec![bought(10_000_000, 3_000)];
    moves.extend((0..1_000).map(|_| went(1_000)));
    let moves = counted(&moves);
    let cost: i64 = moves[1..].iter().map(|one| one.value).sum();
    assert_eq!((cost, moves.last().unwrap().after.value()), (-300, 2_700));
}

#[test]
fn what_went_before_it_came_is_made_right_by_the_first_purchase() {
    assert_eq!(
        told(&[bought(1_000, 100), went(3_000), bought(10_000, 2_000)]),
        // 2 000 went at a guess of 200 and cost 400.
        [(100, 0, 100), (-300, 0, -200), (2_000, -200, 1_600)]
    );
    // A part of what is missing is bought.
    assert_eq!(told(&[went(3_000), bought(1_000, 50)]), [(0, 0, 0), (50, -150, -100)]);
}

#[test]
fn a_late_invoice_reaches_what_was_sold_since() {
    let late = [bought(1_000, 100), bought(1_000, 300), went(1_000)];
    assert_eq!(told(&late)[2], (-200, 0, 200));
    let in_time = [bought(1_000, 100), went(1_000)];
    assert_eq!(told(&in_time)[1], (-100, 0, 0));
}

#[test]
fn what_comes_back_comes_for_what_it_was_taken_at() {
    assert_eq!(
        told(&[
            bought(2_000, 200),
            of_line(7, -1_000),
            bought(1_000, 500),
            of_line(7, 400),
            of_line(7, 600)
        ])[3..],
        [(40, 0, 640), (60, 0, 700)]
    );
    // Of a line that took nothing it comes at the average.
    assert_eq!(told(&[bought(1_000, 100), of_line(7, 500)])[1], (50, 0, 150));
}

#[test]
fn what_is_undone_was_not() {
    let undo = |id| moved(0, Basis::Undoes(id), 0);
    assert_eq!(told(&[bought(1_000, 100), bought(1_000, 300), undo(2)])[2], (-300, 0, 100));
    assert_eq!(told(&[bought(1_000, 100), went(400), undo(2)])[2], (40, 0, 100));
    // The purchase is undone when its goods are gone: what went costs what it would have without it.
    let moves = counted(&[bought(1_000, 100), bought(1_000, 300), went(1_500), undo(2)]);
    let last = moves.last().unwrap();
    assert_eq!((last.amount, last.value, last.correction), (-1_000, -300, 150));
    assert_eq!(last.after.value(), -50);
}

#[test]
fn a_count_says_what_there_is_whatever_was_put_before_it() {
    let found = |amount| moved(0, Basis::Counted(amount), 0);
    let moves = counted(&[bought(1_000, 100), went(300), found(650), went(50)]);
    assert_eq!((moves[2].amount, moves[2].value), (-50, -5));
    assert_eq!(moves[3].after.amount, 600);
    let with_late =
        counted(&[bought(1_000, 100), bought(500, 50), went(300), found(650), went(50)]);
    assert_eq!((with_late[3].amount, with_late[4].after.amount), (-550, 600));
    // Another place is not counted.
    let there = Move { place: 2, ..bought(500, 50) };
    let moves = counted(&[bought(1_000, 100), there, found(900)]);
    assert_eq!((moves[2].amount, moves[2].after.amount), (-100, 1_400));
}

/// Any moves: bought, sold, back of a line, moved to another place, counted, undone.
fn any_moves() -> impl Strategy<Value = Vec<Move>> {
    let one = (0_u8..8, 1_i64..5_000, 0_i64..9_000, 1_i64..4, 1_i64..40);
    vec(one, 1..60).prop_map(|all| {
        let mut undone = Vec::new();
        let of = |(at, (kind, amount, cost, place, other)): (usize, (u8, i64, i64, i64, i64))| {
            let mut one = match kind {
                0 | 1 => bought(amount, cost),
                2 | 3 => of_line(other % 5, -amount),
                4 => of_line(other % 5, amount % 300),
                5 => moved(0, Basis::Counted(amount), 0),
                6 if other <= at as i64 && !undone.contains(&other) => {
                    undone.push(other);
                    moved(0, Basis::Undoes(other), 0)
                }
                _ => went(amount),
            };
            one.place = place;
            one
        };
        all.into_iter().enumerate().map(of).collect()
    })
}

proptest! {
    #[test]
    fn moves_are_the_level_and_the_level_times_the_average_the_value(moves in any_moves()) {
        let (mut amount, mut value) = (0, 0);
        for one in counted(&moves) {
            amount += one.amount;
            value += one.value + one.correction;
            prop_assert_eq!((amount, value), (one.after.amount, one.after.value()));
            let Average { money, amount: of } = one.after.average;
            let exact = i128::from(amount) * i128::from(money);
            let off = i128::from(value) * i128::from(of) - exact;
            prop_assert!(off.abs() * 2 <= i128::from(of), "within half a minor unit");
            prop_assert!(money >= 0 && of > 0, "nothing costs less than nothing");
        }
    }

    #[test]
    fn counted_from_anywhere_it_is_the_same(moves in any_moves(), at in 0_usize..60) {
        let whole = counted(&moves);
        let at = at.min(whole.len());
        let (head, tail) = whole.split_at(at);
        let mut head = head.to_vec();
        let before = count(Standing::NOTHING, Before::default(), &mut head);
        let mut tail = tail.to_vec();
        for one in &mut tail {
            (one.value, one.correction) = (77, -5);
        }
        let standing = head.last().map_or(Standing::NOTHING, |one| one.after);
        count(standing, before, &mut tail);
        prop_assert_eq!([head, tail].concat(), whole);
    }

    #[test]
    fn what_a_line_gives_back_whole_cost_nothing(
        bought_at in vec((1_i64..5_000, 0_i64..9_000), 1..9), parts in vec(1_i64..900, 1..9),
    ) {
        let mut moves: Vec<_> = bought_at.iter().map(|(amount, cost)| bought(*amount, *cost)).collect();
        moves.extend(parts.iter().map(|part| of_line(1, -*part)));
        moves.push(bought(1_000, 5_000));
        moves.extend(parts.iter().rev().map(|part| of_line(1, *part)));
        let of_the_line = counted(&moves).into_iter().filter(|one| one.line == Some(1));
        let (amount, value) = of_the_line.fold((0, 0), |sum, one| (sum.0 + one.amount, sum.1 + one.value));
        prop_assert_eq!((amount, value), (0, 0));
    }

    #[test]
    fn what_is_bought_costs_what_was_paid(moves in any_moves()) {
        for (one, was) in counted(&moves).iter().zip(&moves) {
            if let Basis::Price(cost) = was.basis {
                prop_assert_eq!(one.value, cost);
            }
        }
    }
}
