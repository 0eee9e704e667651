//! What is held and nobody is to pay any more: it is not made, and stands in no order's way.

use qres::features::orders::fire_due_courses;
use qres::platform::config::{GuestOrders, Settings};
use serde_json::{Value, json};

use crate::checks::{check_of, checks_of, pay, step};
use crate::checks_refund::{figures, refund};
use crate::courses::stand;
use crate::harness::books::{assert_agrees, assert_paid_for};
use crate::harness::{House, Screen, id};

/// An order of a borscht, which goes at once, and of so many pizzas that are held.
async fn order_of(house: &House, pizzas: i64) -> Value {
    let items = json!([{"dish_id": house.borscht, "quantity": 1, "course": 1},
        {"dish_id": house.pizza, "quantity": pizzas, "course": 2}]);
    let body = json!({"table_id": house.tables[0], "items": items});
    house.waiter.post("/orders", &body).await.created()
}

/// Splits so many of the second line off; the check of them.
async fn split(house: &House, order: &Value, pieces: i64) -> Value {
    let checks = checks_of(house, id(order)).await;
    let lines = json!([[{"item_id": order["items"][1]["id"], "quantity": pieces}]]);
    let body = json!({"by": "lines", "checks": lines, "version": checks["version"]});
    let path = format!("/orders/{}/split", id(order));
    house.waiter.post(&path, &body).await.ok()["checks"][1].clone()
}

async fn fire(house: &House, order: &Value) -> Value {
    let path = format!("/orders/{}/courses/2/fire", id(order));
    house.waiter.post(&path, &json!({})).await.ok()["item_ids"].clone()
}

/// How many portions are left of the size on the second line, after that was set, if it is.
async fn portions(house: &House, order: &Value, left: Option<i64>) -> Value {
    let path = format!("/stop-list/{}", order["items"][1]["dish_variation_id"]);
    let list = match left {
        Some(left) => house.kitchen.put(&path, &json!({"left": left})).await.ok(),
        None => house.kitchen.get("/stop-list").await.ok(),
    };
    list["entries"][0]["countdown"].clone()
}

/// All that the kitchen has is made and served.
async fn served(house: &House, order_id: i64) {
    house.move_order(&house.kitchen, order_id, "READY").await.ok();
    house.move_order(&house.waiter, order_id, "SERVED").await.ok();
}

#[tokio::test]
async fn a_held_line_ends_with_the_check_that_is_called_off() {
    let house = House::open().await;
    let order = order_of(&house, 1).await;
    let check = split(&house, &order, 1).await;
    assert_eq!(portions(&house, &order, Some(4)).await, 4);
    let (mut screen, _) = Screen::greeted(&house.app, &house.kitchen, None).await;
    step(&house.admin, &check, "void").await.ok();
    assert_eq!(portions(&house, &order, None).await, 5);
    let told = screen.wait_for("order_updated").await;
    let line = &told["data"]["lines"][0];
    assert_eq!((&line["id"], &line["change"]), (&order["items"][1]["id"], &json!("removed")));
    assert_eq!(stand(&house.order(id(&order)).await), [(1, "IN_PREPARATION"), (2, "CANCELLED")]);
    assert_eq!(fire(&house, &order).await, json!([]));
    // Nor does the house fire it, and the order ends with what was eaten and paid.
    house.admin.patch("/restaurant", &json!({"next_course_minutes": 0})).await.ok();
    for (who, status) in [(&house.kitchen, "READY"), (&house.waiter, "SERVED")] {
        house.move_item(who, id(&order["items"][0]), status).await.ok();
    }
    fire_due_courses(&house.app.app).await.unwrap();
    let body = json!({"payment_method_id": house.cash, "expected_total": "350.00"});
    let path = format!("/orders/{}/complete-payment", id(&order));
    house.waiter.post(&path, &body).await.ok();
    assert_eq!(house.order(id(&order)).await["status"], "COMPLETED");
    let history = house.admin.get(&format!("/orders/{}/history", id(&order))).await.ok();
    let mut entries = history["entries"].as_array().unwrap().iter();
    let removed = entries.find(|entry| entry["what"] == "line_removed").unwrap();
    assert_eq!(removed["dish_name"], "Pizza");
    assert_agrees(&house.admin, &house.app.database()).await;
    assert_paid_for(&house.app.database());
}

#[tokio::test]
async fn of_what_is_called_off_in_part_the_rest_is_made() {
    let house = House::open().await;
    let order = order_of(&house, 3).await;
    let check = split(&house, &order, 2).await;
    assert_eq!(portions(&house, &order, Some(4)).await, 4);
    step(&house.admin, &check, "void").await.ok();
    assert_eq!(portions(&house, &order, None).await, 6);
    let now = house.order(id(&order)).await;
    assert_eq!(
        (&now["items"][1]["quantity"], &now["items"][1]["status"]),
        (&json!(1), &json!("HELD"))
    );
    assert_eq!(now["total_price"], "800.00");
    assert_eq!(fire(&house, &order).await, json!([order["items"][1]["id"]]));
    let rest = check_of(&house, id(&order)).await;
    pay(&house.waiter, &rest, house.card, "800.00").await.created();
    assert_agrees(&house.admin, &house.app.database()).await;
    // Half a pizza each: one who leaves leaves a whole one to be made.
    let order = order_of(&house, 1).await;
    let checks = checks_of(&house, id(&order)).await;
    let halves = json!({"by": "parts", "parts": 2, "version": checks["version"]});
    let path = format!("/orders/{}/split", id(&order));
    let halves = house.waiter.post(&path, &halves).await.ok();
    step(&house.admin, &halves["checks"][1], "void").await.ok();
    let now = house.order(id(&order)).await;
    assert_eq!(
        (&now["items"][1]["quantity"], &now["items"][1]["status"]),
        (&json!(1), &json!("HELD"))
    );
}

#[tokio::test]
async fn a_guests_line_that_waits_ends_with_its_check_too() {
    let confirm =
        |settings: &mut Settings| settings.guest_orders = Some(GuestOrders::ConfirmAlways);
    let house = House::open_with(confirm).await;
    let guest = house.guest(0).await;
    let body = json!({"items": [{"dish_id": house.borscht, "quantity": 1},
        {"dish_id": house.pizza, "quantity": 1}]});
    let order = guest.post_once("/guest/orders", "phone-0009", &body).await.created();
    let now = house.order(id(&order)).await;
    assert_eq!(now["items"][1]["status"], "NEW");
    let check = split(&house, &now, 1).await;
    step(&house.admin, &check, "void").await.ok();
    let now = house.order(id(&order)).await;
    assert_eq!(
        (&now["items"][0]["status"], &now["items"][1]["status"]),
        (&json!("NEW"), &json!("CANCELLED"))
    );
}

#[tokio::test]
async fn a_held_line_ends_with_its_money() {
    let house = House::open().await;
    let order = order_of(&house, 2).await;
    let check = check_of(&house, id(&order)).await;
    let paid = pay(&house.waiter, &check, house.card, "1250.00").await.created();
    let pizza = &order["items"][1]["id"];
    let one = json!({"lines": [{"item_id": pizza, "quantity": 1}]});
    refund(&house, &paid["id"], one.clone()).await.created();
    let now = house.order(id(&order)).await;
    assert_eq!(stand(&now)[1], (2, "HELD"), "one of two is paid still");
    refund(&house, &paid["id"], one).await.created();
    assert_eq!(stand(&house.order(id(&order)).await)[1], (2, "CANCELLED"));
    assert_eq!(fire(&house, &order).await, json!([]));
    // The order ends with what is left of it.
    house.move_item(&house.kitchen, id(&order["items"][0]), "READY").await.ok();
    house.move_item(&house.waiter, id(&order["items"][0]), "SERVED").await.ok();
    assert_eq!(house.order(id(&order)).await["status"], "COMPLETED");
    assert_eq!(figures(&house).await, ["350.00", "350.00", "350.00", "350.00"]);
    assert_agrees(&house.admin, &house.app.database()).await;
    assert_paid_for(&house.app.database());
}

#[tokio::test]
async fn a_whole_refund_ends_what_is_held_and_a_new_bill_holds_it_again() {
    let house = House::open().await;
    for by_check in [true, false] {
        let order = order_of(&house, 1).await;
        let order_id = id(&order);
        let path = format!("/orders/{order_id}");
        let body = json!({"payment_method_id": house.card});
        house.waiter.post(&format!("{path}/complete-payment"), &body).await.ok();
        if by_check {
            let payment = check_of(&house, order_id).await["payments"][0]["id"].clone();
            refund(&house, &payment, json!({})).await.created();
        } else {
            let body = json!({"payment_status": "REFUNDED", "reason": "the wrong table"});
            house.admin.patch(&format!("{path}/payment"), &body).await.ok();
        }
        let now = house.order(order_id).await;
        assert_eq!(stand(&now), [(1, "IN_PREPARATION"), (2, "CANCELLED")], "{by_check}");
        assert_eq!(
            (&now["payment_status"], &now["total_price"]),
            (&json!("REFUNDED"), &json!("800.00"))
        );
        // They pay after all, and eat after all.
        let check = check_of(&house, order_id).await;
        assert_eq!(check["total"], "800.00");
        step(&house.admin, &check, "reopen").await.ok();
        let now = house.order(order_id).await;
        assert_eq!(stand(&now)[1], (2, "HELD"));
        assert_eq!(
            (&now["payment_status"], &now["total_price"]),
            (&json!("UNPAID"), &json!("800.00"))
        );
        assert_eq!(fire(&house, &order).await, json!([order["items"][1]["id"]]));
        house.waiter.post(&format!("{path}/complete-payment"), &body).await.ok();
        served(&house, order_id).await;
        assert_eq!(house.order(order_id).await["status"], "COMPLETED");
    }
    assert_agrees(&house.admin, &house.app.database()).await;
}

/// What was never made is not charged when the bill of an order that has ended is opened anew.
#[tokio::test]
async fn of_an_order_that_has_ended_only_what_was_made_is_charged_anew() {
    let house = House::open().await;
    let order = order_of(&house, 1).await;
    let order_id = id(&order);
    let body = json!({"payment_method_id": house.card});
    house.waiter.post(&format!("/orders/{order_id}/complete-payment"), &body).await.ok();
    let payment = check_of(&house, order_id).await["payments"][0]["id"].clone();
    refund(&house, &payment, json!({})).await.created();
    served(&house, order_id).await;
    for status in ["DINING", "COMPLETED"] {
        house.move_order(&house.waiter, order_id, status).await.ok();
    }
    let check = check_of(&house, order_id).await;
    step(&house.admin, &check, "reopen").await.ok();
    let checks = checks_of(&house, order_id).await;
    assert_eq!((&checks["total"], &checks["due"]), (&json!("350.00"), &json!("350.00")));
    let anew = &checks["checks"][1];
    pay(&house.waiter, anew, house.card, "350.00").await.created();
    assert_eq!(figures(&house).await, ["350.00", "350.00", "350.00", "350.00"]);
    assert_agrees(&house.admin, &house.app.database()).await;
}

#[tokio::test]
async fn what_was_fired_before_its_check_went_is_taken_off_by_a_person() {
    let house = House::open().await;
    let order = order_of(&house, 1).await;
    let check = split(&house, &order, 1).await;
    fire(&house, &order).await;
    step(&house.admin, &check, "void").await.ok();
    let now = house.order(id(&order)).await;
    assert_eq!(stand(&now)[1], (2, "IN_PREPARATION"), "the kitchen has it");
    let path = format!("/orders/{}/items/{}", id(&order), order["items"][1]["id"]);
    house.waiter.delete(&path).await.ok();
    assert_eq!(stand(&house.order(id(&order)).await)[1], (2, "CANCELLED"));
    // Held again it is not made either.
    let order = order_of(&house, 1).await;
    let now = house.order(id(&order)).await;
    let last = now["items"].as_array().unwrap().len() - 1;
    let pizza = &now["items"][last];
    let checks = checks_of(&house, id(&order)).await;
    let lines = json!([[{"item_id": pizza["id"], "quantity": 1}]]);
    let open = checks["checks"].as_array().unwrap().iter().find(|check| check["state"] == "OPEN");
    let body = json!({"by": "lines", "checks": lines, "version": open.unwrap()["version"],
        "check_id": open.unwrap()["id"]});
    let path = format!("/orders/{}", id(&order));
    let parts = house.waiter.post(&format!("{path}/split"), &body).await.ok();
    fire(&house, &order).await;
    let check = parts["checks"].as_array().unwrap().last().unwrap().clone();
    step(&house.admin, &check, "void").await.ok();
    house.waiter.post(&format!("{path}/courses/2/hold"), &json!({})).await.ok();
    let now = house.order(id(&order)).await;
    assert_eq!(now["items"][last]["status"], "CANCELLED");
    assert_paid_for(&house.app.database());
}
