//! A register that others connect: told over HTTP, asked by the key, and trusted to know a key twice for one
//! document.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::checks::{check_of, evening, pay};
use crate::fiscal::until;
use crate::harness::{House, id};

/// A program of somebody else's.
#[derive(Clone, Default)]
struct Program(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    documents: BTreeMap<String, Value>,
    /// How often a document came.
    calls: usize,
    /// So many more it takes without saying so.
    loses: usize,
    refuses: bool,
}

impl Program {
    async fn open() -> (Self, String) {
        let this = Self::default();
        let router = Router::new()
            .route("/fiscal/state", get(async || Json(json!({}))))
            .route("/fiscal/documents/{key}", get(told).put(take))
            .with_state(this.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/fiscal", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (this, address)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap()
    }
}

async fn take(
    State(program): State<Program>,
    Path(key): Path<String>,
    Json(document): Json<Value>,
) -> (StatusCode, Json<Value>) {
    let mut kept = program.kept();
    kept.calls += 1;
    if kept.refuses {
        let why = json!({"code": 5, "problem": "the patent does not cover it"});
        return (StatusCode::UNPROCESSABLE_ENTITY, Json(why));
    }
    kept.documents.entry(key).or_insert(document);
    if kept.loses > 0 {
        kept.loses -= 1;
        return (StatusCode::BAD_GATEWAY, Json(json!({})));
    }
    (StatusCode::CREATED, Json(json!({})))
}

async fn told(
    State(program): State<Program>,
    Path(key): Path<String>,
) -> (StatusCode, Json<Value>) {
    let kept = program.kept();
    match kept.documents.keys().position(|known| *known == key) {
        None => (StatusCode::NOT_FOUND, Json(json!({}))),
        Some(at) => {
            (StatusCode::OK, Json(json!({"state": "DONE", "number": at + 1, "sign": "77"})))
        }
    }
}

#[tokio::test]
async fn a_program_of_ones_own_has_each_document_once() {
    let (house, (program, address)) = (House::open().await, Program::open().await);
    let mut body = json!({"name": "Own", "kind": "WEBHOOK", "address": "till",
                          "moment": "WITH_PAYMENT", "taxation": "PATENT"});
    house.admin.post("/fiscal/devices", &body).await.invalid("address");
    body["address"] = json!(address);
    house.admin.post("/fiscal/devices", &body).await.created();
    program.kept().loses = 1;
    let check = check_of(&house, evening(&house).await).await;
    let paid = pay(&house.waiter, &check, house.cash, "1250.00").await.created();
    let made = until(&house.waiter, id(&check), &["DONE"]).await;
    assert_eq!((&made[0]["number"], &made[0]["sign"]), (&json!(1), &json!("77")));
    {
        let kept = program.kept();
        assert_eq!((kept.documents.len(), kept.calls), (1, 1), "it is asked, not sent again");
        let document = &kept.documents[made[0]["uuid"].as_str().unwrap()];
        assert_eq!((&document["kind"], &document["total"]), (&json!("SELL"), &json!("1250.00")));
        assert_eq!(document["payments"], json!([{"form": "CASH", "sum": "1250.00"}]));
        assert_eq!(document["lines"][1]["name"], "Pizza");
    }
    program.kept().refuses = true;
    let path = format!("/payments/{}/refunds", paid["id"]);
    house.admin.post(&path, &json!({"amount": "450.00", "reason": "spoilt"})).await.created();
    let all = until(&house.waiter, id(&check), &["DONE", "REFUSED"]).await;
    assert!(all[1]["problem"].as_str().unwrap().contains("patent"), "{all:?}");
}
