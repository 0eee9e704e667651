//! What the house puts on checks and takes off by itself: when it comes, when it goes, what of it stays.

use reqwest::Method;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::check_permissions::manager_says_yes;
use crate::checks::{adjust, check_of, checks_of, pay, step};
use crate::harness::{House, Reply, id};
use crate::taxes::class;

/// A figure of the database.
pub fn count(db: &Connection, sql: &str) -> i64 {
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

pub async fn rule(house: &House, body: Value) -> Value {
    house.admin.post("/adjustment-rules", &body).await.created()
}

/// Ten percent of service for parties of six and more.
async fn service_from_six(house: &House) -> Value {
    let body = json!({"kind": "SERVICE", "name": "Обслуживание", "percent": "10",
        "translations": {"en": {"name": "Service"}}, "conditions": {"least_guests": 6}});
    rule(house, body).await
}

/// An order of a borscht (350.00) and two pizzas (900.00) for so many guests.
async fn dinner(house: &House, guests: i64) -> Value {
    let body = json!({"table_id": house.tables[0], "guests": guests, "items": [
        {"dish_id": house.borscht, "quantity": 1}, {"dish_id": house.pizza, "quantity": 2}]});
    house.waiter.post("/orders", &body).await.created()
}

async fn set_guests(house: &House, order: i64, guests: i64) -> Value {
    let body = json!({"guests": guests});
    house.waiter.patch(&format!("/orders/{order}"), &body).await.ok()
}

fn agreed(check: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = check["adjustments"].as_array().unwrap().iter();
    all.map(|one| (text(&one["name"]), text(&one["amount"]))).collect()
}

/// Takes off what a rule put there: the n-th of a check.
pub async fn take_off(house: &House, check: &Value, at: usize, reason: &str) -> Reply {
    let path = format!(
        "/checks/{}/adjustments/{}?version={}{reason}",
        check["id"], check["adjustments"][at]["id"], check["version"]
    );
    house.admin.delete(&path).await
}

#[tokio::test]
async fn service_comes_with_the_sixth_guest_and_goes_with_them() {
    let house = House::open().await;
    service_from_six(&house).await;
    let order = dinner(&house, 6).await;
    assert_eq!(order["total_price"], "1375.00");
    let check = check_of(&house, id(&order)).await;
    assert_eq!(agreed(&check), [("Обслуживание".into(), "125.00".into())]);
    assert_eq!(check["adjustments"][0]["translations"]["en"]["name"], "Service");
    assert_eq!(
        (&check["service"], &check["adjustments"][0]["user_id"]),
        (&json!("125.00"), &json!(null))
    );

    let order_id = id(&order);
    assert_eq!(set_guests(&house, order_id, 5).await["total_price"], "1250.00");
    assert_eq!(agreed(&check_of(&house, order_id).await), []);
    assert_eq!(set_guests(&house, order_id, 7).await["total_price"], "1375.00");
    let more = json!({"dish_id": house.borscht, "quantity": 1});
    house.waiter.post(&format!("/orders/{order_id}/items"), &more).await.created();
    assert_eq!(house.order(order_id).await["total_price"], "1760.00");
    let history = house.admin.get(&format!("/orders/{order_id}/history")).await.ok().to_string();
    assert!(history.contains("rule_applied") && history.contains("rule_lifted"), "{history}");

    let body = json!({"payment_method_id": house.card, "expected_total": "1760.00"});
    house.waiter.post(&format!("/orders/{order_id}/complete-payment"), &body).await.ok();
    let days = house.admin.get("/reports/days").await.ok();
    let place = days["columns"].as_array().unwrap().iter();
    let place = place.into_iter().position(|column| column["key"] == "service").unwrap();
    assert_eq!(days["total"]["values"][0], "1760.00");
    assert_eq!(days["total"]["values"][place], "160.00");
}

#[tokio::test]
async fn an_order_for_which_no_rule_holds_writes_no_check() {
    let house = House::open().await;
    service_from_six(&house).await;
    let order = dinner(&house, 2).await;
    assert_eq!(order["total_price"], "1250.00");
    let db = house.app.database();
    assert_eq!(count(&db, "SELECT count(*) FROM checks"), 0);
    assert_eq!(count(&db, "SELECT count(*) FROM money_changes"), 0);
}

#[tokio::test]
async fn packing_is_a_fee_of_a_takeaway_and_no_service() {
    let house = House::open().await;
    let packing = json!({"kind": "FEE", "name": "Packing", "amount": "50.00",
        "conditions": {"order_type": "TAKEAWAY"}});
    rule(&house, packing).await;
    let items = json!([{"dish_id": house.borscht, "quantity": 1}]);
    let order = json!({"order_type": "TAKEAWAY", "items": items});
    let order = house.waiter.post("/orders", &order).await.created();
    assert_eq!(order["total_price"], "400.00");
    let check = check_of(&house, id(&order)).await;
    assert_eq!(check["adjustments"][0]["kind"], "fee_amount");
    pay(&house.waiter, &check, house.card, "400.00").await.created();
    let db = house.app.database();
    assert_eq!(count(&db, "SELECT sum(fee) FROM entries"), 5_000);
    assert_eq!(count(&db, "SELECT sum(service) FROM entries"), 0);
    assert_eq!(count(&db, "SELECT sum(amount) FROM entries WHERE kind = 'SOLD'"), 40_000);
    let days = house.admin.get("/reports/days").await.ok().to_string();
    assert!(days.contains("\"fees\"") && days.contains("\"50.00\""), "{days}");
}

#[tokio::test]
async fn what_was_presented_stays_and_what_is_ordered_then_follows() {
    let house = House::open().await;
    let served = service_from_six(&house).await;
    let order = id(&dinner(&house, 6).await);
    let check = check_of(&house, order).await;
    step(&house.waiter, &check, "present").await.ok();
    let off = json!({"kind": "SERVICE", "name": "Обслуживание", "percent": "15",
        "conditions": {"least_guests": 6}});
    let path = format!("/adjustment-rules/{}", served["id"]);
    house.admin.put(&path, &off).await.ok();
    set_guests(&house, order, 3).await;
    assert_eq!(check_of(&house, order).await["total"], "1375.00");
    // A second check: for three there is no service.
    let more = json!({"dish_id": house.borscht, "quantity": 1});
    house.waiter.post(&format!("/orders/{order}/items"), &more).await.created();
    let checks = checks_of(&house, order).await;
    assert_eq!(
        (&checks["checks"][0]["total"], &checks["checks"][1]["total"]),
        (&json!("1375.00"), &json!("350.00"))
    );
    // Taken back it is brought up to date.
    let check = checks["checks"][0].clone();
    let check = step(&house.admin, &check, "take-back").await.ok();
    assert_eq!(check["total"], "1250.00");
}

#[tokio::test]
async fn what_a_person_takes_off_stays_off() {
    let house = House::open().await;
    service_from_six(&house).await;
    let order = id(&dinner(&house, 6).await);
    let check = check_of(&house, order).await;
    take_off(&house, &check, 0, "").await.refused(400, "reason_needed");
    // A waiter needs somebody's word, and both names stand with it.
    let path = format!(
        "/checks/{}/adjustments/{}?version={}&reason=waited",
        check["id"], check["adjustments"][0]["id"], check["version"]
    );
    let asked = house.waiter.delete(&path).await;
    let needs = asked.json()["params"].clone();
    asked.refused(403, "approval_needed");
    assert_eq!(
        (&needs["permission"], &needs["amount"]),
        (&json!("SERVICE_CHARGE_OFF"), &json!("125.00"))
    );
    let approval = id(&manager_says_yes(&house, &needs).await.created());
    let request = house.waiter.request(Method::DELETE, &path);
    let done = house.waiter.send(request.header("X-Approval", approval.to_string())).await.ok();
    assert_eq!((&done["total"], agreed(&done)), (&json!("1250.00"), vec![]));
    // More guests and more lines do not bring it back.
    set_guests(&house, order, 8).await;
    let more = json!({"dish_id": house.borscht, "quantity": 1});
    house.waiter.post(&format!("/orders/{order}/items"), &more).await.created();
    assert_eq!(house.order(order).await["total_price"], "1600.00");
    let db = house.app.database();
    let both = "SELECT count(*) FROM adjustments WHERE undoes IS NOT NULL AND reason = 'waited'
                AND user_id IS NOT NULL AND approved_by_id IS NOT NULL AND rule_id IS NOT NULL";
    assert_eq!(count(&db, both), 1);
}

#[tokio::test]
async fn a_split_parts_what_rules_brought_and_a_join_does_not_double_it() {
    let house = House::open().await;
    service_from_six(&house).await;
    let cover = json!({"kind": "FEE", "name": "Cover", "amount": "10.01", "per_guest": true});
    rule(&house, cover).await;
    let order = dinner(&house, 7).await;
    // 1250.00, ten percent, and seven covers.
    assert_eq!(order["total_price"], "1445.07");
    let order = id(&order);
    let checks = checks_of(&house, order).await;
    let body = json!({"by": "parts", "parts": 3, "version": checks["version"]});
    let parts = house.waiter.post(&format!("/orders/{order}/split"), &body).await.ok();
    let totals: Vec<_> =
        parts["checks"].as_array().unwrap().iter().map(|check| check["total"].clone()).collect();
    assert_eq!(totals, ["481.69", "481.69", "481.69"]);
    assert_eq!(parts["total"], "1445.07");
    // Parts are as they were agreed, however many guests there are now.
    set_guests(&house, order, 2).await;
    let parts = checks_of(&house, order).await;
    assert_eq!(parts["total"], "1445.07");
    set_guests(&house, order, 7).await;
    let parts = checks_of(&house, order).await;
    let body = json!({"version": parts["version"]});
    let whole = house.waiter.post(&format!("/orders/{order}/unsplit"), &body).await.ok();
    assert_eq!(whole["total"], "1445.07");
    assert_eq!(agreed(&whole["checks"][0]).len(), 2);
    // Together again it follows the guests.
    assert_eq!(set_guests(&house, order, 2).await["total_price"], "1270.02");
}

#[tokio::test]
async fn rules_follow_an_order_to_its_table_and_to_anothers_bill() {
    let house = House::open().await;
    let terrace = id(&house.admin.post("/locations", &json!({"name": "Terrace"})).await.created());
    let table = json!({"number": 9, "seats": 4, "location_id": terrace});
    let outside = id(&house.admin.post("/tables", &table).await.created());
    let body = json!({"kind": "SERVICE", "name": "Terrace", "percent": "5",
        "conditions": {"location_id": terrace}});
    rule(&house, body).await;
    let cover = json!({"kind": "FEE", "name": "Cover", "amount": "10.00"});
    rule(&house, cover).await;
    let order = house.place().await;
    assert_eq!(order["total_price"], "360.00");
    let moved = format!("/orders/{}/move", id(&order));
    let order = house.waiter.post(&moved, &json!({"table_id": outside})).await.ok();
    assert_eq!(order["total_price"], "377.50");
    // Joined to another bill: one cover, no service there.
    let other =
        json!({"table_id": house.tables[1], "items": [{"dish_id": house.pizza, "quantity": 1}]});
    let other = house.waiter.post("/orders", &other).await.created();
    assert_eq!(other["total_price"], "460.00");
    let joined = house.waiter.post(&moved, &json!({"table_id": house.tables[1]})).await.ok();
    assert_eq!((id(&joined), &joined["total_price"]), (id(&other), &json!("810.00")));
    // And a line goes where it is wanted, with what the house does there.
    let line = joined["items"][0]["id"].clone();
    let body = json!({"table_id": outside, "items": [{"id": line}]});
    let there = house.waiter.post(&format!("/orders/{}/items/move", id(&other)), &body).await.ok();
    let pizza = there["items"][0]["dish_name"] == "Pizza";
    assert_eq!(there["total_price"], if pizza { "482.50" } else { "377.50" });
    assert_eq!(
        house.order(id(&other)).await["total_price"],
        if pizza { "360.00" } else { "460.00" }
    );
}

#[tokio::test]
async fn a_happy_hour_is_of_its_lines_and_is_no_waiters_discount() {
    let house = House::open().await;
    // Every hour but the one before now is happy: lines are ordered now.
    let body = json!({"kind": "DISCOUNT", "name": "Happy hour", "percent": "20",
        "conditions": {"date_from": "2020-01-01"}});
    rule(&house, body).await;
    let order = dinner(&house, 2).await;
    assert_eq!(order["total_price"], "1000.00");
    let check = check_of(&house, id(&order)).await;
    assert_eq!(agreed(&check), [("Happy hour".into(), "250.00".into())]);
    // The waiter's own ten percent need nobody's word beside it.
    let check =
        adjust(&house.waiter, &check, json!({"kind": "percent", "value": "10"})).await.created();
    assert_eq!(check["total"], "900.00");
    let more = json!({"dish_id": house.borscht, "quantity": 1});
    house.waiter.post(&format!("/orders/{}/items", id(&order)), &more).await.created();
    assert_eq!(house.order(id(&order)).await["total_price"], "1152.00");
    // Taken off by a person: dearer for the guest, so a reason is enough.
    let check = check_of(&house, id(&order)).await;
    let at = check["adjustments"].as_array().unwrap().iter();
    let at = at.into_iter().position(|one| one["name"] == "Happy hour").unwrap();
    let check = take_off(&house, &check, at, "&reason=x").await.ok();
    assert_eq!(check["total"], "1440.00");
}

#[tokio::test]
async fn what_the_house_put_on_is_not_lost_by_whoever_moves_a_line() {
    let house = House::open().await;
    let here = json!({"table_id": house.tables[0]});
    let service =
        json!({"kind": "SERVICE", "name": "Service", "percent": "10", "conditions": here});
    rule(&house, service).await;
    let order = dinner(&house, 2).await;
    assert_eq!(order["total_price"], "1375.00");
    let pizzas = json!({"table_id": house.tables[1], "items": [{"id": order["items"][1]["id"]}]});
    let path = format!("/orders/{}/items/move", id(&order));
    let there = house.waiter.post(&path, &pizzas).await.ok();
    assert_eq!(there["total_price"], "900.00");
    assert_eq!(house.order(id(&order)).await["total_price"], "385.00");
}

#[tokio::test]
async fn service_by_rule_is_taxed_as_service_and_a_fee_like_what_it_is_on() {
    let house = House::open().await;
    let class = class(&house, "Service", "INCLUDED", "22").await;
    let taxed = json!({"tax_percent": "10", "service_tax_class_id": class});
    house.admin.patch("/restaurant", &taxed).await.ok();
    rule(&house, json!({"kind": "SERVICE", "name": "Service", "percent": "10"})).await;
    rule(&house, json!({"kind": "FEE", "name": "Packing", "amount": "50.00"})).await;
    let order = house.place().await;
    assert_eq!(
        (&order["total_price"], &order["tax_included"]),
        (&json!("435.00"), &json!("42.67"))
    );
    let of = |check: &Value| {
        let buckets = check["taxes"].as_array().unwrap().iter();
        buckets.map(|tax| (tax["percent"].clone(), tax["base"].clone())).collect::<Vec<_>>()
    };
    let both = [(json!("10"), json!("400.00")), (json!("22"), json!("35.00"))];
    assert_eq!(of(&check_of(&house, id(&order)).await), both);
    // What was put on stays taxed as it was, whatever is said of service then.
    house.admin.patch("/restaurant", &json!({"service_tax_class_id": null})).await.ok();
    assert_eq!(set_guests(&house, id(&order), 3).await["tax_included"], "42.67");
    let checks = checks_of(&house, id(&order)).await;
    let split = json!({"by": "parts", "parts": 2, "version": checks["version"]});
    let path = format!("/orders/{}/split", id(&order));
    let parts = house.waiter.post(&path, &split).await.ok();
    let path = format!("/orders/{}/unsplit", id(&order));
    let whole = house.waiter.post(&path, &json!({"version": parts["version"]})).await.ok();
    assert_eq!(of(&whole["checks"][0]), both);
}

#[tokio::test]
async fn a_rule_is_written_read_switched_off_and_removed() {
    let house = House::open().await;
    let service = service_from_six(&house).await;
    house
        .admin
        .post(
            "/adjustment-rules",
            &json!({"kind": "FEE", "name": "Обслуживание", "amount": "1.00"}),
        )
        .await
        .refused(400, "name_taken");
    house
        .waiter
        .post("/adjustment-rules", &json!({"kind": "FEE", "name": "F", "amount": "1.00"}))
        .await
        .refused(403, "wrong_role");
    let nowhere =
        json!({"kind": "FEE", "name": "F", "amount": "1.00", "conditions": {"table_id": 99}});
    house.admin.post("/adjustment-rules", &nowhere).await.refused(422, "invalid");
    let order = id(&dinner(&house, 6).await);
    let mut body = json!({"kind": "SERVICE", "name": "Обслуживание", "percent": "10",
        "conditions": {"least_guests": 6}, "is_active": false});
    let path = format!("/adjustment-rules/{}", service["id"]);
    assert_eq!(house.admin.put(&path, &body).await.ok()["is_active"], false);
    assert_eq!(house.admin.get("/adjustment-rules").await.ok()[0]["is_active"], false);
    // Where no rule is left, open checks follow that too.
    assert_eq!(set_guests(&house, order, 7).await["total_price"], "1250.00");
    body["percent"] = json!("0");
    house.admin.put(&path, &body).await.refused(422, "invalid");
    house.admin.delete(&path).await.ok();
    assert_eq!(house.admin.get("/adjustment-rules").await.ok(), json!([]));
}
