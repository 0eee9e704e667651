//! What a person took off of what the house had put on a bill stays off its lines, wherever they go.

use serde_json::{Value, json};

use crate::adjustment_rules::{rule, take_off};
use crate::checks::{check_of, checks_of};
use crate::harness::{House, id};

/// Service of ten percent, always.
async fn house_with_service() -> House {
    let house = House::open().await;
    rule(&house, json!({"kind": "SERVICE", "name": "Service", "percent": "10"})).await;
    house
}

/// An order of a borscht (350.00) at the first table and one of a pizza (450.00) at the second.
async fn two_tables(house: &House) -> [i64; 2] {
    let order = |table: i64, dish: i64| json!({"table_id": table, "guests": 2, "items": [{"dish_id": dish, "quantity": 1}]});
    let mut orders = [0; 2];
    for (at, dish) in [house.borscht, house.pizza].into_iter().enumerate() {
        let placed = house.waiter.post("/orders", &order(house.tables[at], dish)).await;
        orders[at] = id(&placed.created());
    }
    orders
}

async fn without_service(house: &House, order: i64) -> Value {
    let check = check_of(house, order).await;
    take_off(house, &check, 0, "&reason=waited").await.ok()
}

async fn total(house: &House, order: i64) -> Value {
    house.order(order).await["total_price"].clone()
}

async fn borscht(house: &House, order: i64) {
    let more = json!({"dish_id": house.borscht, "quantity": 1});
    house.waiter.post(&format!("/orders/{order}/items"), &more).await.created();
}

#[tokio::test]
async fn service_that_is_off_an_order_stays_off_on_another_tables_bill() {
    let house = house_with_service().await;
    let [first, second] = two_tables(&house).await;
    assert_eq!(without_service(&house, first).await["total"], "350.00");
    let moved = json!({"table_id": house.tables[1]});
    house.waiter.post(&format!("/orders/{first}/move"), &moved).await.ok();
    // The pizza bears its service, the borscht none.
    assert_eq!(total(&house, second).await, "845.00");
    // Who comes later was promised nothing.
    borscht(&house, second).await;
    assert_eq!(total(&house, second).await, "1230.00");
    // Split and joined it is what it was.
    let checks = checks_of(&house, second).await;
    let split = json!({"by": "parts", "parts": 2, "version": checks["version"]});
    let parts = house.waiter.post(&format!("/orders/{second}/split"), &split).await.ok();
    assert_eq!(parts["total"], "1230.00");
    let join = json!({"version": parts["version"]});
    let whole = house.waiter.post(&format!("/orders/{second}/unsplit"), &join).await.ok();
    assert_eq!(whole["total"], "1230.00");
    borscht(&house, second).await;
    assert_eq!(total(&house, second).await, "1615.00");
}

#[tokio::test]
async fn lines_that_move_take_along_what_is_off_them_and_leave_nothing_behind() {
    let house = house_with_service().await;
    let [first, second] = two_tables(&house).await;
    borscht(&house, first).await;
    without_service(&house, first).await;
    assert_eq!(total(&house, first).await, "700.00");
    let line = house.order(first).await["items"][0]["id"].clone();
    let body = json!({"table_id": house.tables[1], "items": [{"id": line}]});
    house.waiter.post(&format!("/orders/{first}/items/move"), &body).await.ok();
    assert_eq!(total(&house, second).await, "845.00");
    assert_eq!(total(&house, first).await, "350.00");
    // Further on, too; and what was always there keeps its service.
    let third = json!({"number": 9, "seats": 4});
    let third = id(&house.admin.post("/tables", &third).await.created());
    let body = json!({"table_id": third, "items": [{"id": line}]});
    let there = house.waiter.post(&format!("/orders/{second}/items/move"), &body).await.ok();
    assert_eq!(there["total_price"], "350.00");
    assert_eq!(total(&house, second).await, "495.00");
}

#[tokio::test]
async fn a_part_of_a_line_is_without_service_where_it_goes() {
    let house = house_with_service().await;
    let order = json!({"table_id": house.tables[0], "items": [
        {"dish_id": house.borscht, "quantity": 3}]});
    let first = id(&house.waiter.post("/orders", &order).await.created());
    without_service(&house, first).await;
    let line = house.order(first).await["items"][0]["id"].clone();
    let body = json!({"table_id": house.tables[1], "items": [{"id": line, "quantity": 1}]});
    let there = house.waiter.post(&format!("/orders/{first}/items/move"), &body).await.ok();
    assert_eq!(there["total_price"], "350.00");
    borscht(&house, id(&there)).await;
    assert_eq!(total(&house, id(&there)).await, "735.00");
}

#[tokio::test]
async fn covers_that_are_off_a_party_stay_off_at_the_table_that_it_joins() {
    let house = House::open().await;
    rule(&house, json!({"kind": "FEE", "name": "Cover", "amount": "50", "per_guest": true})).await;
    let [first, second] = two_tables(&house).await;
    assert_eq!(total(&house, second).await, "550.00");
    without_service(&house, first).await;
    let moved = json!({"table_id": house.tables[1]});
    house.waiter.post(&format!("/orders/{first}/move"), &moved).await.ok();
    // Four guests, and covers for the two who were not promised otherwise.
    assert_eq!(total(&house, second).await, "900.00");
    let guests = json!({"guests": 5});
    house.waiter.patch(&format!("/orders/{second}"), &guests).await.ok();
    assert_eq!(total(&house, second).await, "950.00");
}

#[tokio::test]
async fn service_that_is_off_a_check_is_off_the_one_that_it_goes_over_into() {
    let house = house_with_service().await;
    let order = json!({"table_id": house.tables[0], "items": [
        {"dish_id": house.borscht, "quantity": 1}, {"dish_id": house.pizza, "quantity": 1}]});
    let order = id(&house.waiter.post("/orders", &order).await.created());
    without_service(&house, order).await;
    let checks = checks_of(&house, order).await;
    let items: Vec<Value> = checks["checks"][0]["lines"].as_array().unwrap().clone();
    let pizza = json!([[{"item_id": items[1]["item_id"], "quantity": 1}]]);
    let split = json!({"by": "lines", "checks": pizza, "version": checks["version"]});
    let parts = house.waiter.post(&format!("/orders/{order}/split"), &split).await.ok();
    let (from, to) = (id(&parts["checks"][0]), id(&parts["checks"][1]));
    let lines = json!([{"item_id": items[0]["item_id"], "quantity": 1}]);
    let moves = json!([{"from": from, "to": to, "lines": lines}]);
    let body = json!({"version": parts["version"], "moves": moves});
    let whole = house.waiter.post(&format!("/orders/{order}/checks/move"), &body).await.ok();
    assert_eq!(whole["total"], "800.00");
    borscht(&house, order).await;
    assert_eq!(total(&house, order).await, "1150.00");
}

/// More of a line without service is ordered now, and was promised nothing.
#[tokio::test]
async fn pieces_that_come_to_a_line_later_bear_what_the_house_puts_on() {
    let house = house_with_service().await;
    let [first, second] = two_tables(&house).await;
    without_service(&house, first).await;
    let line = house.order(first).await["items"][0]["id"].clone();
    let moved = json!({"table_id": house.tables[1]});
    house.waiter.post(&format!("/orders/{first}/move"), &moved).await.ok();
    assert_eq!(total(&house, second).await, "845.00");
    let path = format!("/orders/{second}/items/{line}");
    house.waiter.patch(&path, &json!({"quantity": 3})).await.ok();
    assert_eq!(total(&house, second).await, "1615.00");
    // Fewer of it are fewer of it.
    let moved = house.order(second).await;
    assert_eq!(moved["items"].as_array().unwrap().len(), 3, "{moved}");
}
