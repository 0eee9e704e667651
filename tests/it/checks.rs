//! Checks: what is paid of an order, in how many parts, and how.

use serde_json::{Value, json};

use crate::harness::{Client, House, Reply, Screen, id};

/// The one check of an order to which nothing happened.
pub async fn check_of(house: &House, order_id: i64) -> Value {
    checks_of(house, order_id).await["checks"][0].clone()
}

pub async fn checks_of(house: &House, order_id: i64) -> Value {
    house.waiter.get(&format!("/orders/{order_id}/checks")).await.ok()
}

/// An order of a borscht (350.00) and two pizzas (450.00 each) at the first table: 1250.00.
pub async fn evening(house: &House) -> i64 {
    let order = json!({"table_id": house.tables[0], "items": [
        {"dish_id": house.borscht, "quantity": 1, "seat": 1},
        {"dish_id": house.pizza, "quantity": 2, "seat": 2}]});
    id(&house.waiter.post("/orders/", &order).await.created())
}

/// What is due is paid, so much of it.
pub async fn pay(who: &Client, check: &Value, method: i64, amount: &str) -> Reply {
    let body = json!({"method_id": method, "amount": amount, "expected_due": check["due"]});
    who.post(&format!("/checks/{}/payments", check["id"]), &body).await
}

pub async fn step(who: &Client, check: &Value, step: &str) -> Reply {
    let body = json!({"version": check["version"], "reason": "the guest asked"});
    who.post(&format!("/checks/{}/{step}", check["id"]), &body).await
}

pub async fn adjust(who: &Client, check: &Value, what: Value) -> Reply {
    let mut body = json!({"version": check["version"], "reason": "cold"});
    body.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
    who.post(&format!("/checks/{}/adjustments", check["id"]), &body).await
}

#[tokio::test]
async fn an_order_has_one_check_and_no_row_until_something_happens_to_it() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let checks = checks_of(&house, order_id).await;
    let check = &checks["checks"][0];
    assert_eq!(
        (id(check), &check["state"], &check["total"], &check["due"], &checks["due"]),
        (
            order_id * 100 + 1,
            &json!("OPEN"),
            &json!("1250.00"),
            &json!("1250.00"),
            &json!("1250.00")
        )
    );
    assert_eq!(check["version"], checks["version"]);
    let line = &check["lines"][1];
    assert_eq!(
        (&line["dish_name"], &line["quantity"], &line["gross"], &line["total"], &line["seat"]),
        (&json!("Pizza"), &json!(2), &json!("900.00"), &json!("900.00"), &json!(2))
    );
    // What is ordered later is on it, and who saw it before is told.
    let borscht = json!({"dish_id": house.borscht, "quantity": 1});
    house.waiter.post(&format!("/orders/{order_id}/items"), &borscht).await.created();
    let now = house.waiter.get(&format!("/checks/{}", id(check))).await.ok();
    assert_eq!(now["total"], "1600.00");
    assert!(now["version"].as_i64() > check["version"].as_i64());
    adjust(&house.waiter, check, json!({"kind": "percent", "value": "10"}))
        .await
        .refused(409, "bill_changed");
    let paid = json!({"payment_method_id": house.cash, "expected_total": "1600.00"});
    house.waiter.post(&format!("/orders/{order_id}/complete-payment"), &paid).await.ok();
    let check = check_of(&house, order_id).await;
    assert_eq!((&check["state"], &check["due"]), (&json!("PAID"), &json!("0.00")));
    assert_eq!(check["payments"][0]["amount"], "1600.00");
    let rows: i64 = house
        .app
        .database()
        .query_row("SELECT count(*) FROM checks", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 0, "who never splits writes no check");
    house.waiter.get("/checks/77701").await.refused(404, "not_found");
    house.waiter.get("/orders/777/checks").await.refused(404, "not_found");
}

#[tokio::test]
async fn a_check_is_paid_in_two_parts_with_a_tip_and_change() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let (mut screen, _) = Screen::greeted(&house.app, &house.waiter, None).await;
    let check = check_of(&house, order_id).await;
    let path = format!("/checks/{}/payments", id(&check));
    let cash = json!({"method_id": house.cash, "amount": "500.00", "tendered": "1000.00",
                      "tip": "50.00", "expected_due": "1250.00"});
    let first = house.waiter.post_once(&path, "first-part", &cash).await.created();
    assert_eq!(
        (&first["amount"], &first["change"], &first["tip"], &first["state"], &first["taken"]),
        (&json!("500.00"), &json!("450.00"), &json!("50.00"), &json!("TAKEN"), &json!("550.00"))
    );
    let check = &first["check"];
    assert_eq!(
        (&check["state"], &check["paid"], &check["due"], &check["tips"]),
        (&json!("OPEN"), &json!("500.00"), &json!("750.00"), &json!("50.00"))
    );
    let told = screen.next().await;
    assert_eq!(
        (&told["type"], &told["data"]["checks"][0]["due"]),
        (&json!("check_changed"), &json!("750.00"))
    );
    // 1: sent again, it is taken once.
    let again = house.waiter.post_once(&path, "first-part", &cash).await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.created(), first);
    assert_eq!(house.order(order_id).await["payment_status"], "UNPAID");

    pay(&house.waiter, check, house.card, "750.00").await.created();
    let order = house.order(order_id).await;
    assert_eq!(
        (&order["payment_status"], &order["total_price"]),
        (&json!("PAID"), &json!("1250.00"))
    );
    let kinds = [screen.next().await["type"].clone(), screen.next().await["type"].clone()];
    assert_eq!(kinds, ["check_changed", "payment_received"]);
    let check = check_of(&house, order_id).await;
    assert_eq!((&check["state"], &check["due"]), (&json!("PAID"), &json!("0.00")));
    pay(&house.waiter, &check, house.card, "1.00").await.refused(409, "check_state");

    // It ends as orders do, when all is served.
    for item in order["items"].as_array().unwrap() {
        house.move_item(&house.kitchen, id(item), "READY").await.ok();
        house.move_item(&house.waiter, id(item), "SERVED").await.ok();
    }
    assert_eq!(house.order(order_id).await["status"], "COMPLETED");
    assert_eq!(check_of(&house, order_id).await["state"], "CLOSED");
    let methods = house.admin.get("/reports/payment-methods").await.ok();
    assert_eq!(
        methods["total"]["values"],
        json!(["1250.00", 2, "1250.00", 0, "0.00", "0.00", "50.00", "0.00", "0.00"])
    );
}

#[tokio::test]
async fn what_does_not_fit_is_not_taken() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let path = format!("/checks/{}/payments", id(&check));
    let offer = |change: Value| {
        let mut body =
            json!({"method_id": house.card, "amount": "1250.00", "expected_due": "1250.00"});
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body
    };
    for (change, status, code) in [
        (json!({"expected_due": "1200.00"}), 409, "bill_changed"),
        (json!({"amount": "1250.01"}), 400, "above_due"),
        (json!({"amount": "0.00"}), 400, "amount_below_zero"),
        (json!({"amount": "-5.00"}), 400, "amount_below_zero"),
        (json!({"tip": "-5.00"}), 400, "amount_below_zero"),
        (json!({"tendered": "1300.00"}), 400, "no_change"),
        (json!({"tendered": "1200.00"}), 400, "tendered_too_little"),
        (json!({"tip": "92233720368547758.07"}), 400, "amount_too_large"),
        (json!({"method_id": 77}), 404, "not_found"),
    ] {
        house.waiter.post(&path, &offer(change)).await.refused(status, code);
    }
    house.waiter.post(&path, &offer(json!({"amount": "much"}))).await.invalid("amount");
    house.kitchen.post(&path, &offer(json!({}))).await.refused(403, "wrong_role");
    house.waiter.post("/checks/77701/payments", &offer(json!({}))).await.refused(404, "not_found");
    let check = check_of(&house, order_id).await;
    assert_eq!((&check["due"], &check["payments"]), (&json!("1250.00"), &json!([])));
    // What a guest ordered and nobody has seen is not paid.
    house.admin.delete(&format!("/orders/{order_id}")).await.ok();
    house.waiter.post(&path, &offer(json!({}))).await.refused(400, "order_closed");
}

/// Two tablets take the whole at once: one is told that nothing is due any more.
#[tokio::test]
async fn of_two_payments_at_once_one_is_taken() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let (one, other) = tokio::join!(
        pay(&house.waiter, &check, house.cash, "1250.00"),
        pay(&house.admin, &check, house.card, "1250.00")
    );
    let taken = [&one, &other].iter().filter(|reply| reply.status == 201).count();
    assert_eq!(taken, 1, "{} {}", one.text(), other.text());
    let refused = if one.status == 201 { other } else { one };
    refused.refused(409, "check_state");
    assert_eq!(check_of(&house, order_id).await["paid"], "1250.00");
}

/// 4: paid is what was paid, in the same moment; a part of it is not.
#[tokio::test]
async fn two_parts_at_once_never_pay_more_than_the_check() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let (one, other) = tokio::join!(
        pay(&house.waiter, &check, house.cash, "800.00"),
        pay(&house.admin, &check, house.card, "800.00")
    );
    let refused = if one.status == 201 { other } else { one };
    refused.refused(409, "bill_changed");
    let check = check_of(&house, order_id).await;
    assert_eq!((&check["paid"], &check["due"]), (&json!("800.00"), &json!("450.00")));
}

#[tokio::test]
async fn a_way_to_pay_says_what_it_is() {
    let house = House::open().await;
    let methods = house.waiter.get("/payment-methods").await.ok();
    let kinds: Vec<_> =
        methods["payment_methods"].as_array().unwrap().iter().map(|m| m["kind"].clone()).collect();
    assert_eq!(kinds, ["CASH", "CARD"]);
    let qr = json!({"name": "Cashless QR", "kind": "TRANSFER"});
    let qr = house.admin.post("/payment-methods", &qr).await.created();
    assert_eq!(qr["kind"], "TRANSFER");
    let path = format!("/payment-methods/{}", id(&qr));
    let renamed = house.admin.patch(&path, &json!({"name": "Cash 2"})).await.ok();
    assert_eq!(renamed["kind"], "TRANSFER", "a new name does not make coins of it");
    assert_eq!(house.admin.patch(&path, &json!({"kind": "CASH"})).await.ok()["kind"], "CASH");
    house.admin.patch(&path, &json!({"kind": "GOLD"})).await.invalid("kind");
    let cash = json!({"name": "Наличные"});
    assert_eq!(house.admin.post("/payment-methods", &cash).await.created()["kind"], "CASH");
}
