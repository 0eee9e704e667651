//! Categories.

use serde_json::{Value, json};

use super::{category, dish, names};
use crate::harness::TestApp;

#[tokio::test]
async fn an_admin_manages_categories() {
    let app = TestApp::start().await;
    let (admin, waiter) = (app.admin().await, app.waiter().await);
    let soups = admin
        .post(
            "/categories/",
            &json!({"name": " Супы ", "description": "", "color": "#B93A24", "sort_order": 2,
                "featured": true, "translations": {"en": {"name": "Soups"}}}),
        )
        .await
        .created();
    assert_eq!((&soups["name"], &soups["description"]), (&json!("Супы"), &Value::Null));
    assert_eq!(soups["translations"], json!({"en": {"name": "Soups"}}));
    admin
        .post("/categories", &json!({"name": "Drinks", "sort_order": 1, "is_active": false}))
        .await
        .created();

    let all = waiter.get("/categories/").await.ok();
    assert_eq!(names(&all["categories"]), ["Drinks", "Супы"]);
    assert_eq!(all["total"], 2);
    let active = waiter.get("/categories/?is_active=true&limit=1").await.ok();
    assert_eq!((names(&active["categories"]), &active["total"]), (vec!["Супы"], &json!(1)));
    assert_eq!(names(&waiter.get("/categories?skip=1").await.ok()["categories"]), ["Супы"]);

    let path = format!("/categories/{}", soups["id"]);
    let changed = admin
        .patch(&path, &json!({"color": null, "translations": {"de": {"name": "Suppen"}}}))
        .await
        .ok();
    assert_eq!((&changed["color"], &changed["featured"]), (&Value::Null, &json!(true)));
    assert_eq!(changed["translations"], json!({"de": {"name": "Suppen"}}));
    admin.patch(&path, &json!({"name": "Drinks"})).await.refused(400, "name_taken");
    admin.post("/categories", &json!({"name": "Супы"})).await.refused(400, "name_taken");
    admin.delete(&path).await.ok();
    admin.get(&path).await.refused(404, "not_found");
    admin.delete(&path).await.refused(404, "not_found");
    admin.patch(&path, &json!({})).await.refused(404, "not_found");
    // A removed one's name is free again.
    category(&admin, "Супы").await;
}

#[tokio::test]
async fn a_category_counts_its_dishes_and_stays_while_it_has_some() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let soups = category(&admin, "Soups").await;
    let path = format!("/categories/{soups}");
    let empty = admin.get(&path).await.ok();
    assert_eq!((&empty["dishes_count"], &empty["active_dishes_count"]), (&json!(0), &json!(0)));
    let borscht = dish(&admin, soups, "Borscht").await;
    let ukha = dish(&admin, soups, "Ukha").await;
    let availability = format!("/dishes/{ukha}/availability");
    admin.patch(&availability, &json!({"is_available": false})).await.ok();
    let two = admin.get(&path).await.ok();
    assert_eq!((&two["dishes_count"], &two["active_dishes_count"]), (&json!(2), &json!(1)));

    let dishes = admin.get(&format!("{path}/dishes?limit=1")).await.ok();
    assert_eq!((names(&dishes["dishes"]), &dishes["total"]), (vec!["Borscht"], &json!(2)));
    let dishes = admin.get(&format!("{path}/dishes/?is_available=false")).await.ok();
    assert_eq!((names(&dishes["dishes"]), &dishes["total"]), (vec!["Ukha"], &json!(1)));
    admin.get("/categories/99/dishes").await.refused(404, "not_found");

    admin.delete(&path).await.refused(400, "category_not_empty");
    for dish in [borscht, ukha] {
        admin.delete(&format!("/dishes/{dish}")).await.ok();
    }
    admin.delete(&path).await.ok();
}
