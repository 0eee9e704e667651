//! Courses: the first goes with sending, the others are held until somebody, or the house, fires them.

use qres::features::orders::fire_due_courses;
use serde_json::{Value, json};

use crate::harness::{House, Reply, Screen, id};

/// An order of a borscht for each course; 0 is none.
async fn order_of(house: &House, table: usize, courses: &[i64]) -> Value {
    let line = |course: &i64| match course {
        0 => json!({"dish_id": house.borscht, "quantity": 1}),
        course => json!({"dish_id": house.borscht, "quantity": 1, "course": course}),
    };
    let items: Vec<Value> = courses.iter().map(line).collect();
    let body = json!({"table_id": house.tables[table], "items": items});
    house.waiter.post("/orders", &body).await.created()
}

fn ids(order: &Value) -> Vec<i64> {
    order["items"].as_array().unwrap().iter().map(id).collect()
}

/// Course and status of every line.
pub fn stand(order: &Value) -> Vec<(i64, &str)> {
    let line = |item: &'_ Value| item["course"].as_i64().unwrap_or(0);
    let items = order["items"].as_array().unwrap();
    items.iter().map(|item| (line(item), item["status"].as_str().unwrap())).collect()
}

pub async fn step(house: &House, order_id: i64, course: i64, step: &str) -> Reply {
    house.waiter.post(&format!("/orders/{order_id}/courses/{course}/{step}"), &json!({})).await
}

async fn put(house: &House, order: &Value, at: usize, course: Value) -> Reply {
    let path = format!("/orders/{}/items/{}", id(order), ids(order)[at]);
    house.waiter.patch(&path, &json!({"course": course})).await
}

/// The kitchen makes a line, and a waiter serves it.
async fn served(house: &House, item: i64) {
    house.move_item(&house.kitchen, item, "READY").await.ok();
    house.move_item(&house.waiter, item, "SERVED").await.ok();
}

/// How many lines the kitchen is shown, those that are held included or not.
async fn on_wall(house: &House, query: &str) -> usize {
    let lines = house.kitchen.get(&format!("/kitchen/dishes{query}")).await.ok();
    lines.as_array().unwrap().len()
}

const WITH_HELD: &str = "?status_filter=HELD&status_filter=IN_PREPARATION&status_filter=READY";

#[tokio::test]
async fn the_first_course_goes_and_the_later_ones_are_held() {
    let house = House::open().await;
    let order = order_of(&house, 0, &[2, 0, 3, 2]).await;
    let expected =
        [(2, "IN_PREPARATION"), (0, "IN_PREPARATION"), (3, "HELD"), (2, "IN_PREPARATION")];
    assert_eq!(stand(&order), expected);
    assert!(order["items"][2]["sent_to_kitchen_at"].is_null());
    assert!(order["items"][1].get("course").is_none(), "who knows no course reads what they read");

    // What was asked before courses shows what is to be made; the wall asks for more.
    assert_eq!((on_wall(&house, "").await, on_wall(&house, WITH_HELD).await), (3, 4));
    let wall = house.kitchen.get("/kitchen/dishes?status_filter=HELD").await.ok();
    assert_eq!((&wall[0]["course"], &wall[0]["due_at"]), (&json!(3), &Value::Null));
    let departments = house.kitchen.get("/kitchen/departments").await.ok();
    let open: i64 =
        departments.as_array().unwrap().iter().filter_map(|one| one["open_items"].as_i64()).sum();
    assert_eq!(open, 3, "{departments}");

    // Added later: where the table is it goes, before that too, and behind it waits.
    let more = json!([{"dish_id": house.pizza, "quantity": 1, "course": 2},
        {"dish_id": house.pizza, "quantity": 1, "course": 1},
        {"dish_id": house.pizza, "quantity": 1, "course": 3},
        {"dish_id": house.pizza, "quantity": 1, "course": 4}]);
    house.waiter.post(&format!("/kitchen/orders/{}/items", id(&order)), &more).await.created();
    let order = house.order(id(&order)).await;
    let expected = [(2, "IN_PREPARATION"), (1, "IN_PREPARATION"), (3, "HELD"), (4, "HELD")];
    assert_eq!(stand(&order)[4..], expected);
    let wrong = json!({"table_id": house.tables[1],
        "items": [{"dish_id": house.pizza, "quantity": 1, "course": 6}]});
    house.waiter.post("/orders", &wrong).await.invalid("items[0].course");
}

#[tokio::test]
async fn a_course_is_fired_once_and_is_late_from_then_on() {
    let house = House::open().await;
    let order = order_of(&house, 0, &[1, 2, 2]).await;
    let db = house.app.database();
    db.execute("UPDATE order_items SET created_at = created_at - 3600000", []).unwrap();
    qres::features::orders::tell_of_late_orders(&house.app.app).await.unwrap();
    let late = "SELECT count(*) FROM events WHERE kind = 'order_delayed'";
    let told: i64 = db.query_row(late, [], |row| row.get(0)).unwrap();
    assert_eq!(told, 0, "what is held is not late, however long ago it was ordered");

    let (mut wall, _) = Screen::greeted(&house.app, &house.kitchen, None).await;
    let path = format!("/orders/{}/courses/2/fire", id(&order));
    let fired = house.waiter.post_once(&path, "fire-0001", &json!({})).await;
    assert_eq!(fired.ok()["item_ids"], json!(ids(&order)[1..]));
    let heard = wall.wait_for("order_updated").await;
    assert_eq!(
        (&heard["data"]["course"], heard["data"]["lines"].as_array().unwrap().len()),
        (&json!(2), 2)
    );
    assert_eq!(heard["data"]["lines"][0]["change"], "fired");
    assert_eq!(stand(&heard["order"])[1..], [(2, "IN_PREPARATION"), (2, "IN_PREPARATION")]);

    let lines = house.kitchen.get("/kitchen/dishes").await.ok();
    let (sent, due) = (&lines[2]["sent_to_kitchen_at"], &lines[2]["due_at"]);
    let minutes = |text: &Value| {
        text.as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_millisecond() / 60_000
    };
    assert_eq!(minutes(due) - minutes(sent), 15, "its time counts from the firing");

    // A second tap finds nothing to fire, and the first one sent again fires nothing either.
    assert_eq!(step(&house, id(&order), 2, "fire").await.ok()["item_ids"], json!([]));
    step(&house, id(&order), 2, "hold").await.ok();
    let again = house.waiter.post_once(&path, "fire-0001", &json!({})).await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    let order = house.order(id(&order)).await;
    assert_eq!(stand(&order)[1..], [(2, "HELD"), (2, "HELD")]);
    let history = house.admin.get(&format!("/orders/{}/history", id(&order))).await.ok();
    let what: Vec<_> = history["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["what"], one["course"].as_i64()))
        .collect();
    assert_eq!(what[1..], [(&json!("course_fired"), Some(2)), (&json!("course_held"), Some(2))]);
}

#[tokio::test]
async fn the_kitchen_cannot_begin_what_is_held() {
    let house = House::open().await;
    let order = order_of(&house, 0, &[1, 2]).await;
    let (order_id, lines) = (id(&order), ids(&order));
    for who in [&house.kitchen, &house.admin] {
        for status in ["IN_PREPARATION", "READY", "SERVED"] {
            house.move_item(who, lines[1], status).await.refused(400, "step_not_allowed");
        }
        house.move_item(who, lines[0], "HELD").await.refused(400, "step_not_allowed");
    }
    let ticket = json!({"item_ids": lines});
    for step in ["start", "ready"] {
        let path = format!("/kitchen/orders/{order_id}/{step}");
        let moved = house.kitchen.post(&path, &ticket).await.ok();
        assert_eq!(moved["item_ids"], json!([lines[0]]), "{step}");
    }
    assert_eq!(stand(&house.order(order_id).await), [(1, "READY"), (2, "HELD")]);
    let fire = format!("/orders/{order_id}/courses/2/fire");
    house.kitchen.post(&fire, &json!({})).await.refused(403, "wrong_role");
    house.guest(0).await.post(&fire, &json!({})).await.refused(401, "bad_token");
    house
        .waiter
        .post(&format!("/orders/{order_id}/courses/6/fire"), &json!({}))
        .await
        .invalid("path");
}

#[tokio::test]
async fn a_course_is_held_again_while_nobody_has_begun_it() {
    let house = House::open().await;
    let order = order_of(&house, 0, &[1, 1, 2]).await;
    let (order_id, lines) = (id(&order), ids(&order));
    let held = step(&house, order_id, 1, "hold").await.ok();
    assert_eq!(held["item_ids"], json!(lines[..2]));
    assert_eq!(stand(&house.order(order_id).await), [(1, "HELD"), (1, "HELD"), (2, "HELD")]);
    step(&house, order_id, 1, "fire").await.ok();
    house.move_item(&house.kitchen, lines[0], "IN_PREPARATION").await.ok();
    step(&house, order_id, 1, "hold").await.refused(409, "course_begun");
    // What an undo names is not begun.
    let path = format!("/orders/{order_id}/courses/1/hold");
    let held = house.waiter.post(&path, &json!({"item_ids": [lines[1]]})).await.ok();
    assert_eq!(held["item_ids"], json!([lines[1]]));
    house.waiter.post(&path, &json!({"item_ids": [999_999]})).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_line_is_put_into_another_course_while_it_is_not_fired() {
    let house = House::open().await;
    let order = order_of(&house, 0, &[1, 2, 2, 3]).await;
    let order_id = id(&order);
    put(&house, &order, 0, json!(2)).await.refused(409, "course_fired");
    put(&house, &order, 1, json!(9)).await.invalid("course");
    let path = format!("/orders/{order_id}/items/{}", ids(&order)[1]);
    house.kitchen.patch(&path, &json!({"course": 3})).await.refused(403, "wrong_role");

    put(&house, &order, 1, json!(3)).await.ok();
    // Where the table is, and as it is ready, it goes.
    put(&house, &order, 2, json!(1)).await.ok();
    put(&house, &order, 3, Value::Null).await.ok();
    let now = house.order(order_id).await;
    let expected =
        [(1, "IN_PREPARATION"), (3, "HELD"), (1, "IN_PREPARATION"), (0, "IN_PREPARATION")];
    assert_eq!(stand(&now), expected);
    assert!(now["items"][2]["sent_to_kitchen_at"].is_string());
}

#[tokio::test]
async fn more_of_a_held_line_at_another_price_is_held_beside_it() {
    let house = House::open().await;
    let order = order_of(&house, 0, &[1, 2]).await;
    let size = format!("/dishes/{}/variations/{}", house.borscht, house.borscht_portion);
    house.admin.patch(&size, &json!({"price": "380.00"})).await.ok();
    let held = ids(&order)[1];
    let line = format!("/orders/{}/items/{held}", id(&order));
    house.waiter.patch(&line, &json!({"quantity": 3})).await.ok();
    let now = house.order(id(&order)).await;
    assert_eq!(stand(&now), [(1, "IN_PREPARATION"), (2, "HELD"), (2, "HELD")]);
    assert_eq!(
        (&now["items"][1]["quantity"], &now["items"][2]["quantity"]),
        (&json!(1), &json!(2))
    );
    let fired = step(&house, id(&order), 2, "fire").await.ok();
    assert_eq!(fired["item_ids"], json!([held, ids(&now)[2]]));
}

#[tokio::test]
async fn dishes_and_categories_name_their_usual_course() {
    let house = House::open().await;
    let dish = house.admin.get(&format!("/dishes/{}", house.pizza)).await.ok();
    let category = format!("/categories/{}", dish["category_id"]);
    house.admin.patch(&category, &json!({"course": 2})).await.ok();
    let borscht = format!("/dishes/{}", house.borscht);
    let named = house.admin.patch(&borscht, &json!({"course": 1})).await.ok();
    assert_eq!(named["course"], 1);
    house.admin.patch(&borscht, &json!({"course": 6})).await.invalid("course");
    let menu = house.app.anonymous().get("/dishes/menu").await.ok();
    let courses: Vec<_> = menu["categories"][0]["dishes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|dish| dish["course"].as_i64())
        .collect();
    assert_eq!(courses, [Some(1), Some(2)]);

    let items = json!([{"dish_id": house.pizza, "quantity": 1},
        {"dish_id": house.borscht, "quantity": 1},
        {"dish_id": house.pizza, "quantity": 1, "course": null},
        {"dish_id": house.pizza, "quantity": 1, "course": 3}]);
    let body = json!({"table_id": house.tables[0], "items": items});
    let order = house.waiter.post("/orders", &body).await.created();
    let expected = [(2, "HELD"), (1, "IN_PREPARATION"), (0, "IN_PREPARATION"), (3, "HELD")];
    assert_eq!(stand(&order), expected);
    // What is taken away goes at once.
    let body = json!({"order_type": "TAKEAWAY", "items": items.as_array().unwrap()[..2]});
    let away = house.waiter.post("/orders", &body).await.created();
    assert_eq!(stand(&away), [(0, "IN_PREPARATION"), (0, "IN_PREPARATION")]);
    house.admin.patch(&category, &json!({"course": null})).await.ok();
    let body = json!({"table_id": house.tables[1], "items": items.as_array().unwrap()[..1]});
    assert_eq!(
        stand(&house.waiter.post("/orders", &body).await.created()),
        [(0, "IN_PREPARATION")]
    );
}

#[tokio::test]
async fn moving_and_joining_keep_the_courses_and_what_was_sent() {
    let house = House::open().await;
    let (first, second) = (order_of(&house, 0, &[1, 2]).await, order_of(&house, 1, &[2, 3]).await);
    let sent = |order: &Value| {
        let items = order["items"].as_array().unwrap().clone();
        items
            .iter()
            .map(|item| {
                (
                    id(item),
                    item["course"].clone(),
                    item["status"].clone(),
                    item["sent_to_kitchen_at"].clone(),
                )
            })
            .collect::<Vec<_>>()
    };
    let mut expected = [sent(&first), sent(&second)].concat();
    expected.sort_by_key(|(id, ..)| *id);
    let to = json!({"table_id": house.tables[1]});
    let joined = house.waiter.post(&format!("/orders/{}/move", id(&first)), &to).await.ok();
    assert_eq!(sent(&joined), expected);
    // One of the second course is made there, one held: another of it waits with that.
    let more = json!({"dish_id": house.pizza, "quantity": 2, "course": 2});
    let path = format!("/orders/{}/items", id(&joined));
    let added = house.waiter.post(&path, &more).await.created();
    assert_eq!(added["status"], "HELD");

    // A part of it goes back, held as it is.
    let part = json!({"table_id": house.tables[0], "items": [{"id": id(&added), "quantity": 1}]});
    let parted = house.waiter.post(&format!("{path}/move"), &part).await.ok();
    assert_eq!(stand(&parted), [(2, "HELD")]);
    let fired = step(&house, id(&joined), 2, "fire").await.ok();
    assert_eq!(fired["item_ids"], json!([ids(&first)[1], id(&added)]));
    assert_eq!(stand(&house.order(id(&parted)).await), [(2, "HELD")], "another table's");
    step(&house, id(&parted), 2, "fire").await.ok();

    // Each line was sent once, whatever was moved.
    let db = house.app.database();
    let lines = "SELECT count(*) FROM events, json_each(data, '$.lines') line
        WHERE line.value ->> 'change' = 'fired'";
    let fired: i64 = db.query_row(lines, [], |row| row.get(0)).unwrap();
    assert_eq!(fired, 3);
}

#[tokio::test]
async fn what_guests_order_is_held_by_course_when_it_is_sent() {
    let house = House::open().await;
    house.admin.patch(&format!("/dishes/{}", house.borscht), &json!({"course": 1})).await.ok();
    house.admin.patch(&format!("/dishes/{}", house.pizza), &json!({"course": 2})).await.ok();
    let guest = house.guest(0).await;
    let body = json!({"items": [{"dish_id": house.pizza, "quantity": 1},
        {"dish_id": house.borscht, "quantity": 1}]});
    let placed = guest.post_once("/guest/orders", "phone-0001", &body).await.created();
    let order = house.order(id(&placed)).await;
    assert_eq!(stand(&order), [(2, "NEW"), (1, "NEW")]);
    // One by one, in whatever order: the second waits for the first.
    let said = house.move_item(&house.waiter, ids(&order)[0], "IN_PREPARATION").await.ok();
    assert_eq!(said["message"], "The line is HELD now.");
    let path = format!("/kitchen/orders/{}/send-to-kitchen", id(&order));
    house.waiter.post(&path, &json!([])).await.ok();
    let order = house.order(id(&order)).await;
    assert_eq!(stand(&order), [(2, "HELD"), (1, "IN_PREPARATION")]);
    assert!(order["confirmed_at"].is_string());
    let seen = guest.get("/guest/order").await.ok();
    assert_eq!(seen["order"]["items"][0]["status"], "HELD");
    // What is held was not begun: it goes without another's word, and without a reason.
    house.move_item(&house.kitchen, ids(&order)[1], "IN_PREPARATION").await.ok();
    let path = format!("/orders/{}/items/{}", id(&order), ids(&order)[0]);
    house.waiter.delete(&path).await.ok();
}

#[tokio::test]
async fn an_order_is_paid_but_not_completed_while_something_is_held() {
    let house = House::open().await;
    let order = order_of(&house, 0, &[1, 2]).await;
    let (order_id, lines) = (id(&order), ids(&order));
    house.move_item(&house.kitchen, lines[0], "READY").await.ok();
    let served_all = house.move_order(&house.waiter, order_id, "SERVED").await.ok();
    assert_eq!(served_all["data"]["status"], "IN_PROGRESS", "there is more to come");
    assert_eq!(stand(&house.order(order_id).await), [(1, "SERVED"), (2, "HELD")]);

    let pay = json!({"payment_method_id": house.cash});
    let path = format!("/orders/{order_id}/complete-payment");
    let paid = house.waiter.post(&path, &pay).await.ok();
    assert_eq!(paid["data"]["status"], "IN_PROGRESS");
    assert_eq!(paid["data"]["payment_status"], "PAID");
    let db = house.app.database();
    db.execute("UPDATE orders SET status = 'DINING'", []).unwrap();
    house.move_order(&house.waiter, order_id, "COMPLETED").await.refused(400, "course_held");
    db.execute("UPDATE orders SET status = 'IN_PROGRESS'", []).unwrap();

    step(&house, order_id, 2, "fire").await.ok();
    served(&house, lines[1]).await;
    assert_eq!(house.order(order_id).await["status"], "COMPLETED");
    step(&house, order_id, 2, "fire").await.refused(400, "order_closed");
}

#[tokio::test]
async fn the_house_fires_the_next_course_by_itself() {
    let house = House::open().await;
    assert!(house.admin.get("/restaurant").await.ok()["next_course_minutes"].is_null());
    let order = order_of(&house, 0, &[1, 1, 2, 3]).await;
    let (order_id, lines) = (id(&order), ids(&order));
    served(&house, lines[0]).await;
    let after = |minutes: Value| json!({"next_course_minutes": minutes});
    house.admin.patch("/restaurant", &after(json!(61))).await.invalid("next_course_minutes");
    house.admin.patch("/restaurant", &after(json!(10))).await.ok();
    let due = async || {
        fire_due_courses(&house.app.app).await.unwrap();
        let order = house.order(order_id).await;
        stand(&order)[2..].iter().map(|(_, status)| *status == "HELD").collect::<Vec<_>>()
    };
    assert_eq!(due().await, [true, true], "one of the first course is still made");
    served(&house, lines[1]).await;
    assert_eq!(due().await, [true, true], "nobody has eaten yet");
    let db = house.app.database();
    let ago = "UPDATE order_items SET served_at = served_at - 600000 WHERE served_at IS NOT NULL";
    db.execute(ago, []).unwrap();
    assert_eq!(due().await, [false, true]);
    assert_eq!(due().await, [false, true], "the third waits for the second");
    // What a person takes back, a person fires.
    step(&house, order_id, 2, "hold").await.ok();
    assert_eq!(due().await, [true, true]);
    house.admin.patch("/restaurant", &after(Value::Null)).await.ok();
    step(&house, order_id, 2, "fire").await.ok();
    served(&house, lines[2]).await;
    db.execute(ago, []).unwrap();
    assert_eq!(due().await, [false, true], "nobody asked the house to");
    house.admin.patch("/restaurant", &after(json!(0))).await.ok();
    assert_eq!(due().await, [false, false]);
}

#[tokio::test]
async fn a_phone_names_no_course_and_what_is_held_is_not_said_to_be_sent() {
    let house = House::open().await;
    for (dish, course) in [(house.borscht, 1), (house.pizza, 2)] {
        house.admin.patch(&format!("/dishes/{dish}"), &json!({"course": course})).await.ok();
    }
    let guest = house.guest(0).await;
    let body = json!({"items": [{"dish_id": house.pizza, "quantity": 1, "course": 1},
        {"dish_id": house.borscht, "quantity": 1, "course": null}]});
    let placed = guest.post_once("/guest/orders", "phone-0002", &body).await.created();
    let order = house.order(id(&placed)).await;
    assert_eq!(stand(&order), [(2, "NEW"), (1, "NEW")]);
    let (mut screen, _) = Screen::greeted(&house.app, &house.waiter, None).await;
    let path = format!("/kitchen/orders/{}/send-to-kitchen", id(&order));
    house.waiter.post(&path, &json!([])).await.ok();
    let told = screen.wait_for("order_updated").await;
    assert_eq!(told["data"]["item_ids"], json!([ids(&order)[1]]));
    assert_eq!(told["data"]["lines"][0]["change"], "sent");
    assert_eq!(told["order"]["items"][0]["status"], "HELD");
}

#[tokio::test]
async fn what_happened_in_one_moment_is_told_in_its_order() {
    let house = House::open().await;
    let order = order_of(&house, 0, &[1, 2]).await;
    for what in ["fire", "hold", "fire"] {
        step(&house, id(&order), 2, what).await.ok();
    }
    let db = house.app.database();
    db.execute("UPDATE events SET at = (SELECT max(at) FROM events)", []).unwrap();
    let history = house.admin.get(&format!("/orders/{}/history", id(&order))).await.ok();
    let entries = history["entries"].as_array().unwrap().iter();
    let courses = entries.filter(|entry| entry["course"] == 2).map(|entry| &entry["what"]);
    let courses: Vec<_> = courses.collect();
    assert_eq!(courses, ["course_fired", "course_held", "course_fired"]);
}
