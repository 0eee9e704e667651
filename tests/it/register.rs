//! A fiscal register to test with: the simulator that ships with the program, in this process.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use qres::simulators::fiscal::{Fault, Setup, Simulator};
use serde_json::{Value, json};

use crate::harness::{Client, House, id};

pub struct Register {
    pub address: String,
    client: reqwest::Client,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for Register {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Register {
    pub async fn open(faults: &[&str]) -> Self {
        let setup = Setup { looks_after: Duration::from_millis(30), ..Setup::default() };
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let simulator = Simulator::open(setup, None, listen).await.ok().expect("a simulator");
        for fault in faults {
            simulator.arm(fault.parse::<Fault>().expect("a fault"));
        }
        let address = format!("http://{}", simulator.address());
        let serving = tokio::spawn(async move { simulator.serve().await.unwrap() });
        Self { address, client: reqwest::Client::new(), serving }
    }

    /// Adds it to a box, and returns the register's id there.
    pub async fn add_to(&self, house: &House, more: Value) -> i64 {
        let mut body = json!({"name": "Register", "kind": "ATOL", "address": self.address,
                              "moment": "WITH_PAYMENT", "taxation": "USN_INCOME"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        id(&house.admin.post("/fiscal/devices", &body).await.created())
    }

    pub async fn play(&self, path: &str, body: Value) -> Value {
        let asked = self.client.post(format!("{}/simulator/{path}", self.address)).json(&body);
        asked.send().await.unwrap().json().await.unwrap()
    }

    /// Its ledger, from the first document on, with what stands on each.
    pub async fn ledger(&self) -> Vec<Value> {
        let mut all: Vec<Value> = Vec::new();
        loop {
            let after = all.last().map_or(0, |last| last["number"].as_i64().unwrap());
            let path = format!("{}/simulator/documents?after={after}&limit=500", self.address);
            let page: Vec<Value> =
                self.client.get(path).send().await.unwrap().json().await.unwrap();
            if page.is_empty() {
                return all;
            }
            all.extend(page);
        }
    }

    /// What of its ledger are receipts: their kinds and totals.
    pub async fn receipts(&self) -> Vec<(String, f64)> {
        let receipt = |document: &Value| {
            let kind = document["kind"].as_str().unwrap().to_owned();
            kind.starts_with("sell").then(|| (kind, document["total"].as_f64().unwrap()))
        };
        self.ledger().await.iter().filter_map(receipt).collect()
    }

    /// A document with the task that it was made of.
    pub async fn document(&self, number: i64) -> Value {
        let path = format!("{}/simulator/documents/{number}", self.address);
        self.client.get(path).send().await.unwrap().json().await.unwrap()
    }
}

/// The documents of a check.
pub async fn documents(client: &Client, check_id: i64) -> Vec<Value> {
    let list = client.get(&format!("/fiscal/checks/{check_id}")).await.ok();
    list["documents"].as_array().unwrap().clone()
}

/// How long a test waits for a document: a fault costs a pause or two.
const PATIENCE: Duration = Duration::from_secs(40);

/// The documents of a check when so many are there and all stand so.
pub async fn until(client: &Client, check_id: i64, states: &[&str]) -> Vec<Value> {
    let begun = Instant::now();
    loop {
        let all = documents(client, check_id).await;
        if all.iter().map(|one| one["state"].as_str().unwrap()).eq(states.iter().copied()) {
            return all;
        }
        assert!(begun.elapsed() < PATIENCE, "check {check_id} is to have {states:?}: {all:#?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
