//! What is weighed or poured out: 0.350 kg from the menu to the refund, in every figure.

use serde_json::{Value, json};

use crate::checks::{check_of, pay};
use crate::checks_refund::{figures, refund};
use crate::harness::evening::add_weighed;
use crate::harness::{House, Reply, id};

/// Shashlik at 180.00 for 100 g: its dish and its variation.
async fn shashlik(house: &House) -> (i64, i64) {
    let category = house.admin.get(&format!("/dishes/{}", house.pizza)).await.ok();
    add_weighed(&house.admin, &category["category_id"]).await
}

fn one<T: rusqlite::types::FromSql>(house: &House, sql: &str) -> T {
    house.app.database().query_row(sql, [], |row| row.get(0)).unwrap()
}

async fn order(house: &House, dish: i64, quantity: Value) -> Reply {
    let items = json!([{"dish_id": dish, "quantity": quantity}]);
    let order = json!({"table_id": house.tables[0], "items": items});
    house.waiter.post("/orders", &order).await
}

async fn change(house: &House, order: &Value, changes: Value) -> Reply {
    let path = format!("/orders/{}/items/{}", id(order), id(&order["items"][0]));
    house.waiter.patch(&path, &changes).await
}

fn money(amount: &str) -> Value {
    json!(amount)
}

#[tokio::test]
async fn a_third_of_a_kilogram_is_sold_from_the_menu_to_the_report() {
    let house = House::open().await;
    let (dish, size) = shashlik(&house).await;
    let menu = house.app.anonymous().get("/dishes/menu").await.ok();
    let dishes = menu["categories"][0]["dishes"].as_array().unwrap().clone();
    let units: Vec<_> = dishes.iter().map(|one| one["variations"][0]["unit"].clone()).collect();
    assert_eq!(units, [Value::Null, Value::Null, json!("100g")], "a piece needs no word");

    let placed = order(&house, dish, json!(0.35)).await.created();
    let line = &placed["items"][0];
    assert_eq!(
        (&line["quantity"], &line["unit"], &line["price"], &line["total"], &placed["total_price"]),
        (&json!(0.35), &json!("kg"), &money("1800.00"), &money("630.00"), &money("630.00"))
    );
    let ticket = house.kitchen.get("/kitchen/dishes").await.ok();
    assert_eq!((&ticket[0]["quantity"], &ticket[0]["unit"]), (&json!(0.35), &json!("kg")));

    // It weighs more when it comes from the coals.
    let now = change(&house, &placed, json!({"quantity": "0.372"})).await.ok();
    assert_eq!((&now["quantity"], &now["total"]), (&json!(0.372), &money("669.60")));
    // Also when it is served: more by anybody, less only with another's word; always with a reason.
    house.move_item(&house.kitchen, id(line), "READY").await.ok();
    house.move_item(&house.waiter, id(line), "SERVED").await.ok();
    let again = |quantity: &str, reason: &str| json!({"quantity": quantity, "reason": reason});
    change(&house, &placed, again("0.380", "")).await.refused(400, "reason_needed");
    change(&house, &placed, again("0.380", "weighed again")).await.ok();
    change(&house, &placed, again("0.372", "weighed again")).await.refused(403, "approval_needed");
    let path = format!("/orders/{}/items/{}", id(&placed), id(line));
    house.admin.patch(&path, &again("0.372", "weighed again")).await.ok();
    house
        .admin
        .patch(&path, &json!({"comment": "rare", "reason": "x"}))
        .await
        .refused(400, "line_fixed");
    let check = check_of(&house, id(&placed)).await;
    let on_it = &check["lines"][0];
    assert_eq!(
        (&on_it["quantity"], &on_it["unit"], &on_it["gross"], &check["due"]),
        (&json!(0.372), &json!("kg"), &money("669.60"), &money("669.60"))
    );
    let paid = pay(&house.waiter, &check, house.card, "669.60").await.created();
    change(&house, &placed, json!({"quantity": 0.4})).await.refused(400, "order_closed");
    assert_eq!(figures(&house).await, ["669.60"; 4].map(Value::from));

    let written: String = one(
        &house,
        "SELECT quantity || ' ' || measured || ' ' || amount FROM entries WHERE kind = 'SOLD'",
    );
    assert_eq!(written, "1 372 66960", "one dish, so many grams");
    let report = house.admin.get("/reports/dishes").await.ok();
    let keys: Vec<_> = report["columns"].as_array().unwrap().iter().map(|c| &c["key"]).collect();
    assert_eq!(keys[1..3], [&json!("quantity"), &json!("measured")]);
    assert_eq!(report["total"]["values"][1], 1);
    assert_eq!(report["total"]["values"][2], 0.372);
    let csv = house.admin.get("/reports/dishes?format=csv&lang=ru").await;
    assert!(csv.text().contains("0,372"), "{}", csv.text());
    let popular = house.admin.get("/reports/today").await.ok()["dishes"].clone();
    assert_eq!(
        (&popular[0]["dish_name"], &popular[0]["quantity"]),
        (&json!("Shashlik"), &json!(1))
    );
    let history = house.admin.get(&format!("/orders/{}/history", id(&placed))).await.ok();
    let told = &history["entries"][0]["lines"][0];
    assert_eq!((&told["quantity"], &told["unit"]), (&json!(0.372), &json!("kg")));

    // Whole, it goes back as it was paid.
    let whole = json!({"lines": [{"item_id": line["id"], "quantity": 0.372}]});
    refund(&house, &paid["id"], whole).await.created();
    assert_eq!(figures(&house).await, ["0.00"; 4].map(Value::from));
    assert_eq!(house.order(id(&placed)).await["payment_status"], "REFUNDED");
    assert_eq!(size, line["dish_variation_id"].as_i64().unwrap());
}

#[tokio::test]
async fn pieces_have_no_fractions_and_weights_have_three_digits() {
    let house = House::open().await;
    let (dish, _) = shashlik(&house).await;
    for (dish, quantity, fits) in [
        (house.borscht, json!(1.5), false),
        (house.borscht, json!("0.5"), false),
        (house.borscht, json!(2), true),
        (house.borscht, json!("2"), true),
        (house.borscht, json!(2.0), true),
        (dish, json!(0.35), true),
        (dish, json!("0.350"), true),
        (dish, json!(0.001), true),
        (dish, json!(50), true),
        (dish, json!(50.001), false),
        (dish, json!(0.0005), false),
        (dish, json!(0), false),
        (dish, json!(-0.35), false),
        (dish, json!("0,350"), false),
        (dish, json!("a lot"), false),
    ] {
        let reply = order(&house, dish, quantity.clone()).await;
        if fits { drop(reply.created()) } else { reply.invalid("items[0].quantity") }
    }
    let order = house.place().await;
    change(&house, &order, json!({"quantity": 1.5})).await.invalid("quantity");
}

/// Half up, to the minor unit; and so the bill is the sum of what its lines say.
#[tokio::test]
async fn a_weight_that_does_not_divide_is_rounded_once() {
    let house = House::open().await;
    let (dish, size) = shashlik(&house).await;
    let path = format!("/dishes/{dish}/variations/{size}");
    house.admin.patch(&path, &json!({"price": "33.33", "unit": "kg"})).await.ok();
    for (quantity, total) in [(0.333, "11.10"), (0.015, "0.50"), (0.105, "3.50"), (0.001, "0.03")] {
        let placed = order(&house, dish, json!(quantity)).await.created();
        let items = placed["items"].as_array().unwrap();
        assert_eq!(items.last().unwrap()["total"], total, "{quantity}");
    }
    let lines: i64 = one(&house, "SELECT sum(gross) FROM order_items");
    let orders: i64 = one(&house, "SELECT sum(total) FROM orders");
    assert_eq!((lines, orders), (1513, 1513));
}

#[tokio::test]
async fn what_was_weighed_moves_whole_and_is_shared_on_the_bill() {
    let house = House::open().await;
    let (dish, _) = shashlik(&house).await;
    let placed = order(&house, dish, json!(0.35)).await.created();
    let borscht = json!({"dish_id": house.borscht, "quantity": 2});
    house.waiter.post(&format!("/orders/{}/items", id(&placed)), &borscht).await.created();
    let line = &placed["items"][0]["id"];
    let move_some = async |quantity: Value| {
        let body =
            json!({"table_id": house.tables[1], "items": [{"id": line, "quantity": quantity}]});
        house.waiter.post(&format!("/orders/{}/items/move", id(&placed)), &body).await
    };
    move_some(json!(0.1)).await.refused(400, "line_moves_whole");
    move_some(json!(0.4)).await.refused(400, "more_than_there_is");
    let check = check_of(&house, id(&placed)).await;
    let how = json!({"version": check["version"], "check_id": check["id"], "by": "lines",
        "checks": [[{"item_id": line, "quantity": 0.175}]]});
    let split = house.waiter.post(&format!("/orders/{}/split", id(&placed)), &how).await.ok();
    let totals: Vec<_> =
        split["checks"].as_array().unwrap().iter().map(|one| one["total"].clone()).collect();
    assert_eq!(totals, [money("1015.00"), money("315.00")]);
    let joined = json!({"version": split["version"]});
    house.waiter.post(&format!("/orders/{}/unsplit", id(&placed)), &joined).await.ok();
    assert_eq!(check_of(&house, id(&placed)).await["total"], "1330.00");
    let moved = order(&house, house.pizza, json!(1)).await.created();
    assert_eq!(moved["total_price"], "1780.00");
}

/// Nobody at a table knows what a piece of meat will weigh.
#[tokio::test]
async fn guests_ask_the_waiter() {
    let house = House::open().await;
    let (dish, _) = shashlik(&house).await;
    let guest = house.guest(0).await;
    let order = |dish: i64| json!({"items": [{"dish_id": dish, "quantity": 1}]});
    let ask =
        async |key: &str, dish: i64| guest.post_once("/guest/orders", key, &order(dish)).await;
    ask("by-weight", dish).await.refused(400, "ask_the_waiter");
    ask("by-the-piece", house.borscht).await.created();
}

#[tokio::test]
async fn another_size_in_another_unit_is_weighed_anew() {
    let house = House::open().await;
    let (dish, kilo) = shashlik(&house).await;
    let portion = json!({"name": "Portion", "price": "500.00"});
    let path = format!("/dishes/{dish}/variations");
    let portion = id(&house.admin.post(&path, &portion).await.created());
    let placed = order(&house, dish, json!(0.35)).await.created();
    let to = json!({"dish_variation_id": portion});
    change(&house, &placed, to).await.invalid("quantity");
    let to = json!({"dish_variation_id": portion, "quantity": 2});
    let now = change(&house, &placed, to).await.ok();
    assert_eq!((&now["total"], now.get("unit")), (&money("1000.00"), None));
    let back = json!({"dish_variation_id": kilo, "quantity": 0.5});
    let now = change(&house, &placed, back).await.ok();
    assert_eq!((&now["total"], &now["unit"]), (&money("900.00"), &json!("kg")));
}

#[tokio::test]
async fn a_price_for_a_hundred_grams_has_a_limit_of_its_own() {
    let house = House::open().await;
    let (dish, size) = shashlik(&house).await;
    let path = format!("/dishes/{dish}/variations/{size}");
    house.admin.patch(&path, &json!({"price": "100000"})).await.invalid("price");
    house.admin.patch(&path, &json!({"price": "100000", "unit": "kg"})).await.ok();
    house.admin.patch(&path, &json!({"unit": "100ml"})).await.invalid("price");
    house.admin.patch(&path, &json!({"unit": "pood"})).await.invalid("unit");
    let audit = house.admin.get("/audit?action=price_changed").await.ok();
    assert!(audit.to_string().contains("100g"), "{audit}");
}
