//! Codes that go from one thing to another within a file, and what is refused with its line and column.

use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::import::{csv_in, exported, json_in};

const BAR: &str = "category,dish,code,dish_external_id,variation,price,department,sku,external_id,barcodes\n\
                   Bar,Cola,1,d1,Glass,10,bar,A,x1,4006381333931\n\
                   Bar,Tea,2,d2,Cup,20,bar,B,x2,036000291452\n";

async fn bar() -> TestApp {
    let test = TestApp::start().await;
    csv_in(&test.app, BAR).await.unwrap();
    test
}

/// What a size is known by, and what it costs: of cola and of tea.
async fn sizes(test: &TestApp) -> [Value; 2] {
    let all: Value = serde_json::from_str(&exported(&test.app).await).unwrap();
    let dishes = all["categories"][0]["dishes"].as_array().unwrap();
    assert_eq!(dishes.len(), 2, "{dishes:?}");
    let of = |name: &str| {
        let dish = dishes.iter().find(|dish| dish["name"] == name).unwrap();
        let sizes = dish["variations"].as_array().unwrap();
        assert_eq!(sizes.len(), 1, "{sizes:?}");
        let size = &sizes[0];
        json!([
            dish["code"],
            dish["external_id"],
            size["price"],
            size["sku"],
            size["external_id"],
            size["barcodes"]
        ])
    };
    [of("Cola"), of("Tea")]
}

#[tokio::test]
async fn two_swap_what_they_are_known_by() {
    let ids = async |test: &TestApp| {
        let page = test.admin().await.get("/dishes/menu").await.ok();
        let dishes = page["categories"][0]["dishes"].as_array().unwrap().clone();
        dishes
            .iter()
            .map(|dish| (dish["name"].clone(), dish["variations"][0]["id"].clone()))
            .collect::<Vec<_>>()
    };
    // Barcodes, SKUs and outside ids of sizes; the sizes stay what they are.
    for (sheet, cola, tea) in [
        (
            "category,dish,variation,price,barcodes\nBar,Cola,Glass,10,036000291452\nBar,Tea,Cup,20,4006381333931\n",
            json!(["1", "d1", "10.00", "A", "x1", ["0036000291452"]]),
            json!(["2", "d2", "20.00", "B", "x2", ["4006381333931"]]),
        ),
        (
            "category,dish,variation,price,sku\nBar,Cola,Glass,10,B\nBar,Tea,Cup,20,A\n",
            json!(["1", "d1", "10.00", "B", "x1", ["4006381333931"]]),
            json!(["2", "d2", "20.00", "A", "x2", ["0036000291452"]]),
        ),
        (
            "category,dish,variation,price,external_id\nBar,Cola,Glass,10,x2\nBar,Tea,Cup,20,x1\n",
            json!(["1", "d1", "10.00", "A", "x2", ["4006381333931"]]),
            json!(["2", "d2", "20.00", "B", "x1", ["0036000291452"]]),
        ),
        (
            "category,dish,dish_external_id,code,variation,price\nBar,Cola,d1,2,Glass,10\nBar,Tea,d2,1,Cup,20\n",
            json!(["2", "d1", "10.00", "A", "x1", ["4006381333931"]]),
            json!(["1", "d2", "20.00", "B", "x2", ["0036000291452"]]),
        ),
    ] {
        let test = bar().await;
        let before = ids(&test).await;
        let report = csv_in(&test.app, sheet).await;
        let report = report.unwrap_or_else(|why| panic!("{sheet}: {:?}", why.problem()));
        let updated: usize = report.counts.values().map(|counts| counts.updated).sum();
        assert_eq!(updated, 2, "{sheet}: {report:?}");
        assert_eq!(sizes(&test).await, [cola, tea], "{sheet}");
        assert_eq!(ids(&test).await, before, "{sheet}");
        let again = csv_in(&test.app, sheet).await.unwrap();
        assert!(again.changes.is_empty(), "{sheet}: {again:?}");
    }
}

/// Names go over where codes say who is who.
#[tokio::test]
async fn two_swap_their_names() {
    let test = bar().await;
    let sheet =
        "category,dish,code,variation,price,sku\nBar,Tea,1,Cup,10,A\nBar,Cola,2,Glass,20,B\n";
    csv_in(&test.app, sheet).await.unwrap();
    let [cola, tea] = sizes(&test).await;
    assert_eq!((&cola[0], &cola[2]), (&json!("2"), &json!("20.00")));
    assert_eq!((&tea[0], &tea[2]), (&json!("1"), &json!("10.00")));
}

/// A code that goes round three, and one that goes over to something new.
#[tokio::test]
async fn codes_go_round_and_over() {
    let test = bar().await;
    let sheet = "category,dish,variation,price,department,sku,barcodes\n\
                 Bar,Milk,Mug,30,bar,A,4006381333931\nBar,Cola,Glass,10,bar,B,036000291452\n\
                 Bar,Tea,Cup,20,bar,C,12345670\n";
    csv_in(&test.app, sheet).await.unwrap();
    let all: Value = serde_json::from_str(&exported(&test.app).await).unwrap();
    let dishes = all["categories"][0]["dishes"].as_array().unwrap();
    let skus: Vec<_> =
        dishes.iter().map(|dish| (&dish["name"], &dish["variations"][0]["sku"])).collect();
    for (name, sku) in [("Milk", "A"), ("Cola", "B"), ("Tea", "C")] {
        assert!(skus.contains(&(&json!(name), &json!(sku))), "{skus:?}");
    }
}

#[tokio::test]
async fn options_swap_their_outside_ids() {
    let test = TestApp::start().await;
    let sheet = |a: &str, b: &str| {
        format!("group,option,price,external_id\nMilk,Oat,1,{a}\nSyrup,Mint,2,{b}\n")
    };
    csv_in(&test.app, &sheet("o1", "o2")).await.unwrap();
    let report = csv_in(&test.app, &sheet("o2", "o1")).await.unwrap();
    assert_eq!((report.counts["options"].created, report.counts["options"].updated), (0, 2));
}

/// What is taken from one of which the file says nothing stays whose it is.
#[tokio::test]
async fn a_refusal_says_its_line_and_column() {
    let test = bar().await;
    let lunch = json!({"categories": [{"name": "Bar", "dishes": [
        {"name": "Lunch", "department": "bar", "variations": [{"name": "Lunch", "price": "1"}]},
        {"name": "Set", "department": "bar", "variations": [{"name": "Set", "price": "1"}]}]}],
        "combos": [{"dish": "Lunch", "parts": [{"name": "Drink", "choices": [{"dish": "Cola"}]}]}],
        "modifier_groups": [
            {"name": "Deep", "options": [{"name": "A", "nested_group": "Deeper"}], "dishes": ["Tea"]},
            {"name": "Deeper", "options": [{"name": "B"}]}, {"name": "Few", "options": [{"name": "C"}]}],
        "staff": []});
    json_in(&test.app, &lunch).await.unwrap();
    let before = exported(&test.app).await;
    for (sheet, says) in [
        (
            "category,dish,variation,price,barcodes\nBar,Cola,Glass,10,036000291452\n",
            "line 2, barcodes",
        ),
        ("category,dish,variation,price,sku\nBar,Cola,Glass,10,B\n", "line 2, sku"),
        (
            "category,dish,variation,price,sku\nBar,Tea,Cup,20,\nBar,Cola,Glass,10,B\n",
            "line 3, sku",
        ),
        (
            "category,dish,variation,price,sku\nBar,Cola,Glass,10,B\nBar,Tea,Cup,20,\n",
            "line 2, sku",
        ),
        (
            "category,dish,variation,price,sku\nBar,Cola,Glass,10,A\nBar,Tea,Cup,20,A\n",
            "line 3, sku",
        ),
        (
            "category,dish,variation,price,external_id\nBar,Cola,Glass,10,x2\n",
            "line 2, external_id",
        ),
        ("category,dish,dish_external_id,code,price\nBar,Cola,d1,2,10\n", "line 2, code"),
        ("category,dish,variation,price,unit\nBar,Cola,Glass,10,kg\n", "line 2, unit"),
        ("category,dish,variation,price,unit\nBar,Lunch,Lunch,10,kg\n", "line 2, unit"),
        ("combo,part,dish\nSet,Drink,Lunch\n", "line 2"),
        ("combo,part,dish\nCola,Drink,Tea\n", "line 2"),
        ("group,option,nested_group\nFew,C,Deep\n", "line 2, nested_group"),
        ("group,option,min,max\nFew,C,0,1\nDeep,A,3,3\n", "line 3, min"),
        ("group,option,min,max\nDeeper,B,2,2\n", "line 2, min"),
        ("group,option,min,max,dishes\nFew,C,2,2,Tea\n", "line 2, dishes"),
    ] {
        let error = csv_in(&test.app, sheet).await.unwrap_err();
        let problem = error.problem();
        assert_eq!(error.status(), 422, "{sheet}: {problem:?}");
        let fields: Vec<_> = problem.errors.iter().map(|wrong| &wrong.field).collect();
        assert!(fields.iter().any(|field| *field == says), "{sheet}: {problem:?}");
        assert_eq!(exported(&test.app).await, before, "{sheet}");
    }
    // Whose table is in use, whose group asks too much: a place, whatever refuses.
    for (file, says) in [
        (
            json!({"adjustment_rules": [{"name": "A", "kind": "discount_percent", "when": {}}]}),
            "adjustment_rules[0]",
        ),
        (
            json!({"modifier_groups": [{"name": "Deep", "min": 9, "max": 9}]}),
            "modifier_groups[0].min",
        ),
    ] {
        let error = json_in(&test.app, &file).await.unwrap_err();
        assert_eq!(error.status(), 422, "{file}: {error:?}");
        assert!(error.problem().errors[0].field.starts_with(says), "{file}: {error:?}");
    }
}

/// A file that takes a size out of a combo and has it weighed is right in the end.
#[tokio::test]
async fn what_is_right_in_the_end_is_taken() {
    let test = bar().await;
    let lunch = |choice: &str, unit: &str| {
        json!({"categories": [{"name": "Bar", "dishes": [
            {"name": "Cola", "variations": [{"name": "Glass", "price": "10", "unit": unit}]},
            {"name": "Lunch", "department": "bar", "variations": [{"name": "Lunch", "price": "1"}]}]}],
            "combos": [{"dish": "Lunch", "parts": [{"name": "Drink", "choices": [{"dish": choice}]}]}]})
    };
    json_in(&test.app, &lunch("Cola", "piece")).await.unwrap();
    let error = json_in(&test.app, &lunch("Cola", "l")).await.unwrap_err();
    assert_eq!(error.status(), 422, "{error:?}");
    json_in(&test.app, &lunch("Tea", "l")).await.unwrap();
    // The group asks for more, and the dish for as few as there are.
    let group = |min: i64, of_dish: i64| {
        json!({"modifier_groups": [{"name": "Ice", "min": min, "max": 5,
                 "options": [{"name": "Cube"}, {"name": "Crushed"}]}],
            "categories": [{"name": "Bar", "dishes": [{"name": "Tea",
                 "modifier_groups": [{"group": "Ice", "min": of_dish}]}]}]})
    };
    json_in(&test.app, &group(1, 2)).await.unwrap();
    json_in(&test.app, &group(5, 1)).await.unwrap();
    let error = json_in(&test.app, &group(5, 3)).await.unwrap_err();
    assert_eq!(error.status(), 422, "{error:?}");
}
