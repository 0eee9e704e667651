//! Courses on paper: what is held prints nothing, what is fired prints once, where the table is then.

use qres::features::orders::fire_due_courses;
use serde_json::{Value, json};

use crate::courses::step;
use crate::harness::{House, id};
use crate::printer::FakePrinter;
use crate::printing::{add, until_printed};

/// A house with a printer in its kitchen.
async fn furnish() -> (House, FakePrinter) {
    let house = House::open().await;
    let printer = FakePrinter::open().await;
    add(&house.admin, "Kitchen", &printer, json!({})).await;
    (house, printer)
}

/// An order at a table: dishes, each with its course; 0 is none.
async fn order_of(house: &House, table: usize, lines: &[(i64, i64)]) -> Value {
    let line = |(dish, course): &(i64, i64)| {
        let course = (*course > 0).then_some(*course);
        json!({"dish_id": dish, "quantity": 1, "course": course})
    };
    let items: Vec<Value> = lines.iter().map(line).collect();
    let body = json!({"table_id": house.tables[table], "items": items});
    house.waiter.post("/orders", &body).await.created()
}

/// What tickets say, in turn: what is to be done, at which table, and with which dishes.
fn told(house: &House) -> Vec<String> {
    let db = house.app.database();
    let sql = "SELECT payload FROM jobs WHERE kind = 'print' ORDER BY id";
    let mut jobs = db.prepare(sql).unwrap();
    let payloads = jobs.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let say = |payload: String| {
        let job: Value = serde_json::from_str(&payload).unwrap();
        let ticket = &job["document"];
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        let lines = ticket["lines"].as_array().unwrap().iter();
        let dishes: Vec<_> =
            lines.map(|line| format!("{} {}", line["quantity"], word(&line["name"]))).collect();
        let (what, table) = (word(&ticket["what"]), word(&ticket["order"]["place"]["table"]));
        format!("{what} at {table}: {}", dishes.join(", "))
    };
    payloads.map(|payload| say(payload.unwrap())).collect()
}

#[tokio::test]
async fn a_held_line_prints_nothing_until_its_course_is_fired_and_then_once() {
    let (house, printer) = furnish().await;
    let lines = [(house.borscht, 1), (house.pizza, 2), (house.borscht, 0), (house.borscht, 3)];
    let order = order_of(&house, 0, &lines).await;
    let order_id = id(&order);
    let mut expected = vec!["new at 1: 1 Borscht, 1 Borscht"];
    assert_eq!(told(&house), expected, "what is held is not told");

    // Whatever becomes of what is held is nothing to the kitchen.
    let third = format!("/orders/{order_id}/items/{}", id(&order["items"][3]));
    house.waiter.patch(&third, &json!({"quantity": 3})).await.ok();
    house.waiter.patch(&third, &json!({"comment": "no cream"})).await.ok();
    house.waiter.patch(&third, &json!({"course": 4})).await.ok();
    assert_eq!(told(&house), expected);
    let to = json!({"table_id": house.tables[1]});
    house.waiter.post(&format!("/orders/{order_id}/move"), &to).await.ok();
    expected.push("move at 1: 1 Borscht, 1 Borscht");
    assert_eq!(told(&house), expected);

    // Fired by its course, by another tap on it, and by what puts it where the table is.
    step(&house, order_id, 2, "fire").await.ok();
    step(&house, order_id, 2, "fire").await.ok();
    expected.push("new at 2: 1 Pizza");
    assert_eq!(told(&house), expected);
    house.waiter.patch(&third, &json!({"course": 2})).await.ok();
    expected.push("new at 2: 3 Borscht");
    assert_eq!(told(&house), expected);

    // The kitchen has paper of what is held again, and must hear of it.
    step(&house, order_id, 2, "hold").await.ok();
    expected.push("held at 2: 3 Borscht, 1 Pizza");
    assert_eq!(told(&house), expected);
    house.waiter.delete(&third).await.ok();
    assert_eq!(told(&house), expected, "it was told that already");
    step(&house, order_id, 2, "fire").await.ok();
    expected.push("new at 2: 1 Pizza");
    assert_eq!(told(&house), expected);
    until_printed(&house.admin, expected.len()).await;
    assert_eq!(printer.pages().len(), expected.len());
}

#[tokio::test]
async fn an_order_that_is_called_off_voids_what_was_fired() {
    let (house, _printer) = furnish().await;
    let order = order_of(&house, 0, &[(house.borscht, 1), (house.pizza, 2)]).await;
    house.move_order(&house.waiter, id(&order), "CANCELLED").await.ok();
    assert_eq!(told(&house), ["new at 1: 1 Borscht", "void at 1: 1 Borscht"]);
}

#[tokio::test]
async fn what_the_house_fires_and_what_guests_order_in_courses_is_printed_once() {
    let (house, _printer) = furnish().await;
    house.admin.patch("/restaurant", &json!({"next_course_minutes": 0})).await.ok();
    house.admin.patch(&format!("/dishes/{}", house.borscht), &json!({"course": 1})).await.ok();
    house.admin.patch(&format!("/dishes/{}", house.pizza), &json!({"course": 2})).await.ok();
    let guest = house.guest(0).await;
    let body = json!({"items": [{"dish_id": house.pizza, "quantity": 1},
        {"dish_id": house.borscht, "quantity": 1}]});
    let placed = guest.post_once("/guest/orders", "phone-0001", &body).await.created();
    assert!(told(&house).is_empty());
    let path = format!("/kitchen/orders/{}/send-to-kitchen", id(&placed));
    house.waiter.post(&path, &json!([])).await.ok();
    let mut expected = vec!["new at 1: 1 Borscht"];
    assert_eq!(told(&house), expected);

    fire_due_courses(&house.app.app).await.unwrap();
    assert_eq!(told(&house), expected, "the soup is not eaten");
    let order = house.order(id(&placed)).await;
    let soup = order["items"].as_array().unwrap().iter().find(|item| item["course"] == 1);
    let soup = id(soup.unwrap());
    house.move_item(&house.kitchen, soup, "READY").await.ok();
    house.move_item(&house.waiter, soup, "SERVED").await.ok();
    for _ in 0..2 {
        fire_due_courses(&house.app.app).await.unwrap();
    }
    expected.push("new at 1: 1 Pizza");
    assert_eq!(told(&house), expected);
}
