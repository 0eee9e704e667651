//! The simulator against itself: its rules, its ledger, its protocol and each of its faults.

mod faults;
mod ledger;
mod papers;
mod protocol;
mod refusals;

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::register::Register;
use super::store::Store;
use super::{Fault, Ffd, Setup, Simulator};

/// A register in memory that looks after its queue often.
fn setup(ffd: Ffd) -> Setup {
    Setup { ffd, looks_after: Duration::from_millis(20), ..Setup::default() }
}

fn register(ffd: Ffd) -> Register {
    Register::new(Store::open(None).unwrap(), setup(ffd)).unwrap()
}

/// What a task brings, or the number of the error.
fn perform(register: &mut Register, task: &Value) -> Result<Value, u32> {
    register.perform("key", task, None).map_err(|refusal| refusal.code)
}

fn operator() -> Value {
    json!({ "name": "Иванова А.", "vatin": "123654789507" })
}

fn open_shift() -> Value {
    json!({ "type": "openShift", "operator": operator() })
}

fn close_shift() -> Value {
    json!({ "type": "closeShift", "operator": operator() })
}

fn borsch() -> Value {
    json!({
        "type": "position",
        "name": "Борщ",
        "price": 450.00,
        "quantity": 2,
        "amount": 900.00,
        "paymentMethod": "fullPayment",
        "paymentObject": "commodity",
        "measurementUnit": "piece",
        "tax": { "type": "vat22" },
    })
}

fn sell() -> Value {
    json!({
        "type": "sell",
        "taxationType": "osn",
        "operator": operator(),
        "items": [borsch()],
        "payments": [{ "type": "cash", "sum": 1000 }],
        "total": 900,
    })
}

/// A simulator that serves, and a client of it.
struct Till {
    address: SocketAddr,
    client: reqwest::Client,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for Till {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Till {
    async fn start() -> Self {
        Self::with(setup(Ffd::V12), None).await
    }

    async fn with(setup: Setup, folder: Option<&Path>) -> Self {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        // One that was before in this folder may still be ending.
        let mut tries = 0;
        let simulator = loop {
            match Simulator::open(setup.clone(), folder, listen).await {
                Ok(simulator) => break simulator,
                Err(error) if tries > 20 => panic!("{error:?}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
            tries += 1;
        };
        let address = simulator.address();
        let serving = tokio::spawn(async move { simulator.serve().await.unwrap() });
        Self { address, client: reqwest::Client::new(), serving }
    }

    /// With an open shift.
    async fn open() -> Self {
        let till = Self::start().await;
        assert_eq!(till.run("open", &open_shift()).await["status"], "ready");
        till
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        let response = self.client.get(self.url(path)).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn post(&self, path: &str, body: &Value) -> Option<(u16, Value)> {
        let response = self.client.post(self.url(path)).json(body).send().await.ok()?;
        Some((response.status().as_u16(), response.json().await.ok()?))
    }

    /// Sends a task; None when no answer came.
    async fn submit(&self, uuid: &str, task: &Value) -> Option<(u16, Value)> {
        self.post("/api/v2/requests", &json!({ "uuid": uuid, "request": [task] })).await
    }

    /// The result of a request, once it is neither waiting nor under way.
    async fn result(&self, uuid: &str) -> Value {
        self.until(uuid, |status| !["wait", "inProgress", "blocked"].contains(&status)).await
    }

    async fn until(&self, uuid: &str, is_it: impl Fn(&str) -> bool) -> Value {
        for _ in 0..500 {
            let (status, body) = self.get(&format!("/api/v2/requests/{uuid}")).await;
            assert_eq!(status, 200, "{body}");
            if is_it(body["results"][0]["status"].as_str().unwrap()) {
                return body["results"][0].clone();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{uuid} did not come to it");
    }

    async fn run(&self, uuid: &str, task: &Value) -> Value {
        let (status, body) = self.submit(uuid, task).await.unwrap();
        assert_eq!(status, 201, "{body}");
        self.result(uuid).await
    }

    async fn arm(&self, fault: &str) {
        let fault = serde_json::to_value(fault.parse::<Fault>().unwrap()).unwrap();
        assert_eq!(self.post("/simulator/faults", &fault).await.unwrap().0, 200);
    }

    /// How many documents there are, by the ledger.
    async fn documents(&self) -> i64 {
        self.get("/simulator").await.1["documents"].as_i64().unwrap()
    }
}
