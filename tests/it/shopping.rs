//! The shopping list: what is low, and what days like those to come took.

use serde_json::{Value, json};

use crate::harness::{Cellar, id};

const DAY: i64 = 86_400_000;

/// So many days ago, as the API writes moments.
fn days_ago(days: i64) -> Value {
    let now = qres::core::clock::now();
    serde_json::to_value(qres::core::kernel::Timestamp(now.0 - days * DAY)).unwrap()
}

#[tokio::test]
async fn what_such_days_took_is_bought_in_whole_packs_of_whom_it_costs_least() {
    let cellar = Cellar::with_recipes().await;
    let admin = &cellar.house.admin;
    let none = admin.get("/stock/shopping-list").await.ok();
    assert_eq!((&none["suppliers"], &none["total"]), (&json!([]), &json!(0)));
    // Broth was made on this day of the week, and on the one before: 1.2 kg of beef and 4 l of water each.
    for days in [7, 14] {
        let lines = json!([{"good_id": cellar.broth, "quantity": 3000}]);
        cellar.document("PRODUCTION", lines, json!({"at": days_ago(days)})).await.created();
    }
    let packs = json!({"packs": [{"name": "Crate", "quantity": 20_000}, {"name": "Box", "quantity": 5000}]});
    admin.patch(&format!("/stock/goods/{}", cellar.beef), &packs).await.ok();
    let supplier = async |name: &str, price: &str| {
        let body = json!({"name": name, "phone": "+7 900 1234567"});
        let supplier = id(&admin.post("/suppliers", &body).await.created());
        let prices =
            json!({"prices": [{"good_id": cellar.beef, "quantity": 1000, "price": price}]});
        admin.put(&format!("/suppliers/{supplier}/prices"), &prices).await.ok();
        supplier
    };
    supplier("Butcher", "800").await;
    let market = supplier("Market", "790").await;
    let list = admin.get("/stock/shopping-list?days=0").await.ok();
    let of_market = &list["suppliers"][0];
    assert_eq!((&of_market["supplier_id"], &of_market["name"]), (&json!(market), &json!("Market")));
    let beef = &of_market["lines"][0];
    for (what, is) in [
        ("name", json!("Beef")),
        ("there", json!(-2400)),
        ("forecast", json!(1200)),
        ("quantity", json!(5000)),
        ("packs", json!(1)),
        ("pack_name", json!("Box")),
        ("cost", json!("3950.00")),
    ] {
        assert_eq!(beef[what], is, "{what}: {beef}");
    }
    let others = &list["suppliers"][1];
    assert_eq!(others["supplier_id"], Value::Null);
    let water = &others["lines"][0];
    assert_eq!(
        (&water["name"], &water["quantity"], &water["packs"], &water["cost"]),
        (&json!("Water"), &json!(12_000), &Value::Null, &Value::Null)
    );
    assert_eq!(others["lines"].as_array().unwrap().len(), 1, "what is made here is not bought");
    assert_eq!((&list["cost"], &list["total"]), (&json!("3950.00"), &json!(2)));
    // In the week to come there is such a day once more, and the other days took nothing.
    let week = admin.get("/stock/shopping-list?days=7").await.ok();
    assert_eq!(week["suppliers"][0]["lines"][0]["forecast"], 2400);
    // Low, though nothing took it: at least one.
    let low = json!({"low_at": 500});
    admin.patch(&format!("/stock/goods/{}", cellar.beetroot), &low).await.ok();
    let list = admin.get("/stock/shopping-list?days=0").await.ok();
    assert_eq!(list["suppliers"][1]["lines"][0]["quantity"], 500);
    let file = admin.get("/stock/shopping-list?format=csv&days=0").await;
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    let text = file.text();
    assert!(text.contains("Market") && text.contains("Beef"), "{text}");
    assert_eq!(text.lines().count(), 4, "{text}");
    admin.get("/stock/shopping-list?days=15").await.invalid("days");
    cellar.house.waiter.get("/stock/shopping-list").await.refused(403, "wrong_role");
}
