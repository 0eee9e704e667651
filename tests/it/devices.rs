//! Tablets: pairing, signing in on them, and cutting them off.

use reqwest::Method;
use serde_json::{Value, json};

use crate::floor::sql;
use crate::harness::{Client, PASSWORD, PIN, Reply, Screen, TestApp, id};

/// A box as an owner has it: a PIN signs in on paired tablets only.
async fn real_box() -> TestApp {
    TestApp::start_with(|settings| settings.pin_needs_device = None).await
}

async fn offered_code(admin: &Client) -> Value {
    admin.post("/devices/pairing", &json!(null)).await.created()
}

async fn pair(app: &TestApp, code: &Value, name: &str) -> Reply {
    let wish = json!({"code": code["code"], "name": name});
    app.anonymous().post("/devices/pair", &wish).await
}

pub async fn paired(app: &TestApp, admin: &Client, name: &str) -> (i64, String) {
    let device = pair(app, &offered_code(admin).await, name).await.created();
    assert_eq!(device["name"], name);
    (id(&device), device["device_token"].as_str().unwrap().to_owned())
}

/// Tries a secret on the device with this token.
async fn sign_in(app: &TestApp, device: Option<&str>, secret: &str, what: &str) -> Reply {
    let nobody = app.anonymous();
    let path = if secret == "password" { "/auth/login" } else { "/auth/login/pin" };
    let mut request = nobody.request(Method::POST, path);
    if let Some(token) = device {
        request = request.header("X-Device", token);
    }
    nobody.send(request.json(&json!({"username": "waiter", secret: what}))).await
}

async fn by_pin(app: &TestApp, device: Option<&str>) -> Reply {
    sign_in(app, device, "pin_code", PIN).await
}

fn client(app: &TestApp, token: &Value) -> Client {
    Client::new(&app.base, token["access_token"].as_str())
}

async fn this(app: &TestApp, device: Option<&str>) -> Value {
    let nobody = app.anonymous();
    let request = nobody.request(Method::GET, "/devices/this");
    let request = match device {
        Some(token) => request.header("X-Device", token),
        None => request,
    };
    nobody.send(request).await.ok()
}

#[tokio::test]
async fn a_pin_signs_in_on_a_paired_tablet_only_and_a_password_anywhere() {
    let app = real_box().await;
    let admin = app.admin().await;
    let why = by_pin(&app, None).await.refused(403, "device_unknown");
    assert!(why.contains("not paired yet") && why.contains("password"), "{why}");
    by_pin(&app, Some("d_guessed")).await.refused(403, "device_unknown");
    sign_in(&app, None, "password", PASSWORD).await.ok();
    assert_eq!(this(&app, None).await, json!({"device": null, "pin_allowed": false}));

    let (device, token) = paired(&app, &admin, "Bar").await;
    let known = json!({"device": {"id": device, "name": "Bar"}, "pin_allowed": true});
    assert_eq!(this(&app, Some(&token)).await, known);
    let waiter = client(&app, &by_pin(&app, Some(&token)).await.ok());
    assert_eq!(waiter.get("/auth/me").await.ok()["username"], "waiter");
    let wrong = sign_in(&app, Some(&token), "pin_code", "0000").await;
    wrong.refused(401, "wrong_credentials");
    sign_in(&app, Some("d_guessed"), "password", PASSWORD).await.ok();
}

/// Who only sits in the Wi-Fi reads no names to try passwords with.
#[tokio::test]
async fn names_are_told_where_a_pin_signs_in_and_to_staff() {
    let app = real_box().await;
    let admin = app.admin().await;
    let (_, token) = paired(&app, &admin, "Bar").await;
    let left = json!({"username": "left", "full_name": "Left Us", "role": "waiter",
                      "password": PASSWORD, "is_active": false});
    admin.post("/users", &left).await.created();
    for (path, here) in [("/users/waiters", 1), ("/users/kitchen", 1)] {
        let nothing = json!({"users": [], "total": 0});
        assert_eq!(app.anonymous().get(path).await.ok(), nothing, "{path}");
        for guessed in ["d_guessed", ""] {
            let nobody = app.anonymous();
            let request = nobody.request(Method::GET, path).header("X-Device", guessed);
            assert_eq!(nobody.send(request).await.ok(), nothing, "{path}");
        }
        let tablet = app.anonymous();
        let request = tablet.request(Method::GET, path).header("X-Device", &token);
        assert_eq!(tablet.send(request).await.ok()["total"], here, "{path}");
        let inactive = tablet.request(Method::GET, &format!("{path}?is_active=false"));
        let inactive = tablet.send(inactive.header("X-Device", &token)).await.ok();
        assert_eq!(inactive, nothing, "{path}");
    }
    assert_eq!(admin.get("/users/waiters").await.ok()["total"], 2, "staff reads who left, too");
}

#[tokio::test]
async fn where_the_setting_says_so_a_pin_signs_in_anywhere() {
    let app = TestApp::start_with(|settings| settings.pin_needs_device = Some(false)).await;
    by_pin(&app, None).await.ok();
    assert_eq!(this(&app, None).await["pin_allowed"], true);
}

#[tokio::test]
async fn a_code_pairs_one_tablet_and_only_the_newest_counts() {
    let app = real_box().await;
    let admin = app.admin().await;
    for who in [app.waiter().await, app.manager().await, app.kitchen().await] {
        who.post("/devices/pairing", &json!(null)).await.refused(403, "wrong_role");
        who.get("/devices").await.refused(403, "wrong_role");
        who.patch("/devices/1", &json!({"name": "X"})).await.refused(403, "wrong_role");
        who.delete("/devices/1").await.refused(403, "wrong_role");
    }
    let old = offered_code(&admin).await;
    let code = offered_code(&admin).await;
    let (word, url) = (code["code"].as_str().unwrap(), code["url"].as_str().unwrap());
    assert!(url.ends_with(&format!("/app/waiter#pair={word}")), "{url}");
    assert!(code["qr_svg"].as_str().unwrap().starts_with("<svg"));
    pair(&app, &old, "Bar").await.refused(400, "wrong_pairing_code");
    pair(&app, &json!({"code": "AAAA-AAAA"}), "Bar").await.refused(400, "wrong_pairing_code");
    pair(&app, &code, " ").await.invalid("name");
    let typed = word.to_lowercase().replace('-', " ");
    pair(&app, &json!({"code": typed}), "Bar").await.created();
    pair(&app, &code, "Hall").await.refused(400, "wrong_pairing_code");

    // A name that is taken does not use the code up.
    let code = offered_code(&admin).await;
    let why = pair(&app, &code, "BAR").await.refused(400, "name_taken");
    assert!(why.contains("“BAR”"), "{why}");
    pair(&app, &code, "Hall").await.created();
}

#[tokio::test]
async fn a_code_ends_with_its_time_and_with_its_admin() {
    let app = real_box().await;
    let admin = app.admin().await;
    let code = offered_code(&admin).await;
    sql(&app, "UPDATE pairing_codes SET expires_at = 1").await;
    pair(&app, &code, "Bar").await.refused(400, "wrong_pairing_code");
    let code = offered_code(&admin).await;
    sql(&app, "UPDATE users SET is_active = 0 WHERE username = 'admin'").await;
    pair(&app, &code, "Bar").await.refused(400, "wrong_pairing_code");
}

#[tokio::test]
async fn guessing_codes_is_hopeless() {
    let app = TestApp::start_with(|settings| settings.rate_limit_requests = 100).await;
    let code = offered_code(&app.admin().await).await;
    let guess = json!({"code": "AAAA-AAAA"});
    for _ in 0..5 {
        pair(&app, &guess, "Bar").await.refused(400, "wrong_pairing_code");
    }
    pair(&app, &guess, "Bar").await.refused(429, "sign_in_shut");
    pair(&app, &code, "Bar").await.refused(429, "sign_in_shut");
    // Nobody who works here is locked out by it.
    app.waiter().await.get("/auth/me").await.ok();
}

#[tokio::test]
async fn an_admin_sees_renames_and_cuts_off() {
    let app = real_box().await;
    let admin = app.admin().await;
    let (mut office, _) = Screen::greeted(&app, &admin, None).await;
    let (bar, bar_token) = paired(&app, &admin, "Bar").await;
    let told = office.wait_for("device_changed").await;
    assert_eq!(told["data"], json!({"what": "paired", "id": bar}));
    let (hall, hall_token) = paired(&app, &admin, "Hall").await;
    let on_bar = client(&app, &by_pin(&app, Some(&bar_token)).await.ok());
    let by_password = sign_in(&app, Some(&bar_token), "password", PASSWORD).await.ok();
    let by_password = client(&app, &by_password);
    let on_hall = client(&app, &by_pin(&app, Some(&hall_token)).await.ok());

    let list = admin.get("/devices").await.ok();
    assert_eq!((&list["total"], &list["devices"][0]["name"]), (&json!(2), &json!("Bar")));
    assert_eq!(list["devices"][0]["signed_in"][0]["full_name"], "Test waiter");
    assert_eq!(list["devices"][0]["signed_in"].as_array().unwrap().len(), 1, "named once");
    assert_eq!(admin.get("/devices?limit=1&skip=1").await.ok()["devices"][0]["id"], hall);

    let path = format!("/devices/{bar}");
    admin.patch(&path, &json!({"name": "hall"})).await.refused(400, "name_taken");
    admin.patch(&path, &json!({"name": ""})).await.invalid("name");
    assert_eq!(admin.patch(&path, &json!({"name": "Terrace"})).await.ok()["name"], "Terrace");

    let (mut screen, _) = Screen::greeted(&app, &on_bar, None).await;
    admin.delete(&path).await.ok();
    assert_eq!(screen.closed().await, 4401);
    on_bar.get("/auth/me").await.refused(401, "token_expired");
    by_password.get("/auth/me").await.refused(401, "token_expired");
    by_pin(&app, Some(&bar_token)).await.refused(403, "device_unknown");
    assert_eq!(this(&app, Some(&bar_token)).await["device"], Value::Null);
    on_hall.get("/auth/me").await.ok();

    assert_eq!(admin.get("/devices").await.ok()["total"], 1);
    admin.delete(&path).await.refused(404, "not_found");
    admin.patch(&path, &json!({"name": "Bar"})).await.refused(404, "not_found");
    paired(&app, &admin, "Terrace").await;
}
