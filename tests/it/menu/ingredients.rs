//! Ingredients and allergens.

use serde_json::{Value, json};

use super::{category, id, names};
use crate::harness::TestApp;

#[tokio::test]
async fn an_admin_manages_ingredients() {
    let app = TestApp::start().await;
    let (admin, waiter) = (app.admin().await, app.waiter().await);
    let milk = json!({"name": "Молоко", "description": "Коровье", "is_allergen": true,
        "translations": {"en": {"name": "Milk"}}});
    let milk = admin.post("/ingredients/", &milk).await.created();
    admin.post("/ingredients", &json!({"name": "Свёкла"})).await.created();
    assert_eq!(milk["translations"]["en"]["name"], "Milk");
    admin.post("/ingredients", &json!({"name": "Молоко"})).await.refused(400, "name_taken");
    admin.post("/ingredients", &json!({"name": ""})).await.invalid("name");
    for (query, found) in [
        ("", vec!["Молоко", "Свёкла"]),
        ("search=молок", vec!["Молоко"]),
        ("search=КОРОВ", vec!["Молоко"]),
        ("search=свекла", vec!["Свёкла"]),
        ("is_allergen=false", vec!["Свёкла"]),
        ("is_allergen=true&search=свекла", vec![]),
    ] {
        let list = waiter.get(&format!("/ingredients/?{query}")).await.ok();
        assert_eq!(names(&list["ingredients"]), found, "{query}");
        assert_eq!(list["total"], found.len(), "{query}");
    }
    assert_eq!(names(&waiter.get("/ingredients/allergens/list/").await.ok()), ["Молоко"]);

    let soups = category(&admin, "Soups").await;
    let body = json!({"name": "Okroshka", "description": "Cold.", "category_id": soups,
        "ingredient_ids": [milk["id"]]});
    let dish = format!("/dishes/{}", id(&admin.post("/dishes", &body).await.created()));
    let path = format!("/ingredients/{}", milk["id"]);
    assert_eq!(waiter.get(&path).await.ok()["description"], "Коровье");
    let changed = admin.patch(&path, &json!({"description": null, "is_allergen": false})).await;
    assert_eq!(changed.ok()["description"], Value::Null);
    assert_eq!(waiter.get(&dish).await.ok()["allergens"], json!([]));
    admin.patch(&path, &json!({"name": "Свёкла"})).await.refused(400, "name_taken");
    admin.delete(&path).await.ok();
    assert_eq!(waiter.get(&dish).await.ok()["ingredient_ids"], json!([]));
    admin.get(&path).await.refused(404, "not_found");
}
