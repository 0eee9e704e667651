//! A fiscal register to test with: the simulator that ships with the program, in this process.

use std::net::SocketAddr;
use std::time::Duration;

use qres::simulators::fiscal::{Fault, Setup, Simulator};
use serde_json::{Value, json};

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
        Self::start(Setup::default(), faults).await
    }

    /// Another one, with a storage of its own.
    pub async fn other() -> Self {
        let storage = "9999078900000002".to_owned();
        Self::start(Setup { storage, ..Setup::default() }, &[]).await
    }

    async fn start(setup: Setup, faults: &[&str]) -> Self {
        let setup = Setup { looks_after: Duration::from_millis(30), ..setup };
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let simulator = Simulator::open(setup, None, listen).await.expect("a simulator");
        for fault in faults {
            simulator.arm(fault.parse::<Fault>().expect("a fault"));
        }
        let address = format!("http://{}", simulator.address());
        let serving = tokio::spawn(async move { simulator.serve().await.unwrap() });
        Self { address, client: reqwest::Client::new(), serving }
    }

    /// How a box is to know it.
    pub fn described(&self, more: Value) -> Value {
        let mut body = json!({"name": "Register", "kind": "ATOL", "address": self.address,
                              "moment": "WITH_PAYMENT", "taxation": "USN_INCOME"});
        let Value::Object(more) = more else { unreachable!("an object") };
        body.as_object_mut().unwrap().extend(more);
        body
    }

    pub async fn play(&self, path: &str, body: Value) -> Value {
        let asked = self.client.post(format!("{}/simulator/{path}", self.address)).json(&body);
        asked.send().await.unwrap().json().await.unwrap()
    }

    /// Nothing goes wrong any more.
    pub async fn calm(&self) {
        let address = format!("{}/simulator/faults", self.address);
        self.client.delete(address).send().await.unwrap();
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

    /// What it printed of cash that was put in and taken out: the kinds and sums.
    pub async fn cash_moves(&self) -> Vec<(String, f64)> {
        let path = format!("{}/simulator/papers?limit=500", self.address);
        let papers: Vec<Value> = self.client.get(path).send().await.unwrap().json().await.unwrap();
        let moved = |paper: &Value| {
            let kind = paper["kind"].as_str().unwrap().to_owned();
            kind.starts_with("cash").then(|| (kind, paper["total"].as_f64().unwrap()))
        };
        papers.iter().filter_map(moved).collect()
    }

    /// A document with the task that it was made of.
    pub async fn document(&self, number: i64) -> Value {
        let path = format!("{}/simulator/documents/{number}", self.address);
        self.client.get(path).send().await.unwrap().json().await.unwrap()
    }
}
