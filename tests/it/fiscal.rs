//! A fiscal register: what is sold is a receipt on it, once, whatever goes wrong between; and nobody
//! waits for it.

use serde_json::{Value, json};

use crate::checks::{check_of, evening, pay, step};
use crate::harness::{House, id};
use crate::register::{Register, documents, until};

async fn present(house: &House, check: &Value, pays: &str) -> Value {
    let body = json!({"version": check["version"], "pays": pays});
    house.waiter.post(&format!("/checks/{}/present", check["id"]), &body).await.ok()
}

#[tokio::test]
async fn what_goes_back_is_a_return_of_its_part() {
    let (house, register) = (House::open().await, Register::open(&[]).await);
    register.add_to(&house, json!({})).await;
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
    register.add_to(&house, json!({})).await;
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
    register.add_to(&house, json!({"moment": "BEFORE_PAYMENT"})).await;
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
    // And pays in cash after all.
    pay(&house.waiter, &shown, house.cash, "1250.00").await.created();
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
        register.add_to(&house, json!({})).await;
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
    let device = register.add_to(&house, json!({"taxation": "OSN"})).await;
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
    house.admin.post(&path, &json!({"is": "MADE", "reason": "x"})).await.invalid("number");
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
    let device = register.add_to(&house, json!({})).await;
    for day in 1..=2 {
        let check = check_of(&house, evening(&house).await).await;
        pay(&house.waiter, &check, house.cash, "1250.00").await.created();
        let made = until(&house.waiter, id(&check), &["DONE"]).await;
        assert_eq!(made[0]["shift_number"], day);
        let path = format!("/fiscal/devices/{device}");
        house.admin.post(&format!("{path}/x-report"), &json!({})).await.created();
        house.admin.post(&format!("{path}/close-shift"), &json!({})).await.created();
        crate::harness::eventually("the shift is closed", async || {
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
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    house.admin.post("/fiscal/devices", &body).await.created();
    let path = format!("/payments/{}/refunds", paid["id"]);
    house.admin.post(&path, &json!({"amount": "450.00", "reason": "spoilt"})).await.created();
    assert!(documents(&house.waiter, id(&check)).await.is_empty());
}
