//! What nobody could order is refused at the deed that would make it so.

use serde_json::{Value, json};

use crate::harness::{House, id};
use crate::options::{ask, group};

/// A group may be anything until somebody asks for it; from then on its options give what is asked.
#[tokio::test]
async fn a_group_that_is_asked_for_has_enough_to_choose_from() {
    let house = House::open().await;
    let admin = &house.admin;
    let option = |name: &str, often: i64| json!({"name": name, "max_quantity": often});
    // One by one, as an owner fills it in.
    let sauce = admin.post("/modifier-groups", &json!({"name": "Sauce", "min": 3, "max": 3})).await;
    let sauce = id(&sauce.created());
    let (path, dish) =
        (format!("/modifier-groups/{sauce}"), format!("/dishes/{}/modifier-groups", house.borscht));
    let link =
        |min: Value, max: Value| json!({"groups": [{"group_id": sauce, "min": min, "max": max}]});
    let says =
        admin.put(&dish, &link(Value::Null, Value::Null)).await.refused(400, "too_few_options");
    assert!(says.contains('3') && says.contains('0'), "{says}");
    let options = format!("{path}/options");
    let hot = id(&admin.post(&options, &option("Hot", 1)).await.created());
    let mild = id(&admin.post(&options, &option("Mild", 2)).await.created());
    admin.put(&dish, &link(Value::Null, Value::Null)).await.ok();
    // What is sold out comes back.
    let one = |id: i64| format!("{options}/{id}");
    admin.patch(&format!("{}/availability", one(hot)), &json!({"is_available": false})).await.ok();
    // Now nothing takes away what is needed.
    admin.delete(&one(hot)).await.refused(400, "too_few_options");
    admin.patch(&one(mild), &json!({"max_quantity": 1})).await.refused(400, "too_few_options");
    admin.patch(&path, &json!({"min": 4, "max": 4})).await.refused(400, "too_few_options");
    admin.put(&dish, &link(json!(4), json!(4))).await.refused(400, "too_few_options");
    admin.put(&dish, &link(json!(1), json!(2))).await.ok();
    admin.delete(&one(hot)).await.ok();
    admin.patch(&one(mild), &json!({"name": "Very mild"})).await.ok();
    // What comes along by itself fits in what the dish takes.
    let more = id(&admin.post(&options, &option("More", 1)).await.created());
    admin.patch(&one(mild), &json!({"is_default": true})).await.ok();
    admin.patch(&one(more), &json!({"is_default": true})).await.ok();
    admin.put(&dish, &link(json!(0), json!(1))).await.refused(400, "too_many_usual");
}

#[tokio::test]
async fn a_group_that_an_option_asks_for_has_enough_too() {
    let house = House::open().await;
    let admin = &house.admin;
    let empty = group(admin, &json!({"name": "Which milk", "min": 1})).await;
    let coffee =
        json!({"name": "Coffee", "options": [{"name": "Latte", "nested_group_id": empty.id}]});
    admin.post("/modifier-groups", &coffee).await.refused(400, "too_few_options");
    let path = format!("/modifier-groups/{}/options", empty.id);
    let oat = id(&admin.post(&path, &json!({"name": "Oat"})).await.created());
    let coffee = group(admin, &coffee).await;
    admin.delete(&format!("{path}/{oat}")).await.refused(400, "too_few_options");
    ask(admin, house.borscht, &[coffee.id]).await;
    admin.delete(&format!("/modifier-groups/{}", empty.id)).await.ok();
}

/// A combo is sold by the piece, and each part has something to choose.
#[tokio::test]
async fn a_combo_can_be_ordered_as_long_as_it_is_one() {
    let house = House::open().await;
    let admin = &house.admin;
    let pizza = admin.get(&format!("/dishes/{}", house.pizza)).await.ok();
    let category = pizza["category_id"].clone();
    let new = json!({"category_id": category, "name": "Lunch", "department": "hot"});
    let lunch = id(&admin.post("/dishes", &new).await.created());
    let sizes = format!("/dishes/{lunch}/variations");
    let size = id(&admin.post(&sizes, &json!({"name": "Lunch", "price": "500"})).await.created());
    let parts = json!({"parts": [{"name": "Soup",
                                  "choices": [{"dish_variation_id": house.borscht_portion}]}]});
    let weighed = json!({"unit": "kg"});
    // A dish that is weighed is no combo.
    let lunch_size = format!("{sizes}/{size}");
    admin.patch(&lunch_size, &weighed).await.ok();
    admin.put(&format!("/combos/{lunch}"), &parts).await.refused(400, "combo_by_piece");
    admin.patch(&lunch_size, &json!({"unit": "piece"})).await.ok();
    admin.put(&format!("/combos/{lunch}"), &parts).await.ok();
    admin.patch(&lunch_size, &weighed).await.refused(400, "combo_by_piece");
    let heavy = json!({"name": "Heavy", "price": "900", "unit": "kg"});
    admin.post(&sizes, &heavy).await.refused(400, "combo_by_piece");
    // Nor is a part of one.
    let soup = format!("/dishes/{}/variations/{}", house.borscht, house.borscht_portion);
    let says = admin.patch(&soup, &weighed).await.refused(400, "combo_by_piece");
    assert!(says.contains("Lunch"), "{says}");
    // The last thing to choose for a part stays.
    let says =
        admin.delete(&format!("/dishes/{}", house.borscht)).await.refused(400, "combo_needs_it");
    assert!(says.contains("Soup") && says.contains("Lunch"), "{says}");
    admin.delete(&format!("/combos/{lunch}")).await.ok();
    admin.patch(&soup, &weighed).await.ok();
    admin.delete(&format!("/dishes/{}", house.borscht)).await.ok();
}
