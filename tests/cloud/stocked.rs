//! What random evenings took off the shelves: each line what its recipe says as the line stands in the
//! end, whatever was done to it on the way and however often the plug was pulled.

use std::time::{Duration, Instant};

use qres::features::stock::check_ledger;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::harness::{Client, id};

/// Grams of meat in a portion, a piece, a kilogram.
const MEAT: i64 = 100;
/// The reader of sales is given so long to catch up with an evening.
const PATIENCE: Duration = Duration::from_mins(2);

/// Each size takes meat, each topping cheese.
pub async fn add_recipes(admin: &Client, sizes: [i64; 3], toppings: [i64; 3]) {
    let good = async |name: &str| {
        let body = json!({"name": name, "base_unit": "g"});
        id(&admin.post("/stock/goods", &body).await.created())
    };
    let (meat, cheese) = (good("Meat").await, good("Cheese").await);
    let recipe = async |of: &str, thing: i64, good: i64, gross: i64| {
        let lines = json!([{"good_id": good, "gross": gross}]);
        let mut body = json!({"batch_out": 1, "lines": lines});
        body[of] = json!(thing);
        admin.post("/stock/recipes", &body).await.created();
    };
    for size in sizes {
        recipe("variation_id", size, meat, MEAT).await;
    }
    for topping in toppings {
        recipe("option_id", topping, cheese, 7).await;
    }
    let lines = json!([{"good_id": meat, "quantity": 5000, "sum": "4321.01"},
                       {"good_id": cheese, "quantity": 900, "sum": "77.77"}]);
    let places: Value = admin.get("/stock/places").await.ok();
    let place = &places["places"][0]["id"];
    let invoice = json!({"kind": "PURCHASE", "state": "POSTED", "place_id": place, "lines": lines});
    admin.post("/stock/documents", &invoice).await.created();
}

fn count(db: &Connection, sql: &str) -> i64 {
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Waits until all that was sold is read; then each line took what it is to take, and the ledger is whole.
pub async fn assert_taken(db: &Connection) {
    let behind = "SELECT (SELECT max(seq) FROM events) - position FROM event_subscriptions
                  WHERE name = 'stock'";
    let began = Instant::now();
    while count(db, behind) > 0 {
        assert!(began.elapsed() < PATIENCE, "sales are not read: {} behind", count(db, behind));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let meat = format!(
        "SELECT count(*) FROM (
            SELECT CASE WHEN i.status IN ('NEW', 'HELD') THEN 0
                        WHEN (i.status = 'CANCELLED'
                              OR (o.status = 'CANCELLED' AND o.joined_into_id IS NULL))
                             AND i.preparation_started_at IS NULL THEN 0
                        ELSE i.quantity * {MEAT} END AS wanted,
                   (SELECT coalesce(-sum(m.quantity), 0) FROM stock_moves m
                    JOIN stock_goods g ON g.id = m.good_id AND g.name = 'Meat'
                    WHERE m.order_item_id = i.id) AS taken
            FROM order_items i JOIN orders o ON o.id = i.order_id)
         WHERE wanted <> taken"
    );
    assert_eq!(count(db, &meat), 0, "lines that took too much or too little");
    assert_eq!(check_ledger(db).unwrap(), Vec::<i64>::new());
    let cost = count(db, "SELECT coalesce(sum(cost), 0) FROM daily_costs");
    let value = "SELECT coalesce(-sum(value), 0) FROM stock_moves WHERE kind = 'SALE'";
    assert_eq!(cost, count(db, value), "what sold goods cost, by day");
    assert!(count(db, "SELECT count(*) FROM stock_moves WHERE kind = 'SALE'") > 0);
}
