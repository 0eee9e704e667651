//! Options of dishes, from the menu to the report: what is chosen with a line, what it costs, and who
//! sees it.

use serde_json::{Value, json};

use crate::checks::{check_of, pay};
use crate::checks_refund::refund;
use crate::harness::{Client, House, Reply, id};

/// A group with its options, and their ids.
pub struct Group {
    pub id: i64,
    pub options: Vec<i64>,
}

pub async fn group(admin: &Client, body: &Value) -> Group {
    let group = admin.post("/modifier-groups", body).await.created();
    Group { id: id(&group), options: group["options"].as_array().unwrap().iter().map(id).collect() }
}

pub async fn ask(admin: &Client, dish: i64, groups: &[i64]) {
    let links: Vec<_> = groups.iter().map(|id| json!({"group_id": id})).collect();
    admin.put(&format!("/dishes/{dish}/modifier-groups"), &json!({"groups": links})).await.ok();
}

/// Doneness (one of two, needed), and toppings (up to four, one free, with prefixes).
pub async fn furnish(house: &House) -> (Group, Group) {
    let doneness = json!({"name": "Doneness", "min": 1, "max": 1,
        "options": [{"name": "Rare"}, {"name": "Well done", "kitchen_name": "WD"}]});
    let toppings = json!({"name": "Toppings", "max": 4, "free": 1,
        "prefixes": ["NO", "EXTRA", "ON_THE_SIDE"], "options": [
            {"name": "Cheese", "price": "50", "max_quantity": 3, "kitchen_name": "CHS"},
            {"name": "Onion", "is_default": true, "price": "20"},
            {"name": "Small", "price": "-30"}]});
    let groups = (group(&house.admin, &doneness).await, group(&house.admin, &toppings).await);
    ask(&house.admin, house.borscht, &[groups.0.id, groups.1.id]).await;
    groups
}

/// One line of borscht with what is chosen.
pub async fn order(house: &House, modifiers: Value) -> Reply {
    let line = json!({"dish_id": house.borscht, "quantity": 2, "modifiers": modifiers});
    let order = json!({"table_id": house.tables[0], "items": [line]});
    house.waiter.post("/orders", &order).await
}

fn names(line: &Value) -> Vec<String> {
    let said = |one: &Value| {
        let prefix = one["prefix"].as_str().map(|prefix| format!("{prefix} ")).unwrap_or_default();
        format!("{prefix}{} {}", one["name"].as_str().unwrap(), one["amount"].as_str().unwrap())
    };
    line["modifiers"].as_array().unwrap().iter().map(said).collect()
}

#[tokio::test]
async fn what_is_chosen_is_priced_cooked_paid_and_counted() {
    let house = House::open().await;
    let (doneness, toppings) = furnish(&house).await;
    let chosen = json!([{"option_id": doneness.options[1]},
        {"option_id": toppings.options[0], "quantity": 2}]);
    let placed = order(&house, chosen).await.created();
    let line = &placed["items"][0];
    // One of two cheeses is free; the onion that nobody named is left out.
    assert_eq!(names(line), ["Well done 0.00", "Cheese 50.00", "NO Onion 0.00"]);
    assert_eq!((&line["price"], &line["modifiers_price"]), (&json!("350.00"), &json!("50.00")));
    assert_eq!((&line["total"], &placed["total_price"]), (&json!("800.00"), &json!("800.00")));

    let ticket = house.kitchen.get("/kitchen/dishes").await.ok();
    let kitchen: Vec<_> =
        ticket[0]["modifiers"].as_array().unwrap().iter().map(|one| &one["kitchen_name"]).collect();
    assert_eq!(kitchen, [&json!("WD"), &json!("CHS"), &Value::Null]);

    let check = check_of(&house, id(&placed)).await;
    assert_eq!(
        (&check["lines"][0]["price"], &check["total"]),
        (&json!("400.00"), &json!("800.00"))
    );
    assert_eq!(names(&check["lines"][0]), names(line));
    pay(&house.waiter, &check, house.cash, "800").await.created();
    let report = house.admin.get("/reports/options").await.ok();
    let rows: Vec<_> = report["rows"].as_array().unwrap().iter().collect();
    let row =
        |label: &str| rows.iter().find(|row| row["label"] == label).unwrap()["values"].clone();
    assert_eq!(row("Toppings: Cheese"), json!(["100.00", 4]));
    assert_eq!(row("Doneness: Well done"), json!(["0.00", 2]));
    assert_eq!(rows.len(), 2, "what was left out was not sold");

    // One of the two goes back, and its options with it.
    let paid = house.admin.get(&format!("/checks/{}", check["id"])).await.ok();
    let back = json!({"lines": [{"item_id": id(line), "quantity": 1}], "reason": "cold"});
    refund(&house, &paid["payments"][0]["id"], back).await.created();
    let report = house.admin.get("/reports/options").await.ok();
    assert_eq!(report["total"]["values"], json!(["50.00", 6]), "what was given back was made");
}

#[tokio::test]
async fn a_menu_carries_what_is_asked_and_only_then() {
    let house = House::open().await;
    let before = house.app.anonymous().get("/dishes/menu").await.ok();
    assert!(before.get("modifier_groups").is_none(), "old bytes stay");
    let (_, toppings) = furnish(&house).await;
    let sauces =
        group(&house.admin, &json!({"name": "Sauces", "options": [{"name": "Hot"}]})).await;
    let nests = json!({"nested_group_id": sauces.id});
    let path = format!("/modifier-groups/{}/options/{}", toppings.id, toppings.options[2]);
    house.admin.patch(&path, &nests).await.ok();
    let off =
        format!("/modifier-groups/{}/options/{}/availability", toppings.id, toppings.options[0]);
    house.kitchen.patch(&off, &json!({"is_available": false})).await.ok();

    let menu = house.app.anonymous().get("/dishes/menu").await.ok();
    let groups: Vec<_> =
        menu["modifier_groups"].as_array().unwrap().iter().map(|group| &group["name"]).collect();
    assert_eq!(groups, ["Doneness", "Sauces", "Toppings"]);
    let there = &menu["modifier_groups"][2]["options"];
    assert_eq!(there.as_array().unwrap().len(), 2, "what is sold out cannot be chosen");
    assert!(there[0].get("kitchen_name").is_none());
    let dishes = menu["categories"][0]["dishes"].as_array().unwrap();
    let asks = |dish: &Value| dish.get("modifier_groups").is_some();
    assert!(dishes.iter().all(|dish| asks(dish) == (id(dish) == house.borscht)));

    let whole = house.waiter.get("/dishes/menu/whole").await.ok();
    assert_eq!(whole["modifier_groups"][2]["options"].as_array().unwrap().len(), 3);
    let page = house.app.anonymous().get("/menu").await.text();
    if page.contains("data-category") {
        assert!(page.contains("data-groups"));
    }
}

#[tokio::test]
async fn an_option_has_a_photo_where_the_owner_gave_it_one() {
    let house = House::open().await;
    let url = "/uploads/0123456789abcdef0123456789abcdef-960.jpg";
    let toppings = json!({"name": "Toppings",
        "options": [{"name": "Cheese", "image_url": url}, {"name": "Onion"}]});
    let toppings = group(&house.admin, &toppings).await;
    ask(&house.admin, house.borscht, &[toppings.id]).await;
    let photos = async || {
        let menu = house.app.anonymous().get("/dishes/menu").await.ok();
        let options = menu["modifier_groups"][0]["options"].as_array().unwrap().clone();
        options.iter().map(|option| option.get("image_url").cloned()).collect::<Vec<_>>()
    };
    assert_eq!(photos().await, [Some(json!(url)), None]);
    let page = house.app.anonymous().get("/menu").await.text();
    if page.contains("data-category") {
        assert!(page.contains(url), "a phone knows of it with the first reply");
    }

    let path =
        |at: usize| format!("/modifier-groups/{}/options/{}", toppings.id, toppings.options[at]);
    let renamed = house.admin.patch(&path(0), &json!({"name": "Gouda"})).await.ok();
    assert_eq!(renamed["image_url"], url, "what is not named stays");
    house.admin.patch(&path(1), &json!({"image_url": url})).await.ok();
    house.admin.patch(&path(0), &json!({"image_url": null})).await.ok();
    assert_eq!(photos().await, [None, Some(json!(url))]);
    let long = json!({"image_url": "x".repeat(256)});
    house.admin.patch(&path(1), &long).await.refused(422, "invalid");
}

#[tokio::test]
async fn a_dish_comes_as_it_comes_where_nothing_is_said() {
    let house = House::open().await;
    let (doneness, toppings) = furnish(&house).await;
    let usual = format!("/modifier-groups/{}/options/{}", doneness.id, doneness.options[0]);
    house.admin.patch(&usual, &json!({"is_default": true})).await.ok();
    let line = json!({"dish_id": house.borscht, "quantity": 1});
    let body = json!({"table_id": house.tables[0], "items": [line]});
    let placed = house.waiter.post("/orders", &body).await.created();
    assert_eq!(names(&placed["items"][0]), ["Rare 0.00", "Onion 0.00"]);
    assert_eq!(placed["total_price"], "350.00");

    // Without an onion it costs the same, with more of it more; what takes off takes off.
    let path = format!("/orders/{}/items/{}", id(&placed), id(&placed["items"][0]));
    let choose = |modifiers: Value| {
        let path = path.clone();
        let waiter = house.waiter.clone();
        async move { waiter.patch(&path, &json!({"modifiers": modifiers})).await.ok() }
    };
    let rare = json!({"option_id": doneness.options[0]});
    let [_, onion, small] = toppings.options[..] else { panic!("three toppings") };
    let without = choose(json!([rare, {"option_id": onion, "prefix": "NO"}])).await;
    assert_eq!(without["total"], "350.00");
    let extra = choose(json!([rare, {"option_id": onion, "prefix": "EXTRA"},
        {"option_id": small}]))
    .await;
    assert_eq!(names(&extra), ["Rare 0.00", "EXTRA Onion 20.00", "Small -30.00"]);
    assert_eq!((&extra["modifiers_price"], &extra["total"]), (&json!("-10.00"), &json!("340.00")));
}

#[tokio::test]
async fn a_pizza_of_two_halves() {
    let house = House::open().await;
    for (rule, total) in [("DEAREST", "600.00"), ("MEAN", "550.00"), ("SUM", "650.00")] {
        let kinds = json!({"name": "Halves", "min": 1, "max": 1, "halves": rule, "options": [
            {"name": "Margherita", "price": "50"}, {"name": "Salami", "price": "150"}]});
        let kinds = group(&house.admin, &kinds).await;
        ask(&house.admin, house.pizza, &[kinds.id]).await;
        let half = |at: usize, portion| json!({"option_id": kinds.options[at], "portion": portion});
        let order = |modifiers: Value| {
            let line = json!({"dish_id": house.pizza, "quantity": 1, "modifiers": modifiers});
            json!({"order_type": "TAKEAWAY", "items": [line]})
        };
        let both = order(json!([half(0, 1), half(1, 2)]));
        let placed = house.waiter.post("/orders", &both).await.created();
        assert_eq!(placed["total_price"], total, "{rule}");
        let portions = placed["items"][0]["modifiers"].as_array().unwrap().iter();
        assert_eq!(
            portions.map(|one| one["portion"].as_i64()).collect::<Vec<_>>(),
            [Some(1), Some(2)]
        );
        // One half alone is no pizza; a whole one is.
        house
            .waiter
            .post("/orders", &order(json!([half(0, 1)])))
            .await
            .invalid("items[0].modifiers");
        let beside = order(json!([half(0, 1), {"option_id": kinds.options[1]}]));
        house.waiter.post("/orders", &beside).await.invalid("items[0].modifiers");
        let whole = order(json!([{"option_id": kinds.options[0]}]));
        assert_eq!(house.waiter.post("/orders", &whole).await.created()["total_price"], "500.00");
    }
}

#[tokio::test]
async fn an_option_asks_for_more() {
    let house = House::open().await;
    let sauces = json!({"name": "Sauces", "min": 1, "options": [
        {"name": "Hot", "price": "10"}, {"name": "Sweet"}]});
    let sauces = group(&house.admin, &sauces).await;
    let sides = json!({"name": "Sides", "max": 2, "options": [
        {"name": "Fries", "price": "100", "nested_group_id": sauces.id}, {"name": "Salad"}]});
    let sides = group(&house.admin, &sides).await;
    ask(&house.admin, house.borscht, &[sides.id]).await;
    let (fries, hot) = (sides.options[0], sauces.options[0]);
    order(&house, json!([{"option_id": fries}])).await.invalid("items[0].modifiers");
    let asked = json!([{"option_id": hot, "under": fries}]);
    order(&house, asked).await.invalid("items[0].modifiers");
    let placed = order(&house, json!([{"option_id": hot, "under": fries}, {"option_id": fries}]))
        .await
        .created();
    assert_eq!(names(&placed["items"][0]), ["Fries 100.00", "Hot 10.00"]);
    assert_eq!(placed["total_price"], "920.00");
    // One level is all.
    let deeper = json!({"name": "More", "nested_group_id": sides.id});
    let path = format!("/modifier-groups/{}/options", sauces.id);
    house.admin.post(&path, &deeper).await.refused(400, "nested_too_deep");
    let again = json!({"name": "Again", "nested_group_id": sides.id});
    let other = group(&house.admin, &json!({"name": "Other"})).await;
    let path = format!("/modifier-groups/{}/options", other.id);
    house.admin.post(&path, &again).await.refused(400, "nested_too_deep");
}

#[tokio::test]
async fn a_line_keeps_what_was_chosen_wherever_it_goes() {
    let house = House::open().await;
    let (doneness, toppings) = furnish(&house).await;
    let chosen = json!([{"option_id": doneness.options[0]}, {"option_id": toppings.options[0],
        "quantity": 2, "price": "50.00"}]);
    let placed = order(&house, chosen.clone()).await.created();
    // What the menu says later is of later orders.
    house.admin.delete(&format!("/modifier-groups/{}", toppings.id)).await.ok();
    let before = names(&placed["items"][0]);
    let moved = json!({"table_id": house.tables[1],
        "items": [{"id": id(&placed["items"][0]), "quantity": 1}]});
    let path = format!("/orders/{}/items/move", id(&placed));
    let there = house.waiter.post(&path, &moved).await.ok();
    let here = house.order(id(&placed)).await;
    for order in [&there, &here] {
        assert_eq!(names(&order["items"][0]), before);
        assert_eq!(order["total_price"], "400.00");
    }
    let path = format!("/orders/{}/move", id(&there));
    let joined = house.waiter.post(&path, &json!({"table_id": house.tables[0]})).await.ok();
    assert_eq!((&joined["total_price"], names(&joined["items"][1])), (&json!("800.00"), before));

    let checks = house.admin.get(&format!("/orders/{}/checks", id(&placed))).await.ok();
    let split = json!({"version": checks["version"], "by": "parts", "parts": 3});
    let split = house.waiter.post(&format!("/orders/{}/split", id(&placed)), &split).await.ok();
    let totals: Vec<_> = split["checks"].as_array().unwrap().iter().map(|c| &c["total"]).collect();
    assert_eq!(totals, ["266.67", "266.67", "266.66"]);
    assert_eq!(names(&split["checks"][2]["lines"][0])[1], "Cheese 50.00");
}

/// Two tables sit together: each line keeps its own choice and price, is paid, and goes back by parts.
#[tokio::test]
async fn joined_tables_keep_what_was_chosen_at_each() {
    let house = House::open().await;
    let (doneness, toppings) = furnish(&house).await;
    let with = |place: usize, cheese: i64| {
        json!([{"option_id": doneness.options[place]},
            {"option_id": toppings.options[0], "quantity": cheese}])
    };
    let plain = order(&house, with(0, 1)).await.created();
    let line = json!({"dish_id": house.borscht, "quantity": 3, "modifiers": with(1, 3)});
    let rich = json!({"table_id": house.tables[1], "items": [line]});
    let rich = house.waiter.post("/orders", &rich).await.created();
    let chosen = [names(&plain["items"][0]), names(&rich["items"][0])];
    // One cheese is free: 2 x 350.00 and 3 x 450.00.
    assert_eq!(
        (&plain["total_price"], &rich["total_price"]),
        (&json!("700.00"), &json!("1350.00"))
    );

    let path = format!("/orders/{}/move", id(&rich));
    let joined = house.waiter.post(&path, &json!({"table_id": house.tables[0]})).await.ok();
    assert_eq!((id(&joined), &joined["total_price"]), (id(&plain), &json!("2050.00")));
    let lines = joined["items"].as_array().unwrap();
    let told = |line: &Value| (names(line), line["modifiers_price"].clone(), line["total"].clone());
    let [one, three] = chosen;
    assert_eq!(
        lines.iter().map(told).collect::<Vec<_>>(),
        [
            (one.clone(), Value::Null, json!("700.00")),
            (three.clone(), json!("100.00"), json!("1350.00")),
        ]
    );

    let check = check_of(&house, id(&joined)).await;
    let paid = pay(&house.waiter, &check, house.cash, "2050.00").await.created();
    let back = |line: &Value, quantity: i64| json!({"lines": [{"item_id": line["id"], "quantity": quantity}], "reason": "cold"});
    for (line, amount) in [(&lines[1], "450.00"), (&lines[0], "350.00"), (&lines[1], "450.00")] {
        let gone = refund(&house, &paid["id"], back(line, 1)).await.created();
        assert_eq!(gone["amount"], amount);
    }
    refund(&house, &paid["id"], back(&lines[1], 2)).await.refused(400, "more_than_there_is");
    let report = house.admin.get("/reports/options").await.ok();
    let cheese = |row: &&Value| row["label"] == "Toppings: Cheese";
    let row = report["rows"].as_array().unwrap().iter().find(cheese).unwrap();
    assert_eq!(row["values"], json!(["100.00", 11]), "of 300.00 two hundred went back");
}

#[tokio::test]
async fn a_guest_chooses_too_and_reads_nothing_of_the_kitchen() {
    let house = House::open().await;
    let (doneness, toppings) = furnish(&house).await;
    let guest = house.guest(0).await;
    let line = json!({"dish_id": house.borscht, "quantity": 1, "shown_price": "350.00", "modifiers": [
        {"option_id": doneness.options[1]}, {"option_id": toppings.options[0]}]});
    let placed = guest.post_once("/guest/orders", "guest-order-1", &json!({"items": [line]})).await;
    let placed = placed.created();
    let again = guest.post_once("/guest/orders", "guest-order-1", &json!({"items": [line]})).await;
    assert_eq!(again.json(), placed, "a repeat is the same order");
    assert_eq!(placed["items"][0]["modifiers"][0]["name"], "Well done");
    assert!(placed["items"][0]["modifiers"][0].get("kitchen_name").is_none());

    // It ran out while the line waited for a waiter's word.
    let off =
        format!("/modifier-groups/{}/options/{}/availability", toppings.id, toppings.options[0]);
    house.kitchen.patch(&off, &json!({"is_available": false})).await.ok();
    let send = format!("/kitchen/orders/{}/send-to-kitchen", id(&placed));
    house.waiter.post(&send, &json!([])).await.refused(409, "choices_changed");
    house.kitchen.patch(&off, &json!({"is_available": true})).await.ok();
    house.waiter.post(&send, &json!([])).await.ok();
}
