//! What a head office publishes.

use qres::appliance::tables;
use qres::features::cloud::Scope;
use serde_json::{Value, json};

use crate::copy::enrolled;
use crate::harness::{House, id};
use crate::postgres::Postgres;
use crate::status;

#[tokio::test(flavor = "multi_thread")]
async fn a_menu_of_the_head_office_runs_and_what_is_sold_out_stays_so() {
    let postgres = Postgres::start().await;
    let site = postgres.site("Chain").await;
    let house = House::open_with(enrolled(&site)).await;
    let off = json!({"is_available": false});
    house.admin.patch(&format!("/dishes/{}/availability", house.borscht), &off).await.ok();
    house.place_takeaway_pizza().await;
    let menu = json!({"categories": [{"name": "Food", "dishes": [
        {"name": "Borscht", "department": "hot", "is_available": true,
         "variations": [{"name": "Portion", "price": "399.00"}]},
        {"name": "Pelmeni", "department": "hot", "variations": [{"name": "Plate", "price": "500"}]}]}]});
    let owner = postgres.owner().await;
    let version = owner.publish(&menu, &Scope::All, false).await.unwrap();
    house.admin.post("/cloud/menu/apply", &json!({})).await.ok();
    status::until(&house, |status| status["running_menu"] == version).await;
    let dishes = house.admin.get("/dishes").await.ok();
    let names: Vec<&str> = dishes["dishes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|dish| dish["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Borscht", "Pelmeni"], "the pizza is off, its orders stay");
    let borscht = house.admin.get(&format!("/dishes/{}", house.borscht)).await.ok();
    assert_eq!(borscht["is_available"], false, "sold out is the box's own word");
    // A menu that cannot be used is refused with a reason, and the one before runs on.
    let bad = json!({"categories": [{"name": "Food", "dishes": [{"name": "X"}]}]});
    let bad = owner.publish(&bad, &Scope::Site("Chain".into()), false).await.unwrap();
    house.admin.post("/cloud/menu/apply", &json!({})).await.ok();
    let told = "SELECT menu_version, menu_problem FROM qres.sites";
    let began = std::time::Instant::now();
    loop {
        let row = owner.client().query_one(told, &[]).await.unwrap();
        if let Some(problem) = row.get::<_, Option<&str>>(1) {
            assert!(problem.starts_with(&format!("version {bad}: ")), "{problem}");
            assert_eq!(row.get::<_, i64>(0), version);
            break;
        }
        assert!(began.elapsed() < std::time::Duration::from_mins(1), "no problem is told");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

impl House {
    async fn place_takeaway_pizza(&self) {
        let order =
            json!({"order_type": "TAKEAWAY", "items": [{"dish_id": self.pizza, "quantity": 1}]});
        self.waiter.post("/orders/", &order).await.created();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn menu_prices_tax_and_settings_wait_for_closing_and_are_shown_before() {
    let postgres = Postgres::start().await;
    let site = postgres.site("Evening").await;
    let house = House::open_with(enrolled(&site)).await;
    let open = house.place().await;
    let version = json!({
        "restaurant": {"name": "Another name", "timezone": "Asia/Tokyo", "languages": ["en", "ru"],
                       "guest_orders": "direct", "tax_percent": "20"},
        "categories": [{"name": "Food", "dishes": [
            {"name": "Borscht", "department": "hot",
             "variations": [{"name": "Portion", "price": "420.00"}]}]}]});
    let owner = postgres.owner().await;
    let number = owner.publish(&version, &Scope::All, true).await.unwrap();
    // A commit wakes the copy, and then it looks.
    let other = json!({"cooking_time": 16});
    house.admin.patch(&format!("/dishes/{}", house.borscht), &other).await.ok();
    let told = status::until(&house, |status| status["planned"] != Value::Null).await;
    assert_eq!((&told["published_menu"], &told["running_menu"]), (&json!(number), &Value::Null));
    let changes = told["planned"]["changes"].as_array().unwrap();
    let price = changes.iter().flat_map(|change| change["fields"].as_array().unwrap());
    let price = price.filter(|field| field["field"] == "price").collect::<Vec<_>>();
    assert!(price.iter().any(|field| field["to"] == "420.00"), "{told}");
    let site_now = changes.iter().find(|change| change["what"] == "restaurant").unwrap();
    let fields: Vec<&Value> = site_now["fields"].as_array().unwrap().iter().collect();
    let names: Vec<&str> = fields.iter().map(|field| field["field"].as_str().unwrap()).collect();
    assert_eq!(names, ["languages", "guest_orders", "tax_percent"], "name and zone are its own");
    assert_eq!(told["planned"]["counts"]["dishes"]["removed"], 1, "{told}");
    assert_eq!(open["tax_included"], "0.00");
    // Everybody has gone.
    house.move_order(&house.admin, id(&open), "CANCELLED").await.ok();
    status::until(&house, |status| status["running_menu"] == number).await;
    // What is said of the restaurant is read anew after the version is in.
    let known =
        status::until_at(&house.admin, "/restaurant", |known| known["tax_percent"] == "20").await;
    assert_eq!(known["name"], "Test", "{known}");
    assert_eq!(known["guest_orders"], "direct");
    assert_eq!(known["languages"], json!(["en", "ru"]));
    let next = house.place().await;
    let bill = (&next["total_price"], &next["tax_percent"], &next["tax_included"]);
    assert_eq!(bill, (&json!("420.00"), &json!("20"), &json!("70.00")), "{next}");
    let reported = "SELECT menu_version FROM qres.sites";
    let began = std::time::Instant::now();
    while owner.client().query_one(reported, &[]).await.unwrap().get::<_, i64>(0) != number {
        assert!(began.elapsed() < std::time::Duration::from_mins(1), "it is not reported");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_reaches_its_group_and_prices_in_another_currency_nobody() {
    let postgres = Postgres::start().await;
    let mut owner = postgres.owner().await;
    owner.init(tables()).await.unwrap();
    let north = owner.add_site("North", Some("coast")).await.unwrap();
    let south = owner.add_site("South", Some("hills")).await.unwrap();
    let house = House::open_with(enrolled(&north)).await;
    let other = House::open_with(enrolled(&south)).await;
    let menu = |price: &str, currency: &str| {
        json!({"restaurant": {"currency": currency}, "categories": [{"name": "Food", "dishes": [
            {"name": "Borscht", "department": "hot",
             "variations": [{"name": "Portion", "price": price}]}]}]})
    };
    let scope = || Scope::Group("coast".into());
    let first = owner.publish(&menu("411", "RUB"), &scope(), false).await.unwrap();
    house.place().await;
    other.place().await;
    status::until(&house, |status| status["running_menu"] == first).await;
    let wrong = owner.publish(&menu("4.11", "EUR"), &scope(), false).await.unwrap();
    house.place().await;
    let told = status::until(&house, |status| status["menu_problem"] != Value::Null).await;
    assert!(told["menu_problem"].as_str().unwrap().contains("prices are in EUR"), "{told}");
    assert_eq!((&told["published_menu"], &told["running_menu"]), (&json!(wrong), &json!(first)));
    let told = status::until(&other, |status| status["waiting_rows"] == 0).await;
    assert_eq!(told["published_menu"], Value::Null, "the hills hear nothing of the coast");
}

/// What a distributed PostgreSQL needs.
#[tokio::test(flavor = "multi_thread")]
async fn every_key_of_a_copied_table_begins_with_the_site() {
    let postgres = Postgres::start().await;
    postgres.site("Keys").await;
    let owner = postgres.owner().await;
    let keys = "SELECT t.relname::text, i.relname::text, a.attname::text, x.indisprimary
                FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid
                JOIN pg_class i ON i.oid = x.indexrelid
                JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'qres'
                JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]";
    let keys = owner.client().query(keys, &[]).await.unwrap();
    let mut primary = 0;
    for row in &keys {
        let (table, key, first): (&str, &str, &str) = (row.get(0), row.get(1), row.get(2));
        if tables().copied().iter().any(|copied| copied.name == table) {
            assert_eq!(first, "site_id", "{key} of {table}");
            primary += usize::from(row.get::<_, bool>(3));
        }
    }
    assert_eq!(primary, tables().copied().len(), "each copied table has a key");
    let links = "SELECT count(*) FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
                 WHERE n.nspname = 'qres' AND c.contype IN ('f', 'x')";
    assert_eq!(owner.client().query_one(links, &[]).await.unwrap().get::<_, i64>(0), 0);
    let triggers = "SELECT count(*) FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
                    JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = 'qres'";
    assert_eq!(owner.client().query_one(triggers, &[]).await.unwrap().get::<_, i64>(0), 0);
}
