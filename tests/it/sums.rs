//! What moves money moves the sum that the person saw (F1).

use serde_json::json;

use crate::harness::{House, id};

/// Two people hold one bill of 350.00; meanwhile a colleague adds a pizza of 450.00.
async fn changed_bill(house: &House) -> i64 {
    let order_id = id(&house.place().await);
    let pizza = json!({"dish_id": house.pizza, "quantity": 1});
    house.admin.post(&format!("/orders/{order_id}/items"), &pizza).await.created();
    order_id
}

#[tokio::test]
async fn a_bill_that_grew_is_not_paid_unseen() {
    let house = House::open().await;
    let order_id = changed_bill(&house).await;
    let path = format!("/orders/{order_id}/complete-payment");
    let pay = |seen: &str| json!({"payment_method_id": house.cash, "expected_total": seen});

    let refused = house.waiter.post_once(&path, "bill-of-350", &pay("350.00")).await;
    let problem = refused.json();
    let sentence = refused.refused(409, "bill_changed");
    assert!(sentence.contains("800.00 now, not 350.00"), "{sentence}");
    assert_eq!(problem["params"]["total_price"], "800.00");
    let order = house.order(order_id).await;
    assert_eq!((&order["payment_status"], &order["status"]), (&json!("UNPAID"), &json!("PENDING")));
    let history = house.admin.get(&format!("/orders/{order_id}/history")).await.ok();
    assert!(!history.to_string().contains("\"paid\""), "{history}");

    // A fresh look, and the same deed under a new key.
    house.waiter.post_once(&path, "bill-of-800", &pay("800.00")).await.ok();
    assert_eq!(house.order(order_id).await["payment_status"], "PAID");
}

#[tokio::test]
async fn who_names_no_sum_pays_the_bill_as_it_is() {
    let house = House::open().await;
    let order_id = changed_bill(&house).await;
    let path = format!("/orders/{order_id}/complete-payment");
    let paid = house.waiter.post(&path, &json!({"payment_method_id": house.cash})).await.ok();
    assert_eq!(paid["data"]["total_price"], "800.00");
}

#[tokio::test]
async fn every_step_that_moves_money_takes_the_sum_that_was_seen() {
    let house = House::open().await;
    let order_id = changed_bill(&house).await;
    let path = format!("/orders/{order_id}");
    let payment = format!("{path}/payment");
    let line = id(&house.order(order_id).await["items"][0]);
    let one_line = format!("{path}/items/{line}");
    house.waiter.patch(&one_line, &json!({"quantity": 3})).await.ok();

    let stale = "expected_total=350.00";
    house.admin.delete(&format!("{path}?{stale}")).await.refused(409, "bill_changed");
    house.admin.delete(&format!("{one_line}?{stale}")).await.refused(409, "bill_changed");
    for (path, step) in [
        (&payment, json!({"payment_status": "PAID"})),
        (&format!("{path}/status"), json!({"status": "CANCELLED"})),
        (&one_line, json!({"status": "CANCELLED"})),
        (&one_line, json!({"quantity": 1})),
        (&format!("{one_line}/status"), json!({"status": "CANCELLED"})),
        (&format!("/kitchen/items/{line}/status"), json!({"status": "CANCELLED"})),
    ] {
        let mut step = step;
        step["expected_total"] = json!("350.00");
        house.admin.patch(path, &step).await.refused(409, "bill_changed");
    }
    // A part of a bill that goes to another table is a split.
    let to = house.tables[1];
    let some = json!({"table_id": to, "items": [{"id": line, "quantity": 1}],
                      "expected_total": "350.00"});
    house.waiter.post(&format!("{path}/items/move"), &some).await.refused(409, "bill_changed");
    let whole = json!({"table_id": to, "expected_total": "350.00"});
    house.waiter.post(&format!("{path}/move"), &whole).await.refused(409, "bill_changed");
    assert_eq!(house.order(order_id).await["total_price"], "1500.00");

    let pay = json!({"payment_status": "PAID", "expected_total": "1500.00"});
    house.waiter.patch(&payment, &pay).await.ok();
    let refund = |seen: &str| json!({"payment_status": "REFUNDED", "expected_total": seen});
    house.admin.patch(&payment, &refund("350.00")).await.refused(409, "bill_changed");
    assert_eq!(house.order(order_id).await["payment_status"], "PAID");
    house.admin.patch(&payment, &refund("1500.00")).await.ok();
}
