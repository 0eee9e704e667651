//! A table's guests call a waiter or ask for the bill; staff answer.

use serde_json::{Value, json};

use crate::harness::{Client, House, Screen, id};

async fn order(house: &House, guest: &Client) -> Value {
    let body = json!({"items": [{"dish_id": house.pizza, "quantity": 1}]});
    guest.post_once("/guest/orders", "phone-0001", &body).await.created()
}

async fn call(guest: &Client, kind: &str) -> Value {
    guest.post("/guest/calls", &json!({"kind": kind})).await.created()
}

async fn open_calls(house: &House) -> Vec<(i64, String)> {
    let list = house.waiter.get("/calls").await.ok();
    let calls: Vec<_> = list["calls"].as_array().unwrap().clone();
    assert_eq!(list["total"], calls.len());
    let of = |call: &Value| (id(call), call["kind"].as_str().unwrap().to_owned());
    calls.iter().map(of).collect()
}

#[tokio::test]
async fn a_call_stands_until_a_waiter_answers() {
    let house = House::open().await;
    let guest = house.guest(0).await;
    let (mut waiters, _) = Screen::greeted(&house.app, &house.waiter, None).await;
    let (mut guests, _) = Screen::greeted(&house.app, &guest, None).await;

    let called = call(&guest, "waiter").await;
    let heard = waiters.wait_for("table_called").await;
    assert_eq!(
        heard["data"],
        json!({"call_id": id(&called), "table_id": house.tables[0], "table_number": 1,
            "table_name": "1", "location_id": 1, "kind": "waiter", "payment_method_id": null,
            "payment_method_name": null, "parts": [], "created_at": called["created_at"]})
    );
    assert!(guests.wait_for("table_called").await.get("data").is_none());
    assert_eq!(guest.get("/guest/order").await.ok()["calls"], json!([called]));
    let list = house.waiter.get("/calls").await.ok();
    assert_eq!(list["calls"][0]["table_number"], 1);
    assert_eq!(list["calls"][0]["answered_at"], Value::Null);
    assert!(list["calls"][0]["location_id"].is_i64());

    let path = format!("/calls/{}/answer", id(&called));
    let answered = house.waiter.post(&path, &json!({})).await.ok();
    assert!(answered["answered_at"].is_string());
    assert_eq!(waiters.wait_for("call_answered").await["data"]["call_id"], id(&called));
    guests.wait_for("call_answered").await;
    assert_eq!(guest.get("/guest/order").await.ok()["calls"], json!([]));
    assert_eq!(open_calls(&house).await, []);
    // Two waiters who answer at once: the second hears the same.
    assert_eq!(house.admin.post(&path, &json!({})).await.ok(), answered);
}

#[tokio::test]
async fn a_table_has_one_open_call_of_a_kind() {
    let house = House::open().await;
    let (guest, other) = (house.guest(0).await, house.guest(1).await);
    order(&house, &guest).await;
    let friend = house.guest(0).await;
    let first = call(&guest, "waiter").await;
    assert_eq!(call(&friend, "waiter").await, first);
    let bill = call(&friend, "bill").await;
    let there = call(&other, "waiter").await;
    assert_eq!(
        open_calls(&house).await,
        [(id(&first), "waiter".into()), (id(&bill), "bill".into()), (id(&there), "waiter".into())]
    );
    let page = house.waiter.get("/calls?limit=1&skip=1").await.ok();
    assert_eq!((id(&page["calls"][0]), page["total"].as_i64()), (id(&bill), Some(3)));

    // An answered call may be followed by another.
    house.waiter.post(&format!("/calls/{}/answer", id(&first)), &json!({})).await.ok();
    assert_ne!(id(&call(&guest, "waiter").await), id(&first));
}

#[tokio::test]
async fn the_bill_is_asked_for_with_the_way_to_pay() {
    let house = House::open().await;
    let guest = house.guest(0).await;
    let methods = guest.get("/guest/order").await.ok()["payment_methods"].clone();
    assert_eq!(
        methods,
        json!([{"id": house.cash, "name": "Cash"}, {"id": house.card, "name": "Card"}])
    );
    let ask = |method: i64| json!({"kind": "bill", "payment_method_id": method});
    guest.post("/guest/calls", &ask(house.card)).await.refused(400, "nothing_to_pay");
    order(&house, &guest).await;
    let (mut waiters, _) = Screen::greeted(&house.app, &house.waiter, None).await;
    let bill = guest.post("/guest/calls", &ask(house.cash)).await.created();
    assert_eq!(bill["payment_method_name"], "Cash");
    assert_eq!(waiters.wait_for("table_called").await["data"]["payment_method_name"], "Cash");
    let bill = guest.post("/guest/calls", &ask(house.card)).await.created();
    assert_eq!(bill["payment_method_name"], "Card");
    assert_eq!(waiters.wait_for("table_called").await["data"]["payment_method_name"], "Card");
    assert_eq!(open_calls(&house).await.len(), 1);

    guest.post("/guest/calls", &ask(999)).await.refused(404, "not_found");
    let path = format!("/payment-methods/{}", house.cash);
    house.admin.patch(&path, &json!({"is_active": false})).await.ok();
    guest.post("/guest/calls", &ask(house.cash)).await.refused(400, "method_inactive");
    let mixed = json!({"kind": "waiter", "payment_method_id": house.card});
    guest.post("/guest/calls", &mixed).await.invalid("payment_method_id");
    guest.post("/guest/calls", &json!({"kind": "taxi"})).await.invalid("kind");
}

#[tokio::test]
async fn a_guest_sees_and_takes_back_his_own_tables_calls_only() {
    let house = House::open().await;
    let (here, there) = (house.guest(0).await, house.guest(1).await);
    let called = call(&here, "waiter").await;
    assert_eq!(there.get("/guest/order").await.ok()["calls"], json!([]));
    let path = format!("/guest/calls/{}", id(&called));
    there.delete(&path).await.refused(404, "not_found");
    // A guest does not answer, and staff do not call.
    let answer = format!("/calls/{}/answer", id(&called));
    here.post(&answer, &json!({})).await.refused(401, "bad_token");
    here.get("/calls").await.refused(401, "bad_token");
    let waiter = json!({"kind": "waiter"});
    house.waiter.post("/guest/calls", &waiter).await.refused(401, "visit_over");
    house.app.anonymous().post("/guest/calls", &waiter).await.refused(401, "no_token");
    house.kitchen.get("/calls").await.refused(403, "wrong_role");
    house.kitchen.post(&answer, &json!({})).await.refused(403, "wrong_role");
    let manager = house.app.manager().await;
    assert_eq!(manager.get("/calls").await.ok()["total"], 1);
    manager.post(&answer, &json!({})).await.refused(403, "wrong_role");
    house.waiter.post("/calls/999/answer", &json!({})).await.refused(404, "not_found");
    assert_eq!(open_calls(&house).await.len(), 1);

    here.delete(&path).await.ok();
    here.delete(&path).await.ok();
    assert_eq!(open_calls(&house).await, []);
}

#[tokio::test]
async fn paying_and_leaving_answer_what_is_open() {
    let house = House::open().await;
    let (guest, other) = (house.guest(0).await, house.guest(1).await);
    let placed = order(&house, &guest).await;
    let send = format!("/kitchen/orders/{}/send-to-kitchen", id(&placed));
    house.waiter.post(&send, &json!([id(&placed["items"][0])])).await.ok();
    call(&guest, "bill").await;
    let there = call(&other, "waiter").await;
    let pay = json!({"payment_method_id": house.cash});
    let path = format!("/orders/{}/complete-payment", id(&placed));
    house.waiter.post(&path, &pay).await.ok();
    assert_eq!(open_calls(&house).await, [(id(&there), "waiter".into())]);
    guest.post("/guest/calls", &json!({"kind": "bill"})).await.refused(400, "nothing_to_pay");
    // Guests who called and left without an order.
    let path = format!("/tables/{}/status", house.tables[1]);
    house.waiter.patch(&path, &json!({"is_occupied": false})).await.ok();
    assert_eq!(open_calls(&house).await, []);
}
