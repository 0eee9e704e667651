//! The first start, and what an admin changes of the restaurant later.

use serde_json::{Value, json};

use crate::floor::sql;
use crate::harness::TestApp;

/// A box without an admin, as it is at its first start.
async fn new_box() -> TestApp {
    let app = TestApp::start_with(|settings| {
        settings.restaurant_name = None;
        settings.rate_limit_requests = 100;
    })
    .await;
    sql(&app, "DELETE FROM users WHERE role = 'admin'").await;
    app
}

fn request(code: &str) -> Value {
    json!({
        "code": code,
        "restaurant": {"name": "Печь", "currency": "EUR", "timezone": "Europe/Berlin",
                       "languages": ["de", "en"]},
        "admin": {"username": "nino", "full_name": "Nino G", "password": "a good secret",
                  "pin_code": "4711"},
    })
}

async fn leads_to(app: &TestApp, path: &str) -> Option<String> {
    let client =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let reply = client.get(format!("{}{path}", app.base)).send().await.unwrap();
    let address = reply.headers().get("location")?;
    assert_eq!(reply.status(), 303);
    Some(address.to_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_new_box_is_set_up_once_by_the_code_of_its_console() {
    let app = new_box().await;
    let anybody = app.anonymous();
    assert_eq!(anybody.get("/setup/state").await.ok(), json!({"needed": true, "restored": false}));
    for page in ["/", "/app/admin", "/app/waiter"] {
        assert_eq!(leads_to(&app, page).await.as_deref(), Some("/setup"), "{page}");
    }
    assert_eq!(leads_to(&app, "/setup").await, None);
    anybody.post("/setup", &request("")).await.invalid("code");
    anybody.post("/setup", &request("AAAAA-AAAAA")).await.refused(403, "wrong_setup_code");

    let code = app.app.state::<qres::features::setup::Setup>().new_code().unwrap();
    let mut wrong = request(&code);
    wrong["restaurant"]["timezone"] = json!("Mars/North");
    anybody.post("/setup", &wrong).await.invalid("restaurant.timezone");
    wrong = request(&code);
    wrong["admin"]["password"] = json!("short");
    anybody.post("/setup", &wrong).await.invalid("admin.password");
    assert_eq!(anybody.get("/restaurant").await.ok()["name"], "QRes", "nothing was kept");

    let nino = anybody.post("/setup", &request(&code)).await.created();
    assert_eq!((&nino["role"], &nino["has_pin"]), (&json!("admin"), &json!(true)));
    let restaurant = anybody.get("/restaurant").await.ok();
    assert_eq!((&restaurant["name"], &restaurant["currency"]), (&json!("Печь"), &json!("EUR")));
    assert_eq!(restaurant["timezone"], "Europe/Berlin");
    let secret = json!({"username": "nino", "password": "a good secret"});
    anybody.post("/auth/login", &secret).await.ok();
    anybody.post("/auth/login/pin", &json!({"username": "nino", "pin_code": "4711"})).await.ok();
    // Screens 25: the first bill of a new restaurant can be closed.
    let sql = "SELECT group_concat(name) FROM payment_methods WHERE is_active = 1";
    let methods: String = app.database().query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(methods, "Cash,Card");
    // And its store room is called as it speaks.
    let sql = "SELECT name FROM stock_places";
    let place = || app.database().query_row::<String, _, _>(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(place(), "Storeroom");

    assert_eq!(anybody.get("/setup/state").await.ok(), json!({"needed": false, "restored": false}));
    anybody.post("/setup", &request(&code)).await.refused(409, "already_set_up");
    assert_eq!(leads_to(&app, "/setup").await.as_deref(), Some("/app/admin"));
    assert_eq!(leads_to(&app, "/app/admin").await, None);
}

#[tokio::test]
async fn guessing_the_code_shuts_the_door() {
    let app = new_box().await;
    let code = app.app.state::<qres::features::setup::Setup>().new_code().unwrap();
    let mut tries = 0;
    loop {
        let reply = app.anonymous().post("/setup", &request("BBBBB-BBBBB")).await;
        if reply.status == 429 {
            break;
        }
        reply.refused(403, "wrong_setup_code");
        tries += 1;
        assert!(tries < 10, "the door stays open");
    }
    app.anonymous().post("/setup", &request(&code)).await.refused(429, "sign_in_shut");
}

#[tokio::test]
async fn an_admin_changes_the_restaurant() {
    let app = TestApp::start_with(|settings| settings.restaurant_name = None).await;
    let (admin, manager) = (app.admin().await, app.manager().await);
    let wanted = json!({"name": "Oven", "timezone": "Asia/Tbilisi", "currency": "GEL",
                         "languages": ["ka"], "guest_orders": "direct"});
    let changed = admin.patch("/restaurant", &wanted).await.ok();
    for field in ["name", "timezone", "currency", "languages", "guest_orders"] {
        assert_eq!(changed[field], wanted[field], "{field}");
    }
    assert_eq!(admin.patch("/restaurant", &json!({})).await.ok(), changed);
    assert_eq!(app.anonymous().get("/restaurant").await.ok(), changed);
    manager.patch("/restaurant", &json!({"name": "Mine"})).await.refused(403, "wrong_role");
    admin.patch("/restaurant", &json!({"name": " "})).await.invalid("name");
    admin.patch("/restaurant", &json!({"currency": "lari"})).await.invalid("currency");
    admin.patch("/restaurant", &json!({"languages": []})).await.invalid("languages");
    admin.patch("/restaurant", &json!({"timezone": "Mars/North"})).await.invalid("timezone");
    admin.patch("/restaurant", &json!({"guest_orders": "never"})).await.invalid("guest_orders");
}

#[tokio::test]
async fn what_the_settings_say_stays() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    assert_eq!(admin.get("/restaurant").await.ok()["fixed"], json!(["name"]));
    let why = admin.patch("/restaurant", &json!({"name": "Other"})).await;
    assert!(why.refused(400, "fixed_by_settings").contains("name"));
    admin.patch("/restaurant", &json!({"guest_orders": "confirm_always"})).await.ok();
}
