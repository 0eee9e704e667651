//! A register, or a program that has one, which others connect: it is told of each document over HTTP, and
//! asked what became of it. docs/FISCAL.md says what it has to answer.

use std::time::Duration;

use reqwest::{Client, Method, StatusCode, Url};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::body::{Body, Form, ReceiptLine};
use super::register::{Kept, Proof, Refusal, Refused, Register, Silence, Task, Told};
use super::states::{Basis, DocumentKind, Taxation};
use super::types::{Health, ShiftState};
use crate::core::error::{Error, Result};
use crate::core::kernel::{Day, Measure, Money, Quantity, TaxRate};

/// The longest that an answer may take.
const ANSWERS_WITHIN: Duration = Duration::from_secs(8);

/// What is reached at an address such as `https://till.example.org/fiscal`.
pub struct Webhook {
    client: Client,
    address: String,
    account: Option<(String, String)>,
}

#[derive(Serialize)]
struct Document<'a> {
    kind: DocumentKind,
    cashier: &'a str,
    cashier_vatin: Option<&'a str>,
    taxation: Taxation,
    lines: Vec<Line<'a>>,
    payments: Vec<Payment>,
    total: Money,
    note: Option<&'a str>,
    send_to: Option<&'a str>,
    corrects: Option<Corrects<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    quantity: Quantity,
    unit: Option<Measure>,
    price: Money,
    amount: Money,
    tax_percent: Option<TaxRate>,
    is_service: bool,
}

#[derive(Serialize)]
struct Payment {
    form: Form,
    sum: Money,
}

#[derive(Serialize)]
struct Corrects<'a> {
    basis: Basis,
    date: Day,
    number: Option<&'a str>,
}

/// What became of a document.
#[derive(Debug, Deserialize)]
struct Answer {
    state: AnswerState,
    #[serde(default)]
    problem: Option<String>,
    #[serde(default)]
    code: i64,
    #[serde(default)]
    number: Option<i64>,
    #[serde(default)]
    sign: Option<String>,
    #[serde(default)]
    storage: Option<String>,
    #[serde(default)]
    registration: Option<String>,
    #[serde(default)]
    shift_number: Option<i64>,
    #[serde(default)]
    receipt_number: Option<i64>,
    #[serde(default)]
    made_at: Option<String>,
    #[serde(default = "yes")]
    is_printed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum AnswerState {
    Done,
    Pending,
    Refused,
}

/// How the register is; what is left out is well.
#[derive(Debug, Deserialize)]
struct State {
    #[serde(default)]
    last_number: i64,
    #[serde(default = "open")]
    shift: ShiftState,
    #[serde(default)]
    shift_number: i64,
    #[serde(default)]
    shift_ends: Option<String>,
    #[serde(default)]
    shift_minutes_left: Option<i64>,
    #[serde(default = "yes")]
    has_paper: bool,
    #[serde(default)]
    cover_open: bool,
    #[serde(default)]
    unsent: i64,
    #[serde(default)]
    unsent_days: i64,
    #[serde(default)]
    storage_ends: bool,
}

fn yes() -> bool {
    true
}

fn open() -> ShiftState {
    ShiftState::Open
}

impl Answer {
    fn told(self) -> Told {
        let words = self.problem.unwrap_or_else(|| "no reason was told".into());
        match self.state {
            AnswerState::Pending => Told::Pending(words),
            AnswerState::Refused => Told::NotMade(Refusal { code: self.code, words }),
            AnswerState::Done => Told::Made(Proof {
                number: self.number,
                sign: self.sign,
                storage: self.storage,
                registration: self.registration,
                shift_number: self.shift_number,
                receipt_number: self.receipt_number,
                made_at: self.made_at,
                is_not_printed: !self.is_printed,
            }),
        }
    }
}

impl Webhook {
    /// One at an address.
    ///
    /// # Errors
    /// When this machine cannot send anything.
    pub fn new(address: &str, account: Option<(String, String)>) -> Result<Self> {
        let client = Client::builder()
            .timeout(ANSWERS_WITHIN)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(Error::internal)?;
        Ok(Self { client, address: address.trim_end_matches('/').to_owned(), account })
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> std::result::Result<(StatusCode, Value), Silence> {
        let url = Url::parse(&format!("{}/{path}", self.address));
        let url = url.map_err(|_| Silence("the register's address is none".into()))?;
        let mut asked = self.client.request(method, url);
        if let Some((login, password)) = &self.account {
            asked = asked.basic_auth(login, Some(password));
        }
        if let Some(body) = body {
            asked = asked.header("content-type", "application/json").body(body);
        }
        let silent = |_| Silence("nobody answers at the register's address".into());
        let reply = asked.send().await.map_err(silent)?;
        let status = reply.status();
        let bytes = reply.bytes().await.map_err(silent)?;
        Ok((status, serde_json::from_slice(&bytes).unwrap_or(Value::Null)))
    }
}

fn document(task: &Task) -> Document<'_> {
    let Body { cashier, receipt, corrects, .. } = &task.body;
    let receipt = receipt.as_ref();
    Document {
        kind: task.kind,
        cashier: &cashier.name,
        cashier_vatin: cashier.vatin.as_deref(),
        taxation: task.manner.taxation,
        lines: receipt.iter().flat_map(|it| &it.lines).map(line).collect(),
        payments: receipt
            .iter()
            .flat_map(|it| &it.payments)
            .map(|(form, sum)| Payment { form: *form, sum: *sum })
            .collect(),
        total: task.body.total(),
        note: receipt.map(|it| &*it.note),
        send_to: receipt.and_then(|it| it.to.as_deref()),
        corrects: corrects.as_ref().map(|it| Corrects {
            basis: it.basis,
            date: it.date,
            number: it.number.as_deref(),
        }),
    }
}

fn line(sold: &ReceiptLine) -> Line<'_> {
    Line {
        name: &sold.name,
        quantity: sold.quantity,
        unit: sold.unit,
        price: sold.price,
        amount: sold.amount,
        tax_percent: sold.rate,
        is_service: sold.is_service,
    }
}

fn says(status: StatusCode) -> Silence {
    Silence(format!("the register's server says {}", status.as_u16()))
}

fn answer(value: Value) -> std::result::Result<Told, Silence> {
    let answer: std::result::Result<Answer, _> = serde_json::from_value(value);
    let unclear = |_| Silence("the register's server says something that is not understood".into());
    answer.map(Answer::told).map_err(unclear)
}

impl Register for Webhook {
    async fn probe(&self) -> std::result::Result<Health, Silence> {
        let (status, state) = self.ask(Method::GET, "state", None).await?;
        if status != StatusCode::OK {
            return Err(says(status));
        }
        let unclear = |_| Silence("the register's server does not tell how it is".into());
        let state: State = serde_json::from_value(state).map_err(unclear)?;
        Ok(Health {
            last_number: state.last_number,
            shift: state.shift,
            shift_number: state.shift_number,
            shift_ends: state.shift_ends,
            shift_minutes_left: state.shift_minutes_left,
            has_paper: state.has_paper,
            cover_open: state.cover_open,
            unsent: state.unsent,
            unsent_days: state.unsent_days,
            storage_ends: state.storage_ends,
        })
    }

    async fn submit(&self, key: &str, task: &Task) -> std::result::Result<(), Refused> {
        let body = serde_json::to_string(&document(task));
        let body =
            body.map_err(|error| Refused::Never(Refusal { code: 0, words: error.to_string() }))?;
        let asked = self.ask(Method::PUT, &format!("documents/{key}"), Some(body)).await;
        match asked.map_err(Refused::Silent)? {
            (status, _) if status.is_success() => Ok(()),
            (StatusCode::UNPROCESSABLE_ENTITY, said) => {
                let words = said["problem"].as_str().unwrap_or("no reason was told").to_owned();
                let code = said["code"].as_i64().unwrap_or(0);
                Err(Refused::Never(Refusal { code, words }))
            }
            (status, _) => Err(Refused::Silent(says(status))),
        }
    }

    async fn outcome(&self, key: &str) -> std::result::Result<Told, Silence> {
        match self.ask(Method::GET, &format!("documents/{key}"), None).await? {
            (StatusCode::OK, said) => answer(said),
            (StatusCode::NOT_FOUND, _) => Ok(Told::Forgotten),
            (status, _) => Err(says(status)),
        }
    }

    async fn read(&self, _from: i64, _to: i64) -> std::result::Result<Vec<Kept>, Silence> {
        // It knows documents by their keys alone, and a key twice for one document.
        Ok(Vec::new())
    }

    async fn resume(&self) -> std::result::Result<(), Silence> {
        Err(Silence("it goes on by itself".into()))
    }

    async fn copy(&self) -> std::result::Result<(), Silence> {
        Err(Silence("it prints its copies by itself".into()))
    }
}
