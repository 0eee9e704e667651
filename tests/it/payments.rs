//! Ways to pay.

use serde_json::json;

use crate::harness::{Screen, TestApp};

#[tokio::test]
async fn an_admin_manages_payment_methods() {
    let app = TestApp::start().await;
    let (admin, waiter) = (app.admin().await, app.waiter().await);
    let cash = admin.post("/payment-methods/", &json!({"name": " Cash "})).await.created();
    assert_eq!(cash["name"], "Cash");
    let id = cash["id"].as_i64().unwrap();
    admin.post("/payment-methods", &json!({"name": "Card", "is_active": false})).await.created();
    admin.post("/payment-methods", &json!({"name": "Cash"})).await.refused(400, "name_taken");
    admin.post("/payment-methods", &json!({"name": "  "})).await.invalid("name");
    waiter.post("/payment-methods", &json!({"name": "Gold"})).await.refused(403, "wrong_role");

    let all = waiter.get("/payment-methods/?limit=1").await.ok();
    assert_eq!(
        (all["total"].as_i64(), all["payment_methods"].as_array().unwrap().len()),
        (Some(2), 1)
    );
    assert_eq!(waiter.get("/api/payment-methods/active").await.ok().as_array().unwrap().len(), 1);
    waiter.get("/payment-methods/?limit=101").await.invalid("limit");
    waiter.get("/payment-methods/?skip=-1").await.invalid("skip");

    let path = format!("/payment-methods/{id}");
    assert_eq!(admin.patch(&path, &json!({"is_active": false})).await.ok()["is_active"], false);
    admin.delete(&path).await.ok();
    admin.get(&path).await.refused(404, "not_found");
    admin.get("/payment-methods/first").await.invalid("path");
}

/// B12: tablets kept the old list until they were loaded anew.
#[tokio::test]
async fn tablets_hear_of_every_change_of_the_ways_to_pay() {
    let app = TestApp::start().await;
    let (admin, waiter) = (app.admin().await, app.waiter().await);
    let (mut screen, _) = Screen::greeted(&app, &waiter, None).await;
    let cash = admin.post("/payment-methods/", &json!({"name": "Cash"})).await.created();
    assert_eq!(screen.next().await["type"], "payment_methods_changed");
    let path = format!("/payment-methods/{}", cash["id"]);
    admin.patch(&path, &json!({"is_active": false})).await.ok();
    assert_eq!(screen.next().await["type"], "payment_methods_changed");
    admin.delete(&path).await.ok();
    assert_eq!(screen.next().await["type"], "payment_methods_changed");
}
