//! The audit trail: what people changed is written down with the change, and whoever edits the
//! trail by hand is found out.

use std::process::Command;

use qres::platform::audit::{head, verify};
use serde_json::{Value, json};

use crate::harness::{Client, House, TestApp, id};

async fn entries(admin: &Client, query: &str) -> Vec<Value> {
    admin.get(&format!("/audit{query}")).await.ok()["entries"].as_array().unwrap().clone()
}

/// The newest entry of an action.
async fn newest(admin: &Client, action: &str) -> Value {
    let all = entries(admin, "").await;
    let found = all.into_iter().find(|entry| entry["action"] == action);
    found.unwrap_or_else(|| panic!("no entry tells of {action}"))
}

#[tokio::test]
async fn prices_and_voids_and_refunds_leave_a_trace() {
    let house = House::open().await;
    let path = format!("/dishes/{}/variations/{}", house.borscht, house.borscht_portion);
    house.admin.patch(&path, &json!({"price": "380.00"})).await.ok();
    house.admin.patch(&path, &json!({"description": "with sour cream"})).await.ok();
    let price = newest(&house.admin, "price_changed").await;
    assert_eq!(
        (&price["before"]["price"], &price["after"]["price"]),
        (&json!("350.00"), &json!("380.00"))
    );
    assert_eq!(
        (&price["username"], &price["subject"]),
        (&json!("admin"), &json!("dish_variation"))
    );
    assert_eq!(price["subject_id"], house.borscht_portion);
    let all = entries(&house.admin, "").await;
    assert_eq!(all.iter().filter(|entry| entry["action"] == "price_changed").count(), 1);

    let order = house.place().await;
    let line = &order["items"][0];
    let path = format!("/orders/{}/items/{}", id(&order), id(line));
    house.waiter.patch(&path, &json!({"quantity": 3})).await.ok();
    house.waiter.delete(&path).await.ok();
    let void = newest(&house.admin, "line_removed").await;
    assert_eq!(void["username"], "waiter");
    assert_eq!(void["before"]["line"], json!({"dish": "Borscht", "quantity": 3, "unit": null}));
    assert_eq!(
        (&void["before"]["total"], &void["after"]["total"]),
        (&json!("1140.00"), &json!("0.00"))
    );
    newest(&house.admin, "line_changed").await;

    let cancelled = house.place().await;
    house.move_order(&house.admin, id(&cancelled), "CANCELLED").await.ok();
    let entry = newest(&house.admin, "order_cancelled").await;
    assert_eq!((&entry["subject_id"], &entry["username"]), (&cancelled["id"], &json!("admin")));

    let paid = house.place().await;
    let path = format!("/orders/{}/payment", id(&paid));
    let pay = json!({"payment_status": "PAID", "payment_method_id": house.cash});
    house.admin.patch(&path, &pay).await.ok();
    let back = json!({"payment_status": "REFUNDED", "reason": "cold soup"});
    house.admin.patch(&path, &back).await.ok();
    let refund = newest(&house.admin, "payment_refunded").await;
    assert_eq!(refund["before"]["payment_status"], "PAID");
    assert_eq!(
        (&refund["after"]["amount"], &refund["after"]["reason"]),
        (&json!("380.00"), &json!("cold soup"))
    );
}

#[tokio::test]
async fn people_devices_and_settings_leave_a_trace_without_their_secrets() {
    let app = TestApp::start_with(|settings| settings.restaurant_name = None).await;
    let admin = app.admin().await;
    let olga = json!({"username": "olga", "full_name": "Olga", "role": "waiter",
                      "password": "a long password of hers", "pin_code": "8642"});
    let olga = id(&admin.post("/users", &olga).await.created());
    let path = format!("/users/{olga}");
    admin.patch(&path, &json!({"role": "manager", "pin_code": "9753"})).await.ok();
    admin.patch(&path, &json!({"is_active": false})).await.ok();
    admin.delete(&path).await.ok();
    let role = newest(&admin, "role_changed").await;
    assert_eq!(role["before"], json!({"role": "waiter"}));
    assert_eq!(role["after"], json!({"role": "manager", "pin": "new"}));
    for action in ["person_added", "person_changed", "person_removed"] {
        assert_eq!(newest(&admin, action).await["subject_id"], olga, "{action}");
    }

    let code = admin.post("/devices/pairing", &json!(null)).await.created();
    let wish = json!({"code": code["code"], "name": "Bar"});
    let device = app.anonymous().post("/devices/pair", &wish).await.created();
    admin.patch(&format!("/devices/{}", id(&device)), &json!({"name": "Terrace"})).await.ok();
    admin.delete(&format!("/devices/{}", id(&device))).await.ok();
    assert_eq!(newest(&admin, "device_renamed").await["after"], json!({"name": "Terrace"}));
    assert_eq!(newest(&admin, "device_cut_off").await["before"], json!({"name": "Terrace"}));

    admin.patch("/restaurant", &json!({"name": "Chez Olga"})).await.ok();
    let settings = newest(&admin, "settings_changed").await;
    assert_eq!(settings["after"], json!({"name": "Chez Olga"}));
    let method = id(&admin.post("/payment-methods", &json!({"name": "Cash"})).await.created());
    admin.delete(&format!("/payment-methods/{method}")).await.ok();
    newest(&admin, "payment_method_removed").await;

    let all = json!(entries(&admin, "").await).to_string();
    let token = device["device_token"].as_str().unwrap();
    for secret in ["a long password", "8642", "9753", token, "argon2"] {
        assert!(!all.contains(secret), "{secret} stands in the audit trail");
    }
}

#[tokio::test]
async fn a_change_that_is_refused_leaves_none() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let before = head(&app.database()).unwrap();
    admin.patch("/users/1", &json!({"role": "waiter"})).await.refused(400, "last_admin");
    assert_eq!(head(&app.database()).unwrap(), before);
}

#[tokio::test]
async fn admins_read_it_page_by_page_and_by_subject() {
    let house = House::open().await;
    house.waiter.get("/audit").await.refused(403, "wrong_role");
    house.app.anonymous().get("/audit").await.refused(401, "no_token");
    let list = house.admin.get("/audit?limit=2").await.ok();
    assert_eq!(list["total"], list["entries"][0]["id"]);
    let methods = house.admin.get("/audit?subject=payment_method").await.ok();
    assert_eq!(methods["total"], 2);
    let one = format!("/audit?subject=payment_method&subject_id={}", house.cash);
    assert_eq!(house.admin.get(&one).await.ok()["total"], 1);
    assert_eq!(house.admin.get("/audit?user_id=3").await.ok()["total"], 0);
}

/// What is done to the trail by hand, and the word by which it is found.
const FORGERIES: [(&str, &str); 7] = [
    ("UPDATE audit SET after = '{\"price\":\"1.00\"}' WHERE id = 3", "entry 3 "),
    ("UPDATE audit SET username = 'somebody' WHERE id = 2", "entry 2 "),
    ("UPDATE audit SET at = at - 1 WHERE id = 4", "entry 4 "),
    ("DELETE FROM audit WHERE id = 2", "entry 2 is missing"),
    ("DELETE FROM audit WHERE id = 1", "entry 1 is missing"),
    (
        "INSERT INTO audit (id, at, username, action, subject, hash)
         SELECT max(id) + 1, max(at), 'admin', 'price_changed', 'dish_variation', zeroblob(32)
         FROM audit",
        "slipped in",
    ),
    (
        "UPDATE audit SET id = -id WHERE id > 3;
         INSERT INTO audit (id, at, username, action, subject, hash)
         SELECT 4, at, 'admin', 'x', 'y', hash FROM audit WHERE id = 3;
         UPDATE audit SET id = 1 - id WHERE id < 0;",
        "entry 4 ",
    ),
];

#[tokio::test]
async fn whoever_edits_removes_or_slips_in_an_entry_is_found() {
    let app = TestApp::start().await;
    app.admin().await.post("/payment-methods", &json!({"name": "Cash"})).await.created();
    let db = app.database();
    let whole = verify(&db, None).unwrap();
    assert_eq!((whole.entries, &whole.broken), (5, &None));
    for (forgery, found) in FORGERIES {
        db.execute_batch("BEGIN").unwrap();
        db.execute_batch(forgery).unwrap();
        let broken = verify(&db, None).unwrap().broken.unwrap_or_else(|| panic!("{forgery}"));
        assert!(broken.contains(found), "{forgery}: {broken}");
        db.execute_batch("ROLLBACK").unwrap();
    }
    assert_eq!(verify(&db, None).unwrap(), whole);
}

#[tokio::test]
async fn an_end_that_is_cut_off_is_found_by_a_head_that_was_noted() {
    let app = TestApp::start().await;
    let data = app.folder.path().join("data").to_str().unwrap().to_owned();
    let program = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qres"));
        command.args(["audit", "verify", "--data-dir", &data]).args(more);
        let output = command.output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    };
    let noted = head(&app.database()).unwrap().unwrap().to_string();
    let (code, said) = program(&["--head", &noted]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains(&format!("4 entries follow each other. Head: {noted}")), "{said}");

    app.database().execute("DELETE FROM audit WHERE id = 4", []).unwrap();
    assert_eq!(program(&[]).0, Some(0), "what is cut off leaves no gap");
    let (code, said) = program(&["--head", &noted]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("entry 4 was noted, and the chain ends at 3"), "{said}");

    // Written anew, in the right form: only the noted head knows better.
    app.admin().await.post("/payment-methods", &json!({"name": "Cash"})).await.created();
    let (code, said) = program(&["--head", &noted, "--json"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("written anew"), "{said}");
    assert_eq!(program(&["--head", "nonsense"]).0, Some(1));
}
