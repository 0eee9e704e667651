//! A box that is updated keeps what it had: the database of every released schema, as an evening left
//! it, is brought up to today's and stays right. The files stand in `tests/released/`; one that was
//! released is never made anew, and its migration never changed.

use std::fs;
use std::path::{Path, PathBuf};

use qres::features::orders::compare;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::checks_evening::played;
use crate::harness::books::assert_paid;
use crate::harness::{Client, TestApp, id};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/released")
}

fn one(db: &Connection, sql: &str) -> i64 {
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// What a guest paid may not change, whatever a migration does.
fn sums(db: &Connection) -> [i64; 4] {
    [
        "count(*) FROM orders",
        "sum(total) FROM orders",
        "count(*) FROM order_items",
        "sum(iif(kind = 'PAYMENT', amount, -amount)) FROM payments",
    ]
    .map(|what| one(db, &format!("SELECT {what}")))
}

/// Two dishes more are sold, to go.
async fn sell_more(admin: &Client, db: &Connection) {
    let dish = one(db, "SELECT dish_id FROM dish_variations LIMIT 1");
    let method = one(db, "SELECT id FROM payment_methods LIMIT 1");
    let order = json!({"order_type": "TAKEAWAY", "items": [{"dish_id": dish, "quantity": 2}]});
    let order = admin.post("/orders/", &order).await.created();
    let checks = admin.get(&format!("/orders/{}/checks", id(&order))).await.ok();
    let check = &checks["checks"][0];
    let due: &Value = &check["due"];
    let payment = json!({"method_id": method, "amount": due, "expected_due": due});
    admin.post(&format!("/checks/{}/payments", check["id"]), &payment).await.created();
}

#[tokio::test]
async fn every_released_database_is_brought_up_to_date() {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|name| name == "zst"));
    assert!(!files.is_empty());
    for file in files {
        let mut before = None;
        let app = TestApp::start_as_left(|settings| {
            fs::create_dir_all(&settings.data_dir).unwrap();
            let path = settings.data_dir.join("qres.db");
            let packed = fs::read(&file).unwrap();
            fs::write(&path, zstd::decode_all(&packed[..]).unwrap()).unwrap();
            before = Some(sums(&Connection::open(path).unwrap()));
        })
        .await;
        let db = app.database();
        assert_eq!(Some(sums(&db)), before, "{}", file.display());
        assert_eq!(one(&db, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
        let admin = app.admin().await;
        assert_paid(&admin, &db, 0).await;
        sell_more(&admin, &db).await;
        let compared = compare(&db, 9, 10_000).unwrap();
        assert!(compared.is_right(), "{}: {compared:?}", file.display());
    }
}

/// Makes the file of a schema that is about to be released:
/// `cargo nextest run --test it released::keep --run-ignored all`.
#[tokio::test]
#[ignore = "writes a file that is for ever"]
async fn keep_the_database_of_this_schema() {
    let house = played(1).await;
    let db = house.app.database();
    let version = one(&db, "SELECT max(version) FROM refinery_schema_history");
    let target = folder().join(format!("v{version}.db.zst"));
    assert!(!target.exists(), "{} was released", target.display());
    let copy = house.app.folder.path().join("copy.db");
    db.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
    fs::create_dir_all(folder()).unwrap();
    fs::write(target, zstd::encode_all(&fs::read(copy).unwrap()[..], 19).unwrap()).unwrap();
}
