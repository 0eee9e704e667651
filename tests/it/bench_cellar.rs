//! The year of a cellar over which the benchmarks measure: a box reads it as its own, and counts what a
//! late invoice changes of it behind orders.

use std::time::Instant;

use serde_json::json;

use crate::harness::{House, eventually};

#[path = "../../benches/box/cellar.rs"]
mod cellar;

/// A busy good's year is 100,000 moves; a debug build counts fewer here.
const MOVES: usize = 5_000;

#[tokio::test]
async fn an_invoice_of_a_year_ago_is_counted_while_orders_go_on() {
    let house = House::open().await;
    let database = house.app.folder.path().join("data/qres.db");
    let start = cellar::write(&database, 3, MOVES, 10);
    let check = || qres::features::stock::check_ledger(&house.app.database()).unwrap();
    assert_eq!(check(), Vec::<i64>::new(), "a box could have written it");
    let at = serde_json::to_value(qres::core::kernel::Timestamp(start)).unwrap();
    let body = json!({"kind": "PURCHASE", "place_id": 1, "state": "POSTED", "at": at,
                      "lines": [{"good_id": 1_000_000, "quantity": 1_000_000, "sum": "40000.00"}]});
    let began = Instant::now();
    let invoice = house.admin.post("/stock/documents", &body).await.created();
    assert_eq!(invoice["is_counting"], true, "so many moves are not counted at once");
    let level = async || {
        house.admin.get("/stock/levels?search=Good%200000").await.ok()["levels"][0].clone()
    };
    assert_eq!(level().await["quantity"], 2_000_000 - 5_000, "how much there is, is known at once");
    house.place().await;
    eventually("all is counted", async || level().await["is_counting"] == false).await;
    println!("{MOVES} moves after {:?}", began.elapsed());
    assert_eq!(check(), Vec::<i64>::new());
    // A gram cost 2, and 4 were paid for as many that came first: it is 3 from there on.
    let moves = house.admin.get("/stock/goods/1000000/moves?limit=1").await.ok();
    assert_eq!(
        (&moves["moves"][0]["value"], &moves["is_counting"]),
        (&json!("-0.03"), &json!(false))
    );
    assert_eq!(level().await["value"], "59850.00");
}
