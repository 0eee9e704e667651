//! What the box wrote comes back as it was, any number of times: random menus of few names, so that most
//! things are called like others.

use qres::features::import::{self, Sheet};
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::harness::evening::Dice;
use crate::import::{csv_in, exported, json_in, take_in, totals};

const SHEETS: [Sheet; 4] = [Sheet::Menu, Sheet::Options, Sheet::Combos, Sheet::Prices];
const PARTS: [&str; 4] = ["modifier_groups", "categories", "combos", "price_lists"];

async fn of(test: &TestApp) -> Value {
    let mut all: Value = serde_json::from_str(&exported(&test.app).await).unwrap();
    all.as_object_mut().unwrap().retain(|part, _| PARTS.contains(&part.as_str()));
    all
}

fn one_of<'a>(dice: &mut Dice, names: &[&'a str]) -> &'a str {
    names[dice.throw(names.len())]
}

/// A number for each thing of a name that others have too, in their order.
fn numbered(mut things: Vec<Value>) -> Vec<Value> {
    let names: Vec<Value> = things.iter().map(|thing| thing["name"].clone()).collect();
    for (at, thing) in things.iter_mut().enumerate() {
        if names.iter().filter(|name| **name == names[at]).count() > 1 {
            let before = names[..at].iter().filter(|name| **name == names[at]).count();
            thing["number"] = json!(before + 1);
        }
    }
    things
}

/// A menu in which things are called like others, and like what is said of others.
fn menu(dice: &mut Dice) -> Value {
    let mut outside = (0..).map(|at| format!("id{at}"));
    let mut groups: Vec<Value> = (0..2 + dice.throw(4))
        .map(|_| {
            let options = (0..=dice.throw(3)).map(|at| {
                let name = one_of(dice, &["Oat", "Cow", "Oat #2"]);
                json!({"name": name, "price": format!("{at}.50")})
            });
            let options = numbered(options.collect());
            let mut group =
                json!({"name": one_of(dice, &["Milk", "Syrup", "id0"]), "options": options});
            if dice.throw(3) == 0 {
                group["external_id"] = json!(outside.next());
            }
            group
        })
        .collect();
    groups = numbered(groups);
    // The first group asks for another one, which may stand behind it and be called like it.
    let asked = 1 + dice.throw(groups.len() - 1);
    let (name, number) = (groups[asked]["name"].clone(), groups[asked]["number"].clone());
    groups[0]["options"][0]["nested_group"] = name;
    groups[0]["options"][0]["nested_group_number"] =
        if number.is_null() { json!(1) } else { number };
    let categories: Vec<Value> = ["Bar", "Bar / Tea"]
        .iter()
        .map(|category| {
            let dishes = (0..2 + dice.throw(4)).map(|at| {
                let name = one_of(dice, &["Tea", "Tea", "Tea #2", "Bar / Tea", "id1"]);
                let sizes = (0..dice.throw(3)).map(|size| {
                    json!({"name": one_of(dice, &["Cup", "Pot"]), "price": format!("1{at}{size}.00")})
                });
                let sizes = numbered(sizes.collect());
                let links = groups.iter().skip(1).filter(|_| dice.throw(3) == 0);
                let links: Vec<Value> = links
                    .map(|group| {
                        let number = &group["number"];
                        let number = if number.is_null() { json!(1) } else { number.clone() };
                        json!({"group": group["name"], "number": number})
                    })
                    .collect();
                let mut dish = json!({"name": name, "department": "bar", "variations": sizes,
                    "modifier_groups": links});
                if dice.throw(4) == 0 {
                    dish["external_id"] = json!(outside.next());
                }
                dish
            });
            json!({"name": category, "dishes": numbered(dishes.collect())})
        })
        .collect();
    json!({"modifier_groups": groups, "categories": categories})
}

/// Things stand in other orders than they came, several at one place.
fn shuffle(test: &TestApp, dice: &mut Dice) {
    let db = test.database();
    for table in ["modifier_groups", "modifier_options", "dishes", "dish_variations"] {
        let sql = format!("UPDATE {table} SET sort_order = (id * ?1 + ?2) % 3");
        db.execute(&sql, [dice.throw(7) as i64, dice.throw(5) as i64]).unwrap();
    }
}

async fn unchanged(test: &TestApp, all: &Value) {
    let again = json_in(&test.app, all).await;
    let again = again.unwrap_or_else(|why| panic!("{:?}\n{all:#}", why.problem()));
    let counts = totals(&again);
    assert_eq!((counts.created, counts.updated), (0, 0), "{:?}\n{all:#}", again.changes);
    assert_eq!(&of(test).await, all);
}

#[tokio::test]
async fn what_the_box_wrote_comes_back_as_it_was() {
    for seed in 0..10 {
        let mut dice = Dice(seed * 7919 + 1);
        let test = TestApp::start().await;
        let menu = menu(&mut dice);
        if let Err(why) = json_in(&test.app, &menu).await {
            panic!("seed {seed}: {:?}\n{menu:#}", why.problem());
        }
        shuffle(&test, &mut dice);
        let all = of(&test).await;
        for _ in 0..2 {
            unchanged(&test, &all).await;
        }
        for sheet in SHEETS {
            let content = test.app.store.read(import::export).await.unwrap();
            let bytes = import::write_sheet(&content, sheet, false).unwrap();
            let written = String::from_utf8_lossy(&bytes).into_owned();
            let Ok(file) = import::read(&bytes) else {
                assert_eq!(written.lines().count(), 1, "{written}");
                continue;
            };
            let report = take_in(&test.app, file, false).await;
            let report =
                report.unwrap_or_else(|why| panic!("seed {seed}: {:?}\n{written}", why.problem()));
            let counts = totals(&report);
            assert_eq!((counts.created, counts.updated), (0, 0), "{:?}\n{written}", report.changes);
        }
        assert_eq!(of(&test).await, all);
        let empty = TestApp::start().await;
        for _ in 0..2 {
            let taken = json_in(&empty.app, &all).await;
            taken.unwrap_or_else(|why| panic!("seed {seed}: {:?}\n{all:#}", why.problem()));
            assert_eq!(of(&empty).await, all, "seed {seed}");
        }
    }
}

/// The order in which things stand is theirs, whatever goes in first.
#[tokio::test]
async fn groups_of_one_name_keep_their_order_in_an_empty_box() {
    let group = |number: i64, option: Value| json!({"name": "Milk", "number": number, "sort_order": 0, "options": [option]});
    let file = json!({"modifier_groups": [
        {"name": "N", "sort_order": 0, "options": [{"name": "n"}]},
        group(1, json!({"name": "Cow", "nested_group": "N"})),
        group(2, json!({"name": "Goat"}))]});
    let test = TestApp::start().await;
    for created in [3, 0] {
        let report = json_in(&test.app, &file).await.unwrap();
        let groups = report.counts["modifier_groups"];
        assert_eq!((groups.created, groups.updated), (created, 0), "{:?}", report.changes);
        let all = of(&test).await;
        let names: Vec<&Value> =
            (0..3).map(|at| &all["modifier_groups"][at]["options"][0]["name"]).collect();
        assert_eq!(names, [&json!("Cow"), &json!("Goat"), &json!("n")]);
    }
}

#[tokio::test]
async fn numbers_that_would_mean_something_else_the_next_time_are_refused() {
    let test = TestApp::start().await;
    let milk = |number: i64, more: Value| {
        let mut group = json!({"name": "Milk", "number": number, "options": [{"name": "o"}]});
        group.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        group
    };
    let two = json!({"modifier_groups": [milk(1, json!({"max": 1})), milk(2, json!({"max": 2}))]});
    json_in(&test.app, &two).await.unwrap();
    let before = of(&test).await;
    let place = |at: i64| json!({"sort_order": at});
    for (groups, at, says) in [
        (
            json!([milk(1, place(9)), milk(2, place(3))]),
            "modifier_groups[1].number",
            "number 2 of “Milk”",
        ),
        (json!([milk(1, place(9))]), "modifier_groups[0].number", "number 1 of “Milk”"),
        (json!([milk(4, json!({}))]), "modifier_groups[0].number", "number 4 of “Milk”"),
        (json!([milk(3, json!({}))]), "modifier_groups[0].number", "does not describe number 1"),
    ] {
        let error = json_in(&test.app, &json!({"modifier_groups": groups})).await.unwrap_err();
        let wrong = &error.problem().errors[0];
        assert_eq!((error.status(), wrong.field.as_str()), (422, at), "{groups}");
        assert!(wrong.message.contains(says), "{wrong:?}");
        assert_eq!(of(&test).await, before);
    }
    let sheet = "group,group_number,option\nMilk,1,o\nMilk,4,o\n";
    let error = csv_in(&test.app, sheet).await.unwrap_err();
    assert_eq!(error.problem().errors[0].field, "line 3, group_number");
    // Whoever adds one to those that he describes gets it, behind them, and once.
    let all = [milk(1, json!({})), milk(2, json!({})), milk(3, json!({"max": 3}))];
    for created in [1, 0] {
        let report = json_in(&test.app, &json!({"modifier_groups": all})).await.unwrap();
        assert_eq!(report.counts["modifier_groups"].created, created);
        let most = of(&test).await["modifier_groups"].clone();
        assert_eq!([0, 1, 2].map(|at| most[at]["max"].clone()), [json!(1), json!(2), json!(3)]);
    }
}

#[tokio::test]
async fn a_name_that_looks_like_a_number_is_told_from_one() {
    let test = TestApp::start().await;
    let dish = |name: &str, price: &str| json!({"name": name, "department": "bar", "variations": [{"name": "Cup", "price": price}]});
    let mut dishes = numbered(vec![dish("Tea", "1"), dish("Tea", "2"), dish("Tea #2", "3")]);
    dishes[1]["modifier_groups"] = json!([{"group": "Milk"}]);
    let file = json!({"modifier_groups": [{"name": "Milk", "options": [{"name": "Oat"}]}],
        "categories": [{"name": "Bar", "dishes": dishes}]});
    json_in(&test.app, &file).await.unwrap();
    let before = of(&test).await;
    let asks = "group,option,dishes\nMilk,Oat,";
    let error = csv_in(&test.app, &format!("{asks}Bar / Tea #2\n")).await.unwrap_err();
    let wrong = &error.problem().errors[0];
    assert_eq!(wrong.field, "line 2, dishes");
    assert!(wrong.message.contains("Bar / Tea #2"), "{wrong:?}");
    assert_eq!(of(&test).await, before);
    csv_in(&test.app, &format!("{asks}Bar / Tea ##2\n")).await.unwrap();
    assert_eq!(of(&test).await, before);
    csv_in(&test.app, &format!("{asks}Tea #2\n")).await.unwrap();
    let links = of(&test).await["categories"][0]["dishes"][2]["modifier_groups"].clone();
    assert_eq!(links[0]["group"], "Milk");
}

#[tokio::test]
async fn a_combo_without_parts_is_refused_and_not_said_to_be_new() {
    let test = TestApp::start().await;
    let dish =
        json!({"name": "Lunch", "department": "hot", "variations": [{"name": "L", "price": "1"}]});
    let menu = json!({"categories": [{"name": "Food", "dishes": [dish]}]});
    json_in(&test.app, &menu).await.unwrap();
    let combo = json!({"combos": [{"dish": "Lunch", "parts": []}]});
    let error = json_in(&test.app, &combo).await.unwrap_err();
    assert_eq!(
        (error.status(), error.problem().errors[0].field.as_str()),
        (422, "combos[0].parts")
    );
}

#[tokio::test]
async fn two_tables_swap_their_numbers() {
    let test = TestApp::start().await;
    let tables = |numbers: [i64; 2]| {
        let table = |name: &str, number: i64| json!({"name": name, "number": number, "seats": 4});
        json!({"tables": [table("Window", numbers[0]), table("Door", numbers[1])]})
    };
    json_in(&test.app, &tables([1, 2])).await.unwrap();
    for _ in 0..2 {
        json_in(&test.app, &tables([2, 1])).await.unwrap();
        let all: Value = serde_json::from_str(&exported(&test.app).await).unwrap();
        let mut named = all["tables"].as_array().unwrap().iter();
        assert_eq!(named.find(|table| table["name"] == "Window").unwrap()["number"], 2);
    }
    // Who gets a number has to leave the other one another.
    let one = json!({"tables": [{"name": "Window", "number": 1, "seats": 4}]});
    let error = json_in(&test.app, &one).await.unwrap_err();
    assert_eq!(error.problem().errors[0].field, "tables[0].number");
}

#[tokio::test]
async fn the_next_course_and_the_grace_go_with_the_file() {
    let (old, new) = (TestApp::start().await, TestApp::start().await);
    let (admin, other) = (old.admin().await, new.admin().await);
    for (minutes, grace) in [(json!(12), json!(7)), (Value::Null, json!(0))] {
        let set = json!({"next_course_minutes": minutes, "price_grace_minutes": grace});
        admin.patch("/restaurant", &set).await.ok();
        let all: Value = serde_json::from_str(&exported(&old.app).await).unwrap();
        json_in(&new.app, &json!({"restaurant": all["restaurant"]})).await.unwrap();
        let there = other.get("/restaurant").await.ok();
        assert_eq!(there["next_course_minutes"], minutes);
        assert_eq!(there["price_grace_minutes"], grace);
    }
}
