//! Rules of the house on checks that were parts and stand together again.

use serde_json::{Value, json};

use crate::adjustment_rules::{rule, take_off};
use crate::checks::{adjust, checks_of, step};
use crate::harness::{House, id};

/// An order of a borscht (350.00) and two pizzas (900.00).
async fn dinner(house: &House, guests: i64) -> i64 {
    let body = json!({"table_id": house.tables[0], "guests": guests, "items": [
        {"dish_id": house.borscht, "quantity": 1}, {"dish_id": house.pizza, "quantity": 2}]});
    id(&house.waiter.post("/orders", &body).await.created())
}

async fn guests(house: &House, order: i64, guests: i64) -> Value {
    let order = house.waiter.patch(&format!("/orders/{order}"), &json!({"guests": guests})).await;
    order.ok()["total_price"].clone()
}

async fn more(house: &House, order: i64, borscht: i64) {
    let more = json!({"dish_id": house.borscht, "quantity": borscht});
    house.waiter.post(&format!("/orders/{order}/items"), &more).await.created();
}

async fn join(house: &House, order: i64) -> Value {
    let body = json!({"version": checks_of(house, order).await["version"]});
    house.waiter.post(&format!("/orders/{order}/unsplit"), &body).await.ok()
}

async fn halves(house: &House, order: i64) -> Value {
    let body =
        json!({"by": "parts", "parts": 2, "version": checks_of(house, order).await["version"]});
    house.waiter.post(&format!("/orders/{order}/split"), &body).await.ok()
}

#[tokio::test]
async fn what_was_presented_and_what_came_later_follow_as_one_when_they_are_joined() {
    let house = House::open().await;
    let service = json!({"kind": "SERVICE", "name": "Service", "percent": "10",
        "conditions": {"least_guests": 6}});
    rule(&house, service).await;
    let order = dinner(&house, 9).await;
    let checks = checks_of(&house, order).await;
    step(&house.waiter, &checks["checks"][0], "present").await.ok();
    more(&house, order, 1).await;
    let checks = checks_of(&house, order).await;
    assert_eq!(checks["checks"][1]["total"], "385.00");
    step(&house.admin, &checks["checks"][0], "take-back").await.ok();
    assert_eq!(join(&house, order).await["total"], "1760.00");
    more(&house, order, 2).await;
    assert_eq!(house.order(order).await["total_price"], "2530.00");
    assert_eq!(guests(&house, order, 3).await, "2300.00");
    assert_eq!(guests(&house, order, 6).await, "2530.00");
}

#[tokio::test]
async fn a_discount_on_a_part_does_not_end_what_the_house_says_of_the_whole() {
    let house = House::open().await;
    let service = json!({"kind": "SERVICE", "name": "Service", "percent": "10",
        "conditions": {"least_guests": 6}});
    rule(&house, service).await;
    rule(&house, json!({"kind": "FEE", "name": "Cover", "amount": "50", "per_guest": true})).await;
    let order = dinner(&house, 2).await;
    let parts = halves(&house, order).await;
    assert_eq!(parts["total"], "1350.00");
    let off = json!({"kind": "percent", "value": "10"});
    adjust(&house.waiter, &parts["checks"][1], off).await.created();
    let joined = join(&house, order).await;
    assert_eq!(joined["total"], "1287.50");
    // The discount stays what it was, 62.50; service and covers are of all that is there.
    assert_eq!(guests(&house, order, 8).await, "1706.25");
    more(&house, order, 2).await;
    assert_eq!(house.order(order).await["total_price"], "2476.25");
    // Until the guests have it in their hands.
    let checks = checks_of(&house, order).await;
    step(&house.waiter, &checks["checks"][0], "present").await.ok();
    assert_eq!(guests(&house, order, 2).await, "2476.25");
}

#[tokio::test]
async fn what_was_taken_off_a_part_is_not_laid_on_it_again() {
    let house = House::open().await;
    rule(&house, json!({"kind": "SERVICE", "name": "Service", "percent": "10"})).await;
    let order = dinner(&house, 2).await;
    let parts = halves(&house, order).await;
    take_off(&house, &parts["checks"][1], 0, "&reason=waited").await.ok();
    assert_eq!(join(&house, order).await["total"], "1312.50");
    assert_eq!(guests(&house, order, 9).await, "1312.50");
    more(&house, order, 1).await;
    assert_eq!(house.order(order).await["total_price"], "1662.50");
}

#[tokio::test]
async fn a_sum_that_somebody_took_off_an_order_does_not_come_back_beside_it() {
    let house = House::open().await;
    rule(&house, json!({"kind": "FEE", "name": "Packing", "amount": "50"})).await;
    let order = dinner(&house, 2).await;
    let checks = checks_of(&house, order).await;
    let check = take_off(&house, &checks["checks"][0], 0, "&reason=waited").await.ok();
    step(&house.waiter, &check, "present").await.ok();
    more(&house, order, 1).await;
    assert_eq!(checks_of(&house, order).await["checks"][1]["total"], "350.00");
}
