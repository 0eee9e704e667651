//! Whose a line is: said when it is ordered, and again at any time until it is paid.

use serde_json::{Value, json};

use crate::checks::{check_of, pay};
use crate::harness::{House, id};

fn seats(order: &Value) -> Vec<&Value> {
    order["items"].as_array().unwrap().iter().map(|line| &line["seat"]).collect()
}

#[tokio::test]
async fn a_line_is_given_to_another_seat_until_it_is_paid() {
    let house = House::open().await;
    let order = json!({"table_id": house.tables[0], "items": [
        {"dish_id": house.borscht, "quantity": 1, "seat": 1},
        {"dish_id": house.pizza, "quantity": 1}]});
    let order = house.waiter.post("/orders", &order).await.created();
    let path = |at: usize| format!("/orders/{}/items/{}", order["id"], order["items"][at]["id"]);
    let read = async || house.order(id(&order)).await;
    assert_eq!(seats(&read().await), [&json!(1), &Value::Null]);

    // Also what the kitchen has made already: it is no business of the kitchen.
    house
        .kitchen
        .patch(
            &format!("/kitchen/items/{}/status", order["items"][1]["id"]),
            &json!({"status": "READY"}),
        )
        .await
        .ok();
    let line = house.waiter.patch(&path(1), &json!({"seat": 2})).await.ok();
    assert_eq!((&line["seat"], &line["status"]), (&json!(2), &json!("READY")));
    house.waiter.patch(&path(0), &json!({"comment": "hot"})).await.ok();
    assert_eq!(seats(&read().await), [&json!(1), &json!(2)], "what is not named stays");
    house.waiter.patch(&path(0), &json!({"seat": null})).await.ok();
    let check = check_of(&house, id(&order)).await;
    let of_check: Vec<_> = check["lines"].as_array().unwrap().iter().map(|l| &l["seat"]).collect();
    assert_eq!(of_check, [&Value::Null, &json!(2)]);
    house.waiter.patch(&path(0), &json!({"seat": 100})).await.invalid("seat");

    pay(&house.waiter, &check, house.cash, check["total"].as_str().unwrap()).await.created();
    house.waiter.patch(&path(0), &json!({"seat": 3})).await.refused(400, "order_paid");
}
