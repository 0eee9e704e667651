//! What stands around every request.

use reqwest::Method;
use serde_json::json;

use crate::harness::TestApp;

#[tokio::test]
async fn every_reply_tells_a_browser_to_be_careful() {
    let app = TestApp::start().await;
    for path in ["/health", "/dishes/menu", "/auth/me", "/no/such/thing"] {
        let reply = app.anonymous().get(path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "strict-origin-when-cross-origin"),
        ] {
            assert_eq!(reply.headers[name], value, "{path}");
        }
        let policy = reply.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"), "{path}");
    }
}

#[tokio::test]
async fn a_request_keeps_its_id() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    let given = nobody.request(Method::GET, "/health").header("x-request-id", "tablet-7");
    assert_eq!(nobody.send(given).await.headers["x-request-id"], "tablet-7");
    let first = nobody.get("/health").await.headers["x-request-id"].clone();
    assert_ne!(first, nobody.get("/health").await.headers["x-request-id"]);
}

#[tokio::test]
async fn a_body_has_a_largest_size() {
    let app = TestApp::start_with(|settings| settings.max_request_size = 10_000).await;
    let admin = app.admin().await;
    let large = json!({"name": "x".repeat(20_000)});
    admin.post("/payment-methods", &large).await.refused(413, "too_large");
    admin.post("/payment-methods", &json!({"name": "Cash"})).await.created();
}

#[tokio::test]
async fn a_body_must_be_json() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for body in ["", "{", "null", "[1,2", "name=Cash", "\u{feff}{}", "{\"name\":\"\\ud800\"}"] {
        let raw = admin.request(Method::POST, "/payment-methods").body(body);
        admin.send(raw).await.refused(422, "invalid");
    }
    let deep = "[".repeat(100_000);
    let raw = admin.request(Method::POST, "/payment-methods").body(deep);
    admin.send(raw).await.refused(422, "invalid");
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    let app = TestApp::start().await;
    let body = json!({"username": "a", "full_name": " ", "role": "king", "password": "short"});
    let refused = app.admin().await.post("/users", &body).await;
    let wrong = refused.json()["errors"].clone();
    let mut fields: Vec<_> =
        wrong.as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["full_name", "password", "role", "username"], "{wrong}");
    let says = refused.refused(422, "invalid");
    assert_eq!(says, "4 fields are wrong; nothing was changed.");
}
