//! Variations: prices, and the one default.

use serde_json::{Value, json};

use super::{category, dish, id, names, order, variation};
use crate::harness::TestApp;

#[tokio::test]
async fn a_dish_with_variations_has_exactly_one_default() {
    let app = TestApp::start().await;
    let (admin, waiter) = (app.admin().await, app.waiter().await);
    let drinks = category(&admin, "Drinks").await;
    let tea = dish(&admin, drinks, "Tea").await;
    let path = format!("/dishes/{tea}/variations");
    let defaults = async || -> Vec<String> {
        let list = waiter.get(&path).await.ok();
        let all = list["variations"].as_array().unwrap();
        let marked = all.iter().filter(|variation| variation["is_default"] == true);
        marked.map(|variation| variation["name"].as_str().unwrap().to_owned()).collect()
    };
    let cup = json!({"name": "Cup", "price": 150, "is_default": false});
    let cup = admin.post(&path, &cup).await.created();
    assert_eq!((&cup["price"], &cup["is_default"]), (&json!("150.00"), &json!(true)));
    let pot = variation(&admin, tea, "Pot", "350.5").await;
    assert_eq!(defaults().await, ["Cup"]);
    let jug = json!({"name": "Jug", "price": "500.00", "is_default": true, "sort_order": 1});
    let jug = id(&admin.post(&path, &jug).await.created());
    assert_eq!(defaults().await, ["Jug"]);
    let pot_path = format!("{path}/{pot}");
    assert_eq!(admin.patch(&pot_path, &json!({"is_default": true})).await.ok()["price"], "350.50");
    assert_eq!(defaults().await, ["Pot"]);
    admin.patch(&pot_path, &json!({"is_default": false})).await.refused(400, "default_needed");
    admin.patch(&format!("{path}/{jug}"), &json!({"is_default": false})).await.ok();
    admin.delete(&pot_path).await.refused(400, "default_variation");
    admin.delete(&format!("{path}/{jug}")).await.ok();
    admin.delete(&format!("{path}/{}", cup["id"])).await.ok();
    assert_eq!(defaults().await, ["Pot"]);

    order(&app, tea, pot);
    admin.delete(&pot_path).await.refused(400, "variation_used");
    let glass = variation(&admin, tea, "Glass", "90").await;
    admin.patch(&format!("{path}/{glass}"), &json!({"is_default": true})).await.ok();
    // It is not the last one any more, and the order keeps what it sold.
    admin.delete(&pot_path).await.ok();
    admin.delete(&format!("{path}/{glass}")).await.ok();
    assert_eq!(waiter.get(&path).await.ok()["total"], 0);
}

#[tokio::test]
async fn a_bad_variation_is_refused_with_its_field() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let drinks = category(&admin, "Drinks").await;
    let (tea, coffee) = (dish(&admin, drinks, "Tea").await, dish(&admin, drinks, "Coffee").await);
    let path = format!("/dishes/{tea}/variations");
    let good = json!({"name": "Cup", "price": "150.00", "sku": "T-1", "weight": 200,
        "translations": {"en": {"name": "Cup"}}});
    let cup = admin.post(&path, &good).await.created();
    let cup_path = format!("{path}/{}", cup["id"]);
    for (field, value) in [
        ("name", json!("   ")),
        ("price", json!("1.234")),
        ("price", json!(0.001)),
        ("price", json!(0)),
        ("price", json!("0.00")),
        ("price", json!(-5)),
        ("price", json!(1_000_000)),
        ("price", json!("much")),
        ("weight", json!(0)),
        ("weight", json!(50_001)),
        ("calories", json!(0)),
        ("calories", json!(10_001)),
        ("sort_order", json!(-1)),
        ("description", json!("x".repeat(501))),
        ("sku", json!("x".repeat(51))),
    ] {
        let mut bad = good.clone();
        bad[field] = value.clone();
        admin.post(&path, &bad).await.invalid(field);
        admin.patch(&cup_path, &json!({field: value})).await.invalid(field);
    }
    admin.post(&path, &json!({"name": "Free"})).await.invalid("price");

    let elsewhere = format!("/dishes/{coffee}/variations");
    admin.post(&elsewhere, &good).await.refused(400, "sku_taken");
    let espresso = variation(&admin, coffee, "Espresso", "120").await;
    let espresso_path = format!("{elsewhere}/{espresso}");
    admin.patch(&espresso_path, &json!({"sku": "T-1"})).await.refused(400, "sku_taken");
    let cleared = admin.patch(&cup_path, &json!({"sku": null, "weight": null})).await.ok();
    assert_eq!((&cleared["sku"], &cleared["weight"]), (&Value::Null, &Value::Null));
    assert_eq!(cleared["translations"], good["translations"]);
    admin.patch(&espresso_path, &json!({"sku": "T-1"})).await.ok();

    // Through another dish's address it is not there.
    let crossed = format!("{path}/{espresso}");
    admin.get(&crossed).await.refused(404, "not_found");
    admin.patch(&crossed, &json!({"price": 1})).await.refused(404, "not_found");
    let away = json!({"is_available": false});
    admin.patch(&format!("{crossed}/availability"), &away).await.refused(404, "not_found");
    admin.delete(&crossed).await.refused(404, "not_found");
    admin.post("/dishes/99/variations", &good).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_list_of_variations_can_leave_out_what_ran_out() {
    let app = TestApp::start().await;
    let (admin, kitchen) = (app.admin().await, app.kitchen().await);
    let drinks = category(&admin, "Drinks").await;
    let tea = dish(&admin, drinks, "Tea").await;
    let path = format!("/dishes/{tea}/variations");
    let cup = variation(&admin, tea, "Cup", "150").await;
    variation(&admin, tea, "Pot", "350").await;
    let switch = format!("{path}/{cup}/availability");
    kitchen.patch(&switch, &json!({"is_available": false})).await.ok();
    let left = kitchen.get(&format!("{path}/?available_only=true")).await.ok();
    assert_eq!((names(&left["variations"]), &left["total"]), (vec!["Pot"], &json!(1)));
    assert_eq!(kitchen.get(&format!("{path}/?available_only=false")).await.ok()["total"], 2);
    assert_eq!(kitchen.get(&format!("{path}/{cup}")).await.ok()["is_available"], false);
    kitchen.patch(&switch, &json!({"is_available": true})).await.ok();
    assert_eq!(kitchen.get(&format!("{path}/?available_only=true")).await.ok()["total"], 2);
}
