//! Payments that are under way, or of which nobody knows; and money that goes back by another way.

use serde_json::{Value, json};

use crate::checks::{adjust, check_of, checks_of, evening, pay, step};
use crate::checks_refund::refund;
use crate::harness::{Client, House, Reply, id};

/// So much is under way by card.
async fn begin(house: &House, check: &Value, amount: &str) -> Reply {
    let body = json!({"method_id": house.card, "amount": amount, "state": "PENDING",
                      "expected_due": check["due"]});
    house.waiter.post(&format!("/checks/{}/payments", check["id"]), &body).await
}

async fn clear(who: &Client, payment: &Value, state: &str) -> Reply {
    let body = json!({"state": state, "reason": "slip 4711"});
    who.post(&format!("/payments/{payment}/clear"), &body).await
}

#[tokio::test]
async fn a_payment_under_way_is_spoken_for_and_blocks() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let body = json!({"method_id": house.cash, "amount": "500.00", "state": "PENDING",
                      "expected_due": "1250.00"});
    let payments = format!("/checks/{}/payments", check["id"]);
    house.waiter.post(&payments, &body).await.invalid("state");
    let begun = begin(&house, &check, "500.00").await.created();
    let check = begun["check"].clone();
    assert_eq!(
        (&begun["state"], &check["paid"], &check["due"], &check["state"]),
        (&json!("PENDING"), &json!("0.00"), &json!("750.00"), &json!("OPEN"))
    );
    let manager = house.app.manager().await;
    for state in ["PENDING", "UNKNOWN"] {
        if state == "UNKNOWN" {
            clear(&manager, &begun["id"], "UNKNOWN").await.ok();
        }
        let checks = checks_of(&house, order_id).await;
        let check = checks["checks"][0].clone();
        // The same sum again is the same guest.
        pay(&house.waiter, &check, house.card, "500.00").await.refused(409, "payment_pending");
        let ten = json!({"kind": "percent", "value": "10"});
        adjust(&house.waiter, &check, ten).await.refused(409, "payment_pending");
        let split = json!({"by": "parts", "parts": 2, "version": checks["version"]});
        let split = house.waiter.post(&format!("/orders/{order_id}/split"), &split).await;
        split.refused(409, "payment_pending");
        step(&house.admin, &check, "void").await.refused(409, "payment_pending");
        let line = check["lines"][0]["item_id"].clone();
        let line = format!("/orders/{order_id}/items/{line}?reason=x");
        house.admin.delete(&line).await.refused(409, "payment_pending");
        let cancel = house.admin.delete(&format!("/orders/{order_id}?reason=x")).await;
        let says = cancel.refused(409, "payment_pending");
        assert!(says.contains("500.00") && says.contains("Find out"), "{says}");
        let whole = json!({"payment_method_id": house.card});
        let whole =
            house.waiter.post(&format!("/orders/{order_id}/complete-payment"), &whole).await;
        whole.refused(409, "payment_pending");
        refund(&house, &begun["id"], json!({})).await.refused(409, "payment_pending");
        let other = json!({"table_id": house.tables[1]});
        house
            .waiter
            .post(
                "/orders",
                &json!({"table_id": house.tables[1],
            "items": [{"dish_id": house.borscht, "quantity": 1}]}),
            )
            .await;
        let joined = house.waiter.post(&format!("/orders/{order_id}/move"), &other).await;
        joined.refused(409, "checks_agreed");
    }
    // An order does not end while nobody knows.
    for item in house.order(order_id).await["items"].as_array().unwrap() {
        house.move_item(&house.kitchen, id(item), "READY").await.ok();
        house.move_item(&house.waiter, id(item), "SERVED").await.ok();
    }
    house.move_order(&house.waiter, order_id, "DINING").await.ok();
    let end = house.move_order(&house.waiter, order_id, "COMPLETED").await;
    end.refused(409, "payment_pending");
    // The figures know nothing of it.
    let methods = house.admin.get("/reports/payment-methods").await.ok();
    assert_eq!(methods["total"]["values"][0], "0.00");
    // Another sum is another guest.
    let check = check_of(&house, order_id).await;
    let check = pay(&house.waiter, &check, house.cash, "750.00").await.created()["check"].clone();
    assert_eq!((&check["state"], &check["due"]), (&json!("OPEN"), &json!("0.00")));
    pay(&house.waiter, &check, house.cash, "1.00").await.refused(409, "payment_pending");
    let check = clear(&manager, &begun["id"], "TAKEN").await.ok();
    // All was served: with the last payment the order ends.
    assert_eq!((&check["state"], &check["paid"]), (&json!("CLOSED"), &json!("1250.00")));
    assert_eq!(check["payments"][0]["cleared_reason"], "slip 4711");
    assert_eq!(house.order(order_id).await["payment_status"], "PAID");
}

#[tokio::test]
async fn somebody_entitled_says_once_what_became_of_it() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let begun = begin(&house, &check, "1250.00").await.created();
    clear(&house.kitchen, &begun["id"], "TAKEN").await.refused(403, "wrong_role");
    clear(&house.waiter, &begun["id"], "TAKEN").await.refused(403, "approval_needed");
    house
        .admin
        .post("/payments/777/clear", &json!({"state": "TAKEN", "reason": "x"}))
        .await
        .refused(404, "not_found");
    let path = format!("/payments/{}/clear", begun["id"]);
    house.admin.post(&path, &json!({"state": "TAKEN"})).await.invalid("reason");
    for state in ["PENDING", "VOIDED"] {
        clear(&house.admin, &begun["id"], state).await.refused(409, "payment_clear");
    }
    let failed = json!({"state": "FAILED", "reason": "the bank says no"});
    let check = house.admin.post_once(&path, "it-failed-1", &failed).await.ok();
    assert_eq!(house.admin.post_once(&path, "it-failed-1", &failed).await.ok(), check);
    assert_eq!(
        (&check["due"], &check["payments"][0]["state"]),
        (&json!("1250.00"), &json!("FAILED"))
    );
    clear(&house.admin, &begun["id"], "TAKEN").await.refused(409, "payment_clear");
    refund(&house, &begun["id"], json!({})).await.refused(409, "payment_not_taken");
    pay(&house.waiter, &check, house.card, "1250.00").await.created();
    let history = house.admin.get(&format!("/orders/{order_id}/history")).await.ok().to_string();
    assert!(
        history.contains("payment_failed") && history.contains("the bank says no"),
        "{history}"
    );
    let audit = house.admin.get(&format!("/audit?subject=order&subject_id={order_id}")).await.ok();
    assert!(audit.to_string().contains("payment_cleared"), "{audit}");
}

/// What nobody knows is named with its table and its sum, until somebody knows.
#[tokio::test]
async fn what_nobody_knows_is_listed() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let list = || async { house.waiter.get("/payments/unclear").await.ok()["payments"].clone() };
    assert_eq!(list().await, json!([]));
    let begun = begin(&house, &check, "500.00").await.created();
    let expected = |state: &str| json!([begun["id"], state, "Card", "500.00", order_id, "1"]);
    let named = |one: &Value| {
        let keys = ["id", "state", "method", "amount", "order_id", "table_name"];
        keys.map(|key| one[key].clone()).to_vec()
    };
    assert_eq!(json!(named(&list().await[0])), expected("PENDING"));
    clear(&house.admin, &begun["id"], "UNKNOWN").await.ok();
    assert_eq!(json!(named(&list().await[0])), expected("UNKNOWN"));
    clear(&house.admin, &begun["id"], "FAILED").await.ok();
    assert_eq!(list().await, json!([]));
    house.kitchen.get("/payments/unclear").await.refused(403, "wrong_role");
}

#[tokio::test]
async fn money_goes_back_by_another_way_with_a_note() {
    let house = House::open_with(|settings| settings.currency = "CHF".into()).await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let off = json!({"kind": "amount", "value": "0.03"});
    let check = adjust(&house.admin, &check, off).await.created();
    let paid = pay(&house.waiter, &check, house.card, "1249.97").await.created();
    let other = |what: Value| {
        let mut body = json!({"method_id": house.cash, "way_reason": "the card is gone"});
        body.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
        body
    };
    let silent = json!({"method_id": house.cash});
    refund(&house, &paid["id"], silent).await.refused(400, "reason_needed");
    refund(&house, &paid["id"], json!({"method_id": 777, "way_reason": "x"}))
        .await
        .refused(404, "not_found");
    let back = refund(&house, &paid["id"], other(json!({"amount": "100.01"}))).await.created();
    assert_eq!((&back["amount"], &back["returned"]), (&json!("100.01"), &json!("100.00")));
    let row = back["check"]["payments"][1].clone();
    assert_eq!(
        (&row["method"], &row["method_kind"], &row["way_reason"], &row["refund_of"]),
        (&json!("Cash"), &json!("CASH"), &json!("the card is gone"), &paid["id"])
    );
    let back = refund(&house, &paid["id"], other(json!({}))).await.created();
    assert_eq!(back["returned"], "1149.95");
    let methods = house.admin.get("/reports/payment-methods").await.ok();
    let nets: Vec<_> =
        methods["rows"].as_array().unwrap().iter().map(|row| row["values"][0].clone()).collect();
    assert_eq!(nets, ["1249.97", "-1249.97"]);
    assert_eq!(house.order(order_id).await["payment_status"], "REFUNDED");
    let audit = house.admin.get(&format!("/audit?subject=order&subject_id={order_id}")).await.ok();
    assert!(audit.to_string().contains("the card is gone"), "{audit}");
}
