//! A fiscal register: what is sold is a receipt on it, once, whatever goes wrong between; and nobody
//! waits for it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::checks::{check_of, evening, pay, step};
use crate::harness::{Client, House, Reply, eventually, id};
use crate::register::Register;

/// A box knows a register. Returns its id there.
pub async fn add(house: &House, register: &Register, more: Value) -> i64 {
    id(&house.admin.post("/fiscal/devices", &register.described(more)).await.created())
}

/// The documents of a check.
pub async fn documents(client: &Client, check_id: i64) -> Vec<Value> {
    let list = client.get(&format!("/fiscal/checks/{check_id}")).await.ok();
    list["documents"].as_array().unwrap().clone()
}

/// How long a test waits for a document: a fault costs a pause or two.
pub const PATIENCE: Duration = Duration::from_secs(40);

/// The documents of a check when so many are there and all stand so.
pub async fn until(client: &Client, check_id: i64, states: &[&str]) -> Vec<Value> {
    let begun = Instant::now();
    loop {
        let all = documents(client, check_id).await;
        if all.iter().map(|one| one["state"].as_str().unwrap()).eq(states.iter().copied()) {
            return all;
        }
        assert!(begun.elapsed() < PATIENCE, "check {check_id} is to have {states:?}: {all:#?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Says what became of a document, once the register is not being asked about it.
pub async fn say(who: &Client, path: &str, what: &Value) -> Reply {
    let begun = Instant::now();
    loop {
        let reply = who.post(path, what).await;
        if reply.json()["code"] != "document_under_way" || begun.elapsed() > PATIENCE {
            return reply;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn present(house: &House, check: &Value, pays: &str) -> Value {
    let body = json!({"version": check["version"], "pays": pays});
    house.waiter.post(&format!("/checks/{}/present", check["id"]), &body).await.ok()
}

#[tokio::test]
async fn what_is_paid_is_a_receipt_with_its_lines_its_tax_and_its_cashier() {
    let (house, register) = (House::open().await, Register::open(&[]).await);
    house.admin.patch("/restaurant", &json!({"tax_percent": "22"})).await.ok();
    add(&house, &register, json!({"taxation": "OSN"})).await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let ten =
        json!({"version": check["version"], "kind": "percent", "value": "10", "reason": "cold"});
    house.admin.post(&format!("/checks/{}/adjustments", check["id"]), &ten).await.created();
    let check = check_of(&house, order_id).await;
    let half = pay(&house.waiter, &check, house.cash, "500.00").await.created();
    pay(&house.waiter, &half["check"], house.card, "625.00").await.created();
    let made = until(&house.waiter, id(&check), &["DONE"]).await;
    assert_eq!((&made[0]["kind"], &made[0]["total"]), (&json!("SELL"), &json!("1125.00")));
    // The shift was opened first.
    let ledger = register.ledger().await;
    assert_eq!((&made[0]["number"], &made[0]["tries"]), (&ledger[1]["number"], &json!(1)));
    assert_eq!((&ledger[0]["kind"], &ledger[1]["kind"]), (&json!("openShift"), &json!("sell")));
    assert_eq!(ledger[1]["payments"]["cash"], json!(500));
    assert_eq!(ledger[1]["payments"]["electronically"], json!(625));
    assert_eq!(made[0]["sign"], ledger[1]["sign"]);
    let number = made[0]["number"].as_i64().unwrap();
    let task = register.document(number).await["task"].clone();
    let items: Vec<_> = task["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (&item["name"], item["amount"].as_f64().unwrap(), &item["tax"]["type"]))
        .collect();
    let vat = json!("vat22");
    assert_eq!(items, [(&json!("Borscht"), 315.0, &vat), (&json!("Pizza"), 810.0, &vat)]);
    assert!(task["operator"]["name"].as_str().is_some_and(|name| !name.is_empty()), "{task}");
}

#[tokio::test]
async fn what_goes_back_is_a_return_of_its_part() {
    let (house, register) = (House::open().await, Register::open(&[]).await);
    add(&house, &register, json!({})).await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let paid = pay(&house.waiter, &check, house.cash, "1250.00").await.created();
    let path = format!("/payments/{}/refunds", paid["id"]);
    let part = json!({"amount": "450.00", "reason": "spoilt"});
    house.admin.post(&path, &part).await.created();
    let made = until(&house.waiter, id(&check), &["DONE", "DONE"]).await;
    assert_eq!((&made[1]["kind"], &made[1]["total"]), (&json!("SELL_RETURN"), &json!("450.00")));
    // All that is left, with the old way of the API.
    let all = json!({"payment_status": "REFUNDED", "reason": "fire"});
    house.admin.patch(&format!("/orders/{order_id}/payment"), &all).await.ok();
    let made = until(&house.waiter, id(&check), &["DONE", "DONE", "DONE"]).await;
    assert_eq!(made[2]["total"], "800.00");
    let receipts = register.receipts().await;
    let expected = [("sell", 1250.0), ("sellReturn", 450.0), ("sellReturn", 800.0)];
    assert_eq!(receipts, expected.map(|(kind, total)| (kind.to_owned(), total)));
}

#[tokio::test]
async fn an_order_that_is_paid_at_once_and_a_check_that_is_opened_anew() {
    let (house, register) = (House::open().await, Register::open(&[]).await);
    add(&house, &register, json!({})).await;
    let order_id = evening(&house).await;
    let how = json!({"payment_method_id": house.card});
    house.waiter.post(&format!("/orders/{order_id}/complete-payment"), &how).await.ok();
    let check_id = order_id * 100 + 1;
    until(&house.waiter, check_id, &["DONE"]).await;
    let check = check_of(&house, order_id).await;
    step(&house.admin, &check, "reopen").await.ok();
    until(&house.waiter, check_id, &["DONE", "DONE"]).await;
    let expected = [("sell", 1250.0), ("sellReturn", 1250.0)];
    let receipts = register.receipts().await;
    assert_eq!(receipts, expected.map(|(kind, total)| (kind.to_owned(), total)));
}

#[tokio::test]
async fn a_guest_has_the_receipt_before_he_pays_and_may_change_his_mind() {
    let (house, register) = (House::open().await, Register::open(&[]).await);
    add(&house, &register, json!({"moment": "BEFORE_PAYMENT"})).await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    step(&house.waiter, &check, "present").await.refused(400, "form_needed");
    let shown = present(&house, &check, "CASH").await;
    let check_id = id(&check);
    until(&house.waiter, check_id, &["DONE"]).await;
    // He wants a coffee first: the receipt goes back, and there is another.
    let open = step(&house.admin, &shown, "take-back").await.ok();
    until(&house.waiter, check_id, &["DONE", "DONE"]).await;
    let shown = present(&house, &open, "ELECTRONIC").await;
    until(&house.waiter, check_id, &["DONE"; 3]).await;
    // And pays in cash after all: somebody says why, who may take a check back.
    let said = pay(&house.waiter, &shown, house.cash, "1250.00").await;
    let said = said.refused(409, "paid_otherwise");
    assert!(said.contains("ELECTRONIC"), "{said}");
    let mut cash = json!({"method_id": house.cash, "amount": "1250.00", "expected_due": "1250.00",
                          "otherwise": "the card did not work"});
    let path = format!("/checks/{check_id}/payments");
    house.waiter.post(&path, &cash).await.refused(403, "approval_needed");
    cash["otherwise"] = json!(" ");
    house.admin.post(&path, &cash).await.refused(409, "paid_otherwise");
    cash["otherwise"] = json!("the card did not work");
    house.admin.post(&path, &cash).await.created();
    until(&house.waiter, check_id, &["DONE"; 5]).await;
    let kinds: Vec<_> = register.receipts().await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["sell", "sellReturn", "sell", "sellReturn", "sell"]);
    let ledger = register.ledger().await;
    assert_eq!(ledger.last().unwrap()["payments"]["cash"], json!(1250));
    // What was said is what was paid: nothing more is made.
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let shown = present(&house, &check, "ELECTRONIC").await;
    pay(&house.waiter, &shown, house.card, "1250.00").await.created();
    until(&house.waiter, id(&check), &["DONE"]).await;
}

#[tokio::test]
async fn nobody_waits_for_a_register_and_what_was_called_off_in_time_is_never_made() {
    let house = House::open().await;
    let body = json!({"name": "Register", "kind": "ATOL", "address": "http://127.0.0.1:9",
                      "moment": "BEFORE_PAYMENT", "taxation": "USN_INCOME"});
    let device = id(&house.admin.post("/fiscal/devices", &body).await.created());
    let check = check_of(&house, evening(&house).await).await;
    let shown = present(&house, &check, "CASH").await;
    let open = step(&house.admin, &shown, "take-back").await.ok();
    let shown = present(&house, &open, "CASH").await;
    pay(&house.waiter, &shown, house.cash, "1250.00").await.created();
    let states = ["CANCELLED", "QUEUED"];
    until(&house.waiter, id(&check), &states).await;
    let state = house.admin.get(&format!("/fiscal/devices/{device}/state")).await.ok();
    assert_eq!((&state["answers"], &state["open"]), (&json!(false), &json!(1)));
    let register = Register::open(&[]).await;
    let path = format!("/fiscal/devices/{device}");
    house.admin.patch(&path, &json!({"address": register.address})).await.ok();
    until(&house.waiter, id(&check), &["CANCELLED", "DONE"]).await;
    assert_eq!(register.receipts().await, [("sell".to_owned(), 1250.0)]);
    let open = house.admin.get("/fiscal/documents/open").await.ok();
    assert_eq!(open["total"], 0);
}

#[tokio::test]
async fn whatever_goes_wrong_once_a_receipt_is_made_once() {
    for fault in [
        "reply-lost-before",
        "reply-lost-after",
        "restart-forgets",
        "link-lost-before",
        "link-lost-after",
        "storage-silent",
        "shift-expired",
        "paper-out-mid",
        "read-once",
        "slow-reply",
    ] {
        let (house, register) = (House::open().await, Register::open(&[]).await);
        add(&house, &register, json!({})).await;
        let first = check_of(&house, evening(&house).await).await;
        pay(&house.waiter, &first, house.cash, "1250.00").await.created();
        until(&house.waiter, id(&first), &["DONE"]).await;
        let seconds = json!({"fault": fault, "seconds": 0.2});
        register.play("faults", seconds).await;
        let check = check_of(&house, evening(&house).await).await;
        pay(&house.waiter, &check, house.card, "1250.00").await.created();
        let made = until(&house.waiter, id(&check), &["DONE"]).await;
        let sells = register.receipts().await;
        assert_eq!(sells.len(), 2, "{fault}: {sells:?}");
        let number = made[0]["number"].as_i64().unwrap_or_else(|| panic!("{fault}: {made:?}"));
        let paper = register.document(number).await;
        assert_eq!((&paper["kind"], &made[0]["sign"]), (&json!("sell"), &paper["sign"]), "{fault}");
    }
}

#[tokio::test]
async fn what_the_register_refuses_waits_for_a_person() {
    let (house, register) = (House::open().await, Register::open(&[]).await);
    house.admin.patch("/restaurant", &json!({"tax_percent": "18"})).await.ok();
    let device = add(&house, &register, json!({"taxation": "OSN"})).await;
    let check = check_of(&house, evening(&house).await).await;
    pay(&house.waiter, &check, house.cash, "1250.00").await.created();
    let refused = until(&house.waiter, id(&check), &["REFUSED"]).await;
    let why = refused[0]["problem"].as_str().unwrap();
    assert!(why.contains("18"), "{why}");
    let path = format!("/fiscal/documents/{}/resolve", refused[0]["id"]);
    house
        .waiter
        .post(&path, &json!({"is": "AGAIN", "reason": "x"}))
        .await
        .refused(403, "wrong_role");
    let made = json!({"is": "MADE", "reason": "x"});
    say(&house.admin, &path, &made).await.invalid("number");
    let taxes = json!({"taxes": [{"percent": "18", "word": "vat20"}]});
    house.admin.patch(&format!("/fiscal/devices/{device}"), &taxes).await.ok();
    house.admin.post(&path, &json!({"is": "AGAIN", "reason": "the rate was added"})).await.ok();
    let made = until(&house.waiter, id(&check), &["DONE"]).await;
    assert_eq!(made[0]["resolved_reason"], "the rate was added");
    let said = house.admin.post(&path, &json!({"is": "AGAIN", "reason": "x"})).await;
    said.refused(409, "document_moved_on");
    assert_eq!(register.receipts().await.len(), 1);
}

#[tokio::test]
async fn a_shift_is_closed_and_the_next_sale_opens_another() {
    let (house, register) = (House::open().await, Register::open(&[]).await);
    let device = add(&house, &register, json!({})).await;
    for day in 1..=2 {
        let check = check_of(&house, evening(&house).await).await;
        pay(&house.waiter, &check, house.cash, "1250.00").await.created();
        let made = until(&house.waiter, id(&check), &["DONE"]).await;
        assert_eq!(made[0]["shift_number"], day);
        let path = format!("/fiscal/devices/{device}");
        house.admin.post(&format!("{path}/x-report"), &json!({})).await.created();
        house.admin.post(&format!("{path}/close-shift"), &json!({})).await.created();
        eventually("the shift is closed", async || {
            let state = house.admin.get(&format!("{path}/state")).await.ok();
            state["health"]["shift"] == "CLOSED" && state["open"] == 0
        })
        .await;
    }
    let kinds: Vec<Value> =
        register.ledger().await.iter().map(|document| document["kind"].clone()).collect();
    let day = ["openShift", "sell", "closeShift"];
    assert_eq!(kinds, [day, day].concat());
}

#[tokio::test]
async fn a_till_that_stands_apart_is_rung_up_by_hand() {
    let house = House::open().await;
    let body = json!({"name": "Till", "kind": "BY_HAND", "moment": "WITH_PAYMENT",
                      "taxation": "PATENT"});
    house.admin.post("/fiscal/devices", &body).await.created();
    let check = check_of(&house, evening(&house).await).await;
    pay(&house.waiter, &check, house.cash, "1250.00").await.created();
    let made = until(&house.waiter, id(&check), &["DONE"]).await;
    assert_eq!(made[0]["number"], Value::Null);
    // What was sold before there was a register is no business of one that is added later.
    let house = House::open().await;
    let check = check_of(&house, evening(&house).await).await;
    let paid = pay(&house.waiter, &check, house.cash, "1250.00").await.created();
    tokio::time::sleep(Duration::from_millis(5)).await;
    house.admin.post("/fiscal/devices", &body).await.created();
    let path = format!("/payments/{}/refunds", paid["id"]);
    house.admin.post(&path, &json!({"amount": "450.00", "reason": "spoilt"})).await.created();
    assert!(documents(&house.waiter, id(&check)).await.is_empty());
}

#[tokio::test]
async fn what_nobody_can_tell_is_told_by_a_person_who_sees_both_numbers() {
    let (house, register) = (House::open().await, Register::open(&[]).await);
    let device = add(&house, &register, json!({})).await;
    let first = check_of(&house, evening(&house).await).await;
    pay(&house.waiter, &first, house.cash, "1250.00").await.created();
    let made = until(&house.waiter, id(&first), &["DONE"]).await;
    // The register takes nothing more, and another stands in its place when the box asks again.
    register.play("faults", json!({"fault": "reply-lost-before", "times": 1000})).await;
    let check = check_of(&house, evening(&house).await).await;
    pay(&house.waiter, &check, house.cash, "1250.00").await.created();
    until(&house.waiter, id(&check), &["SENT"]).await;
    drop(register);
    let other = Register::other().await;
    let path = format!("/fiscal/devices/{device}");
    house.admin.patch(&path, &json!({"address": other.address})).await.ok();
    let unknown = until(&house.waiter, id(&check), &["UNKNOWN"]).await;
    assert_eq!(unknown[0]["number_before"], made[0]["number"]);
    assert_eq!(unknown[0]["number_seen"], 0);
    // Nothing else is made on it before somebody has said so.
    let next = check_of(&house, evening(&house).await).await;
    pay(&house.waiter, &next, house.card, "1250.00").await.created();
    until(&house.waiter, id(&next), &["QUEUED"]).await;
    let path = format!("/fiscal/documents/{}/resolve", unknown[0]["id"]);
    let taken = json!({"is": "MADE", "number": made[0]["number"], "reason": "on the paper"});
    let manager = house.app.manager().await;
    say(&manager, &path, &taken).await.refused(409, "number_taken");
    let again = json!({"is": "AGAIN", "reason": "not on the paper"});
    let said = say(&manager, &path, &again).await.ok();
    assert_eq!((&said["state"], &said["resolved_reason"]), (&json!("QUEUED"), &again["reason"]));
    until(&house.waiter, id(&check), &["DONE"]).await;
    until(&house.waiter, id(&next), &["DONE"]).await;
    assert_eq!(other.receipts().await.len(), 2);
}

#[tokio::test]
async fn a_reply_that_is_lost_after_the_document_is_settled_by_asking() {
    let (house, register) = (House::open().await, Register::open(&[]).await);
    add(&house, &register, json!({})).await;
    // The link breaks when the document is there, and comes back later.
    let lost = json!([{"fault": "link-lost-after", "seconds": 2}, {"fault": "reply-lost-after"}]);
    register.play("faults", lost).await;
    let check = check_of(&house, evening(&house).await).await;
    pay(&house.waiter, &check, house.cash, "1250.00").await.created();
    // The first that is sent is that of the shift.
    until(&house.waiter, id(&check), &["QUEUED"]).await;
    let made = until(&house.waiter, id(&check), &["DONE"]).await;
    assert_eq!(made[0]["tries"], 1);
    let lost = json!([{"fault": "link-lost-after", "seconds": 2}, {"fault": "reply-lost-after"}]);
    register.play("faults", lost).await;
    let check = check_of(&house, evening(&house).await).await;
    pay(&house.waiter, &check, house.cash, "1250.00").await.created();
    let sent = until(&house.waiter, id(&check), &["SENT"]).await;
    eventually("the document is there", async || register.receipts().await.len() == 2).await;
    let made = until(&house.waiter, id(&check), &["DONE"]).await;
    assert_eq!((&made[0]["uuid"], &made[0]["tries"]), (&sent[0]["uuid"], &json!(1)));
    let paper = register.document(made[0]["number"].as_i64().unwrap()).await;
    assert_eq!((&paper["uuid"], &paper["sign"]), (&sent[0]["uuid"], &made[0]["sign"]));
    assert_eq!(register.receipts().await.len(), 2);
}
