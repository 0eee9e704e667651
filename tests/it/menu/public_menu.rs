//! The guests' menu: what is in it, and that it is never old.

use reqwest::Method;
use serde_json::json;

use super::{category, dish, id, names, variation};
use crate::harness::{Client, Reply, TestApp};

#[tokio::test]
async fn guests_see_what_is_sold_and_nothing_else() {
    let app = TestApp::start().await;
    let (admin, guest) = (app.admin().await, app.anonymous());
    assert_eq!(guest.get("/dishes/menu").await.ok(), json!({"categories": []}));
    let soups = category(&admin, "Soups").await;
    let closed = json!({"name": "Winter", "is_active": false});
    let closed = id(&admin.post("/categories", &closed).await.created());
    let milk =
        admin.post("/ingredients", &json!({"name": "Milk", "is_allergen": true})).await.created();
    let beet = admin.post("/ingredients", &json!({"name": "Beet"})).await.created();
    let borscht = json!({"name": "Borscht", "description": "Red.", "category_id": soups,
        "sort_order": 2, "ingredient_ids": [milk["id"], beet["id"]],
        "translations": {"ru": {"name": "Борщ"}}});
    let borscht = id(&admin.post("/dishes", &borscht).await.created());
    let ukha = dish(&admin, soups, "Ukha").await;
    let unsold = dish(&admin, soups, "Without a price").await;
    let hidden = dish(&admin, closed, "Mulled wine").await;
    for dish in [borscht, ukha, hidden] {
        variation(&admin, dish, "Small", "250.5").await;
    }
    let large = variation(&admin, borscht, "Large", "350").await;

    let menu = guest.get("/api/dishes/menu/").await.ok();
    assert_eq!(names(&menu["categories"]), ["Soups"]);
    let dishes = &menu["categories"][0]["dishes"];
    assert_eq!(names(dishes), ["Ukha", "Borscht"]);
    assert_eq!(dishes[1]["translations"]["ru"]["name"], "Борщ");
    assert_eq!(
        dishes[1]["allergens"],
        json!([{"id": milk["id"], "name": "Milk", "translations": {}}])
    );
    assert_eq!(names(&dishes[1]["variations"]), ["Small", "Large"]);
    assert_eq!(dishes[1]["variations"][0]["price"], "250.50");
    assert!(!menu.to_string().contains("Mulled") && !menu.to_string().contains("Without"));

    let away = json!({"is_available": false});
    let path = format!("/dishes/{borscht}/variations/{large}/availability");
    admin.patch(&path, &away).await.ok();
    admin.patch(&format!("/dishes/{ukha}/availability"), &away).await.ok();
    variation(&admin, unsold, "At last", "1").await;
    admin.patch(&format!("/categories/{closed}"), &json!({"is_active": true})).await.ok();
    let menu = guest.get("/dishes/menu").await.ok();
    assert_eq!(names(&menu["categories"]), ["Soups", "Winter"]);
    let dishes = &menu["categories"][0]["dishes"];
    assert_eq!(names(dishes), ["Without a price", "Borscht"]);
    assert_eq!(names(&dishes[1]["variations"]), ["Small"]);
}

async fn menu(guest: &Client, headers: &[(&str, &str)]) -> Reply {
    let mut request = guest.request(Method::GET, "/dishes/menu");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    guest.send(request).await
}

#[tokio::test]
async fn an_unchanged_menu_does_not_travel_twice() {
    let app = TestApp::start().await;
    let (admin, guest) = (app.admin().await, app.anonymous());
    let soups = category(&admin, "Soups").await;
    let borscht = dish(&admin, soups, "Borscht").await;
    variation(&admin, borscht, "Bowl", "350").await;

    let plain = menu(&guest, &[]).await;
    let tag = plain.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(plain.headers["cache-control"], "no-cache");
    assert_eq!(plain.headers["vary"], "accept-encoding, authorization");
    assert!(!plain.headers.contains_key("content-encoding"));
    assert!(tag.starts_with('"') && tag.ends_with('"'));
    let again = menu(&guest, &[("if-none-match", &tag)]).await;
    assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
    assert_eq!(again.headers["etag"], tag.as_str());
    assert_eq!(again.headers["vary"], "accept-encoding, authorization");

    let availability = format!("/dishes/{borscht}/availability");
    admin.patch(&availability, &json!({"is_available": false})).await.ok();
    let changed = menu(&guest, &[("if-none-match", &tag)]).await;
    assert_ne!(changed.headers["etag"], tag.as_str());
    assert_eq!(changed.ok()["categories"][0]["dishes"], json!([]));
    // The tag is of the content: the same menu has the same tag again.
    admin.patch(&availability, &json!({"is_available": true})).await.ok();
    assert_eq!(menu(&guest, &[("if-none-match", &tag)]).await.status, 304);
}

#[tokio::test]
async fn a_menu_travels_compressed_to_those_who_can_read_it() {
    use std::io::Read;
    let app = TestApp::start().await;
    let (admin, guest) = (app.admin().await, app.anonymous());
    category(&admin, "Soups").await;
    let plain = menu(&guest, &[]).await;
    let mut request = guest.request(Method::GET, "/dishes/menu");
    request = request.header("accept-encoding", "br;q=1, gzip;q=0.8");
    let small = reqwest::Client::new().execute(request.build().unwrap()).await.unwrap();
    assert_eq!(small.headers()["content-encoding"], "gzip");
    assert_eq!(small.headers()["vary"], "accept-encoding, authorization");
    let tag = small.headers()["etag"].to_str().unwrap().to_owned();
    assert_ne!(plain.headers["etag"], tag.as_str());
    let mut unpacked = Vec::new();
    let bytes = small.bytes().await.unwrap();
    flate2::read::GzDecoder::new(bytes.as_ref()).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain.bytes);
    let again = menu(&guest, &[("accept-encoding", "gzip"), ("if-none-match", &tag)]).await;
    assert_eq!(again.status, 304);
    let refusing = menu(&guest, &[("accept-encoding", "gzip;q=0")]).await;
    assert!(!refusing.headers.contains_key("content-encoding"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_menu_is_never_older_than_the_last_answered_change() {
    // A slow reader must not bring back what was sold before the switch.
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let soups = category(&admin, "Soups").await;
    let borscht = dish(&admin, soups, "Borscht").await;
    variation(&admin, borscht, "Bowl", "350").await;
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let guest = app.anonymous();
            tokio::spawn(async move {
                loop {
                    guest.get("/dishes/menu").await.ok();
                }
            })
        })
        .collect();
    let guest = app.anonymous();
    for turn in 0..40 {
        let is_available = turn % 2 == 1;
        let body = json!({"is_available": is_available});
        admin.patch(&format!("/dishes/{borscht}/availability"), &body).await.ok();
        let menu = guest.get("/dishes/menu").await.ok();
        let dishes = menu["categories"][0]["dishes"].as_array().unwrap().len();
        assert_eq!(dishes, usize::from(is_available), "turn {turn}");
    }
    for reader in readers {
        assert!(!reader.is_finished(), "a reader failed");
        reader.abort();
        let _ = reader.await;
    }
}

#[tokio::test]
async fn a_menu_that_every_phone_reads_whole_has_an_end() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let soups = category(&admin, "Soups").await;
    let db = rusqlite::Connection::open(app.folder.path().join("data/qres.db")).unwrap();
    db.execute_batch(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
         INSERT INTO dishes (category_id, name, description, department, created_at, updated_at)
         SELECT (SELECT id FROM categories), 'd', 'd', 'hot', 0, 0 FROM n;
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
         INSERT INTO ingredients (name, created_at, updated_at) SELECT i, 0, 0 FROM n;
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 199)
         INSERT INTO categories (name, created_at, updated_at) SELECT i, 0, 0 FROM n;",
    )
    .unwrap();
    let new = json!({"name": "One more", "description": "Good.", "category_id": soups});
    for path in ["/categories", "/dishes", "/ingredients"] {
        admin.post(path, &new).await.refused(400, "menu_full");
    }
    let last = db.query_row("SELECT max(id) FROM dishes", [], |row| row.get::<_, i64>(0));
    admin.delete(&format!("/dishes/{}", last.unwrap())).await.ok();
    admin.post("/dishes", &new).await.created();
}
