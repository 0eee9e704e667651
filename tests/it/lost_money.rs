//! No step lets money go in silence (B11).

use serde_json::json;

use crate::harness::{House, id};

#[tokio::test]
async fn a_begun_order_is_cancelled_as_a_begun_line_is_taken_off() {
    for stage in ["begun", "ready", "served"] {
        let house = House::open().await;
        let order = house.place().await;
        let (order_id, line) = (id(&order), id(&order["items"][0]));
        // A second line that nobody has begun does not hide the first.
        house.place().await;
        house.move_item(&house.kitchen, line, "IN_PREPARATION").await.ok();
        if stage != "begun" {
            house.move_item(&house.kitchen, line, "READY").await.ok();
        }
        if stage == "served" {
            house.move_item(&house.waiter, line, "SERVED").await.ok();
        }
        let path = format!("/orders/{order_id}");
        let says = house.waiter.delete(&format!("{path}?reason=x")).await;
        let says = says.refused(403, "approval_needed");
        assert!(says.contains("has to approve of this: cancel an order"), "{says}");
        let cancel = json!({"status": "CANCELLED", "reason": "x"});
        let status = format!("{path}/status");
        house.waiter.patch(&status, &cancel).await.refused(403, "approval_needed");
        house.admin.delete(&path).await.refused(400, "reason_needed");
        house.move_order(&house.admin, order_id, "CANCELLED").await.refused(400, "reason_needed");
        assert_ne!(house.order(order_id).await["status"], "CANCELLED", "{stage}");
        house.admin.patch(&status, &json!({"status": "CANCELLED", "reason": "fire"})).await.ok();
        let history = house.admin.get(&format!("{path}/history")).await.ok();
        let entries = history["entries"].as_array().unwrap();
        let entry = entries.iter().find(|entry| entry["what"] == "order_cancelled").unwrap();
        assert_eq!((&entry["reason"], &entry["old_total"]), (&json!("fire"), &json!("700.00")));
    }
}

#[tokio::test]
async fn an_order_that_is_closed_unpaid_is_not_forgotten() {
    let house = House::open().await;
    let order = house.place().await;
    let order_id = id(&order);
    house.move_item(&house.kitchen, id(&order["items"][0]), "READY").await.ok();
    for status in ["SERVED", "DINING", "COMPLETED"] {
        house.move_order(&house.waiter, order_id, status).await.ok();
    }
    let outstanding =
        async || house.admin.get("/reports/today").await.ok()["closed_unpaid"].clone();
    assert_eq!(outstanding().await, json!({"orders": 1, "amount": "350.00"}));
    let history = house.admin.get(&format!("/orders/{order_id}/history")).await.ok();
    let entries = history["entries"].as_array().unwrap();
    let entry = entries.iter().find(|entry| entry["what"] == "closed_unpaid").unwrap();
    assert_eq!(
        (&entry["old_total"], &entry["actor_name"]),
        (&json!("350.00"), &json!("Test waiter"))
    );
    let audit = house.admin.get(&format!("/audit?subject=order&subject_id={order_id}")).await.ok();
    assert_eq!(audit.to_string().matches("closed_unpaid").count(), 1, "{audit}");
    // The guests come back and pay.
    let pay = json!({"payment_status": "PAID", "payment_method_id": house.cash});
    house.waiter.patch(&format!("/orders/{order_id}/payment"), &pay).await.ok();
    assert_eq!(outstanding().await, json!({"orders": 0, "amount": "0.00"}));
}

#[tokio::test]
async fn the_boards_dishes_add_up_with_its_sales() {
    let house = House::open().await;
    let open = id(&house.place().await);
    let takeaway = json!({"order_type": "TAKEAWAY",
        "items": [{"dish_id": house.pizza, "quantity": 3}]});
    let served = house.waiter.post("/orders", &takeaway).await.created();
    house.move_item(&house.kitchen, id(&served["items"][0]), "READY").await.ok();
    house.move_item(&house.waiter, id(&served["items"][0]), "SERVED").await.ok();
    house.admin.delete(&format!("/orders/{}?reason=left", id(&served))).await.ok();
    let board = async || house.admin.get("/reports/today").await.ok();
    let dashboard = async || house.admin.get("/dashboard/stats").await.ok()["data"].clone();
    let now = board().await;
    assert_eq!((&now["sales"]["revenue"], &now["dishes"]), (&json!("0.00"), &json!([])));
    let popular = dashboard().await["popular_dishes"].clone();
    assert_eq!((popular.as_array().unwrap().len(), &popular[0]["revenue"]), (1, &json!("0.00")));

    let pay = json!({"payment_method_id": house.cash});
    house.waiter.post(&format!("/orders/{open}/complete-payment"), &pay).await.ok();
    let now = board().await;
    assert_eq!(now["sales"]["revenue"], "350.00");
    assert_eq!(now["dishes"].as_array().unwrap().len(), 1);
    assert_eq!(now["dishes"][0]["revenue"], "350.00");
    assert_eq!(dashboard().await["popular_dishes"][0]["revenue"], "350.00");
}
