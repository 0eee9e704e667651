//! Orders: placed, added to, moved on, paid.

use serde_json::{Value, json};

use crate::harness::{House, id};

fn statuses(order: &Value) -> Vec<&str> {
    order["items"].as_array().unwrap().iter().map(|i| i["status"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_order_goes_from_the_table_to_the_till() {
    let house = House::open().await;
    let (waiter, kitchen) = (&house.waiter, &house.kitchen);
    let body = json!({"table_id": house.tables[0], "order_type": "DINE_IN", "notes": "Urgent",
        "items": [{"dish_id": house.borscht, "quantity": 2, "comment": " no onion "},
                  {"dish_id": house.pizza, "dish_variation_id": house.pizza_large, "quantity": 1}]});
    let order = waiter.post("/orders/", &body).await.created();
    assert_eq!(order["total_price"], "1350.50");
    assert_eq!(
        (order["status"].as_str(), order["payment_status"].as_str()),
        (Some("PENDING"), Some("UNPAID"))
    );
    assert_eq!((order["number"].as_i64(), order["table_number"].as_i64()), (Some(1), Some(1)));
    assert_eq!(order["waiter_name"], "Test waiter");
    assert_eq!(statuses(&order), ["IN_PREPARATION", "IN_PREPARATION"]);
    let line = &order["items"][0];
    assert_eq!((line["price"].as_str(), line["total"].as_str()), (Some("350.00"), Some("700.00")));
    assert_eq!(
        (line["comment"].as_str(), line["variation_name"].as_str()),
        (Some("no onion"), Some("Portion"))
    );
    let (order_id, first, second) = (id(&order), id(line), id(&order["items"][1]));

    let table = waiter.get(&format!("/tables/{}", house.tables[0])).await.ok();
    assert_eq!(
        (table["is_occupied"].as_bool(), table["current_order_id"].as_i64()),
        (Some(true), Some(order_id))
    );

    house.move_order(kitchen, order_id, "IN_PROGRESS").await.ok();
    house.move_item(kitchen, first, "READY").await.ok();
    assert_eq!(house.order(order_id).await["status"], "READY");
    house.move_item(waiter, first, "SERVED").await.ok();
    // The pizza is still in the oven.
    assert_eq!(house.order(order_id).await["status"], "IN_PROGRESS");
    house.move_item(kitchen, second, "READY").await.ok();
    house.move_order(waiter, order_id, "SERVED").await.ok();
    let served = house.order(order_id).await;
    assert_eq!(statuses(&served), ["SERVED", "SERVED"]);
    assert_eq!(served["time_to_serve"], 0);

    let bill = json!({"payment_method_id": house.card});
    let paid = waiter.post(&format!("/orders/{order_id}/complete-payment"), &bill).await.ok();
    assert_eq!(paid["data"]["status"], "COMPLETED");
    let done = house.order(order_id).await;
    assert_eq!(
        (done["payment_status"].as_str(), done["payment_method_name"].as_str()),
        (Some("PAID"), Some("Card"))
    );
    let table = waiter.get(&format!("/tables/{}", house.tables[0])).await.ok();
    assert_eq!(
        (table["is_occupied"].as_bool(), table["current_order_id"].is_null()),
        (Some(false), true)
    );
}

#[tokio::test]
async fn a_table_has_one_open_bill() {
    let house = House::open().await;
    let first = house.place().await;
    let second = house.place().await;
    assert_eq!(id(&first), id(&second));
    assert_eq!(second["total_price"], "700.00");
    assert_eq!(second["items"].as_array().unwrap().len(), 2);

    let pay = json!({"payment_status": "PAID", "payment_method_id": house.cash});
    house.waiter.patch(&format!("/orders/{}/payment", id(&first)), &pay).await.ok();
    let third = house.place().await;
    assert_ne!(id(&third), id(&first), "after payment a new order begins");
    assert_eq!(third["number"], 2);
    let active = house.waiter.get(&format!("/orders/active/table/{}", house.tables[0])).await.ok();
    assert_eq!(active.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn two_waiters_at_one_table_lose_no_line() {
    let house = House::open().await;
    let order = house.borscht_order();
    let places = (0..20).map(|_| {
        let (waiter, order) = (house.waiter.clone(), order.clone());
        tokio::spawn(async move { id(&waiter.post("/orders", &order).await.created()) })
    });
    let mut ids = Vec::new();
    for place in places.collect::<Vec<_>>() {
        ids.push(place.await.unwrap());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "all lines are on one bill");
    let order = house.order(ids[0]).await;
    assert_eq!(order["items"].as_array().unwrap().len(), 20);
    assert_eq!(order["total_price"], "7000.00");
}

#[tokio::test]
async fn a_repeated_request_happens_once() {
    let house = House::open().await;
    let order = house.borscht_order();
    for key in ["tablet-1:0001", "0197f1a2-7c3e-7d4b-8a21-5f6e7d8c9b0a"] {
        let first = house.waiter.post_once("/orders/", key, &order).await;
        assert!(first.headers.get("idempotent-replayed").is_none());
        let again = house.waiter.post_once("/orders", key, &order).await;
        assert_eq!(again.headers["idempotent-replayed"], "true");
        assert_eq!(first.created(), again.created());
        // The same key of another person is another key.
        house.admin.post_once("/orders", key, &order).await.created();
        let other = json!({"table_id": house.tables[1], "items": order["items"]});
        house.waiter.post_once("/orders", key, &other).await.refused(422, "idempotency_key_reused");
    }
    let bill = house.waiter.get(&format!("/orders/active/table/{}", house.tables[0])).await.ok();
    assert_eq!(bill[0]["items"].as_array().unwrap().len(), 4);
    house.waiter.post_once("/orders", "short", &order).await.invalid("Idempotency-Key");

    let order_id = id(&bill[0]);
    let line = json!({"dish_id": house.pizza, "quantity": 1});
    let path = format!("/orders/{order_id}/items/");
    let first = house.waiter.post_once(&path, "line-0001", &line).await.created();
    let again = house.waiter.post_once(&path, "line-0001", &line).await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(first, again.created());
    assert_eq!(first["dish_name"], "Pizza");
    let path = format!("/orders/{order_id}/complete-payment");
    let bill = json!({"payment_method_id": house.cash});
    let first = house.waiter.post_once(&path, "bill-0001", &bill).await.ok();
    assert_eq!(first, house.waiter.post_once(&path, "bill-0001", &bill).await.ok());
}

#[tokio::test]
async fn a_bad_order_changes_nothing() {
    let house = House::open().await;
    let (waiter, table) = (&house.waiter, house.tables[0]);
    let with = |items: Value| json!({"table_id": table, "items": items});
    let dish = house.borscht;
    for (quantity, fits) in [(0, false), (51, false), (1, true), (50, true)] {
        let reply =
            waiter.post("/orders", &with(json!([{"dish_id": dish, "quantity": quantity}]))).await;
        if fits { drop(reply.created()) } else { reply.invalid("items[0].quantity") }
    }
    waiter.post("/orders", &with(json!([]))).await.invalid("items");
    waiter.post("/orders", &with(json!([{"quantity": 1}]))).await.invalid("items[0].dish_id");
    waiter
        .post("/orders", &with(json!([{"dish_id": 9999, "quantity": 1}])))
        .await
        .refused(404, "not_found");
    let foreign = json!([{"dish_id": dish, "dish_variation_id": house.pizza_large, "quantity": 1}]);
    waiter.post("/orders", &with(foreign)).await.refused(404, "not_found");
    let order = json!({"items": [{"dish_id": dish, "quantity": 1}]});
    waiter.post("/orders", &order).await.invalid("table_id");
    let order = json!({"table_id": 999, "items": [{"dish_id": dish, "quantity": 1}]});
    waiter.post("/orders", &order).await.refused(404, "not_found");
    house.kitchen.post("/orders", &house.borscht_order()).await.refused(403, "wrong_role");
    house.app.anonymous().post("/orders", &house.borscht_order()).await.refused(401, "no_token");
    let raw = waiter.request(reqwest::Method::POST, "/orders").body("{\"table_id\": ");
    waiter.send(raw).await.refused(422, "invalid");

    let off = json!({"is_available": false});
    house.admin.patch(&format!("/dishes/{dish}/availability"), &off).await.ok();
    let both =
        with(json!([{"dish_id": house.pizza, "quantity": 1}, {"dish_id": dish, "quantity": 1}]));
    let says = waiter.post("/orders", &both).await.refused(400, "dish_unavailable");
    assert!(says.contains("Borscht"), "{says}");
    let orders = waiter.get("/orders").await.ok();
    let bill = house.order(id(&orders["orders"][0])).await;
    assert_eq!((orders["total"].as_i64(), bill["items"].as_array().unwrap().len()), (Some(1), 2));
}

#[tokio::test]
async fn the_price_stays_as_it_was_ordered() {
    let house = House::open().await;
    let order = house.place().await;
    let path = format!("/dishes/{}/variations/{}", house.borscht, house.borscht_portion);
    house.admin.patch(&path, &json!({"price": 400, "name": "Bowl"})).await.ok();
    let line = house.order(id(&order)).await["items"][0].clone();
    assert_eq!(
        (line["price"].as_str(), line["variation_name"].as_str()),
        (Some("350.00"), Some("Portion"))
    );
    assert_eq!(house.place().await["total_price"], "750.00");
}

#[tokio::test]
async fn lines_are_changed_and_taken_off_with_a_trace() {
    let house = House::open().await;
    let body = json!({"table_id": house.tables[0], "items": [{"dish_id": house.pizza, "quantity": 1},
        {"dish_id": house.borscht, "quantity": 1}]});
    let order = house.waiter.post("/orders", &body).await.created();
    let (order_id, pizza, borscht) = (id(&order), id(&order["items"][0]), id(&order["items"][1]));
    let path = format!("/orders/{order_id}/items/{pizza}");
    let large = json!({"dish_variation_id": house.pizza_large, "quantity": 2, "comment": "crisp"});
    let line = house.waiter.patch(&path, &large).await.ok();
    assert_eq!(
        (line["total"].as_str(), line["comment"].as_str()),
        (Some("1301.00"), Some("crisp"))
    );
    let line = house.waiter.patch(&path, &json!({"comment": null})).await.ok();
    assert!(line["comment"].is_null() && line["quantity"] == 2);
    house.waiter.patch(&path, &json!({"quantity": 0})).await.invalid("quantity");
    house.kitchen.patch(&path, &json!({"quantity": 3})).await.refused(403, "wrong_role");
    assert_eq!(house.order(order_id).await["total_price"], "1651.00");

    let off = format!("/orders/{order_id}/items/{borscht}?reason=sold%20out");
    house.waiter.delete(&off).await.ok();
    house.waiter.delete(&off).await.refused(400, "step_not_allowed");
    assert_eq!(house.order(order_id).await["total_price"], "1301.00");
    house.move_item(&house.kitchen, pizza, "READY").await.ok();
    house.waiter.patch(&path, &json!({"quantity": 1})).await.refused(403, "approval_needed");
    house.waiter.delete(&path).await.refused(403, "approval_needed");

    let db = rusqlite::Connection::open(house.app.folder.path().join("data/qres.db")).unwrap();
    let mut traces = db
        .prepare("SELECT what, old_total, new_total, reason FROM money_changes ORDER BY id")
        .unwrap();
    let traces: Vec<(String, i64, i64, Option<String>)> = traces
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(
        traces,
        [
            ("line_changed".into(), 80_000, 165_100, None),
            ("line_removed".into(), 165_100, 130_100, Some("sold out".into())),
        ]
    );
}

#[tokio::test]
async fn an_order_is_cancelled_by_those_who_may() {
    let house = House::open().await;
    let order_id = id(&house.place().await);
    let path = format!("/orders/{order_id}");
    house.kitchen.delete(&path).await.refused(403, "wrong_role");
    house.waiter.delete(&path).await.ok();
    house.waiter.delete(&path).await.refused(400, "step_not_allowed");
    let order = house.order(order_id).await;
    assert_eq!(
        (order["status"].as_str(), statuses(&order)),
        (Some("CANCELLED"), vec!["CANCELLED"])
    );
    let pay = json!({"payment_method_id": house.cash});
    house.waiter.post(&format!("{path}/complete-payment"), &pay).await.refused(400, "order_closed");

    let admins = house.admin.post("/orders", &house.borscht_order()).await.created();
    let path = format!("/orders/{}", id(&admins));
    house.waiter.delete(&path).await.refused(403, "approval_needed");
    house.admin.delete(&path).await.ok();
    house.admin.delete("/orders/999").await.refused(404, "not_found");
}

#[tokio::test]
async fn a_paid_order_ends_with_the_last_dish() {
    let house = House::open().await;
    let order = json!({"order_type": "TAKEAWAY", "customer_name": "Anna", "items": house.borscht_order()["items"]});
    let order = house.waiter.post("/orders", &order).await.created();
    assert!(order["table_id"].is_null() && order["customer_name"] == "Anna");
    let (order_id, line) = (id(&order), id(&order["items"][0]));
    let path = format!("/orders/{order_id}/complete-payment");
    house.waiter.post(&path, &json!({"payment_method_id": 999})).await.refused(404, "not_found");
    house
        .kitchen
        .post(&path, &json!({"payment_method_id": house.cash}))
        .await
        .refused(403, "wrong_role");
    house.waiter.post(&path, &json!({"payment_method_id": house.cash})).await.ok();
    house
        .waiter
        .post(&path, &json!({"payment_method_id": house.cash}))
        .await
        .refused(400, "already_paid");
    let add = json!({"dish_id": house.pizza, "quantity": 1});
    house.waiter.post(&format!("/orders/{order_id}/items"), &add).await.refused(400, "order_paid");
    assert_eq!(house.order(order_id).await["status"], "PENDING");
    house.move_item(&house.kitchen, line, "READY").await.ok();
    house.move_item(&house.waiter, line, "SERVED").await.ok();
    assert_eq!(house.order(order_id).await["status"], "COMPLETED");

    let refund = json!({"payment_status": "REFUNDED"});
    let path = format!("/orders/{order_id}/payment");
    house.waiter.patch(&path, &refund).await.refused(403, "approval_needed");
    house.admin.patch(&path, &refund).await.ok();
    house
        .admin
        .patch(&path, &json!({"payment_status": "UNPAID"}))
        .await
        .refused(400, "step_not_allowed");
    assert_eq!(house.order(order_id).await["payment_status"], "REFUNDED");
}

#[tokio::test]
async fn a_delivery_knows_where_to_go() {
    let house = House::open().await;
    let mut body = json!({"customer_name": "Anna", "customer_phone": "+7 900 000 00 00",
        "delivery_address": "Sadovaya street 12, flat 4", "items": house.borscht_order()["items"]});
    let order = house.waiter.post("/orders/delivery", &body).await.created();
    assert_eq!(
        (order["order_type"].as_str(), order["delivery_address"].as_str()),
        (Some("DELIVERY"), Some("Sadovaya street 12, flat 4"))
    );
    body["customer_phone"] = json!("12");
    house.waiter.post("/orders/delivery", &body).await.invalid("customer_phone");
    let wrong_door = json!({"order_type": "DELIVERY", "items": house.borscht_order()["items"]});
    house.waiter.post("/orders", &wrong_door).await.invalid("order_type");
}

#[tokio::test]
async fn orders_are_found_by_their_filters() {
    let house = House::open().await;
    let first = house.place().await;
    let other = json!({"table_id": house.tables[1], "items": house.borscht_order()["items"]});
    house.admin.post("/orders", &other).await.created();
    house.waiter.delete(&format!("/orders/{}", id(&first))).await.ok();
    for (query, expected) in [
        ("", 2),
        ("?status=CANCELLED", 1),
        ("?status=PENDING&payment_status=UNPAID", 1),
        ("?payment_status=PAID", 0),
        (&format!("?table_id={}", house.tables[1]), 1),
        (&format!("?waiter_id={}", first["waiter_id"]), 1),
        ("?skip=1&limit=1", 2),
    ] {
        let list = house.waiter.get(&format!("/orders/{query}")).await.ok();
        assert_eq!(list["total"], expected, "{query}");
    }
    house.waiter.get("/orders?status=LOST").await.invalid("status");
    house.waiter.get("/orders?limit=0").await.invalid("limit");
}

#[tokio::test]
async fn the_kitchen_sees_its_lines() {
    let house = House::open().await;
    let body = json!({"table_id": house.tables[0], "kitchen_notes": "birthday",
        "items": [{"dish_id": house.pizza, "quantity": 1}, {"dish_id": house.borscht, "quantity": 3}]});
    let order = house.waiter.post("/orders", &body).await.created();
    let all = house.kitchen.get("/kitchen/dishes").await.ok();
    assert_eq!(all.as_array().unwrap().len(), 2);
    let hot = house.kitchen.get("/kitchen/orders?department=hot").await.ok();
    assert_eq!(
        (hot[0]["dish_name"].as_str(), hot[0]["quantity"].as_i64()),
        (Some("Borscht"), Some(3))
    );
    assert_eq!(
        (hot[0]["order_notes"].as_str(), hot[0]["due_at"].is_string()),
        (Some("birthday"), true)
    );
    house.kitchen.get("/kitchen/orders").await.invalid("department");
    house.kitchen.get("/kitchen/orders?department=attic").await.invalid("department");
    house.kitchen.get("/kitchen/dishes?status_filter=LOST").await.invalid("status_filter");

    let line = id(&hot[0]);
    house.move_item(&house.kitchen, line, "READY").await.ok();
    let ready = house.kitchen.get("/kitchen/dishes?status_filter=READY&department=hot").await.ok();
    assert_eq!(ready.as_array().unwrap().len(), 1);
    let others = house.kitchen.get("/kitchen/dishes?status_filter=NEW,SERVED").await.ok();
    assert_eq!(others, json!([]));
    let progress =
        house.kitchen.get(&format!("/kitchen/orders/{}/progress", id(&order))).await.ok();
    assert_eq!(
        (progress["progress_percent"].as_i64(), progress["total_items"].as_i64()),
        (Some(50), Some(2))
    );
    house.move_item(&house.kitchen, line, "IN_PREPARATION").await.ok();
    house.move_item(&house.kitchen, line, "SERVED").await.refused(400, "step_not_allowed");
    house.move_item(&house.kitchen, 999, "READY").await.refused(404, "not_found");

    let load = house.kitchen.get("/kitchen/departments").await.ok();
    let hot = load.as_array().unwrap().iter().find(|d| d["department"] == "hot").unwrap();
    assert_eq!(hot["open_items"], 1);
    let stats = house.admin.get("/kitchen/departments/hot/stats?hours=1").await.ok();
    assert_eq!((stats["total_items"].as_i64(), stats["open_items"].as_i64()), (Some(1), Some(1)));
    house.admin.get("/kitchen/departments/hot/stats?hours=169").await.invalid("hours");
    let more = json!([{"dish_id": house.borscht, "quantity": 1}]);
    let path = format!("/kitchen/orders/{}/items", id(&order));
    assert_eq!(
        house.waiter.post(&path, &more).await.created()["data"]["items"].as_array().unwrap().len(),
        3
    );
}

#[tokio::test]
async fn a_late_order_is_told_of_once() {
    let house = House::open().await;
    house.place().await;
    let db = rusqlite::Connection::open(house.app.folder.path().join("data/qres.db")).unwrap();
    let ago = 20 * 60_000;
    db.execute("UPDATE order_items SET sent_to_kitchen_at = sent_to_kitchen_at - ?1", [ago])
        .unwrap();
    for _ in 0..2 {
        qres::features::orders::tell_of_late_orders(&house.app.app).await.unwrap();
    }
    let told: i64 = db
        .query_row("SELECT count(*) FROM events WHERE kind = 'order_delayed'", [], |r| r.get(0))
        .unwrap();
    assert_eq!(told, 1);
    let dashboard = house.admin.get("/dashboard/stats").await.ok();
    assert_eq!(dashboard["data"]["late_orders"], 1);
}

#[tokio::test]
async fn the_day_is_summed_up() {
    let house = House::open().await;
    let order_id = id(&house.place().await);
    let pay = json!({"payment_method_id": house.cash});
    house.waiter.post(&format!("/orders/{order_id}/complete-payment"), &pay).await.ok();
    house.place().await;
    let manager = house.app.manager().await;
    let stats = manager.get("/orders/stats/summary").await.ok();
    assert_eq!(
        (stats["total_orders"].as_i64(), stats["total_revenue"].as_str()),
        (Some(2), Some("350.00"))
    );
    assert_eq!(stats["average_order_value"], "350.00");
    let past = manager
        .get("/orders/stats/summary?date_from=2020-01-01T00:00:00Z&date_to=2020-02-01T00:00:00Z");
    assert_eq!(past.await.ok()["total_orders"], 0);
    manager.get("/orders/stats/summary?date_from=yesterday").await.invalid("date_from");
    let today = manager.get("/orders/stats/summary?date_from=2020-01-01&date_to=2099-12-31").await;
    assert_eq!(today.ok()["total_orders"], 2);
    house.waiter.get("/orders/stats/summary").await.refused(403, "wrong_role");
    let dashboard = manager.get("/dashboard/stats").await.ok()["data"].clone();
    assert_eq!(
        (dashboard["active_orders"].as_i64(), dashboard["occupied_tables"].as_i64()),
        (Some(2), Some(1))
    );
    assert_eq!(dashboard["popular_dishes"][0]["quantity"], 2);
}
