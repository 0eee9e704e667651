//! The year over which the benchmarks measure: a box reads it as its own.

use crate::harness::House;

#[path = "../../benches/box/history.rs"]
mod history;

#[tokio::test]
async fn days_of_a_bench_are_read_as_those_of_a_box() {
    let house = House::open().await;
    house.place().await;
    let database = house.app.folder.path().join("data/qres.db");
    history::write(&database, 3);

    let (from, to) = history::days(&database);
    let report =
        house.admin.get(&format!("/reports/days?date_from={from}&date_to={to}")).await.ok();
    // Every fiftieth was cancelled.
    let orders = report["columns"].as_array().unwrap().iter().position(|of| of["key"] == "orders");
    assert_eq!(report["total"]["values"][orders.unwrap()], 3 * 490);
}
