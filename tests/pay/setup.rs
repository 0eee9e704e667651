//! Providers are set up, tested, reached or not; and a terminal that stands apart.

use serde_json::{Value, json};

use crate::checks::pay;
use crate::harness::id;
use crate::pay_desk::Desk;
use crate::pay_fake::Dialect;

#[tokio::test]
async fn without_an_uplink_the_ways_say_so_within_three_seconds() {
    let desk = Desk::open(Dialect::Yookassa).await;
    let house = &desk.house;
    let ways = house.waiter.get("/pay/ways").await.ok();
    assert_eq!((&ways[0]["is_up"], &ways[0]["problem"]), (&json!(true), &Value::Null), "{ways}");
    let path = format!("/pay/providers/{}", desk.provider_id);
    // Nobody listens there any more.
    let gone = json!({"address": "http://127.0.0.1:9/v3"});
    house.admin.patch(&path, &gone).await.ok();
    let begun = std::time::Instant::now();
    let ways = house.waiter.get("/pay/ways").await.ok();
    assert_eq!(ways[0]["problem"], "UNREACHABLE", "{ways}");
    assert!(begun.elapsed() < std::time::Duration::from_secs(3));
    // An attempt says within three seconds what it waits for, and is taken back at once.
    let check = desk.check().await;
    let attempt = desk.begin(&check, "1250.00").await.created();
    assert!(begun.elapsed() < std::time::Duration::from_secs(6));
    assert_eq!(attempt["state"], "SENT", "{attempt}");
    assert!(attempt["reason"].is_string(), "{attempt}");
    let back = format!("/pay/attempts/{}/withdraw", attempt["id"]);
    assert_eq!(house.waiter.post(&back, &json!({})).await.ok()["state"], "EXPIRED");
    let now = desk.check_now(&check).await;
    pay(&house.waiter, &now, house.cash, "1250.00").await.created();
    // One that answers and takes no key says that.
    house
        .admin
        .patch(&path, &json!({"address": desk.provider.url(), "secret": "wrong"}))
        .await
        .ok();
    let ways = house.waiter.get("/pay/ways").await.ok();
    assert_eq!(ways[0]["problem"], "KEY", "{ways}");
    let test = house.admin.post(&format!("{path}/test"), &json!({})).await.ok();
    assert_eq!(test["ok"], false, "{test}");
}

#[tokio::test]
async fn a_key_is_kept_sealed_and_never_told() {
    let desk = Desk::open(Dialect::Yookassa).await;
    let house = &desk.house;
    let path = format!("/pay/providers/{}", desk.provider_id);
    let secret = crate::pay_fake::SECRET;
    let told = house.admin.get("/pay/providers").await.ok();
    assert_eq!(told["providers"][0]["has_secret"], true);
    assert!(!told.to_string().contains(secret));
    house.admin.post(&format!("{path}/test"), &json!({})).await.ok();
    let audit = house.admin.get("/audit").await.ok();
    assert!(!audit.to_string().contains(secret));
    let kept: Vec<u8> = house
        .app
        .database()
        .query_row("SELECT secret FROM pay_providers", [], |row| row.get(0))
        .unwrap();
    assert!(!kept.windows(secret.len()).any(|part| part == secret.as_bytes()));
    // Only admins set providers up.
    let manager = house.app.manager().await;
    manager.get("/pay/providers").await.ok();
    manager.patch(&path, &json!({"name": "Other"})).await.refused(403, "wrong_role");
    manager.post(&format!("{path}/test"), &json!({})).await.refused(403, "wrong_role");
    house.waiter.get("/pay/providers").await.refused(403, "wrong_role");
    house.kitchen.get("/pay/ways").await.refused(403, "wrong_role");
}

#[tokio::test]
async fn a_provider_is_set_up_whole_or_not_at_all() {
    let desk = Desk::open(Dialect::Yookassa).await;
    let house = &desk.house;
    let body = |more: Value| {
        let mut body = json!({"name": "Second", "kind": "YOOKASSA", "method_id": desk.method,
                              "account": "1", "secret": "s"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    for (more, field) in [
        (json!({"account": ""}), "account"),
        (json!({"secret": ""}), "secret"),
        (json!({"address": "shop"}), "address"),
        (json!({"receipts": true}), "taxation"),
        (json!({"receipts": true, "taxation": "OSN"}), "receipt_to"),
        (json!({"kind": "STRIPE", "receipts": true}), "receipts"),
    ] {
        house.admin.post("/pay/providers", &body(more)).await.invalid(field);
    }
    let cash = body(json!({"method_id": house.cash}));
    house.admin.post("/pay/providers", &cash).await.refused(400, "method_not_by_wire");
    house
        .admin
        .post("/pay/providers", &body(json!({"name": "Shop"})))
        .await
        .refused(400, "name_taken");
    house
        .admin
        .post("/pay/providers", &body(json!({"method_id": 777})))
        .await
        .refused(404, "not_found");
    let second = id(&house.admin.post("/pay/providers", &body(json!({}))).await.created());
    let path = format!("/pay/providers/{second}");
    house.admin.patch(&path, &json!({"is_active": false, "minutes": 7})).await.ok();
    let check = desk.check().await;
    let begin = json!({"check_id": check["id"], "provider_id": second, "expected_due": "1250.00"});
    house.waiter.post("/pay/attempts", &begin).await.refused(400, "provider_inactive");
    house.admin.delete(&path).await.ok();
    house.waiter.post("/pay/attempts", &begin).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_terminal_that_stands_apart_is_believed_when_its_slip_is_read() {
    let desk = Desk::open(Dialect::Yookassa).await;
    let house = &desk.house;
    let body = json!({"name": "Terminal", "kind": "TERMINAL", "method_id": house.card});
    let terminal = id(&house.admin.post("/pay/providers", &body).await.created());
    let check = desk.check().await;
    let begin = |due: &Value| json!({"check_id": check["id"], "provider_id": terminal, "expected_due": due});
    let first = house.waiter.post("/pay/attempts", &begin(&check["due"])).await.created();
    assert_eq!((&first["state"], &first["amount"]), (&json!("AWAITING"), &json!("1250.00")));
    let say = format!("/pay/attempts/{}/say", first["id"]);
    house.waiter.post(&say, &json!({"is_paid": true})).await.invalid("slip");
    house
        .kitchen
        .post(&say, &json!({"is_paid": true, "slip": "1"}))
        .await
        .refused(403, "wrong_role");
    let no = house.waiter.post(&say, &json!({"is_paid": false})).await.ok();
    assert_eq!(no["state"], "FAILED");
    let now = desk.check_now(&check).await;
    assert_eq!(now["due"], "1250.00");
    let second = house.waiter.post("/pay/attempts", &begin(&now["due"])).await.created();
    let say = format!("/pay/attempts/{}/say", second["id"]);
    let yes = json!({"is_paid": true, "slip": "0042"});
    let paid = house.waiter.post(&say, &yes).await.ok();
    assert_eq!((&paid["state"], &paid["slip"]), (&json!("PAID"), &json!("0042")));
    house.waiter.post(&say, &yes).await.refused(409, "payment_clear");
    let now = desk.check_now(&check).await;
    assert_eq!((&now["state"], &now["paid"]), (&json!("PAID"), &json!("1250.00")));
    assert_eq!(now["payments"][1]["cleared_reason"], "slip 0042");
}
