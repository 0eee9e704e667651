//! Categories, dishes, variations, ingredients, and the menu that guests read.

mod categories;
mod dishes;
mod editing;
mod ingredients;
mod page;
mod public_menu;
mod sellable;
mod variations;

use serde_json::{Value, json};

use crate::harness::{Client, TestApp};

async fn category(admin: &Client, name: &str) -> i64 {
    id(&admin.post("/categories/", &json!({"name": name})).await.created())
}

async fn dish(admin: &Client, category: i64, name: &str) -> i64 {
    let body = json!({"name": name, "description": "Good.", "category_id": category});
    id(&admin.post("/dishes/", &body).await.created())
}

async fn variation(admin: &Client, dish: i64, name: &str, price: &str) -> i64 {
    let path = format!("/dishes/{dish}/variations/");
    id(&admin.post(&path, &json!({"name": name, "price": price})).await.created())
}

fn id(thing: &Value) -> i64 {
    thing["id"].as_i64().unwrap()
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|thing| thing["name"].as_str().unwrap()).collect()
}

/// Writes a row of an order that has this variation, as the orders will.
fn order(app: &TestApp, dish: i64, variation: i64) {
    let db = rusqlite::Connection::open(app.folder.path().join("data/qres.db")).unwrap();
    db.execute_batch(&format!(
        "INSERT INTO orders (id, business_day, number, order_type, status, payment_status, total,
            created_at, updated_at)
         VALUES (1, 20260501, 1, 'TAKEAWAY', 'PENDING', 'UNPAID', 1, 0, 0);
         INSERT INTO order_items (order_id, dish_id, dish_variation_id, dish_name, variation_name,
            department, quantity, price, gross, status, created_at, updated_at)
         VALUES (1, {dish}, {variation}, 'd', 'v', 'hot', 1000, 1, 1, 'READY', 0, 0);"
    ))
    .unwrap();
}

#[tokio::test]
async fn only_those_who_may_change_the_menu() {
    let app = TestApp::start().await;
    let (admin, nobody) = (app.admin().await, app.anonymous());
    let soups = category(&admin, "Soups").await;
    let borscht = dish(&admin, soups, "Borscht").await;
    let bowl = variation(&admin, borscht, "Bowl", "350").await;
    let one = format!("/dishes/{borscht}/variations/{bowl}");
    let (variations, dish) =
        (format!("/dishes/{borscht}/variations"), format!("/dishes/{borscht}"));
    let category = format!("/categories/{soups}");
    let new_dish = json!({"name": "Ukha", "description": "Fish.", "category_id": soups});
    let new_variation = json!({"name": "Pot", "price": 1});
    let new = json!({"name": "New"});
    for other in [app.manager().await, app.waiter().await, app.kitchen().await] {
        for (path, body) in [
            ("/categories", &new),
            ("/ingredients", &new),
            ("/dishes", &new_dish),
            (&variations, &new_variation),
        ] {
            other.post(path, body).await.refused(403, "wrong_role");
        }
        for path in [&category, &dish, &one] {
            other.patch(path, &new).await.refused(403, "wrong_role");
            other.delete(path).await.refused(403, "wrong_role");
            other.get(path).await.ok();
        }
    }
    let away = json!({"is_available": false});
    for path in [&dish, &one] {
        let path = format!("{path}/availability");
        app.waiter().await.patch(&path, &away).await.refused(403, "wrong_role");
        app.kitchen().await.patch(&path, &away).await.ok();
        app.kitchen().await.patch(&path, &json!({})).await.invalid("is_available");
    }
    for path in ["/categories", "/dishes", "/ingredients", &one] {
        nobody.get(path).await.refused(401, "no_token");
    }
    nobody.get("/dishes/menu").await.ok();
}

#[tokio::test]
async fn every_change_of_the_menu_is_told() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let soups = category(&admin, "Soups").await;
    let borscht = dish(&admin, soups, "Borscht").await;
    let bowl = variation(&admin, borscht, "Bowl", "350").await;
    let milk = id(&admin.post("/ingredients", &json!({"name": "Milk"})).await.created());
    let (category, dish) = (format!("/categories/{soups}"), format!("/dishes/{borscht}"));
    let (variation, milk) = (format!("{dish}/variations/{bowl}"), format!("/ingredients/{milk}"));
    let away = json!({"is_available": false});
    for path in [format!("{dish}/availability"), format!("{variation}/availability")] {
        admin.patch(&path, &away).await.ok();
    }
    for path in [&category, &dish, &variation, &milk] {
        admin.patch(path, &json!({"name": "New"})).await.ok();
    }
    for path in [&milk, &variation, &dish, &category] {
        admin.delete(path).await.ok();
    }
    let db = rusqlite::Connection::open(app.folder.path().join("data/qres.db")).unwrap();
    let mut told = db
        .prepare("SELECT data ->> 'what' FROM events WHERE kind = 'menu_changed' ORDER BY seq")
        .unwrap();
    let told: Vec<String> =
        told.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    let (c, d, v, i) = ("category", "dish", "variation", "ingredient");
    assert_eq!(told, [c, d, v, i, d, v, c, d, v, i, i, v, d, c]);
}
