//! Guests who change tables: orders and lines that move, tables that are joined, and who sees
//! what then.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::harness::{Client, House, Screen, id};

async fn order_at(house: &House, table: usize, items: Value) -> Value {
    let body = json!({"table_id": house.tables[table], "items": items});
    house.waiter.post("/orders", &body).await.created()
}

async fn two_dishes(house: &House, table: usize) -> Value {
    let items = json!([{"dish_id": house.borscht, "quantity": 3, "comment": "hot"},
        {"dish_id": house.pizza, "quantity": 1}]);
    order_at(house, table, items).await
}

async fn table(house: &House, at: usize) -> Value {
    house.waiter.get(&format!("/tables/{}", house.tables[at])).await.ok()
}

fn to(house: &House, table: usize) -> Value {
    json!({"table_id": house.tables[table]})
}

fn database(house: &House) -> rusqlite::Connection {
    rusqlite::Connection::open(house.app.folder.path().join("data/qres.db")).unwrap()
}

fn traces(house: &House) -> Vec<(String, i64, i64)> {
    let db = database(house);
    let mut traces =
        db.prepare("SELECT what, old_total, new_total FROM money_changes ORDER BY id").unwrap();
    let rows = traces.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

#[tokio::test]
async fn an_order_moves_with_its_guests() {
    let house = House::open().await;
    let (party, stranger) = (house.guest(0).await, house.guest(1).await);
    let body = json!({"items": [{"dish_id": house.pizza, "quantity": 1}]});
    let placed = party.post_once("/guest/orders", "phone-0001", &body).await.created();
    let order_id = id(&placed);
    let call = json!({"kind": "waiter"});
    party.post("/guest/calls", &call).await.created();
    stranger.post("/guest/calls", &call).await.created();
    let path = format!("/orders/{order_id}/move");
    let moved = house.waiter.post(&path, &to(&house, 1)).await.ok();
    assert_eq!((id(&moved), moved["table_number"].as_i64()), (order_id, Some(2)));
    assert_eq!(moved["items"][0]["status"], "NEW", "it still waits for a waiter");
    assert_eq!(table(&house, 0).await["is_occupied"], false);
    assert_eq!(table(&house, 1).await["current_order_id"], order_id);

    let seen = party.get("/guest/order").await.ok();
    assert_eq!((seen["table_number"].as_i64(), id(&seen["order"])), (Some(2), order_id));
    assert_eq!(seen["calls"][0]["kind"], "waiter", "they still wait for him");
    let calls = house.waiter.get("/calls").await.ok();
    assert_eq!(
        (calls["total"].as_i64(), calls["calls"][0]["table_number"].as_i64()),
        (Some(1), Some(2))
    );
    // Whoever held the new table's code before must scan it again, and the old table is empty.
    stranger.get("/guest/order").await.refused(401, "visit_over");
    assert!(house.guest(0).await.get("/guest/order").await.ok()["order"].is_null());
    // The phone's repeated tap, whose first answer was lost, is still the same tap.
    let again = party.post_once("/guest/orders", "phone-0001", &body).await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(house.order(order_id).await["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_guests_screen_goes_along() {
    let house = House::open().await;
    let party = house.guest(0).await;
    let body = json!({"items": [{"dish_id": house.pizza, "quantity": 1}]});
    let order_id = id(&party.post_once("/guest/orders", "phone-0001", &body).await.created());
    let (mut phone, _) = Screen::greeted(&house.app, &party, None).await;
    house.waiter.post(&format!("/orders/{order_id}/move"), &to(&house, 1)).await.ok();
    phone.wait_for("order_updated").await;
    // What happens at the old table is the next guests' business.
    house.place().await;
    let send = format!("/kitchen/orders/{order_id}/send-to-kitchen");
    house.waiter.post(&send, &json!([])).await.ok();
    let heard = phone.wait_for("item_status_changed").await;
    assert_eq!(heard["order_id"], order_id);
}

#[tokio::test]
async fn a_table_is_joined_to_another() {
    let house = House::open().await;
    let (first, second) = (two_dishes(&house, 0).await, two_dishes(&house, 1).await);
    let (here, there) = (house.guest(0).await, house.guest(1).await);
    let gone = id(&first["items"][1]);
    house.waiter.delete(&format!("/orders/{}/items/{gone}", id(&first))).await.ok();
    house.move_item(&house.kitchen, id(&first["items"][0]), "READY").await.ok();

    let path = format!("/orders/{}/move", id(&first));
    let joined = house.waiter.post_once(&path, "join-0001", &to(&house, 1)).await;
    let again = house.waiter.post_once(&path, "join-0001", &to(&house, 1)).await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    let joined = joined.ok();
    assert_eq!(joined, again.ok());
    assert_eq!(id(&joined), id(&second));
    assert_eq!(joined["total_price"], "2550.00");
    assert_eq!(joined["items"].as_array().unwrap().len(), 3);
    assert_eq!(joined["status"], "READY", "there is something to serve now");

    let left = house.order(id(&first)).await;
    assert_eq!(
        (left["status"].as_str(), left["total_price"].as_str()),
        (Some("CANCELLED"), Some("0.00"))
    );
    assert_eq!(left["joined_into_id"], id(&second));
    assert_eq!(left["items"][0]["id"], gone, "what was taken off stays in the old book");
    assert_eq!(table(&house, 0).await["is_occupied"], false);
    for phone in [&here, &there] {
        assert_eq!(id(&phone.get("/guest/order").await.ok()["order"]), id(&second));
    }
    let last = traces(&house)[1..].to_vec();
    assert_eq!(
        last,
        [("lines_moved".into(), 150_000, 255_000), ("order_joined".into(), 105_000, 0)]
    );
}

#[tokio::test]
async fn a_part_of_a_line_moves() {
    let house = House::open().await;
    let order = two_dishes(&house, 0).await;
    let (order_id, soup, pizza) = (id(&order), id(&order["items"][0]), id(&order["items"][1]));
    let guest = house.guest(0).await;
    let path = format!("/orders/{order_id}/items/move");
    let body = json!({"table_id": house.tables[1], "items": [{"id": soup, "quantity": 2}]});
    let other = house.waiter.post(&path, &body).await.ok();
    assert_ne!(id(&other), order_id);
    assert_eq!(
        (other["table_number"].as_i64(), other["total_price"].as_str()),
        (Some(2), Some("700.00"))
    );
    let line = &other["items"][0];
    assert_eq!((line["quantity"].as_i64(), line["comment"].as_str()), (Some(2), Some("hot")));
    assert_eq!(line["sent_to_kitchen_at"], order["items"][0]["sent_to_kitchen_at"]);
    let rest = house.order(order_id).await;
    assert_eq!(
        (rest["total_price"].as_str(), rest["items"][0]["quantity"].as_i64()),
        (Some("800.00"), Some(1))
    );
    // The guests stay where most of the order is, and the kitchen has every dish once.
    assert_eq!(id(&guest.get("/guest/order").await.ok()["order"]), order_id);
    let dishes = house.kitchen.get("/kitchen/dishes").await.ok();
    let count: i64 =
        dishes.as_array().unwrap().iter().map(|d| d["quantity"].as_i64().unwrap()).sum();
    assert_eq!(count, 4);

    // More lines go to the bill that is there now; with the last of them the guests go too.
    house.move_item(&house.kitchen, pizza, "READY").await.ok();
    house.move_item(&house.waiter, pizza, "SERVED").await.ok();
    let body =
        json!({"table_id": house.tables[1], "items": [{"id": pizza}, {"id": soup, "quantity": 1}]});
    let joined = house.waiter.post(&path, &body).await.ok();
    assert_eq!((id(&joined), joined["total_price"].as_str()), (id(&other), Some("1500.00")));
    assert_eq!(house.order(order_id).await["joined_into_id"], id(&other));
    assert_eq!(id(&guest.get("/guest/order").await.ok()["order"]), id(&other));
}

#[tokio::test]
async fn the_rest_of_an_order_stands_where_its_lines_do() {
    let house = House::open().await;
    let order = two_dishes(&house, 0).await;
    let (soup, pizza) = (id(&order["items"][0]), id(&order["items"][1]));
    house.move_item(&house.kitchen, soup, "READY").await.ok();
    house.move_item(&house.waiter, soup, "SERVED").await.ok();
    let body = json!({"table_id": house.tables[1], "items": [{"id": pizza}]});
    let other = house.waiter.post(&format!("/orders/{}/items/move", id(&order)), &body).await.ok();
    assert_eq!(other["status"], "IN_PROGRESS");
    assert_eq!(house.order(id(&order)).await["status"], "SERVED");
}

#[tokio::test]
async fn a_paid_order_moves_and_joins_nothing() {
    let house = House::open().await;
    let order_id = id(&house.place().await);
    let other = id(&two_dishes(&house, 1).await);
    let pay = json!({"payment_method_id": house.cash});
    house.waiter.post(&format!("/orders/{order_id}/complete-payment"), &pay).await.ok();
    let moved = house.waiter.post(&format!("/orders/{order_id}/move"), &to(&house, 1)).await.ok();
    assert_eq!((id(&moved), moved["payment_status"].as_str()), (order_id, Some("PAID")));
    assert_eq!(house.order(other).await["total_price"], "1500.00");
    assert_eq!(table(&house, 1).await["current_order_id"], other);
    let lines = json!({"table_id": house.tables[0], "items": [{"id": id(&moved["items"][0])}]});
    let path = format!("/orders/{order_id}/items/move");
    house.waiter.post(&path, &lines).await.refused(400, "order_paid");
}

#[tokio::test]
async fn what_cannot_move_says_why() {
    let house = House::open().await;
    let order = two_dishes(&house, 0).await;
    let (order_id, soup) = (id(&order), id(&order["items"][0]));
    let (whole, lines) =
        (format!("/orders/{order_id}/move"), format!("/orders/{order_id}/items/move"));
    let waiter = &house.waiter;
    house.kitchen.post(&whole, &to(&house, 1)).await.refused(403, "wrong_role");
    waiter.post(&whole, &to(&house, 0)).await.refused(400, "same_table");
    waiter.post(&whole, &json!({"table_id": 999})).await.refused(404, "not_found");
    waiter.post(&whole, &json!({})).await.invalid("table_id");
    waiter.post("/orders/999/move", &to(&house, 1)).await.refused(404, "not_found");
    let takeaway = json!({"order_type": "TAKEAWAY", "items": house.borscht_order()["items"]});
    let takeaway = id(&waiter.post("/orders", &takeaway).await.created());
    waiter.post(&format!("/orders/{takeaway}/move"), &to(&house, 1)).await.refused(400, "no_table");

    let wanted = |items: Value| json!({"table_id": house.tables[1], "items": items});
    house.kitchen.post(&lines, &wanted(json!([{"id": soup}]))).await.refused(403, "wrong_role");
    waiter.post(&lines, &wanted(json!([]))).await.invalid("items");
    waiter.post(&lines, &wanted(json!([{"id": soup}, {"id": soup}]))).await.invalid("items[1].id");
    waiter
        .post(&lines, &wanted(json!([{"id": soup, "quantity": 0}])))
        .await
        .invalid("items[0].quantity");
    let says = waiter
        .post(&lines, &wanted(json!([{"id": soup, "quantity": 4}])))
        .await
        .refused(400, "more_than_there_is");
    assert!(says.contains("Borscht"), "{says}");
    waiter.post(&lines, &wanted(json!([{"id": 999}]))).await.refused(404, "not_found");
    waiter.delete(&format!("/orders/{order_id}/items/{soup}")).await.ok();
    waiter.post(&lines, &wanted(json!([{"id": soup}]))).await.refused(400, "line_fixed");

    house
        .admin
        .patch(&format!("/tables/{}", house.tables[1]), &json!({"is_active": false}))
        .await
        .ok();
    waiter.post(&whole, &to(&house, 1)).await.refused(400, "table_inactive");
    waiter
        .post(&lines, &wanted(json!([{"id": id(&order["items"][1])}])))
        .await
        .refused(400, "table_inactive");
    house.admin.delete(&format!("/orders/{order_id}")).await.ok();
    waiter.post(&whole, &to(&house, 0)).await.refused(400, "order_closed");
    assert_eq!(table(&house, 0).await["is_occupied"], false);
}

#[tokio::test]
async fn what_the_kitchen_has_begun_is_an_admins_to_change() {
    let house = House::open().await;
    let order = two_dishes(&house, 0).await;
    let (order_id, soup, pizza) = (id(&order), id(&order["items"][0]), id(&order["items"][1]));
    assert!(order["items"][0]["preparation_started_at"].is_null(), "no cook has said so yet");
    let path = format!("/orders/{order_id}/items/{soup}");
    house.move_item(&house.kitchen, soup, "IN_PREPARATION").await.ok();
    house.waiter.patch(&path, &json!({"quantity": 1})).await.refused(403, "approval_needed");
    house.waiter.delete(&format!("{path}?reason=x")).await.refused(403, "approval_needed");
    house.admin.patch(&path, &json!({"quantity": 1})).await.refused(400, "reason_needed");
    house.admin.delete(&path).await.refused(400, "reason_needed");
    let cancel = json!({"status": "CANCELLED"});
    house.admin.patch(&format!("{path}/status"), &cancel).await.refused(400, "reason_needed");
    let fewer = json!({"quantity": 1, "reason": "spilled"});
    house.admin.patch(&path, &fewer).await.ok();
    let why = json!({"status": "CANCELLED", "reason": "fell"});
    house.admin.patch(&format!("{path}/status"), &why).await.ok();
    assert_eq!(house.order(order_id).await["total_price"], "450.00");

    // A repeated change under its key is the same change, whatever has happened since.
    let path = format!("/orders/{order_id}/items/{pizza}");
    let change = |key: &'static str| {
        let request = house.waiter.request(reqwest::Method::PATCH, &path);
        house.waiter.send(request.header("Idempotency-Key", key).json(&json!({"quantity": 2})))
    };
    let first = change("change-0001").await.ok();
    house.move_item(&house.kitchen, pizza, "READY").await.ok();
    assert_eq!(change("change-0001").await.ok(), first);
    change("change-0002").await.refused(403, "approval_needed");

    let db = database(&house);
    let mut rows = db.prepare("SELECT what, reason FROM money_changes ORDER BY id").unwrap();
    let rows: Vec<(String, Option<String>)> =
        rows.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().map(Result::unwrap).collect();
    let expected = [
        ("line_changed".to_owned(), Some("spilled".to_owned())),
        ("line_removed".into(), Some("fell".into())),
        ("line_changed".into(), None),
    ];
    assert_eq!(rows, expected);
}

#[tokio::test]
async fn a_list_may_ask_for_more_than_one_status() {
    let house = House::open().await;
    let first = id(&house.place().await);
    two_dishes(&house, 1).await;
    house.waiter.delete(&format!("/orders/{first}")).await.ok();
    for (query, expected) in [
        ("status=PENDING&status=CANCELLED", 2),
        ("status=PENDING,READY", 1),
        ("status=READY&status=SERVED", 0),
        ("status=", 2),
    ] {
        let list = house.waiter.get(&format!("/orders?{query}")).await.ok();
        assert_eq!(list["total"], expected, "{query}");
    }
    house.waiter.get("/orders?status=PENDING&status=LOST").await.invalid("status");
}

/// One thing that a waiter may do with what stands on the tables.
#[derive(Debug, Clone)]
enum Deed {
    Order { table: usize, dish: usize, quantity: i64 },
    MoveOrder { which: usize, table: usize },
    MoveLines { which: usize, table: usize, lines: usize, quantity: i64 },
    Change { which: usize, line: usize, quantity: i64 },
    Remove { which: usize, line: usize },
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        4 => (0..2usize, 0..2usize, 1..5i64)
            .prop_map(|(table, dish, quantity)| Deed::Order { table, dish, quantity }),
        2 => (0..9usize, 0..2usize).prop_map(|(which, table)| Deed::MoveOrder { which, table }),
        4 => (0..9usize, 0..2usize, 1..4usize, 1..4i64)
            .prop_map(|(which, table, lines, quantity)| Deed::MoveLines { which, table, lines, quantity }),
        1 => (0..9usize, 0..9usize, 1..5i64)
            .prop_map(|(which, line, quantity)| Deed::Change { which, line, quantity }),
        1 => (0..9usize, 0..9usize).prop_map(|(which, line)| Deed::Remove { which, line }),
    ];
    prop::collection::vec(deed, 10..40)
}

/// What stands on all bills: their sums, and how many dishes.
fn stock(house: &House) -> (i64, i64) {
    let db = database(house);
    let mut wrong = db
        .prepare(
            "SELECT o.id FROM orders o WHERE (o.closed_at IS NULL OR o.joined_into_id IS NOT NULL) AND o.total <> (SELECT coalesce(sum(i.gross), 0)
             FROM order_items i WHERE i.order_id = o.id AND i.status <> 'CANCELLED')",
        )
        .unwrap();
    assert!(!wrong.exists([]).unwrap(), "an order's sum is not that of its lines");
    db.query_row(
        "SELECT (SELECT coalesce(sum(total), 0) FROM orders WHERE closed_at IS NULL),
                (SELECT coalesce(sum(quantity), 0) / 1000 FROM order_items i JOIN orders o ON o.id = i.order_id
                 WHERE i.status <> 'CANCELLED' AND o.closed_at IS NULL)",
        [],
        |r| Ok((r.get(0)?, r.get(1)?)),
    )
    .unwrap()
}

async fn bills(waiter: &Client) -> Vec<Value> {
    let list = waiter.get("/orders?status=PENDING,IN_PROGRESS,READY,SERVED").await.ok();
    list["orders"].as_array().unwrap().clone()
}

/// Does it, and tells what was done; nothing where the box refused it. Where guests and dishes
/// only change places, no money and no dish may come or go.
async fn act(house: &House, deed: &Deed) -> Option<&'static str> {
    let before = stock(house);
    let open = bills(&house.waiter).await;
    let pick = |which: usize| (!open.is_empty()).then(|| id(&open[which % open.len()]));
    let dishes = [house.borscht, house.pizza];
    match deed {
        Deed::Order { table, dish, quantity } => {
            let items = json!([{"dish_id": dishes[*dish], "quantity": quantity}]);
            order_at(house, *table, items).await;
            Some("ordered")
        }
        Deed::MoveOrder { which, table } => {
            let order = pick(*which)?;
            let path = format!("/orders/{order}/move");
            let reply = house.waiter.post(&path, &to(house, *table)).await;
            assert_eq!(stock(house), before, "{deed:?}");
            reply.status.is_success().then_some("order moved")
        }
        Deed::MoveLines { which, table, lines, quantity } => {
            let order = pick(*which)?;
            let items = house.order(order).await["items"].clone();
            let items: Vec<_> = items.as_array().unwrap().iter().take(*lines)
                .map(|item| json!({"id": id(item), "quantity": quantity.min(&item["quantity"].as_i64().unwrap())}))
                .collect();
            let body = json!({"table_id": house.tables[*table], "items": items});
            let reply = house.waiter.post(&format!("/orders/{order}/items/move"), &body).await;
            assert_eq!(stock(house), before, "{deed:?}");
            reply.status.is_success().then_some("lines moved")
        }
        Deed::Change { which, line, .. } | Deed::Remove { which, line } => {
            let order = pick(*which)?;
            let items = house.order(order).await["items"].clone();
            let items = items.as_array().unwrap().clone();
            let path = format!("/orders/{order}/items/{}", id(&items[line % items.len()]));
            let (reply, what) = match deed {
                Deed::Change { quantity, .. } => {
                    (house.waiter.patch(&path, &json!({"quantity": quantity})).await, "changed")
                }
                _ => (house.waiter.delete(&path).await, "taken off"),
            };
            stock(house);
            reply.status.is_success().then_some(what)
        }
    }
}

#[test]
fn whatever_moves_no_money_is_lost_or_doubled() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let house = runtime.block_on(House::open());
    let config =
        ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() };
    let done = std::cell::RefCell::new(BTreeMap::<&str, u32>::new());
    proptest!(config, |(deeds in deeds())| {
        runtime.block_on(async {
            for order in bills(&house.waiter).await {
                house.admin.delete(&format!("/orders/{}", id(&order))).await.ok();
            }
            for deed in &deeds {
                if let Some(what) = act(&house, deed).await {
                    *done.borrow_mut().entry(what).or_default() += 1;
                }
            }
        });
    });
    // A box that refuses everything loses nothing either.
    let done = done.into_inner();
    for what in ["ordered", "order moved", "lines moved", "changed", "taken off"] {
        assert!(done.get(what).is_some_and(|times| *times >= 3), "{what}: {done:?}");
    }
}
