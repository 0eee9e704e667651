//! The kitchen: lines begun, made and called back, one by one and by the ticket; what ran out.

use serde_json::{Value, json};

use crate::harness::{House, id};

/// An order of a pizza (bakery) and two borschts (hot) at the first table.
async fn three_lines(house: &House) -> Value {
    let body = json!({"table_id": house.tables[0], "items": [
        {"dish_id": house.pizza, "quantity": 1},
        {"dish_id": house.borscht, "quantity": 1},
        {"dish_id": house.borscht, "quantity": 2}]});
    house.waiter.post("/orders", &body).await.created()
}

fn ids(order: &Value) -> Vec<i64> {
    order["items"].as_array().unwrap().iter().map(id).collect()
}

/// Status and whether it was begun, of every line.
async fn stand(house: &House, order_id: i64) -> Vec<(String, bool)> {
    let order = house.order(order_id).await;
    let line = |item: &Value| {
        (item["status"].as_str().unwrap().to_owned(), item["preparation_started_at"].is_string())
    };
    order["items"].as_array().unwrap().iter().map(line).collect()
}

fn expected(lines: &[(&str, bool)]) -> Vec<(String, bool)> {
    lines.iter().map(|(status, begun)| ((*status).to_owned(), *begun)).collect()
}

fn database(house: &House) -> rusqlite::Connection {
    rusqlite::Connection::open(house.app.folder.path().join("data/qres.db")).unwrap()
}

/// Kind and data of what was told since.
fn events_after(house: &House, since: i64) -> Vec<(String, Value)> {
    let db = database(house);
    let mut events =
        db.prepare("SELECT kind, data FROM events WHERE seq > ?1 ORDER BY seq").unwrap();
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let rows = events.query_map([since], row).unwrap();
    rows.map(Result::unwrap)
        .map(|(kind, data): (String, String)| (kind, serde_json::from_str(&data).unwrap()))
        .collect()
}

#[tokio::test]
async fn a_line_waits_until_the_kitchen_begins_it() {
    let house = House::open().await;
    let order = house.place().await;
    let (order_id, line) = (id(&order), ids(&order)[0]);
    assert_eq!(stand(&house, order_id).await, expected(&[("IN_PREPARATION", false)]));
    assert_eq!(order["status"], "PENDING");
    house.move_item(&house.waiter, line, "IN_PREPARATION").await.refused(403, "step_not_yours");

    house.move_item(&house.kitchen, line, "IN_PREPARATION").await.ok();
    assert_eq!(stand(&house, order_id).await, expected(&[("IN_PREPARATION", true)]));
    assert_eq!(house.order(order_id).await["status"], "IN_PROGRESS");
    let begun = house.order(order_id).await["items"][0]["preparation_started_at"].clone();
    // Two cooks tap the same line: it was begun once.
    house.move_item(&house.admin, line, "IN_PREPARATION").await.ok();
    let wall = house.kitchen.get("/kitchen/dishes").await.ok();
    assert_eq!(wall[0]["preparation_started_at"], begun);
    assert_eq!(
        (wall[0]["dish_id"].as_i64(), wall[0]["dish_variation_id"].as_i64()),
        (Some(house.borscht), Some(house.borscht_portion))
    );

    house.move_item(&house.kitchen, line, "READY").await.ok();
    house.move_item(&house.kitchen, line, "IN_PREPARATION").await.ok();
    let recalled = house.order(order_id).await;
    assert_eq!(
        recalled["items"][0]["preparation_started_at"], begun,
        "called back, not begun anew"
    );
    assert!(recalled["items"][0]["ready_at"].is_null());
    assert_eq!(recalled["status"], "IN_PROGRESS");
}

#[tokio::test]
async fn a_ticket_is_begun_and_made_by_department() {
    let house = House::open().await;
    let order = three_lines(&house).await;
    let (order_id, lines) = (id(&order), ids(&order));
    let path = |step: &str| format!("/kitchen/orders/{order_id}/{step}");
    let hot = json!({"department": "hot"});

    let begun = house.kitchen.post(&path("start"), &hot).await.ok();
    assert_eq!(begun["item_ids"], json!([lines[1], lines[2]]));
    let lines_then =
        [("IN_PREPARATION", false), ("IN_PREPARATION", true), ("IN_PREPARATION", true)];
    assert_eq!(stand(&house, order_id).await, expected(&lines_then));
    assert_eq!(house.kitchen.post(&path("start"), &hot).await.ok()["item_ids"], json!([]));

    let made = house.kitchen.post(&path("ready"), &hot).await.ok();
    assert_eq!(made["item_ids"], json!([lines[1], lines[2]]));
    assert_eq!(house.order(order_id).await["status"], "READY");
    let rest = house.kitchen.post(&path("ready"), &json!({})).await.ok();
    assert_eq!(rest["item_ids"], json!([lines[0]]), "what is ready stays as it is");

    let undo = json!({"step": "READY", "item_ids": [lines[0], lines[1]]});
    for moved in [json!([lines[0], lines[1]]), json!([])] {
        assert_eq!(house.kitchen.post(&path("undo"), &undo).await.ok()["item_ids"], moved);
    }
    let back = [("IN_PREPARATION", false), ("IN_PREPARATION", true), ("READY", true)];
    assert_eq!(stand(&house, order_id).await, expected(&back));

    house.move_item(&house.waiter, lines[2], "SERVED").await.ok();
    let undo = json!({"step": "START"});
    assert_eq!(
        house.kitchen.post(&path("undo"), &undo).await.ok()["item_ids"],
        json!([lines[1]]),
        "what is served stays served"
    );
}

#[tokio::test]
async fn an_order_that_nobody_has_begun_any_more_waits_again() {
    let house = House::open().await;
    let order = house.place().await;
    let path = |step: &str| format!("/kitchen/orders/{}/{step}", id(&order));
    house.kitchen.post(&path("start"), &json!({})).await.ok();
    assert_eq!(house.order(id(&order)).await["status"], "IN_PROGRESS");
    house.kitchen.post(&path("undo"), &json!({"step": "START"})).await.ok();
    assert_eq!(house.order(id(&order)).await["status"], "PENDING");
    house.move_order(&house.kitchen, id(&order), "IN_PROGRESS").await.ok();
    assert_eq!(stand(&house, id(&order)).await, expected(&[("IN_PREPARATION", true)]));
}

#[tokio::test]
async fn steps_are_refused_to_others_and_where_they_make_no_sense() {
    let house = House::open().await;
    let order = house.place().await;
    let path = |step: &str| format!("/kitchen/orders/{}/{step}", id(&order));
    for step in ["start", "ready"] {
        house.waiter.post(&path(step), &json!({})).await.refused(403, "wrong_role");
        let foreign = json!({"item_ids": [999]});
        house.kitchen.post(&path(step), &foreign).await.refused(404, "not_found");
        let attic = json!({"department": "attic"});
        house.kitchen.post(&path(step), &attic).await.invalid("department");
        let nowhere = format!("/kitchen/orders/999/{step}");
        house.kitchen.post(&nowhere, &json!({})).await.refused(404, "not_found");
    }
    house.waiter.post(&path("undo"), &json!({"step": "READY"})).await.refused(403, "wrong_role");
    house.kitchen.post(&path("undo"), &json!({})).await.invalid("step");
    house.kitchen.post(&path("undo"), &json!({"step": "EATEN"})).await.invalid("step");
    house.admin.delete(&format!("/orders/{}", id(&order))).await.ok();
    house.kitchen.post(&path("start"), &json!({})).await.refused(400, "order_closed");
}

#[tokio::test]
async fn a_guests_line_is_no_matter_of_the_kitchen_until_it_is_confirmed() {
    let house = House::open().await;
    let guest = house.guest(0).await;
    let body = json!({"items": [{"dish_id": house.borscht, "quantity": 1}]});
    let order = guest.post_once("/guest/orders", "guest-0001", &body).await.created();
    let order_id = id(&order);
    let path = format!("/kitchen/orders/{order_id}/start");
    assert_eq!(house.kitchen.post(&path, &json!({})).await.ok()["item_ids"], json!([]));
    let send = format!("/kitchen/orders/{order_id}/send-to-kitchen");
    house.waiter.post(&send, &json!([])).await.ok();
    assert_eq!(stand(&house, order_id).await, expected(&[("IN_PREPARATION", false)]));
}

#[tokio::test]
async fn a_step_is_told_with_its_moment() {
    let house = House::open().await;
    let order = house.place().await;
    let since = house.app.app.store.last_seq();
    house.kitchen.post(&format!("/kitchen/orders/{}/start", id(&order)), &json!({})).await.ok();
    let told = events_after(&house, since);
    let kinds: Vec<_> = told.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["item_status_changed", "order_status_changed"]);
    let data = &told[0].1;
    assert_eq!(
        (data["old_status"].as_str(), data["new_status"].as_str()),
        (Some("IN_PREPARATION"), Some("IN_PREPARATION"))
    );
    assert!(data["preparation_started_at"].is_string());
}

#[tokio::test]
async fn times_count_from_begun_or_else_from_sent() {
    let house = House::open().await;
    let order = three_lines(&house).await;
    let lines = ids(&order);
    house.kitchen.post(&format!("/kitchen/orders/{}/ready", id(&order)), &json!({})).await.ok();
    let db = database(&house);
    // One borscht was begun 4 minutes before it was ready, the other was only sent 10 minutes before.
    let minutes = 60_000;
    db.execute(
        "UPDATE order_items SET sent_to_kitchen_at = ready_at - ?1 WHERE order_id = ?2",
        [10 * minutes, id(&order)],
    )
    .unwrap();
    db.execute(
        "UPDATE order_items SET preparation_started_at = ready_at - ?1 WHERE id = ?2",
        [4 * minutes, lines[1]],
    )
    .unwrap();
    let stats = house.admin.get("/kitchen/departments/hot/stats").await.ok();
    assert_eq!(stats["average_preparation_time"], 7.0);
    let items = house.order(id(&order)).await["items"].clone();
    let took = |i: usize| items[i]["actual_preparation_time"].as_i64();
    assert_eq!((took(1), took(2)), (Some(4), Some(10)));
}

#[tokio::test]
async fn what_ran_out_is_listed_and_put_back() {
    let house = House::open().await;
    let list = async || house.kitchen.get("/dishes/sold-out").await.ok()["dishes"].clone();
    assert_eq!(list().await, json!([]));
    house.app.anonymous().get("/dishes/sold-out").await.refused(401, "no_token");

    let off = json!({"is_available": false});
    let large = format!("/dishes/{}/variations/{}/availability", house.pizza, house.pizza_large);
    house.kitchen.patch(&large, &off).await.ok();
    let soup = format!("/dishes/{}/availability", house.borscht);
    house.kitchen.patch(&soup, &off).await.ok();
    house.waiter.patch(&soup, &json!({"is_available": true})).await.refused(403, "wrong_role");
    let dishes = list().await;
    assert_eq!(
        (dishes[0]["name"].as_str(), dishes[0]["is_available"].as_bool()),
        (Some("Borscht"), Some(false))
    );
    assert_eq!(dishes[0]["variations"], json!([]));
    assert_eq!(
        (dishes[1]["name"].as_str(), dishes[1]["is_available"].as_bool()),
        (Some("Pizza"), Some(true))
    );
    assert_eq!(dishes[1]["variations"][0]["name"], "30 cm");
    assert_eq!(dishes[1]["variations"].as_array().unwrap().len(), 1);

    let on = json!({"is_available": true});
    house.kitchen.patch(&soup, &on).await.ok();
    house.kitchen.patch(&large, &on).await.ok();
    assert_eq!(list().await, json!([]));
}

// Screens 3: the wall leaves out the name of a size that is the only one of its dish.
#[tokio::test]
async fn a_line_says_whether_its_dish_has_other_sizes() {
    let house = House::open().await;
    house.place().await;
    let one_size = || async {
        let lines = house.kitchen.get("/kitchen/dishes").await.ok();
        lines.as_array().unwrap().iter().map(|line| line["one_size"].clone()).collect::<Vec<_>>()
    };
    assert!(one_size().await.iter().all(|one| *one == json!(true)));
    let size = json!({"name": "Half", "price": "200.00"});
    let path = format!("/dishes/{}/variations", house.borscht);
    house.admin.post(&path, &size).await.created();
    assert!(one_size().await.contains(&json!(false)));
}
