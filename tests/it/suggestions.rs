//! What guests may like: learnt of orders that are closed, within what the house and the guest allow.

use serde_json::{Value, json};

use crate::checks::{check_of, pay};
use crate::harness::{House, eventually, id};

/// A house with a drink and a cake beside its borscht and pizza.
struct Cafe {
    house: House,
    drink: i64,
    cake: i64,
}

async fn dish(house: &House, category: &str, name: &str) -> i64 {
    let category = house.admin.post("/categories", &json!({"name": category})).await.created();
    let body = json!({"name": name, "description": "", "category_id": id(&category)});
    let dish = id(&house.admin.post("/dishes", &body).await.created());
    let size = json!({"name": "One", "price": "100"});
    house.admin.post(&format!("/dishes/{dish}/variations"), &size).await.created();
    dish
}

impl Cafe {
    async fn open() -> Self {
        let house = House::open().await;
        let drink = dish(&house, "Drinks", "Kvass").await;
        let cake = dish(&house, "Sweets", "Honey cake").await;
        Self { house, drink, cake }
    }

    /// An order to take away, paid and closed.
    async fn sell(&self, dishes: &[i64]) -> i64 {
        let items: Vec<_> = dishes.iter().map(|id| json!({"dish_id": id, "quantity": 1})).collect();
        let order = json!({"order_type": "TAKEAWAY", "items": items});
        let order = id(&self.house.waiter.post("/orders", &order).await.created());
        self.close(order).await;
        order
    }

    async fn close(&self, order: i64) {
        let check = check_of(&self.house, order).await;
        let due = check["due"].as_str().unwrap().to_owned();
        pay(&self.house.waiter, &check, self.house.cash, &due).await.created();
        for item in self.house.order(order).await["items"].as_array().unwrap() {
            self.house.move_item(&self.house.kitchen, id(item), "READY").await.ok();
            self.house.move_item(&self.house.waiter, id(item), "SERVED").await.ok();
        }
        assert_eq!(self.house.order(order).await["status"], "COMPLETED");
    }

    async fn learnt(&self, orders: i64) {
        let db = self.house.app.database();
        eventually("orders are learnt of", async || {
            let sql = "SELECT count(*) FROM suggestion_orders";
            db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap() == orders
                && self.effect().await["learnt_orders"] == orders
        })
        .await;
    }

    async fn effect(&self) -> Value {
        self.house.admin.get("/suggestions/effect").await.ok()
    }

    /// What the waiter is shown for an order to take away.
    async fn shown(&self, ask: Value) -> Vec<i64> {
        let told = self.house.waiter.post("/suggestions", &ask).await.ok();
        let all = told["suggestions"].as_array().unwrap();
        all.iter().map(|one| one["dish_id"].as_i64().unwrap()).collect()
    }

    async fn mark(&self, dish: i64, mark: Value) -> Value {
        let path = format!("/suggestions/dishes/{dish}");
        self.house.admin.put(&path, &json!({"mark": mark})).await.ok()
    }
}

#[tokio::test]
async fn closed_orders_teach_what_is_taken_together() {
    let cafe = Cafe::open().await;
    let (borscht, pizza) = (cafe.house.borscht, cafe.house.pizza);
    assert_eq!(cafe.shown(json!({})).await, [0_i64; 0], "nothing is known yet");
    for _ in 0..3 {
        cafe.sell(&[borscht, cafe.cake]).await;
        cafe.sell(&[pizza, cafe.drink]).await;
        cafe.sell(&[cafe.drink]).await;
    }
    // An order that is open, or was called off, teaches nothing.
    let open = json!({"order_type": "TAKEAWAY", "items": [{"dish_id": borscht, "quantity": 1}]});
    let open = id(&cafe.house.waiter.post("/orders", &open).await.created());
    cafe.house.move_order(&cafe.house.admin, open, "CANCELLED").await.ok();
    cafe.learnt(9).await;
    assert_eq!(cafe.shown(json!({})).await[0], cafe.drink, "the best seller");
    let beside = cafe.house.waiter.post("/suggestions", &json!({"dish_ids": [borscht]})).await.ok();
    let first = &beside["suggestions"][0];
    assert_eq!(
        (&first["dish_id"], &first["why"], &first["with_dish_id"]),
        (&json!(cafe.cake), &json!("TAKEN_WITH"), &json!(borscht))
    );
    // Not what is in the basket, and one of a category.
    let all = cafe.shown(json!({"dish_ids": [cafe.drink], "most": 12})).await;
    assert_eq!(all.len(), 2, "{all:?}");
    assert!(all.contains(&cafe.cake) && !all.contains(&cafe.drink));
}

#[tokio::test]
async fn what_was_learnt_is_written_down_and_once() {
    let cafe = Cafe::open().await;
    let order = cafe.sell(&[cafe.drink, cafe.cake]).await;
    cafe.learnt(1).await;
    let db = cafe.house.app.database();
    let pair = "SELECT n FROM suggestion_pairs WHERE dish_id = ?1 AND other_id = ?2";
    let pair = |db: &rusqlite::Connection| -> f64 {
        db.query_row(pair, [cafe.drink, cafe.cake], |row| row.get(0)).unwrap()
    };
    assert!((pair(&db) - 1.0).abs() < 1e-9);
    let total: i64 = db
        .query_row("SELECT total FROM suggestion_orders WHERE order_id = ?1", [order], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(total, 20_000);
    cafe.sell(&[cafe.cake, cafe.drink]).await;
    cafe.learnt(2).await;
    assert!((pair(&db) - 2.0).abs() < 1e-9);
}

#[tokio::test]
async fn the_house_and_the_guest_have_the_first_word() {
    let cafe = Cafe::open().await;
    let house = &cafe.house;
    for _ in 0..2 {
        cafe.sell(&[house.borscht, cafe.drink, cafe.cake]).await;
    }
    cafe.learnt(2).await;
    let everything = json!({"most": 12});
    assert_eq!(cafe.shown(everything.clone()).await.len(), 3);
    // Nobody has ever ordered a pizza: pinned, it comes first, and takes its category's place.
    cafe.mark(house.pizza, json!("PIN")).await;
    let shown = cafe.shown(everything.clone()).await;
    assert_eq!(shown[0], house.pizza);
    assert!(!shown.contains(&house.borscht));
    cafe.mark(house.pizza, Value::Null).await;
    let marked = cafe.mark(cafe.drink, json!("BAN")).await;
    assert_eq!(marked["dishes"][0]["dish_name"], "Kvass");
    assert!(!cafe.shown(everything.clone()).await.contains(&cafe.drink));
    // The kitchen has too much of it: a ban is a ban.
    let surplus = format!("/suggestions/dishes/{}/surplus", cafe.drink);
    house.kitchen.put(&surplus, &json!({"is_surplus": true})).await.ok();
    assert!(!cafe.shown(everything.clone()).await.contains(&cafe.drink));
    cafe.mark(cafe.drink, Value::Null).await;
    let told = house.waiter.post("/suggestions", &everything).await.ok();
    let first = &told["suggestions"][0];
    assert_eq!((&first["dish_id"], &first["why"]), (&json!(cafe.drink), &json!("SURPLUS")));
    house.kitchen.put(&surplus, &json!({"is_surplus": false})).await.ok();
    assert_eq!(house.admin.get("/suggestions/dishes").await.ok()["dishes"], json!([]));
    // What is sold out, and what a guest must not eat.
    house
        .admin
        .patch(&format!("/dishes/{}", cafe.cake), &json!({"is_available": false}))
        .await
        .ok();
    assert!(!cafe.shown(everything.clone()).await.contains(&cafe.cake));
    let barley = json!({"name": "Barley", "is_allergen": true});
    let barley = id(&house.admin.post("/ingredients", &barley).await.created());
    let made_of = json!({"ingredient_ids": [barley]});
    house.admin.patch(&format!("/dishes/{}", cafe.drink), &made_of).await.ok();
    let without = json!({"most": 12, "without_allergens": [barley]});
    assert_eq!(cafe.shown(without).await, [house.borscht]);
}

#[tokio::test]
async fn one_table_in_ten_is_shown_nothing_and_the_difference_is_told() {
    let cafe = Cafe::open().await;
    let house = &cafe.house;
    cafe.sell(&[cafe.drink, cafe.cake]).await;
    cafe.learnt(1).await;
    // So many tables that some are without, whatever the day.
    let (mut shown, mut without) = (None, None);
    for number in 10..110 {
        let table = json!({"number": number, "seats": 2});
        let table = id(&house.admin.post("/tables", &table).await.created());
        let told = cafe.shown(json!({"table_id": table})).await;
        if told.is_empty() {
            without = Some(table)
        } else {
            shown = Some(table)
        }
        if shown.is_some() && without.is_some() {
            break;
        }
    }
    let (shown, without) = (shown.unwrap(), without.unwrap());
    for (table, dish) in [(shown, cafe.drink), (without, cafe.drink)] {
        let order = json!({"table_id": table, "items": [{"dish_id": dish, "quantity": 1}]});
        let order = id(&house.waiter.post("/orders", &order).await.created());
        cafe.close(order).await;
    }
    cafe.learnt(3).await;
    let effect = cafe.effect().await;
    assert_eq!((&effect["shown"]["orders"], &effect["control"]["orders"]), (&json!(1), &json!(1)));
    assert_eq!(effect["shown"]["average"], "100.00");
    assert_eq!(effect["difference"], json!({"amount": "0.00", "low": null, "high": null}));
    assert_eq!((&effect["offered"], &effect["taken"]), (&json!(1), &json!(1)));
    house
        .admin
        .get("/suggestions/effect?date_from=2026-02-01&date_to=2026-01-01")
        .await
        .invalid("date_to");
}

#[tokio::test]
async fn the_owner_turns_them_off_and_says_how_they_are() {
    let cafe = Cafe::open().await;
    let house = &cafe.house;
    cafe.sell(&[cafe.drink]).await;
    cafe.learnt(1).await;
    let usual = json!({"is_on": true, "surprise": 0});
    assert_eq!(house.admin.get("/suggestions/settings").await.ok(), usual);
    let bad = json!({"is_on": true, "surprise": 101});
    house.admin.put("/suggestions/settings", &bad).await.invalid("surprise");
    let bold = json!({"is_on": true, "surprise": 100});
    assert_eq!(house.admin.put("/suggestions/settings", &bold).await.ok(), bold);
    assert_eq!(cafe.shown(json!({})).await, [cafe.drink]);
    let off = json!({"is_on": false, "surprise": 100});
    house.admin.put("/suggestions/settings", &off).await.ok();
    assert_eq!(cafe.shown(json!({})).await, [0_i64; 0]);
    house
        .admin
        .put("/suggestions/dishes/999999", &json!({"mark": "PIN"}))
        .await
        .refused(404, "not_found");
    let path = format!("/suggestions/dishes/{}", cafe.drink);
    house.admin.put(&path, &json!({"mark": "SURPLUS"})).await.invalid("mark");
    let many: Vec<i64> = (1..=201).collect();
    house.waiter.post("/suggestions", &json!({"dish_ids": many})).await.invalid("dish_ids");
}

#[tokio::test]
async fn a_guest_is_shown_what_fits_their_table() {
    let cafe = Cafe::open().await;
    let house = &cafe.house;
    for _ in 0..3 {
        cafe.sell(&[house.borscht, cafe.cake]).await;
        cafe.sell(&[cafe.drink]).await;
    }
    cafe.learnt(6).await;
    // Of two tables and twenty more, one that is shown something.
    let ask = json!({"dish_ids": [house.borscht]});
    for number in 10..30 {
        let table = json!({"number": number, "seats": 2});
        let table = house.admin.post("/tables", &table).await.created();
        let sits = json!({"qr_code": table["qr_code"]});
        let session = house.app.anonymous().post("/guest/session", &sits).await.created();
        let guest = crate::harness::Client::new(&house.app.base, session["token"].as_str());
        let told = guest.post("/guest/suggestions", &ask).await.ok();
        let Some(first) = told["suggestions"].get(0) else { continue };
        assert_eq!(first["dish_id"], cafe.cake);
        // What the table has ordered counts beside the basket.
        let order = json!({"table_id": table["id"],
            "items": [{"dish_id": cafe.cake, "quantity": 1}]});
        house.waiter.post("/orders", &order).await.created();
        let told = guest.post("/guest/suggestions", &ask).await.ok();
        let all = told["suggestions"].as_array().unwrap();
        assert!(all.iter().all(|one| one["dish_id"] != cafe.cake), "{told}");
        return;
    }
    panic!("all tables were of the control group");
}
