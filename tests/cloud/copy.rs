//! What the box does is in the cloud, whatever breaks in between.

use serde_json::json;

use crate::harness::House;
use crate::postgres::Postgres;
use crate::same::until_same;

#[tokio::test(flavor = "multi_thread")]
async fn what_the_box_does_is_in_the_cloud() {
    let postgres = Postgres::start().await;
    let site = postgres.site("Trattoria").await;
    let house = House::open_with(|settings| {
        settings.cloud.enrolment = Some(site.to_text());
        settings.cloud.hardware = Some("the box".into());
    })
    .await;
    let database = house.app.folder.path().join("data/qres.db");
    until_same(&database, &postgres, site.site_id).await;
    let order = house.place().await;
    let pay = json!({"payment_method_id": house.cash, "payment_status": "PAID"});
    house.waiter.patch(&format!("/orders/{}/payment", order["id"]), &pay).await.ok();
    until_same(&database, &postgres, site.site_id).await;
    let owner = postgres.owner().await;
    let sold = owner
        .client()
        .query_one("SELECT orders, amount::text FROM qres.sales_by_site", &[])
        .await
        .unwrap();
    assert_eq!((sold.get::<_, i64>(0), sold.get::<_, &str>(1)), (1, "350.0000"));
}
