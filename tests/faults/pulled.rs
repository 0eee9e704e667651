//! A printer that asks, and a plug that is pulled: what only lay there for it is no repeat, and what it
//! took is one.

use reqwest::Client;
use serde_json::{Value, json};

use crate::harness::{Qres, eventually};

/// A printer that asks by this name.
struct Asking {
    http: Client,
    url: String,
}

impl Asking {
    /// Whether something lies there for it. Nothing is taken.
    async fn is_offered(&self) -> bool {
        let polled = self.http.post(&self.url).json(&json!({"statusCode": "200%20OK"}));
        let Ok(reply) = polled.send().await else { return false };
        let offered: Value = reply.json().await.unwrap_or_default();
        offered["jobReady"] == true
    }

    async fn until_offered(&self) {
        for _ in 0..400 {
            if self.is_offered().await {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("nothing is offered");
    }

    /// Takes what lies there: how many rows it has.
    async fn take(&self) -> u32 {
        let png = self.http.get(&self.url).send().await.unwrap().bytes().await.unwrap();
        png::Decoder::new(std::io::Cursor::new(&png[..])).read_info().unwrap().info().height
    }
}

async fn pulled_out(qres: &mut Qres) {
    qres.kill();
    qres.restart().await;
}

async fn state(qres: &Qres) -> Value {
    qres.admin.get("/print-jobs").await.1["print_jobs"][0]["state"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_lay_there_when_the_plug_was_pulled_is_no_repeat() {
    let mut qres = Qres::start().await;
    let body = json!({"name": "Kitchen", "kind": "tcp", "address": "pull:", "width_dots": 576,
                      "documents": ["ticket"]});
    let (_, printer) = qres.admin.post("/printers", &body).await;
    let name = printer["address"].as_str().unwrap().strip_prefix("pull:").unwrap();
    let url = format!("http://127.0.0.1:{}/print/star/{name}", qres.port);
    let asking = Asking { http: Client::new(), url };
    let waiter = qres.waiter("anna").await;
    waiter.post("/orders/", &qres.order("first", 1)).await;
    // As tall as a ticket is that nobody has seen.
    asking.until_offered().await;
    let height = asking.take().await;
    let done = asking.http.delete(format!("{}?code=200%20OK", asking.url)).send();
    assert!(done.await.unwrap().status().is_success());
    let id = qres.admin.get("/print-jobs").await.1["print_jobs"][0]["id"].clone();
    let printed = format!("SELECT count(*) FROM jobs WHERE id = {id} AND state = 'DONE'");
    eventually("it is printed", || {
        let count: i64 = qres.database().query_row(&printed, [], |row| row.get(0)).unwrap();
        (count == 1).then_some(())
    })
    .await;

    waiter.post("/orders/", &qres.order("second", 1)).await;
    asking.until_offered().await;
    for _ in 0..2 {
        pulled_out(&mut qres).await;
        assert_ne!(state(&qres).await, "UNSURE", "nobody has it");
        asking.until_offered().await;
    }
    assert_eq!(asking.take().await, height, "it says nothing of a repeat");
    pulled_out(&mut qres).await;
    asking.until_offered().await;
    assert!(asking.take().await > height, "it may be on paper, and says so");
    // Nor does it forget that while it lies there again.
    pulled_out(&mut qres).await;
    asking.until_offered().await;
    assert_eq!(state(&qres).await, "SENDING");
    assert!(asking.take().await > height);
    qres.assert_sound();
}
