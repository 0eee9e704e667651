//! What is to be paid out of tips, to whom, and under which rule.

use serde_json::{Value, json};

use crate::adjustment_rules::count;
use crate::checks::check_of;
use crate::harness::{House, id};

async fn tipped(house: &House, tip: &str) {
    let order = house.place().await;
    let check = check_of(house, id(&order)).await;
    let body = json!({"method_id": house.card, "amount": "350.00", "tip": tip,
        "expected_due": "350.00"});
    house.waiter.post(&format!("/checks/{}/payments", check["id"]), &body).await.created();
    house.move_order(&house.waiter, id(&order), "SERVED").await;
}

/// Who gets how much, by what the report calls them.
async fn payouts(house: &House) -> Vec<(String, String)> {
    let report = house.admin.get("/reports/tips").await.ok();
    let rows = report["rows"].as_array().unwrap().iter();
    let name = |row: &Value| match row["label"].as_str().unwrap() {
        "" => row["key"].as_str().unwrap().to_owned(),
        label => label.to_owned(),
    };
    rows.map(|row| (name(row), row["values"][0].as_str().unwrap().to_owned())).collect()
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(name, sum)| ((*name).to_owned(), (*sum).to_owned())).collect()
}

#[tokio::test]
async fn each_keeps_their_own_until_a_pool_is_agreed() {
    let house = House::open().await;
    tipped(&house, "100.01").await;
    assert_eq!(payouts(&house).await, pairs(&[("Test waiter", "100.01")]));
    let pool = json!({"shares": [{"to": "WAITER", "percent": "70"}, {"to": "KITCHEN", "percent": "20"},
        {"to": "HOUSE", "percent": "10"}]});
    let rule = house.admin.put("/tips/rule", &pool).await.ok();
    assert_eq!(rule["shares"], pool["shares"]);
    assert_eq!(house.admin.get("/tips/rule").await.ok(), rule);
    let expected = [("Test waiter", "70.01"), ("Test kitchen", "20.00"), ("house", "10.00")];
    assert_eq!(payouts(&house).await, pairs(&expected));
    let report = house.admin.get("/reports/tips").await.ok();
    assert_eq!(report["total"]["values"], json!(["100.01", "100.01"]));
    let csv = house.admin.get("/reports/tips?format=csv&lang=ru").await;
    let csv = csv.text();
    assert!(
        csv.contains("К выдаче") && csv.contains("Заведение") && csv.contains("20,00"),
        "{csv}"
    );
}

#[tokio::test]
async fn a_day_keeps_the_rule_that_it_had() {
    let house = House::open().await;
    tipped(&house, "100.00").await;
    let pool = json!({"shares": [{"to": "KITCHEN", "percent": "100"}]});
    house.admin.put("/tips/rule", &pool).await.ok();
    let db = house.app.database();
    db.execute("UPDATE tip_rules SET from_day = from_day + 10000", []).unwrap();
    assert_eq!(payouts(&house).await, pairs(&[("Test waiter", "100.00")]));
    assert_eq!(count(&db, "SELECT count(*) FROM tip_rules"), 1);
}

#[tokio::test]
async fn shares_that_are_no_whole_are_refused() {
    let house = House::open().await;
    for shares in [
        json!([{"to": "WAITER", "percent": "70"}]),
        json!([{"to": "WAITER", "percent": "50"}, {"to": "WAITER", "percent": "50"}]),
        json!([{"to": "WAITER", "percent": "100"}, {"to": "HOUSE", "percent": "0"}]),
    ] {
        house.admin.put("/tips/rule", &json!({"shares": shares})).await.refused(422, "invalid");
    }
    house.waiter.put("/tips/rule", &json!({"shares": []})).await.refused(403, "wrong_role");
    assert_eq!(house.admin.get("/tips/rule").await.ok()["shares"], json!([]));
}
