//! Reports, the board of today, and their files.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use serde_json::{Value, json};

use crate::harness::{Client, House, id};

const REPORTS: [&str; 8] = [
    "days",
    "hours",
    "dishes",
    "categories",
    "variations",
    "waiters",
    "payment-methods",
    "departments",
];

async fn report(who: &Client, query: &str) -> Value {
    who.get(&format!("/reports/{query}")).await.ok()
}

/// The cell of a column in a row.
fn cell<'a>(report: &'a Value, row: &'a Value, column: &str) -> &'a Value {
    let columns = report["columns"].as_array().unwrap();
    let at = columns.iter().position(|c| c["key"] == column).expect("the column is there");
    &row["values"][at]
}

fn total<'a>(report: &'a Value, column: &str) -> &'a Value {
    cell(report, &report["total"], column)
}

async fn pay(house: &House, order_id: i64, method: i64) {
    let bill = json!({"payment_method_id": method});
    house.waiter.post(&format!("/orders/{order_id}/complete-payment"), &bill).await.ok();
}

async fn refund(house: &House, order_id: i64) {
    let back = json!({"payment_status": "REFUNDED", "reason": "cold soup"});
    house.admin.patch(&format!("/orders/{order_id}/payment"), &back).await.ok();
}

/// One order paid in cash, one paid by card and given back, one cancelled, one still open.
async fn evening(house: &House) -> [i64; 4] {
    let takeaway = |dish: i64, quantity: i64| {
        json!({"order_type": "TAKEAWAY", "customer_name": "Анна Каренина",
            "items": [{"dish_id": dish, "quantity": quantity}]})
    };
    let mut orders = Vec::new();
    for (dish, quantity) in
        [(house.borscht, 2), (house.pizza, 1), (house.borscht, 1), (house.pizza, 3)]
    {
        let order = house.waiter.post("/orders", &takeaway(dish, quantity)).await.created();
        orders.push(id(&order));
    }
    pay(house, orders[0], house.cash).await;
    pay(house, orders[1], house.card).await;
    refund(house, orders[1]).await;
    house.waiter.delete(&format!("/orders/{}?reason=left", orders[2])).await.ok();
    orders.try_into().unwrap()
}

#[tokio::test]
async fn refunds_and_cancellations_are_no_revenue() {
    let house = House::open().await;
    evening(&house).await;
    let manager = house.app.manager().await;
    let days = report(&manager, "days").await;
    for (column, expected) in [
        ("revenue", json!("700.00")),
        ("orders", json!(1)),
        ("average", json!("700.00")),
        ("cancelled_orders", json!(1)),
        ("cancelled", json!("350.00")),
        ("refunded_orders", json!(1)),
        ("refunded", json!("450.00")),
    ] {
        assert_eq!(total(&days, column), &expected, "{column}");
        assert_eq!(cell(&days, &days["rows"][0], column), &expected, "{column}");
    }
    let dishes = report(&manager, "dishes").await;
    assert_eq!(dishes["rows"][0]["label"], "Borscht");
    assert_eq!(total(&dishes, "quantity"), 2);
    assert_eq!(
        (total(&dishes, "removed_quantity"), total(&dishes, "removed")),
        (&json!(1), &json!("350.00"))
    );
    let methods = report(&manager, "payment-methods").await;
    let row = |label: &str| {
        let rows = methods["rows"].as_array().unwrap();
        rows.iter().find(|row| row["label"] == label).unwrap().clone()
    };
    for (label, net, taken, returned) in
        [("Cash", "700.00", "700.00", "0.00"), ("Card", "0.00", "450.00", "450.00")]
    {
        let row = row(label);
        let figures = ["net", "taken", "returned"].map(|column| cell(&methods, &row, column));
        assert_eq!(figures, [net, taken, returned], "{label}");
    }
    // The same revenue from every side, and from the contract's own summary.
    for by in ["hours", "categories", "variations", "waiters", "dishes"] {
        assert_eq!(total(&report(&manager, by).await, "revenue"), "700.00", "{by}");
    }
    let stats = manager.get("/orders/stats/summary").await.ok();
    assert_eq!(stats["total_revenue"], "700.00");
    let variations = report(&manager, "variations").await;
    assert_eq!(variations["rows"][0]["label"], "Borscht, Portion");
    assert_eq!(report(&manager, "waiters").await["rows"][0]["label"], "Test waiter");
}

#[tokio::test]
async fn a_removed_method_gets_its_refund() {
    let house = House::open().await;
    let order_id = id(&house.place().await);
    pay(&house, order_id, house.card).await;
    house.admin.delete(&format!("/payment-methods/{}", house.card)).await.ok();
    refund(&house, order_id).await;
    let methods = report(&house.admin, "payment-methods").await;
    assert_eq!(methods["rows"].as_array().unwrap().len(), 1, "{methods}");
    assert_eq!(methods["rows"][0]["label"], "Card");
    assert_eq!(total(&methods, "net"), "0.00");
}

#[tokio::test]
async fn a_paid_order_that_is_cancelled_waits_for_its_refund() {
    let house = House::open().await;
    let order_id = id(&house.place().await);
    let pay = json!({"payment_status": "PAID", "payment_method_id": house.cash});
    house.waiter.patch(&format!("/orders/{order_id}/payment"), &pay).await.ok();
    house.admin.delete(&format!("/orders/{order_id}")).await.ok();
    let board = house.admin.get("/reports/today").await.ok();
    assert_eq!(board["to_return"], json!({"orders": 1, "amount": "350.00"}));
    assert_eq!(board["sales"]["revenue"], "0.00");
    refund(&house, order_id).await;
    let board = house.admin.get("/reports/today").await.ok();
    assert_eq!(board["to_return"]["orders"], 0);
    let days = report(&house.admin, "days").await;
    assert_eq!(
        (total(&days, "refunded"), total(&days, "cancelled")),
        (&json!("350.00"), &json!("0.00"))
    );
}

#[tokio::test]
async fn a_period_stands_beside_the_one_before() {
    let house = House::open().await;
    let [sold, ..] = evening(&house).await;
    // As if the sold order were of yesterday.
    let today =
        report(&house.admin, "days").await["period"]["date_to"].as_str().unwrap().to_owned();
    let db = house.app.database();
    db.execute(
        "UPDATE orders SET business_day = business_day - 1, number = 99 WHERE id = ?1 AND
             business_day % 100 > 1",
        [sold],
    )
    .unwrap();
    house.app.write_orders_down();
    if today.ends_with("-01") {
        return;
    }
    let days = report(&house.admin, "days").await;
    let row = &days["rows"][0];
    assert_eq!((&row["values"][0], &row["before"][0]), (&json!("0.00"), &json!("700.00")));
    let dishes = report(&house.admin, "dishes").await;
    let borscht = &dishes["rows"].as_array().unwrap().iter().find(|r| r["label"] == "Borscht");
    assert_eq!(borscht.unwrap()["before"][1], 2);
    let alone = report(&house.admin, "dishes?compare=none").await;
    assert!(alone["before"].is_null() && alone["rows"][0]["before"].is_null());
    let long = format!("days?date_from=2025-12-01&date_to={today}");
    assert_eq!(total(&report(&house.admin, &long).await, "revenue"), "700.00");
}

#[tokio::test]
async fn a_report_has_limits_and_readers() {
    let house = House::open().await;
    let admin = &house.admin;
    admin.get("/reports/days?date_from=2020-01-01&date_to=2021-01-01").await.invalid("date_to");
    admin.get("/reports/days?date_from=2026-02-01&date_to=2026-01-01").await.invalid("date_from");
    admin.get("/reports/days?date_from=yesterday").await.invalid("date_from");
    admin.get("/reports/days?compare=never").await.invalid("compare");
    admin.get("/reports/moons").await.invalid("path");
    for path in ["/reports/days", "/reports/today", "/orders/1/history"] {
        house.waiter.get(path).await.refused(403, "wrong_role");
        house.app.anonymous().get(path).await.refused(401, "no_token");
    }
    for by in REPORTS {
        let empty = report(admin, &format!("{by}?date_from=2026-01-01&date_to=2026-01-02")).await;
        let rows = empty["rows"].as_array().unwrap().len();
        assert_eq!(rows, if by == "days" { 2 } else { 0 }, "{by}");
    }
}

#[tokio::test]
async fn reports_open_in_a_spreadsheet() {
    let house = House::open().await;
    let evil = json!({"name": "=HYPERLINK(\"http://x\")"});
    house.admin.patch(&format!("/dishes/{}", house.borscht), &evil).await.ok();
    evening(&house).await;
    for by in REPORTS {
        for lang in ["ru", "en"] {
            let path = format!("/reports/{by}?lang={lang}");
            let csv = house.admin.get(&format!("{path}&format=csv")).await;
            assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
            let name = csv.headers["content-disposition"].to_str().unwrap();
            assert!(name.starts_with(&format!("attachment; filename=\"{by}_20")), "{name}");
            let text = csv.text();
            let xlsx = house.admin.get(&format!("{path}&format=xlsx")).await;
            let mut book = Xlsx::new(Cursor::new(xlsx.bytes)).unwrap();
            let sheet = book.worksheet_range_at(0).unwrap().unwrap();
            let headings: Vec<_> =
                sheet.rows().nth(2).unwrap().iter().map(Data::to_string).collect();
            let delimiter = if lang == "ru" { ";" } else { "," };
            let first = text.trim_start_matches('\u{feff}').lines().next().unwrap();
            assert!(text.starts_with('\u{feff}'));
            assert_eq!(first.replace('"', ""), headings.join(delimiter), "{by} {lang}");
            assert_eq!(text.lines().count(), sheet.height() - 2, "{by} {lang}");
            assert!(book.worksheet_formula(&book.sheet_names()[0].clone()).unwrap().is_empty());
        }
    }
    let csv = house.admin.get("/reports/dishes?lang=ru&format=csv&compare=none").await.text();
    assert!(csv.contains("\"'=HYPERLINK(\"\"http://x\"\")\";700,00;2;0;1;350,00"), "{csv}");
    let csv = house.admin.get("/reports/waiters?lang=en&format=csv&compare=none").await.text();
    let total = "Total,700.00,1,700.00,1,350.00,1,450.00,0,0.00,700.00,0.00,0.00,0.00,0.00,0.00,350.00,0.00";
    assert!(csv.contains(total), "{csv}");
    let xlsx = house.admin.get("/reports/dishes?format=xlsx&lang=en&compare=none").await;
    let mut book = Xlsx::new(Cursor::new(xlsx.bytes)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    assert_eq!(sheet.get((3, 0)), Some(&Data::String("=HYPERLINK(\"http://x\")".into())));
    assert_eq!(sheet.get((3, 1)), Some(&Data::Float(700.0)));
}

#[tokio::test]
async fn today_is_told_in_one_reply() {
    let house = House::open().await;
    evening(&house).await;
    let board = house.admin.get("/reports/today").await.ok();
    assert_eq!(board["sales"], json!({"revenue": "700.00", "orders": 1, "average": "700.00"}));
    assert_eq!(board["curve"].as_array().unwrap().last().unwrap(), "700.00");
    assert_eq!(board["curve_before"].as_array().unwrap().len(), 24);
    assert_eq!(
        (board["open"]["orders"].as_i64(), board["open"]["unpaid"].as_str()),
        (Some(3), Some("1350.00"))
    );
    assert_eq!((&board["late_orders"], &board["late"]), (&json!(0), &json!([])));
    assert!(board["disk_free"].as_u64() > Some(0));
    // The soup of the first order is twenty minutes late.
    let db = house.app.database();
    db.execute("UPDATE order_items SET sent_to_kitchen_at = sent_to_kitchen_at - 2100000", [])
        .unwrap();
    let board = house.admin.get("/reports/today").await.ok();
    assert_eq!(board["late_orders"], 1);
    assert_eq!(
        (&board["late"][0]["dish_name"], &board["late"][0]["minutes_late"]),
        (&json!("Borscht"), &json!(20))
    );
    let dishes = board["dishes"].as_array().unwrap();
    assert_eq!(dishes.len(), 1, "what is open, cancelled or given back is not sold: {dishes:?}");
    assert_eq!((&dishes[0]["dish_name"], &dishes[0]["quantity"]), (&json!("Borscht"), &json!(2)));
    let manager = house.app.manager().await;
    manager.get("/reports/today").await.ok();
}

#[tokio::test]
async fn departments_are_timed() {
    let house = House::open().await;
    let order = house.place().await;
    let item = id(&order["items"][0]);
    let db = house.app.database();
    db.execute(
        "UPDATE order_items SET sent_to_kitchen_at = created_at - 1200000,
                                preparation_started_at = created_at - 900000",
        [],
    )
    .unwrap();
    house.move_item(&house.kitchen, item, "READY").await.ok();
    let times = report(&house.admin, "departments").await;
    let row = &times["rows"][0];
    assert_eq!(row["key"], "hot");
    for (column, expected) in [
        ("median", json!(20.0)),
        ("ninety_percent", json!(20.0)),
        ("waiting", json!(5.0)),
        ("making", json!(15.0)),
        ("lines", json!(1)),
        ("late", json!(1)),
        ("late_share", json!(100.0)),
    ] {
        assert_eq!(cell(&times, row, column), &expected, "{column}");
    }
    // Called back: it is not ready, and not counted.
    house.move_item(&house.kitchen, item, "IN_PREPARATION").await.ok();
    assert_eq!(report(&house.admin, "departments").await["rows"], json!([]));
}
