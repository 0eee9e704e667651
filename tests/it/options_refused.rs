//! Options of dishes: what is refused, by name, and that nothing is ordered then.

use serde_json::{Value, json};

use crate::harness::{House, Reply, id};
use crate::options::{ask, furnish, group, order};

/// Why what was chosen is refused: the reasons of each line.
#[track_caller]
fn reasons(reply: Reply, status: u16, code: &str) -> Vec<(String, Vec<(String, String)>)> {
    let problem = reply.json();
    reply.refused(status, code);
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let wrong = |line: &Value| {
        let each = line["wrong"].as_array().unwrap().iter();
        each.map(|one| (word(&one["reason"]), word(&one["name"]))).collect()
    };
    let lines = problem["params"]["lines"].as_array().unwrap().iter();
    lines.map(|line| (word(&line["dish"]), wrong(line))).collect()
}

fn one(dish: &str, reason: &str, name: &str) -> Vec<(String, Vec<(String, String)>)> {
    vec![(dish.into(), vec![(reason.into(), name.into())])]
}

#[tokio::test]
async fn a_choice_that_breaks_a_rule_is_refused_by_name() {
    let house = House::open().await;
    let (doneness, toppings) = furnish(&house).await;
    let rare = json!({"option_id": doneness.options[0]});
    let cheese = toppings.options[0];
    let with = |more: Value| json!([rare, more]);
    for (modifiers, reason, name) in [
        (json!([]), "too_few", "Doneness"),
        (json!([{"option_id": doneness.options[0], "prefix": "NO"}]), "no_such_prefix", "Rare"),
        (with(json!({"option_id": doneness.options[1]})), "too_many", "Doneness"),
        (with(json!({"option_id": cheese, "quantity": 4})), "too_often", "Cheese"),
        (with(json!({"option_id": cheese, "portion": 1})), "no_halves", "Cheese"),
        (with(rare.clone()), "twice", "Rare"),
        (with(json!({"option_id": cheese, "under": doneness.options[0]})), "gone", "Cheese"),
        (with(json!({"option_id": 999})), "gone", ""),
    ] {
        let reply = order(&house, modifiers.clone()).await;
        let status = if reason == "gone" { (409, "choices_changed") } else { (422, "invalid") };
        let told = reasons(reply, status.0, status.1);
        let first = (reason.to_owned(), name.to_owned());
        assert!(told[0].1.contains(&first), "{modifiers}: {told:?}");
    }
    // Whoever says nothing of a group that has to be answered is asked for it.
    let reply = house.waiter.post("/orders", &house.borscht_order()).await;
    assert_eq!(reasons(reply, 422, "invalid"), one("Borscht", "too_few", "Doneness"));
    let bodies =
        [json!({"option_id": cheese, "quantity": 0}), json!({"option_id": cheese, "prefix": "A"})];
    for choice in bodies {
        let reply = order(&house, json!([choice])).await;
        assert_eq!(reply.status, 422, "{}", reply.text());
    }
    assert_eq!(house.admin.get("/orders").await.ok()["total"], 0, "nothing was ordered");
}

#[tokio::test]
async fn what_is_no_more_as_it_was_shown_is_named_line_by_line() {
    let house = House::open().await;
    let (doneness, toppings) = furnish(&house).await;
    let rare = json!({"option_id": doneness.options[0], "price": "0.00"});
    let [cheese, onion, small] = toppings.options[..] else { panic!("three toppings") };
    let line = |choice: Value| {
        json!({"dish_id": house.borscht, "quantity": 1,
        "modifiers": [rare, choice]})
    };
    let plain = json!({"dish_id": house.pizza, "quantity": 1, "shown_price": "450.00"});
    let basket = |key: &'static str| {
        let items = json!([
            line(json!({"option_id": cheese, "price": "50"})),
            plain,
            line(json!({"option_id": small, "price": "-30.00"}))
        ]);
        let waiter = house.waiter.clone();
        let body = json!({"table_id": house.tables[0], "items": items});
        async move { waiter.post_once("/orders", key, &body).await }
    };
    let of = |id: i64| format!("/modifier-groups/{}/options/{id}", toppings.id);
    // Sold out, dearer, and gone; the pizza is as it was.
    house
        .kitchen
        .patch(&format!("{}/availability", of(cheese)), &json!({"is_available": false}))
        .await
        .ok();
    house.admin.patch(&of(small), &json!({"price": "-20"})).await.ok();
    let told = reasons(basket("basket-1").await, 409, "choices_changed");
    assert_eq!(
        told,
        [one("Borscht", "sold_out", "Cheese"), one("Borscht", "price_changed", "Small")].concat()
    );
    house.admin.delete(&of(small)).await.ok();
    let told = reasons(basket("basket-2").await, 409, "choices_changed");
    assert_eq!(told[1].1, [("gone".to_owned(), String::new())]);
    // A size that costs something else.
    let pizza = house.admin.get(&format!("/dishes/{}/variations", house.pizza)).await.ok();
    let path = format!("/dishes/{}/variations/{}", house.pizza, id(&pizza["variations"][0]));
    house.admin.patch(&path, &json!({"price": "460"})).await.ok();
    let told = reasons(basket("basket-3").await, 409, "choices_changed");
    assert_eq!(told[1], one("Pizza", "price_changed", "Pizza")[0]);
    assert_eq!(house.admin.get("/orders").await.ok()["total"], 0);

    // As it is on the menu again, it is ordered once, however often it is sent.
    let now = json!({"table_id": house.tables[0], "items": [line(json!({"option_id": onion}))]});
    let first = house.waiter.post_once("/orders", "basket-4", &now).await.created();
    let again = house.waiter.post_once("/orders", "basket-4", &now).await.created();
    assert_eq!((id(&first), &first["items"]), (id(&again), &again["items"]));
}

#[tokio::test]
async fn more_of_what_ran_out_cannot_be_had() {
    let house = House::open().await;
    let (doneness, toppings) = furnish(&house).await;
    let chosen = json!([{"option_id": doneness.options[0]}, {"option_id": toppings.options[0]}]);
    let placed = order(&house, chosen).await.created();
    let off =
        format!("/modifier-groups/{}/options/{}/availability", toppings.id, toppings.options[0]);
    house.kitchen.patch(&off, &json!({"is_available": false})).await.ok();
    let path = format!("/orders/{}/items/{}", id(&placed), id(&placed["items"][0]));
    let reply = house.waiter.patch(&path, &json!({"quantity": 3})).await;
    assert_eq!(reasons(reply, 409, "choices_changed"), one("Borscht", "sold_out", "Cheese"));
    house.waiter.patch(&path, &json!({"quantity": 1})).await.ok();
}

#[tokio::test]
async fn a_price_stays_within_what_a_price_may_be() {
    let house = House::open().await;
    let off = json!({"name": "Off", "max": 9, "options": [
        {"name": "Half off", "price": "-200", "max_quantity": 2}]});
    let off = group(&house.admin, &off).await;
    ask(&house.admin, house.borscht, &[off.id]).await;
    let choose = |quantity: i64| json!([{"option_id": off.options[0], "quantity": quantity}]);
    let reply = order(&house, choose(2)).await;
    assert_eq!(reasons(reply, 422, "invalid"), one("Borscht", "price_out_of_range", "Borscht"));
    assert_eq!(order(&house, choose(1)).await.created()["total_price"], "300.00");
}

#[tokio::test]
async fn a_group_makes_sense_or_is_not_taken() {
    let house = House::open().await;
    let admin = &house.admin;
    for (body, field) in [
        (json!({"name": "A", "min": 2, "max": 1}), "min"),
        (json!({"name": "A", "max": 0}), "max"),
        (json!({"name": "A", "free": 1, "halves": "MEAN"}), "free"),
        (
            json!({"name": "A", "options": [{"name": "a", "is_default": true},
            {"name": "b", "is_default": true}]}),
            "is_default",
        ),
        (json!({"name": "A", "options": [{"name": "a", "price": "100000000000"}]}), "price"),
        (json!({"name": ""}), "name"),
    ] {
        admin.post("/modifier-groups", &body).await.invalid(field);
    }
    let (_, toppings) = furnish(&house).await;
    let path = format!("/dishes/{}/modifier-groups", house.borscht);
    let link =
        |min: i64, max: i64| json!({"groups": [{"group_id": toppings.id, "min": min, "max": max}]});
    admin.put(&path, &link(3, 2)).await.invalid("min");
    let twice = json!({"groups": [{"group_id": toppings.id}, {"group_id": toppings.id}]});
    admin.put(&path, &twice).await.invalid("groups");
    let own =
        admin.put(&path, &json!({"groups": [{"group_id": toppings.id, "min": 3}]})).await.ok();
    assert_eq!(own, json!([{"group_id": toppings.id, "min": 3, "max": 4}]));
    // The group cannot ask for less than the dish needs.
    let one = format!("/modifier-groups/{}", toppings.id);
    admin.patch(&one, &json!({"max": 2})).await.refused(400, "dish_asks_for_more");
    admin.patch(&one, &json!({"max": 3})).await.ok();
    for (who, status) in [(&house.waiter, 403), (&house.kitchen, 403)] {
        assert_eq!(who.post("/modifier-groups", &json!({"name": "B"})).await.status, status);
        who.get(&one).await.ok();
    }
    let order = json!({"ids": [toppings.options[2], toppings.options[0]]});
    admin.put(&format!("{one}/options/order"), &order).await.ok();
    let options = admin.get(&one).await.ok()["options"].clone();
    let names: Vec<_> = options.as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["Small", "Cheese", "Onion"]);
    admin.delete(&one).await.ok();
    assert_eq!(admin.get(&path).await.ok(), json!([]));
    admin.get(&one).await.refused(404, "not_found");
}
