use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::Config;

use super::recount::recount;
use super::*;
use crate::core::kernel::Timestamp;
use crate::core::store::{dry_run, with_newest_schema};

/// The goods: bought, bought, and one that is made of the first.
const GOODS: [i64; 3] = [1, 2, 3];

/// What is written down together, and what it undoes of all that was.
#[derive(Debug, Clone)]
struct Deed {
    moves: Vec<NewMove>,
    undoes: Option<usize>,
}

/// Each at a moment of its own: bought, gone, counted, taken and given back by lines of orders, made of
/// another good, in one of two places; some taken back again.
fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let one = (1_i64..3, 1_i64..3, 0_u8..8, 1_i64..5_000, 0_i64..9_000, any::<bool>());
    vec(one, 1..40).prop_map(|all| {
        let mut deeds = Vec::new();
        for (at, (good, place, kind, amount, cost, is_undone)) in (1..).zip(all) {
            deeds.push(Deed { moves: deed(at, (good, place), kind, (amount, cost)), undoes: None });
            let can_be = (0..2).contains(&kind) || kind == 7;
            if is_undone && can_be {
                deeds.push(Deed { moves: Vec::new(), undoes: Some(deeds.len() - 1) });
            }
        }
        deeds
    })
}

fn deed(
    at: i64,
    (good_id, place_id): (i64, i64),
    kind: u8,
    (amount, cost): (i64, i64),
) -> Vec<NewMove> {
    let one = NewMove {
        good_id,
        place_id,
        at: Timestamp(at),
        kind: MoveKind::WriteOff,
        quantity: -amount,
        cost: None,
        counted: None,
        document: None,
        order_item_id: None,
        undoes_id: None,
        user_id: None,
    };
    let line = NewMove { kind: MoveKind::Sale, order_item_id: Some(1 + cost % 4), ..one.clone() };
    let document = Some((at, 0));
    match kind {
        0 => {
            vec![NewMove { kind: MoveKind::Purchase, quantity: amount, cost: Some(cost), ..one }]
        }
        1 => vec![NewMove { kind: MoveKind::Count, quantity: 0, counted: Some(amount), ..one }],
        2 | 3 => vec![line],
        4 => vec![NewMove { quantity: amount % 300, ..line }],
        5 => {
            let used = NewMove { good_id: 1, kind: MoveKind::Used, document, ..one.clone() };
            let made =
                NewMove { good_id: 3, kind: MoveKind::Produced, quantity: amount, ..used.clone() };
            vec![used, made]
        }
        6 => vec![NewMove { good_id: 3, ..one }],
        _ => vec![one],
    }
}

/// A kitchen with the goods, in which rows of documents and orders are not asked for.
fn in_a_kitchen<T>(write: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> T {
    let open = |tx: &mut Tx<'_>| {
        tx.execute_batch(
            "PRAGMA defer_foreign_keys = ON;
             INSERT INTO stock_places (id, name, created_at, updated_at) VALUES (2, 'Bar', 0, 0);
             INSERT INTO stock_goods (id, name, base_unit, kind, created_at, updated_at)
             VALUES (1, 'Beef', 'g', 'RAW', 0, 0), (2, 'Salt', 'g', 'RAW', 0, 0),
                    (3, 'Broth', 'ml', 'PREP', 0, 0);",
        )?;
        write(tx)
    };
    with_newest_schema(|db| dry_run(db, open)).unwrap()
}

/// Writes a deed down, without counting what follows. Returns the numbers of its moves.
fn write_down(tx: &Tx<'_>, deed: &Deed, ids: &[Vec<i64>]) -> Vec<i64> {
    let mut moves = deed.moves.clone();
    for id in deed.undoes.iter().flat_map(|undone| &ids[*undone]) {
        let sql = "SELECT good_id, place_id, at, quantity FROM stock_moves WHERE id = ?1";
        let undo = |row: &rusqlite::Row<'_>| {
            Ok(NewMove {
                quantity: -row.get::<_, i64>(3)?,
                kind: MoveKind::WriteOff,
                undoes_id: Some(*id),
                ..deed_of(row.get(0)?, row.get(1)?, row.get(2)?)
            })
        };
        moves.push(tx.query_row(sql, [id], undo).unwrap());
    }
    let newest =
        || tx.query_row("SELECT coalesce(max(id), 0) FROM stock_moves", [], |row| row.get(0));
    let before: i64 = newest().unwrap();
    write(tx, moves).unwrap();
    (before + 1..=newest().unwrap()).collect()
}

fn deed_of(good: i64, place: i64, at: i64) -> NewMove {
    deed(at, (good, place), 7, (0, 0)).remove(0)
}

/// Each row as it stands, of all goods in order.
fn ledger(tx: &Tx<'_>) -> Vec<Vec<i64>> {
    let sql = "SELECT good_id, at, quantity, value, correction, after_quantity, average_money,
                      average_quantity, place_after
               FROM stock_moves ORDER BY good_id, at, id";
    let mut statement = tx.prepare(sql).unwrap();
    let row = |row: &rusqlite::Row<'_>| (0..9).map(|column| row.get(column)).collect();
    statement.query_map([], row).unwrap().collect::<rusqlite::Result<_>>().unwrap()
}

fn levels(tx: &Tx<'_>) -> Vec<(i64, i64, i64)> {
    let sql =
        "SELECT good_id, place_id, quantity FROM stock_levels WHERE quantity <> 0 ORDER BY 1, 2";
    let mut statement = tx.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    rows.collect::<rusqlite::Result<_>>().unwrap()
}

type Written = (Vec<Vec<i64>>, Vec<(i64, i64, i64)>, Vec<(i64, i64)>);

/// What stands there after deeds were written down one after another, with so many moves counted after
/// each, and the rest in the end: as if the box had been killed and had sold between any two steps.
fn written(order: &[usize], deeds: &[Deed], steps: &[i64]) -> Written {
    in_a_kitchen(|tx| {
        let mut ids = vec![Vec::new(); deeds.len()];
        for (at, step) in order.iter().zip(steps.iter().cycle()) {
            ids[*at] = write_down(tx, &deeds[*at], &ids);
            assert_eq!(check_ledger(tx)?, Vec::<i64>::new(), "quantities are right at once");
            if *step > 0 {
                recount(tx, *step)?;
            }
            assert_eq!(check_ledger(tx)?, Vec::<i64>::new());
        }
        while recount(tx, 3)? > 0 {
            assert_eq!(check_ledger(tx)?, Vec::<i64>::new());
        }
        assert_eq!(being_counted(tx)?, 0);
        assert_eq!(check_ledger(tx)?, Vec::<i64>::new());
        let costs = GOODS.map(|good| standing(tx, good).map(|one| (one.amount, one.value())));
        Ok((ledger(tx), levels(tx), costs.into_iter().collect::<Result<_>>()?))
    })
}

/// An order in which nothing is taken back before it was written down.
fn possible(mut order: Vec<usize>, deeds: &[Deed]) -> Vec<usize> {
    for at in 0..order.len() {
        if let Some(undone) = deeds[order[at]].undoes {
            let stands = order.iter().position(|one| *one == undone).unwrap();
            if stands > at {
                order.swap(at, stands);
            }
        }
    }
    order
}

proptest! {
    #![proptest_config(Config::with_cases(96))]

    /// A late invoice, a count that is typed in the next morning, a document that is taken back: in
    /// whichever order people write down what happened, and however far it was counted before the next, it
    /// comes to the same.
    #[test]
    fn any_order_of_writing_comes_to_the_same(
        (deeds, shuffled) in deeds().prop_flat_map(|all| {
            let order: Vec<_> = (0..all.len()).collect();
            (Just(all), Just(order).prop_shuffle())
        }),
        steps in vec(0_i64..4, 1..9),
    ) {
        let in_order: Vec<_> = (0..deeds.len()).collect();
        let shuffled = possible(shuffled, &deeds);
        let whole = written(&in_order, &deeds, &[9]);
        prop_assert_eq!(written(&shuffled, &deeds, &[0]), whole.clone());
        prop_assert_eq!(written(&shuffled, &deeds, &steps), whole);
    }
}

/// The invoice of the first day is written down a year later: how much there is, is right at once; a sale
/// comes in while it is counted.
#[test]
fn an_invoice_of_a_year_ago_is_counted_in_steps() {
    in_a_kitchen(|tx| {
        let sold = |at: i64| NewMove { quantity: -1_000, ..deed_of(1, 1, at) };
        for at in 1..=1_000 {
            post(tx, vec![sold(at * 10)])?;
        }
        let price = NewMove {
            kind: MoveKind::Purchase,
            quantity: 2_000_000,
            cost: Some(40_000),
            ..sold(5)
        };
        post(tx, vec![price])?;
        assert_eq!((standing(tx, 1)?.amount, being_counted(tx)?), (1_000_000, 1));
        post(tx, vec![sold(10_010)])?;
        assert_eq!((standing(tx, 1)?.amount, levels(tx)), (999_000, vec![(1, 1, 999_000)]));
        let mut steps = 0;
        while recount(tx, 100)? > 0 {
            steps += 1;
            assert_eq!(check_ledger(tx)?, Vec::<i64>::new());
        }
        // 1,002 moves; the invoice and the sale have counted 200 each at once.
        assert_eq!(steps, 7);
        assert_eq!((standing(tx, 1)?.value(), being_counted(tx)?), (19_980, 0));
        let cost: i64 =
            tx.query_row("SELECT sum(value) FROM stock_moves WHERE quantity < 0", [], |row| {
                row.get(0)
            })?;
        assert_eq!(cost, -20_020, "what was sold costs what the invoice says");
        Ok(())
    });
}

/// Who counted after it has found what a late invoice brought.
#[test]
fn a_count_has_found_what_is_written_down_late() {
    in_a_kitchen(|tx| {
        let one = |at: i64| deed_of(1, 1, at);
        post(
            tx,
            vec![NewMove { kind: MoveKind::Count, counted: Some(700), quantity: 0, ..one(20) }],
        )?;
        let late = NewMove { kind: MoveKind::Purchase, quantity: 900, cost: Some(90), ..one(10) };
        write(tx, vec![late])?;
        assert_eq!(levels(tx), [(1, 1, 700)], "before anything was counted anew");
        recount_some(tx)?;
        let found: i64 =
            tx.query_row("SELECT quantity FROM stock_moves WHERE at = 20", [], |row| row.get(0))?;
        assert_eq!((found, standing(tx, 1)?.amount), (-200, 700));
        Ok(())
    });
}
