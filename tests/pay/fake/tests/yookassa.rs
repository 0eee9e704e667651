//! ЮKassa.

use reqwest::Method;
use serde_json::{Value, json};

use super::super::{Call, Decision, Dialect, Fault, NotPaid, Provider, Trouble};
use super::{basic, by_sbp, get_from_yookassa as get, post_to_yookassa as post, send};

const HOUR: i64 = 3_600_000;

async fn pay(provider: &Provider, key: &str, roubles: &str) -> String {
    let made = post(provider, "/payments", key, by_sbp(roubles)).await.unwrap();
    assert_eq!(made.status, 200, "{made:?}");
    made["id"].as_str().unwrap().to_owned()
}

fn line(price: &str, quantity: impl Into<Value>) -> Value {
    json!({
        "description": "Борщ", "quantity": quantity.into(), "amount": {"value": price, "currency": "RUB"},
        "vat_code": 1, "payment_subject": "commodity", "payment_mode": "full_payment",
        "measure": "piece",
    })
}

fn receipt(lines: &[Value]) -> Value {
    json!({"customer": {"email": "guest@example.org"}, "items": lines})
}

#[tokio::test]
async fn a_payment_waits_and_is_paid_at_the_last_second() {
    let provider = Provider::start(Dialect::Yookassa);
    let id = pay(&provider, "a", "1000.00").await;
    let waiting = get(&provider, &format!("/payments/{id}")).await;
    assert_eq!((&waiting["status"], &waiting["paid"]), (&json!("pending"), &json!(false)));
    assert_eq!(waiting["amount"], json!({"value": "1000.00", "currency": "RUB"}));
    assert_eq!(waiting["metadata"], json!({"attempt": "1"}));
    assert!(waiting["confirmation"]["confirmation_url"].is_string());
    assert!(waiting["expires_at"].is_null(), "that is of held money");

    provider.guest_pays_at_last_second(&id).unwrap();
    let paid = get(&provider, &format!("/payments/{id}")).await;
    assert_eq!((&paid["status"], &paid["paid"]), (&json!("succeeded"), &json!(true)));
    assert_eq!(paid["income_amount"]["value"], "993.00");
    let ledger = provider.ledger();
    assert_eq!(
        ledger.payments[0].paid_at.unwrap() / 1000,
        ledger.payments[0].expires_at / 1000 - 1
    );
    assert_eq!((ledger.paid(), ledger.balance()), (100_000, 100_000));
    assert_eq!(ledger.payments[0].metadata("attempt"), Some("1"));
    assert_eq!(provider.guest_pays(&id), Err(NotPaid::Already));
    assert_eq!(ledger.complaints, <[String; 0]>::default());
}

#[tokio::test]
async fn time_runs_out_and_the_money_comes_nevertheless() {
    let provider = Provider::start(Dialect::Yookassa);
    let id = pay(&provider, "a", "10.00").await;
    let held = pay(&provider, "b", "10.00").await;
    provider.guest_confirms(&held).unwrap();
    provider.clock().advance(HOUR);
    let over = get(&provider, &format!("/payments/{id}")).await;
    assert_eq!(over["status"], "canceled");
    assert_eq!(over["cancellation_details"]["reason"], "expired_on_confirmation");
    assert_eq!(provider.guest_pays(&id), Err(NotPaid::Expired));
    assert_eq!(get(&provider, &format!("/payments/{held}")).await["status"], "pending");

    provider.guest_pays_after_expiry(&id).unwrap();
    provider.bank_settles(&held).unwrap();
    for id in [id, held] {
        assert_eq!(get(&provider, &format!("/payments/{id}")).await["status"], "succeeded");
    }
}

#[tokio::test]
async fn a_pending_payment_cannot_be_withdrawn() {
    let provider = Provider::start(Dialect::Yookassa);
    let id = pay(&provider, "a", "10.00").await;
    let path = format!("/payments/{id}/cancel");
    let refused = post(&provider, &path, "b", json!({})).await.unwrap();
    assert_eq!((refused.status, &refused["code"]), (400, &json!("invalid_request")));
    assert_eq!(provider.ledger().complaints.len(), 1);

    let mut by_card = by_sbp("10.00");
    by_card["payment_method_data"]["type"] = "bank_card".into();
    by_card["capture"] = false.into();
    let held = post(&provider, "/payments", "c", by_card).await.unwrap();
    let held = held["id"].as_str().unwrap();
    provider.guest_pays(held).unwrap();
    let waiting = get(&provider, &format!("/payments/{held}")).await;
    assert_eq!(waiting["status"], "waiting_for_capture");
    assert!(waiting["expires_at"].is_string());
    assert_eq!(provider.ledger().paid(), 0, "held is not paid");
    let path = format!("/payments/{held}/cancel");
    assert_eq!(post(&provider, &path, "d", json!({})).await.unwrap()["status"], "canceled");
}

#[tokio::test]
async fn a_key_is_of_one_request_for_a_day() {
    let provider = Provider::start(Dialect::Yookassa);
    let id = pay(&provider, "a", "10.00").await;
    let other = post(&provider, "/payments", "a", by_sbp("11.00")).await.unwrap();
    assert_eq!((other.status, &other["parameter"]), (400, &json!("Idempotence-Key")));
    provider.guest_pays(&id).unwrap();
    let again = post(&provider, "/payments", "a", by_sbp("10.00")).await.unwrap();
    assert_eq!((&again["id"], &again["status"]), (&json!(id), &json!("succeeded")), "as it is now");
    provider.clock().advance(24 * HOUR);
    assert_ne!(pay(&provider, "a", "10.00").await, id, "after a day it is another request");
    assert_eq!(provider.ledger().payments.len(), 2);
}

#[tokio::test]
async fn a_500_may_hide_a_payment() {
    let provider = Provider::start(Dialect::Yookassa);
    let faults = [Fault::Before(Trouble::Status(500)), Fault::After(Trouble::Status(500))];
    provider.script(Call::Create, faults.map(Some));
    for made in [0, 1] {
        let answer = post(&provider, "/payments", "a", by_sbp("10.00")).await.unwrap();
        assert_eq!((answer.status, &answer["code"]), (500, &json!("internal_server_error")));
        assert_eq!(provider.ledger().payments.len(), made);
    }
    let id = pay(&provider, "a", "10.00").await;
    assert_eq!(provider.ledger().payments[0].id, id);
    assert_eq!(provider.ledger().payments.len(), 1);
}

/// Each breaks one rule of the documents, and is heard of.
#[tokio::test]
async fn what_the_documents_demand_is_demanded() {
    let provider = Provider::start(Dialect::Yookassa);
    let with = |field: &str, value: Value| {
        let mut body = by_sbp("10.00");
        body[field] = value;
        body
    };
    let wrong = [
        by_sbp("10"),
        by_sbp("10.0"),
        by_sbp("10,00"),
        by_sbp("0.99"),
        by_sbp("700000.01"),
        with("amount", json!({"value": 10.00, "currency": "RUB"})),
        with("amount", json!({"value": "10.00", "currency": "rub"})),
        with("capture", json!(false)),
        with("confirmation", json!({"type": "redirect"})),
        with("confirmation", json!({"type": "qr", "return_url": "https://example.org/"})),
        with("description", json!("д".repeat(129))),
        with("metadata", json!({"attempt": 1})),
        with("idempotence_key", json!("a")),
    ];
    let count = wrong.len();
    for (at, body) in wrong.into_iter().enumerate() {
        let refused = post(&provider, "/payments", &format!("{at}"), body.clone()).await.unwrap();
        assert_eq!(refused.status, 400, "{body}: {refused:?}");
    }
    let basic = basic();
    for (headers, status) in [
        (vec![("authorization", "Basic bm9ib2R5"), ("content-type", "application/json")], 401),
        (vec![("authorization", basic.as_str()), ("content-type", "text/plain")], 415),
        (vec![("authorization", basic.as_str()), ("content-type", "application/json")], 400),
    ] {
        let body = by_sbp("10.00").to_string();
        let refused = send(&provider, Method::POST, "/payments", &headers, body).await.unwrap();
        assert_eq!(refused.status, status, "{headers:?}");
    }
    assert_eq!(provider.ledger().complaints.len(), count + 3);
    assert_eq!(provider.ledger().payments.len(), 0);
}

#[tokio::test]
async fn a_receipt_sums_to_the_payment() {
    let provider = Provider::start(Dialect::Yookassa);
    provider.wants_receipts();
    let with = |lines: &[Value]| {
        let mut body = by_sbp("100.00");
        body["receipt"] = receipt(lines);
        body
    };
    let wrong = [
        by_sbp("100.00"),
        with(&[]),
        with(&[line("50.00", "1.00")]),
        with(&[line("100.01", 1)]),
        with(&[json!({"description": "Борщ"})]),
    ];
    for (at, body) in wrong.into_iter().enumerate() {
        let refused = post(&provider, "/payments", &format!("{at}"), body).await.unwrap();
        assert_eq!(refused.status, 400, "{refused:?}");
    }
    let lines = [line("30.00", "2.00"), line("80.00", "0.500")];
    let made = post(&provider, "/payments", "right", with(&lines)).await.unwrap();
    assert_eq!((made.status, &made["receipt_registration"]), (200, &json!("pending")));
    let id = made["id"].as_str().unwrap();
    provider.guest_pays(id).unwrap();
    let paid = get(&provider, &format!("/payments/{id}")).await;
    assert_eq!(paid["receipt_registration"], "succeeded");
}

#[tokio::test]
async fn a_receipt_may_fail_though_the_money_is_there() {
    let provider = Provider::start(Dialect::Yookassa);
    for (at, decision) in
        [Decision::ReceiptCanceled, Decision::ReceiptWaits].into_iter().enumerate()
    {
        provider.decide(decision);
        let mut body = by_sbp("100.00");
        body["receipt"] = receipt(&[line("100.00", 1)]);
        let made = post(&provider, "/payments", &format!("{at}"), body).await.unwrap();
        provider.guest_pays(made["id"].as_str().unwrap()).unwrap();
    }
    let ids: Vec<_> = provider.ledger().payments.into_iter().map(|one| one.id).collect();
    let failed = get(&provider, &format!("/payments/{}", ids[0])).await;
    assert_eq!(failed["status"], "succeeded");
    assert_eq!(failed["receipt_registration"], "canceled");
    let path = format!("/payments/{}", ids[1]);
    assert_eq!(get(&provider, &path).await["receipt_registration"], "pending");
    provider.till_ends_receipt(&ids[1], true);
    assert_eq!(get(&provider, &path).await["receipt_registration"], "succeeded");
}

#[tokio::test]
async fn refunds_go_back_in_parts_until_nothing_is_left() {
    let provider = Provider::start(Dialect::Yookassa);
    let id = pay(&provider, "a", "10.00").await;
    let back =
        |roubles: &str| json!({"payment_id": id, "amount": {"value": roubles, "currency": "RUB"}});
    let early = post(&provider, "/refunds", "b", back("10.00")).await.unwrap();
    assert_eq!(early.status, 400, "nothing is paid");
    provider.guest_pays(&id).unwrap();
    provider.decide(Decision::PartialRefundRefused);
    assert_eq!(post(&provider, "/refunds", "c", back("4.00")).await.unwrap().status, 400);
    let part = post(&provider, "/refunds", "d", back("4.00")).await.unwrap();
    assert_eq!((part.status, &part["status"]), (200, &json!("succeeded")));
    let more = post(&provider, "/refunds", "e", back("6.01")).await.unwrap();
    assert_eq!(more.status, 400, "more than is left");
    provider.decide(Decision::RefundFails);
    let failed = post(&provider, "/refunds", "f", back("6.00")).await.unwrap();
    assert_eq!(failed["status"], "canceled");
    provider.decide(Decision::RefundWaits);
    let waits = post(&provider, "/refunds", "g", back("6.00")).await.unwrap();
    assert_eq!(waits["status"], "pending");
    let refund = waits["id"].as_str().unwrap();
    provider.bank_ends_refund(refund, true);
    assert_eq!(get(&provider, &format!("/refunds/{refund}")).await["status"], "succeeded");
    let paid = get(&provider, &format!("/payments/{id}")).await;
    assert_eq!(paid["refunded_amount"]["value"], "10.00");
    assert_eq!(provider.ledger().balance(), 0);
}

#[tokio::test]
async fn a_list_comes_in_pages_newest_first() {
    let provider = Provider::start(Dialect::Yookassa);
    let before = super::super::clock::utc(provider.clock().now() - 1);
    let mut made = Vec::new();
    for key in ["a", "b", "c", "d", "e"] {
        made.push(pay(&provider, key, "10.00").await);
    }
    made.reverse();
    for repeats in [false, true] {
        if repeats {
            provider.decide(Decision::PageRepeats);
        }
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/payments?limit=2&created_at.gte={before}{cursor}");
            let page = get(&provider, &path).await;
            let ids = page["items"].as_array().unwrap().iter().map(|one| one["id"].clone());
            seen.extend(ids);
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen.len(), made.len() + usize::from(repeats));
        seen.dedup();
        assert_eq!(seen, made);
    }
    let none = get(&provider, "/payments?status=succeeded").await;
    assert_eq!(none["items"], json!([]));
    assert_eq!(get(&provider, "/payments?created_at.gte=today").await.status, 400);
}
