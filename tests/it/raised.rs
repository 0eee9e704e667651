//! More of a line, when it costs something else by now.

use serde_json::{Value, json};

use crate::prices::{clock_shows, happy_hour, house_at, ordered};

/// More of a line is ordered now, and costs what it costs now.
#[tokio::test]
async fn what_is_added_to_a_line_after_the_edge_is_a_line_of_its_own() {
    let house = house_at("2030-12-06T18:59:00+03:00").await;
    happy_hour(&house).await;
    let line = ordered(&house, json!({"quantity": 2, "comment": "no dill"})).await;
    let order = line["order_id"].as_i64().unwrap();
    let path = format!("/orders/{order}/items/{}", line["id"]);
    let raise =
        async |quantity: i64| house.waiter.patch(&path, &json!({"quantity": quantity})).await.ok();
    // While it is the same hour it is the same line.
    assert_eq!(raise(3).await["total"], "840.00");
    clock_shows("2030-12-06T19:01:00+03:00");
    assert_eq!(raise(5).await["quantity"], 3);
    let now = house.order(order).await;
    let lines: Vec<_> = now["items"].as_array().unwrap().iter().collect();
    assert_eq!(lines.len(), 2, "{now}");
    assert_eq!(
        (
            &lines[1]["quantity"],
            &lines[1]["price"],
            &lines[1]["comment"],
            &lines[1]["price_list_id"]
        ),
        (&json!(2), &json!("350.00"), &json!("no dill"), &Value::Null)
    );
    assert_eq!(now["total_price"], "1540.00");
    // Fewer of it are fewer of it.
    assert_eq!(raise(1).await["total"], "280.00");
    assert_eq!(house.order(order).await["total_price"], "980.00");
}

/// The same of a discount by the hour.
#[tokio::test]
async fn pieces_that_are_added_after_a_happy_hour_have_no_discount() {
    let house = house_at("2030-12-06T18:59:00+03:00").await;
    let hours = json!({"weekdays": [5], "time_from": "17:00", "time_to": "19:00"});
    let happy = json!({"kind": "DISCOUNT", "name": "Happy hour", "percent": "20",
        "conditions": hours});
    house.admin.post("/adjustment-rules", &happy).await.created();
    let line = ordered(&house, json!({"quantity": 1})).await;
    let order = line["order_id"].as_i64().unwrap();
    assert_eq!(house.order(order).await["total_price"], "280.00");
    clock_shows("2030-12-06T19:01:00+03:00");
    let path = format!("/orders/{order}/items/{}", line["id"]);
    house.waiter.patch(&path, &json!({"quantity": 3})).await.ok();
    assert_eq!(house.order(order).await["total_price"], "980.00");
}
