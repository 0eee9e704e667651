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

/// A borscht, paid by card with a tip.
async fn paid(house: &House, tip: &str, to: Option<&str>) -> (i64, Value) {
    let order = id(&house.place().await);
    let check = check_of(house, order).await;
    let body = json!({"method_id": house.card, "amount": "350.00", "tip": tip, "tip_to": to,
        "expected_due": "350.00"});
    let path = format!("/checks/{}/payments", check["id"]);
    let paid = house.waiter.post(&path, &body).await.created();
    (order, paid)
}

#[tokio::test]
async fn a_tip_is_for_the_house_where_the_owner_allows_it() {
    let house = House::open().await;
    let order = id(&house.place().await);
    let check = check_of(&house, order).await;
    let body = json!({"method_id": house.card, "amount": "350.00", "tip": "40.00",
        "tip_to": "HOUSE", "expected_due": "350.00"});
    let path = format!("/checks/{}/payments", check["id"]);
    house.waiter.post(&path, &body).await.refused(400, "tip_not_for_house");
    let allowed = house.admin.patch("/restaurant", &json!({"house_tips": true})).await.ok();
    assert_eq!(allowed["house_tips"], true);
    let one = house.waiter.post(&path, &body).await.created();
    assert_eq!(one["check"]["payments"][0]["tip_to"], "HOUSE");
    // The next bill is of another table's guests.
    let elsewhere = json!({"table_id": house.tables[1]});
    house.waiter.post(&format!("/orders/{order}/move"), &elsewhere).await.ok();
    paid(&house, "100.00", None).await;
    let expected = [("Test waiter", "100.00"), ("house", "40.00")];
    assert_eq!(payouts(&house).await, pairs(&expected));
    // The pool is of what the staff was given, and comes beside what the house was.
    let pool =
        json!({"shares": [{"to": "WAITER", "percent": "90"}, {"to": "HOUSE", "percent": "10"}]});
    house.admin.put("/tips/rule", &pool).await.ok();
    let expected = [("Test waiter", "90.00"), ("house", "50.00")];
    assert_eq!(payouts(&house).await, pairs(&expected));
    let report = house.admin.get("/reports/tips").await.ok();
    assert_eq!(report["total"]["values"], json!(["140.00", "140.00"]));
    let days = house.admin.get("/reports/days").await.ok();
    let at = days["columns"].as_array().unwrap().iter().position(|one| one["key"] == "tips");
    assert_eq!(days["total"]["values"][at.unwrap()], "140.00");
    // What goes back goes back from whom it was given to.
    let back = json!({"amount": "0", "tip": "15.00", "reason": "a slip"});
    let path = format!("/payments/{}/refunds", one["id"]);
    house.admin.post(&path, &back).await.created();
    let expected = [("Test waiter", "90.00"), ("house", "35.00")];
    assert_eq!(payouts(&house).await, pairs(&expected));
}

#[tokio::test]
async fn the_tips_of_an_order_that_was_called_off_wait_for_their_refund() {
    let house = House::open().await;
    let (order, payment) = paid(&house, "100.00", None).await;
    assert_eq!(payouts(&house).await, pairs(&[("Test waiter", "100.00")]));
    house.admin.delete(&format!("/orders/{order}?reason=fire")).await.ok();
    assert_eq!(payouts(&house).await, pairs(&[("held", "0.00")]));
    let report = house.admin.get("/reports/tips").await.ok();
    assert_eq!(report["total"]["values"], json!(["0.00", "100.00"]));
    // The guests leave the tip where it is: the waiter has it.
    let back = json!({"tip": "0", "reason": "fire"});
    let path = format!("/payments/{}/refunds", payment["id"]);
    house.admin.post(&path, &back).await.created();
    assert_eq!(payouts(&house).await, pairs(&[("Test waiter", "100.00")]));
    // Or it goes back with the rest.
    let (order, payment) = paid(&house, "30.00", None).await;
    house.admin.delete(&format!("/orders/{order}?reason=fire")).await.ok();
    let path = format!("/payments/{}/refunds", payment["id"]);
    house.admin.post(&path, &json!({"reason": "fire"})).await.created();
    assert_eq!(payouts(&house).await, pairs(&[("Test waiter", "100.00")]));
}
