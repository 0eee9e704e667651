//! Lines go from one check of an order to another that lies beside it.

use serde_json::{Value, json};

use crate::checks::{adjust, check_of, checks_of, evening, pay, step};
use crate::harness::{House, Reply, id};

async fn two(house: &House, order_id: i64) -> Value {
    let checks = checks_of(house, order_id).await;
    let line = &checks["checks"][0]["lines"][0]["item_id"];
    let body = json!({"by": "lines", "checks": [[{"item_id": line, "quantity": 1}]],
                      "version": checks["version"]});
    house.waiter.post(&format!("/orders/{order_id}/split"), &body).await.ok()
}

/// One move, as whoever saw these checks asks for it.
fn body(checks: &Value, from: usize, to: usize, lines: &Value) -> Value {
    let all = &checks["checks"];
    let moves = json!([{"from": all[from]["id"], "to": all[to]["id"], "lines": lines}]);
    json!({"version": checks["version"], "moves": moves})
}

async fn send(house: &House, checks: &Value, body: &Value) -> Reply {
    house.waiter.post(&format!("/orders/{}/checks/move", checks["order_id"]), body).await
}

fn totals(checks: &Value) -> Vec<String> {
    let checks = checks["checks"].as_array().unwrap();
    checks.iter().map(|check| check["total"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_line_or_a_part_of_it_goes_to_another_check() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let checks = two(&house, order_id).await;
    assert_eq!(totals(&checks), ["900.00", "350.00"]);
    let item = checks["checks"][0]["lines"][0]["item_id"].clone();
    let price = checks["checks"][0]["lines"][0]["total"].clone();
    let half = json!([{"item_id": item, "quantity": "0.5"}]);
    let wish = body(&checks, 0, 1, &half);
    let path = format!("/orders/{order_id}/checks/move");
    let moved = house.waiter.post_once(&path, "it-between-1", &wish).await.ok();
    assert_eq!(house.waiter.post_once(&path, "it-between-1", &wish).await.ok(), moved);
    assert_ne!(totals(&moved), totals(&checks));
    assert_eq!(moved["total"], "1250.00");
    // Who saw them as they were before does nothing.
    send(&house, &checks, &wish).await.refused(409, "bill_changed");
    let lines = |at: usize| moved["checks"][at]["lines"].as_array().unwrap().clone();
    let on = |at: usize| lines(at).into_iter().find(|line| line["item_id"] == item).unwrap();
    assert_eq!((&on(1)["is_part"], &on(1)["quantity"]), (&json!(true), &json!(0.5)));
    // Back, and it is whole again.
    let rest = json!([{"item_id": item, "quantity": "0.5"}]);
    let back = send(&house, &moved, &body(&moved, 1, 0, &rest)).await.ok();
    assert_eq!(totals(&back), totals(&checks));
    assert_eq!(back["checks"][0]["lines"][0]["total"], price);
    let history = house.admin.get(&format!("/orders/{order_id}/history")).await.ok().to_string();
    assert!(history.contains("checks_relaid"), "{history}");
}

#[tokio::test]
async fn several_moves_are_made_together_or_not_at_all() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let checks = two(&house, order_id).await;
    let item = |at: usize| checks["checks"][at]["lines"][0]["item_id"].clone();
    let one = |at: usize| json!([{"item_id": item(at), "quantity": 1}]);
    let swap = |second: &Value| {
        let mut both = body(&checks, 0, 1, &one(0));
        let other = body(&checks, 1, 0, second)["moves"][0].clone();
        both["moves"].as_array_mut().unwrap().push(other);
        both
    };
    let too_much = json!([{"item_id": item(1), "quantity": 9}]);
    send(&house, &checks, &swap(&too_much)).await.refused(400, "more_than_there_is");
    assert_eq!(checks_of(&house, order_id).await, checks, "nothing changed");
    let swapped = send(&house, &checks, &swap(&one(1))).await.ok();
    assert_eq!(swapped["total"], "1250.00");
    assert_ne!(totals(&swapped), totals(&checks));
}

/// A check from which all went is no more; a single one that is left is as it was before the split.
#[tokio::test]
async fn the_last_line_takes_the_check_along() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let checks = two(&house, order_id).await;
    let line = checks["checks"][1]["lines"][0].clone();
    let all = json!([{"item_id": line["item_id"], "quantity": line["quantity"]}]);
    let left = send(&house, &checks, &body(&checks, 1, 0, &all)).await.ok();
    assert_eq!(totals(&left), ["1250.00"]);
    assert_ne!(left["version"], checks["version"]);
    let path = format!("/orders/{order_id}/items/{}", line["item_id"]);
    house.waiter.patch(&path, &json!({"comment": "hot"})).await.ok();
    let check = check_of(&house, order_id).await;
    pay(&house.waiter, &check, house.cash, "1250.00").await.created();
    assert_eq!(house.order(order_id).await["payment_status"], "PAID");
}

/// What was agreed on a check goes along with its lines, and reaches no others.
#[tokio::test]
async fn a_discount_goes_with_its_line_and_no_further() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let checks = two(&house, order_id).await;
    let ten = json!({"kind": "percent", "value": "10"});
    adjust(&house.waiter, &checks["checks"][1], ten).await.created();
    let checks = checks_of(&house, order_id).await;
    assert_eq!(totals(&checks), ["900.00", "315.00"]);
    let line = checks["checks"][0]["lines"][0].clone();
    let whole = json!([{"item_id": line["item_id"], "quantity": line["quantity"]}]);
    let moved = send(&house, &checks, &body(&checks, 0, 1, &whole)).await.ok();
    assert_eq!(moved["total"], "1215.00", "what came is not ten percent cheaper");
}

#[tokio::test]
async fn what_is_paid_presented_or_elsewhere_stays() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let checks = two(&house, order_id).await;
    let item = checks["checks"][0]["lines"][0]["item_id"].clone();
    let one = json!([{"item_id": item, "quantity": 1}]);
    let mut foreign = body(&checks, 0, 1, &one);
    foreign["moves"][0]["to"] = json!(77_701);
    send(&house, &checks, &foreign).await.refused(404, "not_found");
    send(&house, &checks, &body(&checks, 0, 0, &one)).await.invalid("moves");
    send(&house, &checks, &body(&checks, 0, 1, &json!([]))).await.invalid("moves");
    let nothing = json!({"version": checks["version"], "moves": []});
    send(&house, &checks, &nothing).await.invalid("moves");
    send(&house, &checks, &body(&checks, 1, 0, &one)).await.refused(400, "line_not_on_check");
    let path = format!("/orders/{order_id}/checks/move");
    let by_a_cook = house.kitchen.post(&path, &body(&checks, 0, 1, &one)).await;
    by_a_cook.refused(403, "wrong_role");
    step(&house.waiter, &checks["checks"][1], "present").await.ok();
    let checks = checks_of(&house, order_id).await;
    send(&house, &checks, &body(&checks, 0, 1, &one)).await.refused(409, "check_state");
    let second = checks["checks"][1].clone();
    pay(&house.waiter, &second, house.cash, second["due"].as_str().unwrap()).await.created();
    let checks = checks_of(&house, order_id).await;
    send(&house, &checks, &body(&checks, 0, 1, &one)).await.refused(409, "check_state");
    assert_eq!(id(&checks["checks"][1]), id(&second));
}
