//! The owner's address hears of what admins are told at once: signed, and again until it answers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::hmac;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use qres::platform::security::events::{Kind, SecurityEvent};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::harness::{TestApp, eventually};

const SECRET: &str = "what the owner and the box know";

/// What came in, and how many more are to be turned away before that.
#[derive(Clone, Default)]
struct Gateway(Arc<Mutex<(usize, Requests)>>);

type Requests = Vec<(HeaderMap, String)>;

impl Gateway {
    async fn open(failures: usize) -> (Self, String) {
        let gateway = Self(Arc::new(Mutex::new((failures, Vec::new()))));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?token=of-the-owner", listener.local_addr().unwrap());
        let router = Router::new().route("/hook", post(take)).with_state(gateway.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (gateway, url)
    }

    fn came(&self) -> Requests {
        self.0.lock().unwrap().1.clone()
    }
}

async fn take(State(gateway): State<Gateway>, headers: HeaderMap, body: String) -> StatusCode {
    let mut inside = gateway.0.lock().unwrap();
    inside.1.push((headers, body));
    if inside.0 == 0 {
        return StatusCode::NO_CONTENT;
    }
    inside.0 -= 1;
    StatusCode::SERVICE_UNAVAILABLE
}

async fn box_with(url: String) -> TestApp {
    TestApp::start_with(|settings| {
        settings.webhook_url = Some(url);
        settings.webhook_secret = Some(SECRET.into());
    })
    .await
}

fn attack(what: &'static str) -> SecurityEvent {
    SecurityEvent::new(Kind::Violation, what).from([192, 0, 2, 9].into())
}

#[tokio::test]
async fn a_message_is_signed_and_brought_again_until_it_is_taken() {
    let (gateway, url) = Gateway::open(1).await;
    let app = box_with(url).await;
    app.app.security_events.record(attack("traversal").detail("/../etc"));
    app.app.security_events.record(SecurityEvent::new(Kind::SignInFailed, "wrong_secret"));
    eventually("a second try", async || gateway.came().len() == 2).await;

    let came = gateway.came();
    assert_eq!(came[0].1, came[1].1, "the same message");
    let keys: Vec<_> = came.iter().map(|(headers, _)| headers["idempotency-key"].clone()).collect();
    assert_eq!(keys[0], keys[1]);
    for (headers, body) in came {
        let header = |name: &str| headers[name].to_str().unwrap().to_owned();
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        let signed = format!("{}.{body}", header("x-qres-timestamp"));
        let digits = header("x-qres-signature").strip_prefix("sha256=").unwrap().to_owned();
        let tag: Vec<u8> = (0..digits.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
            .collect();
        hmac::verify(&key, signed.as_bytes(), &tag).expect("the signature fits");
        let sent: i64 = header("x-qres-timestamp").parse().unwrap();
        assert!((qres::core::clock::now().0 / 1000 - sent).abs() < 60);
        let message: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(message["id"], header("idempotency-key"));
        assert_eq!(message["restaurant"], "Test");
        assert_eq!(message["event"]["kind"], "violation");
        assert_eq!(message["event"]["address"], "192.0.2.9");
    }
    // What does not alarm is not sent, and what was taken does not come again.
    app.app.security_events.record(attack("last"));
    eventually("the next message", async || gateway.came().len() == 3).await;
    let (headers, body) = gateway.came().remove(2);
    assert!(body.contains("\"what\":\"last\""));
    assert_ne!(headers["idempotency-key"], keys[0], "another message");
}

#[tokio::test]
async fn an_address_where_nobody_is_is_seen_among_the_jobs() {
    let app = box_with("http://127.0.0.1:1/hook?token=of-the-owner".into()).await;
    let admin = app.admin().await;
    app.app.security_events.record(attack("traversal"));
    let jobs = async || admin.get("/jobs").await.ok()["jobs"].clone();
    let is_tried = async || jobs().await[0]["attempts"].as_i64() >= Some(1);
    eventually("a first try", async || {
        is_tried().await && !jobs().await[0]["last_error"].is_null()
    })
    .await;
    let job = jobs().await[0].clone();
    assert_eq!((&job["kind"], &job["lane"]), (&"webhook".into(), &"webhook".into()));
    let why = job["last_error"].as_str().unwrap();
    assert!(why.contains("refused") && !why.contains("token"), "{why}");
}

#[tokio::test]
async fn an_address_that_hangs_holds_up_nothing() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let app = box_with(format!("http://{}/", silent.local_addr().unwrap())).await;
    for _ in 0..300 {
        app.app.security_events.record(attack("traversal"));
    }
    let admin = app.admin().await;
    let soon = tokio::time::timeout(Duration::from_secs(5), admin.get("/security/events"));
    soon.await.expect("the box answers").ok();
}
