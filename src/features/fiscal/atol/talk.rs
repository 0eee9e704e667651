//! Speaks with ATOL's server.

use std::time::{Duration, Instant};

use reqwest::{Client, Method, StatusCode, Url};
use serde_json::{Value, json};
use tokio::time::sleep;
use uuid::Uuid;

use super::answers::{health, kept, proof, refusal, told};
use super::tasks::request;
use crate::core::error::{Error, Result};
use crate::features::fiscal::register::{Kept, Refusal, Refused, Register, Silence, Task, Told};
use crate::features::fiscal::types::Health;

/// The longest that an answer may take.
const ANSWERS_WITHIN: Duration = Duration::from_secs(8);
/// A question that stands in the queue is asked after so often, and given up after so long.
const ASKS_EVERY: Duration = Duration::from_millis(50);
const ASKS_FOR: Duration = Duration::from_secs(8);

/// A register behind ATOL's server.
pub struct Atol {
    client: Client,
    address: String,
    account: Option<(String, String)>,
    /// Which of the server's registers.
    register: Option<String>,
}

impl Atol {
    /// One at an address such as `http://192.168.1.20:16732`.
    ///
    /// # Errors
    /// When this machine cannot send anything.
    pub fn new(
        address: &str,
        account: Option<(String, String)>,
        register: Option<String>,
    ) -> Result<Self> {
        let client = Client::builder()
            .timeout(ANSWERS_WITHIN)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(Error::internal)?;
        let address = address.trim_end_matches('/').to_owned();
        Ok(Self { client, address, account, register })
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: String,
    ) -> std::result::Result<(StatusCode, Value), Silence> {
        let mut asked = self.client.request(method, self.url(path)?);
        if let Some((login, password)) = &self.account {
            asked = asked.basic_auth(login, Some(password));
        }
        if !body.is_empty() {
            asked = asked.header("content-type", "application/json").body(body);
        }
        let reply = asked.send().await.map_err(silence)?;
        let status = reply.status();
        let body = reply.bytes().await.map_err(silence)?;
        if status == StatusCode::UNAUTHORIZED {
            return Err(Silence("the register's server asks for another login or password".into()));
        }
        Ok((status, serde_json::from_slice(&body).unwrap_or(Value::Null)))
    }

    fn url(&self, path: &str) -> std::result::Result<Url, Silence> {
        let url = Url::parse(&format!("{}/api/v2/{path}", self.address));
        let mut url = url.map_err(|_| Silence("the register's address is none".into()))?;
        if let Some(register) = &self.register {
            url.query_pairs_mut().append_pair("deviceID", register);
        }
        Ok(url)
    }

    async fn query(&self, name: &str) -> std::result::Result<Value, Silence> {
        match self.ask(Method::POST, &format!("operations/{name}"), String::new()).await? {
            (status, answer) if status.is_success() => Ok(answer),
            (status, answer) => Err(says(status, &answer)),
        }
    }

    /// Lets a task be done that makes no document, and hears what it brings.
    async fn perform(&self, task: Value) -> std::result::Result<Value, Silence> {
        let key = Uuid::now_v7().to_string();
        let body = json!({"uuid": key, "request": [task]}).to_string();
        let (status, answer) = self.ask(Method::POST, "requests", body).await?;
        if status != StatusCode::CREATED {
            return Err(says(status, &answer));
        }
        let begun = Instant::now();
        while begun.elapsed() < ASKS_FOR {
            let path = format!("requests/{key}");
            let (status, answer) = self.ask(Method::GET, &path, String::new()).await?;
            let result = &answer["results"][0];
            match result["status"].as_str() {
                _ if !status.is_success() => return Err(says(status, &answer)),
                Some("ready") => return Ok(result["result"].clone()),
                Some("error" | "interrupted" | "canceled") => {
                    return Err(Silence(refusal(&result["error"]).words));
                }
                _ => sleep(ASKS_EVERY).await,
            }
        }
        Err(Silence("the register does not come to a question: its queue stands".into()))
    }
}

impl Register for Atol {
    async fn probe(&self) -> std::result::Result<Health, Silence> {
        let shift = self.query("queryShiftStatus").await?;
        let device = self.query("queryDeviceStatus").await?;
        let exchange = self.query("queryOfdExchangeStatus").await?;
        // Last: nothing is made between it and what is sent next.
        let storage = self.query("queryFnStatus").await?;
        health(&storage, &shift, &device, &exchange).ok_or_else(|| {
            Silence("the register's server does not tell its last document and its shift".into())
        })
    }

    async fn submit(&self, key: &str, task: &Task) -> std::result::Result<(), Refused> {
        let body = request(key, task);
        let body =
            body.map_err(|error| Refused::Never(Refusal { code: 0, words: error.to_string() }))?;
        let asked = self.ask(Method::POST, "requests", body).await;
        let (status, answer) = asked.map_err(Refused::Silent)?;
        match status {
            // A key that is known is a document that was taken before.
            StatusCode::CREATED | StatusCode::CONFLICT => Ok(()),
            StatusCode::BAD_REQUEST => Err(Refused::Never(refusal(&answer["error"]))),
            _ => Err(Refused::Silent(says(status, &answer))),
        }
    }

    async fn outcome(&self, key: &str) -> std::result::Result<Told, Silence> {
        let path = format!("requests/{key}");
        match self.ask(Method::GET, &path, String::new()).await? {
            (StatusCode::OK, answer) => Ok(told(&answer)),
            (StatusCode::NOT_FOUND, _) => Ok(Told::Forgotten),
            (status, answer) => Err(says(status, &answer)),
        }
    }

    async fn read(&self, from: i64, to: i64) -> std::result::Result<Vec<Kept>, Silence> {
        let mut found = Vec::new();
        for number in from..=to {
            let task = json!({"type": "getFnDocument", "fiscalDocumentNumber": number});
            found.push(kept(&self.perform(task).await?));
        }
        // After a link was lost, the server tells a document's number and nothing else.
        if let Some(last) = found.last_mut().filter(|last| last.proof.sign.is_none()) {
            let task = json!({"type": "getLastFiscalParams", "forReceipt": false});
            let all = proof(&self.perform(task).await?);
            if all.number == last.proof.number {
                last.proof = all;
            }
        }
        Ok(found)
    }

    async fn resume(&self) -> std::result::Result<(), Silence> {
        self.perform(json!({"type": "continuePrint"})).await.map(drop)
    }

    async fn copy(&self) -> std::result::Result<(), Silence> {
        self.perform(json!({"type": "printLastReceiptCopy"})).await.map(drop)
    }
}

fn says(status: StatusCode, answer: &Value) -> Silence {
    let words = answer["error"]["description"].as_str().unwrap_or_default();
    Silence(format!("the register's server says {} {words}", status.as_u16()).trim_end().to_owned())
}

/// Why nothing was heard, without the address.
fn silence(error: reqwest::Error) -> Silence {
    Silence(if error.is_connect() {
        "nobody answers at the register's address".into()
    } else if error.is_timeout() {
        "the register's server does not answer in time".into()
    } else {
        format!("the register's server broke off: {}", error.without_url())
    })
}
