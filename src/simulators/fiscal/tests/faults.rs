//! Each fault: what a till sees of it, and what the ledger says.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{Till, close_shift, open_shift, sell};

#[tokio::test]
async fn a_reply_lost_before_leaves_nothing() {
    let till = Till::open().await;
    till.arm("reply-lost-before").await;
    assert!(till.submit("sale", &sell()).await.is_none());
    assert_eq!(till.get("/api/v2/requests/sale").await.0, 404);
    assert_eq!(till.documents().await, 1);
    assert_eq!(till.run("sale", &sell()).await["status"], "ready", "the same key is still free");
}

#[tokio::test]
async fn a_reply_lost_after_leaves_a_document() {
    let till = Till::open().await;
    till.arm("reply-lost-after").await;
    assert!(till.submit("sale", &sell()).await.is_none());
    assert_eq!(till.result("sale").await["result"]["fiscalParams"]["fiscalDocumentNumber"], 2);
    assert_eq!(till.submit("sale", &sell()).await.unwrap().0, 409);
    assert_eq!(till.documents().await, 2);
}

/// The trap: the key is free again, and the document is there.
#[tokio::test]
async fn a_restart_that_forgets_keeps_the_document() {
    let till = Till::open().await;
    till.arm("restart-forgets").await;
    assert!(till.submit("sale", &sell()).await.is_none());
    assert_eq!(till.get("/api/v2/requests/sale").await.0, 404);
    assert_eq!(till.documents().await, 2);
    let (_, last) = till.get("/simulator/documents/2").await;
    assert_eq!(last["uuid"], "sale");
    let forgets = json!({ "forgets": true });
    till.run("other", &sell()).await;
    till.post("/simulator/restart", &forgets).await.unwrap();
    assert_eq!(till.get("/api/v2/requests/other").await.0, 404);
}

#[tokio::test]
async fn a_result_may_be_read_once() {
    let till = Till::open().await;
    till.arm("read-once").await;
    till.run("sale", &sell()).await;
    assert_eq!(till.get("/api/v2/requests/sale").await.0, 404);
}

#[tokio::test]
async fn a_link_lost_before_blocks_the_queue_and_ends_in_an_error() {
    let till = Till::open().await;
    till.post("/simulator/faults", &json!({ "fault": "link-lost-before", "seconds": 0.3 })).await;
    till.submit("sale", &sell()).await.unwrap();
    till.until("sale", |status| status == "blocked").await;
    let (_, queue) = till.get("/api/v2/getRequestsQueueStatus").await;
    assert_eq!((&queue["isBlocked"], &queue["blockedUUID"]), (&json!(true), &json!("sale")));
    assert_eq!(queue["blockReason"], "connectionError");
    let result = till.result("sale").await;
    assert_eq!((&result["status"], &result["error"]["code"]), (&json!("error"), &json!(2)));
    assert_eq!(till.documents().await, 1);
}

#[tokio::test]
async fn a_link_lost_after_blocks_the_queue_and_ends_with_the_number_alone() {
    let till = Till::open().await;
    till.post("/simulator/faults", &json!({ "fault": "link-lost-after", "seconds": 0.3 })).await;
    till.submit("sale", &sell()).await.unwrap();
    till.until("sale", |status| status == "blocked").await;
    let result = till.result("sale").await;
    assert_eq!(result["status"], "ready");
    assert_eq!(result["result"]["fiscalParams"], json!({ "fiscalDocumentNumber": 2 }));
    assert_eq!(till.documents().await, 2);
    assert_eq!(till.get("/api/v2/getRequestsQueueStatus").await.1["isBlocked"], false);
}

#[tokio::test]
async fn a_storage_that_is_silent_or_full_makes_no_document() {
    let till = Till::open().await;
    till.arm("storage-silent").await;
    assert_eq!(till.run("silent", &sell()).await["error"]["code"], 115);
    till.arm("memory-full").await;
    assert_eq!(till.run("full", &sell()).await["error"]["code"], 121);
    let status = till.run("status", &json!({ "type": "getFnStatus" })).await;
    assert_eq!(status["result"]["fnStatus"]["fiscalDocumentNumber"], 1);
    assert_eq!(status["result"]["fnStatus"]["warnings"]["memoryOverflow"], true);
    assert_eq!(till.run("sale", &sell()).await["status"], "ready");
}

#[tokio::test]
async fn paper_that_is_out_before_makes_no_document() {
    let till = Till::open().await;
    till.arm("paper-out").await;
    assert_eq!(till.run("sale", &sell()).await["error"]["code"], 44);
    assert_eq!(till.documents().await, 1);
    till.post("/simulator/printer", &json!({ "paper": true })).await.unwrap();
    assert_eq!(till.run("again", &sell()).await["status"], "ready");
    till.post("/simulator/printer", &json!({ "cover_open": true })).await.unwrap();
    assert_eq!(till.run("cover", &sell()).await["error"]["code"], 45);
}

#[tokio::test]
async fn paper_that_ends_in_the_middle_blocks_the_queue_until_there_is_more() {
    let till = Till::open().await;
    till.arm("paper-out-mid").await;
    till.submit("sale", &sell()).await.unwrap();
    let result = till.until("sale", |status| status == "ready").await;
    assert_eq!(result["result"]["warnings"]["notPrinted"], true);
    assert_eq!(till.documents().await, 2, "the document is there");
    let (_, next) = till.submit("next", &sell()).await.unwrap();
    assert_eq!((&next["isBlocked"], &next["blockReason"]), (&json!(true), &json!("paperError")));
    till.post("/simulator/printer", &json!({ "paper": true })).await.unwrap();
    assert_eq!(till.result("next").await["status"], "ready");
    let result = till.result("sale").await;
    assert_eq!(result["result"]["warnings"]["notPrinted"], false);
    assert_eq!(till.get("/simulator/documents/2").await.1["printed"], true);
}

#[tokio::test]
async fn without_waiting_for_paper_the_receipt_is_printed_later() {
    let till = Till::open().await;
    let settings = json!({ "blockQueueOnPrintErrors": false });
    till.client.put(till.url("/api/v2/settings")).json(&settings).send().await.unwrap();
    till.arm("paper-out-mid").await;
    assert_eq!(till.run("sale", &sell()).await["result"]["warnings"]["notPrinted"], true);
    let again = json!({ "type": "continuePrint" });
    assert_eq!(till.run("early", &again).await["error"]["code"], 44);
    till.post("/simulator/printer", &json!({ "paper": true })).await.unwrap();
    assert_eq!(till.run("late", &again).await["status"], "ready");
    assert_eq!(till.get("/simulator/documents/2").await.1["printed"], true);
}

#[tokio::test]
async fn a_shift_may_turn_out_to_be_expired() {
    let till = Till::open().await;
    till.arm("shift-expired").await;
    assert_eq!(till.run("sale", &sell()).await["error"]["code"], 68);
    assert_eq!(till.get("/simulator").await.1["shift"]["state"], "expired");
    assert_eq!(till.run("close", &close_shift()).await["status"], "ready");
    assert_eq!(till.run("reopen", &open_shift()).await["status"], "ready");
    assert_eq!(till.run("again", &sell()).await["status"], "ready");
}

#[tokio::test]
async fn a_clock_that_is_off_is_refused_until_it_is_set() {
    let till = Till::open().await;
    till.arm("clock-off").await;
    assert_eq!(till.run("sale", &sell()).await["error"]["code"], 36);
    till.post("/simulator/clock", &json!({ "advance": 7300 })).await.unwrap();
    assert_eq!(till.run("again", &sell()).await["status"], "ready");
}

#[tokio::test]
async fn slow_and_silent_take_their_time() {
    let till = Till::open().await;
    let begun = Instant::now();
    till.post("/simulator/faults", &json!({ "fault": "slow-reply", "seconds": 0.2 })).await;
    till.get("/api/v2/serverInfo").await;
    assert!(begun.elapsed() >= Duration::from_millis(200));
    till.post("/simulator/faults", &json!({ "fault": "silent", "seconds": 0.2 })).await;
    assert!(till.submit("sale", &sell()).await.is_none());
    assert_eq!(till.get("/api/v2/requests/sale").await.0, 404);
}

#[tokio::test]
async fn connections_are_refused_for_a_while() {
    let till = Till::open().await;
    till.post("/simulator/faults", &json!({ "fault": "refuses", "seconds": 0.3 })).await;
    let fresh = || reqwest::Client::new().get(till.url("/api/v2/serverInfo")).send();
    assert!(fresh().await.is_err());
    let begun = Instant::now();
    while fresh().await.is_err() {
        assert!(begun.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(begun.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn faults_are_shown_and_taken_away() {
    let till = Till::start().await;
    till.arm("slow=25%").await;
    assert_eq!(till.get("/simulator/faults").await.1[0]["chance"], 0.25);
    for wrong in [json!({ "fault": "flood" }), json!({ "fault": "slow", "chance": 7 }), json!([1])]
    {
        assert_eq!(till.post("/simulator/faults", &wrong).await.unwrap().0, 400, "{wrong}");
    }
    till.client.delete(till.url("/simulator/faults")).send().await.unwrap();
    assert_eq!(till.get("/simulator/faults").await.1, json!([]));
}
