//! A fiscal register beside its usual day: a sale that is rung up late, cash that is put in and taken out,
//! receipts that go to a phone too, and who is told what is the matter with it.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::checks::{check_of, evening, pay};
use crate::customers::{attach, enter, erase};
use crate::fiscal::{PATIENCE, add, say, until};
use crate::harness::{House, Screen, id};
use crate::register::Register;

#[tokio::test]
async fn a_sale_that_was_given_up_is_rung_up_late_as_a_correction() {
    let (house, register) = (House::open().await, Register::open(&[]).await);
    house.admin.patch("/restaurant", &json!({"tax_percent": "18"})).await.ok();
    let device = add(&house, &register, json!({"taxation": "OSN"})).await;
    let check = check_of(&house, evening(&house).await).await;
    let path = format!("/checks/{}/fiscal-correction", check["id"]);
    let own = json!({"basis": "OWN", "reason": "the register was away"});
    house.admin.post(&path, &own).await.refused(409, "check_not_paid");
    pay(&house.waiter, &check, house.cash, "1250.00").await.created();
    let refused = until(&house.waiter, id(&check), &["REFUSED"]).await;
    house.admin.post(&path, &own).await.refused(409, "receipt_stands");
    let given_up = json!({"is": "GIVEN_UP", "reason": "later"});
    let resolve = format!("/fiscal/documents/{}/resolve", refused[0]["id"]);
    say(&house.admin, &resolve, &given_up).await.ok();
    let taxes = json!({"taxes": [{"percent": "18", "word": "vat20"}]});
    house.admin.patch(&format!("/fiscal/devices/{device}"), &taxes).await.ok();
    house.waiter.post(&path, &own).await.refused(403, "wrong_role");
    let order = json!({"basis": "ORDER", "reason": "the office says so"});
    house.admin.post(&path, &order).await.invalid("number");
    let order = json!({"basis": "ORDER", "number": "17-05", "reason": "the office says so"});
    house.admin.post(&path, &order).await.created();
    let made = until(&house.waiter, id(&check), &["CANCELLED", "DONE"]).await;
    let paper = register.document(made[1]["number"].as_i64().unwrap()).await;
    assert_eq!((&paper["kind"], &paper["total"]), (&json!("sellCorrection"), &json!(1250)));
    assert_eq!(paper["task"]["correctionType"], "instruction");
    assert_eq!(paper["task"]["correctionBaseNumber"], "17-05");
    house.admin.post(&path, &own).await.refused(409, "receipt_stands");
    // What goes back of it is a return as of any other.
    let paid = check_of(&house, check["order_id"].as_i64().unwrap()).await["payments"][0].clone();
    let back = format!("/payments/{}/refunds", paid["id"]);
    house.admin.post(&back, &json!({"amount": "450.00", "reason": "spoilt"})).await.created();
    until(&house.waiter, id(&check), &["CANCELLED", "DONE", "DONE"]).await;
}

#[tokio::test]
async fn what_was_given_up_is_not_made_by_what_follows() {
    let (house, register) = (House::open().await, Register::open(&[]).await);
    house.admin.patch("/restaurant", &json!({"tax_percent": "18"})).await.ok();
    add(&house, &register, json!({"taxation": "OSN"})).await;
    let check = check_of(&house, evening(&house).await).await;
    let paid = pay(&house.waiter, &check, house.cash, "1250.00").await.created();
    let refused = until(&house.waiter, id(&check), &["REFUSED"]).await;
    let given_up = json!({"is": "GIVEN_UP", "reason": "rung up on the other till"});
    let resolve = format!("/fiscal/documents/{}/resolve", refused[0]["id"]);
    say(&house.admin, &resolve, &given_up).await.ok();
    let back = format!("/payments/{}/refunds", paid["id"]);
    house.admin.post(&back, &json!({"amount": "450.00", "reason": "spoilt"})).await.created();
    until(&house.waiter, id(&check), &["CANCELLED"]).await;
    let open = house.admin.get("/fiscal/documents/open").await.ok();
    assert_eq!(open["total"], 0);
}

#[tokio::test]
async fn what_is_put_in_and_taken_out_is_rung_up_where_it_is_to_be() {
    let (house, register) = (House::open().await, Register::open(&[]).await);
    let device = add(&house, &register, json!({})).await;
    let till = json!({"name": "Till"});
    let drawer = id(&house.admin.post("/cash/drawers", &till).await.created());
    let shift = json!({"drawer_id": drawer, "float": "1000"});
    let shift = id(&house.admin.post("/cash/shifts", &shift).await.created());
    let path = format!("/cash/shifts/{shift}/moves");
    let put = |amount: &str| json!({"kind": "PAY_IN", "amount": amount, "reason": "change"});
    house.admin.post(&path, &put("100")).await.created();
    let rings = json!({"rings_cash": true});
    house.admin.patch(&format!("/fiscal/devices/{device}"), &rings).await.ok();
    let moved = house.admin.post(&path, &put("500")).await.created();
    let out = json!({"kind": "DROP", "amount": "300", "reason": "to the bank"});
    house.admin.post(&path, &out).await.created();
    let back = json!({"undoes": moved["move"]["id"], "reason": "not from here"});
    house.admin.post(&path, &back).await.created();
    // More than the register has: it says so, and somebody looks.
    let refused = eventually_open(&house, "REFUSED").await;
    assert_eq!((&refused["kind"], &refused["total"]), (&json!("CASH_OUT"), &json!("500.00")));
    let rung = register.cash_moves().await;
    let expected = [("cashIn", 500.0), ("cashOut", 300.0)];
    assert_eq!(rung, expected.map(|(kind, sum)| (kind.to_owned(), sum)));
}

/// The first open document, when it stands so.
async fn eventually_open(house: &House, state: &str) -> Value {
    let begun = Instant::now();
    loop {
        let open = house.admin.get("/fiscal/documents/open").await.ok();
        let all = open["documents"].as_array().unwrap();
        if let Some(found) = all.iter().find(|one| one["state"] == state) {
            return found.clone();
        }
        assert!(begun.elapsed() < PATIENCE, "one is to be {state}: {open:#}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_guest_has_the_receipt_on_a_phone_too() {
    let (house, register) = (House::open().await, Register::open(&[]).await);
    add(&house, &register, json!({})).await;
    let check = check_of(&house, evening(&house).await).await;
    let path = format!("/checks/{}", check["id"]);
    let write = |to: &str| json!({"receipt_to": to, "version": check["version"]});
    for wrong in ["89991234567", "+7 999", "anna", "anna@home", "a b@c.de"] {
        house.waiter.patch(&path, &write(wrong)).await.invalid("receipt_to");
    }
    let check = house.waiter.patch(&path, &write("anna@example.org")).await.ok();
    assert_eq!(check["receipt_to"], "anna@example.org");
    pay(&house.waiter, &check, house.cash, "1250.00").await.created();
    let made = until(&house.waiter, id(&check), &["DONE"]).await;
    let paper = register.document(made[0]["number"].as_i64().unwrap()).await;
    assert_eq!(paper["task"]["clientInfo"]["emailOrPhone"], "anna@example.org");
}

#[tokio::test]
async fn where_a_receipt_was_sent_is_erased_with_the_guest() {
    let (house, register) = (House::open().await, Register::open(&[]).await);
    add(&house, &register, json!({})).await;
    let guest = enter(&house.admin, &json!({"name": "Anna"})).await;
    let order = evening(&house).await;
    attach(&house.waiter, order, json!(guest)).await.ok();
    let check = check_of(&house, order).await;
    let path = format!("/checks/{}", check["id"]);
    let write = json!({"receipt_to": "anna@example.org", "version": check["version"]});
    let request = house.waiter.request(Method::PATCH, &path).json(&write);
    let check = house.waiter.send(request.header("Idempotency-Key", "write-0001")).await.ok();
    pay(&house.waiter, &check, house.cash, "1250.00").await.created();
    let made = until(&house.waiter, id(&check), &["DONE"]).await;
    for item in house.order(order).await["items"].as_array().unwrap() {
        house.move_item(&house.kitchen, id(item), "READY").await.ok();
        house.move_item(&house.waiter, id(item), "SERVED").await.ok();
    }
    assert!(is_there(&house, "anna@example.org"));
    erase(&house.admin, guest, "erase-0001").await.ok();
    assert!(!is_there(&house, "anna@example.org"));
    // The receipt itself stays, and so does what it came to.
    let kept = until(&house.waiter, id(&check), &["DONE"]).await;
    assert_eq!(kept, made);
    assert_eq!(house.waiter.get(&path).await.ok()["receipt_to"], Value::Null);
}

/// Whether a text stands in the database's own files.
fn is_there(house: &House, text: &str) -> bool {
    ["qres.db", "qres.db-wal"].iter().any(|file| {
        let bytes = std::fs::read(house.app.folder.path().join("data").join(file));
        let bytes = bytes.unwrap_or_default();
        bytes.windows(text.len()).any(|part| part == text.as_bytes())
    })
}

#[tokio::test]
async fn staff_is_told_what_is_the_matter_with_a_register() {
    let (house, register) = (House::open().await, Register::open(&[]).await);
    add(&house, &register, json!({})).await;
    let mut screen = Screen::open(&house.app, &house.waiter, None).await;
    register.play("printer", json!({"paper": false})).await;
    let check = check_of(&house, evening(&house).await).await;
    pay(&house.waiter, &check, house.cash, "1250.00").await.created();
    let told = screen.wait_for("fiscal_changed").await;
    let trouble = &told["data"]["troubles"][0];
    assert_eq!((&trouble["trouble"], &trouble["level"]), (&json!("NO_PAPER"), &json!("ALARM")));
    let now = house.waiter.get("/fiscal/troubles").await.ok();
    assert_eq!(now, told["data"]);
    house.kitchen.get("/fiscal/troubles").await.refused(403, "wrong_role");
    register.play("printer", json!({"paper": true})).await;
    until(&house.waiter, id(&check), &["DONE"]).await;
    let told = screen.wait_for("fiscal_changed").await;
    assert_eq!(told["data"]["troubles"], json!([]));
}
