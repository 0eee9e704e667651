//! The server's paths, as clients of the real one know them.

use serde_json::{Value, json};

use super::{Till, close_shift, open_shift, operator, sell, setup};
use crate::simulators::fiscal::{Account, Ffd, Setup};

#[tokio::test]
async fn a_day_at_the_till() {
    let till = Till::open().await;
    let sold = till.run("sale", &sell()).await;
    assert_eq!(sold["error"], json!({ "code": 0, "description": "Ошибок нет" }));
    let params = &sold["result"]["fiscalParams"];
    assert_eq!(params["fiscalDocumentNumber"], 2);
    assert_eq!(params["fiscalReceiptNumber"], 1);
    assert_eq!(params["shiftNumber"], 1);
    assert_eq!(params["total"], 900);
    assert!(params["fiscalDocumentSign"].is_string() && params["fnNumber"].is_string());
    let mut back = sell();
    back["type"] = json!("sellReturn");
    assert_eq!(till.run("back", &back).await["status"], "ready");
    let x = json!({ "type": "reportX", "operator": operator() });
    assert_eq!(till.run("x", &x).await["status"], "ready");
    let closed = till.run("close", &close_shift()).await;
    assert_eq!(closed["result"]["fiscalParams"]["receiptsCount"], 2);
    let (_, papers) = till.get("/simulator/papers").await;
    let kinds: Vec<_> = papers.as_array().unwrap().iter().map(|paper| &paper["kind"]).collect();
    assert_eq!(kinds, ["openShift", "sell", "sellReturn", "reportX", "closeShift"]);
}

#[tokio::test]
async fn keys_are_used_once_and_unknown_ones_are_said_so() {
    let till = Till::open().await;
    till.run("sale", &sell()).await;
    let (status, body) = till.submit("sale", &sell()).await.unwrap();
    assert_eq!((status, &body["error"]["code"]), (409, &json!(505)));
    assert_eq!(till.documents().await, 2, "the same key makes no second document");
    assert_eq!(till.get("/api/v2/requests/nobody").await.0, 404);
    for wrong in [json!({}), json!({ "uuid": "a" }), json!({ "uuid": "a", "request": [] })] {
        assert_eq!(till.post("/api/v2/requests", &wrong).await.unwrap().0, 400, "{wrong}");
    }
    let elsewhere = json!({ "uuid": "a", "request": [sell()] });
    assert_eq!(till.post("/api/v2/requests?deviceID=7", &elsewhere).await.unwrap().0, 404);
    assert_eq!(till.post("/api/v2/deactivateDevice", &json!({})).await.unwrap().0, 200);
    assert_eq!(till.submit("b", &sell()).await.unwrap().0, 409);
    assert_eq!(till.get("/api/v2/nothing").await.0, 404);
}

#[tokio::test]
async fn what_waits_can_be_cancelled_and_what_is_begun_cannot() {
    let till = Till::open().await;
    till.arm("slow").await;
    till.submit("first", &sell()).await.unwrap();
    till.submit("second", &sell()).await.unwrap();
    till.until("first", |status| status == "inProgress").await;
    let delete =
        |uuid: &str| till.client.delete(till.url(&format!("/api/v2/requests/{uuid}"))).send();
    assert_eq!(delete("first").await.unwrap().status(), 409);
    assert_eq!(delete("second").await.unwrap().status(), 200);
    assert_eq!(till.result("second").await["status"], "canceled");
    let old = till.client.delete(till.url("/requests/second")).send().await.unwrap();
    assert_eq!(old.status(), 405, "as servers before 10.7 say it");
}

#[tokio::test]
async fn the_first_error_interrupts_the_rest_of_its_request() {
    let till = Till::open().await;
    let mut wrong = sell();
    wrong["total"] = json!(1);
    let tasks = json!([{ "type": "getFnStatus" }, wrong, { "type": "getShiftStatus" }]);
    till.post("/api/v2/requests", &json!({ "uuid": "three", "request": tasks })).await.unwrap();
    let (_, body) = loop {
        let found = till.get("/api/v2/requests/three").await;
        if found.1["results"][2]["status"] != "wait" {
            break found;
        }
    };
    let results = body["results"].as_array().unwrap();
    let told: Vec<_> = results.iter().map(|r| (&r["status"], &r["error"]["code"])).collect();
    let told: Vec<(Value, Value)> = told.into_iter().map(|(a, b)| (a.clone(), b.clone())).collect();
    assert_eq!(
        told,
        [
            (json!("ready"), json!(0)),
            (json!("error"), json!(227)),
            (json!("interrupted"), json!(502)),
        ]
    );
}

#[tokio::test]
async fn questions_go_past_the_queue_and_old_paths_work() {
    let till = Till::open().await;
    let ask = async |name: &str| {
        till.post(&format!("/api/v2/operations/{name}"), &json!({})).await.unwrap().1
    };
    assert_eq!(ask("queryShiftStatus").await["shiftStatus"]["state"], "opened");
    assert_eq!(ask("queryFnStatus").await["fnStatus"]["fiscalDocumentNumber"], 1);
    assert_eq!(ask("queryDeviceStatus").await["deviceStatus"]["paperPresent"], true);
    assert_eq!(ask("queryOfdExchangeStatus").await["status"]["notSentCount"], 0);
    let two = json!({ "uuid": "two", "request": [sell(), sell()] });
    assert_eq!(till.post("/requests", &two).await.unwrap().0, 400, "one fiscal task a request");
    let one = json!({ "uuid": "one", "request": sell() });
    assert_eq!(till.post("/requests", &one).await.unwrap().0, 201);
    assert_eq!(till.result("one").await["status"], "ready");
    assert_eq!(till.get("/stat/requests").await.1["tasksReadyCount"], 2);
    let last = json!({ "type": "getLastFiscalParams", "forReceipt": true });
    let last = till.run("last", &last).await;
    assert_eq!(last["result"]["fiscalParams"]["total"], 900);
    let read = json!({ "type": "getFnDocument", "fiscalDocumentNumber": 2 });
    let read = till.run("read", &read).await["result"]["documentTLV"].clone();
    assert_eq!(
        (&read["1020"], &read["1031"], &read["1054"]),
        (&json!(900), &json!(900), &json!(1))
    );
    assert!(read["qr"].as_str().unwrap().ends_with("&n=1"));
    let absent = json!({ "type": "getFnDocument", "fiscalDocumentNumber": 99 });
    assert_eq!(till.run("absent", &absent).await["error"]["code"], 123);
}

#[tokio::test]
async fn whoever_has_no_password_hears_only_which_server_it_is() {
    let account = Account { name: "till".into(), password: "secret".into() };
    let till = Till::with(Setup { account: Some(account), ..setup(Ffd::V12) }, None).await;
    assert_eq!(till.get("/api/v2/devices").await.0, 401);
    assert_eq!(till.get("/api/v2/serverInfo").await.0, 200);
    let request = || till.client.get(till.url("/api/v2/devices"));
    let signed = request().header("Authorization", "Basic dGlsbDpzZWNyZXQ=").send().await.unwrap();
    assert_eq!(signed.status(), 200);
    let wrong = request().header("Authorization", "Basic dGlsbDp3cm9uZw==").send().await.unwrap();
    assert_eq!(wrong.status(), 401);
}

#[tokio::test]
async fn documents_and_results_outlive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let till = Till::with(setup(Ffd::V12), Some(folder.path())).await;
    till.run("open", &open_shift()).await;
    let sold = till.run("sale", &sell()).await;
    till.serving.abort();
    while !till.serving.is_finished() {
        tokio::task::yield_now().await;
    }
    drop(till);
    let again = Till::with(setup(Ffd::V12), Some(folder.path())).await;
    assert_eq!(again.result("sale").await, sold);
    let next = again.run("next", &sell()).await;
    assert_eq!(next["result"]["fiscalParams"]["fiscalDocumentNumber"], 3);
}
