//! A fiscal register and pulled plugs: every receipt is made once, whatever goes wrong between; a shift is
//! closed before its day is over; and what waits for the operator of fiscal data is told.
//!
//! `FISCAL_DOCUMENTS=10000 cargo nextest run --test faults fiscal` makes so many, `FISCAL_SEED=7` throws
//! other dice.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{Person, Qres, eventually_within};
use crate::printer::Dice;
use crate::register::Register;

/// So many in the usual run.
const DOCUMENTS: u64 = 30;
/// So many one box makes; of more there are several, each with a register of its own.
const OF_ONE_BOX: u64 = 1000;
/// So many sales are made between two kills.
const A_KILL: u64 = 10;
/// So long a document may take on average: a fault costs a pause of a second or five.
const PATIENCE: Duration = Duration::from_secs(8);

const OFTEN: [(&str, f64); 9] = [
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

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |text| text.parse().expect("a number"))
}

/// A box with a register that fails in all ways, and what it owes.
struct Evening {
    qres: Qres,
    register: Register,
    waiter: Person,
    ways: [i64; 2],
    dice: Dice,
    /// How many receipts there are to be.
    owed: u64,
}

impl Evening {
    async fn begin(seed: u64) -> Self {
        let (qres, register) = (Qres::start().await, Register::open(&[]).await);
        qres.admin.create("/fiscal/devices", &register.described(json!({}))).await;
        let cash = qres.admin.create("/payment-methods", &json!({"name": "Cash"})).await;
        let card = json!({"name": "Card", "kind": "CARD"});
        let card = qres.admin.create("/payment-methods", &card).await;
        let waiter = qres.waiter("anna").await;
        let fault = |(place, (fault, chance)): (u64, &(&str, f64))| json!({"fault": fault, "chance": chance, "seed": seed + place, "seconds": 0.1});
        let faults: Vec<Value> = (0..).zip(&OFTEN).map(fault).collect();
        register.play("faults", json!(faults)).await;
        let dice = Dice::new(0x0BAD_CAFE + seed);
        Self { qres, register, waiter, ways: [cash, card], dice, owed: 0 }
    }

    /// Sells something; of some of it a part goes back.
    async fn sell(&mut self) {
        let at = usize::try_from(self.dice.throw(2)).unwrap();
        let dish = self.qres.menu.dishes[usize::try_from(self.dice.throw(4)).unwrap()];
        let items = [json!({"dish_id": dish, "quantity": 1 + self.dice.throw(3)})];
        let order = json!({"order_type": "TAKEAWAY", "customer_name": "Guest", "items": items});
        let order = self.waiter.create("/orders/", &order).await;
        let (_, checks) = self.waiter.get(&format!("/orders/{order}/checks")).await;
        let check = &checks["checks"][0];
        let body = json!({"method_id": self.ways[at], "amount": check["due"],
                          "expected_due": check["due"]});
        let path = format!("/checks/{}/payments", check["id"]);
        let payment = self.waiter.create(&path, &body).await;
        self.owed += 1;
        if self.dice.throw(5) == 0 {
            let body = json!({"amount": "100.00", "reason": "cold"});
            self.qres.admin.create(&format!("/payments/{payment}/refunds"), &body).await;
            self.owed += 1;
        }
    }

    /// Makes so many receipts, with pulled plugs between.
    async fn run(mut self, documents: u64) {
        while self.owed < documents {
            for _ in 0..A_KILL {
                self.sell().await;
            }
            tokio::time::sleep(Duration::from_millis(20 + self.dice.throw(900))).await;
            self.qres.kill();
            self.qres.restart().await;
        }
        let patience = PATIENCE * u32::try_from(documents).unwrap();
        eventually_within(patience, "every receipt is made", || (self.open() == 0).then_some(()))
            .await;
        self.compare().await;
        self.qres.assert_sound();
    }

    fn open(&self) -> i64 {
        let sql = "SELECT count(*) FROM fiscal_documents
                   WHERE state NOT IN ('DONE', 'CANCELLED') AND kind LIKE 'SELL%'";
        self.qres.database().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// The box's receipts are the register's, one for one.
    async fn compare(&self) {
        let ledger = self.register.ledger().await;
        let receipts =
            ledger.iter().filter(|one| one["kind"].as_str().unwrap().starts_with("sell"));
        let theirs: BTreeMap<i64, (String, i64)> = receipts
            .map(|one| {
                let kind = if one["kind"] == "sell" { "SELL" } else { "SELL_RETURN" };
                #[allow(clippy::cast_possible_truncation, reason = "kopecks of a small receipt")]
                let total = (one["total"].as_f64().unwrap() * 100.0).round() as i64;
                (one["number"].as_i64().unwrap(), (kind.to_owned(), total))
            })
            .collect();
        let db = self.qres.database();
        let mut ours = db
            .prepare(
                "SELECT number, kind, total, state FROM fiscal_documents WHERE kind LIKE 'SELL%'",
            )
            .unwrap();
        let ours: Vec<(i64, (String, i64), String)> = ours
            .query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?), row.get(3)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(ours.len() as u64, self.owed, "each receipt is written down once");
        assert!(ours.iter().all(|(_, _, state)| state == "DONE"));
        let made = ours.len();
        let ours: BTreeMap<_, _> =
            ours.into_iter().map(|(number, what, _)| (number, what)).collect();
        assert_eq!(ours.len(), made, "no number stands on two");
        assert_eq!(ours, theirs, "the box's receipts are the register's, one for one");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_receipt_is_made_once_through_faults_and_pulled_plugs() {
    let documents = number("FISCAL_DOCUMENTS", DOCUMENTS);
    let seed = number("FISCAL_SEED", 11);
    let boxes = documents.div_ceil(OF_ONE_BOX);
    let begun = Instant::now();
    let mut all = Vec::new();
    for place in 0..boxes {
        let evening = Evening::begin(seed + 100 * place).await;
        all.push(tokio::spawn(evening.run(documents.div_ceil(boxes))));
    }
    for evening in all {
        evening.await.unwrap();
    }
    println!("{documents} receipts on {boxes} registers in {:?}", begun.elapsed());
}

/// The kinds of all documents that a register made.
async fn kinds(register: &Register) -> Vec<String> {
    let ledger = register.ledger().await;
    ledger.iter().map(|one| one["kind"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shift_is_closed_before_its_day_is_over_and_what_is_not_taken_is_told() {
    let mut evening = Evening::begin(1).await;
    evening.register.calm().await;
    evening.register.play("ofd", json!({"connected": false})).await;
    evening.sell().await;
    let begun = Instant::now();
    while evening.open() > 0 {
        assert!(begun.elapsed() < PATIENCE, "the receipt is made");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // An hour before the day is over somebody looks, and nothing is under way.
    evening.register.play("clock", json!({"advance": 23 * 3600 + 60})).await;
    evening.qres.kill();
    evening.qres.restart().await;
    let begun = Instant::now();
    while kinds(&evening.register).await.last().map(String::as_str) != Some("closeShift") {
        assert!(begun.elapsed() < PATIENCE, "the shift is closed by itself");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // The operator of fiscal data takes nothing: it is told, and graver with the days.
    let mut days = 0;
    for (until, level) in [(2, "NOTE"), (3, "WARN"), (10, "ALARM"), (25, "LAST")] {
        evening.register.play("clock", json!({"advance": (until - days) * 24 * 3600})).await;
        days = until;
        evening.qres.kill();
        evening.qres.restart().await;
        let begun = Instant::now();
        loop {
            let (_, told) = evening.waiter.get("/fiscal/troubles").await;
            let trouble = &told["troubles"][0];
            if trouble["trouble"] == "UNSENT" && trouble["level"] == level {
                break;
            }
            assert!(begun.elapsed() < PATIENCE, "after {until} days it is {level}: {told}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
