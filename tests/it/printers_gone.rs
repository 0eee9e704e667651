//! Printers that are removed, are elsewhere, or are none: nothing that waits is lost, and who asks for
//! paper twice with one key has it once.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::cash::Till;
use crate::checks::{check_of, evening, pay};
use crate::devices::paired;
use crate::harness::{Client, House, eventually, id};
use crate::printer::FakePrinter;
use crate::printing::{add, jobs, preview, until_printed};

/// Nobody is at this address.
const NOBODY: &str = "127.0.0.1:9";

async fn add_at(admin: &Client, name: &str, address: &str) -> i64 {
    let body = json!({"name": name, "kind": "tcp", "address": address, "width_dots": 576,
                      "documents": ["ticket"]});
    id(&admin.post("/printers", &body).await.created())
}

/// What a job is to print, and where.
fn payload(house: &House, job: &Value) -> Value {
    let sql = "SELECT payload FROM jobs WHERE id = ?1";
    let text: String = house.app.database().query_row(sql, [id(job)], |row| row.get(0)).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn what_waits_for_a_printer_goes_to_its_stand_in_when_it_is_removed() {
    let house = House::open().await;
    let kitchen = add_at(&house.admin, "Kitchen", NOBODY).await;
    let path = format!("/printers/{kitchen}");
    house.place().await;
    house.place().await;
    // A test sheet is of this printer alone: nobody waits for it.
    house.admin.post(&format!("{path}/test"), &json!({})).await.created();
    let refused = house.admin.delete(&path).await;
    assert_eq!(refused.json()["params"]["count"], 2);
    refused.refused(409, "slips_wait");
    assert_eq!(jobs(&house.admin).await.len(), 3, "nothing was given up");
    let bar = FakePrinter::open().await;
    let stand_in = add(&house.admin, "Bar", &bar, json!({"documents": []})).await;
    house.admin.patch(&path, &json!({"stand_in_id": stand_in})).await.ok();
    house.admin.delete(&path).await.ok();
    let slips = async || {
        let all = jobs(&house.admin).await;
        all.into_iter().filter(|job| job["document"] == "ticket").collect::<Vec<_>>()
    };
    eventually("both are printed", async || {
        slips().await.iter().all(|job| job["state"] == "PRINTED")
    })
    .await;
    let slips = slips().await;
    assert_eq!((slips.len(), bar.pages().len()), (2, 2));
    for (job, page) in slips.iter().rev().zip(bar.pages()) {
        assert_eq!(job["printer_id"], stand_in);
        assert_eq!(payload(&house, job)["meant_for"], "Kitchen");
        assert_eq!(preview(&house.admin, job).await, page, "it says for which it was meant");
    }
}

#[tokio::test]
async fn a_printer_that_is_elsewhere_prints_there_what_waits() {
    let house = House::open().await;
    let kitchen = add_at(&house.admin, "Kitchen", NOBODY).await;
    house.place().await;
    eventually("it waits", async || jobs(&house.admin).await[0]["problem"] == "UNREACHABLE").await;
    let printer = FakePrinter::open().await;
    let elsewhere = json!({"address": printer.address, "is_active": false});
    house.admin.patch(&format!("/printers/{kitchen}"), &elsewhere).await.ok();
    until_printed(&house.admin, 1).await;
    assert_eq!(printer.pages().len(), 1);
}

#[tokio::test]
async fn what_is_printed_once_more_goes_where_somebody_says_or_where_such_is_printed() {
    let house = House::open().await;
    let kitchen = add_at(&house.admin, "Kitchen", NOBODY).await;
    house.place().await;
    let job = jobs(&house.admin).await[0].clone();
    // Not while it is under way.
    let cancel = format!("/print-jobs/{}/cancel", job["id"]);
    eventually("it is called off", async || {
        house.admin.post(&cancel, &json!({})).await.status == 200
    })
    .await;
    house.admin.delete(&format!("/printers/{kitchen}")).await.ok();
    let again = format!("/print-jobs/{}/again", job["id"]);
    house.waiter.post(&again, &json!({})).await.refused(409, "printer_removed");
    let (bakery, bar) = (FakePrinter::open().await, FakePrinter::open().await);
    add(&house.admin, "Bakery", &bakery, json!({"stations": ["bakery"]})).await;
    house.waiter.post(&again, &json!({})).await.refused(409, "printer_removed");
    let chosen = add(&house.admin, "Bar", &bar, json!({"documents": []})).await;
    house.admin.post(&again, &json!({"printer_id": 99})).await.invalid("printer_id");
    let copy = house.admin.post(&again, &json!({"printer_id": chosen})).await.created();
    assert_eq!(copy["printer_id"], chosen);
    let hot = FakePrinter::open().await;
    let usual = add(&house.admin, "Hot", &hot, json!({"stations": ["hot"]})).await;
    let copy = house.waiter.post(&again, &json!({})).await.created();
    assert_eq!(copy["printer_id"], usual);
    eventually("both are printed", async || {
        (bar.pages().len(), hot.pages().len(), bakery.pages().len()) == (1, 1, 0)
    })
    .await;
}

/// A server that greets whoever calls, or answers what they say.
async fn server(greeting: &'static [u8], waits: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                if waits {
                    let _ = stream.read(&mut [0; 64]).await;
                }
                let _ = stream.write_all(greeting).await;
                while stream.read(&mut [0; 1024]).await.is_ok_and(|read| read > 0) {}
            });
        }
    });
    address
}

#[tokio::test]
async fn another_server_at_the_address_is_named_as_that() {
    let greetings: [(&[u8], bool); 3] = [
        (b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", false),
        (b"220 mail.example ESMTP\r\n", false),
        (b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n", true),
    ];
    for (greeting, waits) in greetings {
        let house = House::open().await;
        add_at(&house.admin, "Kitchen", &server(greeting, waits).await).await;
        house.place().await;
        eventually("it is told", async || {
            jobs(&house.admin).await[0]["problem"] == "NOT_A_PRINTER"
        })
        .await;
        let troubles = house.kitchen.get("/printers/troubles").await.ok();
        assert_eq!(troubles["troubles"][0]["trouble"], "NOT_A_PRINTER");
    }
}

#[tokio::test]
async fn an_address_at_which_no_printer_can_be_is_refused_with_what_to_write() {
    let house = House::open().await;
    let own = "127.0.0.1:8000";
    for (address, code) in [
        ("http://192.168.1.50", "address_not_plain"),
        ("a b", "address_unknown"),
        (":9100", "address_unknown"),
        ("192.168.1.300", "address_unknown"),
        ("192.168.1.50:0", "address_port"),
        ("0.0.0.0", "address_of_nobody"),
        (own, "address_of_box"),
        ("localhost:8000", "address_of_box"),
    ] {
        let body = json!({"name": "Bar", "kind": "tcp", "address": address, "width_dots": 576});
        let told = house.admin.post("/printers", &body).await.refused(400, code);
        assert!(told.len() > 40, "{told}");
    }
    let bar = add_at(&house.admin, "Bar", "192.0.2.50").await;
    let path = format!("/printers/{bar}");
    house.admin.patch(&path, &json!({"address": own})).await.refused(400, "address_of_box");
    // One that was written down before anybody looked does not keep back another change.
    let sql = "UPDATE printers SET address = 'http://192.0.2.50'";
    house.app.database().execute(sql, []).unwrap();
    let same = json!({"address": "http://192.0.2.50", "name": "Terrace"});
    assert_eq!(house.admin.patch(&path, &same).await.ok()["name"], "Terrace");
}

#[tokio::test]
async fn paper_that_is_asked_for_twice_with_one_key_comes_once() {
    let house = House::open().await;
    let printer = FakePrinter::open().await;
    let documents = json!({"documents": ["precheck"]});
    let bar = add(&house.admin, "Bar", &printer, documents).await;
    let check = check_of(&house, evening(&house).await).await;
    let receipt = format!("/checks/{}/receipt", check["id"]);
    let test = format!("/printers/{bar}/test");
    for (who, path) in [(&house.waiter, &receipt), (&house.admin, &test)] {
        let first = who.post_once(path, "paper-0001", &json!({})).await;
        assert!(!first.headers.contains_key("idempotent-replayed"));
        let again = who.post_once(path, "paper-0001", &json!({})).await;
        assert_eq!(again.headers["idempotent-replayed"], "true");
        assert_eq!(again.created()["id"], first.created()["id"]);
        // Without a body too, and each time anew without a key.
        who.send(who.request(Method::POST, path)).await.created();
    }
    until_printed(&house.admin, 4).await;
    assert_eq!(printer.pages().len(), 4);
}

#[tokio::test]
async fn receipts_come_from_the_printer_of_the_drawer_at_which_the_tablet_stands() {
    let till = Till::set_up().await;
    let house = &till.house;
    let (at_bar, at_door) = (FakePrinter::open().await, FakePrinter::open().await);
    let prints = json!({"documents": ["precheck", "receipt"]});
    // By name it comes first: it is everybody's who stands nowhere.
    add(&house.admin, "Bar", &at_bar, prints.clone()).await;
    let door = add(&house.admin, "Door", &at_door, prints).await;
    let (device, token) = paired(&house.app, &house.admin, "At the door").await;
    let second = json!({"name": "Door", "device_ids": [device], "printer_id": door});
    house.admin.post("/cash/drawers", &second).await.created();
    let pages = || (at_bar.pages().len(), at_door.pages().len());
    let at_door = async |path: String, body: Value| {
        let request = house.waiter.request(Method::POST, &path).header("X-Device", &token);
        house.waiter.send(request.json(&body)).await
    };
    let check = check_of(house, evening(house).await).await;
    let of = |what: &str| format!("/checks/{}/{what}", check["id"]);
    let version = json!({"version": check["version"]});
    at_door(of("present"), version).await.ok();
    let by_card = json!({"method_id": house.card, "amount": "1250.00", "expected_due": "1250.00"});
    at_door(of("payments"), by_card.clone()).await.created();
    at_door(of("receipt"), json!({})).await.created();
    until_printed(&house.admin, 3).await;
    assert_eq!(pages(), (0, 3));
    let order = evening(house).await;
    let whole = json!({"payment_method_id": house.card});
    at_door(format!("/orders/{order}/complete-payment"), whole).await.ok();
    until_printed(&house.admin, 4).await;
    assert_eq!(pages(), (0, 4));
    let check = check_of(house, evening(house).await).await;
    pay(&house.waiter, &check, house.card, "1250.00").await.created();
    until_printed(&house.admin, 5).await;
    assert_eq!(pages(), (1, 4));
    // Money that was under way is a receipt when somebody says that it came.
    let check = check_of(house, evening(house).await).await;
    let mut pending = by_card;
    pending["state"] = json!("PENDING");
    let path = format!("/checks/{}/payments", check["id"]);
    let paid = house.waiter.post(&path, &pending).await.created();
    let clear = json!({"state": "TAKEN", "reason": "slip 12"});
    till.manager.post(&format!("/payments/{}/clear", paid["id"]), &clear).await.ok();
    until_printed(&house.admin, 6).await;
    assert_eq!(pages(), (2, 4));
}
