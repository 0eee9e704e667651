//! Signing in and out.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Client, PASSWORD, PIN, Screen, TestApp};

#[tokio::test]
async fn a_password_or_a_pin_signs_in() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for (path, secret) in [("/auth/login", "password"), ("/auth/login/pin", "pin_code")] {
        let right = if secret == "password" { PASSWORD } else { PIN };
        let token = nobody.post(path, &json!({"username": "WAITER", secret: right})).await.ok();
        assert_eq!(token["token_type"], "bearer");
        let me = Client::new(&app.base, token["access_token"].as_str()).get("/auth/me").await.ok();
        assert_eq!(
            (me["username"].as_str(), me["role"].as_str()),
            (Some("waiter"), Some("waiter"))
        );
        assert!(me.get("password_hash").is_none() && me.get("pin_code").is_none());
        let wrong = json!({"username": "waiter", secret: "0000"});
        nobody.post(path, &wrong).await.refused(401, "wrong_credentials");
        let nobody_known = json!({"username": "ghost", secret: right});
        nobody.post(path, &nobody_known).await.refused(401, "wrong_credentials");
    }
    nobody.post("/auth/login", &json!({"username": "waiter"})).await.invalid("password");
}

#[tokio::test]
async fn signing_out_ends_that_token_and_no_other() {
    let app = TestApp::start().await;
    let (tablet, phone) = (app.waiter().await, app.waiter().await);
    tablet.post("/auth/logout", &json!({})).await.ok();
    tablet.get("/auth/me").await.refused(401, "token_expired");
    phone.get("/auth/me").await.ok();
}

#[tokio::test]
async fn without_a_good_token_nothing_opens() {
    let app = TestApp::start().await;
    app.anonymous().get("/auth/me").await.refused(401, "no_token");
    Client::new(&app.base, Some("rubbish")).get("/auth/me").await.refused(401, "bad_token");
}

#[tokio::test]
async fn a_token_ends_with_its_time() {
    let app = TestApp::start().await;
    let long_ago = qres::core::kernel::Timestamp(qres::core::clock::now().0 - 24 * 3_600_000);
    let old = app.app.auth.tokens.issue(1, uuid::Uuid::now_v7(), long_ago).unwrap();
    Client::new(&app.base, Some(&old)).get("/auth/me").await.refused(401, "token_expired");
    // One that is signed by us but names no session of ours: a copied database was put back.
    let fresh =
        app.app.auth.tokens.issue(1, uuid::Uuid::now_v7(), qres::core::clock::now()).unwrap();
    Client::new(&app.base, Some(&fresh)).get("/auth/me").await.refused(401, "token_expired");
}

#[tokio::test]
async fn guessing_is_answered_with_a_closed_door() {
    let app = TestApp::start_with(|settings| settings.rate_limit_requests = 100).await;
    let (mut screen, _) = Screen::greeted(&app, &app.admin().await, None).await;
    let guess = json!({"username": "waiter", "pin_code": "0000"});
    for _ in 0..5 {
        app.anonymous().post("/auth/login/pin", &guess).await.refused(401, "wrong_credentials");
    }
    let shut = app.anonymous().post("/auth/login/pin", &guess).await;
    assert!(shut.headers["retry-after"].to_str().unwrap().parse::<u32>().unwrap() <= 61);
    shut.refused(429, "sign_in_shut");
    let alert = screen.wait_for("security_alert").await;
    assert_eq!(alert["data"]["username"], "waiter");
    // The others still get in.
    app.manager().await.get("/auth/me").await.ok();
}

fn networked(settings: &mut qres::platform::config::Settings) {
    settings.rate_limit_requests = 1000;
    settings.trusted_proxies = vec!["127.0.0.1".to_owned().try_into().unwrap()];
    settings.http_staff = Some(true);
}

/// A try from an address of the restaurant's network.
async fn try_from(app: &TestApp, address: &str, path: &str, body: &Value) -> u16 {
    let request = app.anonymous().request(Method::POST, path).json(body);
    let request = request.header("x-forwarded-for", address);
    app.anonymous().send(request).await.status.as_u16()
}

/// How many of the tries at one place were looked at: the others hear that the door is shut.
fn looked_at(statuses: &[u16]) -> usize {
    assert!(statuses.iter().all(|status| matches!(status, 401 | 429)), "{statuses:?}");
    statuses.iter().filter(|status| **status == 401).count()
}

/// N2: the count is taken before the secret is looked at, so three hundred at once get no further
/// than one after the other; and whoever has a paired tablet does not wait for them.
#[tokio::test]
async fn three_hundred_guesses_at_once_are_five() {
    let app = TestApp::start_with(networked).await;
    let admin = app.admin().await;
    let code = admin.post("/devices/pairing", &json!(null)).await.created();
    let pair = json!({"code": code["code"], "name": "Bar"});
    let tablet = app.anonymous().post("/devices/pair", &pair).await.created();

    let guesses: Vec<Value> = (0..300)
        .map(|n| json!({"username": "waiter", "pin_code": format!("{:04}", 5000 + n)}))
        .collect();
    // As many at once as the box takes connections of one program.
    let tries =
        guesses.iter().map(|guess| try_from(&app, "192.168.1.66", "/auth/login/pin", guess));
    let crowd = stream::iter(tries).buffer_unordered(100).collect::<Vec<_>>();
    let honest = async {
        let began = Instant::now();
        let pin = json!({"username": "waiter", "pin_code": PIN});
        let request = app.anonymous().request(Method::POST, "/auth/login/pin").json(&pin);
        let token = tablet["device_token"].as_str().unwrap();
        app.anonymous().send(request.header("x-device", token)).await.ok();
        began.elapsed()
    };
    let (statuses, waited) = tokio::join!(crowd, honest);
    assert_eq!(looked_at(&statuses), 5);
    assert!(waited < Duration::from_secs(5), "a paired tablet waits {waited:?}");
    let right = json!({"username": "waiter", "pin_code": PIN});
    assert_eq!(try_from(&app, "192.168.1.66", "/auth/login/pin", &right).await, 429);
}

/// N2: the same for passwords, spread over many names from one address.
#[tokio::test]
async fn guesses_at_many_names_at_once_share_the_places_budget() {
    let app = TestApp::start_with(networked).await;
    let guesses: Vec<Value> = (0..100)
        .map(|n| json!({"username": format!("name{n}"), "password": "not this one"}))
        .collect();
    let tries = guesses.iter().map(|guess| try_from(&app, "192.168.1.66", "/auth/login", guess));
    assert_eq!(looked_at(&join_all(tries).await), 50);
}

/// N2: of those who know their secret nobody is refused, however many come at once.
#[tokio::test]
async fn people_who_sign_in_at_once_all_get_in() {
    let app = TestApp::start_with(networked).await;
    let right = json!({"username": "waiter", "password": PASSWORD});
    let tries = (0..20).map(|_| try_from(&app, "192.168.1.5", "/auth/login", &right));
    assert!(join_all(tries).await.iter().all(|status| *status == 200));
}
