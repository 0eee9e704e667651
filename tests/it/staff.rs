//! The people who work here.

use serde_json::{Value, json};

use crate::harness::{Client, PASSWORD, PIN, TestApp};

/// Anna, a waiter whom the admin adds; returns her id.
async fn hire_anna(admin: &Client) -> i64 {
    let anna = json!({
        "username": "anna.k", "full_name": "Анна Королёва", "role": "waiter",
        "phone": "+7 900 123-45-67", "passport": "4500 123456", "pin_code": PIN,
        "password": PASSWORD, "created_by_id": 99,
    });
    let anna = admin.post("/users/", &anna).await.created();
    for secret in ["password", "password_hash", "pin_code", "pin_hash", "passport"] {
        assert!(anna.get(secret).is_none(), "{secret} is shown");
    }
    assert_eq!(anna["has_pin"], true);
    assert_eq!(anna["created_by_id"], admin.get("/auth/me").await.ok()["id"]);
    anna["id"].as_i64().unwrap()
}

async fn id_of(admin: &Client, username: &str) -> i64 {
    let found = admin.get(&format!("/users?search={username}")).await.ok();
    found["users"][0]["id"].as_i64().unwrap()
}

fn names(list: &Value) -> Vec<&str> {
    list["users"].as_array().unwrap().iter().map(|u| u["username"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_admin_hires_and_changes_people() {
    let app = TestApp::start().await;
    let (admin, manager, waiter) = (app.admin().await, app.manager().await, app.waiter().await);
    let id = hire_anna(&admin).await;
    let path = format!("/users/{id}");

    let taken = json!({"username": "ANNA.K", "full_name": "X Y", "role": "waiter",
                       "password": PASSWORD});
    let says = admin.post("/users", &taken).await.refused(400, "username_taken");
    assert!(says.contains("ANNA.K"));
    for (field, value) in [
        ("username", json!("an")),
        ("username", json!("анна")),
        ("full_name", json!("A")),
        ("role", json!("cook")),
        ("pin_code", json!("123")),
        ("pin_code", json!("12345x")),
        ("pin_code", json!("1111")),
        ("pin_code", json!("1234")),
        ("password", json!("short")),
        ("phone", json!("1".repeat(21))),
    ] {
        let mut wrong = json!({"username": "igor", "full_name": "Игорь", "role": "waiter",
                               "password": PASSWORD});
        wrong[field] = value;
        admin.post("/users", &wrong).await.invalid(field);
    }

    let changed = admin
        .patch(&path, &json!({"full_name": "Анна Орлова", "phone": null, "shift_active": true}))
        .await
        .ok();
    assert_eq!(changed["full_name"], "Анна Орлова");
    assert_eq!((&changed["phone"], &changed["shift_active"]), (&Value::Null, &json!(true)));
    assert_eq!(manager.get(&path).await.ok()["full_name"], "Анна Орлова");

    for refused in [
        waiter.get("/users").await,
        waiter.get(&path).await,
        manager.patch(&path, &json!({"is_active": false})).await,
        manager.delete(&path).await,
        manager.post("/users", &taken).await,
    ] {
        refused.refused(403, "wrong_role");
    }
    admin.get("/users/999").await.refused(404, "not_found");
    admin.patch("/users/999", &json!({})).await.refused(404, "not_found");
    admin.delete("/users/999").await.refused(404, "not_found");
}

#[tokio::test]
async fn people_are_found_whatever_the_case() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    hire_anna(&admin).await;
    for search in ["АННА", "королева", "Anna.K", "123-45"] {
        assert_eq!(names(&admin.get(&format!("/users/?search={search}")).await.ok()), ["anna.k"]);
    }
    assert_eq!(admin.get("/users?search=%25").await.ok()["total"], 0);
    assert_eq!(names(&admin.get("/users?role=kitchen").await.ok()), ["kitchen"]);
    let page = admin.get("/users?is_active=true&limit=2").await.ok();
    assert_eq!((page["total"].as_i64(), names(&page).len()), (Some(5), 2));
    admin.get("/users?role=cook").await.invalid("role");
}

#[tokio::test]
async fn before_signing_in_one_sees_names_only() {
    let app = TestApp::start().await;
    let (admin, nobody) = (app.admin().await, app.anonymous());
    let id = hire_anna(&admin).await;
    let waiters = nobody.get("/users/waiters?is_active=true").await.ok();
    assert_eq!(names(&waiters), ["waiter", "anna.k"]);
    assert_eq!(
        waiters["users"][1],
        json!({"id": id, "username": "anna.k", "full_name": "Анна Королёва", "avatar_url": null})
    );
    assert_eq!(names(&nobody.get("/users/waiters?search=аННа").await.ok()), ["anna.k"]);
    assert_eq!(nobody.get("/users/waiters?search=123-45").await.ok()["total"], 0);
    assert_eq!(names(&nobody.get("/users/kitchen").await.ok()), ["kitchen"]);
    nobody.get("/users").await.refused(401, "no_token");
}

#[tokio::test]
async fn whoever_is_let_go_is_out_at_once() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = format!("/users/{}", id_of(&admin, "waiter").await);
    let sign_in = json!({"username": "waiter", "password": PASSWORD});

    for change in [json!({"is_active": false}), json!({"role": "kitchen"})] {
        let waiter = app.waiter().await;
        waiter.get("/auth/me").await.ok();
        admin.patch(&path, &change).await.ok();
        waiter.get("/auth/me").await.refused(401, "token_expired");
        admin.patch(&path, &json!({"is_active": true, "role": "waiter"})).await.ok();
        waiter.get("/auth/me").await.refused(401, "token_expired");
    }

    let waiter = app.waiter().await;
    admin.delete(&path).await.ok();
    waiter.get("/auth/me").await.refused(401, "token_expired");
    app.anonymous().post("/auth/login", &sign_in).await.refused(401, "wrong_credentials");
    admin.get(&path).await.refused(404, "not_found");
    // The name is free again.
    let again = json!({"username": "waiter", "full_name": "New", "role": "waiter",
                       "password": PASSWORD});
    admin.post("/users", &again).await.created();
    app.waiter().await.get("/auth/me").await.ok();
}

#[tokio::test]
async fn the_last_admin_stays() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = format!("/users/{}", id_of(&admin, "admin").await);
    admin.patch(&path, &json!({"is_active": false})).await.refused(400, "last_admin");
    admin.patch(&path, &json!({"role": "manager"})).await.refused(400, "last_admin");
    admin.delete(&path).await.refused(400, "own_account");
    // Nothing of what was refused stayed: he is still signed in.
    assert_eq!(admin.get("/auth/me").await.ok()["role"], "admin");

    let second = format!("/users/{}", id_of(&admin, "manager").await);
    admin.patch(&second, &json!({"role": "admin"})).await.ok();
    let manager = app.manager().await;
    manager.patch(&path, &json!({"role": "manager"})).await.ok();
    admin.get("/auth/me").await.refused(401, "token_expired");
    manager.patch(&second, &json!({"is_active": false})).await.refused(400, "last_admin");
}

#[tokio::test]
async fn a_new_password_ends_the_other_sign_ins() {
    let app = TestApp::start().await;
    let (admin, tablet, phone) = (app.admin().await, app.waiter().await, app.waiter().await);
    let id = id_of(&admin, "waiter").await;
    let path = format!("/users/{id}/password");
    let change = |old: &str, new: &str| json!({"current_password": old, "new_password": new});

    tablet.patch(&path, &change("wrong", "new secret")).await.refused(400, "wrong_password");
    tablet.patch(&path, &change(PASSWORD, "12345")).await.invalid("new_password");
    let others = format!("/users/{}/password", id_of(&admin, "kitchen").await);
    tablet.patch(&others, &change(PASSWORD, "new secret")).await.refused(403, "wrong_role");
    phone.get("/auth/me").await.ok();

    tablet.patch(&path, &change(PASSWORD, "new secret")).await.ok();
    tablet.get("/auth/me").await.ok();
    phone.get("/auth/me").await.refused(401, "token_expired");
    let sign_in = |password: &str| json!({"username": "waiter", "password": password});
    let nobody = app.anonymous();
    nobody.post("/auth/login", &sign_in(PASSWORD)).await.refused(401, "wrong_credentials");
    nobody.post("/auth/login", &sign_in("new secret")).await.ok();

    // An admin proves himself by his own password, or by the other's.
    admin.patch(&path, &change(PASSWORD, "newer secret")).await.ok();
    tablet.get("/auth/me").await.refused(401, "token_expired");
    admin.patch(&path, &change("newer secret", "newest secret")).await.ok();
    nobody.post("/auth/login", &sign_in("newest secret")).await.ok();
    admin.patch("/users/999/password", &change(PASSWORD, "secret")).await.refused(404, "not_found");
}

#[tokio::test]
async fn guessing_the_current_password_is_hopeless() {
    let app = TestApp::start_with(|settings| settings.rate_limit_requests = 1_000).await;
    let waiter = app.waiter().await;
    let id = waiter.get("/auth/me").await.ok()["id"].as_i64().unwrap();
    let path = format!("/users/{id}/password");
    let guess = json!({"current_password": "guess", "new_password": "new secret"});
    for _ in 0..5 {
        waiter.patch(&path, &guess).await.refused(400, "wrong_password");
    }
    waiter.patch(&path, &guess).await.refused(429, "sign_in_shut");
}

#[tokio::test]
async fn a_pin_can_be_given_shared_and_taken_away() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let id = hire_anna(&admin).await;
    let path = format!("/users/{id}");
    let sign_in = |pin: &str| json!({"username": "anna.k", "pin_code": pin});
    let nobody = app.anonymous();
    // She has the same PIN as everybody else here: the name tells them apart.
    nobody.post("/auth/login/pin", &sign_in(PIN)).await.ok();
    admin.patch(&path, &json!({"pin_code": "770077"})).await.ok();
    nobody.post("/auth/login/pin", &sign_in(PIN)).await.refused(401, "wrong_credentials");
    nobody.post("/auth/login/pin", &sign_in("770077")).await.ok();
    admin.patch(&path, &json!({"full_name": "Anna"})).await.ok();
    nobody.post("/auth/login/pin", &sign_in("770077")).await.ok();
    assert_eq!(admin.patch(&path, &json!({"pin_code": null})).await.ok()["has_pin"], false);
    nobody.post("/auth/login/pin", &sign_in("770077")).await.refused(401, "wrong_credentials");
    admin.patch(&path, &json!({"pin_code": "1"})).await.invalid("pin_code");
}

/// Screens 7: a waiter is given a PIN and no password, and works with it; an admin needs one.
#[tokio::test]
async fn a_pin_alone_is_enough_for_who_is_no_admin() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let with = |role: &str, more: Value| {
        let mut person = json!({"username": "nino", "full_name": "Nino", "role": role});
        person.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        person
    };
    let pin = json!({"pin_code": "4711"});
    admin.post("/users", &with("waiter", json!({}))).await.refused(400, "secret_needed");
    admin.post("/users", &with("admin", pin.clone())).await.refused(400, "secret_needed");
    let nino = admin.post("/users", &with("waiter", pin)).await.created();
    let by_pin = json!({"username": "nino", "pin_code": "4711"});
    app.anonymous().post("/auth/login/pin", &by_pin).await.ok();
    // Later an admin gives a password too, by their own.
    let new = json!({"current_password": PASSWORD, "new_password": "warm bread rolls"});
    admin.patch(&format!("/users/{}/password", nino["id"]), &new).await.ok();
    let by_password = json!({"username": "nino", "password": "warm bread rolls"});
    app.anonymous().post("/auth/login", &by_password).await.ok();
    for weak in ["1111", "1234", "9876", "2323"] {
        let weak = json!({"pin_code": weak});
        let refused = admin.patch(&format!("/users/{}", nino["id"]), &weak).await;
        assert!(refused.text().contains("tried first"), "{}", refused.text());
        refused.invalid("pin_code");
    }
}
