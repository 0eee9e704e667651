//! Reports, the board of today, and the tables of figures behind them.

use std::collections::BTreeMap;
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
    assert!(csv.contains("\"'=HYPERLINK(\"\"http://x\"\")\";700,00;2;1;350,00"), "{csv}");
    let csv = house.admin.get("/reports/waiters?lang=en&format=csv&compare=none").await.text();
    assert!(csv.contains("Total,700.00,1,700.00,1,350.00,1,450.00"), "{csv}");
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
        (Some(2), Some("1350.00"))
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
    let dish = |name: &str| {
        let dishes = board["dishes"].as_array().unwrap();
        dishes.iter().find(|dish| dish["dish_name"] == name).unwrap()["quantity"].clone()
    };
    assert_eq!((dish("Pizza"), dish("Borscht")), (json!(4), json!(2)));
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

/// Every table of figures as (key, figures) without rows of zeros.
fn kept(db: &rusqlite::Connection) -> BTreeMap<String, Vec<i64>> {
    let tables = [
        ("w", "daily_waiters", "business_day || '/' || waiter_id || '/' || order_type", 3..9),
        ("q", "daily_quarters", "business_day || '/' || quarter", 2..4),
        ("d", "daily_dishes", "business_day || '/' || dish_variation_id", 2..6),
        ("k", "daily_kitchen", "department || '/' || business_day || '/' || minutes", 3..7),
    ];
    let mut figures = BTreeMap::new();
    for (mark, table, key, columns) in tables {
        let mut statement = db.prepare(&format!("SELECT *, {key} FROM {table}")).unwrap();
        let last = statement.column_count() - 1;
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<i64> = columns.clone().map(|at| row.get(at).unwrap()).collect();
            if values.iter().any(|value| *value != 0) {
                figures.insert(format!("{mark}/{}", row.get::<_, String>(last).unwrap()), values);
            }
        }
    }
    figures
}

/// The same, counted from the orders and lines one by one.
fn counted(db: &rusqlite::Connection) -> BTreeMap<String, Vec<i64>> {
    let mut figures: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    let mut add = |key: String, values: &[i64]| {
        let sums = figures.entry(key).or_insert_with(|| vec![0; values.len()]);
        sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
    };
    let mut statement = db
        .prepare(
            "SELECT business_day, ifnull(waiter_id, 0), order_type, created_at, status,
                    payment_status, total, id FROM orders",
        )
        .unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let text = |at: usize| row.get::<_, String>(at).unwrap();
        let number = |at: usize| row.get::<_, i64>(at).unwrap();
        let (day, total, cancelled) = (number(0), number(6), text(4) == "CANCELLED");
        let refunded = text(5) == "REFUNDED";
        let sold = text(5) == "PAID" && !cancelled;
        let of = |is: bool| [i64::from(is), if is { total } else { 0 }];
        let all = [of(sold), of(cancelled && !refunded), of(refunded)].concat();
        add(format!("w/{day}/{}/{}", number(1), text(2)), &all);
        add(format!("q/{day}/{}", number(3) / 900_000), &of(sold));
        let mut lines = db
            .prepare(
                "SELECT dish_variation_id, status, quantity, quantity * price, department,
                        sent_to_kitchen_at, preparation_started_at, ready_at,
                        estimated_preparation_time
                 FROM order_items WHERE order_id = ?1",
            )
            .unwrap();
        let mut lines = lines.query([number(7)]).unwrap();
        while let Some(line) = lines.next().unwrap() {
            let moment = |at: usize| line.get::<_, Option<i64>>(at).unwrap();
            let off = line.get::<_, String>(1).unwrap() == "CANCELLED";
            let (quantity, price): (i64, i64) = (line.get(2).unwrap(), line.get(3).unwrap());
            let of = |is: bool| if is { [quantity, price] } else { [0, 0] };
            let key = format!("d/{day}/{}", line.get::<_, i64>(0).unwrap());
            add(key, &[of(sold && !off), of(off)].concat());
            if let (Some(sent), Some(ready)) = (moment(5), moment(7)) {
                let begun = moment(6).unwrap_or(ready);
                let late = moment(8).is_some_and(|minutes| ready > sent + minutes * 60_000);
                let minutes = ((ready - sent).max(0) / 60_000).min(240);
                let department: String = line.get(4).unwrap();
                let times = [1, i64::from(late), (begun - sent).max(0), (ready - begun).max(0)];
                add(format!("k/{department}/{day}/{minutes}"), &times);
            }
        }
    }
    figures.retain(|_, values| values.iter().any(|value| *value != 0));
    figures
}

/// A small generator, so that a failing run can be repeated.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

#[tokio::test]
async fn the_figures_follow_whatever_happens() {
    let house = House::open().await;
    let mut dice = Dice(7);
    let (admin, waiter) = (&house.admin, &house.waiter);
    for _ in 0..250 {
        let orders = admin.get("/orders?limit=40").await.ok()["orders"].as_array().unwrap().clone();
        let order = orders.get(dice.throw(40)).map_or(0, id);
        let items = match order {
            0 => Vec::new(),
            order => house.order(order).await["items"].as_array().unwrap().clone(),
        };
        let item = if items.is_empty() { 0 } else { id(&items[dice.throw(items.len())]) };
        let (table, quantity) = (house.tables[dice.throw(2)], 1 + dice.throw(5));
        let dish = [house.borscht, house.pizza][dice.throw(2)];
        let line = json!([{"dish_id": dish, "quantity": quantity}]);
        let who = [admin, waiter][dice.throw(2)];
        let step = ["IN_PROGRESS", "READY", "SERVED", "DINING", "COMPLETED"][dice.throw(5)];
        let change = format!("/orders/{order}/items/{item}");
        // Many of these are refused, as they would be in a real evening.
        match dice.throw(12) {
            0 | 1 => who.post("/orders", &json!({"table_id": table, "items": line})).await,
            2 => who.post("/orders", &json!({"order_type": "TAKEAWAY", "items": line})).await,
            3 => admin.post(&format!("/orders/{order}/items"), &line[0]).await,
            4 => admin.patch(&change, &json!({"quantity": quantity})).await,
            5 => admin.patch(&change, &json!({"dish_variation_id": house.pizza_large})).await,
            6 => admin.delete(&change).await,
            7 => {
                house
                    .move_item(&house.kitchen, item, ["READY", "IN_PREPARATION"][dice.throw(2)])
                    .await
            }
            8 => house.move_order(admin, order, step).await,
            9 => {
                let method = [house.cash, house.card][dice.throw(2)];
                let bill = json!({"payment_method_id": method});
                who.post(&format!("/orders/{order}/complete-payment"), &bill).await
            }
            10 => {
                let back = json!({"payment_status": "REFUNDED"});
                admin.patch(&format!("/orders/{order}/payment"), &back).await
            }
            _ => admin.delete(&format!("/orders/{order}")).await,
        };
    }
    let db = house.app.database();
    let (kept_now, counted_now) = (kept(&db), counted(&db));
    assert_eq!(kept_now, counted_now);
    let sold = |mark: &str| counted_now.keys().filter(|key| key.starts_with(mark)).count();
    assert!(["w/", "q/", "d/", "k/"].iter().all(|mark| sold(mark) > 0), "{counted_now:?}");
    let refunds: i64 = db
        .query_row(
            "SELECT sum(refunded_orders) * sum(cancelled_orders) FROM daily_waiters",
            [],
            |r| r.get(0),
        )
        .unwrap();
    assert!(refunds > 0, "the evening had refunds and cancellations");

    // Rows change in ways that no command has yet: lines between orders, orders between days.
    db.execute_batch(
        "UPDATE order_items SET order_id = (SELECT min(id) FROM orders) WHERE id % 5 = 0;
         UPDATE order_items SET price = price + 100, department = 'bar' WHERE id % 3 = 0;
         UPDATE orders SET business_day = business_day - 1, waiter_id = NULL, total = total + 1
             WHERE id % 2 = 0;",
    )
    .unwrap();
    assert_ne!(kept(&db), kept_now);
    // A line's department time stays on the day on which its order was when it became ready.
    let without_kitchen = |mut figures: BTreeMap<String, Vec<i64>>| {
        figures.retain(|key, _| !key.starts_with("k/"));
        figures
    };
    assert_eq!(without_kitchen(kept(&db)), without_kitchen(counted(&db)));

    // What a box of an earlier version had is counted when it is migrated.
    let migration = include_str!("../../migrations/V7__figures.sql");
    let (_, rest) = migration.split_once("-- What is there already").unwrap();
    let (fill, _) = rest.split_once("-- Lists and histories").unwrap();
    for table in ["daily_waiters", "daily_quarters", "daily_dishes", "daily_kitchen"] {
        db.execute_batch(&format!("DELETE FROM {table} WHERE 1;")).unwrap();
    }
    db.execute_batch(&fill[fill.find('\n').unwrap()..]).unwrap();
    assert_eq!(kept(&db), counted(&db));
}
