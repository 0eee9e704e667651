//! Files of things that have one name: out, in again, and into another box, each as it was; what nobody can
//! tell is refused with its line.

use qres::features::import::{self, Sheet};
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::import::{csv_in, exported, json_in, take_in, totals};

const SHEETS: [Sheet; 5] =
    [Sheet::Menu, Sheet::Options, Sheet::Combos, Sheet::Periods, Sheet::Prices];
const PARTS: [&str; 5] = ["modifier_groups", "categories", "combos", "periods", "price_lists"];

/// Everything twice under one name, and names that are codes of something else.
fn alike() -> Value {
    let size = |name: &str, price: &str| json!({"name": name, "price": price});
    let dish = |name: &str, sizes: Value, more: Value| {
        let mut dish = json!({"name": name, "department": "hot", "variations": sizes});
        for (key, value) in more.as_object().unwrap() {
            dish[key] = value.clone();
        }
        dish
    };
    let group = |number: i64, option: &str| {
        json!({"name": "Milk", "number": number, "min": 1, "max": 1, "options": [
            {"name": option, "price": "10"},
            {"name": "Oat", "number": 1, "price": "20"}, {"name": "Oat", "number": 2, "price": "30"}]})
    };
    let mut asks = group(1, "Cow");
    asks["options"][0]["nested_group"] = json!("Milk");
    asks["options"][0]["nested_group_number"] = json!(2);
    let one = |at: Value, size: Value| {
        let mut choice = json!({"is_default": true});
        for (key, value) in at.as_object().unwrap().iter().chain(size.as_object().unwrap()) {
            choice[key] = value.clone();
        }
        choice
    };
    json!({
        "modifier_groups": [asks, group(2, "Goat"),
            {"name": "Syrup", "external_id": "Milk", "options": [{"name": "Mint"}]},
            {"name": "Fish; chips", "options": [{"name": "Salt"}]}],
        "categories": [
            {"name": "Soups", "dishes": [
                dish("Borscht", json!([size("Bowl", "100")]), json!({"number": 1,
                     "modifier_groups": [{"group": "Milk", "number": 2}]})),
                dish("Borscht", json!([
                    {"name": "Bowl", "number": 1, "price": "200"},
                    {"name": "Bowl", "number": 2, "price": "300"},
                    {"name": "Pot", "price": "350", "sku": "Jug"}, size("Jug", "360")]),
                    json!({"number": 2, "modifier_groups": [{"group": "Milk", "number": 1},
                     {"group": "Milk"}]})),
                dish("12", json!([size("Bowl", "400")]), json!({})),
                dish("Lunch", json!([size("Lunch", "500")]), json!({}))]},
            {"name": "Day / night", "dishes": [
                dish("Borscht", json!([size("Bowl", "600")]), json!({
                     "modifier_groups": [{"group": "Fish; chips"}]})),
                dish("Cake, \"best\"; hot", json!([size("Slice", "700")]), json!({"code": "12",
                     "modifier_groups": [{"group": "Milk", "number": 2}]})),
                dish("Lunch", json!([size("Lunch", "800")]), json!({}))]}],
        "combos": [
            {"dish": "Lunch", "category": "Soups", "parts": [
                {"name": "One", "choices": [one(
                    json!({"dish": "Borscht", "dish_number": 2, "category": "Soups"}),
                    json!({"variation": "Bowl", "variation_number": 2}))]},
                {"name": "One", "choices": [one(
                    json!({"dish": "12", "dish_number": 1, "category": "Soups"}), json!({}))]}]},
            {"dish": "Lunch", "category": "Day / night", "parts": [
                {"name": "One", "choices": [one(
                    json!({"dish": "Borscht", "category": "Day / night"}), json!({}))]}]}],
        "price_lists": [{"name": "Night", "prices": [
            {"category": "Soups", "dish": "Borscht", "dish_number": 1, "price": "1"},
            {"category": "Soups", "dish": "Borscht", "dish_number": 2, "variation": "Bowl",
             "variation_number": 1, "price": "2"},
            {"category": "Soups", "dish": "Borscht", "dish_number": 2, "variation": "Jug",
             "variation_number": 1, "price": "3"},
            {"category": "Day / night", "dish": "Borscht", "price": "4"}]}],
    })
}

async fn of(test: &TestApp) -> Value {
    let mut all: Value = serde_json::from_str(&exported(&test.app).await).unwrap();
    all.as_object_mut().unwrap().retain(|part, _| PARTS.contains(&part.as_str()));
    all
}

async fn sheet(test: &TestApp, sheet: Sheet, is_workbook: bool) -> Vec<u8> {
    let content = test.app.store.read(import::export).await.unwrap();
    import::write_sheet(&content, sheet, is_workbook).unwrap()
}

#[tokio::test]
async fn what_has_one_name_comes_back_as_it_was() {
    let test = TestApp::start().await;
    json_in(&test.app, &alike()).await.unwrap();
    let before = of(&test).await;
    let prices = |number: usize| before["categories"][0]["dishes"][number]["variations"].clone();
    assert_eq!(
        (&prices(0)[0]["price"], &prices(1)[1]["price"]),
        (&json!("100.00"), &json!("300.00"))
    );
    assert_eq!(before["combos"][0]["parts"].as_array().unwrap().len(), 2, "{before:#}");
    let again = json_in(&test.app, &before).await.unwrap();
    let counts = totals(&again);
    assert_eq!((counts.created, counts.updated), (0, 0), "{:?}", again.changes);
    for kind in SHEETS.into_iter().filter(|kind| *kind != Sheet::Periods) {
        for is_workbook in [false, true] {
            let bytes = sheet(&test, kind, is_workbook).await;
            let written = String::from_utf8_lossy(&bytes).into_owned();
            let file = import::read(&bytes).unwrap_or_else(|why| panic!("{kind:?}: {why:?}"));
            let report = take_in(&test.app, file, false).await;
            let report =
                report.unwrap_or_else(|why| panic!("{kind:?}: {:?}\n{written}", why.problem()));
            let counts = totals(&report);
            assert_eq!((counts.created, counts.updated), (0, 0), "{kind:?}: {report:?}");
        }
    }
    assert_eq!(of(&test).await, before);
}

#[tokio::test]
async fn what_has_one_name_goes_to_another_box() {
    let old = TestApp::start().await;
    json_in(&old.app, &alike()).await.unwrap();
    let all = of(&old).await;
    let mut sheets = Vec::new();
    for kind in SHEETS.into_iter().filter(|kind| *kind != Sheet::Periods) {
        sheets.push(sheet(&old, kind, false).await);
    }
    let new = TestApp::start().await;
    json_in(&new.app, &all).await.unwrap();
    assert_eq!(of(&new).await, all);
    // Sheet by sheet the same is sold, at the same prices.
    let third = TestApp::start().await;
    for bytes in &sheets {
        let file = import::read(bytes).unwrap();
        let report = take_in(&third.app, file, false).await;
        report.unwrap_or_else(|why| panic!("{:?}", why.problem()));
    }
    let there = of(&third).await;
    assert_eq!(there["combos"], all["combos"]);
    assert_eq!(there["price_lists"], all["price_lists"]);
    for (c, category) in all["categories"].as_array().unwrap().iter().enumerate() {
        for (d, dish) in category["dishes"].as_array().unwrap().iter().enumerate() {
            let arrived = &there["categories"][c]["dishes"][d];
            let links = |dish: &Value| dish["modifier_groups"].as_array().map(Vec::len);
            assert_eq!((&arrived["name"], links(arrived)), (&dish["name"], links(dish)), "{dish}");
            for (s, size) in dish["variations"].as_array().unwrap().iter().enumerate() {
                assert_eq!(arrived["variations"][s]["price"], size["price"], "{arrived} {dish}");
            }
        }
    }
}

/// A guess would put a price on the wrong dish.
#[tokio::test]
async fn what_nobody_can_tell_is_refused_by_its_name_and_line() {
    let test = TestApp::start().await;
    json_in(&test.app, &alike()).await.unwrap();
    let before = of(&test).await;
    for (sheet, says, name) in [
        ("group,option,price\nSyrup,Mint,1\nMilk,Oat,5\n", "line 3", "Milk"),
        ("group,group_number,option,price\nMilk,1,Oat,5\n", "line 2", "Oat"),
        (
            "group,group_number,option,option_number,price\nMilk,1,Oat,1,5\nMilk,1,Oat,1,6\n",
            "line 3",
            "twice",
        ),
        ("group,option,dishes\nSyrup,Mint,Borscht\n", "line 2, dishes", "Borscht"),
        ("group,option,dishes\nSyrup,Mint,Soups / Borscht\n", "line 2, dishes", "Borscht"),
        (
            "group,option,nested_group,nested_group_number\nFish; chips,Salt,Milk,7\n",
            "line 2, nested_group",
            "number 7 of “Milk”, and there are 2",
        ),
        ("category,dish,variation,price\nSoups,Borscht,Bowl,5\n", "line 2", "Borscht"),
        ("category,dish,dish_number,variation,price\nSoups,Borscht,2,Bowl,5\n", "line 2", "Bowl"),
        (
            "category,dish,price,code\nSoups,New,5,n1\nSoups,New,6,n2\nSoups,New,7,\n",
            "line 4, dish",
            "New",
        ),
        ("combo,part,category,dish\nLunch,One,Soups,12\n", "line 2, combo", "Lunch"),
        (
            "combo,combo_category,part,category,dish\nLunch,Soups,One,Soups,Borscht\n",
            "line 2, dish",
            "Borscht",
        ),
        ("price_list,dish,price\nNight,Borscht,5\n", "line 2, dish", "Borscht"),
    ] {
        let error = csv_in(&test.app, sheet).await.unwrap_err();
        let problem = error.problem();
        assert_eq!(error.status(), 422, "{sheet}: {problem:?}");
        let found = problem.errors.iter().find(|wrong| wrong.field == says);
        let found = found.unwrap_or_else(|| panic!("{sheet}: {:?}", problem.errors));
        assert!(found.message.contains(name), "{sheet}: {found:?}");
        assert_eq!(of(&test).await, before, "{sheet}");
    }
}

/// Lines with different codes are of different dishes, whatever they are called.
#[tokio::test]
async fn dishes_of_one_name_are_told_apart_by_their_codes() {
    let test = TestApp::start().await;
    let sheet = "category,dish,code,variation,price,department\n\
                 Bar,Cola,c1,Glass,10,bar\nBar,Cola,c2,Glass,20,bar\nBar,Cola,c1,Jug,30,bar\n";
    csv_in(&test.app, sheet).await.unwrap();
    let dishes = of(&test).await["categories"][0]["dishes"].clone();
    let sizes = |at: usize| dishes[at]["variations"].as_array().unwrap().len();
    assert_eq!((dishes.as_array().unwrap().len(), sizes(0), sizes(1)), (2, 2, 1), "{dishes:#}");
}

/// The file counted those of a name before the name of one of them was edited in it.
#[tokio::test]
async fn a_new_name_in_the_boxs_own_sheet_changes_that_one_thing() {
    let size = |sku: &str| json!([{"name": "S", "price": "1", "sku": sku}]);
    let tea = |code: &str| json!({"name": "Tea", "code": code, "department": "bar", "variations": size(code)});
    let menu = json!({
        "modifier_groups": [{"name": "G", "options": [
            {"name": "o", "number": 1, "external_id": "x1", "price": "1"},
            {"name": "o", "number": 2, "price": "2"}, {"name": "o", "number": 3, "price": "3"}]}],
        "categories": [{"name": "Bar", "dishes": [tea("a"), tea("b"), tea("c")]}],
    });
    for (kind, from, to) in
        [(Sheet::Options, "G,o,", "G,p,"), (Sheet::Menu, ",Tea,", ",Green tea,")]
    {
        let test = TestApp::start().await;
        json_in(&test.app, &menu).await.unwrap();
        let before = of(&test).await;
        let written = String::from_utf8(sheet(&test, kind, false).await).unwrap();
        assert!(written.contains(from), "{written}");
        let report = csv_in(&test.app, &written.replacen(from, to, 1)).await.unwrap();
        let counts = totals(&report);
        assert_eq!((counts.created, counts.updated), (0, 1), "{written}\n{:?}", report.changes);
        let now = of(&test).await.to_string();
        let name = to.trim_matches(',').trim_start_matches("G,");
        assert_eq!(now.matches(&format!("\"name\":\"{name}\"")).count(), 1, "{now}");
        for price in ["\"price\":\"2.00\"", "\"price\":\"3.00\""] {
            let count = |text: &str| text.matches(price).count();
            assert_eq!(count(&now), count(&before.to_string()), "{price}: {now}");
        }
    }
}
