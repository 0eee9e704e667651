//! What is told of the bill: states that agree, words that people can read, the whole history.

use reqwest::Method;
use serde_json::{Value, json};

use crate::checks::{check_of, checks_of, evening, pay, step};
use crate::checks_faults::halves;
use crate::checks_refund::refund;
use crate::harness::House;

#[tokio::test]
async fn f12_what_is_called_off_and_what_gave_it_back_say_the_same() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let paid = pay(&house.waiter, &check, house.cash, "500.00").await.created();
    let back = refund(&house, &paid["id"], json!({})).await.created();
    assert_eq!(back["state"], "VOIDED");
    let states: Vec<_> = back["check"]["payments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["state"].clone())
        .collect();
    assert_eq!(states, ["VOIDED", "VOIDED"]);
    assert_eq!(
        (&back["check"]["refunded"], &back["check"]["rounding"]),
        (&json!("0.00"), &json!("0.00"))
    );
}

/// Serde's words are for programmers; and a key that is none is no request without one.
#[tokio::test]
async fn f12_people_can_read_what_is_wrong_with_a_number() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let says = async |path: String, body: Value| {
        let reply = house.waiter.post(&path, &body).await;
        assert_eq!(reply.status, 422, "{}", reply.text());
        reply.json()["errors"][0]["message"].as_str().unwrap().to_owned()
    };
    let split = format!("/orders/{order_id}/split");
    for (parts, expected) in [
        (json!(-1), "must be 0 or more, not -1"),
        (json!("2"), "must be a whole number, not \"2\""),
        (json!(2.5), "must be a whole number, not 2.5"),
        (json!([2]), "must be a whole number, not a list"),
        (json!({}), "must be a whole number, not an object"),
        (json!(true), "must be a whole number, not true"),
    ] {
        let body = json!({"by": "parts", "parts": parts, "version": 1});
        assert_eq!(says(split.clone(), body).await, expected);
    }
    let body = json!({"by": 7, "version": 1});
    let message = says(split, body).await;
    assert!(message.starts_with("must be"), "{message}");
    for path in ["/orders/x/split", "/orders/1.5/split", "/orders/99999999999999999999/split"] {
        let message = says(path.into(), json!({"by": "seats", "version": 1})).await;
        assert_eq!(message, "must hold whole numbers or known words");
    }
    let list = house.waiter.get("/orders?limit=-1").await;
    let message = list.json()["errors"][0]["message"].as_str().unwrap().to_owned();
    assert!(!message.contains("i64") && !message.contains("usize"), "{message}");

    let path = format!("/checks/{}/payments", check["id"]);
    let body = json!({"method_id": house.card, "amount": "10.00", "expected_due": "1250.00"});
    for key in ["", " ", "short", "a key with spaces"] {
        let request = house.waiter.request(Method::POST, &path).header("Idempotency-Key", key);
        house.waiter.send(request.json(&body)).await.invalid("Idempotency-Key");
    }
    let twice = house.waiter.request(Method::POST, &path).header("Idempotency-Key", "key-number-1");
    let twice = twice.header("Idempotency-Key", "key-number-2");
    house.waiter.send(twice.json(&body)).await.invalid("Idempotency-Key");
    assert_eq!(check_of(&house, order_id).await["payments"], json!([]));
}

#[tokio::test]
async fn f12_all_that_happens_to_a_check_is_in_the_history() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let [first, _] = halves(&house, order_id).await;
    step(&house.waiter, &first, "present").await.ok();
    let first = checks_of(&house, order_id).await["checks"][0].clone();
    step(&house.admin, &first, "take-back").await.ok();
    let version = checks_of(&house, order_id).await["version"].clone();
    let path = format!("/orders/{order_id}/unsplit");
    house.waiter.post(&path, &json!({"version": version})).await.ok();
    let history = house.admin.get(&format!("/orders/{order_id}/history")).await.ok();
    let told: Vec<_> = history["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["what"].as_str().unwrap())
        .filter(|what| what.starts_with("check"))
        .collect();
    assert_eq!(told, ["check_split", "check_presented", "check_taken_back", "checks_joined"]);
}
