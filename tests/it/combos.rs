//! Combos: one price for what is ordered, taxed and cooked as lines of their own, and stays together.

use serde_json::{Value, json};

use crate::checks::{check_of, pay};
use crate::checks_refund::refund;
use crate::courses::{stand, step};
use crate::harness::{House, Reply, id};
use crate::options::group;

/// Lunch for 500.00: borscht, or a pizza of 30 cm for 50.00 more; and tea or juice, tea as a rule.
pub struct Lunch {
    dish: i64,
    pub soup: [i64; 2],
    pub drink: [i64; 2],
    tea: i64,
}

pub async fn furnish(house: &House) -> Lunch {
    let admin = &house.admin;
    let category = admin.get(&format!("/dishes/{}", house.pizza)).await.ok()["category_id"].clone();
    let mut dishes = Vec::new();
    for (name, department, price) in
        [("Lunch", "hot", "500"), ("Tea", "bar", "100"), ("Juice", "bar", "150")]
    {
        let dish = json!({"name": name, "category_id": category, "department": department});
        let dish = id(&admin.post("/dishes", &dish).await.created());
        let path = format!("/dishes/{dish}/variations");
        let size = json!({"name": "Usual", "price": price});
        dishes.push((dish, id(&admin.post(&path, &size).await.created())));
    }
    let parts = json!({"parts": [
        {"name": "First", "choices": [{"dish_variation_id": house.borscht_portion},
            {"dish_variation_id": house.pizza_large, "surcharge": "50"}]},
        {"name": "Drink", "choices": [{"dish_variation_id": dishes[1].1, "is_default": true},
            {"dish_variation_id": dishes[2].1}]}]});
    let combo = admin.put(&format!("/combos/{}", dishes[0].0), &parts).await.ok();
    let ids = |part: usize| {
        let of = |at: usize| id(&combo["parts"][part]["choices"][at]);
        [of(0), of(1)]
    };
    Lunch { dish: dishes[0].0, soup: ids(0), drink: ids(1), tea: dishes[1].0 }
}

pub async fn order(house: &House, lunch: &Lunch, quantity: i64, choices: &[i64]) -> Reply {
    let combo: Vec<_> = choices.iter().map(|id| json!({"choice_id": id})).collect();
    let line = json!({"dish_id": lunch.dish, "quantity": quantity, "combo": combo});
    let order = json!({"table_id": house.tables[0], "items": [line]});
    house.waiter.post("/orders", &order).await
}

/// The lines of an order that are not taken off: dish, price, total.
fn lines(order: &Value) -> Vec<(String, String, String)> {
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let live =
        order["items"].as_array().unwrap().iter().filter(|line| line["status"] != "CANCELLED");
    live.map(|line| (word(&line["dish_name"]), word(&line["price"]), word(&line["total"])))
        .collect()
}

fn line(dish: &str, price: &str, total: &str) -> (String, String, String) {
    (dish.into(), price.into(), total.into())
}

#[tokio::test]
async fn a_lunch_is_its_parts_at_their_shares() {
    let house = House::open().await;
    let lunch = furnish(&house).await;
    let placed = order(&house, &lunch, 2, &[lunch.drink[1], lunch.soup[1]]).await.created();
    // 500.00 by 650.50 and 150.00, and 50.00 more for the pizza.
    let parts = [line("Pizza", "456.31", "912.62"), line("Juice", "93.69", "187.38")];
    assert_eq!(lines(&placed), parts);
    assert_eq!(placed["total_price"], "1100.00");
    let first = id(&placed["items"][0]);
    let combo = json!({"id": first, "dish_id": lunch.dish, "name": "Lunch"});
    assert!(placed["items"].as_array().unwrap().iter().all(|line| line["combo"] == combo));
    let tickets = house.kitchen.get("/kitchen/dishes").await.ok();
    let made: Vec<_> = tickets
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["department"], &one["combo"]["name"]))
        .collect();
    assert_eq!(made, [(&json!("bakery"), &json!("Lunch")), (&json!("bar"), &json!("Lunch"))]);

    let check = check_of(&house, id(&placed)).await;
    assert_eq!((&check["total"], &check["lines"][1]["combo"]), (&json!("1100.00"), &combo));
    let paid = pay(&house.waiter, &check, house.cash, "1100").await.created();
    // A part of it alone does not go back.
    let one = |lines: &[(i64, i64)]| {
        let named: Vec<_> =
            lines.iter().map(|(id, n)| json!({"item_id": id, "quantity": n})).collect();
        json!({"lines": named})
    };
    let second = id(&placed["items"][1]);
    refund(&house, &paid["id"], one(&[(first, 1)])).await.refused(409, "combo_stays_whole");
    refund(&house, &paid["id"], one(&[(first, 1), (second, 2)]))
        .await
        .refused(409, "combo_stays_whole");
    let back = refund(&house, &paid["id"], one(&[(first, 1), (second, 1)])).await.created();
    assert_eq!(back["amount"], "550.00");
    let dishes = house.admin.get("/reports/dishes").await.ok();
    assert_eq!(dishes["total"]["values"][0], "550.00");
}

#[tokio::test]
async fn the_usual_is_meant_and_what_is_wrong_is_named() {
    let house = House::open().await;
    let lunch = furnish(&house).await;
    let placed = order(&house, &lunch, 1, &[lunch.soup[0], lunch.drink[0]]).await.created();
    assert_eq!(placed["total_price"], "500.00");
    let line = json!({"dish_id": lunch.dish, "quantity": 1});
    let plain = json!({"table_id": house.tables[1], "items": [line]});
    house.waiter.post("/orders", &plain).await.invalid("items[0].modifiers");
    for (choices, status) in [
        (vec![lunch.soup[0]], 422),
        (vec![lunch.soup[0], lunch.soup[1], lunch.drink[0]], 422),
        (vec![lunch.soup[0], lunch.drink[0], 999], 409),
    ] {
        assert_eq!(order(&house, &lunch, 1, &choices).await.status, status, "{choices:?}");
    }
    // A usual soup, and a price that the screen did not know.
    let combo = json!([{"choice_id": lunch.soup[0]}, {"choice_id": lunch.drink[0]}]);
    let shown = |price: &str| {
        let line =
            json!({"dish_id": lunch.dish, "quantity": 1, "combo": combo, "shown_price": price});
        json!({"table_id": house.tables[1], "items": [line]})
    };
    house.waiter.post("/orders", &shown("450")).await.refused(409, "choices_changed");
    house.waiter.post("/orders", &shown("500")).await.created();
    // The tea ran out: it is named, and guests still read of lunches with juice.
    let off = format!("/dishes/{}/availability", lunch.tea);
    house.kitchen.patch(&off, &json!({"is_available": false})).await.ok();
    let reply = order(&house, &lunch, 1, &[lunch.soup[0], lunch.drink[0]]).await;
    assert_eq!(reply.json()["params"]["lines"][0]["wrong"][0]["name"], "Tea");
    reply.refused(409, "choices_changed");
    let menu = house.app.anonymous().get("/dishes/menu").await.ok();
    let dishes = menu["categories"][0]["dishes"].as_array().unwrap();
    let combo = dishes.iter().find(|dish| id(dish) == lunch.dish).unwrap()["combo"].clone();
    assert_eq!(combo[1]["choices"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn it_stays_whole_wherever_it_goes() {
    let house = House::open().await;
    let lunch = furnish(&house).await;
    let placed = order(&house, &lunch, 2, &[lunch.soup[0], lunch.drink[0]]).await.created();
    let (first, second) = (id(&placed["items"][0]), id(&placed["items"][1]));
    let parts = |quantity: i64| {
        // 500.00 by 350.00 and 100.00.
        let total =
            |price: i64| format!("{}.{:02}", price * quantity / 100, price * quantity % 100);
        [line("Borscht", "388.89", &total(38889)), line("Tea", "111.11", &total(11111))]
    };
    assert_eq!(lines(&placed), parts(2));
    // Nothing of it is changed by itself, but what is chosen with a part.
    let path = |line: i64| format!("/orders/{}/items/{line}", id(&placed));
    house
        .waiter
        .patch(&path(first), &json!({"quantity": 1}))
        .await
        .refused(409, "combo_stays_whole");
    house.waiter.patch(&path(first), &json!({"comment": "hot"})).await.ok();

    // One line moves: the other goes along, and there they are a combo of their own.
    let moved = json!({"table_id": house.tables[1], "items": [{"id": second, "quantity": 1}]});
    let there =
        house.waiter.post(&format!("/orders/{}/items/move", id(&placed)), &moved).await.ok();
    assert_eq!(lines(&house.order(id(&placed)).await), parts(1));
    let mut gone = lines(&there);
    gone.sort();
    assert_eq!(gone, parts(1));
    let ids: Vec<_> =
        there["items"].as_array().unwrap().iter().map(|line| &line["combo"]["id"]).collect();
    assert!(ids.iter().all(|id| *id == ids[0] && **id != json!(first)), "{ids:?}");

    // Split off by one line, the other comes along.
    let more = json!({"items": [{"dish_id": house.pizza, "quantity": 1}]});
    house.waiter.post(&format!("/orders/{}/items", id(&placed)), &more["items"][0]).await;
    let checks = house.admin.get(&format!("/orders/{}/checks", id(&placed))).await.ok();
    let split = json!({"version": checks["version"], "by": "lines",
        "checks": [[{"item_id": second, "quantity": 1}]]});
    let split = house.waiter.post(&format!("/orders/{}/split", id(&placed)), &split).await.ok();
    let totals: Vec<_> = split["checks"].as_array().unwrap().iter().map(|c| &c["total"]).collect();
    assert_eq!(totals, ["450.00", "500.00"]);

    // Taken off at the other table: all of it, and the order comes to nothing.
    let off = format!("/orders/{}/items/{}", id(&there), id(&there["items"][0]));
    house.waiter.delete(&off).await.ok();
    let left = house.order(id(&there)).await;
    assert_eq!((lines(&left), &left["total_price"]), (vec![], &json!("0.00")));
}

#[tokio::test]
async fn its_parts_are_cooked_with_their_courses_and_stay_one_combo() {
    let house = House::open().await;
    let lunch = furnish(&house).await;
    for (dish, course) in [(house.borscht, 1), (lunch.tea, 2)] {
        house.admin.patch(&format!("/dishes/{dish}"), &json!({"course": course})).await.ok();
    }
    let placed = order(&house, &lunch, 2, &[lunch.soup[0], lunch.drink[0]]).await.created();
    assert_eq!(stand(&placed), [(1, "IN_PREPARATION"), (2, "HELD")]);
    let tea = id(&placed["items"][1]);

    // One of the two lunches moves by its tea: the soup goes along, each as it stands.
    let moved = json!({"table_id": house.tables[1], "items": [{"id": tea, "quantity": 1}]});
    let path = format!("/orders/{}/items/move", id(&placed));
    let there = house.waiter.post(&path, &moved).await.ok();
    let mut gone = stand(&there);
    gone.sort_unstable();
    assert_eq!(gone, [(1, "IN_PREPARATION"), (2, "HELD")]);

    // Fired at one table, the other's waits; taken back and fired anew, it is still one combo.
    for (way, status) in [("fire", "IN_PREPARATION"), ("hold", "HELD"), ("fire", "IN_PREPARATION")]
    {
        let stepped = step(&house, id(&placed), 2, way).await.ok();
        assert_eq!(stepped["item_ids"], json!([tea]));
        let order = house.order(id(&placed)).await;
        assert_eq!(stand(&order), [(1, "IN_PREPARATION"), (2, status)]);
        assert_eq!(order["items"][0]["combo"], order["items"][1]["combo"]);
    }
    let waiting = house.order(id(&there)).await;
    assert!(stand(&waiting).contains(&(2, "HELD")), "another table's");

    // A part is put into another course by itself, and goes where the table has come.
    let held = there["items"].as_array().unwrap().iter().find(|item| item["status"] == "HELD");
    let line = format!("/orders/{}/items/{}", id(&there), id(held.unwrap()));
    let put = house.waiter.patch(&line, &json!({"course": 1})).await.ok();
    assert_eq!((&put["course"], &put["status"]), (&json!(1), &json!("IN_PREPARATION")));

    // Joined again they are two combos, and each is taken off whole.
    let back = json!({"table_id": house.tables[0]});
    let joined = house.waiter.post(&format!("/orders/{}/move", id(&there)), &back).await.ok();
    assert_eq!((stand(&joined).len(), &joined["total_price"]), (4, &json!("1000.00")));
    house.waiter.delete(&format!("/orders/{}/items/{tea}", id(&joined))).await.ok();
    let left = house.order(id(&joined)).await;
    assert_eq!((lines(&left).len(), &left["total_price"]), (2, &json!("500.00")));
}

#[tokio::test]
async fn a_part_without_a_course_comes_with_that_of_its_combo() {
    let house = House::open().await;
    let lunch = furnish(&house).await;
    for (dish, course) in [(lunch.dish, 2), (lunch.tea, 1)] {
        house.admin.patch(&format!("/dishes/{dish}"), &json!({"course": course})).await.ok();
    }
    let usual = order(&house, &lunch, 1, &[lunch.soup[0], lunch.drink[0]]).await.created();
    assert_eq!(stand(&usual), [(2, "HELD"), (1, "IN_PREPARATION")]);
    // Who names a course means all of it.
    let combo = json!([{"choice_id": lunch.soup[0]}, {"choice_id": lunch.drink[0]}]);
    let named = json!({"table_id": house.tables[1],
        "items": [{"dish_id": lunch.dish, "quantity": 1, "combo": combo, "course": 3}]});
    let named = house.waiter.post("/orders", &named).await.created();
    assert_eq!(stand(&named), [(3, "IN_PREPARATION"), (3, "IN_PREPARATION")]);
}

#[tokio::test]
async fn options_of_a_part_cost_what_they_cost() {
    let house = House::open().await;
    let lunch = furnish(&house).await;
    let cream = group(
        &house.admin,
        &json!({"name": "Cream", "min": 1, "options": [
        {"name": "Much", "price": "25"}, {"name": "None"}]}),
    )
    .await;
    crate::options::ask(&house.admin, house.borscht, &[cream.id]).await;
    let choose = |modifiers: Value| {
        let combo = json!([{"choice_id": lunch.soup[0], "modifiers": modifiers, "comment": "hot"},
            {"choice_id": lunch.drink[0]}]);
        json!({"table_id": house.tables[0],
            "items": [{"dish_id": lunch.dish, "quantity": 1, "combo": combo}]})
    };
    house.waiter.post("/orders", &choose(json!([]))).await.invalid("items[0].modifiers");
    let much = json!([{"option_id": cream.options[0]}]);
    let placed = house.waiter.post("/orders", &choose(much)).await.created();
    assert_eq!(placed["total_price"], "525.00");
    let soup = &placed["items"][0];
    assert_eq!((&soup["price"], &soup["modifiers_price"]), (&json!("388.89"), &json!("25.00")));
    assert_eq!((&soup["comment"], &placed["items"][1]["comment"]), (&json!("hot"), &Value::Null));
}

#[tokio::test]
async fn a_combo_makes_sense_or_is_not_taken() {
    let house = House::open().await;
    let lunch = furnish(&house).await;
    let admin = &house.admin;
    let path = format!("/combos/{}", lunch.dish);
    let known = admin.get(&path).await.ok();
    assert_eq!(admin.get("/combos").await.ok()["combos"][0], known);
    let part = |choices: Value| json!({"parts": [{"name": "A", "choices": choices}]});
    let one = json!({"dish_variation_id": house.borscht_portion});
    admin.put(&path, &json!({"parts": []})).await.invalid("parts");
    admin.put(&path, &part(json!([]))).await.invalid("parts[0].choices");
    let dear = json!([{"dish_variation_id": house.borscht_portion, "surcharge": "-1"}]);
    admin.put(&path, &part(dear)).await.invalid("parts[0].choices[0].surcharge");
    admin
        .put(&format!("/combos/{}", house.borscht), &part(json!([one])))
        .await
        .refused(400, "combo_within_combo");
    for who in [&house.waiter, &house.kitchen] {
        who.put(&path, &part(json!([one]))).await.refused(403, "wrong_role");
    }
    // What is named by its id stays what it is; the rest goes.
    let mut kept = known["parts"][0].clone();
    kept["choices"].as_array_mut().unwrap().truncate(1);
    let now = admin.put(&path, &json!({"parts": [kept]})).await.ok();
    assert_eq!(id(&now["parts"][0]), id(&known["parts"][0]));
    assert_eq!(id(&now["parts"][0]["choices"][0]), lunch.soup[0]);
    order(&house, &lunch, 1, &[lunch.soup[0]]).await.created();
    admin.delete(&path).await.ok();
    admin.get(&path).await.refused(404, "not_found");
}

/// Thirds are no whole thousandths: what a check shows of each part is what goes back of it.
#[tokio::test]
async fn a_third_of_a_combo_goes_back_as_its_check_shows_it() {
    let house = House::open().await;
    let lunch = furnish(&house).await;
    let placed = order(&house, &lunch, 1, &[lunch.soup[0], lunch.drink[0]]).await.created();
    let path = format!("/orders/{}", id(&placed));
    let checks = house.admin.get(&format!("{path}/checks")).await.ok();
    let split = json!({"by": "parts", "parts": 3, "version": checks["version"]});
    let parts = house.waiter.post(&format!("{path}/split"), &split).await.ok();
    for part in parts["checks"].as_array().unwrap() {
        let due = part["due"].as_str().unwrap();
        let paid = pay(&house.waiter, part, house.card, due).await.created();
        let lines: Vec<_> = part["lines"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| json!({"item_id": line["item_id"], "quantity": line["quantity"]}))
            .collect();
        let one = json!({"lines": [lines[0]]});
        refund(&house, &paid["id"], one).await.refused(409, "combo_stays_whole");
        let back = refund(&house, &paid["id"], json!({"lines": lines})).await.created();
        assert_eq!(back["amount"], due);
    }
    assert_eq!(house.order(id(&placed)).await["payment_status"], "REFUNDED");
}

/// A guest's page that still shows a combo hears that it is none any more.
#[tokio::test]
async fn a_combo_that_was_dissolved_is_not_sold_without_its_parts() {
    let house = House::open().await;
    let lunch = furnish(&house).await;
    house.admin.delete(&format!("/combos/{}", lunch.dish)).await.ok();
    let reply = order(&house, &lunch, 1, &[lunch.soup[0], lunch.drink[0]]).await;
    assert_eq!(reply.json()["params"]["lines"][0]["dish"], "Lunch");
    reply.refused(409, "choices_changed");
    // Parts of a dish that never was one.
    let line = json!({"dish_id": house.borscht, "quantity": 1,
        "combo": [{"choice_id": lunch.soup[0]}]});
    let soup = json!({"table_id": house.tables[0], "items": [line]});
    house.waiter.post("/orders", &soup).await.refused(409, "choices_changed");
    // As a dish like others it is sold.
    order(&house, &lunch, 1, &[]).await.created();
}

/// A combo that costs less by a list is in the report of lists, at what all of it would have cost.
#[tokio::test]
async fn a_list_says_what_it_cost_of_combos_too() {
    let house = crate::prices::house_at("2030-12-06T17:30:00+03:00").await;
    crate::prices::happy_hour(&house).await;
    let lunch = furnish(&house).await;
    let placed = order(&house, &lunch, 2, &[lunch.soup[1], lunch.drink[0]]).await.created();
    assert_eq!(placed["total_price"], "900.00");
    let check = check_of(&house, id(&placed)).await;
    pay(&house.waiter, &check, house.card, "900.00").await.created();
    let day = "date_from=2030-12-06&date_to=2030-12-06&compare=none";
    let said = house.admin.get(&format!("/reports/price-lists?{day}")).await.ok();
    assert_eq!(said["rows"][0]["label"], "Happy hour");
    // Two of 450.00 instead of 550.00, each with the 50.00 for the pizza; of each its two parts.
    assert_eq!(said["rows"][0]["values"], json!(["200.00", "900.00", "1100.00", 4]));
}
