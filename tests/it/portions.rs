//! Portions that are counted down, and dishes that stop with their goods.

use serde_json::{Value, json};

use crate::harness::{Cellar, House, eventually, id};

fn takeaway(dish: i64, quantity: i64) -> Value {
    json!({"order_type": "TAKEAWAY", "items": [{"dish_id": dish, "quantity": quantity}]})
}

#[tokio::test]
async fn the_last_portions_are_sold_once_and_come_back_when_nobody_has_begun() {
    let house = House::open().await;
    let path = format!("/stop-list/{}", house.borscht_portion);
    let list = house.kitchen.put(&path, &json!({"left": 5})).await.ok();
    assert_eq!(list["entries"][0]["countdown"], 5);
    let orders = (0..8).map(|_| {
        let (waiter, body) = (house.waiter.clone(), takeaway(house.borscht, 1));
        tokio::spawn(async move { waiter.post("/orders/", &body).await })
    });
    let (mut taken, mut latest) = (0, None);
    for order in orders.collect::<Vec<_>>() {
        let reply = order.await.unwrap();
        if reply.status == 201 {
            taken += 1;
            latest = Some(reply.created());
        } else {
            let detail = reply.refused(409, "portions_left");
            assert!(detail.contains("Borscht"), "{detail}");
        }
    }
    assert_eq!(taken, 5);
    let left = async || house.waiter.get("/stop-list").await.ok()["entries"][0].clone();
    assert_eq!(
        (&left().await["countdown"], &left().await["is_sold_out"]),
        (&json!(0), &json!(true))
    );
    // Something else of the same basket is not ordered half.
    let both = json!({"order_type": "TAKEAWAY", "items": [
        {"dish_id": house.pizza, "quantity": 1}, {"dish_id": house.borscht, "quantity": 1}]});
    house.waiter.post("/orders/", &both).await.refused(409, "portions_left");
    house.waiter.post("/orders/", &takeaway(house.pizza, 1)).await.created();
    let order = latest.unwrap();
    let line = format!("/orders/{}/items/{}", id(&order), order["items"][0]["id"]);
    house.waiter.patch(&line, &json!({"quantity": 2})).await.refused(409, "portions_left");
    house.waiter.delete(&format!("{line}?reason=mistake")).await.ok();
    assert_eq!(left().await["countdown"], 1);
    let order = house.waiter.post("/orders/", &takeaway(house.borscht, 1)).await.created();
    // What is begun does not come back.
    let item = id(&order["items"][0]);
    house.move_item(&house.kitchen, item, "IN_PREPARATION").await.ok();
    let line = format!("/orders/{}/items/{item}?reason=spoilt", id(&order));
    house.admin.delete(&line).await.ok();
    assert_eq!(left().await["countdown"], 0);
    // An order that is called off whole gives back what nobody has begun.
    house.kitchen.put(&path, &json!({"left": 3})).await.ok();
    let order = house.waiter.post("/orders/", &takeaway(house.borscht, 2)).await.created();
    assert_eq!(left().await["countdown"], 1);
    let cancelled = json!({"status": "CANCELLED", "reason": "left"});
    house.admin.patch(&format!("/orders/{}/status", id(&order)), &cancelled).await.ok();
    assert_eq!(left().await["countdown"], 3);
    house.kitchen.put(&path, &json!({"left": null})).await.ok();
    house.waiter.post("/orders/", &takeaway(house.borscht, 1)).await.created();
    house.waiter.put(&path, &json!({"left": 1})).await.refused(403, "wrong_role");
    house.kitchen.put("/stop-list/999", &json!({"left": 1})).await.refused(404, "not_found");
}

#[tokio::test]
async fn goods_that_run_out_stop_a_dish_until_they_come() {
    let cellar = Cellar::with_recipes().await;
    let house = &cellar.house;
    let watch = json!({"watch": "STOP"});
    house.admin.patch(&format!("/stock/goods/{}", cellar.beetroot), &watch).await.ok();
    cellar.buys(cellar.beetroot, 200, "10.00").await;
    let list = house.admin.get("/stop-list").await.ok();
    assert_eq!(
        (&list["entries"][0]["goods"], &list["entries"][0]["countdown"]),
        (&json!(2), &Value::Null)
    );
    house.waiter.post("/orders/", &takeaway(house.borscht, 3)).await.refused(409, "portions_left");
    house.waiter.post("/orders/", &takeaway(house.borscht, 2)).await.created();
    eventually("the stop", async || {
        house.admin.get("/stop-list").await.ok()["entries"][0]["goods"] == 0
    })
    .await;
    house.waiter.post("/orders/", &takeaway(house.borscht, 1)).await.refused(409, "portions_left");
    // Another source does not lift it.
    let path = format!("/stop-list/{}", house.borscht_portion);
    house.admin.put(&path, &json!({"left": 10})).await.ok();
    house.waiter.post("/orders/", &takeaway(house.borscht, 1)).await.refused(409, "portions_left");
    cellar.buys(cellar.beetroot, 1000, "40.00").await;
    house.waiter.post("/orders/", &takeaway(house.borscht, 1)).await.created();
}

/// The menu has what can be had, and open pages hear of it with the last portion, not with each.
#[tokio::test]
async fn the_menu_is_without_what_ran_out() {
    let house = House::open().await;
    let path = format!("/stop-list/{}", house.borscht_portion);
    house.kitchen.put(&path, &json!({"left": 2})).await.ok();
    let has = async || {
        let menu = house.admin.get("/dishes/menu").await.ok();
        menu.to_string().contains("\"Borscht\"")
    };
    let told = || {
        let sql = "SELECT count(*) FROM events WHERE kind = 'menu_changed'";
        house.app.database().query_row::<i64, _, _>(sql, [], |row| row.get(0)).unwrap()
    };
    let before = told();
    house.waiter.post("/orders/", &takeaway(house.borscht, 1)).await.created();
    assert!(has().await && told() == before, "one is left");
    let order = house.waiter.post("/orders/", &takeaway(house.borscht, 1)).await.created();
    assert!(!has().await && told() == before + 1, "none is left");
    let line = format!("/orders/{}/items/{}", id(&order), order["items"][0]["id"]);
    house.waiter.delete(&format!("{line}?reason=mistake")).await.ok();
    assert!(has().await && told() == before + 2, "one came back");
}
