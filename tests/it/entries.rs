//! What orders brought is written down as it happens, and nothing that is written down changes.

use qres::features::orders::compare;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::checks::{adjust, check_of, checks_of, evening, pay, step};
use crate::floor::sql;
use crate::harness::{House, id};

/// The entries since one: kind, orders, quantity, gross, discount, comp, service, tax, amount.
fn entries(db: &Connection, since: i64) -> Vec<(String, [i64; 8])> {
    let mut rows = db
        .prepare(
            "SELECT kind, orders, quantity, gross, discount, comp, service, tax, amount
             FROM entries WHERE id > ?1 ORDER BY id",
        )
        .unwrap();
    let rows = rows.query_map([since], |row| {
        let mut figures = [0; 8];
        for (at, figure) in figures.iter_mut().enumerate() {
            *figure = row.get(at + 1)?;
        }
        Ok((row.get(0)?, figures))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

fn newest(db: &Connection) -> i64 {
    db.query_row("SELECT coalesce(max(id), 0) FROM entries", [], |row| row.get(0)).unwrap()
}

fn sold(figures: [i64; 7]) -> (String, [i64; 8]) {
    let [quantity, gross, discount, comp, service, tax, amount] = figures;
    ("SOLD".into(), [0, quantity, gross, discount, comp, service, tax, amount])
}

fn of(kind: &str, orders: i64, amount: i64) -> (String, [i64; 8]) {
    (kind.into(), [orders, 0, 0, 0, 0, 0, 0, amount])
}

#[tokio::test]
async fn what_is_neither_paid_nor_taken_off_is_not_written_down() {
    let house = House::open().await;
    let order = house.place().await;
    house.move_item(&house.kitchen, id(&order["items"][0]), "READY").await.ok();
    house.move_order(&house.waiter, id(&order), "SERVED").await.ok();
    let db = house.app.database();
    assert_eq!(newest(&db), 0);
    let paid = json!({"payment_method_id": house.cash});
    let path = format!("/orders/{}/complete-payment", id(&order));
    house.waiter.post(&path, &paid).await.ok();
    let written = entries(&db, 0);
    assert_eq!(written, [of("ORDER", 1, 0), sold([1, 35_000, 0, 0, 0, 0, 35_000])]);
    let who: (i64, i64) = db
        .query_row("SELECT actor_id, check_id FROM entries WHERE kind = 'SOLD'", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    let waiter = id(&house.waiter.get("/auth/me").await.ok());
    assert_eq!(who, (waiter, id(&order) * 100 + 1));
}

#[tokio::test]
async fn a_line_that_is_taken_off_counts_for_whose_order_it_is() {
    let house = House::open().await;
    let guest = house.guest(0).await;
    let items = json!([{"dish_id": house.pizza, "quantity": 2},
        {"dish_id": house.borscht, "quantity": 1}]);
    let placed = guest.post_once("/guest/orders", "phone-0001", &json!({"items": items})).await;
    let placed = placed.created();
    let lines = placed["items"].as_array().unwrap();
    let line = |dish: &str| id(lines.iter().find(|line| line["dish_name"] == dish).unwrap());
    house.admin.delete(&format!("/orders/{}/items/{}", id(&placed), line("Pizza"))).await.ok();
    let db = house.app.database();
    let removed = || -> Vec<(i64, i64)> {
        let sql = "SELECT waiter_id, removed FROM daily_waiters WHERE removed <> 0";
        let mut rows = db.prepare(sql).unwrap();
        let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    };
    assert_eq!(removed(), [(0, 90_000)], "nobody has taken it on");
    let send = format!("/kitchen/orders/{}/send-to-kitchen", id(&placed));
    house.waiter.post(&send, &json!([])).await.ok();
    let waiter = id(&house.waiter.get("/auth/me").await.ok());
    assert_eq!(removed(), [(waiter, 90_000)]);
    let kinds: Vec<_> = entries(&db, 0).into_iter().map(|(kind, of)| (kind, of[7])).collect();
    let of = |amount| ("REMOVED".to_owned(), amount);
    assert_eq!(kinds, [of(90_000), of(-90_000), of(90_000)], "rows are only added");
}

/// A bill of 1250.00 with 20 % of tax in it: the soup is on the house, 10 % are taken off, 10 % put on
/// for service, a guest gives 50.00 on top; then a pizza goes back.
async fn rich_bill(house: &House) -> (i64, Value) {
    house.admin.patch("/restaurant", &json!({"tax_percent": "20"})).await.ok();
    let order_id = evening(house).await;
    let check = check_of(house, order_id).await;
    let soup = &check["lines"][0]["id"];
    adjust(&house.admin, &check, json!({"kind": "comp", "line_id": soup})).await.created();
    for (kind, value) in [("percent", "10"), ("service_percent", "10")] {
        let check = check_of(house, order_id).await;
        adjust(&house.admin, &check, json!({"kind": kind, "value": value})).await.created();
    }
    let check = check_of(house, order_id).await;
    assert_eq!(check["total"], "891.00", "900 - 90 + 81");
    let body = json!({"method_id": house.card, "amount": "891.00", "expected_due": "891.00",
                      "tip": "50.00"});
    let paid = house.waiter.post(&format!("/checks/{}/payments", check["id"]), &body).await;
    (order_id, paid.created())
}

#[tokio::test]
async fn a_bill_is_written_down_with_all_that_was_agreed_about_it() {
    let house = House::open().await;
    let (order_id, paid) = rich_bill(&house).await;
    let db = house.app.database();
    assert_eq!(
        entries(&db, 0),
        [
            of("ORDER", 1, 0),
            sold([1, 35_000, 0, 35_000, 0, 0, 0]),
            sold([2, 90_000, 9_000, 0, 8_100, 14_850, 89_100]),
            of("TIP", 0, 5_000),
        ]
    );
    // A pizza goes back: what it brought is taken back, its pieces stay, since it was made.
    let before = newest(&db);
    let pizza = &paid["check"]["lines"][1]["id"];
    let back = json!({"lines": [{"item_id": pizza, "quantity": 1}], "reason": "burnt"});
    house.admin.post(&format!("/payments/{}/refunds", paid["id"]), &back).await.created();
    assert_eq!(
        entries(&db, before),
        [sold([0, -45_000, -4_500, 0, -4_050, -7_425, -44_550]), of("REFUNDED", 0, 44_550),]
    );
    // And the rest: no sale is left. A tip counts as long as it was not given back.
    let refund = json!({"payment_status": "REFUNDED", "reason": "cold"});
    house.admin.patch(&format!("/orders/{order_id}/payment"), &refund).await.ok();
    let sums: (i64, i64, i64, i64, i64) = db
        .query_row(
            "SELECT sum(orders), sum(revenue), sum(quantity), sum(refunded), sum(tips)
             FROM entry_figures",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)),
        )
        .unwrap();
    let tips = "SELECT sum(iif(kind = 'PAYMENT', tip, -tip)) FROM payments";
    let tips: i64 = db.query_row(tips, [], |row| row.get(0)).unwrap();
    assert_eq!(sums, (0, 0, 0, 89_100, tips));
}

#[tokio::test]
async fn a_report_tells_what_was_taken_off_put_on_and_given_on_top() {
    let house = House::open().await;
    rich_bill(&house).await;
    let beside = id(&house.place().await);
    let borscht = &house.order(beside).await["items"][0]["id"];
    house.admin.delete(&format!("/orders/{beside}/items/{borscht}?reason=late")).await.ok();
    for kind in ["days", "waiters"] {
        let report = house.admin.get(&format!("/reports/{kind}")).await.ok();
        let columns = report["columns"].as_array().unwrap();
        for (column, told) in [
            ("revenue", "891.00"),
            ("net_sales", "742.50"),
            ("tax", "148.50"),
            ("discounts", "90.00"),
            ("comps", "350.00"),
            ("service", "81.00"),
            ("removed", "350.00"),
            ("tips", "50.00"),
        ] {
            let at = columns.iter().position(|known| known["key"] == column).unwrap();
            assert_eq!(columns[at]["unit"], "money", "{column}");
            assert_eq!(report["rows"][0]["values"][at], told, "{kind}, {column}");
            assert_eq!(report["total"]["values"][at], told, "{kind}, {column}");
        }
    }
    let csv = house.admin.get("/reports/days?lang=ru&format=csv&compare=none").await.text();
    let [headings, .., total] = csv.lines().collect::<Vec<_>>()[..] else { panic!("{csv}") };
    let told = ";Выручка без налога;Налог;Скидки;За счёт заведения;Сервисный сбор;Сборы;Снято, сумма;Чаевые";
    assert!(headings.replace('"', "").contains(told), "{headings}");
    assert!(total.contains(";742,50;148,50;90,00;350,00;81,00;0,00;350,00;50,00"), "{total}");
    let csv = house.admin.get("/reports/waiters?lang=en&format=csv&compare=none").await.text();
    assert!(csv.contains("Revenue without tax,Tax,Discounts,On the house,Service charge"), "{csv}");
}

#[tokio::test]
async fn a_check_that_is_called_off_counts_as_taken_off() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let checks = checks_of(&house, order_id).await;
    let soup = &checks["checks"][0]["lines"][0]["id"];
    let split = json!({"version": checks["version"], "by": "lines",
                       "checks": [[{"item_id": soup, "quantity": 1}]]});
    house.waiter.post(&format!("/orders/{order_id}/split"), &split).await.ok();
    let checks = checks_of(&house, order_id).await;
    let of_soup = |check: &&Value| check["total"] == "350.00";
    let soup = checks["checks"].as_array().unwrap().iter().find(of_soup).unwrap().clone();
    step(&house.admin, &soup, "void").await.ok();
    let db = house.app.database();
    let removed = [("REMOVED".to_owned(), [0, 1, 35_000, 0, 0, 0, 0, 35_000])];
    assert_eq!(entries(&db, 0), removed);
    let checks = checks_of(&house, order_id).await;
    let rest = checks["checks"].as_array().unwrap().iter().find(|check| check["state"] == "OPEN");
    pay(&house.waiter, rest.unwrap(), house.cash, "900.00").await.created();
    let dishes = house.admin.get("/reports/dishes").await.ok();
    assert_eq!(
        dishes["total"]["values"],
        json!(["900.00", 2, 0, 1, "350.00", "0.00", "0.00", null])
    );
    assert!(compare(&db, 9, 100).unwrap().is_right());
}

#[tokio::test]
async fn figures_that_differ_are_found() {
    let house = House::open().await;
    let order_id = id(&house.place().await);
    let paid = json!({"payment_method_id": house.cash});
    house.waiter.post(&format!("/orders/{order_id}/complete-payment"), &paid).await.ok();
    let db = house.app.database();
    let right = compare(&db, 7, 100).unwrap();
    assert_eq!((right.days.len(), right.orders), (1, 1));
    assert!(right.is_right());
    sql(&house.app, "UPDATE daily_waiters SET revenue = revenue + 1").await;
    assert_eq!(compare(&db, 7, 100).unwrap().wrong_days, right.days);
    sql(&house.app, "UPDATE daily_waiters SET revenue = revenue - 1").await;
    sql(&house.app, "UPDATE orders SET status = 'CANCELLED'").await;
    let wrong = compare(&db, 7, 100).unwrap();
    assert_eq!((wrong.wrong_orders, wrong.wrong_days), (vec![order_id], vec![]));
    // No more is read than was asked for.
    assert_eq!(compare(&db, 0, 100).unwrap().orders, 0);
    assert_eq!(compare(&db, 7, 0).unwrap().orders, 0);
    house.app.write_orders_down();
}
