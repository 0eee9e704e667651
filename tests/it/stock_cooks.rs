//! What cooks write down of stock: what they made and what was thrown away.

use serde_json::json;

use crate::harness::{Cellar, id};

#[tokio::test]
async fn cooks_write_down_what_they_made_and_threw_away_and_nothing_else() {
    let cellar = Cellar::with_recipes().await;
    let house = &cellar.house;
    cellar.buys(cellar.beef, 10_000, "8000.00").await;
    let of = |kind: &str, good: i64, quantity: i64| {
        json!({"kind": kind, "place_id": cellar.place, "state": "POSTED",
               "lines": [{"good_id": good, "quantity": quantity}]})
    };
    let made = house.kitchen.post("/stock/documents", &of("PRODUCTION", cellar.broth, 3000)).await;
    let made = made.created();
    assert_eq!(cellar.stands(cellar.broth).await.0, json!(3000));
    assert_eq!(cellar.stands(cellar.beef).await.0, json!(8800));
    let mut spoilt = of("WRITE_OFF", cellar.beef, 300);
    house.kitchen.post("/stock/documents", &spoilt).await.refused(400, "reason_needed");
    spoilt["reason"] = json!("fell down");
    house.kitchen.post("/stock/documents", &spoilt).await.created();
    assert_eq!(cellar.stands(cellar.beef).await.0, json!(8500));
    // What came, what was counted, a draft, or yesterday is a manager's.
    for kind in ["PURCHASE", "COUNT", "OPENING", "RETURN", "TRANSFER"] {
        let body = of(kind, cellar.beef, 1);
        house.kitchen.post("/stock/documents", &body).await.refused(403, "not_of_cooks");
    }
    let mut draft = spoilt.clone();
    draft["state"] = json!("DRAFT");
    house.kitchen.post("/stock/documents", &draft).await.refused(403, "not_of_cooks");
    let mut early = spoilt.clone();
    early["at"] = json!("2026-06-01T06:00:00Z");
    house.kitchen.post("/stock/documents", &early).await.refused(403, "not_of_cooks");
    let path = format!("/stock/documents/{}", id(&made));
    house.kitchen.get(&path).await.refused(403, "wrong_role");
    house.kitchen.delete(&path).await.refused(403, "wrong_role");
    assert_eq!(cellar.stands(cellar.beef).await.0, json!(8500));
    // The trail names who did it.
    let trail = house.admin.get("/audit?limit=5").await.ok();
    let entry = trail["entries"]
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["action"] == "stock_document_posted")
        .unwrap();
    assert_eq!(entry["username"], "kitchen");
    cellar.assert_right();
}
