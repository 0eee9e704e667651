//! `/simulator`: what came out of the printer, and what is to go wrong.

use std::sync::Arc;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::reply::{Answer, Shared};
use crate::simulators::fiscal::clock::moment;
use crate::simulators::fiscal::faults::Fault;
use crate::simulators::fiscal::machine::{Denied, Machine};
use crate::simulators::fiscal::paper;
use crate::simulators::fiscal::refusal::Refusal;
use crate::simulators::fiscal::server::Server;
use crate::simulators::fiscal::setup::Setup;
use crate::simulators::fiscal::store::Paper;

/// As many papers as one reply holds.
const MOST: i64 = 500;

pub(super) fn router() -> Router<Arc<Server>> {
    Router::new()
        .route("/simulator", get(state))
        .route("/simulator/documents", get(documents))
        .route("/simulator/documents/{name}", get(document))
        .route("/simulator/papers", get(papers))
        .route("/simulator/papers/{name}", get(one_paper))
        .route("/simulator/faults", get(faults).post(arm).delete(disarm))
        .route("/simulator/clock", post(set_clock))
        .route("/simulator/printer", post(set_printer))
        .route("/simulator/ofd", post(set_ofd))
        .route("/simulator/restart", post(restart))
}

async fn state(State(server): Shared) -> Answer {
    let machine = server.machine();
    let mut state = machine.register.state()?;
    state["queue"] = machine.queue_status();
    state["faults"] = json!(machine.faults.armed());
    Ok(Json(state))
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    after: i64,
    limit: Option<i64>,
}

impl Page {
    fn most(&self) -> i64 {
        self.limit.unwrap_or(100).clamp(1, MOST)
    }
}

fn told(paper: &Paper, setup: &Setup) -> Value {
    json!({
        "id": paper.id,
        "number": paper.number,
        "kind": paper.kind,
        "shift": paper.shift,
        "receipt": paper.receipt,
        "at": moment(paper.at, &setup.zone),
        "sign": paper.sign,
        "total": paper.total.json(),
        "payments": {
            "cash": paper.paid[0].json(),
            "electronically": paper.paid[1].json(),
            "prepaid": paper.paid[2].json(),
            "credit": paper.paid[3].json(),
            "other": paper.paid[4].json(),
        },
        "uuid": paper.uuid,
        "printed": paper.printed,
        "sent": paper.sent,
    })
}

fn list(found: &[Paper], machine: &Machine) -> Json<Value> {
    let told: Vec<_> = found.iter().map(|paper| told(paper, &machine.register.setup)).collect();
    Json(Value::Array(told))
}

async fn documents(State(server): Shared, Query(page): Query<Page>) -> Answer {
    let machine = server.machine();
    let found = machine.register.store().documents(page.after, page.most());
    Ok(list(&found.map_err(Refusal::from)?, &machine))
}

async fn papers(State(server): Shared, Query(page): Query<Page>) -> Answer {
    let machine = server.machine();
    let found = machine.register.store().papers(page.after, page.most());
    Ok(list(&found.map_err(Refusal::from)?, &machine))
}

/// A number, and in which form: `7`, `7.txt`, `7.png`.
fn named(name: &str) -> Result<(i64, &str), Denied> {
    let (number, form) = name.split_once('.').unwrap_or((name, "json"));
    let number = number.parse().map_err(|_| absent(name))?;
    Ok((number, form))
}

fn absent(name: &str) -> Denied {
    Denied::new(404, format!("There is no paper {name}"))
}

async fn document(State(server): Shared, Path(name): Path<String>) -> Result<Response, Denied> {
    let (number, form) = named(&name)?;
    let machine = server.machine();
    let found = machine.register.store().document(number).map_err(Refusal::from)?;
    show(&found.ok_or_else(|| absent(&name))?, form, &machine.register.setup)
}

async fn one_paper(State(server): Shared, Path(name): Path<String>) -> Result<Response, Denied> {
    let (id, form) = named(&name)?;
    let machine = server.machine();
    let found = machine.register.store().paper(id).map_err(Refusal::from)?;
    show(&found.ok_or_else(|| absent(&name))?, form, &machine.register.setup)
}

fn show(paper: &Paper, form: &str, setup: &Setup) -> Result<Response, Denied> {
    let lines = paper::lines(paper, setup);
    match form {
        "json" => {
            let mut told = told(paper, setup);
            told["text"] = paper::plain(&lines).into();
            told["task"] = paper.body["task"].clone();
            Ok(Json(told).into_response())
        }
        "txt" => Ok(paper::plain(&lines).into_response()),
        "png" => {
            let picture = paper::png(&lines).map_err(|error| Denied::new(500, error))?;
            Ok(([(CONTENT_TYPE, "image/png")], picture).into_response())
        }
        other => Err(absent(other)),
    }
}

async fn faults(State(server): Shared) -> Json<Value> {
    Json(json!(server.machine().faults.armed()))
}

/// One fault or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum NewFaults {
    One(Fault),
    Several(Vec<Fault>),
}

/// A body that cannot be read is a 400 that says why.
fn body<T>(body: Result<Json<T>, JsonRejection>) -> Result<T, Denied> {
    body.map(|Json(body)| body).map_err(|error| Denied::new(400, error.body_text()))
}

async fn arm(State(server): Shared, new: Result<Json<NewFaults>, JsonRejection>) -> Answer {
    let new = match body(new)? {
        NewFaults::One(fault) => vec![fault],
        NewFaults::Several(faults) => faults,
    };
    let checked: Result<Vec<_>, _> = new.into_iter().map(Fault::check).collect();
    let checked = checked.map_err(|error| Denied::new(400, error))?;
    let mut machine = server.machine();
    for fault in checked {
        machine.faults.arm(fault);
    }
    Ok(Json(json!(machine.faults.armed())))
}

async fn disarm(State(server): Shared) -> Json<Value> {
    server.machine().faults.disarm();
    Json(json!([]))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewTime {
    /// What the clock is to show, as in 2026-11-30T01:02:03+03:00.
    now: Option<String>,
    /// Or how much later than now, in seconds.
    #[serde(default)]
    advance: i64,
}

async fn set_clock(State(server): Shared, new: Result<Json<NewTime>, JsonRejection>) -> Answer {
    let new = body(new)?;
    let now = new.now.map(|now| now.parse::<jiff::Timestamp>()).transpose();
    let now = now.map_err(|error| Denied::new(400, error.to_string()))?;
    {
        let mut machine = server.machine();
        if let Some(now) = now {
            machine.register.set_clock(now.as_millisecond())?;
        }
        machine.register.move_clock(new.advance.saturating_mul(1000))?;
    }
    state(State(server)).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPrinter {
    paper: Option<bool>,
    cover_open: Option<bool>,
}

async fn set_printer(
    State(server): Shared,
    new: Result<Json<NewPrinter>, JsonRejection>,
) -> Answer {
    let new = body(new)?;
    {
        let mut machine = server.machine();
        if let Some(paper) = new.paper {
            machine.register.set_paper(paper)?;
        }
        if let Some(open) = new.cover_open {
            machine.register.set_cover(open)?;
        }
    }
    server.ring();
    state(State(server)).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewOfd {
    connected: bool,
}

async fn set_ofd(State(server): Shared, new: Result<Json<NewOfd>, JsonRejection>) -> Answer {
    let connected = body(new)?.connected;
    server.machine().register.set_ofd(connected)?;
    state(State(server)).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Restart {
    #[serde(default)]
    forgets: bool,
}

async fn restart(State(server): Shared, how: Result<Json<Restart>, JsonRejection>) -> Answer {
    let forgets = body(how)?.forgets;
    server.machine().restart(forgets)?;
    server.ring();
    state(State(server)).await
}
