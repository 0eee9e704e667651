//! Prices by time, place and channel: what an order costs at an edge, and what that cost the house.

use std::time::{SystemTime, UNIX_EPOCH};

use qres::core::clock;
use qres::core::kernel::Timestamp;
use serde_json::{Value, json};

use crate::adjustment_rules::count;
use crate::checks::{check_of, checks_of, pay};
use crate::harness::{Client, House, Screen, id};

fn at(text: &str) -> Timestamp {
    serde_json::from_value(text.into()).unwrap()
}

/// Sets the box's clock. Each test has a process of its own.
pub fn clock_shows(text: &str) {
    let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    clock::set_for_tests(at(text).0 - i64::try_from(wall).unwrap());
}

/// A house in Moscow on a Friday, as the clock shows it.
pub async fn house_at(text: &str) -> House {
    clock_shows(text);
    House::open().await
}

async fn period(house: &House, weekdays: &[i64], from: &str, to: &str) -> i64 {
    let body = json!({"name": format!("{from}–{to}"), "weekdays": weekdays, "time_from": from,
        "time_to": to});
    id(&house.admin.post("/periods", &body).await.created())
}

async fn list(house: &House, body: Value) -> i64 {
    id(&house.admin.post("/price-lists", &body).await.created())
}

/// Twenty percent off on Fridays from five to seven, to ten roubles.
pub async fn happy_hour(house: &House) -> i64 {
    let period = period(house, &[5], "17:00", "19:00").await;
    let all = json!([{"scope": "ALL", "kind": "PERCENT", "percent": "-20"}]);
    let body = json!({"name": "Happy hour", "period_id": period, "round_to": "10", "prices": all});
    list(house, body).await
}

async fn seen(who: &Client, query: &str) -> (Value, String) {
    let reply = who.get(&format!("/dishes/menu{query}")).await;
    let etag = reply.headers["etag"].to_str().unwrap().to_owned();
    let menu = reply.ok();
    (menu["categories"][0]["dishes"][0]["variations"][0].clone(), etag)
}

fn borscht(house: &House, more: &Value) -> Value {
    let mut item = json!({"dish_id": house.borscht, "quantity": 1});
    item.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    item
}

pub async fn ordered(house: &House, more: Value) -> Value {
    let items = json!([borscht(house, &more)]);
    let order = json!({"table_id": house.tables[0], "items": items});
    let order = house.waiter.post("/orders", &order).await.created();
    order["items"].as_array().unwrap().last().unwrap().clone()
}

#[tokio::test]
async fn a_price_changes_at_the_edge_and_back_by_itself() {
    let house = house_at("2030-12-06T16:58:00+03:00").await;
    let happy = happy_hour(&house).await;
    let guest = house.app.anonymous();
    let (mut screen, _) = Screen::greeted(&house.app, &house.waiter, None).await;
    let (before, first_tag) = seen(&guest, "").await;
    assert_eq!((&before["price"], &before["list_price"]), (&json!("350.00"), &Value::Null));
    let page = guest.get("/menu").await;
    assert!(page.text().contains("350"), "{}", page.text());
    let line = ordered(&house, json!({})).await;
    assert_eq!((&line["price"], &line["price_list_id"]), (&json!("350.00"), &Value::Null));

    clock_shows("2030-12-06T17:00:00+03:00");
    let (now, tag) = seen(&guest, "").await;
    assert_eq!((&now["price"], &now["list_price"]), (&json!("280.00"), &json!("350.00")));
    assert_ne!(tag, first_tag);
    assert!(guest.get("/menu").await.text().contains("280"));
    let told = screen.wait_for("menu_changed").await;
    assert_eq!(told["data"]["what"], "prices");
    let line = ordered(&house, json!({"quantity": 2})).await;
    assert_eq!(
        (&line["price"], &line["total"], &line["price_list_id"], &line["list_price"]),
        (&json!("280.00"), &json!("560.00"), &json!(happy), &json!("350.00"))
    );

    clock_shows("2030-12-06T19:00:00+03:00");
    screen.wait_for("menu_changed").await;
    let (after, last_tag) = seen(&guest, "").await;
    assert_eq!((&after["price"], last_tag), (&json!("350.00"), first_tag));
    let line = ordered(&house, json!({})).await;
    assert_eq!((&line["price"], &line["price_list_id"]), (&json!("350.00"), &Value::Null));
    // What was ordered before stays as it was sold.
    let order = id(&house.waiter.get("/orders").await.ok()["orders"][0]);
    assert_eq!(house.order(order).await["total_price"], "1260.00");
}

#[tokio::test]
async fn a_price_that_a_screen_still_shows_holds_for_the_minutes_of_grace() {
    let house = house_at("2030-12-06T17:03:00+03:00").await;
    happy_hour(&house).await;
    let table = json!({"table_id": house.tables[0]});
    let wants = |price: &str| {
        let mut order = table.clone();
        order["items"] = json!([borscht(&house, &json!({"menu_price": price}))]);
        order
    };
    // Without grace what was shown is another price.
    let refused = house.waiter.post("/orders", &wants("350.00")).await;
    let params = refused.json()["params"].clone();
    assert_eq!((&params["price"], &params["dish"]), (&json!("280.00"), &json!("Borscht")));
    refused.refused(409, "price_changed");
    let grace = json!({"price_grace_minutes": 5});
    let restaurant = house.admin.patch("/restaurant", &grace).await.ok();
    assert_eq!(restaurant["price_grace_minutes"], 5);

    let line = ordered(&house, json!({"menu_price": "350.00"})).await;
    assert_eq!((&line["price"], &line["price_list_id"]), (&json!("350.00"), &Value::Null));
    assert_eq!(ordered(&house, json!({"menu_price": "280.00"})).await["price"], "280.00");
    assert_eq!(ordered(&house, json!({})).await["price"], "280.00");
    let guest = house.guest(1).await;
    let order = json!({"items": [borscht(&house, &json!({"menu_price": "350.00"}))]});
    let taken = guest.post_once("/guest/orders", "a-guest-at-five", &order).await.created();
    assert_eq!(taken["total_price"], "350.00");
    house.waiter.post("/orders", &wants("1.00")).await.refused(409, "price_changed");

    clock_shows("2030-12-06T17:06:00+03:00");
    house.waiter.post("/orders", &wants("350.00")).await.refused(409, "price_changed");
    assert_eq!(ordered(&house, json!({"menu_price": "280.00"})).await["price"], "280.00");
    let too_long = json!({"price_grace_minutes": 16});
    house.admin.patch("/restaurant", &too_long).await.invalid("price_grace_minutes");
}

#[tokio::test]
async fn what_a_tablet_took_without_a_link_costs_what_it_cost_then() {
    let house = house_at("2030-12-06T17:10:00+03:00").await;
    happy_hour(&house).await;
    for (taken, price) in [
        ("2030-12-06T16:59:59+03:00", "350.00"),
        ("2030-12-06T17:00:00+03:00", "280.00"),
        // Longer ago than a quarter of an hour, and later than now: nobody believes it.
        ("2030-12-06T16:54:59+03:00", "280.00"),
        ("2030-12-06T19:00:00+03:00", "280.00"),
    ] {
        assert_eq!(ordered(&house, json!({"placed_at": taken})).await["price"], price, "{taken}");
    }
    // Of a guest it is not asked.
    clock_shows("2030-12-06T19:05:00+03:00");
    let guest = house.guest(1).await;
    let then = json!({"placed_at": "2030-12-06T18:59:00+03:00"});
    assert_eq!(ordered(&house, then.clone()).await["price"], "280.00");
    let order = json!({"items": [borscht(&house, &then)]});
    let placed = guest.post_once("/guest/orders", "an-old-happy-hour", &order).await.created();
    assert_eq!(placed["total_price"], "350.00");
}

#[tokio::test]
async fn a_night_goes_on_after_midnight_and_ends_on_the_morning_after() {
    let house = house_at("2030-12-06T23:00:00+03:00").await;
    let night = period(&house, &[5], "22:00", "03:00").await;
    let prices = json!([{"scope": "DISH", "target_id": house.borscht, "kind": "SET",
        "amount": "199.00"}]);
    list(&house, json!({"name": "Night", "period_id": night, "prices": prices})).await;
    for (time, price) in [
        ("2030-12-06T23:59:59+03:00", "199.00"),
        ("2030-12-07T02:59:59+03:00", "199.00"),
        ("2030-12-07T03:00:00+03:00", "350.00"),
    ] {
        clock_shows(time);
        assert_eq!(ordered(&house, json!({})).await["price"], price, "{time}");
        assert_eq!(seen(&house.app.anonymous(), "").await.0["price"], price, "{time}");
    }
    // Saturday's evening is none of Friday's.
    clock_shows("2030-12-07T22:30:00+03:00");
    assert_eq!(seen(&house.app.anonymous(), "").await.0["price"], "350.00");
}

#[tokio::test]
async fn to_go_costs_something_else_than_at_a_table_and_on_the_terrace_too() {
    let house = House::open().await;
    let terrace = id(&house.admin.post("/locations", &json!({"name": "Terrace"})).await.created());
    let table = json!({"number": 7, "seats": 4, "location_id": terrace});
    let table = house.admin.post("/tables", &table).await.created();
    let all =
        |kind: &str, much: &str, value: &str| json!([{"scope": "ALL", "kind": kind, much: value}]);
    let to_go =
        json!({"name": "To go", "channel": "TAKEAWAY", "prices": all("MINUS", "amount", "50")});
    let to_go = list(&house, to_go).await;
    let outside = json!({"name": "Outside", "location_id": terrace, "priority": 3,
        "prices": all("PERCENT", "percent", "10")});
    list(&house, outside).await;

    let anybody = house.app.anonymous();
    let code = table["qr_code"].as_str().unwrap();
    for (query, price) in [
        (String::new(), "350.00"),
        ("?channel=TAKEAWAY".into(), "300.00"),
        ("?channel=DELIVERY".into(), "350.00"),
        (format!("?location_id={terrace}"), "385.00"),
        (format!("?table={code}"), "385.00"),
        (format!("?table={}", house.table_codes[0]), "350.00"),
    ] {
        assert_eq!(seen(&anybody, &query).await.0["price"], price, "{query}");
    }
    let differs = anybody.get("/dishes/menu").await.ok()["differs"].clone();
    assert_eq!(differs, json!({"channels": ["TAKEAWAY"], "location_ids": [terrace]}));
    assert!(anybody.get(&format!("/menu/{code}")).await.text().contains("385"));
    assert!(!anybody.get("/menu").await.text().contains("385"));

    let body = json!({"order_type": "TAKEAWAY", "items": [borscht(&house, &json!({}))]});
    let order = house.waiter.post("/orders", &body).await.created();
    assert_eq!(order["items"][0]["price_list_id"], to_go);
    assert_eq!(order["total_price"], "300.00");
    // More for it, and another size, at the prices of what is taken away.
    let more = json!({"dish_id": house.pizza, "quantity": 1});
    let path = format!("/orders/{}/items", order["id"]);
    let pizza = house.waiter.post(&path, &more).await.created();
    assert_eq!(pizza["price"], "400.00");
    let large = json!({"dish_variation_id": house.pizza_large});
    let large = house.waiter.patch(&format!("{path}/{}", pizza["id"]), &large).await.ok();
    assert_eq!((&large["price"], &large["list_price"]), (&json!("600.50"), &json!("650.50")));

    let body = json!({"table_id": table["id"], "items": [borscht(&house, &json!({}))]});
    let order = house.waiter.post("/orders", &body).await.created();
    assert_eq!(order["total_price"], "385.00");
    // Carried inside it keeps its price.
    let carry = json!({"table_id": house.tables[1]});
    let moved = house.waiter.post(&format!("/orders/{}/move", order["id"]), &carry).await;
    assert!(moved.status.is_success(), "{}", moved.text());
    assert_eq!(house.order(id(&order)).await["total_price"], "385.00");
}

async fn report(house: &House, day: &str) -> Value {
    let path = format!("/reports/price-lists?date_from={day}&date_to={day}&compare=none");
    house.admin.get(&path).await.ok()
}

#[tokio::test]
async fn a_report_says_what_a_list_cost_through_splits_and_refunds() {
    let house = house_at("2030-12-06T17:30:00+03:00").await;
    happy_hour(&house).await;
    let items = json!([{"dish_id": house.borscht, "quantity": 3},
        {"dish_id": house.pizza, "dish_variation_id": house.pizza_large, "quantity": 1}]);
    let order = json!({"table_id": house.tables[0], "items": items});
    let order = id(&house.waiter.post("/orders", &order).await.created());
    let whole = checks_of(&house, order).await;
    // Three of 280.00, and one of 520.00 instead of 650.50.
    let first = &whole["checks"][0]["lines"][0];
    assert_eq!((&first["price"], &first["list_price"]), (&json!("280.00"), &json!("350.00")));
    assert_eq!(house.order(order).await["total_price"], "1360.00");
    let body = json!({"by": "parts", "parts": 3, "version": whole["version"]});
    let parts = house.waiter.post(&format!("/orders/{order}/split"), &body).await.ok();
    for check in parts["checks"].as_array().unwrap() {
        let due = check["due"].as_str().unwrap();
        pay(&house.waiter, check, house.card, due).await.created();
    }
    // At the menu's own price, in the same hour of another day: no list.
    let said = report(&house, "2030-12-06").await;
    assert_eq!(said["rows"][0]["label"], "Happy hour");
    assert_eq!(said["rows"][0]["values"], json!(["340.50", "1360.00", "1700.50", 4]));
    assert_eq!(said["total"]["values"], said["rows"][0]["values"]);
    assert_eq!(report(&house, "2030-12-07").await["rows"], json!([]));
    let db = house.app.database();
    assert_eq!(count(&db, "SELECT sum(price_off) FROM entries WHERE kind = 'SOLD'"), 34_050);
    let csv = "/reports/price-lists?format=csv&lang=en&compare=none&date_from=2030-12-06";
    let csv = house.admin.get(&format!("{csv}&date_to=2030-12-06")).await.text();
    assert!(csv.contains("Less than the menu") && csv.contains("Happy hour,340.50"), "{csv}");
    let xlsx = house.admin.get("/reports/price-lists?format=xlsx").await;
    assert!(xlsx.status.is_success());

    // A check that goes back takes its part of it along.
    let checks = checks_of(&house, order).await;
    let payment = checks["checks"][0]["payments"][0]["id"].clone();
    let back = json!({"reason": "cold"});
    house.admin.post(&format!("/payments/{payment}/refunds"), &back).await.created();
    let off = count(&db, "SELECT sum(price_off) FROM entries WHERE kind = 'SOLD'");
    assert!((22_699..=22_701).contains(&off), "{off}");

    // What is sold at the menu's own prices is not in it.
    clock_shows("2030-12-06T20:00:00+03:00");
    let line = ordered(&house, json!({})).await;
    let check = check_of(&house, line["order_id"].as_i64().unwrap()).await;
    pay(&house.waiter, &check, house.card, "350.00").await.created();
    assert_eq!(count(&db, "SELECT sum(price_off) FROM entries WHERE kind = 'SOLD'"), off);
    assert_eq!(report(&house, "2030-12-06").await["rows"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_dish_is_on_the_menu_in_its_hours() {
    let house = house_at("2030-12-06T11:58:00+03:00").await;
    let morning = period(&house, &[1, 2, 3, 4, 5], "08:00", "12:00").await;
    let times = json!({"scope": "DISH", "target_id": house.borscht,
        "times": [{"period_id": morning}, {"channel": "TAKEAWAY"}]});
    house.admin.put("/menu-times", &times).await.ok();
    let anybody = house.app.anonymous();
    let first = |menu: Value| menu["categories"][0]["dishes"][0]["name"].clone();
    assert_eq!(first(anybody.get("/dishes/menu").await.ok()), "Borscht");
    ordered(&house, json!({})).await;

    clock_shows("2030-12-06T12:00:00+03:00");
    assert_eq!(first(anybody.get("/dishes/menu").await.ok()), "Pizza");
    assert_eq!(first(anybody.get("/dishes/menu?channel=TAKEAWAY").await.ok()), "Borscht");
    let said = house.waiter.post("/orders", &house.borscht_order()).await;
    let sentence = said.refused(400, "dish_not_now");
    assert!(sentence.contains("Borscht"), "{sentence}");
    let to_go = json!({"order_type": "TAKEAWAY", "items": [borscht(&house, &json!({}))]});
    house.waiter.post("/orders", &to_go).await.created();
    // A tablet that took it in time is believed; so is a phone within the minutes of grace.
    let then = json!({"placed_at": "2030-12-06T11:59:30+03:00"});
    ordered(&house, then).await;
    house.admin.patch("/restaurant", &json!({"price_grace_minutes": 2})).await.ok();
    ordered(&house, json!({})).await;

    let at = |time: &str| format!("/dishes/menu/at?at=2030-12-09T{time}");
    assert_eq!(first(house.admin.get(&at("09:00")).await.ok()), "Borscht");
    assert_eq!(first(house.admin.get(&at("13:00")).await.ok()), "Pizza");
    let to_go = format!("{}&channel=TAKEAWAY", at("13:00"));
    assert_eq!(first(house.admin.get(&to_go).await.ok()), "Borscht");
    house.waiter.get(&at("13:00")).await.refused(403, "wrong_role");

    let always = json!({"scope": "DISH", "target_id": house.borscht, "times": []});
    house.admin.put("/menu-times", &always).await.ok();
    assert_eq!(house.admin.get("/menu-times").await.ok(), json!([]));
    assert_eq!(first(anybody.get("/dishes/menu").await.ok()), "Borscht");
}

#[tokio::test]
async fn what_cannot_be_a_period_or_a_list_is_refused_by_name() {
    let house = House::open().await;
    let admin = &house.admin;
    let lunch = json!({"name": "Lunch", "weekdays": [1], "time_from": "12:00", "time_to": "16:00"});
    let other = |change: Value| {
        let mut body = lunch.clone();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body
    };
    admin.post("/periods", &other(json!({"weekdays": []}))).await.invalid("weekdays");
    admin.post("/periods", &other(json!({"weekdays": [8]}))).await.invalid("weekdays[0]");
    admin.post("/periods", &other(json!({"time_to": "24:00"}))).await.invalid("time_to");
    let days = json!({"date_from": "2030-02-02", "date_to": "2030-02-01"});
    admin.post("/periods", &other(days)).await.invalid("date_to");
    let period = id(&admin.post("/periods", &lunch).await.created());
    admin.post("/periods", &lunch).await.refused(400, "name_taken");
    let manager = house.app.manager().await;
    manager.get("/periods").await.ok();
    manager.post("/periods", &other(json!({"name": "Mine"}))).await.refused(403, "wrong_role");
    house.waiter.get("/price-lists").await.refused(403, "wrong_role");

    let all = json!({"scope": "ALL", "kind": "PERCENT", "percent": "-10"});
    let of = |prices: Value| json!({"name": "L", "period_id": period, "prices": prices});
    for (prices, field) in [
        (json!([{"scope": "ALL", "kind": "PERCENT"}]), "prices[0].percent"),
        (json!([{"scope": "ALL", "kind": "SET"}]), "prices[0].amount"),
        (json!([{"scope": "ALL", "kind": "SET", "amount": "-1"}]), "prices[0].amount"),
        (
            json!([{"scope": "ALL", "kind": "SET", "amount": "1", "percent": "5"}]),
            "prices[0].percent",
        ),
        (
            json!([{"scope": "ALL", "target_id": 1, "kind": "SET", "amount": "1"}]),
            "prices[0].target_id",
        ),
        (json!([{"scope": "DISH", "kind": "SET", "amount": "1"}]), "prices[0].target_id"),
        (
            json!([all, {"scope": "DISH", "target_id": 999, "kind": "SET", "amount": "1"}]),
            "prices[1].target_id",
        ),
        (json!([all, all]), "prices[1].target_id"),
        (json!([{"scope": "ALL", "kind": "PERCENT", "percent": "-101"}]), "prices[0].percent"),
    ] {
        admin.post("/price-lists", &of(prices)).await.invalid(field);
    }
    for (change, field) in [
        (json!({"period_id": 999}), "period_id"),
        (json!({"location_id": 999}), "location_id"),
        (json!({"round_to": "0"}), "round_to"),
        (json!({"priority": 1001}), "priority"),
    ] {
        let mut body = of(json!([all]));
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        admin.post("/price-lists", &body).await.invalid(field);
    }
    let list = id(&admin.post("/price-lists", &of(json!([all]))).await.created());
    admin.post("/price-lists", &of(json!([all]))).await.refused(400, "name_taken");
    admin.delete(&format!("/periods/{period}")).await.refused(409, "period_in_use");
    let mut off = of(json!([all]));
    off["is_active"] = false.into();
    let put = admin.put(&format!("/price-lists/{list}"), &off).await.ok();
    assert_eq!((&put["is_active"], put["prices"].as_array().unwrap().len()), (&json!(false), 1));
    admin.delete(&format!("/price-lists/{list}")).await.ok();
    admin.delete(&format!("/price-lists/{list}")).await.refused(404, "not_found");
    admin.delete(&format!("/periods/{period}")).await.ok();
    let wrong = json!({"scope": "ALL", "target_id": 1, "times": []});
    admin.put("/menu-times", &wrong).await.invalid("scope");
    let wrong = json!({"scope": "DISH", "target_id": house.borscht, "times": [{"period_id": 9}]});
    admin.put("/menu-times", &wrong).await.invalid("times[0].period_id");
}

#[tokio::test]
async fn a_dish_by_weight_costs_ten_times_what_a_hundred_grams_do() {
    let house = House::open().await;
    let grams = json!({"unit": "100g", "price": "35.00"});
    house
        .admin
        .patch(&format!("/dishes/{}/variations/{}", house.borscht, house.borscht_portion), &grams)
        .await
        .ok();
    let all = json!([{"scope": "ALL", "kind": "PERCENT", "percent": "-10"}]);
    list(&house, json!({"name": "Less", "round_to": "1", "prices": all})).await;
    let menu = seen(&house.app.anonymous(), "").await.0;
    assert_eq!((&menu["price"], &menu["list_price"]), (&json!("32.00"), &json!("35.00")));
    let line = ordered(&house, json!({"quantity": "0.350", "menu_price": "32.00"})).await;
    assert_eq!(
        (&line["price"], &line["list_price"], &line["total"]),
        (&json!("320.00"), &json!("350.00"), &json!("112.00"))
    );
}
