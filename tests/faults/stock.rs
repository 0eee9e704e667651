//! The plug is pulled while a year of a good is counted anew after a late invoice, and while a long count is
//! posted.

use std::time::Instant;

use rusqlite::OptionalExtension;
use serde_json::json;

use crate::harness::{PATIENCE, Qres};

#[path = "../../benches/box/cellar.rs"]
mod cellar;

const GOOD: i64 = 1_000_000;
const MOVES: usize = 40_000;
/// So often the plug is pulled, each time after some steps more.
const KILLS: usize = 3;

/// The move up to which all is counted; none once nothing is left.
fn position(qres: &Qres) -> Option<(i64, i64)> {
    let sql = "SELECT from_at, from_id FROM stock_recounts WHERE good_id = ?1";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    qres.database().query_row(sql, [GOOD], read).optional().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_invoice_is_counted_to_its_end_whenever_the_plug_is_pulled() {
    let mut qres = Qres::start().await;
    let start = cellar::write(&qres.data.join("qres.db"), 2, MOVES, 10);
    let at = serde_json::to_value(qres::core::kernel::Timestamp(start)).unwrap();
    let body = json!({"kind": "PURCHASE", "place_id": 1, "state": "POSTED", "at": at,
                      "lines": [{"good_id": GOOD, "quantity": 1_000_000, "sum": "40000.00"}]});
    let (status, invoice) = qres.admin.post("/stock/documents", &body).await;
    assert_eq!((status.as_u16(), &invoice["is_counting"]), (201, &json!(true)), "{invoice}");
    let mut kills = 0;
    let began = Instant::now();
    while let Some(before) = position(&qres) {
        while kills < KILLS && position(&qres).is_some_and(|now| now == before) {
            assert!(began.elapsed() < PATIENCE, "nothing is counted");
            tokio::task::yield_now().await;
        }
        if kills == KILLS || position(&qres).is_none() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            assert!(began.elapsed() < PATIENCE, "it is still counted");
            continue;
        }
        qres.kill();
        kills += 1;
        let left = position(&qres);
        assert!(left.is_none_or(|left| left >= before), "what was counted stays counted");
        assert_eq!(
            qres::features::stock::check_ledger(&qres.database()).unwrap(),
            Vec::<i64>::new()
        );
        qres.restart().await;
    }
    println!("killed {kills} times");
    assert!(kills > 0, "it was counted before the plug was pulled: let it count more");
    qres.assert_sound();
    let db = qres.database();
    assert_eq!(qres::features::stock::check_ledger(&db).unwrap(), Vec::<i64>::new());
    // A gram cost 2, and 4 were paid for as many that came first: each that went cost 3.
    let sql = "SELECT count(*), sum(value), max(value) FROM stock_moves
               WHERE good_id = ?1 AND kind = 'WRITE_OFF'";
    let cost: (i64, i64, i64) =
        db.query_row(sql, [GOOD], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    let moves = i64::try_from(MOVES).unwrap();
    assert_eq!(cost, (moves, -3 * moves, -3));
}

/// Lines of a count, and how many grams are found of each good.
const COUNTED: i64 = 600;
const FOUND: i64 = 900_000;
/// So often all is counted, until the plug is pulled in the middle of it.
const COUNTS: usize = 20;

/// How many moves of documents wait.
fn waiting(qres: &Qres) -> i64 {
    let sql = "SELECT count(*) FROM stock_postings";
    qres.database().query_row(sql, [], |row| row.get(0)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_count_is_posted_to_its_end_whenever_the_plug_is_pulled() {
    let mut qres = Qres::start().await;
    cellar::write(&qres.data.join("qres.db"), usize::try_from(COUNTED).unwrap(), 10, 10);
    let (mut kills, mut found) = (0, FOUND);
    // A count may be through before a busy machine lets anybody pull the plug: then it is counted again.
    for _ in 0..COUNTS {
        found += 1;
        kills += count(&mut qres, found).await;
        if kills > 0 {
            break;
        }
    }
    println!("killed {kills} times");
    assert!(kills > 0, "each was posted before the plug was pulled: let it count more");
    qres.assert_sound();
    let db = qres.database();
    assert_eq!(qres::features::stock::check_ledger(&db).unwrap(), Vec::<i64>::new());
    let sql = "SELECT count(*) FROM stock_levels WHERE quantity = ?1";
    let there: i64 = db.query_row(sql, [found * 1000], |row| row.get(0)).unwrap();
    assert_eq!(there, COUNTED);
}

/// Posts a count of all goods, so many grams of each, and pulls the plug meanwhile. How often.
async fn count(qres: &mut Qres, found: i64) -> usize {
    let line = |at: i64| json!({"good_id": GOOD + at, "quantity": found});
    let lines: Vec<_> = (0..COUNTED).map(line).collect();
    let body = json!({"kind": "COUNT", "place_id": 1, "state": "POSTED", "lines": lines});
    let (status, count) = qres.admin.post("/stock/documents", &body).await;
    assert_eq!((status.as_u16(), &count["state"]), (201, &json!("POSTING")));
    let id = count["id"].as_i64().unwrap();
    let (mut kills, began) = (0, Instant::now());
    while waiting(qres) > 0 {
        let before = waiting(qres);
        while kills < KILLS && waiting(qres) == before && before > 0 {
            assert!(began.elapsed() < PATIENCE, "nothing is posted");
            tokio::task::yield_now().await;
        }
        if kills == KILLS || waiting(qres) == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            assert!(began.elapsed() < PATIENCE, "it is still posted");
            continue;
        }
        qres.kill();
        kills += 1;
        assert!(waiting(qres) <= before, "what was posted stays posted");
        let sql = "SELECT (SELECT count(*) FROM stock_moves WHERE document_id = ?1)
                        + (SELECT count(*) FROM stock_postings)";
        let known: i64 = qres.database().query_row(sql, [id], |row| row.get(0)).unwrap();
        assert_eq!(known, COUNTED, "each line is posted or waits");
        assert_eq!(
            qres::features::stock::check_ledger(&qres.database()).unwrap(),
            Vec::<i64>::new()
        );
        qres.restart().await;
    }
    let (_, count) = qres.admin.get(&format!("/stock/documents/{id}")).await;
    assert_eq!(count["state"], "POSTED");
    kills
}
