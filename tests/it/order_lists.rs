//! Orders found again, and what happened to them.

use serde_json::{Value, json};

use crate::harness::{House, id};

#[tokio::test]
async fn orders_are_found_by_what_is_known_of_them() {
    let house = House::open().await;
    let takeaway = |name: &str, phone: &str, quantity: i64| {
        json!({"order_type": "TAKEAWAY", "customer_name": name, "customer_phone": phone,
            "items": [{"dish_id": house.borscht, "quantity": quantity}]})
    };
    let mut orders = vec![id(&house.place().await)];
    for (name, phone, quantity) in [("Анна Ёлкина", "+7 900 123", 3), ("Boris", "555", 1)]
    {
        let order = house.waiter.post("/orders", &takeaway(name, phone, quantity)).await.created();
        orders.push(id(&order));
    }
    let bill = json!({"payment_method_id": house.card});
    house.waiter.post(&format!("/orders/{}/complete-payment", orders[2]), &bill).await.ok();
    house.admin.delete(&format!("/orders/{}", orders[1])).await.ok();
    let [table, anna, boris] = orders.try_into().unwrap();
    for (query, expected) in [
        ("", vec![boris, anna, table]),
        ("?status=PENDING&status=CANCELLED", vec![boris, anna, table]),
        ("?status=PENDING,IN_PROGRESS", vec![boris, table]),
        ("?status=CANCELLED", vec![anna]),
        ("?payment_status=PAID", vec![boris]),
        ("?order_type=TAKEAWAY", vec![boris, anna]),
        ("?order_type=DINE_IN&order_type=DELIVERY", vec![table]),
        ("?search=%D0%B5%D0%BB%D0%BA", vec![anna]),
        ("?search=55", vec![boris]),
        ("?search=nobody", vec![]),
        ("?number=2", vec![anna]),
        ("?sort=oldest", vec![table, anna, boris]),
        ("?sort=largest&limit=1", vec![anna]),
        ("?sort=smallest&limit=2&skip=1", vec![table, anna]),
        ("?date_from=2020-01-01&date_to=2020-02-01", vec![]),
        ("?date_from=2020-01-01&date_to=2020-02-01&status=PENDING", vec![]),
    ] {
        let found = house.admin.get(&format!("/orders{query}")).await.ok();
        let ids: Vec<_> = found["orders"].as_array().unwrap().iter().map(id).collect();
        assert_eq!(ids, expected, "{query}");
    }
    let by_method =
        house.admin.get(&format!("/orders?payment_method_id={}", house.card)).await.ok();
    assert_eq!(by_method["total"], 1);
    let page = house.admin.get("/orders?sort=oldest&limit=1").await.ok();
    assert_eq!(page["total"], 3);
    for (query, field) in [
        ("status=LOST", "status"),
        ("order_type=EAT", "order_type"),
        ("date_from=2020-01-01", "date_to"),
        ("date_from=soon", "date_from"),
        ("sort=best", "sort"),
    ] {
        house.admin.get(&format!("/orders?{query}")).await.invalid(field);
    }
}

#[tokio::test]
async fn a_history_tells_who_did_what() {
    let house = House::open().await;
    let order = house.place().await;
    let (order_id, soup) = (id(&order), id(&order["items"][0]));
    let pizza = json!({"table_id": house.tables[0],
        "items": [{"dish_id": house.pizza, "quantity": 2, "comment": "crisp"}]});
    let order = house.admin.post("/orders", &pizza).await.created();
    let pizza = id(&order["items"][1]);
    house.move_item(&house.kitchen, soup, "READY").await.ok();
    house.move_item(&house.waiter, soup, "SERVED").await.ok();
    let path = format!("/orders/{order_id}/items/{pizza}?reason=burnt");
    house.admin.delete(&path).await.ok();
    let bill = json!({"payment_method_id": house.cash});
    house.waiter.post(&format!("/orders/{order_id}/complete-payment"), &bill).await.ok();
    let back = json!({"payment_status": "REFUNDED", "reason": "hair in the soup"});
    house.admin.patch(&format!("/orders/{order_id}/payment"), &back).await.ok();

    let history = house.admin.get(&format!("/orders/{order_id}/history")).await.ok();
    assert_eq!(history["complete"], true);
    let told = |what: &str| -> Vec<Value> {
        let entries = history["entries"].as_array().unwrap().iter();
        entries.filter(|entry| entry["what"] == what).cloned().collect()
    };
    let placed = &told("placed")[0];
    assert_eq!(placed["actor_name"], "Test waiter");
    assert_eq!(placed["lines"][0]["dish_name"], "Borscht");
    let added = &told("lines_added")[0];
    assert_eq!(
        (&added["actor_name"], &added["lines"][0]["comment"]),
        (&json!("Test admin"), &json!("crisp"))
    );
    let moved: Vec<_> = told("line_moved")
        .iter()
        .map(|entry| format!("{} {}", entry["actor_name"], entry["status"]))
        .collect();
    assert_eq!(moved, ["\"Test kitchen\" \"READY\"", "\"Test waiter\" \"SERVED\""]);
    let removed = &told("line_removed")[0];
    assert_eq!((&removed["reason"], &removed["new_total"]), (&json!("burnt"), &json!("350.00")));
    assert_eq!(told("paid")[0]["method_name"], "Cash");
    let refunded = &told("refunded")[0];
    assert_eq!(
        (&refunded["amount"], &refunded["reason"]),
        (&json!("350.00"), &json!("hair in the soup"))
    );
    assert_eq!(history["entries"][0]["what"], "placed");

    // The log is trimmed: the moments stay, and it is said that names are gone.
    let db = house.app.database();
    db.execute("DELETE FROM events WHERE seq < (SELECT max(seq) FROM events)", []).unwrap();
    let history = house.admin.get(&format!("/orders/{order_id}/history")).await.ok();
    assert_eq!(history["complete"], false);
    let entries = history["entries"].as_array().unwrap();
    let ready =
        entries.iter().find(|e| e["what"] == "line_moved" && e["status"] == "READY").unwrap();
    assert!(ready["actor_name"].is_null());
    assert!(
        entries.iter().any(|entry| entry["what"] == "paid" && entry["actor_name"] == "Test waiter")
    );
    house.admin.get("/orders/999/history").await.refused(404, "not_found");
}
