//! Dishes.

use serde_json::{Value, json};

use super::{category, dish, id, names, variation};
use crate::harness::TestApp;

#[tokio::test]
async fn an_admin_manages_dishes() {
    let app = TestApp::start().await;
    let (admin, waiter) = (app.admin().await, app.waiter().await);
    let soups = category(&admin, "Soups").await;
    let mains = category(&admin, "Mains").await;
    let milk =
        admin.post("/ingredients", &json!({"name": "Milk", "is_allergen": true})).await.created();
    let beet = admin.post("/ingredients", &json!({"name": "Beet"})).await.created();
    let new = json!({"name": "Borscht", "description": "Red.", "category_id": soups, "code": "S1",
        "cooking_time": 20, "weight": 350.5, "calories": 420, "ingredients": "beet, milk",
        "translations": {"de": {"name": "Rote Suppe", "description": "Rot."}},
        "ingredient_ids": [milk["id"], beet["id"], beet["id"]]});
    let borscht = admin.post("/dishes/", &new).await.created();
    for (field, value) in [
        ("department", json!("hot")),
        ("is_available", json!(true)),
        ("weight", json!(350.5)),
        ("ingredients", json!("beet, milk")),
        ("ingredient_ids", json!([beet["id"], milk["id"]])),
        ("allergens", json!([{"id": milk["id"], "name": "Milk", "translations": {}}])),
        ("translations", new["translations"].clone()),
    ] {
        assert_eq!(borscht[field], value, "{field}");
    }
    let path = format!("/dishes/{}", borscht["id"]);
    variation(&admin, id(&borscht), "Bowl", "350").await;
    let whole = waiter.get(&path).await.ok();
    assert_eq!(
        (&whole["category_name"], &whole["category_sort_order"]),
        (&json!("Soups"), &json!(0))
    );
    assert_eq!(names(&whole["variations"]), ["Bowl"]);

    let changed = admin
        .patch(
            &path,
            &json!({"category_id": mains, "code": null, "cooking_time": null, "sort_order": -1,
                "department": "grill", "ingredient_ids": [beet["id"]]}),
        )
        .await
        .ok();
    for (field, value) in [
        ("category_id", json!(mains)),
        ("code", Value::Null),
        ("cooking_time", Value::Null),
        ("weight", json!(350.5)),
        ("department", json!("grill")),
        ("allergens", json!([])),
        ("ingredient_ids", json!([beet["id"]])),
        ("translations", new["translations"].clone()),
    ] {
        assert_eq!(changed[field], value, "{field}");
    }
    admin.delete(&path).await.ok();
    admin.get(&path).await.refused(404, "not_found");
    admin.get(&format!("{path}/variations")).await.refused(404, "not_found");
    assert_eq!(waiter.get("/dishes").await.ok()["total"], 0);
}

#[tokio::test]
async fn a_bad_dish_is_refused_with_its_field() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let soups = category(&admin, "Soups").await;
    let good =
        json!({"name": "Borscht", "description": "Red.", "category_id": soups, "code": "S1"});
    let borscht = id(&admin.post("/dishes", &good).await.created());
    for (field, value) in [
        ("name", json!("  ")),
        ("name", json!("x".repeat(101))),
        ("category_id", json!(0)),
        ("code", json!("x".repeat(51))),
        ("cooking_time", json!(0)),
        ("cooking_time", json!(241)),
        ("weight", json!(0)),
        ("weight", json!(-3)),
        ("calories", json!(0)),
        ("department", json!("cellar")),
    ] {
        let mut bad = good.clone();
        bad[field] = value.clone();
        admin.post("/dishes", &bad).await.invalid(field);
        admin.patch(&format!("/dishes/{borscht}"), &json!({field: value})).await.invalid(field);
    }
    let mut bad = good.clone();
    bad["translations"] = json!({"english": {"name": "Borscht"}});
    admin.post("/dishes", &bad).await.invalid("translations");
    bad["translations"] = json!({"en": {"name": " "}});
    admin.post("/dishes", &bad).await.invalid("translations.en.name");
    admin.post("/dishes", &good).await.refused(400, "code_taken");
    let path = format!("/dishes/{}", dish(&admin, soups, "Ukha").await);
    admin.patch(&path, &json!({"code": "S1"})).await.refused(400, "code_taken");
    admin.patch(&path, &json!({"category_id": 99})).await.refused(404, "not_found");
    admin.patch(&path, &json!({"ingredient_ids": [99]})).await.refused(404, "not_found");
    let many: Vec<i64> = (1..=101).collect();
    admin.patch(&path, &json!({"ingredient_ids": many})).await.invalid("ingredient_ids");
    let homeless = json!({"name": "Ukha", "description": "Fish.", "category_id": 99});
    admin.post("/dishes", &homeless).await.refused(404, "not_found");
    // Two dishes without a code do not collide.
    dish(&admin, soups, "Shchi").await;
}

#[tokio::test]
async fn dishes_are_found_by_category_availability_and_text() {
    let app = TestApp::start().await;
    let (admin, waiter) = (app.admin().await, app.waiter().await);
    let (soups, sweets) = (category(&admin, "Soups").await, category(&admin, "Sweets").await);
    for (category, name, description, code, is_available) in [
        (soups, "Борщ украинский", "Со сметаной", "S-1", true),
        (soups, "Холодный БОРЩ", "На кефире", "S-2", false),
        (sweets, "Медовик", "Восемь коржей, мёд", "D_1", true),
        (sweets, "Crème brûlée", "100% cream", "D-2", true),
    ] {
        let body = json!({"name": name, "description": description, "category_id": category,
            "code": code, "is_available": is_available});
        admin.post("/dishes", &body).await.created();
    }
    for (query, total) in [
        ("", 4),
        ("search=борщ", 2),
        ("search=%20БОРЩ%20", 2),
        ("search=борщ&is_available=true", 1),
        ("search=борщ&limit=1&skip=1", 2),
        ("search=МЕД", 1),
        ("search=мЁд", 1),
        ("search=сМЕТАН", 1),
        ("search=d_1", 1),
        ("search=100%25", 1),
        ("search=%25", 1),
        ("search=BRÛL", 1),
        ("search=пицца", 0),
        ("search=", 4),
        (&format!("category_id={sweets}"), 2),
        (&format!("category_id={soups}&is_available=false"), 1),
        ("category_id=99", 0),
    ] {
        let found = waiter.get(&format!("/dishes/?{query}")).await.ok();
        assert_eq!(found["total"], total, "{query}: {found}");
        let shown = if query.contains("limit=1") { 1 } else { total };
        assert_eq!(found["dishes"].as_array().unwrap().len(), shown, "{query}");
    }
    waiter.get(&format!("/dishes?search={}", "x".repeat(101))).await.invalid("search");
    waiter.get("/dishes?category_id=soups").await.invalid("category_id");
}

// Screens 6: a name and a price are enough, a cola needs no text.
#[tokio::test]
async fn a_dish_needs_no_description() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let drinks = category(&admin, "Drinks").await;
    let cola =
        admin.post("/dishes", &json!({"name": "Cola", "category_id": drinks})).await.created();
    assert_eq!(cola["description"], "");
    let tea = json!({"name": "Tea", "description": " ", "category_id": drinks});
    assert_eq!(admin.post("/dishes", &tea).await.created()["description"], "");
}
