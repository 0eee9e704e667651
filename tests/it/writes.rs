//! What an order writes, and that what it answers is what it wrote.

use qres::appliance::tables;
use qres::core::store::{Store, create_at_schema};
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
    house.admin.put("/restaurant", &json!({"tax_percent": "20"})).await;
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

/// The text of the checks was replaced in place: they still refuse, and the file is sound.
#[test]
fn the_checks_of_a_box_of_before_say_what_they_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("qres.db");
    let insert = |db: &rusqlite::Connection, number: i64, order: [&str; 3]| {
        db.execute(
            "INSERT INTO orders (business_day, number, order_type, status, payment_status, total,
                                 created_at, updated_at)
             VALUES (20260501, ?1, ?2, ?3, ?4, 0, 0, 0)",
            rusqlite::params![number, order[0], order[1], order[2]],
        )
    };
    let db = create_at_schema(&path, 36).unwrap();
    insert(&db, 1, ["TAKEAWAY", "PENDING", "UNPAID"]).unwrap();
    db.close().unwrap();
    Store::open(folder.path(), tables(), Vec::new()).unwrap();

    let db = rusqlite::Connection::open(&path).unwrap();
    insert(&db, 2, ["DELIVERY", "DINING", "REFUNDED"]).unwrap();
    for wrong in [
        ["EATEN", "PENDING", "UNPAID"],
        ["TAKEAWAY", "GONE", "UNPAID"],
        ["TAKEAWAY", "PENDING", "OWED"],
    ] {
        let refused = insert(&db, 3, wrong).unwrap_err();
        assert!(refused.to_string().contains("CHECK"), "{refused}");
    }
    let text = |sql: &str| db.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
    assert_eq!(text("PRAGMA integrity_check"), "ok");
    for table in ["orders", "order_items"] {
        let sql = text(&format!("SELECT sql FROM sqlite_schema WHERE name = '{table}'"));
        assert!(!sql.contains(" IN ("), "{sql}");
    }
}
