//! A house that knows what its dishes are made of.

use serde_json::{Value, json};

use super::{House, Reply, eventually, id};

/// A house with a cellar: broth of beef and water, borscht of broth and beetroot.
pub struct Cellar {
    pub house: House,
    pub place: i64,
    pub beef: i64,
    pub water: i64,
    pub beetroot: i64,
    pub broth: i64,
}

impl Cellar {
    pub async fn open() -> Self {
        let house = House::open().await;
        let places = house.admin.get("/stock/places").await.ok();
        let place = id(&places["places"][0]);
        let good = async |name: &str, unit: &str, kind: &str| {
            let body = json!({"name": name, "base_unit": unit, "kind": kind});
            id(&house.admin.post("/stock/goods", &body).await.created())
        };
        let (beef, water) = (good("Beef", "g", "RAW").await, good("Water", "ml", "RAW").await);
        let (beetroot, broth) =
            (good("Beetroot", "g", "RAW").await, good("Broth", "ml", "PREP").await);
        Self { house, place, beef, water, beetroot, broth }
    }

    /// The recipes, worked out by hand: a portion of borscht takes 100 g of beef, 333.333 ml of water and
    /// 80 g of beetroot.
    pub async fn with_recipes() -> Self {
        let cellar = Self::open().await;
        let broth = json!({"good_id": cellar.broth, "batch_out": 3000, "valid_from": "2026-01-01T00:00:00Z",
            "lines": [{"good_id": cellar.beef, "gross": 1200, "cold_percent": "20", "hot_percent": 35},
                      {"good_id": cellar.water, "gross": 4000}]});
        cellar.recipe(&broth).await.created();
        let borscht = json!({"variation_id": cellar.house.borscht_portion, "batch_out": 10,
            "valid_from": "2026-01-01T00:00:00Z",
            "lines": [{"good_id": cellar.broth, "gross": 2500},
                      {"good_id": cellar.beetroot, "gross": 800}]});
        cellar.recipe(&borscht).await.created();
        cellar
    }

    pub async fn recipe(&self, body: &Value) -> Reply {
        self.house.admin.post("/stock/recipes", body).await
    }

    pub async fn document(&self, kind: &str, lines: Value, more: Value) -> Reply {
        let mut body =
            json!({"kind": kind, "place_id": self.place, "state": "POSTED", "lines": lines});
        for (key, value) in more.as_object().unwrap() {
            body[key] = value.clone();
        }
        self.house.admin.post("/stock/documents", &body).await
    }

    pub async fn buys(&self, good: i64, quantity: i64, sum: &str) -> Value {
        let lines = json!([{"good_id": good, "quantity": quantity, "sum": sum}]);
        self.document("PURCHASE", lines, json!({})).await.created()
    }

    pub async fn good(&self, good: i64) -> Value {
        self.house.admin.get(&format!("/stock/goods/{good}")).await.ok()
    }

    /// How much there is and what it is worth.
    pub async fn stands(&self, good: i64) -> (Value, Value) {
        let good = self.good(good).await;
        (good["quantity"].clone(), good["value"].clone())
    }

    /// Waits until what was sold has come to so much.
    pub async fn until(&self, good: i64, quantity: f64) {
        eventually(&format!("good {good} at {quantity}"), async || {
            self.good(good).await["quantity"].as_f64() == Some(quantity)
        })
        .await;
        self.assert_right();
    }

    pub fn assert_right(&self) {
        let db = self.house.app.database();
        assert_eq!(qres::features::stock::check_ledger(&db).unwrap(), Vec::<i64>::new());
    }

    pub async fn moves(&self, good: i64) -> Vec<(String, f64, String)> {
        let moves = self.house.admin.get(&format!("/stock/goods/{good}/moves")).await.ok();
        let told = |one: &Value| {
            let text = |key: &str| one[key].as_str().unwrap().to_owned();
            (text("kind"), one["quantity"].as_f64().unwrap(), text("value"))
        };
        moves["moves"].as_array().unwrap().iter().rev().map(told).collect()
    }
}
