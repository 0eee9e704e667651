//! The bill: what a check costs to compute, and to split and pay over HTTP.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use qres::features::checks::compute;
use rusqlite::Connection as Database;
use serde_json::{Value, json};

use crate::by_lot::{Dice, split_join_and_refund};
use crate::ceilings;
use crate::figures::{Place, ROUNDS, scripts};
use crate::http::{Reply, request};
use crate::load::{self, Orders, Script};
use crate::report::{Report, Wanted};
use crate::server::{Restaurant, Server};

/// So many checks by lot; `QRES_BENCH_CHECKS` says fewer for a quick look.
const CHECKS: u64 = 1_000_000;
const CONNECTIONS: usize = 32;

pub async fn checks(place: &Place, report: &mut Report) {
    by_lot(report);
    of_twenty_lines(report);
    over_http(place, report).await;
    with_a_year(place, report).await;
}

/// Each is split, joined and given back; the first that loses a minor unit ends the run.
fn by_lot(report: &mut Report) {
    let checks = std::env::var("QRES_BENCH_CHECKS");
    let checks = checks.map_or(CHECKS, |count| count.parse().expect("a number"));
    let began = Instant::now();
    (0..checks).for_each(split_join_and_refund);
    let what = format!("{checks} random checks, split, joined and given back without a difference");
    report.add(&what, &[began.elapsed().as_secs_f64()], &[], "s", &Wanted::Nothing);
}

fn of_twenty_lines(report: &mut Report) {
    let drafts: Vec<_> = (0..200).map(|seed| Dice::new(seed).draft(20)).collect();
    // The best of many: what others do on the machine is not the check's.
    let round = |_| {
        let began = Instant::now();
        for draft in &drafts {
            black_box(compute(black_box(draft)).unwrap());
        }
        began.elapsed().as_secs_f64() * 1e6 / drafts.len() as f64
    };
    let best = (0..200).map(round).fold(f64::INFINITY, f64::min);
    let wanted = Wanted::AtMost { most: 20.0, aim: 10.0 };
    report.add("a check of 20 lines is computed", &[best], &[], "µs", &wanted);
}

async fn over_http(place: &Place, report: &mut Report) {
    let restaurant = place.restaurant();
    let (mut paid, mut split, mut by_32) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let server = Server::start(&place.copy("checks")).await;
        by_32.push(ceilings::orders_by_sqlite(&place.database(), 32));
        paid.push(bills(server.port, restaurant, false).await);
        split.push(bills(server.port, restaurant, true).await);
        server.stop();
    }
    let wanted = Wanted::Ratio { least: 0.08, aim: 0.15 };
    report.add("ordered and paid on its check, 32 connections", &paid, &by_32, "/s", &wanted);
    let what = "ordered, split in two and paid in two ways with a tip, 32 connections";
    let wanted = Wanted::Ratio { least: 0.03, aim: 0.06 };
    report.add(what, &split, &by_32, "/s", &wanted);
}

/// A year of orders, each third with a check that was stored: split, with something taken off.
async fn with_a_year(place: &Place, report: &mut Report) {
    let restaurant = place.restaurant();
    let old = place.copy("old-checks");
    crate::history::write(&old.join("qres.db"), 365);
    write_checks(&old.join("qres.db"));
    let (old, new) = (Server::start(&old).await, Server::start(&place.copy("new-checks")).await);
    old.settle().await;
    for (what, is_split) in [("ordered and paid", false), ("ordered, split and paid", true)] {
        let (mut with, mut without) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            for (server, figures) in [(&old, &mut with), (&new, &mut without)] {
                figures.push(bills(server.port, restaurant, is_split).await);
            }
        }
        let what = format!("a year of checks against none: {what}");
        let wanted = Wanted::Ratio { least: 0.95, aim: 1.0 };
        report.add(&what, &with, &without, "/s", &wanted);
    }
    old.stop();
    new.stop();
}

fn write_checks(database: &Path) {
    let db = Database::open(database).unwrap();
    db.execute_batch(
        "PRAGMA synchronous = OFF;
         BEGIN;
         INSERT INTO checks (id, order_id, number, state, version, rules, computed, subtotal,
                discount, service, tax, total, presented_at, paid_at, closed_at, created_at,
                updated_at)
            SELECT o.id * 100 + 1, o.id, 1, 'CLOSED', 1, '[]',
                (SELECT json_group_array(json_object('i', i.id, 'q', i.quantity,
                        'g', i.gross,
                        'n', json_array('x', 0, i.gross, 0)))
                 FROM order_items i WHERE i.order_id = o.id),
                total, 0, 0, 0, total, closed_at, closed_at, closed_at, created_at, updated_at
            FROM orders o WHERE o.id >= 1000000 AND o.id % 3 = 0 AND payment_status = 'PAID';
         INSERT INTO check_lines (check_id, item_id, quantity)
            SELECT c.id, i.id, i.quantity
            FROM checks c CROSS JOIN order_items i ON i.order_id = c.order_id;
         INSERT INTO adjustments (order_id, check_id, kind, value, reason, created_at)
            SELECT order_id, id, 'percent', 0, 'a regular guest', created_at FROM checks;
         UPDATE payments SET check_id = order_id * 100 + 1 WHERE order_id >= 1000000;
         COMMIT;
         PRAGMA wal_checkpoint(TRUNCATE);",
    )
    .unwrap();
}

/// Whole bills a second.
async fn bills(port: u16, restaurant: &Restaurant, is_split: bool) -> f64 {
    let requests = if is_split { 5.0 } else { 2.0 };
    let scripts = scripts(CONNECTIONS, |seed| Bills::new(restaurant, seed, is_split));
    load::run(port, scripts).await / requests
}

/// Orders to take away, each paid on its check; or on two, once it was split.
struct Bills {
    order: Orders,
    token: String,
    method: i64,
    is_split: bool,
    /// What is still to be sent for this bill, the last first.
    rest: Vec<Vec<u8>>,
    now: Vec<u8>,
}

impl Bills {
    fn new(restaurant: &Restaurant, seed: usize, is_split: bool) -> Self {
        Self {
            order: Orders::new(restaurant, seed),
            token: restaurant.token.clone(),
            method: restaurant.payment_method,
            is_split,
            rest: Vec::new(),
            now: Vec::new(),
        }
    }

    fn post(&self, path: &str, body: &Value) -> Vec<u8> {
        let key = uuid::Uuid::now_v7().to_string();
        request("POST", path, &self.token, &key, body)
    }

    fn pay(&self, check: &Value, due: &Value, tip: &str) -> Vec<u8> {
        let body =
            json!({"method_id": self.method, "amount": due, "expected_due": due, "tip": tip});
        self.post(&format!("/checks/{check}/payments"), &body)
    }
}

impl Script for Bills {
    fn next(&mut self) -> &[u8] {
        match self.rest.pop() {
            None => self.order.next(),
            Some(request) => {
                self.now = request;
                &self.now
            }
        }
    }

    fn hear(&mut self, reply: &Reply<'_>) {
        if !self.rest.is_empty() {
            return;
        }
        let said: Value = serde_json::from_slice(reply.body).unwrap();
        if let Some(checks) = said["checks"].as_array() {
            let order = &said["order_id"];
            if let [whole] = &checks[..] {
                let body = json!({"version": said["version"], "by": "parts", "parts": 2});
                if whole["state"] == "OPEN" {
                    self.rest = vec![self.post(&format!("/orders/{order}/split"), &body)];
                }
            } else if checks.iter().all(|check| check["state"] == "OPEN") {
                let pay = |check: &Value, tip| self.pay(&check["id"], &check["due"], tip);
                self.rest = vec![pay(&checks[0], "0"), pay(&checks[1], "20.00")];
            }
        } else if said["items"].is_array() {
            let check = json!(said["id"].as_i64().unwrap() * 100 + 1);
            self.rest = vec![if self.is_split {
                crate::figures::get(&format!("/orders/{}/checks", said["id"]), &self.token)
            } else {
                self.pay(&check, &said["total_price"], "0")
            }];
        }
    }
}
