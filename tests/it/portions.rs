//! Portions that are counted down, and dishes that stop with their goods.

use serde_json::{Value, json};

use crate::harness::{Cellar, Client, House, eventually, id};

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

/// The menu has what can be had and says of how much there are few; open pages hear of each of the last five
/// portions, and of none before.
#[tokio::test]
async fn the_menu_says_what_is_left_and_is_without_what_ran_out() {
    let house = House::open().await;
    let path = format!("/stop-list/{}", house.borscht_portion);
    let left = async || {
        let menu = house.admin.get("/dishes/menu").await.ok();
        let dishes = menu["categories"].as_array().unwrap().iter();
        let mut dishes = dishes.flat_map(|category| category["dishes"].as_array().unwrap());
        let found = dishes.find(|dish| dish["id"] == house.borscht);
        found.map(|dish| dish["variations"][0]["left"].clone())
    };
    let told = || {
        let sql = "SELECT count(*) FROM events WHERE kind = 'menu_changed'";
        house.app.database().query_row::<i64, _, _>(sql, [], |row| row.get(0)).unwrap()
    };
    house.kitchen.put(&path, &json!({"left": 8})).await.ok();
    let begun = told();
    house.waiter.post("/orders/", &takeaway(house.borscht, 2)).await.created();
    assert_eq!((left().await, told()), (Some(Value::Null), begun), "six are enough");
    house.waiter.post("/orders/", &takeaway(house.borscht, 1)).await.created();
    assert_eq!((left().await, told()), (Some(json!(5)), begun + 1));
    house.waiter.post("/orders/", &takeaway(house.borscht, 4)).await.created();
    assert_eq!((left().await, told()), (Some(json!(1)), begun + 2));
    let page = house.waiter.get("/menu").await.text();
    assert!(page.contains("осталось 1") || page.contains("1 left"), "the guests' page says so");
    let order = house.waiter.post("/orders/", &takeaway(house.borscht, 1)).await.created();
    assert_eq!((left().await, told()), (None, begun + 3), "none is left");
    let line = format!("/orders/{}/items/{}", id(&order), order["items"][0]["id"]);
    house.waiter.delete(&format!("{line}?reason=mistake")).await.ok();
    assert_eq!((left().await, told()), (Some(json!(1)), begun + 4), "one came back");
    house.kitchen.put(&path, &json!({"left": null})).await.ok();
    assert_eq!((left().await, told()), (Some(Value::Null), begun + 5), "nobody counts any more");
}

/// One tablet of the race: it sells until nothing is left. Who hears how many are left takes as many, and
/// what else is in the basket with them. Returns how many portions it sold.
async fn sell_until_none(tablet: Client, (scarce, other): (i64, i64), most: i64) -> i64 {
    let (mut sold, mut wanted) = (0, most);
    loop {
        let mut items = vec![json!({"dish_id": other, "quantity": 1})];
        if wanted > 0 {
            items.push(json!({"dish_id": scarce, "quantity": wanted}));
        }
        let basket = json!({"order_type": "TAKEAWAY", "items": items});
        let reply = tablet.post("/orders/", &basket).await;
        if reply.status == 201 {
            assert_eq!(reply.created()["items"].as_array().unwrap().len(), items.len());
            if wanted == 0 {
                return sold;
            }
            (sold, wanted) = (sold + wanted, most);
            continue;
        }
        let problem = reply.json();
        let left = problem["params"]["left"].as_str().map(|left| left.parse::<i64>().unwrap());
        let detail = reply.refused(409, "portions_left");
        let left = left.expect("it says how many are left");
        assert!((0..wanted).contains(&left), "{wanted} were refused with {left} left");
        assert_eq!(detail.contains(&format!("only {left} are left")), left > 0, "{detail}");
        wanted = left;
    }
}

/// Ten tablets sell the last fifty portions beside orders of something else: fifty are sold, nobody's
/// basket is half ordered, and who orders something else hears nothing of it.
#[tokio::test]
async fn ten_tablets_sell_the_last_fifty() {
    let house = House::open().await;
    let path = format!("/stop-list/{}", house.borscht_portion);
    house.kitchen.put(&path, &json!({"left": 50})).await.ok();
    let racing = (0..10).map(|tablet| {
        let dishes = (house.borscht, house.pizza);
        tokio::spawn(sell_until_none(house.waiter.clone(), dishes, 1 + tablet % 3))
    });
    let beside = (0..4).map(|_| {
        let (waiter, body) = (house.waiter.clone(), takeaway(house.pizza, 1));
        tokio::spawn(async move {
            for _ in 0..20 {
                waiter.post("/orders/", &body).await.created();
            }
        })
    });
    let (racing, beside): (Vec<_>, Vec<_>) = (racing.collect(), beside.collect());
    let mut sold = Vec::new();
    for tablet in racing {
        sold.push(tablet.await.unwrap());
    }
    for other in beside {
        other.await.unwrap();
    }
    assert_eq!(sold.iter().sum::<i64>(), 50, "{sold:?}");
    let of = |dish: i64| {
        let sql = "SELECT coalesce(sum(quantity), 0) / 1000 FROM order_items WHERE dish_id = ?1";
        house.app.database().query_row::<i64, _, _>(sql, [dish], |row| row.get(0)).unwrap()
    };
    assert_eq!(of(house.borscht), 50, "and the box has written down as many");
    let list = house.waiter.get("/stop-list").await.ok();
    assert_eq!(
        (&list["entries"][0]["countdown"], &list["entries"][0]["is_sold_out"]),
        (&json!(0), &json!(true))
    );
}
