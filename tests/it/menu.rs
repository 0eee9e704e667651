//! Categories, dishes, variations, ingredients, and the menu that guests read.

use qres::menu::sellable;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Client, Reply, TestApp};

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
            department, quantity, price, status, created_at, updated_at)
         VALUES (1, {dish}, {variation}, 'd', 'v', 'hot', 1, 1, 'READY', 0, 0);"
    ))
    .unwrap();
}

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
        ("description", json!("")),
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
async fn guests_see_what_is_sold_and_nothing_else() {
    let app = TestApp::start().await;
    let (admin, guest) = (app.admin().await, app.anonymous());
    assert_eq!(guest.get("/dishes/menu").await.ok(), json!({"categories": []}));
    let soups = category(&admin, "Soups").await;
    let closed = json!({"name": "Winter", "is_active": false});
    let closed = id(&admin.post("/categories", &closed).await.created());
    let milk =
        admin.post("/ingredients", &json!({"name": "Milk", "is_allergen": true})).await.created();
    let beet = admin.post("/ingredients", &json!({"name": "Beet"})).await.created();
    let borscht = json!({"name": "Borscht", "description": "Red.", "category_id": soups,
        "sort_order": 2, "ingredient_ids": [milk["id"], beet["id"]],
        "translations": {"ru": {"name": "Борщ"}}});
    let borscht = id(&admin.post("/dishes", &borscht).await.created());
    let ukha = dish(&admin, soups, "Ukha").await;
    let unsold = dish(&admin, soups, "Without a price").await;
    let hidden = dish(&admin, closed, "Mulled wine").await;
    for dish in [borscht, ukha, hidden] {
        variation(&admin, dish, "Small", "250.5").await;
    }
    let large = variation(&admin, borscht, "Large", "350").await;

    let menu = guest.get("/api/dishes/menu/").await.ok();
    assert_eq!(names(&menu["categories"]), ["Soups"]);
    let dishes = &menu["categories"][0]["dishes"];
    assert_eq!(names(dishes), ["Ukha", "Borscht"]);
    assert_eq!(dishes[1]["translations"]["ru"]["name"], "Борщ");
    assert_eq!(
        dishes[1]["allergens"],
        json!([{"id": milk["id"], "name": "Milk", "translations": {}}])
    );
    assert_eq!(names(&dishes[1]["variations"]), ["Small", "Large"]);
    assert_eq!(dishes[1]["variations"][0]["price"], "250.50");
    assert!(!menu.to_string().contains("Mulled") && !menu.to_string().contains("Without"));

    let away = json!({"is_available": false});
    let path = format!("/dishes/{borscht}/variations/{large}/availability");
    admin.patch(&path, &away).await.ok();
    admin.patch(&format!("/dishes/{ukha}/availability"), &away).await.ok();
    variation(&admin, unsold, "At last", "1").await;
    admin.patch(&format!("/categories/{closed}"), &json!({"is_active": true})).await.ok();
    let menu = guest.get("/dishes/menu").await.ok();
    assert_eq!(names(&menu["categories"]), ["Soups", "Winter"]);
    let dishes = &menu["categories"][0]["dishes"];
    assert_eq!(names(dishes), ["Without a price", "Borscht"]);
    assert_eq!(names(&dishes[1]["variations"]), ["Small"]);
}

async fn menu(guest: &Client, headers: &[(&str, &str)]) -> Reply {
    let mut request = guest.request(Method::GET, "/dishes/menu");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    guest.send(request).await
}

#[tokio::test]
async fn an_unchanged_menu_does_not_travel_twice() {
    let app = TestApp::start().await;
    let (admin, guest) = (app.admin().await, app.anonymous());
    let soups = category(&admin, "Soups").await;
    let borscht = dish(&admin, soups, "Borscht").await;
    variation(&admin, borscht, "Bowl", "350").await;

    let plain = menu(&guest, &[]).await;
    let tag = plain.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(plain.headers["cache-control"], "no-cache");
    assert_eq!(plain.headers["vary"], "accept-encoding");
    assert!(!plain.headers.contains_key("content-encoding"));
    assert!(tag.starts_with('"') && tag.ends_with('"'));
    let again = menu(&guest, &[("if-none-match", &tag)]).await;
    assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
    assert_eq!(again.headers["etag"], tag.as_str());
    assert_eq!(again.headers["vary"], "accept-encoding");

    let availability = format!("/dishes/{borscht}/availability");
    admin.patch(&availability, &json!({"is_available": false})).await.ok();
    let changed = menu(&guest, &[("if-none-match", &tag)]).await;
    assert_ne!(changed.headers["etag"], tag.as_str());
    assert_eq!(changed.ok()["categories"][0]["dishes"], json!([]));
    // The tag is of the content: the same menu has the same tag again.
    admin.patch(&availability, &json!({"is_available": true})).await.ok();
    assert_eq!(menu(&guest, &[("if-none-match", &tag)]).await.status, 304);
}

#[tokio::test]
async fn a_menu_travels_compressed_to_those_who_can_read_it() {
    use std::io::Read;
    let app = TestApp::start().await;
    let (admin, guest) = (app.admin().await, app.anonymous());
    category(&admin, "Soups").await;
    let plain = menu(&guest, &[]).await;
    let mut request = guest.request(Method::GET, "/dishes/menu");
    request = request.header("accept-encoding", "br;q=1, gzip;q=0.8");
    let small = reqwest::Client::new().execute(request.build().unwrap()).await.unwrap();
    assert_eq!(small.headers()["content-encoding"], "gzip");
    assert_eq!(small.headers()["vary"], "accept-encoding");
    let tag = small.headers()["etag"].to_str().unwrap().to_owned();
    assert_ne!(plain.headers["etag"], tag.as_str());
    let mut unpacked = Vec::new();
    let bytes = small.bytes().await.unwrap();
    flate2::read::GzDecoder::new(bytes.as_ref()).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain.bytes);
    let again = menu(&guest, &[("accept-encoding", "gzip"), ("if-none-match", &tag)]).await;
    assert_eq!(again.status, 304);
    let refusing = menu(&guest, &[("accept-encoding", "gzip;q=0")]).await;
    assert!(!refusing.headers.contains_key("content-encoding"));
}

/// A reader must not bring back what was sold before a switch that was already answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_menu_is_never_older_than_the_last_answered_change() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let soups = category(&admin, "Soups").await;
    let borscht = dish(&admin, soups, "Borscht").await;
    variation(&admin, borscht, "Bowl", "350").await;
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let guest = app.anonymous();
            tokio::spawn(async move {
                loop {
                    guest.get("/dishes/menu").await.ok();
                }
            })
        })
        .collect();
    let guest = app.anonymous();
    for turn in 0..40 {
        let is_available = turn % 2 == 1;
        let body = json!({"is_available": is_available});
        admin.patch(&format!("/dishes/{borscht}/availability"), &body).await.ok();
        let menu = guest.get("/dishes/menu").await.ok();
        let dishes = menu["categories"][0]["dishes"].as_array().unwrap().len();
        assert_eq!(dishes, usize::from(is_available), "turn {turn}");
    }
    for reader in readers {
        assert!(!reader.is_finished(), "a reader failed");
        reader.abort();
        let _ = reader.await;
    }
}

#[tokio::test]
async fn an_order_takes_what_can_be_sold() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let drinks = category(&admin, "Drinks").await;
    let tea = json!({"name": "Tea", "description": "Black.", "category_id": drinks,
        "department": "bar", "cooking_time": 5, "main_image_url": "/tea.webp"});
    let tea = id(&admin.post("/dishes", &tea).await.created());
    let coffee = dish(&admin, drinks, "Coffee").await;
    let espresso = variation(&admin, coffee, "Espresso", "120").await;
    let ask =
        async |dish, variation| app.app.store.read(move |db| sellable(db, dish, variation)).await;
    let code = async |dish, variation| {
        let error = ask(dish, variation).await.unwrap_err();
        (error.status(), error.problem().code)
    };
    let unavailable = (400, "dish_unavailable");

    let error = ask(tea, None).await.unwrap_err();
    assert_eq!((error.status(), error.problem().code), unavailable, "no variation yet");
    assert_eq!(error.problem().params["dish"], "Tea");
    assert_eq!(error.problem().params["dish_id"], tea);

    let path = format!("/dishes/{tea}/variations");
    let cup = json!({"name": "Cup", "price": "150.50", "sort_order": 3});
    let cup = id(&admin.post(&path, &cup).await.created());
    let pot = json!({"name": "Pot", "price": 350, "sort_order": 2});
    let pot = id(&admin.post(&path, &pot).await.created());
    let jug = json!({"name": "Jug", "price": 500, "sort_order": 2});
    let jug = id(&admin.post(&path, &jug).await.created());
    let sold = ask(tea, None).await.unwrap();
    assert_eq!((sold.dish_id, sold.variation_id), (tea, cup), "the default one");
    assert_eq!((sold.dish_name.as_str(), sold.variation_name.as_str()), ("Tea", "Cup"));
    assert_eq!((sold.price.0, sold.department.as_str()), (15_050, "bar"));
    assert_eq!((sold.cooking_time, sold.image_url.as_deref()), (Some(5), Some("/tea.webp")));
    assert_eq!(ask(tea, Some(jug)).await.unwrap().price.0, 50_000);

    let (away, back) = (json!({"is_available": false}), json!({"is_available": true}));
    let switch = async |variation, body: &Value| {
        admin.patch(&format!("{path}/{variation}/availability"), body).await.ok();
    };
    switch(cup, &away).await;
    assert_eq!(ask(tea, None).await.unwrap().variation_id, pot, "the first available one");
    assert_eq!(code(tea, Some(cup)).await, unavailable);
    switch(pot, &away).await;
    assert_eq!(ask(tea, None).await.unwrap().variation_id, jug);
    switch(jug, &away).await;
    assert_eq!(code(tea, None).await, unavailable);
    switch(cup, &back).await;

    assert_eq!(code(99, None).await, (404, "not_found"));
    assert_eq!(code(tea, Some(99)).await, (404, "not_found"));
    assert_eq!(code(tea, Some(espresso)).await, (404, "not_found"));
    assert_eq!(code(99, Some(espresso)).await, (404, "not_found"));

    let dish_switch = format!("/dishes/{tea}/availability");
    admin.patch(&dish_switch, &away).await.ok();
    assert_eq!(code(tea, None).await, unavailable);
    assert_eq!(code(tea, Some(cup)).await, unavailable);
    admin.patch(&dish_switch, &back).await.ok();
    admin.patch(&format!("/categories/{drinks}"), &json!({"is_active": false})).await.ok();
    assert_eq!(code(tea, Some(cup)).await, unavailable);
    admin.patch(&format!("/categories/{drinks}"), &json!({"is_active": true})).await.ok();
    assert!(ask(tea, Some(cup)).await.is_ok());
    admin.delete(&format!("/dishes/{tea}")).await.ok();
    assert_eq!(code(tea, None).await, (404, "not_found"));
    assert_eq!(code(tea, Some(cup)).await, (404, "not_found"));
}
