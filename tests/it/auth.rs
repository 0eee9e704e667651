//! Signing in and out.

use serde_json::json;

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
    let long_ago = qres::kernel::Timestamp(qres::clock::now().0 - 24 * 3_600_000);
    let old = app.app.auth.tokens.issue(1, uuid::Uuid::now_v7(), long_ago).unwrap();
    Client::new(&app.base, Some(&old)).get("/auth/me").await.refused(401, "token_expired");
    // One that is signed by us but names no session of ours: a copied database was put back.
    let fresh = app.app.auth.tokens.issue(1, uuid::Uuid::now_v7(), qres::clock::now()).unwrap();
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
