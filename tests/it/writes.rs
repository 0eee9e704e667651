//! What an order writes, and that what it answers is what it wrote.

use serde_json::json;

use crate::harness::{House, id};

/// The answer is built from what was written, not read again: it must not differ.
#[tokio::test]
async fn a_new_order_is_answered_as_it_is_read() {
    let house = House::open().await;
    let items = json!([
        {"dish_id": house.borscht, "quantity": 2, "comment": "no onion", "seat": 3},
        {"dish_id": house.pizza, "dish_variation_id": house.pizza_large, "quantity": 1},
    ]);
    house.admin.patch("/restaurant", &json!({"tax_percent": "20"})).await.ok();
    let at_table = json!({"table_id": house.tables[0], "notes": "Urgent", "kitchen_notes": "hot",
        "items": items});
    let taken_away = json!({"order_type": "TAKEAWAY", "customer_name": "Anna", "items": items});
    let brought = json!({"customer_name": "Anna", "customer_phone": "+7 900 000 00 00",
        "delivery_address": "Sadovaya street 12, flat 4", "delivery_notes": "ring", "items": items});
    let orders = [("/orders/", at_table), ("/orders/", taken_away), ("/orders/delivery", brought)];
    for (number, (path, body)) in (1..).zip(&orders) {
        let placed = house.waiter.post(path, body).await.created();
        assert_eq!(placed, house.order(id(&placed)).await);
        assert_eq!(placed["number"], number);
    }
    // A guest's answer is made of the same order.
    let guest = house.guest(1).await;
    let body = json!({"items": items});
    let placed = guest.post_once("/guest/orders", "phone-0001", &body).await.created();
    let read = guest.get("/guest/order").await.ok();
    assert_eq!(placed["items"], read["order"]["items"]);
}

/// `x IN ('a', 'b', 'c')` in a check or a partial index is a table that each INSERT makes anew: it
/// was a third of what an order cost.
#[tokio::test]
async fn no_row_of_an_order_makes_a_table_of_its_own() {
    let house = House::open().await;
    house.place().await;
    let made = house.app.app.store.read(|db| {
        let mut made = Vec::new();
        for table in ["orders", "order_items", "events", "idempotency_keys", "payments"] {
            let sql = format!("EXPLAIN INSERT INTO {table} SELECT * FROM {table} WHERE rowid = 1");
            let sql = match table {
                "idempotency_keys" => sql.replace("rowid = 1", "key = x'00' AND actor = 1"),
                _ => sql,
            };
            let mut steps = db.prepare(&sql)?;
            let steps = steps.query_map([], |row| row.get::<_, String>(1))?;
            let steps = steps.collect::<Result<Vec<_>, _>>()?;
            // One is the SELECT's, which reads the table that is written.
            let ephemeral = steps.iter().filter(|step| *step == "OpenEphemeral").count();
            made.push((table, ephemeral));
        }
        Ok(made)
    });
    for (table, count) in made.await.unwrap() {
        assert!(count <= 1, "{table}: {count}");
    }
}
