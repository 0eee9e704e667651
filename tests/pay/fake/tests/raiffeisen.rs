//! Raiffeisenbank's SBP.

use reqwest::Method;
use serde_json::{Value, json};

use super::super::{Decision, Dialect, MERCHANT, NotPaid, Provider, SECRET, State};
use super::{Answer, send};

async fn call(provider: &Provider, method: Method, path: &str, body: Value) -> Answer {
    let bearer = format!("Bearer {SECRET}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let body = if body.is_null() { String::new() } else { body.to_string() };
    send(provider, method, path, &headers, body).await.unwrap()
}

async fn get(provider: &Provider, path: &str) -> Answer {
    call(provider, Method::GET, path, Value::Null).await
}

fn code(order: &str, roubles: impl Into<Value>) -> Value {
    json!({
        "qrType": "QRDynamic", "sbpMerchantId": MERCHANT, "order": order, "amount": roubles.into(),
        "currency": "RUB",
    })
}

async fn register(provider: &Provider, body: Value) -> String {
    let made = call(provider, Method::POST, "/sbp/v1/qr/register", body).await;
    assert_eq!(made["code"], "SUCCESS", "{made:?}");
    made["qrId"].as_str().unwrap().to_owned()
}

async fn stands(provider: &Provider, id: &str) -> (Value, Value) {
    let code = get(provider, &format!("/sbp/v2/qrs/{id}")).await;
    let payment = get(provider, &format!("/sbp/v1/qr/{id}/payment-info")).await;
    (code["qrStatus"].clone(), payment["paymentStatus"].clone())
}

#[tokio::test]
async fn a_code_is_shown_scanned_and_paid() {
    let provider = Provider::start(Dialect::Raiffeisen);
    let made = call(&provider, Method::POST, "/sbp/v1/qr/register", code("1", 1110.1)).await;
    let id = made["qrId"].as_str().unwrap();
    assert_eq!(id.len(), 32);
    assert!(made["payload"].as_str().unwrap().contains("sum=111010&cur=RUB"), "{made:?}");
    assert_eq!(stands(&provider, id).await, (json!("NEW"), json!("NO_INFO")));
    provider.guest_confirms(id).unwrap();
    assert_eq!(stands(&provider, id).await, (json!("IN_PROGRESS"), json!("IN_PROGRESS")));
    provider.bank_settles(id).unwrap();
    assert_eq!(stands(&provider, id).await, (json!("PAID"), json!("SUCCESS")));
    let paid = get(&provider, &format!("/sbp/v1/qr/{id}/payment-info")).await;
    assert_eq!(paid["amount"], 1110.1);
    assert!(paid["transactionId"].is_u64() && paid["transactionDate"].is_string());
    assert_eq!(provider.guest_pays_twice(id), Err(NotPaid::Already));
    assert_eq!(provider.ledger().paid(), 111_010);
}

/// What is wrong stands in `code`; HTTP says 200.
#[tokio::test]
async fn what_the_documents_demand_is_demanded() {
    let provider = Provider::start(Dialect::Raiffeisen);
    let with = |field: &str, value: Value| {
        let mut body = code("1", 10);
        body[field] = value;
        body
    };
    let mut nameless = code("1", 10);
    nameless.as_object_mut().unwrap().remove("sbpMerchantId");
    for (body, expected) in [
        (with("amount", json!("10.00")), "ERROR.INVALID_REQUEST"),
        (with("amount", json!(10.001)), "ERROR.INVALID_REQUEST"),
        (with("amount", json!(0)), "ERROR.INVALID_REQUEST"),
        (with("order", json!("заказ")), "ERROR.INVALID_ORDER"),
        (with("order", json!("1".repeat(41))), "ERROR.INVALID_REQUEST"),
        (with("sbpMerchantId", json!("MA1")), "ERROR.MERCHANT_NOT_REGISTERED"),
        (nameless, "ERROR.SBP_MERCHANT_ID_IS_MISSING"),
        (
            with("qrExpirationDate", json!("2099-01-01T00:00:00Z")),
            "ERROR.QR_EXPIRATION_DATE_NOT_VALID",
        ),
        (with("qrExpirationdate", json!("2099-01-01T00:00:00+03:00")), "ERROR.INVALID_REQUEST"),
    ] {
        let refused = call(&provider, Method::POST, "/sbp/v1/qr/register", body.clone()).await;
        assert_eq!((refused.status, &refused["code"]), (200, &json!(expected)), "{body}");
    }
    assert_eq!(provider.ledger().complaints.len(), 9);
    // The box's clock may be behind; nobody is to blame.
    let past = with("qrExpirationDate", json!("2020-01-01T00:00:00+03:00"));
    let refused = call(&provider, Method::POST, "/sbp/v1/qr/register", past).await;
    assert_eq!(refused["code"], "ERROR.QR_EXPIRATION_DATE_NOT_VALID");
    assert_eq!(provider.ledger().complaints.len(), 9);
    let stranger = [("authorization", "Bearer nobody")];
    let refused = send(&provider, Method::GET, "/sbp/v2/qrs/AD1", &stranger, String::new()).await;
    assert_eq!(refused.unwrap().status, 401);
}

#[tokio::test]
async fn the_same_order_gets_another_code_until_it_is_paid() {
    let provider = Provider::start(Dialect::Raiffeisen);
    let first = register(&provider, code("1", 10)).await;
    let second = register(&provider, code("1", 10)).await;
    assert_ne!(first, second);
    provider.guest_pays(&first).unwrap();
    let third = call(&provider, Method::POST, "/sbp/v1/qr/register", code("1", 10)).await;
    assert_eq!(third["code"], "ERROR.ORDER_NUMBER_ALREADY_REGISTERED");
    provider.guest_pays(&second).unwrap();
    assert_eq!(provider.ledger().paid(), 2000, "a code that was not withdrawn is paid too");
}

#[tokio::test]
async fn a_code_is_withdrawn_before_it_is_paid() {
    let provider = Provider::start(Dialect::Raiffeisen);
    let withdrawn = register(&provider, code("1", 10)).await;
    let paid = register(&provider, code("2", 10)).await;
    provider.guest_pays(&paid).unwrap();
    let path = |id: &str| format!("/sbp/v2/qrs/{id}");
    let done = call(&provider, Method::DELETE, &path(&withdrawn), Value::Null).await;
    assert_eq!((done.status, &done.body), (200, &Value::Null));
    assert_eq!(provider.guest_pays(&withdrawn), Err(NotPaid::Withdrawn));
    let late = call(&provider, Method::DELETE, &path(&paid), Value::Null).await;
    assert_eq!(late["code"], "ERROR.INVALID_REQUEST", "HTTP alone says that it was done");
    assert_eq!(stands(&provider, &paid).await, (json!("PAID"), json!("SUCCESS")));
    assert_eq!(stands(&provider, &withdrawn).await, (json!("CANCELLED"), json!("NO_INFO")));
}

#[tokio::test]
async fn the_bank_may_be_done_after_the_end() {
    let provider = Provider::start(Dialect::Raiffeisen);
    let end = super::super::clock::moscow(provider.clock().now() + 600_000);
    let mut body = code("1", 10);
    body["qrExpirationDate"] = end.into();
    let id = register(&provider, body.clone()).await;
    body["order"] = "2".into();
    let other = register(&provider, body).await;
    provider.guest_confirms(&id).unwrap();
    provider.clock().advance(600_000);
    assert_eq!(stands(&provider, &id).await.0, "IN_PROGRESS");
    assert_eq!(stands(&provider, &other).await, (json!("EXPIRED"), json!("NO_INFO")));
    provider.bank_settles(&id).unwrap();
    provider.guest_pays_after_expiry(&other).unwrap();
    for id in [id, other] {
        assert_eq!(stands(&provider, &id).await, (json!("PAID"), json!("SUCCESS")));
    }
}

#[tokio::test]
async fn a_refund_is_known_by_its_number() {
    let provider = Provider::start(Dialect::Raiffeisen);
    let id = register(&provider, code("1", 10)).await;
    let back =
        |refund: &str, roubles: Value| json!({"order": "1", "refundId": refund, "amount": roubles});
    let ask = |body: Value| call(&provider, Method::POST, "/sbp/v1/refund", body);
    assert_eq!(ask(back("r1", json!(4))).await["code"], "ERROR.NOT_FOUND", "nothing is paid");
    provider.guest_pays(&id).unwrap();
    assert_eq!(ask(back("r1", json!(4))).await["refundStatus"], "IN_PROGRESS");
    assert_eq!(get(&provider, "/sbp/v1/refund/r1").await["refundStatus"], "COMPLETED");
    assert_eq!(
        ask(back("r1", json!(4))).await["refundStatus"],
        "COMPLETED",
        "a repeat is no other"
    );
    assert_eq!(ask(back("r1", json!(5))).await["code"], "ERROR.INVALID_REQUEST");
    let more = ask(back("r2", json!(6.01))).await;
    assert_eq!(more["code"], "ERROR.REFUND_INSUFFICIENT_FUNDS");
    provider.decide(Decision::RefundFails);
    ask(back("r3", json!(6))).await;
    assert_eq!(get(&provider, "/sbp/v1/refund/r3").await["refundStatus"], "DECLINED");
    assert_eq!(get(&provider, "/sbp/v1/refund/r4").await["code"], "ERROR.REFUND_NOT_FOUND");
    assert_eq!(provider.ledger().balance(), 600);
    assert_eq!(provider.ledger().payment(&id).unwrap().state, State::Paid);
}
