//! Whether the providers that are not there speak as the documents say.

mod raiffeisen;
mod stripe;
mod yookassa;

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::{Call, Dialect, Fault, Provider, SECRET, SHOP, Trouble};

/// What came back: the status and the body, `Null` when it is no JSON.
#[derive(Debug)]
struct Answer {
    status: u16,
    body: Value,
    is_replayed: bool,
}

impl std::ops::Index<&str> for Answer {
    type Output = Value;

    fn index(&self, name: &str) -> &Value {
        &self.body[name]
    }
}

/// One request, with headers as a driver would send them.
async fn send(
    provider: &Provider,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: String,
) -> reqwest::Result<Answer> {
    let client = reqwest::Client::builder().timeout(Duration::from_mins(1)).build()?;
    let mut request = client.request(method, format!("{}{path}", provider.url())).body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await?;
    let status = response.status().as_u16();
    let is_replayed = response.headers().contains_key("idempotent-replayed");
    let body = serde_json::from_slice(&response.bytes().await?).unwrap_or_default();
    Ok(Answer { status, body, is_replayed })
}

/// ЮKassa's way to sign in.
fn basic() -> String {
    use base64::Engine;
    let coded = base64::engine::general_purpose::STANDARD.encode(format!("{SHOP}:{SECRET}"));
    format!("Basic {coded}")
}

async fn post_to_yookassa(
    provider: &Provider,
    path: &str,
    key: &str,
    body: Value,
) -> reqwest::Result<Answer> {
    let basic = basic();
    let headers = [
        ("authorization", basic.as_str()),
        ("content-type", "application/json"),
        ("idempotence-key", key),
    ];
    send(provider, Method::POST, path, &headers, body.to_string()).await
}

async fn get_from_yookassa(provider: &Provider, path: &str) -> Answer {
    let headers = [("authorization", &*basic())];
    send(provider, Method::GET, path, &headers, String::new()).await.unwrap()
}

/// By the SBP, so much.
fn by_sbp(roubles: &str) -> Value {
    json!({
        "amount": {"value": roubles, "currency": "RUB"},
        "capture": true,
        "payment_method_data": {"type": "sbp"},
        "confirmation": {"type": "redirect", "return_url": "https://example.org/"},
        "metadata": {"attempt": "1"},
    })
}

#[tokio::test]
async fn a_reply_is_lost_before_the_deed_or_after() {
    let provider = Provider::start(Dialect::Yookassa);
    let faults = [Fault::Before(Trouble::Lost), Fault::After(Trouble::Lost)];
    provider.script(Call::Create, faults.map(Some));
    for made in [0, 1] {
        let lost = post_to_yookassa(&provider, "/payments", "a", by_sbp("10.00")).await;
        assert!(lost.is_err(), "{lost:?}");
        assert_eq!(provider.ledger().payments.len(), made);
    }
    let repeated = post_to_yookassa(&provider, "/payments", "a", by_sbp("10.00")).await.unwrap();
    assert_eq!(repeated["id"], provider.ledger().payments[0].id.as_str());
    assert_eq!(provider.ledger().payments.len(), 1);
    assert_eq!(provider.ledger().calls(Call::Create), 3);
}

#[tokio::test]
async fn replies_are_spoilt() {
    let provider = Provider::start(Dialect::Yookassa);
    let troubles = [Trouble::Half, Trouble::Gateway, Trouble::Portal, Trouble::Status(202)];
    provider.script(Call::List, troubles.map(|trouble| Some(Fault::Before(trouble))));
    let headers = [("authorization", &*basic())];
    let half = send(&provider, Method::GET, "/payments", &headers, String::new()).await;
    assert!(half.is_err(), "{half:?}");
    let mut seen = Vec::new();
    for _ in 0..4 {
        let answer = get_from_yookassa(&provider, "/payments").await;
        seen.push((answer.status, answer["type"].as_str().map(str::to_owned)));
    }
    let word = |word: &str| Some(word.to_owned());
    assert_eq!(seen, [(502, None), (200, None), (202, word("processing")), (200, word("list"))]);
}

#[tokio::test]
async fn silence_lasts_until_the_test_ends_it() {
    let provider = Provider::start(Dialect::Yookassa);
    provider.script(Call::Create, [None, Some(Fault::After(Trouble::Silence))]);
    post_to_yookassa(&provider, "/payments", "a", by_sbp("10.00")).await.unwrap();
    let silent = post_to_yookassa(&provider, "/payments", "b", by_sbp("10.00"));
    let test = async {
        while provider.held() == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(provider.ledger().payments.len(), 2, "it is done before it is silent");
        provider.release();
    };
    let (answer, ()) = tokio::join!(silent, test);
    assert_eq!(answer.unwrap()["status"], "pending");
    assert_eq!(provider.held(), 0);
}

#[tokio::test]
async fn whoever_gives_up_is_not_held() {
    let provider = Provider::start(Dialect::Yookassa);
    provider.script(Call::Create, [Some(Fault::After(Trouble::Silence))]);
    let silent = post_to_yookassa(&provider, "/payments", "a", by_sbp("10.00"));
    let until_held = async {
        while provider.held() == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        answer = silent => panic!("{answer:?}"),
        () = until_held => {}
    }
    while provider.held() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(provider.ledger().payments.len(), 1);
}

#[test]
fn a_provider_ends_with_its_value() {
    let provider = Provider::start(Dialect::Stripe);
    let address = provider.address;
    assert!(std::net::TcpStream::connect(address).is_ok());
    drop(provider);
    assert!(std::net::TcpStream::connect(address).is_err());
}
