//! A guest who is forgotten: nothing of them is left in the box's folder, and what was sold stays.

use std::fs;
use std::path::Path;

use qres::core::store::OverwriteRemains;
use rusqlite::params;
use serde_json::{Value, json};

use crate::customers::{NAME, PHONE, aglaya, attach, close, enter, erase, found, search};
use crate::harness::{House, id};
use crate::reservations::{party, with};

/// Every file of a folder, as bytes.
fn files(folder: &Path, into: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else {
            into.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
}

/// In which files of the box's data one of these texts stands.
fn traces(house: &House, texts: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    files(&house.app.folder.path().join("data"), &mut all);
    let has = |bytes: &[u8]| {
        texts.iter().any(|text| bytes.windows(text.len()).any(|part| part == text.as_bytes()))
    };
    all.into_iter().filter(|(_, bytes)| has(bytes)).map(|(path, _)| path).collect()
}

/// All ways in which she is written down.
const TRACES: [&str; 8] = [
    NAME,
    "незабудкина",
    PHONE,
    "987654321",
    "89123456789",
    "aglaya@example.com",
    "Tverskaya",
    "Незабудкиной",
];

#[tokio::test]
async fn after_an_erasure_nothing_of_the_guest_is_left_in_the_data_folder() {
    let house = House::open().await;
    let admin = &house.admin;
    let guest = enter(admin, &aglaya()).await;
    for number in 0..60 {
        enter(admin, &json!({"name": format!("Guest {number}"), "phone": format!("+7 900 000 00 {number:02}")})).await;
    }
    // What was changed before leaves traces too.
    let longer = json!({"notes": "Незабудкиной звонить после обеда ".repeat(12)});
    admin.patch(&format!("/customers/{guest}"), &longer).await.ok();
    admin
        .patch(&format!("/customers/{guest}"), &json!({"notes": "Незабудкиной — окно"}))
        .await
        .ok();
    // One order is hers, one was placed with her number, typed in another way; both are kept as replies.
    let hers = json!({"table_id": house.tables[0], "notes": "для Незабудкиной",
                      "items": [{"dish_id": house.borscht, "quantity": 1, "comment": "Незабудкиной без орехов"}]});
    let hers = id(&house.waiter.post_once("/orders", "order-0001", &hers).await.created());
    attach(&house.waiter, hers, json!(guest)).await.ok();
    let brought = json!({"order_type": "DELIVERY", "customer_name": NAME, "customer_phone": "89123456789",
                         "delivery_address": "Tverskaya street 1, flat 2", "delivery_notes": "ring Незабудкиной",
                         "items": [{"dish_id": house.borscht, "quantity": 1}]});
    // She has a table for tomorrow.
    let booked = with(
        party("19:00", 2),
        &json!({"name": NAME, "phone": PHONE, "notes": "Незабудкиной — окно"}),
    );
    house.waiter.post_once("/reservations", "table-0001", &booked).await.created();
    let first = house.waiter.post_once("/orders/delivery", "order-0002", &brought).await.created();
    let brought_id = id(&first);
    search(&house.waiter, "незабуд").await.ok();
    assert!(!traces(&house, &[NAME]).is_empty(), "she is there");

    // Not while she sits here.
    erase(admin, guest, "erase-0001").await.refused(409, "customer_has_open_order");
    close(&house, hers).await;
    close(&house, brought_id).await;
    let act = erase(admin, guest, "erase-0002").await.ok();
    assert_eq!((&act["customer_id"], &act["orders"]), (&json!(guest), &json!(2)));
    assert!(act["finished_at"].is_string(), "{act}");
    let again = erase(admin, guest, "erase-0002").await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.ok(), act);
    erase(admin, guest, "erase-0003").await.refused(404, "not_found");
    assert_eq!(admin.get(&format!("/customers/{guest}/erasure")).await.ok(), act);
    assert_eq!(admin.get("/customers/erasures").await.ok()["erasures"], json!([act]));

    assert_eq!(traces(&house, &TRACES), Vec::<String>::new());
    // What was sold stays, and whose it was is nobody's.
    for order in [hers, brought_id] {
        let order = house.order(order).await;
        for field in
            ["customer_name", "customer_phone", "delivery_address", "delivery_notes", "notes"]
        {
            assert_eq!(order[field], Value::Null, "{field}");
        }
        assert_eq!(order["items"][0]["comment"], Value::Null);
        assert_eq!(order["items"][0]["dish_id"], house.borscht);
    }
    let at_table = house.waiter.get(&format!("/orders/{hers}/customer")).await.ok();
    assert_eq!(at_table["customer"], Value::Null);
    assert_eq!(found(admin, "незабуд").await, Vec::<i64>::new());
    admin.get(&format!("/customers/{guest}/export")).await.refused(404, "not_found");
    // A repeat of what was placed hears that it was done, and no name.
    house
        .waiter
        .post_once("/orders/delivery", "order-0002", &brought)
        .await
        .refused(409, "reply_gone");
    // No order was doubled by that.
    let orders: i64 = house
        .app
        .database()
        .query_row("SELECT count(*) FROM orders", [], |row| row.get(0))
        .unwrap();
    assert_eq!(orders, 2);
}

/// An erasure that was broken off by a pulled plug is gone through with at the next look.
#[tokio::test]
async fn an_erasure_that_was_broken_off_goes_on() {
    let house = House::open().await;
    let guest = enter(&house.admin, &aglaya()).await;
    let other = enter(&house.admin, &json!({"name": "Пётр Первый"})).await;
    let order = id(&house.place().await);
    attach(&house.waiter, order, json!(guest)).await.ok();
    close(&house, order).await;
    let db = house.app.database();
    db.execute_batch(&format!(
        "INSERT INTO customer_erasures (customer_id, at) VALUES ({guest}, 1);
         UPDATE customers SET erased_at = 1 WHERE id = {guest};"
    ))
    .unwrap();
    house.admin.get(&format!("/customers/{guest}")).await.refused(404, "not_found");
    // Whichever erasure comes next takes it along.
    erase(&house.admin, other, "erase-0001").await.ok();
    let act = house.admin.get(&format!("/customers/{guest}/erasure")).await.ok();
    assert_eq!(act["orders"], 1);
    assert!(act["finished_at"].is_string());
    assert_eq!(traces(&house, &[NAME, "незабудкина", PHONE]), Vec::<String>::new());
}

async fn place_away(house: &House) {
    let items = json!([{"dish_id": house.borscht, "quantity": 1}]);
    let order = json!({"order_type": "TAKEAWAY", "items": items});
    house.waiter.post("/orders", &order).await.created();
}

/// What SQLite leaves in the unused space of pages that it parted is gone once that is overwritten: of many
/// that are forgotten here some are still in the file before, and none after. Orders go on meanwhile.
#[tokio::test]
async fn nothing_of_before_is_left_in_unused_space() {
    let house = House::open().await;
    let secret = |id: i64| format!("Secretus{id:05}x");
    let mut db = house.app.database();
    db.execute_batch("PRAGMA secure_delete = ON").unwrap();
    let tx = db.transaction().unwrap();
    for id in 1..1500_i64 {
        tx.execute(
            "INSERT INTO customers (id, name, phone_digits, created_at, updated_at)
             VALUES (?1, ?2, ?3, 1, 1)",
            params![id, secret(id), format!("{}{}", id * 7919 % 10_007, secret(id))],
        )
        .unwrap();
        tx.execute(
            "INSERT INTO customer_words (customer_id, word) VALUES (?1, ?2)",
            params![id, format!("{}{}", id * 6101 % 9973, secret(id))],
        )
        .unwrap();
        // An older one is changed, and its page becomes too full.
        let older = (id * 7919 / 10) % id + 1;
        let notes =
            format!("{} {}", secret(older), "m".repeat(usize::try_from(id * 37 % 400).unwrap()));
        tx.execute("UPDATE customers SET notes = ?2 WHERE id = ?1", params![older, notes]).unwrap();
    }
    tx.execute("DELETE FROM customer_words WHERE customer_id > 0", []).unwrap();
    let empty = "UPDATE customers SET name = '', phone_digits = NULL, notes = NULL WHERE id > 0";
    tx.execute(empty, []).unwrap();
    tx.commit().unwrap();
    drop(db);
    assert!(house.app.app.store.empty_log().await.unwrap());
    assert_ne!(
        traces(&house, &["Secretus"]),
        Vec::<String>::new(),
        "else there is nothing to mend"
    );
    let store = &house.app.app.store;
    let (overwritten, ()) = tokio::join!(store.run_in_steps(OverwriteRemains::default()), async {
        for _ in 0..20 {
            place_away(&house).await;
        }
    });
    overwritten.unwrap();
    assert!(house.app.app.store.empty_log().await.unwrap());
    assert_eq!(traces(&house, &["Secretus"]), Vec::<String>::new());
    // The box goes on with it, and no row was touched.
    place_away(&house).await;
    let sound: String =
        house.app.database().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    let orders = "SELECT count(*) FROM orders";
    let orders: i64 = house.app.database().query_row(orders, [], |row| row.get(0)).unwrap();
    assert_eq!(orders, 21);
}

/// Pages that were given up before the box overwrote what it deletes are emptied too.
#[tokio::test]
async fn pages_that_were_given_up_are_emptied() {
    let house = House::open().await;
    let db = house.app.database();
    db.execute_batch("PRAGMA secure_delete = OFF").unwrap();
    for id in 0..300 {
        let notes = format!("Secretus{id:05}x").repeat(100);
        let sql =
            "INSERT INTO customers (name, notes, created_at, updated_at) VALUES ('', ?1, 1, 1)";
        db.execute(sql, [notes]).unwrap();
    }
    db.execute("DELETE FROM customers WHERE id > 0", []).unwrap();
    let free: i64 = db.query_row("PRAGMA freelist_count", [], |row| row.get(0)).unwrap();
    assert!(free > 100, "{free}");
    drop(db);
    let store = &house.app.app.store;
    store.run_in_steps(OverwriteRemains::default()).await.unwrap();
    assert!(store.empty_log().await.unwrap());
    assert_eq!(traces(&house, &["Secretus"]), Vec::<String>::new());
    let sound: String =
        house.app.database().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
}
