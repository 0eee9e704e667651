//! What other programs know the menu by: outside ids, and barcodes.

use serde_json::{Value, json};

use crate::harness::{Client, House, id};

async fn sizes(house: &House, dish: i64) -> Vec<Value> {
    let page = house.admin.get(&format!("/dishes/{dish}/variations")).await.ok();
    page["variations"].as_array().unwrap().clone()
}

#[tokio::test]
async fn no_two_things_of_a_kind_have_one_outside_id() {
    let house = House::open().await;
    let admin = &house.admin;
    let dishes = [house.pizza, house.borscht];
    let give = |dish: i64, code: &str| {
        let body = json!({"external_id": code});
        async move { admin.patch(&format!("/dishes/{dish}"), &body).await }
    };
    let given = give(dishes[0], "till-7").await.ok();
    assert_eq!(given["external_id"], "till-7");
    // Its own is no other's.
    give(dishes[0], "till-7").await.ok();
    let refused = give(dishes[1], "till-7").await.refused(400, "external_id_taken");
    assert!(refused.contains(given["name"].as_str().unwrap()), "{refused}");
    // What is deleted gives its id up.
    admin.delete(&format!("/dishes/{}", dishes[0])).await.ok();
    give(dishes[1], "till-7").await.ok();
    let none = admin.patch(&format!("/dishes/{}", dishes[1]), &json!({"external_id": null})).await;
    assert_eq!(none.ok()["external_id"], Value::Null);
}

#[tokio::test]
async fn options_and_their_groups_have_outside_ids_too() {
    let house = House::open().await;
    let option = |name: &str, code: &str| json!({"name": name, "external_id": code});
    let milk = json!({"name": "Milk", "external_id": "g1", "max": 2,
                      "options": [option("Oat", "o1"), option("Soya", "o2")]});
    let milk = house.admin.post("/modifier-groups", &milk).await.created();
    assert_eq!(
        (&milk["external_id"], &milk["options"][1]["external_id"]),
        (&json!("g1"), &json!("o2"))
    );
    let twice = json!({"name": "Syrup", "options": [option("Vanilla", "o1")]});
    house.admin.post("/modifier-groups", &twice).await.refused(400, "external_id_taken");
    let path = format!("/modifier-groups/{}/options/{}", id(&milk), id(&milk["options"][1]));
    let taken = house.admin.patch(&path, &json!({"external_id": "o1"})).await;
    taken.refused(400, "external_id_taken");
}

#[tokio::test]
async fn a_barcode_is_of_one_size_and_is_checked() {
    let house = House::open().await;
    let admin = &house.admin;
    let pizza = sizes(&house, house.pizza).await;
    let path = |size: &Value| format!("/dishes/{}/variations/{}", size["dish_id"], size["id"]);
    let codes = json!({"barcodes": ["4006381333931", "036000291452", "CRATE-7"]});
    let large = admin.patch(&path(&pizza[0]), &codes).await.ok();
    assert_eq!(large["barcodes"], json!(["4006381333931", "0036000291452", "CRATE-7"]));

    let wrong = admin.patch(&path(&pizza[0]), &json!({"barcodes": ["4006381333930"]})).await;
    wrong.invalid("barcodes[0]");

    // A UPC-A is the EAN-13 with a 0 before it.
    let borscht = sizes(&house, house.borscht).await;
    let same = json!({"barcodes": ["0036000291452"]});
    let taken = admin.patch(&path(&borscht[0]), &same).await.refused(400, "barcode_taken");
    assert!(taken.contains("“Pizza”"), "{taken}");

    // The menu carries it to the scanner.
    let menu = house.waiter.get("/dishes/menu").await.ok();
    let told = menu.to_string();
    assert!(told.contains("CRATE-7"), "{told}");

    // What is sold no more gives it up.
    admin.delete(&format!("/dishes/{}", house.pizza)).await.ok();
    admin.patch(&path(&borscht[0]), &same).await.ok();
    let gone = admin.patch(&path(&borscht[0]), &json!({"barcodes": []})).await.ok();
    assert_eq!(gone["barcodes"], json!([]));
}

/// What packages are called is the staff's business; a waiter's scanner needs it.
#[tokio::test]
async fn guests_are_told_no_article_numbers_and_no_barcodes() {
    let house = House::open().await;
    let dish = format!("/dishes/{}", house.borscht);
    house.admin.patch(&dish, &json!({"code": "LOW-MARGIN-3"})).await.ok();
    let path = format!("/dishes/{}/variations/{}", house.borscht, house.borscht_portion);
    let told = json!({"sku": "B-350", "barcodes": ["CRATE-7"]});
    house.admin.patch(&path, &told).await.ok();
    let told = async |who: &Client| who.get("/dishes/menu").await.ok().to_string();
    let anonymous = told(&house.app.anonymous()).await;
    let codes = ["LOW-MARGIN-3", "B-350", "CRATE-7"];
    assert!(codes.iter().all(|code| !anonymous.contains(code)), "{anonymous}");
    let waiter = told(&house.waiter).await;
    assert!(codes.iter().all(|code| waiter.contains(code)), "{waiter}");
    // One after the other, each hears their own.
    assert_eq!(told(&house.app.anonymous()).await, anonymous);
}
