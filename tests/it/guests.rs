//! Guests at their tables.

use qres::config::GuestOrders;
use serde_json::{Value, json};

use crate::harness::{Client, House, id};

async fn order(house: &House, guest: &Client, key: &str) -> Value {
    let body = json!({"items": [{"dish_id": house.pizza, "quantity": 1}]});
    guest.post_once("/guest/orders", key, &body).await.created()
}

#[tokio::test]
async fn the_first_order_of_a_visit_waits_for_a_waiter() {
    let house = House::open().await;
    let guest = house.guest(0).await;
    assert!(guest.get("/guest/order").await.ok()["order"].is_null());
    let placed = order(&house, &guest, "phone-0001").await;
    assert_eq!(placed["waiting_for_confirmation"], true);
    assert_eq!(placed["items"][0]["status"], "NEW");
    assert_eq!(house.kitchen.get("/kitchen/dishes").await.ok(), json!([]));
    let seen = house.order(id(&placed)).await;
    assert_eq!(
        (seen["waiter_id"].as_i64(), seen["is_guest_order"].as_bool()),
        (Some(0), Some(true))
    );
    let pay = json!({"payment_method_id": house.cash});
    let bill = format!("/orders/{}/complete-payment", id(&placed));
    house.waiter.post(&bill, &pay).await.refused(400, "lines_wait");

    let send = format!("/kitchen/orders/{}/send-to-kitchen", id(&placed));
    house.kitchen.post(&send, &json!([])).await.refused(403, "wrong_role");
    house.waiter.post(&send, &json!([9999])).await.refused(404, "not_found");
    let lines = json!([id(&placed["items"][0])]);
    assert_eq!(house.waiter.post(&send, &lines).await.ok()["data"]["sent"], 1);
    assert_eq!(house.waiter.post(&send, &lines).await.ok()["data"]["sent"], 0);
    assert_eq!(house.kitchen.get("/kitchen/dishes").await.ok()[0]["is_guest_order"], true);
    assert_eq!(house.order(id(&placed)).await["waiter_name"], "Test waiter");

    let more = order(&house, &guest, "phone-0002").await;
    assert_eq!((id(&more), more["waiting_for_confirmation"].as_bool()), (id(&placed), Some(false)));
    assert_eq!(more["total_price"], "900.00");
}

#[tokio::test]
async fn the_house_decides_what_waits() {
    for (mode, first, second) in
        [(GuestOrders::Direct, false, false), (GuestOrders::ConfirmAlways, true, true)]
    {
        let house = House::open_with(|settings| settings.guest_orders = Some(mode)).await;
        let guest = house.guest(0).await;
        let placed = order(&house, &guest, "phone-0001").await;
        assert_eq!(placed["waiting_for_confirmation"], first, "{mode:?}");
        let send = format!("/kitchen/orders/{}/send-to-kitchen", id(&placed));
        house.waiter.post(&send, &json!([])).await.ok();
        let more = order(&house, &guest, "phone-0002").await;
        assert_eq!(more["waiting_for_confirmation"], second, "{mode:?}");
    }
}

#[tokio::test]
async fn a_guest_sees_and_touches_his_own_table_only() {
    let house = House::open().await;
    let (here, there) = (house.guest(0).await, house.guest(1).await);
    let placed = order(&house, &here, "phone-0001").await;
    assert!(there.get("/guest/order").await.ok()["order"].is_null());
    // Two phones of one table see the same order.
    let friend = house.guest(0).await;
    assert_eq!(id(&friend.get("/guest/order").await.ok()["order"]), id(&placed));
    // A guest's token opens nothing else, and nobody else's token opens this.
    for path in ["/orders", "/tables", "/auth/me", "/users"] {
        here.get(path).await.refused(401, "bad_token");
    }
    here.delete(&format!("/orders/{}", id(&placed))).await.refused(401, "bad_token");
    house.waiter.get("/guest/order").await.refused(401, "visit_over");
    house.app.anonymous().get("/guest/order").await.refused(401, "no_token");
    let wrong = json!({"qr_code": "no such code"});
    house.app.anonymous().post("/guest/session", &wrong).await.refused(404, "no_such_code");
}

#[tokio::test]
async fn a_guests_tap_counts_once() {
    let house = House::open().await;
    let (guest, other) = (house.guest(0).await, house.guest(1).await);
    let body = json!({"items": [{"dish_id": house.pizza, "quantity": 1}]});
    guest.post("/guest/orders", &body).await.invalid("Idempotency-Key");
    let first = order(&house, &guest, "phone-0001").await;
    let again = guest.post_once("/guest/orders", "phone-0001", &body).await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.created(), first);
    assert_ne!(id(&order(&house, &other, "phone-0001").await), id(&first));
}

#[tokio::test]
async fn the_visit_ends_with_its_bill() {
    let house = House::open().await;
    let guest = house.guest(0).await;
    let placed = order(&house, &guest, "phone-0001").await;
    house.waiter.delete(&format!("/orders/{}", id(&placed))).await.ok();
    guest.get("/guest/order").await.refused(401, "visit_over");
    let body = json!({"items": [{"dish_id": house.pizza, "quantity": 1}]});
    guest.post_once("/guest/orders", "phone-0002", &body).await.refused(401, "visit_over");
    house.guest(0).await.get("/guest/order").await.ok();
}
