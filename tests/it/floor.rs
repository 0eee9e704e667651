//! Locations and tables.

use qres::core::error::Result;
use qres::core::store::{Command, Tx};
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

pub async fn sql(app: &TestApp, sql: impl Into<String>) {
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
    app.write_orders_down();
}

async fn close_orders(app: &TestApp) {
    sql(app, "UPDATE orders SET status = 'COMPLETED', closed_at = 1").await;
}

pub async fn add_location(admin: &Client, name: &str) -> i64 {
    admin.post("/locations", &json!({"name": name})).await.created()["id"].as_i64().unwrap()
}

pub async fn add_table(admin: &Client, number: i64, location_id: Option<i64>) -> i64 {
    let table = json!({"number": number, "seats": 4, "location_id": location_id});
    admin.post("/tables", &table).await.created()["id"].as_i64().unwrap()
}

/// How many times the floor was said to have changed.
async fn changes(app: &TestApp) -> i64 {
    let count = |db: &qres::core::store::Connection| {
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
    let renamed = json!({"name": "Hall", "color": null, "description": "By the oven"});
    let hall = admin.patch(&path, &renamed).await.ok();
    assert_eq!((&hall["name"], &hall["color"]), (&json!("Hall"), &Value::Null));
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
    admin.patch(&format!("{path}/status"), &json!({"is_occupied": true})).await.ok();
    let off = admin.patch(&path, &json!({"is_active": false})).await.ok();
    assert_eq!((&off["is_active"], &off["is_occupied"]), (&json!(false), &json!(false)));
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

    open_order(&app, 5, id, "UNPAID").await;
    sql(&app, "UPDATE orders SET order_type = 'TAKEAWAY' WHERE id = 5").await;
    let takeaway = waiter.get(&path).await.ok();
    assert_eq!(takeaway["is_occupied"], false, "nobody sits where food is only picked up");
}

#[tokio::test]
async fn a_broken_floor_is_found_and_repaired() {
    let app = TestApp::start().await;
    let (admin, waiter) = (app.admin().await, app.waiter().await);
    let check = "/locations/admin/integrity-check";
    let fix = "/locations/admin/auto-fix";
    waiter.get(check).await.refused(403, "wrong_role");
    waiter.post(fix, &json!(null)).await.refused(403, "wrong_role");
    let (open, shut, gone) = (
        add_location(&admin, "Open").await,
        add_location(&admin, "Shut").await,
        add_location(&admin, "Gone").await,
    );
    for (number, place) in [(1, shut), (2, shut), (3, gone), (4, open), (5, open), (6, shut)] {
        assert_eq!(add_table(&admin, number, Some(place)).await, number);
    }
    let healthy = admin.get(check).await.ok();
    assert_eq!((&healthy["is_consistent"], &healthy["issues"]), (&json!(true), &json!([])));
    add_table(&admin, 7, None).await;
    let informed = admin.get(check).await.ok();
    assert_eq!(informed["is_consistent"], true, "a table may stand anywhere");
    assert_eq!(informed["issues"][0]["type"], "table_without_location");

    for (order, table) in [(1, 2), (2, 5), (3, 6), (4, 7)] {
        open_order(&app, order, table, "UNPAID").await;
    }
    sql(
        &app,
        format!(
            "UPDATE locations SET is_active = 0 WHERE id = {shut};
             UPDATE locations SET deleted_at = 1 WHERE id = {gone};
             UPDATE tables SET is_active = 0, is_seated = 1 WHERE id = 4;
             UPDATE tables SET is_active = 0 WHERE id IN (5, 6);
             UPDATE tables SET deleted_at = 1 WHERE id = 7"
        ),
    )
    .await;
    let broken = admin.get(check).await.ok();
    assert_eq!(broken["is_consistent"], false);
    let issues = broken["issues"].as_array().unwrap();
    let found: Vec<_> = issues
        .iter()
        .map(|i| {
            let word = |name: &str| i[name].as_str().unwrap().to_owned();
            (word("type"), i["table_id"].as_i64().unwrap(), word("repair"))
        })
        .collect();
    let wanted = [
        ("active_table_in_inactive_location", 1, "automatic"),
        ("active_table_in_inactive_location", 2, "by_hand"),
        ("table_in_removed_location", 3, "automatic"),
        ("seated_inactive_table", 4, "automatic"),
        ("open_order_on_inactive_table", 5, "automatic"),
        ("open_order_on_inactive_table", 6, "by_hand"),
        ("open_order_on_inactive_table", 7, "by_hand"),
    ];
    assert_eq!(found, wanted.map(|(kind, id, repair)| (kind.to_owned(), id, repair.to_owned())));
    assert_eq!((&issues[1]["order_id"], &issues[1]["location_id"]), (&json!(1), &json!(shut)));

    let no_body = admin.send(admin.request(reqwest::Method::POST, fix)).await.ok();
    assert_eq!((&no_body["dry_run"], &no_body["total"]), (&json!(true), &json!(4)));
    assert_eq!(
        admin.get(check).await.ok()["issues"],
        broken["issues"],
        "a dry run repairs nothing"
    );
    let unknown = format!("{fix}?fix_types=seated_inactive_table&fix_types=all");
    admin.post(&unknown, &json!(null)).await.invalid("fix_types");
    admin.post(fix, &json!(["everything"])).await.invalid("[0]");

    let two = "fix_types=seated_inactive_table&fix_types=table_in_removed_location";
    let fixed = admin.post(&format!("{fix}?dry_run=false&{two}"), &json!(null)).await.ok();
    assert_eq!((&fixed["dry_run"], &fixed["total"]), (&json!(false), &json!(2)));
    let told = changes(&app).await;
    let types = json!(["active_table_in_inactive_location", "open_order_on_inactive_table"]);
    let fixed = admin.post(&format!("{fix}?dry_run=false"), &types).await.ok();
    assert_eq!(fixed["total"], 2);
    assert_eq!(changes(&app).await, told + 2);
    let again = admin.post(&format!("{fix}?dry_run=false"), &json!(null)).await.ok();
    assert_eq!(again["fixed"], json!([]));

    let table = async |id: i64| waiter.get(&format!("/tables/{id}")).await.ok();
    assert_eq!(table(1).await["is_active"], false);
    assert_eq!(table(2).await["is_active"], true, "guests sit there");
    assert_eq!(table(3).await["location_id"], Value::Null);
    assert_eq!(table(4).await["is_occupied"], false);
    assert_eq!(table(5).await["is_active"], true);
}

#[tokio::test]
async fn guests_find_their_table_by_its_code() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let hall = add_location(&admin, "Hall").await;
    let id = add_table(&admin, 5, Some(hall)).await;
    let path = format!("/tables/{id}");
    let code = admin.get(&path).await.ok()["qr_code"].as_str().unwrap().to_owned();
    let find = async || {
        let code = code.clone();
        let found = app
            .app
            .store
            .read(move |db| qres::features::floor::table_by_qr(db, &code))
            .await
            .unwrap();
        found.map(|table| (table.id, table.number, table.location_name))
    };
    assert_eq!(find().await, Some((id, 5, Some("Hall".to_owned()))));
    admin.patch(&path, &json!({"location_id": null})).await.ok();
    assert_eq!(find().await, Some((id, 5, None)));
    admin.patch(&path, &json!({"is_active": false})).await.ok();
    assert_eq!(find().await, None, "the table is switched off");
    admin.patch(&path, &json!({"is_active": true, "location_id": hall})).await.ok();
    sql(&app, "UPDATE locations SET is_active = 0").await;
    assert_eq!(find().await, None, "the location is switched off");
    sql(&app, "UPDATE locations SET is_active = 1").await;
    assert!(find().await.is_some());
    admin.delete(&path).await.ok();
    assert_eq!(find().await, None, "the table was removed");
}
