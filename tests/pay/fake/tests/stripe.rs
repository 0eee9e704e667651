//! Stripe Checkout.

use reqwest::Method;
use serde_json::{Value, json};

use super::super::{
    Call, Decision, Dialect, Fault, NotPaid, Provider, SECRET, STRIPE_VERSION, Trouble,
};
use super::{Answer, send};

const SESSIONS: &str = "/v1/checkout/sessions";
const PAGE: &str = "mode=payment&success_url=https%3A%2F%2Fexample.org%2F&client_reference_id=o-1\
    &metadata%5Battempt%5D=1&line_items[0][quantity]=2&line_items[0][price_data][currency]=eur\
    &line_items[0][price_data][unit_amount]=1250\
    &line_items[0][price_data][product_data][name]=Check+7";

async fn post(provider: &Provider, path: &str, key: &str, form: &str) -> reqwest::Result<Answer> {
    let bearer = format!("Bearer {SECRET}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("stripe-version", STRIPE_VERSION),
        ("content-type", "application/x-www-form-urlencoded"),
        ("idempotency-key", key),
    ];
    send(provider, Method::POST, path, &headers, form.to_owned()).await
}

async fn get(provider: &Provider, path: &str) -> Answer {
    let bearer = format!("Bearer {SECRET}");
    let headers = [("authorization", bearer.as_str()), ("stripe-version", STRIPE_VERSION)];
    send(provider, Method::GET, path, &headers, String::new()).await.unwrap()
}

async fn open(provider: &Provider, key: &str) -> String {
    let made = post(provider, SESSIONS, key, PAGE).await.unwrap();
    assert_eq!(made.status, 200, "{made:?}");
    made["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_page_is_open_complete_and_paid() {
    let provider = Provider::start(Dialect::Stripe);
    let id = open(&provider, "a").await;
    let path = format!("{SESSIONS}/{id}");
    let page = get(&provider, &path).await;
    assert_eq!((&page["status"], &page["payment_status"]), (&json!("open"), &json!("unpaid")));
    assert_eq!((&page["amount_total"], &page["currency"]), (&json!(2500), &json!("eur")));
    assert_eq!(page["metadata"], json!({"attempt": "1"}));
    assert!(page["url"].is_string() && page["payment_intent"].is_null());
    provider.guest_is_declined(&id).unwrap();
    assert_eq!(get(&provider, &path).await["status"], "open", "he may try another card");
    provider.guest_confirms(&id).unwrap();
    let page = get(&provider, &path).await;
    assert_eq!((&page["status"], &page["payment_status"]), (&json!("complete"), &json!("unpaid")));
    provider.bank_settles(&id).unwrap();
    let page = get(&provider, &path).await;
    assert_eq!((&page["status"], &page["payment_status"]), (&json!("complete"), &json!("paid")));
    assert!(page["url"].is_null());
    let intent = page["payment_intent"].as_str().unwrap();
    let intent = get(&provider, &format!("/v1/payment_intents/{intent}")).await;
    assert_eq!(
        (&intent["status"], &intent["amount_received"]),
        (&json!("succeeded"), &json!(2500))
    );
    let made = &provider.ledger().payments[0];
    assert_eq!((made.reference.as_deref(), made.metadata("attempt")), (Some("o-1"), Some("1")));
    assert_eq!(provider.ledger().complaints, <[String; 0]>::default());
}

#[tokio::test]
async fn an_open_page_is_withdrawn_and_no_other() {
    let provider = Provider::start(Dialect::Stripe);
    let open_page = open(&provider, "a").await;
    let paid = open(&provider, "b").await;
    provider.guest_pays(&paid).unwrap();
    let expire = |id: &str| format!("{SESSIONS}/{id}/expire");
    let done = post(&provider, &expire(&open_page), "c", "").await.unwrap();
    assert_eq!((done.status, &done["status"]), (200, &json!("expired")));
    assert_eq!(provider.guest_pays(&open_page), Err(NotPaid::Withdrawn));
    for (id, status) in [(&open_page, "expired"), (&paid, "complete")] {
        let late = post(&provider, &expire(id), status, "").await.unwrap();
        assert_eq!(late.status, 400);
        let sentence = late["error"]["message"].as_str().unwrap();
        assert!(sentence.contains(&format!("`{status}`")), "{sentence}");
    }
    assert_eq!(provider.ledger().paid(), 2500);
}

#[tokio::test]
async fn a_key_keeps_its_first_result_for_a_day() {
    let provider = Provider::start(Dialect::Stripe);
    let id = open(&provider, "a").await;
    provider.guest_pays(&id).unwrap();
    let again = post(&provider, SESSIONS, "a", PAGE).await.unwrap();
    assert!(again.is_replayed);
    assert_eq!((&again["id"], &again["status"]), (&json!(id), &json!("open")), "as it was then");
    let other = post(&provider, SESSIONS, "a", &format!("{PAGE}&locale=ru")).await.unwrap();
    assert_eq!((other.status, &other["error"]["type"]), (400, &json!("idempotency_error")));
    let elsewhere = post(&provider, "/v1/refunds", "a", "payment_intent=pi_1").await.unwrap();
    assert_eq!(elsewhere["error"]["type"], "idempotency_error");
    // What was wrong in itself is not kept: the same key may be used with it mended.
    assert_eq!(post(&provider, SESSIONS, "b", "mode=payment").await.unwrap().status, 400);
    assert_eq!(post(&provider, SESSIONS, "b", PAGE).await.unwrap().status, 200);
    provider.clock().advance(24 * 3_600_000);
    assert_ne!(open(&provider, "a").await, id);
}

#[tokio::test]
async fn a_500_is_kept_though_the_page_is_there() {
    let provider = Provider::start(Dialect::Stripe);
    let faults = [Fault::Before(Trouble::Status(500)), Fault::After(Trouble::Status(500))];
    provider.script(Call::Create, faults.map(Some));
    for made in [0, 1, 1] {
        let answer = post(&provider, SESSIONS, "a", PAGE).await.unwrap();
        assert_eq!((answer.status, &answer["error"]["type"]), (500, &json!("api_error")));
        assert_eq!(provider.ledger().payments.len(), made);
    }
    let list = get(&provider, &format!("{SESSIONS}?limit=1")).await;
    assert_eq!(list["data"][0]["metadata"], json!({"attempt": "1"}), "the list has it");
}

/// Each breaks one rule of the documents.
#[tokio::test]
async fn what_the_documents_demand_is_demanded() {
    let provider = Provider::start(Dialect::Stripe);
    let wrong = [
        PAGE.replace("mode=payment", "mode=setup"),
        PAGE.replace("success_url", "return_url"),
        PAGE.replace("=eur", "=EUR"),
        PAGE.replace("=1250", "=12.50"),
        PAGE.replace("quantity]=2", "quantity]=0"),
        PAGE.replace("line_items[0]", "line_items[]"),
        format!("{PAGE}&ui_mode=hosted"),
        format!("{PAGE}&expires_at={}", provider.clock().now() + 3_600_000),
        format!("{PAGE}&expires_in=1800"),
        json!({"mode": "payment"}).to_string(),
    ];
    let known = wrong.len();
    for form in wrong {
        let refused = post(&provider, SESSIONS, "a", &form).await.unwrap();
        assert_eq!(refused.status, 400, "{form}");
    }
    assert_eq!(provider.ledger().complaints.len(), known, "{:?}", provider.ledger().complaints);
    let bearer = format!("Bearer {SECRET}");
    for (headers, status) in [
        (vec![("authorization", "Bearer nobody"), ("stripe-version", STRIPE_VERSION)], 401),
        (vec![("authorization", bearer.as_str())], 400),
        (vec![("authorization", bearer.as_str()), ("stripe-version", "2020-08-27")], 400),
        (
            vec![
                ("authorization", bearer.as_str()),
                ("stripe-version", STRIPE_VERSION),
                ("content-type", "application/json"),
            ],
            400,
        ),
    ] {
        let body = PAGE.to_owned();
        let refused = send(&provider, Method::POST, SESSIONS, &headers, body).await.unwrap();
        assert_eq!(refused.status, status, "{headers:?}");
    }
    assert_eq!(provider.ledger().complaints.len(), known + 4);
    assert_eq!(provider.ledger().payments.len(), 0);
}

#[tokio::test]
async fn a_page_lives_from_half_an_hour_to_a_day() {
    let provider = Provider::start(Dialect::Stripe);
    let now = provider.clock().now() / 1000;
    for (seconds, status) in [(1700, 400), (1900, 200), (86_300, 200), (86_500, 400)] {
        let form = format!("{PAGE}&expires_at={}", now + seconds);
        let answer = post(&provider, SESSIONS, &format!("{seconds}"), &form).await.unwrap();
        assert_eq!(answer.status, status, "{seconds}");
    }
    let id = provider.ledger().payments[0].id.clone();
    provider.clock().advance(1_900_000);
    assert_eq!(get(&provider, &format!("{SESSIONS}/{id}")).await["status"], "expired");
    assert_eq!(provider.guest_pays(&id), Err(NotPaid::Expired));
    assert_eq!(provider.ledger().complaints, <[String; 0]>::default(), "clocks differ");
}

#[tokio::test]
async fn refunds_go_back_in_parts_until_nothing_is_left() {
    let provider = Provider::start(Dialect::Stripe);
    let id = open(&provider, "a").await;
    provider.guest_pays(&id).unwrap();
    let intent = get(&provider, &format!("{SESSIONS}/{id}")).await["payment_intent"].clone();
    let intent = intent.as_str().unwrap();
    let part = |amount: i64| format!("payment_intent={intent}&amount={amount}");
    provider.decide(Decision::PartialRefundRefused);
    let refused = post(&provider, "/v1/refunds", "b", &part(1000)).await.unwrap();
    assert_eq!(refused.status, 400);
    let kept = post(&provider, "/v1/refunds", "b", &part(1000)).await.unwrap();
    assert!(kept.is_replayed && kept.status == 400, "a new key is needed");
    let done = post(&provider, "/v1/refunds", "c", &part(1000)).await.unwrap();
    assert_eq!((&done["status"], &done["amount"]), (&json!("succeeded"), &json!(1000)));
    assert_eq!(post(&provider, "/v1/refunds", "d", &part(1501)).await.unwrap().status, 400);
    provider.decide(Decision::RefundFails);
    let fails = post(&provider, "/v1/refunds", "e", &part(1500)).await.unwrap();
    assert_eq!(fails["status"], "pending");
    let path = format!("/v1/refunds/{}", fails["id"].as_str().unwrap());
    assert_eq!(get(&provider, &path).await["status"], "failed");
    let rest = format!("payment_intent={intent}");
    assert_eq!(post(&provider, "/v1/refunds", "f", &rest).await.unwrap()["amount"], 1500);
    let none = post(&provider, "/v1/refunds", "g", &rest).await.unwrap();
    assert_eq!(none["error"]["code"], "charge_already_refunded");
    let list = get(&provider, &format!("/v1/refunds?payment_intent={intent}")).await;
    assert_eq!(list["data"].as_array().unwrap().len(), 3);
    assert_eq!(provider.ledger().balance(), 0);
}

#[tokio::test]
async fn a_list_comes_in_pages_newest_first() {
    let provider = Provider::start(Dialect::Stripe);
    let before = provider.clock().now() / 1000;
    let mut made = Vec::new();
    for key in ["a", "b", "c"] {
        made.push(Value::from(open(&provider, key).await));
    }
    made.reverse();
    for repeats in [false, true] {
        if repeats {
            provider.decide(Decision::PageRepeats);
        }
        let mut seen: Vec<Value> = Vec::new();
        loop {
            let after = seen.last().and_then(Value::as_str);
            let after = after.map_or(String::new(), |last| format!("&starting_after={last}"));
            let path = format!("{SESSIONS}?limit=2&created[gte]={before}{after}");
            let page = get(&provider, &path).await;
            let data = page["data"].as_array().unwrap();
            seen.extend(data.iter().map(|one| one["id"].clone()));
            if page["has_more"] == false {
                break;
            }
        }
        assert_eq!(seen.len(), made.len() + usize::from(repeats));
        seen.dedup();
        assert_eq!(seen, made);
    }
}
