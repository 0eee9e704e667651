//! Guests at their tables.

use qres::platform::config::GuestOrders;
use serde_json::{Value, json};

use crate::floor::sql;
use crate::harness::{Client, House, Screen, id};

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

/// Says that the guests of the first table have left, in one of the ways there are.
async fn leave(house: &House, way: &str) {
    let table = format!("/tables/{}", house.tables[0]);
    let room = house.admin.get(&table).await.ok()["location_id"].clone();
    let (off, on) = (json!({"is_active": false}), json!({"is_active": true}));
    match way {
        "freed" => {
            let free = json!({"is_occupied": false});
            house.waiter.patch(&format!("{table}/status"), &free).await.ok();
        }
        "synced" => drop(house.admin.patch(&format!("{table}/force-sync"), &json!({})).await.ok()),
        "switched off" => {
            house.admin.patch(&table, &off).await.ok();
            house.admin.patch(&table, &on).await.ok();
        }
        "room closed" => {
            house.admin.patch(&format!("/locations/{room}"), &off).await.ok();
            house.admin.patch(&format!("/locations/{room}"), &on).await.ok();
            house.admin.patch(&table, &on).await.ok();
        }
        "code renewed" => {
            house.admin.post(&format!("{table}/qr/renew"), &json!({})).await.ok();
        }
        other => panic!("{other}"),
    }
}

/// F5: whatever says that guests have left ends their sessions, at once and on their screens.
#[tokio::test]
async fn who_has_left_reads_and_orders_nothing_on_the_next_bill() {
    for way in ["freed", "synced", "switched off", "room closed", "code renewed"] {
        let house = House::open().await;
        let former = house.guest(0).await;
        let (mut screen, _) = Screen::greeted(&house.app, &former, None).await;
        leave(&house, way).await;
        assert_eq!(screen.closed().await, 4401, "{way}");
        house.place().await;
        former.get("/guest/order").await.refused(401, "visit_over");
        let body = json!({"items": [{"dish_id": house.pizza, "quantity": 1}]});
        let late = former.post_once("/guest/orders", "phone-0001", &body).await;
        late.refused(401, "visit_over");
        let call = json!({"kind": "waiter"});
        former.post("/guest/calls", &call).await.refused(401, "visit_over");
        assert!(former.get("/guest/visit").await.ok()["last_order"].is_null(), "{way}");
    }
}

/// F5: where nobody frees the table, a phone that was silent for long is not of the next party;
/// and what a phone orders that no member of staff has heard of waits for their word.
#[tokio::test]
async fn a_former_phone_is_nobodys_guest_without_a_word_from_staff() {
    let house = House::open().await;
    let former = house.guest(0).await;
    silent_for(&house, 16).await;
    former.get("/guest/order").await.ok();
    let placed = house.place().await;
    former.get("/guest/order").await.refused(401, "visit_over");
    assert_eq!(former.get("/guest/visit").await.ok()["is_over"], true);

    let stranger = house.guest(0).await;
    let seen = order(&house, &stranger, "phone-0001").await;
    assert_eq!((id(&seen), &seen["waiting_for_confirmation"]), (id(&placed), &json!(true)));
    let send = format!("/kitchen/orders/{}/send-to-kitchen", id(&placed));
    house.waiter.post(&send, &json!([])).await.ok();
    let more = order(&house, &stranger, "phone-0002").await;
    assert_eq!(more["waiting_for_confirmation"], false, "the waiter knows this phone");
    let other = house.guest(0).await;
    assert_eq!(order(&house, &other, "phone-0003").await["waiting_for_confirmation"], true);
}

/// All phones asked for nothing for so many minutes.
async fn silent_for(house: &House, minutes: i64) {
    let then = qres::core::clock::now().0 - minutes * 60_000;
    sql(&house.app, format!("UPDATE guest_sessions SET seen_at = {then}")).await;
}

/// F5: a new visit that staff or the bill begins is none of a former phone's business: neither its
/// order nor its events. Who has just sat down stays.
#[tokio::test]
async fn a_former_phone_sees_nothing_of_a_party_that_is_seated() {
    let house = House::open().await;
    let former = house.guest(0).await;
    let (mut screen, _) = Screen::greeted(&house.app, &former, None).await;
    silent_for(&house, 6).await;
    let new = house.guest(0).await;
    let seated = json!({"is_occupied": true});
    let path = format!("/tables/{}/status", house.tables[0]);
    house.waiter.patch(&path, &seated).await.ok();
    former.get("/guest/order").await.refused(401, "visit_over");
    assert_eq!(screen.closed().await, 4401);
    let placed = house.place().await;
    let show = format!("/tables/{}/phones/show", house.tables[0]);
    house.waiter.post(&show, &json!({"order_id": id(&placed)})).await.ok();
    assert_eq!(id(&new.get("/guest/order").await.ok()["order"]), id(&placed));
    former.get("/guest/order").await.refused(401, "visit_over");
    assert!(former.get("/guest/visit").await.ok()["last_order"].is_null());
}

/// N11: a key is one visit's. The same tap in the next visit is an order of its own.
#[tokio::test]
async fn a_key_of_an_earlier_visit_places_a_new_order() {
    let house = House::open().await;
    let first = order(&house, &house.guest(0).await, "phone-0001").await;
    house.waiter.delete(&format!("/orders/{}", id(&first))).await.ok();
    let next = order(&house, &house.guest(0).await, "phone-0001").await;
    assert_ne!(id(&next), id(&first));
    assert_eq!(house.order(id(&next)).await["status"], "PENDING");
}

/// B12: what happened at a table before the visit is not told to it, however far back it asks.
#[tokio::test]
async fn a_guest_hears_nothing_of_earlier_visits() {
    let house = House::open().await;
    let earlier = house.place().await;
    house.waiter.delete(&format!("/orders/{}", id(&earlier))).await.ok();
    let guest = house.guest(0).await;
    let placed = order(&house, &guest, "phone-0001").await;
    let (mut screen, _) = Screen::greeted(&house.app, &guest, Some(0)).await;
    let created = screen.wait_for("order_created").await;
    assert_eq!(created["order_id"], id(&placed));
    // A number that no box has given is answered, too.
    for since in [i64::MIN, i64::MAX] {
        let (mut screen, _) = Screen::greeted(&house.app, &guest, Some(since)).await;
        screen.wait_for("resync").await;
    }
}

/// Who was seated when the check was settled reads how it ended, whatever they heard meanwhile,
/// and nothing of what comes after.
#[tokio::test]
async fn who_was_seated_has_the_last_word_of_the_visit() {
    let house = House::open().await;
    let anna = house.guest(0).await;
    let placed = order(&house, &anna, "phone-0001").await;
    let boris = house.guest(0).await;
    let before = anna.get("/guest/visit").await.ok();
    assert_eq!((&before["is_over"], &before["last_order"]), (&json!(false), &Value::Null));
    let send = format!("/kitchen/orders/{}/send-to-kitchen", id(&placed));
    house.waiter.post(&send, &json!([])).await.ok();
    for status in ["READY", "SERVED"] {
        house.move_item(&house.admin, id(&placed["items"][0]), status).await.ok();
    }
    let bill = format!("/orders/{}/complete-payment", id(&placed));
    house.waiter.post(&bill, &json!({"payment_method_id": house.cash})).await.ok();
    let thanked = async |guest: &Client| {
        guest.get("/guest/order").await.refused(401, "visit_over");
        let word = guest.get("/guest/visit").await.ok();
        assert_eq!(word["is_over"], true);
        let order = &word["last_order"];
        assert_eq!(id(order), id(&placed));
        assert_eq!(
            (&order["status"], &order["payment_status"]),
            (&json!("COMPLETED"), &json!("PAID"))
        );
    };
    thanked(&anna).await;
    thanked(&boris).await;
    let next = house.guest(0).await;
    assert!(next.get("/guest/visit").await.ok()["last_order"].is_null());
    order(&house, &next, "phone-0002").await;
    thanked(&anna).await;
    house.app.anonymous().get("/guest/visit").await.refused(401, "no_token");
    house.waiter.get("/guest/visit").await.refused(401, "visit_over");
}
