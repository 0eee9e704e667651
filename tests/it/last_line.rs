//! An order lives as long as a line of it does (F4), and more of a dish is made only while it is
//! sold (F8).

use serde_json::{Value, json};

use crate::harness::{House, id};

async fn is_free(house: &House, table: usize) -> bool {
    let table = house.waiter.get(&format!("/tables/{}", house.tables[table])).await.ok();
    table["is_occupied"] == false && table["current_order_id"].is_null()
}

#[tokio::test]
async fn an_order_ends_with_its_last_line() {
    let house = House::open().await;
    // It is an admin's order; a waiter who may do that takes its lines off, each by another of the ways.
    let may = json!({"rules": [{"permission": "ORDER_CANCEL_OTHERS", "decision": "ALLOW"}]});
    house.admin.put("/roles/waiter/permissions", &may).await.ok();
    let order_of = async || {
        let order = house.admin.post("/orders", &house.borscht_order()).await.created();
        (id(&order), id(&order["items"][0]))
    };
    let off = json!({"status": "CANCELLED"});
    for way in 0..4 {
        let (order, line) = order_of().await;
        let path = format!("/orders/{order}/items/{line}");
        let reply = match way {
            0 => house.waiter.delete(&path).await,
            1 => house.waiter.patch(&path, &off).await,
            2 => house.waiter.patch(&format!("{path}/status"), &off).await,
            _ => house.waiter.patch(&format!("/kitchen/items/{line}/status"), &off).await,
        };
        assert!(reply.status.is_success(), "{way}: {}", reply.text());
        let ended = house.order(order).await;
        assert_eq!(
            (&ended["status"], &ended["total_price"]),
            (&json!("CANCELLED"), &json!("0.00"))
        );
        assert!(is_free(&house, 0).await, "{way}");
        let pay = json!({"payment_method_id": house.cash});
        let path = format!("/orders/{order}/complete-payment");
        house.waiter.post(&path, &pay).await.refused(400, "order_closed");
    }
    let stats = house.admin.get("/orders/stats/summary").await.ok();
    assert_eq!((&stats["cancelled_orders"], &stats["total_revenue"]), (&json!(4), &json!("0.00")));
    // What became of it is told once, with who did it.
    let (order, line) = order_of().await;
    house.waiter.delete(&format!("/orders/{order}/items/{line}")).await.ok();
    let history = house.admin.get(&format!("/orders/{order}/history")).await.ok();
    let told: Vec<&Value> = history["entries"].as_array().unwrap().iter().collect();
    let told: Vec<_> = told.iter().map(|entry| entry["what"].as_str().unwrap()).collect();
    assert_eq!(told, ["placed", "line_removed", "order_cancelled"]);
}

#[tokio::test]
async fn an_order_with_another_line_goes_on() {
    let house = House::open().await;
    let order = house.place().await;
    let more = house.place().await;
    let path = format!("/orders/{}/items/{}", id(&order), id(&order["items"][0]));
    house.waiter.delete(&path).await.ok();
    assert_eq!(house.order(id(&more)).await["status"], "PENDING");
    assert!(!is_free(&house, 0).await);
}

#[tokio::test]
async fn a_refused_first_order_of_a_guest_frees_the_table() {
    let house = House::open().await;
    let guest = house.guest(0).await;
    let wish = json!({"items": [{"dish_id": house.borscht, "quantity": 1}]});
    let placed = guest.post_once("/guest/orders", "phone-0001", &wish).await.created();
    let path = format!("/orders/{}/items/{}", id(&placed), id(&placed["items"][0]));
    house.waiter.delete(&path).await.ok();
    assert_eq!(house.order(id(&placed)).await["status"], "CANCELLED");
    assert!(is_free(&house, 0).await);
}

#[tokio::test]
async fn an_order_that_was_left_empty_can_only_end() {
    // As a box of an earlier version may have kept one.
    let house = House::open().await;
    let order = house.place().await;
    let order_id = id(&order);
    house.app.database().execute("UPDATE order_items SET status = 'CANCELLED'", []).unwrap();
    house.app.database().execute("UPDATE orders SET total = 0", []).unwrap();
    let pay = json!({"payment_method_id": house.cash, "payment_status": "PAID"});
    let path = format!("/orders/{order_id}");
    house.waiter.post(&format!("{path}/complete-payment"), &pay).await.refused(400, "order_empty");
    house.waiter.patch(&format!("{path}/payment"), &pay).await.refused(400, "order_empty");
    house.move_order(&house.kitchen, order_id, "READY").await.refused(400, "order_empty");
    house.waiter.delete(&path).await.ok();
    assert!(is_free(&house, 0).await);
}

/// Each way in which more of a dish is made, after it went off the menu in each of the ways.
#[tokio::test]
async fn more_of_a_dish_is_made_only_while_it_is_sold() {
    for how in ["sold out", "size sold out", "removed", "category off"] {
        let house = House::open().await;
        let guest = house.guest(1).await;
        let wish = json!({"items": [{"dish_id": house.borscht, "quantity": 1}]});
        let waits = guest.post_once("/guest/orders", "phone-0001", &wish).await.created();
        let order = house.place().await;
        let (order_id, line) = (id(&order), id(&order["items"][0]));
        let dish = format!("/dishes/{}", house.borscht);
        let off = json!({"is_available": false});
        match how {
            "sold out" => house.admin.patch(&dish, &off).await.ok(),
            "size sold out" => {
                let size = format!("{dish}/variations/{}", house.borscht_portion);
                house.admin.patch(&size, &off).await.ok()
            }
            "removed" => house.admin.delete(&dish).await.ok(),
            _ => {
                let dish = house.admin.get(&dish).await.ok();
                let category = format!("/categories/{}", dish["category_id"]);
                house.admin.patch(&category, &json!({"is_active": false})).await.ok()
            }
        };
        let path = format!("/orders/{order_id}/items/{line}");
        let more = json!({"quantity": 7});
        let says = house.waiter.patch(&path, &more).await.refused(400, "dish_unavailable");
        assert!(says.contains("Borscht"), "{how}: {says}");
        // A guest's line that waits is confirmed in three ways.
        let (waiting, waiting_line) = (id(&waits), id(&waits["items"][0]));
        let send = format!("/kitchen/orders/{waiting}/send-to-kitchen");
        house.waiter.post(&send, &json!([])).await.refused(400, "dish_unavailable");
        for status in ["SENT_TO_KITCHEN", "IN_PREPARATION"] {
            let step = house.move_item(&house.waiter, waiting_line, status).await;
            step.refused(400, "dish_unavailable");
        }
        assert_eq!(house.order(waiting).await["items"][0]["status"], "NEW");
        // What is there stays there: a wish, fewer of it, another table, serving, taking off.
        house.waiter.patch(&path, &json!({"comment": "hot", "quantity": 1})).await.ok();
        let away = json!({"table_id": house.tables[1]});
        house.waiter.post(&format!("/orders/{order_id}/move"), &away).await.ok();
        house.move_item(&house.kitchen, line, "READY").await.ok();
        house.waiter.delete(&format!("/orders/{waiting}/items/{waiting_line}")).await.ok();
    }
}

#[tokio::test]
async fn notes_of_an_order_have_an_end() {
    let house = House::open().await;
    let order = |notes: &str, table: usize| {
        let mut order = house.borscht_order();
        (order["notes"], order["table_id"]) = (json!(notes), json!(house.tables[table]));
        order
    };
    let first = house.waiter.post("/orders", &order(&"a".repeat(700), 0)).await.created();
    house.waiter.post("/orders", &order(&"a".repeat(700), 0)).await.created();
    house.waiter.post("/orders", &order(&"b".repeat(700), 0)).await.invalid("notes");
    let second = house.waiter.post("/orders", &order(&"b".repeat(700), 1)).await.created();
    assert_eq!(house.order(id(&first)).await["items"].as_array().unwrap().len(), 2);
    // Two tables become one whatever was noted; the order that ends keeps its own notes.
    let path = format!("/orders/{}/move", id(&second));
    let joined = house.waiter.post(&path, &json!({"table_id": house.tables[0]})).await.ok();
    assert_eq!(joined["notes"].as_str().unwrap().chars().count(), 1000);
    assert_eq!(house.order(id(&second)).await["notes"], "b".repeat(700));
}
