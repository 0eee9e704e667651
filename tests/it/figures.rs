//! The sums by day: they equal a count of every row, whatever happens.

use std::collections::BTreeMap;

use qres::features::orders::compare;
use serde_json::{Value, json};

use crate::harness::{House, id};

/// Every table of figures as (key, figures) without rows of zeros.
fn kept(db: &rusqlite::Connection) -> BTreeMap<String, Vec<i64>> {
    let tables = [
        ("w", "daily_waiters", "business_day || '/' || waiter_id || '/' || order_type", 3..11),
        ("q", "daily_quarters", "business_day || '/' || quarter", 2..4),
        ("d", "daily_dishes", "business_day || '/' || dish_variation_id", 2..7),
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
                    payment_status, total, id, joined_into_id IS NULL, guests FROM orders",
        )
        .unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let text = |at: usize| row.get::<_, String>(at).unwrap();
        let number = |at: usize| row.get::<_, i64>(at).unwrap();
        let (day, total, cancelled) = (number(0), number(6), text(4) == "CANCELLED");
        let is_own = row.get::<_, bool>(8).unwrap();
        let refunded = text(5) == "REFUNDED";
        let sold = text(5) == "PAID" && !cancelled;
        let of = |is: bool| [i64::from(is), if is { total } else { 0 }];
        let guests = row.get::<_, Option<i64>>(9).unwrap();
        let covers = [guests.filter(|_| sold).unwrap_or(0), of(sold && guests.is_some())[1]];
        let all = [of(sold), of(cancelled && !refunded && is_own), of(refunded), covers].concat();
        add(format!("w/{day}/{}/{}", number(1), text(2)), &all);
        add(format!("q/{day}/{}", number(3) / 900_000), &of(sold));
        let mut lines = db
            .prepare(
                "SELECT dish_variation_id, status, quantity / 1000, gross, department,
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
            let sold_of = |is: bool| if is { [quantity, 0, price] } else { [0; 3] };
            let off_of = |is: bool| if is { [quantity, price] } else { [0; 2] };
            let key = format!("d/{day}/{}", line.get::<_, i64>(0).unwrap());
            add(key, &[&sold_of(sold && !off)[..], &off_of(off)].concat());
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

/// Whatever comes to somebody's mind; much of it is refused.
async fn a_wild_evening(house: &House) {
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
        if quantity > 2 {
            let guests = (quantity < 5).then_some(quantity);
            admin.patch(&format!("/orders/{order}"), &json!({"guests": guests})).await;
        }
        // Many of these are refused, as they would be in a real evening.
        match dice.throw(14) {
            0 | 1 => {
                let guests = (quantity < 4).then_some(quantity);
                let body = json!({"table_id": table, "items": line, "guests": guests});
                who.post("/orders", &body).await
            }
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
            10 => admin.post(&format!("/orders/{order}/move"), &json!({"table_id": table})).await,
            11 => {
                let some = json!({"items": [{"id": item}], "table_id": table});
                admin.post(&format!("/orders/{order}/items/move"), &some).await
            }
            12 => {
                // One of several, so that sold orders remain.
                let is_paid = |order: &&Value| order["payment_status"] == "PAID";
                let order = orders.iter().filter(is_paid).nth(2).map_or(0, id);
                let back = json!({"payment_status": "REFUNDED"});
                admin.patch(&format!("/orders/{order}/payment"), &back).await
            }
            _ => admin.delete(&format!("/orders/{order}?reason=left")).await,
        };
    }
    // The dice may miss what is to be seen here: guests who were counted, at a bill that was paid.
    let order = id(&house.place().await);
    admin.patch(&format!("/orders/{order}"), &json!({"guests": 2})).await.ok();
    let bill = json!({"payment_method_id": house.card});
    admin.post(&format!("/orders/{order}/complete-payment"), &bill).await.ok();
}

#[tokio::test]
async fn the_figures_follow_whatever_happens() {
    let house = House::open().await;
    a_wild_evening(&house).await;
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
    let covers: i64 =
        db.query_row("SELECT sum(covers) FROM daily_waiters", [], |row| row.get(0)).unwrap();
    assert!(covers > 0, "guests were counted");

    // Rows change in ways that no command has yet: lines between orders, orders between days.
    db.execute_batch(
        "UPDATE order_items AS i SET order_id = (SELECT min(id) FROM orders)
             WHERE EXISTS (SELECT 1 FROM order_items j WHERE j.order_id = i.order_id AND j.id < i.id);
         UPDATE order_items SET price = price + 100, gross = quantity * (price + 100) / 1000, department = 'bar' WHERE id % 3 = 0;
         UPDATE orders SET business_day = business_day - 1, waiter_id = NULL WHERE id % 2 = 0;
         UPDATE orders AS o SET total = coalesce((SELECT sum(gross) FROM order_items i
             WHERE i.order_id = o.id AND i.status <> 'CANCELLED'), 0);",
    )
    .unwrap();
    let wrong = compare(&db, 100, 10_000).unwrap();
    assert!(wrong.wrong_orders.len() > 5, "{wrong:?}");
    house.app.write_orders_down();
    assert_ne!(kept(&db), kept_now);
    // A line's department time stays on the day on which its order was when it became ready.
    let without_kitchen = |mut figures: BTreeMap<String, Vec<i64>>| {
        figures.retain(|key, _| !key.starts_with("k/"));
        figures
    };
    assert_eq!(without_kitchen(kept(&db)), without_kitchen(counted(&db)));

    assert!(compare(&db, 100, 10_000).unwrap().is_right());

    // Sums are made anew from what is written down.
    db.execute_batch(
        "UPDATE daily_dishes SET quantity = 7; DELETE FROM daily_kitchen WHERE minutes = 0;
         UPDATE daily_waiters SET covers = 7;",
    )
    .unwrap();
    assert!(!compare(&db, 100, 10_000).unwrap().is_right());
    qres::core::store::count_anew(&db).unwrap();
    assert_eq!(kept(&db), counted(&db));
}
