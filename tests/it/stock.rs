//! Stock: what a sold dish takes, what documents move, what it all costs. Nobody waits for it.

use serde_json::{Value, json};

use crate::harness::{Cellar, eventually, id};

fn stands(quantity: impl Into<Value>, value: &str) -> (Value, Value) {
    (quantity.into(), value.into())
}

#[tokio::test]
async fn a_sold_dish_takes_what_its_recipe_says_and_gives_it_back_while_nobody_has_begun() {
    let cellar = Cellar::with_recipes().await;
    let house = &cellar.house;
    cellar.buys(cellar.beef, 10_000, "8000.00").await;
    cellar.buys(cellar.beetroot, 5_000, "200.00").await;
    let order = house.place().await;
    cellar.until(cellar.beef, 9_900.0).await;
    cellar.until(cellar.water, -333.333).await;
    assert_eq!(cellar.stands(cellar.beetroot).await, stands(4_920, "196.80"));
    assert_eq!(cellar.stands(cellar.broth).await, stands(0, "0.00"), "it is made along");
    // Two more are a difference of two.
    let path = format!("/orders/{}/items/{}", id(&order), order["items"][0]["id"]);
    house.waiter.patch(&path, &json!({"quantity": 3})).await.ok();
    cellar.until(cellar.beef, 9_700.0).await;
    // A thing that happens to the order without changing what it takes posts nothing.
    let before = cellar.moves(cellar.beef).await;
    house.waiter.patch(&format!("/orders/{}", id(&order)), &json!({"notes": "quick"})).await.ok();
    // Taken off before the kitchen begins: as if it had not been.
    let path = format!("{path}?reason=mistake");
    house.waiter.delete(&path).await.ok();
    cellar.until(cellar.beef, 10_000.0).await;
    assert_eq!(cellar.stands(cellar.beef).await, stands(10_000, "8000.00"));
    let after = cellar.moves(cellar.beef).await;
    assert_eq!(after.len(), before.len() + 1);
    assert_eq!(after.last().unwrap(), &("SALE".into(), 300.0, "240.00".into()));
}

#[tokio::test]
async fn what_the_kitchen_has_begun_is_waste() {
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
    let kinds: Vec<_> =
        cellar.moves(cellar.beetroot).await.into_iter().map(|one| (one.0, one.1)).collect();
    assert_eq!(
        kinds[1..],
        [("SALE".into(), -80.0), ("SALE".into(), 80.0), ("WASTE".into(), -80.0)]
    );
    cellar.until(cellar.beetroot, 4_920.0).await;
}

#[tokio::test]
async fn a_line_that_goes_to_another_table_takes_nothing_anew() {
    let cellar = Cellar::with_recipes().await;
    let house = &cellar.house;
    let body = json!({"table_id": house.tables[0], "items": [
        {"dish_id": house.borscht, "quantity": 3}, {"dish_id": house.pizza, "quantity": 1}]});
    let order = house.waiter.post("/orders/", &body).await.created();
    cellar.until(cellar.beetroot, -240.0).await;
    let items = json!({"table_id": house.tables[1],
                       "items": [{"id": order["items"][0]["id"], "quantity": 2}]});
    house.waiter.post(&format!("/orders/{}/items/move", id(&order)), &items).await.ok();
    // What comes after it is read after it.
    let next =
        json!({"order_type": "TAKEAWAY", "items": [{"dish_id": house.borscht, "quantity": 1}]});
    house.waiter.post("/orders/", &next).await.created();
    cellar.until(cellar.beetroot, -320.0).await;
}

#[tokio::test]
async fn a_late_invoice_reaches_what_was_sold_and_what_was_made() {
    let cellar = Cellar::with_recipes().await;
    let house = &cellar.house;
    let advance = json!({"made_in_advance": true});
    house.admin.patch(&format!("/stock/goods/{}", cellar.broth), &advance).await.ok();
    let lines = json!([{"good_id": cellar.broth, "quantity": 3000}]);
    cellar.document("PRODUCTION", lines, json!({})).await.created();
    assert_eq!(cellar.stands(cellar.broth).await, stands(3_000, "0.00"), "nobody knows yet");
    house.place().await;
    cellar.until(cellar.broth, 2_750.0).await;
    // The beef came this morning; its invoice is written down now.
    let lines = json!([{"good_id": cellar.beef, "quantity": 2000, "price": "0.8"}]);
    let morning = json!({"at": "2026-06-01T06:00:00Z", "number": "A-17"});
    let invoice = cellar.document("PURCHASE", lines, morning).await.created();
    assert_eq!(invoice["total"], "1600.00");
    assert_eq!(cellar.stands(cellar.beef).await, stands(800, "640.00"));
    assert_eq!(cellar.stands(cellar.broth).await, stands(2_750, "880.00"), "1.2 kg went into 3 l");
    let moves = cellar.moves(cellar.broth).await;
    assert_eq!(moves[1], ("SALE".into(), -250.0, "-80.00".into()));
    // It was wrong: taken back, and nothing of it is left.
    let path = format!("/stock/documents/{}/reverse", id(&invoice));
    let back = house.admin.post(&path, &json!({"reason": "another supplier"})).await.created();
    assert_eq!((&back["reverses_id"], &back["total"]), (&invoice["id"], &json!("-1600.00")));
    assert_eq!(cellar.stands(cellar.beef).await, stands(-1_200, "0.00"));
    assert_eq!(cellar.stands(cellar.broth).await, stands(2_750, "0.00"));
    house.admin.post(&path, &json!({"reason": "again"})).await.refused(409, "cannot_reverse");
    cellar.assert_right();
}

#[tokio::test]
async fn documents_move_goods_once_and_are_not_edited() {
    let cellar = Cellar::open().await;
    let house = &cellar.house;
    let bar =
        house.admin.post("/stock/places", &json!({"name": "Bar", "departments": ["bar"]})).await;
    let bar = id(&bar.created());
    let body = json!({"kind": "PURCHASE", "place_id": cellar.place,
                      "lines": [{"good_id": cellar.beef, "quantity": 1000, "sum": "700"}]});
    let draft = house.admin.post_once("/stock/documents", "invoice-1", &body).await.created();
    assert_eq!(
        (&draft["state"], &draft["total"], &draft["value"]),
        (&json!("DRAFT"), &json!("700.00"), &Value::Null)
    );
    let again = house.admin.post_once("/stock/documents", "invoice-1", &body).await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.created()["id"], draft["id"]);
    assert_eq!(cellar.stands(cellar.beef).await, stands(0, "0.00"), "a draft moves nothing");
    let path = format!("/stock/documents/{}", id(&draft));
    let changes = json!({"version": 1, "lines": [{"good_id": cellar.beef, "quantity": 1000, "price": "0.8"}]});
    house.admin.patch(&path, &changes).await.ok();
    house.admin.patch(&path, &changes).await.refused(409, "document_changed");
    let post = format!("{path}/post");
    house.admin.post(&post, &json!({"version": 1})).await.refused(409, "document_changed");
    let posted = house.admin.post(&post, &json!({"version": 2})).await.ok();
    assert_eq!((&posted["state"], &posted["value"]), (&json!("POSTED"), &json!("800.00")));
    house.admin.post(&post, &json!({"version": 2})).await.refused(409, "document_posted");
    house.admin.patch(&path, &json!({"version": 2})).await.refused(409, "document_posted");
    house.admin.delete(&path).await.refused(409, "document_posted");
    // To the bar, a part thrown away, the rest counted.
    let some = |quantity: i64| json!([{"good_id": cellar.beef, "quantity": quantity}]);
    cellar.document("TRANSFER", some(300), json!({"to_place_id": bar})).await.created();
    cellar.document("WRITE_OFF", some(100), json!({})).await.refused(400, "reason_needed");
    cellar.document("WRITE_OFF", some(100), json!({"reason": "spoilt"})).await.created();
    cellar.document("COUNT", some(650), json!({})).await.created();
    cellar.document("COUNT", some(290), json!({"place_id": bar})).await.created();
    assert_eq!(cellar.stands(cellar.beef).await, stands(940, "752.00"));
    let levels = house.admin.get("/stock/levels?search=beef").await.ok();
    assert_eq!(
        levels["levels"][0]["places"],
        json!([{"place_id": cellar.place, "quantity": 650}, {"place_id": bar, "quantity": 290}])
    );
    assert_eq!((&levels["total"], &levels["value"]), (&json!(1), &json!("752.00")));
    let kinds: Vec<_> =
        cellar.moves(cellar.beef).await.into_iter().map(|one| (one.0, one.1)).collect();
    let expected = [
        ("PURCHASE", 1000.0),
        ("TRANSFER", -300.0),
        ("TRANSFER", 300.0),
        ("WRITE_OFF", -100.0),
        ("COUNT", 50.0),
        ("COUNT", -10.0),
    ];
    assert_eq!(kinds, expected.map(|(kind, quantity)| (kind.to_owned(), quantity)));
    let page = house.admin.get("/stock/documents?limit=2").await.ok();
    assert_eq!(page["documents"].as_array().unwrap().len(), 2);
    let next = format!("/stock/documents?limit=100&before={}", page["next"]);
    assert_eq!(house.admin.get(&next).await.ok()["documents"].as_array().unwrap().len(), 3);
    cellar.assert_right();
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_name() {
    let cellar = Cellar::with_recipes().await;
    let house = &cellar.house;
    let of = |good: i64, part: i64| json!({"good_id": good, "batch_out": 1, "lines": [{"good_id": part, "gross": 1}]});
    let circle = cellar.recipe(&of(cellar.beef, cellar.broth)).await;
    let detail = circle.refused(409, "recipe_circle");
    assert!(
        detail.contains("Beef → Broth → Beef") || detail.contains("Broth → Beef → Broth"),
        "{detail}"
    );
    cellar.recipe(&of(cellar.beef, cellar.beef)).await.refused(409, "recipe_circle");
    cellar.recipe(&json!({"batch_out": 1, "lines": []})).await.invalid("variation_id");
    let none = json!({"good_id": cellar.beef, "batch_out": 1, "lines": []});
    cellar.recipe(&none).await.invalid("lines");
    cellar.recipe(&of(cellar.beef, 999)).await.invalid("lines[0].good_id");
    let line = |line: Value| json!([line]);
    for (kind, lines, more, field) in [
        (
            "PURCHASE",
            line(json!({"good_id": cellar.beef, "quantity": 1})),
            json!({}),
            "lines[0].sum",
        ),
        (
            "PURCHASE",
            line(json!({"good_id": cellar.beef, "quantity": 0, "sum": "1"})),
            json!({}),
            "lines[0].quantity",
        ),
        (
            "PURCHASE",
            line(json!({"good_id": 999, "quantity": 1, "sum": "1"})),
            json!({}),
            "lines[0].good_id",
        ),
        (
            "TRANSFER",
            line(json!({"good_id": cellar.beef, "quantity": 1})),
            json!({}),
            "to_place_id",
        ),
        (
            "PURCHASE",
            line(json!({"good_id": cellar.beef, "quantity": 1, "sum": "1"})),
            json!({"at": "2099-01-01T00:00:00Z"}),
            "at",
        ),
        (
            "PURCHASE",
            line(json!({"good_id": cellar.beef, "quantity": 1, "sum": "1"})),
            json!({"supplier_id": 9}),
            "supplier_id",
        ),
        (
            "PURCHASE",
            line(json!({"good_id": cellar.beef, "quantity": 1, "sum": "1", "pack_id": 9})),
            json!({}),
            "lines[0].pack_id",
        ),
    ] {
        cellar.document(kind, lines, more).await.invalid(field);
    }
    let made = json!([{"good_id": cellar.beef, "quantity": 1}]);
    cellar.document("PRODUCTION", made, json!({})).await.refused(409, "no_recipe");
    let body = json!({"name": "Beef", "base_unit": "g"});
    house.admin.post("/stock/goods", &body).await.refused(400, "name_taken");
    house
        .admin
        .delete(&format!("/stock/goods/{}", cellar.beef))
        .await
        .refused(409, "good_in_recipes");
    house.admin.delete(&format!("/stock/places/{}", cellar.place)).await.refused(409, "last_place");
    house.waiter.get("/stock/goods").await.refused(403, "wrong_role");
    house.kitchen.post("/stock/goods", &body).await.refused(403, "wrong_role");
    assert_eq!(house.admin.get("/stock/documents").await.ok()["documents"], json!([]));
}

#[tokio::test]
async fn suppliers_packs_and_prices_are_known() {
    let cellar = Cellar::open().await;
    let house = &cellar.house;
    let butcher = house
        .admin
        .post("/suppliers", &json!({"name": "Butcher", "phone": "+7 900 1234567"}))
        .await;
    let butcher = id(&butcher.created());
    let agreed = json!({"prices": [{"good_id": cellar.beef, "quantity": 1000, "price": "800"}]});
    house.admin.put(&format!("/suppliers/{butcher}/prices"), &agreed).await.ok();
    let packs = json!({"packs": [{"name": "Box", "barcode": "4600000000015", "quantity": 5000}]});
    let beef = house.admin.patch(&format!("/stock/goods/{}", cellar.beef), &packs).await.ok();
    let pack = id(&beef["packs"][0]);
    let found = house.admin.get("/stock/goods?barcode=4600000000015").await.ok();
    assert_eq!((&found["total"], &found["goods"][0]["id"]), (&json!(1), &json!(cellar.beef)));
    house
        .admin
        .patch(&format!("/stock/goods/{}", cellar.water), &packs)
        .await
        .refused(409, "barcode_taken");
    let lines = json!([{"good_id": cellar.beef, "pack_id": pack, "quantity": 2, "price": "4100"}]);
    let invoice =
        cellar.document("PURCHASE", lines, json!({"supplier_id": butcher})).await.created();
    let line = &invoice["lines"][0];
    assert_eq!(
        (&line["quantity"], &line["sum"], &line["agreed"]),
        (&json!(10_000), &json!("8200.00"), &json!("8000.00"))
    );
    assert_eq!(cellar.good(cellar.beef).await["unit_cost"], "820.00");
    let shelves = json!({"good_ids": [cellar.water, cellar.beef]});
    let path = format!("/stock/places/{}/shelves", cellar.place);
    assert_eq!(house.admin.put(&path, &shelves).await.ok(), shelves);
    house
        .admin
        .patch(&format!("/stock/goods/{}", cellar.beef), &json!({"low_at": 20_000}))
        .await
        .ok();
    let low = house.admin.get("/stock/levels?state=LOW").await.ok();
    assert_eq!((&low["total"], &low["levels"][0]["is_low"]), (&json!(1), &json!(true)));
}

#[tokio::test]
async fn a_recipe_says_what_a_dish_costs() {
    let cellar = Cellar::with_recipes().await;
    cellar.buys(cellar.beef, 10_000, "8000.00").await;
    cellar.buys(cellar.beetroot, 5_000, "200.00").await;
    let path = format!("/stock/recipes?variation_id={}", cellar.house.borscht_portion);
    let recipes = cellar.house.admin.get(&path).await.ok();
    let recipe = &recipes["recipes"][0];
    assert_eq!(
        (&recipe["cost"], &recipe["price"], &recipe["is_current"], &recipe["name"]),
        (&json!("83.20"), &json!("350.00"), &json!(true), &json!("Borscht, Portion"))
    );
    let whole = cellar.house.admin.get(&format!("/stock/recipes/{}", recipe["id"])).await.ok();
    let needs: Vec<_> = whole["needs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|need| (&need["good_name"], need["quantity"].as_f64().unwrap()))
        .collect();
    assert_eq!(
        needs,
        [(&json!("Beef"), 100.0), (&json!("Water"), 333.333), (&json!("Beetroot"), 80.0)]
    );
    let path = format!("/stock/recipes?good_id={}", cellar.broth);
    let broth = cellar.house.admin.get(&path).await.ok();
    let line = &broth["recipes"][0]["lines"][0];
    assert_eq!(
        (&line["cold_percent"], &line["hot_percent"], &line["out"]),
        (&json!("20"), &json!("35"), &json!(624))
    );
    assert_eq!(broth["recipes"][0]["cost"], "320.00", "a litre");
}

/// What is on the shelf is the same after a restart, and what was sold meanwhile is taken off once.
#[tokio::test]
async fn the_reader_goes_on_where_it_was() {
    let cellar = Cellar::with_recipes().await;
    let house = &cellar.house;
    house.place().await;
    cellar.until(cellar.beetroot, -80.0).await;
    let behind = || {
        let db = house.app.database();
        let sql = "SELECT position FROM event_subscriptions WHERE name = 'stock'";
        db.query_row::<i64, _, _>(sql, [], |row| row.get(0)).unwrap()
    };
    let read = behind();
    // Set back, it reads the same events again: nothing more is taken.
    let db = rusqlite::Connection::open(house.app.folder.path().join("data/qres.db")).unwrap();
    db.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    db.execute("UPDATE event_subscriptions SET position = 1 WHERE name = 'stock'", []).unwrap();
    house
        .waiter
        .post(
            "/orders/",
            &json!({"order_type": "TAKEAWAY", "items": [{"dish_id": house.pizza, "quantity": 1}]}),
        )
        .await
        .created();
    eventually("all is read again", async || behind() > read).await;
    cellar.until(cellar.beetroot, -80.0).await;
    assert_eq!(cellar.moves(cellar.beetroot).await.len(), 1);
}

/// From one count to the next: what recipes took, what was written off, and what nobody can explain.
#[tokio::test]
async fn between_two_counts_the_leak_is_found() {
    let cellar = Cellar::with_recipes().await;
    let house = &cellar.house;
    let some = |quantity: i64| json!([{"good_id": cellar.beetroot, "quantity": quantity}]);
    cellar.buys(cellar.beetroot, 5_000, "200.00").await;
    let first = cellar.document("COUNT", some(5_000), json!({})).await.created();
    let from = first["at"].as_str().unwrap().to_owned();
    house.place().await;
    cellar.until(cellar.beetroot, 4_920.0).await;
    cellar.document("WRITE_OFF", some(20), json!({"reason": "spoilt"})).await.created();
    cellar.buys(cellar.beetroot, 1_000, "40.00").await;
    cellar.document("COUNT", some(5_600), json!({})).await.created();
    let report = house.admin.get(&format!("/stock/variance?from={from}")).await.ok();
    let good = |id: i64| {
        let all = report["goods"].as_array().unwrap();
        all.iter().find(|good| good["good_id"] == id).unwrap().clone()
    };
    let beetroot = good(cellar.beetroot);
    for (what, is) in [
        ("received", 1_000),
        ("theoretical", 80),
        ("explained", 20),
        ("unexplained", 300),
        ("actual", 400),
        ("closing", 5_600),
    ] {
        assert_eq!(beetroot[what], is, "{what}: {beetroot}");
    }
    assert_eq!(beetroot["unexplained_cost"], "12.00");
    assert!(beetroot["counted_at"].is_string());
    assert_eq!(good(cellar.beef)["counted_at"], Value::Null, "nobody counted it");
    assert_eq!(report["unexplained_cost"], "12.00");
    assert_eq!(report["goods"][0]["good_id"], cellar.beetroot, "the largest difference first");
    let before = "/stock/variance?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z";
    house.admin.get(before).await.invalid("from");
    house.waiter.get("/stock/variance").await.refused(403, "wrong_role");
}

/// A dish is sold before its goods are on the books: what it took costs what the invoice says that comes
/// after it.
#[tokio::test]
async fn what_went_before_its_invoice_costs_what_that_says() {
    let cellar = Cellar::with_recipes().await;
    cellar.house.place().await;
    cellar.until(cellar.beetroot, -80.0).await;
    cellar.buys(cellar.beetroot, 5_000, "200.00").await;
    let report = cellar.house.admin.get("/stock/variance").await.ok();
    let goods = report["goods"].as_array().unwrap();
    let beetroot = goods.iter().find(|good| good["good_id"] == cellar.beetroot).unwrap();
    assert_eq!(
        (&beetroot["theoretical"], &beetroot["theoretical_cost"], &beetroot["is_counting"]),
        (&json!(80), &json!("3.20"), &json!(false))
    );
    assert_eq!(report["theoretical_cost"], "3.20");
}
