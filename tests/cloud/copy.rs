//! What the box does is in the cloud, whatever breaks in between.

use std::sync::atomic::Ordering;

use qres::appliance::tables;
use qres::platform::config::Enrolment;
use qres::platform::config::Settings;
use serde_json::{Value, json};

use crate::harness::{House, id};
use crate::postgres::{Postgres, by_way_of};
use crate::same::{difference, until_same};
use crate::wire::{Dice, Wire};

/// A box that belongs to this site.
pub fn enrolled(site: &Enrolment) -> impl FnOnce(&mut Settings) + use<> {
    let text = site.to_text();
    move |settings| {
        settings.cloud.enrolment = Some(text);
        settings.cloud.hardware = Some("the box".into());
    }
}

pub fn database(house: &House) -> std::path::PathBuf {
    house.app.folder.path().join("data/qres.db")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_box_does_is_in_the_cloud() {
    let postgres = Postgres::start().await;
    let site = postgres.site("Trattoria").await;
    let house = House::open_with(enrolled(&site)).await;
    until_same(&database(&house), &postgres, site.site_id).await;
    let order = house.place().await;
    let pay = json!({"payment_method_id": house.cash, "payment_status": "PAID"});
    house.waiter.patch(&format!("/orders/{}/payment", order["id"]), &pay).await.ok();
    until_same(&database(&house), &postgres, site.site_id).await;
    let owner = postgres.owner().await;
    let sold = "SELECT orders, amount::text FROM qres.sales_by_site";
    let sold = owner.client().query_one(sold, &[]).await.unwrap();
    assert_eq!((sold.get::<_, i64>(0), sold.get::<_, &str>(1)), (1, "350.0000"));
    let status = crate::status::until(&house, |status| status["waiting_rows"] == 0).await;
    assert_eq!((&status["connected"], &status["trouble"]), (&json!(true), &Value::Null));
    assert_ne!(status["synced_at"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_over_a_wire_that_breaks_and_a_cloud_that_dies() {
    let mut postgres = Postgres::start().await;
    let site = postgres.site("Storm").await;
    let wire = Wire::breaking(postgres.port, 60_000, 7).await;
    let house = House::open_with(enrolled(&by_way_of(&site, wire.port))).await;
    let mut dice = Dice::new(42);
    for round in 0..60 {
        do_something(&house, &mut dice).await;
        if round == 20 {
            postgres.kill();
        }
        if round == 40 {
            postgres.run().await;
        }
    }
    // On a quick machine more has to be said until the wire has broken often enough.
    let mut more = 0;
    while wire.cuts.load(Ordering::Relaxed) < 3 {
        do_something(&house, &mut dice).await;
        more += 1;
        assert!(more < 1000, "the wire does not break");
    }
    until_same(&database(&house), &postgres, site.site_id).await;
}

/// One thing that people do in a restaurant.
pub async fn do_something(house: &House, dice: &mut Dice) {
    let open = house.admin.get("/orders?limit=100").await.ok();
    let orders = open["orders"].as_array().unwrap();
    let some = |dice: &mut Dice| {
        orders.get(usize::try_from(dice.roll(orders.len().max(1) as u64)).unwrap()).map(id)
    };
    let quantity = 1 + dice.roll(5);
    match dice.roll(6) {
        0 | 1 => {
            let table = house.tables[usize::try_from(dice.roll(2)).unwrap()];
            let order = json!({"table_id": table, "items": [
                {"dish_id": house.borscht, "quantity": quantity},
                {"dish_id": house.pizza, "quantity": 1, "comment": "без лука, \"хорошо\" \u{1F355}"}]});
            house.waiter.post("/orders/", &order).await;
        }
        2 => {
            let takeaway = json!({"order_type": "TAKEAWAY", "customer_name": "Ann",
                "items": [{"dish_id": house.pizza, "dish_variation_id": house.pizza_large, "quantity": quantity}]});
            house.waiter.post("/orders/", &takeaway).await;
        }
        3 => {
            if let Some(order) = some(dice) {
                let pay = json!({"payment_method_id": house.card, "payment_status": "PAID"});
                house.admin.patch(&format!("/orders/{order}/payment"), &pay).await;
            }
        }
        4 => {
            if let Some(order) = some(dice) {
                let status =
                    ["COMPLETED", "CANCELLED", "SERVED"][usize::try_from(dice.roll(3)).unwrap()];
                house.move_order(&house.admin, order, status).await;
            }
        }
        _ => {
            let name = format!("Borscht {}", dice.roll(1000));
            house.admin.patch(&format!("/dishes/{}", house.borscht), &json!({"name": name})).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_the_cloud_cannot_take_stops_no_other() {
    let postgres = Postgres::start().await;
    let site = postgres.site("Picky").await;
    let owner = postgres.owner().await;
    owner
        .client()
        .batch_execute("ALTER TABLE qres.orders ADD CHECK (notes <> 'not here')")
        .await
        .unwrap();
    let house = House::open_with(enrolled(&site)).await;
    let mut order = house.borscht_order();
    order["notes"] = json!("not here");
    let refused = house.waiter.post("/orders/", &order).await.created();
    let other =
        json!({"order_type": "TAKEAWAY", "items": [{"dish_id": house.pizza, "quantity": 1}]});
    house.waiter.post("/orders/", &other).await.created();
    let status = crate::status::until(&house, |status| status["refused_count"] == 1).await;
    assert_eq!(status["refused"][0]["table"], "orders");
    assert_eq!(status["refused"][0]["row"], refused["id"]);
    assert!(status["refused"][0]["reason"].as_str().unwrap().contains("check"), "{status}");
    crate::status::until(&house, |status| status["waiting_rows"] == 0).await;
    let there = difference(&database(&house), &postgres, site.site_id).await.unwrap();
    assert!(there.contains("orders: 2 rows here, 1 there"), "{there}");
    // The cloud's owner mends it, and the admin sends the row again.
    let drop = "ALTER TABLE qres.orders DROP CONSTRAINT orders_notes_check";
    owner.client().batch_execute(drop).await.unwrap();
    house.admin.post("/cloud/refused/send-again", &json!({})).await.ok();
    until_same(&database(&house), &postgres, site.site_id).await;
    crate::status::until(&house, |status| status["refused_count"] == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_and_a_cloud_of_different_versions_keep_copying() {
    let postgres = Postgres::start().await;
    let site = postgres.site("Skew").await;
    let mut owner = postgres.owner().await;
    // The cloud is older: it does not know a column of the box; and newer: it has one of its own.
    owner
        .client()
        .batch_execute(
            "ALTER TABLE qres.orders DROP COLUMN kitchen_notes CASCADE;
             ALTER TABLE qres.orders ADD COLUMN of_the_future bigint",
        )
        .await
        .unwrap();
    let house = House::open_with(enrolled(&site)).await;
    let mut order = house.borscht_order();
    order["kitchen_notes"] = json!("quickly");
    let order = house.waiter.post("/orders/", &order).await.created();
    crate::status::until(&house, |status| {
        status["connected"] == true && status["waiting_rows"] == 0 && status["pushed_rows"] != 0
    })
    .await;
    let count = "SELECT count(*) FROM qres.orders";
    assert_eq!(owner.client().query_one(count, &[]).await.unwrap().get::<_, i64>(0), 1);
    // The cloud learns the column; the box sends what it lacks when it comes again.
    owner.init(tables()).await.unwrap();
    let end =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'qres_site%'";
    owner.client().execute(end, &[]).await.unwrap();
    house.move_order(&house.admin, id(&order), "CANCELLED").await;
    until_same(&database(&house), &postgres, site.site_id).await;
}
