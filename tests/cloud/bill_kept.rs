//! A bill to which everything has happened comes back as it was: from a backup, and from the cloud;
//! and somebody who leaves takes no sum with them.

use std::path::Path;

use qres::appliance::tables;
use qres::features::cloud::restore;
use serde_json::{Value, json};

use crate::copy::{database, enrolled};
use crate::harness::books::assert_agrees;
use crate::harness::{Client, House, PASSWORD, PIN, id};
use crate::postgres::Postgres;
use crate::process::qres_command;
use crate::running::{Running, settings};
use crate::same::until_same;

async fn checks_of(house: &House, order_id: i64) -> Value {
    house.waiter.get(&format!("/orders/{order_id}/checks")).await.ok()
}

/// What the waiter may not do alone, with the manager's word.
async fn with_a_word(house: &House, path: &str, body: &Value) {
    let needs = house.waiter.post(path, body).await;
    assert_eq!(needs.json()["code"], "approval_needed", "{}", needs.text());
    let needs = needs.json()["params"].clone();
    let users = house.admin.get("/users").await.ok();
    let users = users["users"].as_array().unwrap();
    let manager = users.iter().find(|user| user["username"] == "manager").unwrap();
    let wish = json!({"permission": needs["permission"], "subject": needs["subject"],
        "subject_id": needs["subject_id"], "amount": needs["amount"], "reason": "cold",
        "approver": {"user_id": id(manager), "pin_code": PIN}});
    let approval = house.waiter.post("/approvals", &wish).await.created();
    let request = house.waiter.request(reqwest::Method::POST, path).json(body);
    let done = house.waiter.send(request.header("X-Approval", approval["id"].to_string())).await;
    assert!(done.status.is_success(), "{}", done.text());
}

async fn pay(house: &House, check: &Value, more: Value) -> Value {
    let mut body = json!({"method_id": house.cash, "amount": check["due"],
                          "expected_due": check["due"]});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    house.waiter.post(&format!("/checks/{}/payments", check["id"]), &body).await.created()
}

/// A drawer with a shift that was closed short, and one that goes on.
async fn shifts(house: &House) {
    let drawer = id(&house.admin.post("/cash/drawers", &json!({"name": "Till"})).await.created());
    let open = json!({"drawer_id": drawer, "float": "100.00"});
    let shift = id(&house.admin.post("/cash/shifts", &open).await.created());
    let order = json!({"items": [{"dish_id": house.borscht, "quantity": 1}],
                       "order_type": "TAKEAWAY"});
    let order = id(&house.waiter.post("/orders", &order).await.created());
    let whole = json!({"payment_method_id": house.cash});
    house.admin.post(&format!("/orders/{order}/complete-payment"), &whole).await.ok();
    let out = json!({"kind": "PAY_OUT", "amount": "20", "reason": "lemons"});
    house.admin.post(&format!("/cash/shifts/{shift}/moves"), &out).await.created();
    let count = json!({"counted": "80.00", "reason": "a note was false"});
    let closed = house.admin.post(&format!("/cash/shifts/{shift}/close"), &count).await.ok();
    assert_eq!(closed["state"], "CLOSED");
    house.admin.post("/cash/shifts", &open).await.created();
}

/// An order of which a check is paid and a dish of it went back, a check is half paid with a dish on
/// the house, and one waits for a card; and an order whose check was opened again.
async fn rich_bills(house: &House) -> [i64; 2] {
    shifts(house).await;
    house.admin.patch("/restaurant", &json!({"tax_percent": "20"})).await.ok();
    let items = json!([{"dish_id": house.borscht, "quantity": 2, "seat": 1},
        {"dish_id": house.pizza, "quantity": 3, "comment": "thin"}]);
    let order = json!({"table_id": house.tables[0], "items": items});
    let order = id(&house.waiter.post("/orders", &order).await.created());
    let checks = checks_of(house, order).await;
    let adjust = format!("/checks/{}/adjustments", checks["checks"][0]["id"]);
    let body = json!({"kind": "service_percent", "value": "10", "version": checks["version"]});
    house.admin.post(&adjust, &body).await.created();
    let checks = checks_of(house, order).await;
    let body = json!({"by": "parts", "parts": 3, "version": checks["version"]});
    house.waiter.post(&format!("/orders/{order}/split"), &body).await.ok();
    let checks = checks_of(house, order).await;
    let [one, two, three] = &checks["checks"].as_array().unwrap()[..] else { panic!("{checks}") };
    let more = json!({"tendered": "5000.00", "tip": "21.50"});
    let paid = pay(house, one, more).await;
    let line = json!([{"item_id": one["lines"][1]["item_id"], "quantity": "0.5"}]);
    let back = json!({"lines": line, "reason": "burnt"});
    house.admin.post(&format!("/payments/{}/refunds", paid["id"]), &back).await.created();
    let comp = json!({"kind": "comp", "line_id": two["lines"][0]["item_id"], "reason": "cold",
                      "version": two["version"]});
    with_a_word(house, &format!("/checks/{}/adjustments", two["id"]), &comp).await;
    let two = house.waiter.get(&format!("/checks/{}", two["id"])).await.ok();
    pay(house, &two, json!({"amount": "100.07"})).await;
    pay(house, three, json!({"method_id": house.card, "state": "PENDING", "tip": "5.00"})).await;
    [order, opened_again(house).await]
}

async fn opened_again(house: &House) -> i64 {
    let takeaway =
        json!({"order_type": "TAKEAWAY", "items": [{"dish_id": house.pizza, "quantity": 2}]});
    let order = id(&house.waiter.post("/orders", &takeaway).await.created());
    let check = checks_of(house, order).await["checks"][0].clone();
    let paid = pay(house, &check, json!({"method_id": house.card})).await;
    let body = json!({"version": paid["check"]["version"], "reason": "it was cash"});
    let opened = house.admin.post(&format!("/checks/{}/reopen", check["id"]), &body).await.ok();
    let checks = opened["checks"].as_array().unwrap();
    let anew = checks.iter().find(|check| check["state"] == "OPEN").unwrap();
    pay(house, anew, json!({})).await;
    order
}

/// What people agreed on beside: who may what, and why things are taken off.
async fn rules(house: &House) {
    let ask = json!({"rules": [{"permission": "COMP", "decision": "ASK"},
        {"permission": "DISCOUNT_PERCENT", "decision": "ALLOW", "at_most": "7.5"}]});
    house.admin.put("/roles/waiter/permissions", &ask).await.ok();
    let waiter = house.waiter.get("/auth/me").await.ok();
    let deny = json!({"rules": [{"permission": "PAYMENT_REFUND", "decision": "DENY"}]});
    house.admin.put(&format!("/users/{}/permissions", waiter["id"]), &deny).await.ok();
    let reason = json!({"kind": "COMP", "name": "Birthday"});
    let reason = house.admin.post("/reasons", &reason).await.created();
    let gone = house.admin.post("/reasons", &json!({"kind": "VOID", "name": "Fly"})).await;
    house.admin.delete(&format!("/reasons/{}", gone.created()["id"])).await.ok();
    let name = json!({"name": "A birthday"});
    house.admin.patch(&format!("/reasons/{}", reason["id"]), &name).await.ok();
}

/// All that the API says of these bills, and of who may what where somebody is there still.
async fn told(admin: &Client, orders: &[i64], waiter: Option<&Value>) -> Vec<(String, Value)> {
    let mut paths = Vec::from_iter(waiter.map(|who| format!("/users/{who}/permissions")));
    paths.extend(["/reasons", "/payment-methods", "/roles/waiter/permissions"].map(String::from));
    paths.extend(["drawers", "shifts", "shifts/1/z", "shifts/2/x"].map(|of| format!("/cash/{of}")));
    let reports = ["days", "waiters", "dishes", "hours", "payment-methods"];
    paths.extend(reports.map(|report| format!("/reports/{report}")));
    for order in orders {
        paths.extend(["", "/checks", "/history"].map(|what| format!("/orders/{order}{what}")));
    }
    let mut told = Vec::new();
    for path in paths {
        let mut reply = admin.get(&path).await.ok();
        // The log of steps stays on the box that took them.
        reply.as_object_mut().and_then(|reply| reply.remove("complete"));
        told.push((path, reply));
    }
    told
}

#[track_caller]
fn assert_alike(now: &[(String, Value)], before: &[(String, Value)]) {
    for (now, before) in now.iter().zip(before) {
        assert_eq!(now, before);
    }
}

/// What was not settled is settled there, and the sums agree.
async fn goes_on(admin: &Client, order: i64, cash: i64, data: &Path) {
    let checks = admin.get(&format!("/orders/{order}/checks")).await.ok();
    let payments = checks["checks"][2]["payments"].as_array().unwrap();
    let clear = format!("/payments/{}/clear", payments[0]["id"]);
    admin.post(&clear, &json!({"state": "TAKEN", "reason": "slip 4"})).await.ok();
    let check = &checks["checks"][1];
    let body = json!({"method_id": cash, "amount": check["due"], "expected_due": check["due"]});
    let paid = admin.post(&format!("/checks/{}/payments", check["id"]), &body).await.created();
    assert_eq!(paid["check"]["state"], "PAID");
    let bill = admin.get(&format!("/orders/{order}")).await.ok();
    assert_eq!(bill["payment_status"], "PAID");
    assert_agrees(admin, &rusqlite::Connection::open(data.join("qres.db")).unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bill_comes_back_from_a_backup_as_it_was() {
    let postgres = Postgres::start().await;
    let site = postgres.site("Kept").await;
    let house = House::open().await;
    rules(&house).await;
    let orders = rich_bills(&house).await;
    let waiter = house.waiter.get("/auth/me").await.ok()["id"].clone();
    let before = told(&house.admin, &orders, Some(&waiter)).await;
    let folder = tempfile::tempdir().unwrap();
    let (file, data) = (folder.path().join("b.tar.zst"), folder.path().join("data"));
    let of_house = house.app.folder.path().join("data");
    for (data, what) in [(&of_house, "backup"), (&data, "restore")] {
        let done = qres_command(data, what).arg(&file).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
    let running = Running::on(&data, &site, "the box").await;
    let word = json!({"username": "admin", "password": PASSWORD});
    let token = Client::new(&running.base, None).post("/auth/login", &word).await.ok();
    let admin = Client::new(&running.base, token["access_token"].as_str());
    assert_alike(&told(&admin, &orders, Some(&waiter)).await, &before);
    // Approvals are the box's own: they come with it.
    let words = |data: &Path| -> i64 {
        let db = rusqlite::Connection::open(data.join("qres.db")).unwrap();
        let used = "SELECT count(*) FROM approvals WHERE used_at IS NOT NULL";
        db.query_row(used, [], |row| row.get(0)).unwrap()
    };
    assert_eq!((words(&of_house), words(&data)), (1, 1));
    goes_on(&admin, orders[0], house.cash, &data).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bill_comes_back_from_the_cloud_as_it_was() {
    let postgres = Postgres::start().await;
    let site = postgres.site("Kept").await;
    let house = House::open_with(enrolled(&site)).await;
    rules(&house).await;
    let orders = rich_bills(&house).await;
    let waiter = house.waiter.get("/auth/me").await.ok()["id"].clone();
    let before = told(&house.admin, &orders, Some(&waiter)).await;
    until_same(&database(&house), &postgres, site.site_id).await;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("new");
    restore(&settings(&data, &site, "a new board"), &site, tables(), |_| ()).await.unwrap();
    let running = Running::on(&data, &site, "a new board").await;
    let admin = running.set_up_again().await;
    assert_alike(&told(&admin, &orders, Some(&waiter)).await, &before);
    goes_on(&admin, orders[0], house.cash, &data).await;
}

/// Whoever leaves is hidden, and what they sold stays sold.
#[tokio::test]
async fn a_waiter_who_leaves_takes_no_sum_with_them() {
    let house = House::open().await;
    let orders = rich_bills(&house).await;
    let waiter = house.waiter.get("/auth/me").await.ok()["id"].clone();
    let before = told(&house.admin, &orders, None).await;
    house.admin.delete(&format!("/users/{waiter}")).await.ok();
    let after = told(&house.admin, &orders, None).await;
    assert_alike(&after, &before);
    assert_agrees(&house.admin, &house.app.database()).await;
}
