//! Receipts through random faults: each is made once, and none is lost. `FISCAL_DOCUMENTS=10000` makes
//! so many, `FISCAL_SEED=7` throws other dice.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::checks::{check_of, pay};
use crate::harness::{House, id};
use crate::register::Register;

/// So many in the usual run.
const DOCUMENTS: usize = 25;
/// So long one of them may take on average: a fault costs a pause of a second or five.
const PATIENCE: Duration = Duration::from_secs(4);

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).map_or(usual, |text| text.parse().expect("a number"))
}

#[tokio::test]
async fn every_receipt_is_made_once() {
    let count = number("FISCAL_DOCUMENTS", DOCUMENTS);
    let seed = number("FISCAL_SEED", 11);
    let (house, register) = (House::open().await, Register::open(&[]).await);
    register.add_to(&house, json!({})).await;
    let often = [
        ("reply-lost-before", 0.04),
        ("reply-lost-after", 0.06),
        ("restart-forgets", 0.04),
        ("link-lost-before", 0.03),
        ("link-lost-after", 0.04),
        ("storage-silent", 0.02),
        ("shift-expired", 0.01),
        ("slow-reply", 0.02),
        ("read-once", 0.05),
    ];
    let mut armed = Vec::new();
    for (place, (fault, chance)) in often.iter().enumerate() {
        armed.push(json!({"fault": fault, "chance": chance, "seed": seed + place, "seconds": 0.1}));
    }
    register.play("faults", json!(armed)).await;
    let mut checks = Vec::new();
    for place in 0..count {
        let item = json!({"dish_id": house.borscht, "quantity": 1 + place % 3});
        let body = json!({"table_id": house.tables[0], "items": [item]});
        let order_id = id(&house.waiter.post("/orders/", &body).await.created());
        let check = check_of(&house, order_id).await;
        let method = if place % 2 == 0 { house.cash } else { house.card };
        let paid = pay(&house.waiter, &check, method, check["due"].as_str().unwrap()).await;
        let paid = paid.created();
        if place % 5 == 0 {
            let path = format!("/payments/{}/refunds", paid["id"]);
            let body = json!({"amount": "100.00", "reason": "cold"});
            house.admin.post(&path, &body).await.created();
        }
        checks.push(id(&check));
    }
    let begun = Instant::now();
    loop {
        let open = house.admin.get("/fiscal/documents/open").await.ok();
        if open["total"] == 0 {
            break;
        }
        let all = PATIENCE * u32::try_from(count).unwrap();
        assert!(begun.elapsed() < all, "{:#?}", open["documents"][0]);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    compare(&house, &register, &checks).await;
}

/// The box's documents are the register's, one for one, whatever the shift's are.
async fn compare(house: &House, register: &Register, checks: &[i64]) {
    let is_receipt = |kind: &Value| kind.as_str().is_some_and(|kind| kind.starts_with("sell"));
    let ledger = register.ledger().await;
    let ledger: Vec<&Value> = ledger.iter().filter(|one| is_receipt(&one["kind"])).collect();
    let mut ours = Vec::new();
    for check in checks {
        ours.extend(crate::register::documents(&house.admin, *check).await);
    }
    assert_eq!(ours.len(), ledger.len(), "as many receipts as documents");
    for document in &ours {
        let paper = ledger.iter().find(|paper| paper["number"] == document["number"]);
        let paper = paper.unwrap_or_else(|| panic!("no paper of {document}"));
        let total: f64 = document["total"].as_str().unwrap().parse().unwrap();
        let kind = if document["kind"] == "SELL" { "sell" } else { "sellReturn" };
        assert_eq!((&document["state"], &paper["kind"]), (&json!("DONE"), &json!(kind)));
        assert_eq!(paper["total"].as_f64().unwrap(), total, "{document} {paper}");
    }
    let mut numbers: Vec<i64> =
        ours.iter().map(|document| document["number"].as_i64().unwrap()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), ours.len(), "no number stands on two");
}
