//! The API document against the routes. (Replies are held against it in every test.)

use reqwest::Method;
use serde_json::Value;

use crate::harness::TestApp;

fn document() -> Value {
    serde_json::to_value(qres::appliance::openapi()).unwrap()
}

#[tokio::test]
async fn every_documented_route_answers() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    for (path, methods) in document()["paths"].as_object().unwrap() {
        let real = path
            .split('/')
            .map(|part| match part {
                "{department}" => "hot",
                part if part.starts_with('{') => "1",
                part => part,
            })
            .collect::<Vec<_>>()
            .join("/");
        for method in methods.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            for door in [real.clone(), format!("{real}/"), format!("/api{real}")] {
                let reply = nobody.send(nobody.request(method.clone(), &door)).await;
                assert_ne!(reply.json()["code"], "no_such_page", "{method} {door}");
                assert_ne!(reply.status, 405, "{method} {door}");
            }
        }
    }
    nobody.get("/no/such/thing").await.refused(404, "no_such_page");
    let wrong = nobody.request(Method::DELETE, "/health");
    nobody.send(wrong).await.refused(405, "method_not_allowed");
}

#[tokio::test]
async fn the_box_serves_its_document() {
    let app = TestApp::start().await;
    assert_eq!(app.anonymous().get("/openapi.json").await.ok(), document());
}

#[test]
fn the_kept_document_is_in_step() {
    let kept = include_str!("../../docs/openapi.json");
    let kept: Value = serde_json::from_str(kept).unwrap();
    assert!(kept == document(), "docs/openapi.json is old: run `make openapi`");
}

#[test]
fn operations_have_ids_of_their_own() {
    let document = document();
    let mut ids: Vec<&str> = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|methods| methods.as_object().unwrap().values())
        .map(|operation| operation["operationId"].as_str().unwrap())
        .collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
}
