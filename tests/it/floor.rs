//! Locations and tables.

use qres::error::Result;
use qres::store::{Command, Tx};
use serde_json::{Value, json};

use crate::harness::{Client, TestApp};

/// What an import, a hand edit or another feature would write.
struct Sql(String);

impl Command for Sql {
    type Output = ();
    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        Ok(tx.execute_batch(&self.0)?)
    }
}

async fn sql(app: &TestApp, sql: impl Into<String>) {
    app.app.store.run(Sql(sql.into())).await.expect("the statement runs");
}

/// An open order at a table. Its id is also its number.
async fn open_order(app: &TestApp, id: i64, table_id: i64, payment_status: &str) {
    sql(
        app,
        format!(
            "INSERT INTO orders (id, business_day, number, order_type, table_id, status,
                                 payment_status, total, created_at, updated_at)
             VALUES ({id}, 20260101, {id}, 'DINE_IN', {table_id}, 'PENDING', '{payment_status}',
                     0, 0, 0)"
        ),
    )
    .await;
}

async fn close_orders(app: &TestApp) {
    sql(app, "UPDATE orders SET status = 'COMPLETED', closed_at = 1").await;
}

async fn add_location(admin: &Client, name: &str) -> i64 {
    admin.post("/locations", &json!({"name": name})).await.created()["id"].as_i64().unwrap()
}

async fn add_table(admin: &Client, number: i64, location_id: Option<i64>) -> i64 {
    let table = json!({"number": number, "seats": 4, "location_id": location_id});
    admin.post("/tables", &table).await.created()["id"].as_i64().unwrap()
}

/// How many times the floor was said to have changed.
async fn changes(app: &TestApp) -> i64 {
    let count = |db: &qres::store::Connection| {
        let sql = "SELECT count(*) FROM events WHERE kind = 'table_changed'";
        Ok(db.query_row(sql, [], |row| row.get(0))?)
    };
    app.app.store.read(count).await.expect("a count")
}

#[tokio::test]
async fn an_admin_manages_locations() {
    let app = TestApp::start().await;
    let (admin, waiter) = (app.admin().await, app.waiter().await);
    let body = json!({"name": " Зал ", "description": " ", "color": "#B93A24"});
    let hall = admin.post("/locations/", &body).await.created();
    assert_eq!((&hall["name"], &hall["color"]), (&json!("Зал"), &json!("#B93A24")));
    assert_eq!((&hall["description"], &hall["is_active"]), (&Value::Null, &json!(true)));
    let id = hall["id"].as_i64().unwrap();
    admin.post("/locations", &json!({"name": "Зал"})).await.refused(400, "name_taken");
    admin.post("/locations", &json!({"name": "Bar", "color": "red"})).await.invalid("color");
    admin.post("/locations", &json!({"name": ""})).await.invalid("name");
    waiter.post("/locations", &json!({"name": "Bar"})).await.refused(403, "wrong_role");
    admin.post("/locations", &json!({"name": "Bar", "is_active": false})).await.created();

    assert_eq!(waiter.get("/locations").await.ok()["total"], 2);
    let active = waiter.get("/locations?is_active=true&limit=1").await.ok();
    assert_eq!((&active["total"], &active["locations"][0]["id"]), (&json!(1), &json!(id)));
    app.anonymous().get("/locations").await.refused(401, "no_token");

    let path = format!("/locations/{id}");
    let changes = json!({"name": "Hall", "color": null, "description": "By the oven"});
    let changed = admin.patch(&path, &changes).await.ok();
    assert_eq!((&changed["name"], &changed["color"]), (&json!("Hall"), &Value::Null));
    assert_eq!(admin.patch(&path, &json!({})).await.ok()["description"], "By the oven");
    admin.patch(&path, &json!({"name": "Bar"})).await.refused(400, "name_taken");
    waiter.patch(&path, &json!({"name": "Den"})).await.refused(403, "wrong_role");
    waiter.get("/locations/99").await.refused(404, "not_found");
    admin.patch("/locations/99", &json!({})).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_location_takes_its_tables_with_it() {
    let app = TestApp::start().await;
    let (admin, waiter) = (app.admin().await, app.waiter().await);
    let hall = add_location(&admin, "Hall").await;
    let (one, two) =
        (add_table(&admin, 1, Some(hall)).await, add_table(&admin, 2, Some(hall)).await);
    add_table(&admin, 3, None).await;
    let path = format!("/locations/{hall}");
    assert_eq!(waiter.get(&path).await.ok()["tables_count"], 2);
    let page = waiter.get(&format!("{path}/tables?skip=1")).await.ok();
    assert_eq!((&page["total"], &page["tables"][0]["id"]), (&json!(2), &json!(two)));
    waiter.get("/locations/99/tables").await.refused(404, "not_found");

    open_order(&app, 1, one, "UNPAID").await;
    let off = json!({"is_active": false});
    let why = admin.patch(&path, &off).await.refused(400, "location_in_use");
    assert!(why.contains("Table 1"), "{why}");
    admin.delete(&path).await.refused(400, "location_in_use");
    close_orders(&app).await;

    waiter.patch(&format!("/tables/{two}/status"), &json!({"is_occupied": true})).await.ok();
    admin.patch(&path, &off).await.ok();
    let tables = waiter.get("/tables?is_active=false").await.ok();
    assert_eq!(tables["total"], 2);
    assert_eq!(tables["tables"][1]["is_occupied"], false);
    let on = json!({"is_active": true});
    let why = admin.patch(&format!("/tables/{one}"), &on).await;
    assert!(why.refused(400, "location_inactive").contains("Hall"));
    let table = json!({"number": 4, "seats": 2, "location_id": hall});
    admin.post("/tables", &table).await.refused(400, "location_inactive");
    waiter
        .patch(&format!("/tables/{two}/status"), &json!({"is_occupied": true}))
        .await
        .refused(400, "table_inactive");

    admin.patch(&path, &on).await.ok();
    assert_eq!(waiter.get("/tables?is_active=true").await.ok()["total"], 1, "tables stay off");
    let sync = format!("{path}/sync-tables");
    assert_eq!(admin.patch(&sync, &json!(null)).await.ok()["data"]["updated"], 0);
    waiter.patch(&sync, &json!(null)).await.refused(403, "wrong_role");
    let forced = format!("{sync}?force_activation=true");
    assert_eq!(admin.patch(&forced, &json!(null)).await.ok()["data"]["updated"], 2);
    assert_eq!(waiter.get("/tables?is_active=true").await.ok()["total"], 3);

    sql(&app, "UPDATE locations SET is_active = 0").await;
    assert_eq!(admin.patch(&sync, &json!(null)).await.ok()["data"]["updated"], 2);
    waiter.delete(&path).await.refused(403, "wrong_role");
    admin.delete(&path).await.ok();
    admin.get(&path).await.refused(404, "not_found");
    admin.get(&format!("/tables/{one}")).await.refused(404, "not_found");
    assert_eq!(admin.get("/tables").await.ok()["total"], 1);
    let again = add_location(&admin, "Hall").await;
    add_table(&admin, 1, Some(again)).await;
}

#[tokio::test]
async fn an_admin_manages_tables() {
    let app = TestApp::start().await;
    let (admin, kitchen) = (app.admin().await, app.kitchen().await);
    let hall = add_location(&admin, "Hall").await;
    let body = json!({"number": 7, "seats": 4, "location_id": hall, "description": " Sofa "});
    let table = admin.post("/tables/", &body).await.created();
    assert_eq!((&table["is_active"], &table["is_occupied"]), (&json!(true), &json!(false)));
    assert_eq!((&table["description"], &table["current_order_id"]), (&json!("Sofa"), &Value::Null));
    let code = table["qr_code"].as_str().unwrap();
    assert!(code.len() >= 12, "{code}");
    assert!(code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{code}");
    let id = table["id"].as_i64().unwrap();

    let taken = json!({"number": 7, "seats": 2});
    let why = admin.post("/tables", &taken).await.refused(400, "number_taken");
    assert!(why.contains('7'), "{why}");
    kitchen.post("/tables", &taken).await.refused(403, "wrong_role");
    admin.post("/tables", &json!({"number": 0, "seats": 2})).await.invalid("number");
    admin.post("/tables", &json!({"number": 8, "seats": 21})).await.invalid("seats");
    let nowhere = json!({"number": 8, "seats": 2, "location_id": 99});
    admin.post("/tables", &nowhere).await.refused(404, "not_found");

    let path = format!("/tables/{id}");
    let changed = admin.patch(&path, &json!({"seats": 6, "description": null})).await.ok();
    assert_eq!((&changed["seats"], &changed["description"]), (&json!(6), &Value::Null));
    assert_eq!((&changed["qr_code"], &changed["number"]), (&json!(code), &json!(7)));
    assert_eq!(changed["location_id"], hall);
    let moved = admin.patch(&path, &json!({"location_id": null})).await.ok();
    assert_eq!(moved["location_id"], Value::Null);
    admin.patch(&path, &json!({"location_id": 99})).await.refused(404, "not_found");
    add_table(&admin, 8, Some(hall)).await;
    admin.patch(&path, &json!({"number": 8})).await.refused(400, "number_taken");
    assert_eq!(kitchen.get(&format!("/tables?location_id={hall}")).await.ok()["total"], 1);

    open_order(&app, 1, id, "UNPAID").await;
    admin.patch(&path, &json!({"is_active": false})).await.refused(400, "table_in_use");
    admin.delete(&path).await.refused(400, "table_in_use");
    close_orders(&app).await;
    assert_eq!(admin.patch(&path, &json!({"is_active": false})).await.ok()["is_active"], false);
    kitchen.delete(&path).await.refused(403, "wrong_role");
    admin.delete(&path).await.ok();
    admin.get(&path).await.refused(404, "not_found");
    admin.patch(&path, &json!({})).await.refused(404, "not_found");
    admin.delete(&path).await.refused(404, "not_found");
    add_table(&admin, 7, None).await;
}

#[tokio::test]
async fn a_table_is_taken_by_guests_or_by_an_order() {
    let app = TestApp::start().await;
    let (admin, waiter, kitchen) = (app.admin().await, app.waiter().await, app.kitchen().await);
    let id = add_table(&admin, 1, None).await;
    add_table(&admin, 2, None).await;
    let path = format!("/tables/{id}");
    let status = format!("{path}/status");
    let (taken, free) = (json!({"is_occupied": true}), json!({"is_occupied": false}));
    let told = changes(&app).await;

    waiter.patch(&status, &taken).await.ok();
    waiter.patch(&status, &taken).await.ok();
    assert_eq!(changes(&app).await, told + 1, "what changes nothing is not told");
    assert_eq!(waiter.get(&path).await.ok()["is_occupied"], true);
    kitchen.patch(&status, &free).await.refused(403, "wrong_role");
    waiter.patch("/tables/99/status", &free).await.refused(404, "not_found");
    waiter.patch(&status, &json!({})).await.invalid("is_occupied");
    let sync = kitchen.get(&format!("{path}/sync-status")).await.ok();
    let wanted = json!({"table_id": id, "is_occupied": true, "current_order_id": null,
                        "is_seated": true, "open_orders": 0, "in_sync": false});
    assert_eq!(sync, wanted);

    open_order(&app, 1, id, "PAID").await;
    open_order(&app, 2, id, "UNPAID").await;
    open_order(&app, 3, id, "PAID").await;
    let sync = kitchen.get(&format!("{path}/sync-status")).await.ok();
    assert_eq!((&sync["open_orders"], &sync["in_sync"]), (&json!(3), &json!(true)));
    assert_eq!(waiter.get(&path).await.ok()["current_order_id"], 2, "the unpaid one");
    waiter.patch(&status, &free).await.refused(400, "table_in_use");
    let occupied = waiter.get("/tables?is_occupied=true").await.ok();
    assert_eq!((&occupied["total"], &occupied["tables"][0]["id"]), (&json!(1), &json!(id)));
    assert_eq!(waiter.get("/tables?is_occupied=false").await.ok()["total"], 1);
    let force = format!("{path}/force-sync");
    assert_eq!(waiter.patch(&force, &json!(null)).await.ok()["data"]["is_seated"], true);

    close_orders(&app).await;
    kitchen.patch(&force, &json!(null)).await.refused(403, "wrong_role");
    assert_eq!(waiter.patch(&force, &json!(null)).await.ok()["data"]["in_sync"], true);
    assert_eq!(waiter.get(&path).await.ok()["is_occupied"], false);
    open_order(&app, 4, id, "UNPAID").await;
    waiter.patch(&status, &taken).await.ok();
    close_orders(&app).await;
    let after = waiter.get(&path).await.ok();
    assert_eq!(after["is_occupied"], false, "an order's table needs no word of a waiter");
    waiter.patch(&status, &free).await.ok();
}
