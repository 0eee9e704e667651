use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::Config;

use super::*;
use crate::core::store::{dry_run, with_newest_schema};

/// Each at a moment of its own: bought, gone, counted, in one of two places, of one of two goods.
fn moves() -> impl Strategy<Value = Vec<NewMove>> {
    let one = (1_i64..3, 1_i64..3, 0_u8..4, 1_i64..5_000, 0_i64..9_000);
    vec(one, 1..40).prop_map(|all| {
        let of =
            |(at, (good_id, place_id, kind, amount, cost)): (i64, (i64, i64, u8, i64, i64))| {
                let (kind, quantity, cost, counted) = match kind {
                    0 => (MoveKind::Purchase, amount, Some(cost), None),
                    1 => (MoveKind::Count, 0, None, Some(amount)),
                    _ => (MoveKind::WriteOff, -amount, None, None),
                };
                NewMove {
                    good_id,
                    place_id,
                    at: Timestamp(at),
                    kind,
                    quantity,
                    cost,
                    counted,
                    document: None,
                    order_item_id: None,
                    undoes_id: None,
                    user_id: None,
                }
            };
        (0..).zip(all).map(of).collect()
    })
}

type Written = (i64, i64, i64, i64, i64, i64);

/// The ledger after moves were written down one after another.
fn written(moves: &[NewMove]) -> Vec<Written> {
    let write = |tx: &mut Tx<'_>| -> Result<Vec<Written>> {
        tx.execute_batch(
            "INSERT INTO stock_places (id, name, created_at, updated_at) VALUES (2, 'Bar', 0, 0);
             INSERT INTO stock_goods (id, name, base_unit, kind, created_at, updated_at)
             VALUES (1, 'Beef', 'g', 'RAW', 0, 0), (2, 'Salt', 'g', 'RAW', 0, 0);",
        )?;
        for one in moves {
            post(tx, vec![one.clone()])?;
        }
        assert_eq!(check_ledger(tx)?, Vec::<i64>::new());
        let sql = "SELECT at, good_id, quantity, value, correction, after_quantity
                   FROM stock_moves WHERE good_id IN (1, 2) ORDER BY at";
        let mut statement = tx.prepare(sql)?;
        let rows = statement.query_map([], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    };
    with_newest_schema(|db| dry_run(db, write)).unwrap()
}

proptest! {
    #![proptest_config(Config::with_cases(48))]

    /// A late invoice, a count that is typed in the next morning: in whichever order people write down
    /// what happened, it comes to the same.
    #[test]
    fn any_order_of_writing_comes_to_the_same(
        (in_order, shuffled) in moves().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        prop_assert_eq!(written(&shuffled), written(&in_order));
    }
}
