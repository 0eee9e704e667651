//! The whole menu, and its order as it was dragged.

use serde_json::{Value, json};

use super::{category, dish, names, variation};
use crate::harness::TestApp;

/// The menu as `Soups: Borscht Ukha; Drinks: Tea`.
fn told(menu: &Value) -> String {
    let told = menu["categories"].as_array().unwrap().iter().map(|category| {
        let dishes = names(&category["dishes"]).join(" ");
        format!("{}: {dishes}", category["name"].as_str().unwrap())
    });
    told.collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn the_order_that_was_dragged_is_the_order_that_guests_read() {
    let app = TestApp::start().await;
    let (admin, waiter, guest) = (app.admin().await, app.waiter().await, app.anonymous());
    let (soups, drinks) = (category(&admin, "Soups").await, category(&admin, "Drinks").await);
    let mut ids = Vec::new();
    for (of, name) in [(soups, "Borscht"), (soups, "Ukha"), (soups, "Tea"), (drinks, "Kvass")] {
        let id = dish(&admin, of, name).await;
        variation(&admin, id, "One", "100").await;
        ids.push(id);
    }
    let [borscht, ukha, tea, kvass] = ids[..] else { unreachable!() };

    admin.put("/categories/order", &json!({"ids": [drinks, soups]})).await.ok();
    admin.put("/dishes/order", &json!({"category_id": soups, "ids": [ukha, borscht]})).await.ok();
    // Tea was not named: it stays behind those that were.
    let menu = guest.get("/dishes/menu").await.ok();
    assert_eq!(told(&menu), "Drinks: Kvass; Soups: Ukha Borscht Tea");

    admin.put("/dishes/order", &json!({"category_id": drinks, "ids": [tea, kvass]})).await.ok();
    admin.put("/categories/order", &json!({"ids": [soups]})).await.ok();
    let menu = guest.get("/dishes/menu").await.ok();
    assert_eq!(told(&menu), "Soups: Ukha Borscht; Drinks: Tea Kvass");

    let before = app.app.store.last_seq();
    for (path, body, status, code) in [
        ("/categories/order", json!({"ids": [soups, 99]}), 404, "not_found"),
        ("/dishes/order", json!({"category_id": 99, "ids": [tea]}), 404, "not_found"),
        ("/dishes/order", json!({"category_id": soups, "ids": [tea, 99]}), 404, "not_found"),
        ("/categories/order", json!({"ids": [soups, soups]}), 422, "invalid"),
        ("/categories/order", json!([soups]), 422, "invalid"),
    ] {
        admin.put(path, &body).await.refused(status, code);
        waiter.put(path, &body).await.refused(403, "wrong_role");
    }
    assert_eq!(told(&guest.get("/dishes/menu").await.ok()), told(&menu));
    assert_eq!(app.app.store.last_seq(), before);
}

#[tokio::test]
async fn the_variations_of_a_dish_have_an_order() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let soups = category(&admin, "Soups").await;
    let (borscht, ukha) = (dish(&admin, soups, "A").await, dish(&admin, soups, "B").await);
    let small = variation(&admin, borscht, "Small", "100").await;
    let large = variation(&admin, borscht, "Large", "200").await;
    let other = variation(&admin, ukha, "Bowl", "150").await;
    let path = format!("/dishes/{borscht}/variations/order");
    admin.put(&path, &json!({"ids": [large, small]})).await.ok();
    admin.put(&path, &json!({"ids": [other]})).await.refused(404, "not_found");
    let found = admin.get(&format!("/dishes/{borscht}/variations")).await.ok();
    assert_eq!(names(&found["variations"]), ["Large", "Small"]);
}

#[tokio::test]
async fn who_edits_sees_also_what_guests_do_not() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let soups = category(&admin, "Soups").await;
    let (borscht, _) = (dish(&admin, soups, "Borscht").await, dish(&admin, soups, "Ukha").await);
    let bowl = variation(&admin, borscht, "Bowl", "350").await;
    let away = json!({"is_available": false});
    let path = format!("/dishes/{borscht}/variations/{bowl}/availability");
    admin.patch(&path, &away).await.ok();
    admin.patch(&format!("/dishes/{borscht}/availability"), &away).await.ok();
    admin.patch(&format!("/categories/{soups}"), &json!({"is_active": false})).await.ok();
    admin.post("/categories", &json!({"name": "Drinks", "sort_order": 9})).await.created();

    let menu = app.waiter().await.get("/dishes/menu/whole").await.ok();
    assert_eq!(told(&menu), "Soups: Borscht Ukha; Drinks: ");
    let dish = &menu["categories"][0]["dishes"][0];
    assert_eq!(dish["variations"][0]["price"], "350.00");
    assert_eq!(dish["variations"][0]["is_available"], false);
    assert_eq!(told(&app.anonymous().get("/dishes/menu").await.ok()), "Drinks: ");
    app.anonymous().get("/dishes/menu/whole").await.refused(401, "no_token");
}
