//! What is told, to whom, and in which words: docs/FEED.md, read as a program reads it.

use std::collections::BTreeSet;

use qres::core::event::{Audience, Event, Kind, Messages, Payload, Subject, Thing, ToldOrder};

use qres::features::calls::{CallAnswered, TableCalled};
use qres::features::cash::CashChanged;
use qres::features::customers::CustomerChanged;
use qres::features::devices::DeviceChanged;
use qres::features::feed::Broadcast;
use qres::features::fiscal::Troubles as FiscalTroubles;
use qres::features::floor::TableChanged;
use qres::features::house_accounts::HouseAccountChanged;
use qres::features::orders::{
    CheckChanged, ItemStatusChanged, OrderCreated, OrderDelayed, OrderReady, OrderStatusChanged,
    OrderUpdated, PaymentReceived,
};
use qres::features::pay::PayChanged;
use qres::features::payments::PaymentMethodsChanged;
use qres::features::permissions::ApprovalChanged;
use qres::features::printing::PrinterTroubles;
use qres::features::reservations::ReservationChanged;
use qres::features::restaurant::MenuChanged;
use qres::features::staff::StaffChanged;
use qres::platform::auth::{SignedIn, SignedOut};
use qres::platform::config::GuestOrders;
use qres::platform::security::events::SecurityAlert;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::harness::{Client, House, Screen, id};
use crate::live::colleague;

const FEED: &str = include_str!("../../docs/FEED.md");

/// A kind of event, and its details once read and written again.
struct Told {
    kind: Kind,
    audience: Audience,
    again: fn(Value) -> Value,
}

fn told<P: Payload + DeserializeOwned>() -> Told {
    let again = |data: Value| {
        let details: P = serde_json::from_value(data).unwrap();
        serde_json::to_value(details).unwrap()
    };
    Told { kind: P::KIND, audience: P::AUDIENCE, again }
}

fn every_kind() -> Vec<Told> {
    vec![
        told::<OrderCreated>(),
        told::<OrderUpdated>(),
        told::<OrderStatusChanged>(),
        told::<ItemStatusChanged>(),
        told::<OrderReady>(),
        told::<OrderDelayed>(),
        told::<PaymentReceived>(),
        told::<CheckChanged>(),
        told::<SecurityAlert>(),
        told::<MenuChanged>(),
        told::<TableChanged>(),
        told::<TableCalled>(),
        told::<CallAnswered>(),
        told::<StaffChanged>(),
        told::<SignedIn>(),
        told::<SignedOut>(),
        told::<DeviceChanged>(),
        told::<PaymentMethodsChanged>(),
        told::<HouseAccountChanged>(),
        told::<CustomerChanged>(),
        told::<CashChanged>(),
        told::<ApprovalChanged>(),
        told::<FiscalTroubles>(),
        told::<PrinterTroubles>(),
        told::<ReservationChanged>(),
        told::<PayChanged>(),
        told::<Broadcast>(),
    ]
}

/// The messages of the document, in its order.
fn examples() -> Vec<Value> {
    let blocks = FEED.split("```json\n").skip(1);
    blocks.map(|block| serde_json::from_str(block.split("```").next().unwrap()).unwrap()).collect()
}

fn kind_of(message: &Value) -> Kind {
    Kind::parse(message["type"].as_str().unwrap()).unwrap()
}

#[test]
fn every_kind_is_told_by_one_feature_and_has_an_example() {
    let kinds: Vec<_> = every_kind().iter().map(|told| told.kind).collect();
    assert_eq!(kinds, Kind::ALL);
    let shown: Vec<_> = examples().iter().map(kind_of).collect();
    assert_eq!(shown, Kind::ALL, "one example each, in the order of the list");
}

#[test]
fn the_examples_are_what_the_box_writes() {
    for (told, example) in every_kind().into_iter().zip(examples()) {
        let data = (told.again)(example["data"].clone());
        assert_eq!(data, example["data"], "{}", told.kind.as_str());
        let thing = Thing::parse(example["subject"].as_str().unwrap()).unwrap();
        let order = example.get("order").map(|order| order.to_string().into());
        let event = Event {
            seq: example["seq"].as_i64().unwrap(),
            at: serde_json::from_value(example["timestamp"].clone()).unwrap(),
            kind: told.kind,
            audience: told.audience,
            subject: Subject { thing, id: example["subject_id"].as_i64() },
            table_id: None,
            waiter_id: None,
            status: example["status"].as_str().map(Into::into),
            data: data.to_string().into(),
            order: ToldOrder::of(order),
            messages: Messages::default(),
        };
        let mut message = event.staff_message().to_vec();
        if let Some(order) = event.order.json() {
            message.extend_from_slice(order.as_bytes());
            message.push(b'}');
        }
        assert_eq!(serde_json::from_slice::<Value>(&message).unwrap(), example);
        assert_eq!(event.order.bytes() > 0, told.kind.tells_order());
        let mut heard: Value = serde_json::from_slice(&event.guest_message()).unwrap();
        for (name, value) in heard.as_object_mut().unwrap() {
            assert_eq!(*value, example[name], "a guest hears less, and nothing else");
            assert!(["type", "seq", "timestamp", "order_id", "status"].contains(&name.as_str()));
        }
    }
}

#[test]
fn the_document_says_who_hears_of_what() {
    for told in every_kind() {
        let row = format!("| `{}` | ", told.kind.as_str());
        let words = FEED.split(&row).nth(1).unwrap().split(" |").next().unwrap();
        let mut audience = Audience::NOBODY;
        for word in words.split(", ") {
            audience = audience.and(match word {
                "admin" => Audience::ADMIN,
                "manager" => Audience::MANAGER,
                "waiters" => Audience::WAITERS,
                "own waiter" => Audience::ORDERS_WAITER,
                "kitchen" => Audience::KITCHEN,
                "table" => Audience::TABLE_GUESTS,
                "guests" => Audience::GUESTS,
                "nobody" => Audience::NOBODY,
                _ => panic!("{word}"),
            });
        }
        assert_eq!(told.audience, audience, "{}", told.kind.as_str());
    }
}

/// What the clients of the system before read: these stay.
#[test]
fn the_first_eight_have_the_contracts_fields() {
    let head =
        ["order_id", "number", "order_type", "table_id", "table_number", "waiter_id", "status"];
    for example in examples().iter().take(8) {
        for field in ["type", "timestamp", "data"] {
            assert!(example.get(field).is_some(), "{field} of {example}");
        }
        let own: &[&str] = match kind_of(example) {
            Kind::OrderCreated | Kind::OrderUpdated => &["item_ids", "total_price"],
            Kind::OrderStatusChanged => &["old_status", "new_status"],
            Kind::ItemStatusChanged => &[
                "item_id",
                "old_status",
                "new_status",
                "department",
                "dish_name",
                "quantity",
                "preparation_started_at",
            ],
            Kind::OrderDelayed => &["minutes"],
            Kind::PaymentReceived => &["kind", "amount", "method"],
            _ => &[],
        };
        let is_order = kind_of(example) != Kind::SecurityAlert;
        for field in own.iter().chain(head.iter().filter(|_| is_order)) {
            assert!(example["data"].get(field).is_some(), "{field} of {example}");
        }
        assert_eq!(is_order, example.get("order_id").is_some() && example.get("status").is_some());
        assert_eq!(kind_of(example).tells_order(), example.get("order").is_some());
    }
}

/// All that a screen was told by now.
async fn told_by_now(screen: &mut Screen) -> Vec<Value> {
    screen.say("{\"type\":\"ping\"}").await;
    let mut told = Vec::new();
    loop {
        let message = screen.next().await;
        if message["type"] == "pong" {
            return told;
        }
        told.push(message);
    }
}

/// A replay tells the order as it stands now.
fn without_order(mut message: Value) -> Value {
    if let Some(order) = message.get_mut("order") {
        *order = order["id"].clone();
    }
    message
}

/// Where every guest's line waits for a waiter's word.
async fn careful_house() -> House {
    House::open_with(|settings| settings.guest_orders = Some(GuestOrders::ConfirmAlways)).await
}

/// Something of each kind that screens are told, with one order.
async fn a_busy_hour(house: &House, guest: &Client, other: &Client) {
    let (waiter, admin, kitchen) = (&house.waiter, &house.admin, &house.kitchen);
    let order = house.place().await;
    let (order_id, line) = (id(&order), id(&order["items"][0]));
    let body = json!({"items": [{"dish_id": house.pizza, "quantity": 1}]});
    guest.post_once("/guest/orders", "phone-0001", &body).await.created();
    let pizza = id(&house.order(order_id).await["items"][1]);
    let send = format!("/kitchen/orders/{order_id}/send-to-kitchen");
    waiter.post(&send, &json!([pizza])).await.ok();
    let more = json!({"quantity": 2, "comment": "no salt"});
    waiter.patch(&format!("/orders/{order_id}/items/{pizza}"), &more).await.ok();
    house.move_item(kitchen, line, "READY").await.ok();
    other
        .post(&format!("/orders/{order_id}/move"), &json!({"table_id": house.tables[1]}))
        .await
        .ok();
    guest.post("/guest/calls", &json!({"kind": "bill"})).await.created();
    let pay = json!({"payment_status": "PAID", "payment_method_id": house.card});
    waiter.patch(&format!("/orders/{order_id}/payment"), &pay).await.ok();
    waiter
        .patch(&format!("/tables/{}/status", house.tables[0]), &json!({"is_occupied": true}))
        .await
        .ok();
    let off = json!({"is_available": false});
    admin.patch(&format!("/dishes/{}/availability", house.pizza), &off).await.ok();
    admin.post("/payment-methods", &json!({"name": "Coins"})).await.created();
    admin.patch("/locations/1", &json!({"name": "Terrace"})).await.ok();
    let takeaway = json!({"order_type": "TAKEAWAY",
        "items": [{"dish_id": house.borscht, "quantity": 1}]});
    let own = other.post("/orders", &takeaway).await.created();
    other.delete(&format!("/orders/{}", id(&own))).await.ok();
}

#[tokio::test]
async fn a_replay_tells_everybody_what_the_live_feed_told_them() {
    let house = careful_house().await;
    let (manager, other) = (house.app.manager().await, colleague(&house).await);
    let guest = house.guest(0).await;
    let people = [&house.admin, &manager, &house.waiter, &other, &house.kitchen, &guest];
    let mut screens = Vec::new();
    for who in people {
        screens.push(Screen::greeted(&house.app, who, None).await);
    }
    a_busy_hour(&house, &guest, &other).await;
    let mut kinds = BTreeSet::new();
    for (who, (screen, greeting)) in people.into_iter().zip(&mut screens) {
        let live: Vec<_> = told_by_now(screen).await.into_iter().map(without_order).collect();
        assert!(live.len() > 5, "{live:?}");
        kinds.extend(live.iter().map(|message| message["type"].to_string()));
        let since = greeting["seq"].as_i64();
        let (mut again, _) = Screen::greeted(&house.app, who, since).await;
        let missed: Vec<_> = told_by_now(&mut again).await.into_iter().map(without_order).collect();
        if who.token == guest.token {
            // The guest sits elsewhere since: what happened at the table before stays unsaid.
            assert!(!missed.is_empty() && missed.iter().all(|message| live.contains(message)));
        } else {
            assert_eq!(missed, live);
        }
    }
    assert!(kinds.len() >= 10, "{kinds:?}");
}

/// Every change of an order is told to every waiter, with a version that leaves no gap; and the
/// order that is read has the last of them.
#[tokio::test]
async fn versions_of_an_order_leave_no_gap() {
    let house = careful_house().await;
    let (guest, other) = (house.guest(0).await, colleague(&house).await);
    let (mut screen, _) = Screen::greeted(&house.app, &other, None).await;
    a_busy_hour(&house, &guest, &house.waiter).await;
    let told = told_by_now(&mut screen).await;
    let orders: BTreeSet<i64> =
        told.iter().filter_map(|event| event["order_id"].as_i64()).collect();
    assert_eq!(orders.len(), 2);
    for order_id in orders {
        let (mut last, mut changes) = (0, 0);
        for event in told.iter().filter(|event| event["order_id"] == order_id) {
            let version = event["data"]["version"].as_i64().unwrap();
            let is_step = version == last + 1;
            let is_move = version == last && event["data"].get("moved_to_table_id").is_some();
            assert!(is_step || is_move, "{last} and then {event}");
            if let Some(order) = event.get("order") {
                assert_eq!(order["version"], version);
                let ids: Vec<_> = order["items"].as_array().unwrap().iter().map(id).collect();
                for line in event["data"]["lines"].as_array().unwrap() {
                    assert!(ids.contains(&id(line)) && line["one_size"].is_boolean(), "{event}");
                }
            }
            (last, changes) = (version, changes + 1);
        }
        assert!(changes > 2);
        assert_eq!(house.order(order_id).await["version"], last);
    }
    let list = house.waiter.get("/orders").await.ok();
    assert!(list["orders"].as_array().unwrap().iter().all(|order| order["version"].is_i64()));
}

#[tokio::test]
async fn an_event_says_what_screens_would_ask_for() {
    let house = careful_house().await;
    let (guest, other) = (house.guest(0).await, colleague(&house).await);
    let (mut screen, _) = Screen::greeted(&house.app, &other, None).await;
    let body = json!({"items": [{"dish_id": house.borscht, "quantity": 1},
        {"dish_id": house.pizza, "quantity": 3}]});
    guest.post_once("/guest/orders", "phone-0001", &body).await.created();
    let created = screen.wait_for("order_created").await;
    let lines = &created["data"]["lines"];
    assert_eq!((&lines[0]["change"], &lines[0]["one_size"]), (&json!("added"), &json!(true)));
    assert_eq!((&lines[1]["quantity"], &lines[1]["one_size"]), (&json!(3), &json!(false)));

    // Who took the order on, with one line's step alone.
    let line = id(&created["order"]["items"][0]);
    house.move_item(&house.waiter, line, "IN_PREPARATION").await.ok();
    let order = house.order(created["order_id"].as_i64().unwrap()).await;
    let moved = screen.wait_for("item_status_changed").await;
    for field in ["waiter_id", "waiter_name", "confirmed_at"] {
        assert_eq!(moved["data"]["taken_on"][field], order[field]);
    }
    assert_eq!(moved["data"]["waiter_id"], order["waiter_id"]);
    for field in ["sent_to_kitchen_at", "preparation_started_at", "updated_at"] {
        assert_eq!(moved["data"][field], order["items"][0][field], "{field}");
    }
    assert_eq!(moved["data"]["updated_at"], order["updated_at"]);
    // That a line goes to the kitchen is told in one way, whoever says so and how.
    let told = &screen.wait_for("order_updated").await["data"]["lines"];
    assert_eq!((id(&told[0]), &told[0]["change"], told[1].is_null()), (line, &json!("sent"), true));

    // The room of a call, and how it will be paid.
    let call = json!({"kind": "bill", "payment_method_id": house.card});
    let call = guest.post("/guest/calls", &call).await.created();
    let called = screen.wait_for("table_called").await;
    for field in ["table_id", "table_number", "table_name", "payment_method_id", "created_at"] {
        assert_eq!(called["data"][field], house.waiter.get("/calls").await.ok()["calls"][0][field]);
    }
    assert_eq!(called["data"]["call_id"], id(&call));
    assert!(called["data"]["location_id"].is_i64());

    // The table as it is now, but for its code.
    let seat = json!({"is_occupied": true});
    house.waiter.patch(&format!("/tables/{}/status", house.tables[1]), &seat).await.ok();
    let seated = screen.wait_for("table_changed").await;
    assert_eq!(seated["data"]["change"], "seated");
    let mut table = house.waiter.get(&format!("/tables/{}", house.tables[1])).await.ok();
    for field in ["id", "qr_code", "created_at"] {
        table.as_object_mut().unwrap().remove(field);
    }
    assert_eq!(seated["data"]["table"], table);
}
