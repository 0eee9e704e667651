//! What dishes cost, in the reports: by dish, by category, by day; and when an invoice comes late.

use serde_json::{Value, json};

use crate::harness::{Cellar, eventually, id};

/// The cells of a report's row, or of its total, by the names of columns.
async fn told(cellar: &Cellar, kind: &str, label: Option<&str>, columns: &[&str]) -> Vec<Value> {
    let report = cellar.house.admin.get(&format!("/reports/{kind}")).await.ok();
    let row = match label {
        None => &report["total"],
        Some(label) => {
            let rows = report["rows"].as_array().unwrap();
            rows.iter().find(|row| row["label"] == label).unwrap()
        }
    };
    let keys = report["columns"].as_array().unwrap();
    let place = |name: &&str| keys.iter().position(|column| column["key"] == **name).unwrap();
    columns.iter().map(|name| row["values"][place(name)].clone()).collect()
}

const COSTS: [&str; 3] = ["cost", "margin", "food_cost"];

#[tokio::test]
async fn what_a_dish_leaves_is_known_by_dish_category_and_day() {
    let cellar = Cellar::with_recipes().await;
    let house = &cellar.house;
    cellar.buys(cellar.beef, 10_000, "8000.00").await;
    cellar.buys(cellar.beetroot, 5_000, "200.00").await;
    let body = json!({"table_id": house.tables[0], "items": [
        {"dish_id": house.borscht, "quantity": 2}, {"dish_id": house.pizza, "quantity": 1}]});
    let order = house.waiter.post("/orders/", &body).await.created();
    cellar.until(cellar.beetroot, 4_840.0).await;
    let paid = format!("/orders/{}/complete-payment", id(&order));
    house.waiter.post(&paid, &json!({"payment_method_id": house.cash})).await.ok();
    // Two borschts of 350: 100 g of beef at 0.80 and 80 g of beetroot at 0.04 each. A pizza says nothing.
    let expected = [json!("166.40"), json!("533.60"), json!(23.8)];
    for (kind, label) in
        [("dishes", Some("Borscht")), ("days", None), ("dishes", None), ("categories", None)]
    {
        assert_eq!(told(&cellar, kind, label, &COSTS).await, expected, "{kind} {label:?}");
    }
    let none = [json!("0.00"), json!("0.00"), Value::Null];
    let pizza = house.admin.get(&format!("/dishes/{}", house.pizza)).await.ok();
    assert_eq!(told(&cellar, "dishes", pizza["name"].as_str(), &COSTS).await, none);
    // The beef was dearer: its invoice is taken back, and another is written down for the same moment.
    let documents = house.admin.get("/stock/documents?kind=PURCHASE").await.ok();
    let beef = &documents["documents"][1];
    let path = format!("/stock/documents/{}/reverse", id(beef));
    house.admin.post(&path, &json!({"reason": "wrong price"})).await.created();
    let lines = json!([{"good_id": cellar.beef, "quantity": 10_000, "sum": "10000.00"}]);
    cellar.document("PURCHASE", lines, json!({"at": beef["at"]})).await.created();
    let expected = [json!("206.40"), json!("493.60"), json!(29.5)];
    eventually("the late invoice reaches the day", async || {
        told(&cellar, "dishes", Some("Borscht"), &COSTS).await == expected
    })
    .await;
    assert_eq!(told(&cellar, "days", None, &COSTS).await, expected);
    // Made anew from the moves they are the same.
    let kept = || -> Vec<(i64, i64, i64)> {
        let db = house.app.database();
        let mut rows =
            db.prepare("SELECT * FROM daily_costs WHERE cost <> 0 ORDER BY 1, 2").unwrap();
        let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let before = kept();
    assert_eq!(before.len(), 1);
    qres::core::store::count_anew(&house.app.database()).unwrap();
    assert_eq!(kept(), before);
}

#[tokio::test]
async fn what_was_begun_and_taken_off_is_no_cost_of_what_was_sold() {
    let cellar = Cellar::with_recipes().await;
    let house = &cellar.house;
    cellar.buys(cellar.beetroot, 5_000, "200.00").await;
    let order = house.place().await;
    let item = id(&order["items"][0]);
    house.move_item(&house.kitchen, item, "IN_PREPARATION").await.ok();
    cellar.until(cellar.beetroot, 4_920.0).await;
    let path = format!("/orders/{}/items/{item}?reason=spoilt", id(&order));
    house.admin.delete(&path).await.ok();
    eventually("the waste", async || cellar.moves(cellar.beetroot).await.len() == 4).await;
    assert_eq!(told(&cellar, "days", None, &["cost"]).await, ["0.00"]);
}
