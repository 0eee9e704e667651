//! An order has one day, and every figure counts it there (F9); the restaurant says when its day
//! begins.

use qres::core::clock;
use qres::core::kernel::{DayHour, Money, Zone};
use serde_json::{Value, json};

use crate::harness::{House, id};

async fn pay(house: &House, order_id: i64) {
    let bill = json!({"payment_method_id": house.cash});
    house.waiter.post(&format!("/orders/{order_id}/complete-payment"), &bill).await.ok();
}

/// A day's revenue, as the report of days, the summary of the contract, the list of orders and
/// the report of hours have it: they must agree.
async fn revenue(house: &House, day: &str) -> String {
    let query = format!("date_from={day}&date_to={day}");
    let days = house.admin.get(&format!("/reports/days?{query}")).await.ok();
    let told = days["total"]["values"][0].as_str().unwrap().to_owned();
    let summary = house.admin.get(&format!("/orders/stats/summary?{query}")).await.ok();
    assert_eq!(summary["total_revenue"], told.as_str(), "{day}");
    let hours = house.admin.get(&format!("/reports/hours?{query}")).await.ok();
    assert_eq!(hours["total"]["values"][0], told.as_str(), "{day}");
    let orders = house.admin.get(&format!("/orders?{query}&payment_status=PAID")).await.ok();
    let amount =
        |order: &Value| -> Money { serde_json::from_value(order["total_price"].clone()).unwrap() };
    let sum: Money = orders["orders"].as_array().unwrap().iter().map(amount).sum();
    assert_eq!(sum.to_string(), told, "{day}");
    told
}

/// Makes an order one of yesterday at ten to midnight in Moscow.
fn make_yesterdays(house: &House, order_id: i64) -> (String, String) {
    let moscow = Zone::named("Europe/Moscow").unwrap();
    let today = moscow.day_of(clock::now());
    let at = moscow.start(today).0 - 600_000;
    let yesterday = today.plus_days(-1);
    let db = house.app.database();
    let moved = db.execute(
        "UPDATE orders SET business_day = ?2, created_at = ?3, number = 57 WHERE id = ?1",
        (order_id, yesterday.number(), at),
    );
    assert_eq!(moved.unwrap(), 1);
    (yesterday.to_string(), today.to_string())
}

#[tokio::test]
async fn lines_that_move_after_midnight_stay_on_their_day() {
    let house = House::open().await;
    let items = json!([{"dish_id": house.borscht, "quantity": 1},
        {"dish_id": house.pizza, "quantity": 1}]);
    let body = json!({"table_id": house.tables[0], "items": items});
    let order = house.waiter.post("/orders", &body).await.created();
    let (yesterday, today) = make_yesterdays(&house, id(&order));
    let lines = json!({"table_id": house.tables[1], "items": [{"id": id(&order["items"][0])}]});
    let path = format!("/orders/{}/items/move", id(&order));
    let beside = house.waiter.post(&path, &lines).await.ok();
    assert_eq!(beside["number"], 58, "it is one of the orders of that evening");
    pay(&house, id(&order)).await;
    pay(&house, id(&beside)).await;
    assert_eq!(revenue(&house, &yesterday).await, "800.00");
    assert_eq!(revenue(&house, &today).await, "0.00");
}

#[tokio::test]
async fn another_time_zone_moves_no_order_to_another_day() {
    let house = House::open().await;
    let takeaway = json!({"order_type": "TAKEAWAY", "items": house.borscht_order()["items"]});
    let late = id(&house.waiter.post("/orders", &takeaway).await.created());
    let (yesterday, today) = make_yesterdays(&house, late);
    let now = id(&house.place().await);
    pay(&house, late).await;
    pay(&house, now).await;
    for zone in ["Europe/Moscow", "Asia/Vladivostok", "America/Los_Angeles"] {
        house.admin.patch("/restaurant", &json!({"timezone": zone})).await.ok();
        assert_eq!(revenue(&house, &yesterday).await, "350.00", "{zone}");
        assert_eq!(revenue(&house, &today).await, "350.00", "{zone}");
    }
}

#[tokio::test]
async fn a_part_of_a_day_is_told_by_moments() {
    let house = House::open().await;
    let order = id(&house.place().await);
    let (yesterday, _) = make_yesterdays(&house, order);
    pay(&house, order).await;
    for (from, to, revenue) in [("23:45", "23:55", "350.00"), ("23:00", "23:49", "0.00")] {
        let query = format!("date_from={yesterday}T{from}:00&date_to={yesterday}T{to}:00");
        let stats = house.admin.get(&format!("/orders/stats/summary?{query}")).await.ok();
        assert_eq!(stats["total_revenue"], revenue, "{from}");
    }
}

#[tokio::test]
async fn the_restaurant_says_when_its_day_begins() {
    let house = House::open().await;
    assert_eq!(house.admin.get("/restaurant").await.ok()["day_begins_hour"], 0);
    // A zone in which it is early morning now, between six and seven.
    let hour = clock::now().0 / 3_600_000 % 24;
    let ahead = if hour > 18 { 30 - hour } else { 6 - hour };
    let zone = if ahead == 0 { "Etc/GMT".into() } else { format!("Etc/GMT{:+}", -ahead) };
    let change = |begins: i64| json!({"timezone": zone, "day_begins_hour": begins});
    house.admin.patch("/restaurant", &change(13)).await.invalid("day_begins_hour");
    let told = house.admin.patch("/restaurant", &change(12)).await.ok();
    assert_eq!(told["day_begins_hour"], 12);

    let here = Zone::named(&zone).unwrap();
    let today = here.day_of(clock::now());
    let evening = today.plus_days(-1).to_string();
    let order = house.place().await;
    assert_eq!(order["number"], 1);
    pay(&house, id(&order)).await;
    let board = house.admin.get("/reports/today").await.ok();
    assert_eq!((&board["day"], &board["first_hour"]), (&json!(evening), &json!(12)));
    assert_eq!(board["sales"]["revenue"], "350.00");
    let curve = board["curve"].as_array().unwrap();
    assert!((18..=20).contains(&curve.len()), "the evening's noon is long past: {curve:?}");
    assert_eq!(revenue(&house, &evening).await, "350.00");
    assert_eq!(revenue(&house, &today.to_string()).await, "0.00");
    let stats = house.admin.get("/orders/stats/summary").await.ok();
    assert_eq!(stats["total_revenue"], "350.00", "without dates it is the day of now");
    let begins = here.with_day_from(DayHour::new(12).unwrap());
    assert_eq!(begins.day_of(clock::now()).to_string(), evening);
    // Back to midnight: the order keeps the day it has, and the new day begins with number 1.
    house.admin.patch("/restaurant", &change(0)).await.ok();
    assert_eq!(revenue(&house, &evening).await, "350.00");
    assert_eq!(house.place().await["number"], 1);
}

#[tokio::test]
async fn six_days_and_three_hours_are_not_compared_with_seven() {
    let house = House::open().await;
    let day = house.admin.get("/reports/today").await.ok()["day"].as_str().unwrap().to_owned();
    let day: qres::core::kernel::Day = serde_json::from_value(json!(day)).unwrap();
    let order = id(&house.place().await);
    pay(&house, order).await;
    let db = house.app.database();
    // Yesterday 350.00 now and before; today nothing yet, and a week ago 350.00.
    for (back, number) in [(1, 91), (7, 92), (8, 93)] {
        db.execute(
            "INSERT INTO orders (business_day, number, order_type, status, payment_status, total,
                                 closed_at, created_at, updated_at)
             SELECT ?1, ?2, 'TAKEAWAY', 'COMPLETED', 'PAID', 35000, created_at,
                    created_at - ?3 * 86400000, updated_at FROM orders WHERE id = ?4",
            (day.plus_days(-back).number(), number, back, order),
        )
        .unwrap();
        db.execute(
            "INSERT INTO order_items (order_id, dish_id, dish_variation_id, dish_name,
                                      variation_name, department, quantity, price, gross, status,
                                      created_at, updated_at)
             SELECT (SELECT max(id) FROM orders), dish_id, dish_variation_id, dish_name,
                    variation_name, department, quantity, price, gross, 'SERVED', created_at, updated_at
             FROM order_items WHERE order_id = ?1",
            [order],
        )
        .unwrap();
    }
    db.execute("UPDATE orders SET status = 'CANCELLED' WHERE id = ?1", [order]).unwrap();
    house.app.write_orders_down();
    let week = format!("date_from={}&date_to={day}", day.plus_days(-6));
    let report = house.admin.get(&format!("/reports/days?{week}")).await.ok();
    assert_eq!(report["total"]["values"][0], "350.00");
    assert_eq!(report["total"]["before"][0], "700.00");
    let alike = &report["alike"];
    assert_eq!(alike["period"]["date_to"], json!(day.plus_days(-1)));
    assert_eq!(alike["before"]["date_to"], json!(day.plus_days(-8)));
    assert_eq!(alike["total"]["values"][0], "350.00");
    assert_eq!(alike["total"]["before"][0], "350.00");
    // Days that are over are compared whole; today alone with nothing.
    let past = format!("date_from={0}&date_to={0}", day.plus_days(-1));
    let report = house.admin.get(&format!("/reports/days?{past}")).await.ok();
    assert_eq!(report["alike"]["total"], report["total"]);
    assert!(house.admin.get("/reports/days").await.ok()["alike"].is_null());
}
