//! Long documents are posted in steps, behind orders, and are whole when they say so.

use serde_json::{Value, json};

use crate::harness::{Cellar, Reply, eventually, id};

/// A cellar is counted with so many lines.
const GOODS: i64 = 300;

struct Long {
    cellar: Cellar,
    goods: Vec<i64>,
}

impl Long {
    async fn open() -> Self {
        let cellar = Cellar::open().await;
        let mut goods = Vec::new();
        for number in 0..GOODS {
            let body = json!({"name": format!("Good {number:03}"), "base_unit": "g"});
            goods.push(id(&cellar.house.admin.post("/stock/goods", &body).await.created()));
        }
        Self { cellar, goods }
    }

    fn lines(&self, line: impl Fn(usize, i64) -> Value) -> Value {
        self.goods.iter().enumerate().map(|(at, good)| line(at, *good)).collect()
    }

    /// The document when it says that it is posted; until then it says nothing of what it moved.
    async fn until_posted(&self, reply: Reply) -> Value {
        let told = reply.created();
        assert_eq!(
            (&told["state"], &told["is_counting"], &told["value"], &told["lines"][0]["moved"]),
            (&json!("POSTING"), &json!(true), &Value::Null, &Value::Null)
        );
        let path = format!("/stock/documents/{}", id(&told));
        let admin = &self.cellar.house.admin;
        eventually("it is posted", async || admin.get(&path).await.ok()["state"] == "POSTED").await;
        self.cellar.assert_right();
        admin.get(&path).await.ok()
    }

    /// How much there is of the first good and of the last, at a place.
    async fn there(&self, place: i64) -> (Value, Value) {
        let of = async |name: &str| {
            let path = format!("/stock/levels?search={name}&place_id={place}");
            let levels = self.cellar.house.admin.get(&path).await.ok();
            assert_eq!(levels["levels"][0]["is_counting"], false);
            levels["levels"][0]["quantity"].clone()
        };
        (of("Good%20000").await, of("Good%20299").await)
    }
}

#[tokio::test]
async fn a_document_of_three_hundred_lines_is_posted_in_steps() {
    let long = Long::open().await;
    let (cellar, admin) = (&long.cellar, &long.cellar.house.admin);
    let bar = id(&admin.post("/stock/places", &json!({"name": "Bar"})).await.created());
    let bought = long.lines(|_, good| json!({"good_id": good, "quantity": 1000, "sum": "10"}));
    let bought = cellar.document("PURCHASE", bought, json!({})).await;
    let bought = long.until_posted(bought).await;
    assert_eq!((&bought["total"], &bought["value"]), (&json!("3000.00"), &json!("3000.00")));
    let moved = long.lines(|_, good| json!({"good_id": good, "quantity": 300}));
    let moved = cellar.document("TRANSFER", moved, json!({"to_place_id": bar})).await;
    assert_eq!(long.until_posted(moved).await["value"], "0.00");
    assert_eq!(long.there(cellar.place).await, (json!(700), json!(700)));
    assert_eq!(long.there(bar).await, (json!(300), json!(300)));
    let lost = long.lines(|_, good| json!({"good_id": good, "quantity": 100}));
    let lost = cellar.document("WRITE_OFF", lost, json!({"reason": "spoilt"})).await;
    assert_eq!(long.until_posted(lost).await["value"], "-300.00");
    let found = long.lines(|at, good| json!({"good_id": good, "quantity": 500 + at}));
    let found = cellar.document("COUNT", found, json!({})).await;
    let found = long.until_posted(found).await;
    let moved = |line: usize| found["lines"][line]["moved"].as_f64().unwrap();
    assert_eq!((moved(0), moved(100), moved(299)), (-100.0, 0.0, 199.0));
    assert_eq!(long.there(cellar.place).await, (json!(500), json!(799)));
    let path = format!("/stock/documents/{}/reverse", id(&found));
    let back = admin.post(&path, &json!({"reason": "counted at night"})).await;
    long.until_posted(back).await;
    assert_eq!(long.there(cellar.place).await, (json!(600), json!(600)));
    let states = admin.get("/stock/documents?kind=COUNT").await.ok();
    let states: Vec<_> =
        states["documents"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
    assert_eq!(states, ["POSTED", "REVERSED"]);
    let posting = admin.get("/stock/documents?state=POSTING").await.ok();
    assert_eq!(posting["documents"], json!([]));
}

#[tokio::test]
async fn what_is_made_of_many_things_is_whole_as_well() {
    let long = Long::open().await;
    let cellar = &long.cellar;
    let bought = long.lines(|_, good| json!({"good_id": good, "quantity": 1000, "sum": "10"}));
    let bought = cellar.document("PURCHASE", bought, json!({})).await;
    long.until_posted(bought).await;
    // Two makings of fifty things each: the second is not torn apart by the end of a step.
    let parts: Vec<_> =
        long.goods[..50].iter().map(|good| json!({"good_id": good, "gross": 10})).collect();
    cellar
        .recipe(&json!({"good_id": cellar.broth, "batch_out": 1000, "lines": parts,
                          "valid_from": "2026-01-01T00:00:00Z"}))
        .await
        .created();
    let made = json!([{"good_id": cellar.broth, "quantity": 1000},
                      {"good_id": cellar.broth, "quantity": 1000}]);
    let made = cellar.document("PRODUCTION", made, json!({})).await;
    let made = long.until_posted(made).await;
    assert_eq!(made["value"], "0.00", "what came is worth what went");
    assert_eq!(cellar.stands(cellar.broth).await, (json!(2000), json!("10.00")));
    assert_eq!(cellar.stands(long.goods[0]).await, (json!(980), json!("9.80")));
}

#[tokio::test]
async fn a_document_that_is_wrong_at_its_end_moves_nothing() {
    let long = Long::open().await;
    let cellar = &long.cellar;
    let lines = long.lines(|at, good| match at {
        299 => json!({"good_id": good, "quantity": 1}),
        _ => json!({"good_id": good, "quantity": 1, "sum": "1"}),
    });
    cellar.document("PURCHASE", lines, json!({})).await.invalid("lines[299].sum");
    assert_eq!(cellar.stands(long.goods[0]).await, (json!(0), json!("0.00")));
    let documents = cellar.house.admin.get("/stock/documents").await.ok();
    assert_eq!(documents["documents"], json!([]));
}
