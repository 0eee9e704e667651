//! Printing: an order is a ticket on the printers of its stations, a check a paper for the guest; what
//! is shown is what is printed; a printer in trouble is told of, and delays nobody.

use std::io::Cursor;
use std::time::{Duration, Instant};

use qres::platform::auth::Role;
use serde_json::{Value, json};

use crate::harness::{Client, House, Screen, eventually, id};
use crate::printer::{FakePrinter, Fault, Page};

pub async fn add(admin: &Client, name: &str, printer: &FakePrinter, more: Value) -> i64 {
    let mut body = json!({"name": name, "kind": "tcp", "address": printer.address,
                          "width_dots": 576, "documents": ["ticket"]});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    id(&admin.post("/printers", &body).await.created())
}

pub async fn jobs(client: &Client) -> Vec<Value> {
    client.get("/print-jobs?limit=100").await.ok()["print_jobs"].as_array().unwrap().clone()
}

/// How long a test waits for paper.
const PATIENCE: Duration = Duration::from_secs(20);

/// All jobs, when they are so many and printed.
pub async fn until_printed(client: &Client, count: usize) -> Vec<Value> {
    let begun = Instant::now();
    loop {
        let jobs = jobs(client).await;
        if jobs.len() == count && jobs.iter().all(|job| job["state"] == "PRINTED") {
            return jobs;
        }
        assert!(begun.elapsed() < PATIENCE, "{count} are to be printed: {jobs:#?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The dots of a preview, as a printer gets them.
pub async fn preview(client: &Client, job: &Value) -> Page {
    let reply = client.get(&format!("/print-jobs/{}/preview.png", job["id"])).await;
    assert_eq!((reply.status.as_u16(), &reply.headers["content-type"] == "image/png"), (200, true));
    dots(&reply.bytes)
}

fn dots(png: &[u8]) -> Page {
    let mut reader = png::Decoder::new(Cursor::new(png)).read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut bytes).unwrap();
    bytes.truncate(frame.buffer_size());
    Page { row_bytes: frame.line_size, dots: bytes.iter().map(|byte| !byte).collect() }
}

#[tokio::test]
async fn an_order_is_a_ticket_on_the_printer_of_its_station_and_the_preview_is_what_is_printed() {
    let house = House::open().await;
    let (hot, bakery) = (FakePrinter::open().await, FakePrinter::open().await);
    add(&house.admin, "Hot", &hot, json!({"stations": ["hot"]})).await;
    let narrow = json!({"stations": ["bakery"], "width_dots": 384});
    add(&house.admin, "Bakery", &bakery, narrow).await;
    house.place().await;
    let slips = until_printed(&house.admin, 1).await;
    assert_eq!((&slips[0]["document"], &slips[0]["tries"]), (&json!("ticket"), &json!(1)));
    assert_eq!(hot.pages(), [preview(&house.kitchen, &slips[0]).await]);
    assert_eq!(hot.pages()[0].row_bytes, 72);
    let both = json!({"table_id": house.tables[0], "items": [
        {"dish_id": house.borscht, "quantity": 2, "comment": "без сметаны"},
        {"dish_id": house.pizza, "quantity": 1}]});
    house.waiter.post("/orders/", &both).await.created();
    let slips = until_printed(&house.admin, 3).await;
    assert_eq!((hot.pages().len(), bakery.pages().len()), (2, 1));
    assert_eq!(bakery.pages()[0].row_bytes, 48);
    // Printers are asked by name, and jobs listed newest first.
    for (job, pages) in slips.iter().zip([hot.pages(), bakery.pages()]) {
        assert_eq!(pages.last().unwrap(), &preview(&house.admin, job).await);
    }
}

#[tokio::test]
async fn a_line_that_is_changed_taken_off_or_moved_is_told_once() {
    let house = House::open().await;
    let printer = FakePrinter::open().await;
    add(&house.admin, "Kitchen", &printer, json!({})).await;
    let order = house.place().await;
    let (order_id, line) = (id(&order), id(&order["items"][0]));
    let path = format!("/orders/{order_id}/items/{line}");
    house.waiter.patch(&path, &json!({"quantity": 3, "reason": "more guests"})).await.ok();
    let to = json!({"table_id": house.tables[1]});
    house.waiter.post(&format!("/orders/{order_id}/move"), &to).await.ok();
    house.waiter.delete(&path).await;
    let slips = until_printed(&house.admin, 4).await;
    assert_eq!(printer.pages().len(), 4);
    for (job, page) in slips.iter().rev().zip(printer.pages()) {
        assert_eq!(preview(&house.admin, job).await, page);
    }
}

#[tokio::test]
async fn a_guests_order_is_printed_when_somebody_confirms_it() {
    let house = House::open().await;
    let printer = FakePrinter::open().await;
    add(&house.admin, "Kitchen", &printer, json!({})).await;
    let guest = house.guest(0).await;
    let items = json!({"items": [{"dish_id": house.borscht, "quantity": 1},
                                 {"dish_id": house.pizza, "quantity": 1}]});
    let order = guest.post_once("/guest/orders", "phone-0001", &items).await.created();
    assert_eq!(jobs(&house.admin).await.len(), 0);
    let send = format!("/kitchen/orders/{}/send-to-kitchen", order["id"]);
    house.waiter.post(&send, &json!([])).await.ok();
    until_printed(&house.admin, 1).await;
    assert_eq!(printer.pages().len(), 1);
}

#[tokio::test]
async fn a_check_is_printed_when_it_is_presented_and_when_it_is_paid_and_the_drawer_opens() {
    let house = House::open().await;
    let printer = FakePrinter::open().await;
    let documents = json!({"documents": ["precheck", "receipt"], "drawer_pin": 2});
    add(&house.admin, "Bar", &printer, documents).await;
    let order = house.place().await;
    let checks = house.waiter.get(&format!("/orders/{}/checks", order["id"])).await.ok();
    let check = &checks["checks"][0];
    let receipt = format!("/checks/{}/receipt", check["id"]);
    let text = house.waiter.get(&format!("{receipt}?format=text")).await.text();
    assert!(text.contains("Borscht") && text.contains("350") && text.contains("Test"), "{text}");
    let body = json!({"version": check["version"]});
    let path = format!("/checks/{}/present", check["id"]);
    let check = house.waiter.post(&path, &body).await.ok();
    until_printed(&house.admin, 1).await;
    assert_eq!(printer.inside().pulses, 0);
    let paid = json!({"method_id": house.cash, "amount": check["due"], "expected_due": check["due"],
                      "tendered": "500.00"});
    house.waiter.post(&format!("/checks/{}/payments", check["id"]), &paid).await.created();
    let slips = until_printed(&house.admin, 3).await;
    let kinds: Vec<_> = slips.iter().map(|job| job["document"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["receipt", "drawer", "precheck"]);
    assert_eq!(printer.inside().pulses, 1);
    let text = house.waiter.get(&format!("{receipt}?format=text")).await.text();
    assert!(text.contains("150"), "the change stands on it: {text}");
    let shown = house.waiter.get(&receipt).await;
    assert_eq!(dots(&shown.bytes).row_bytes, 72);
    let again = format!("/print-jobs/{}/again", slips[0]["id"]);
    let copy = house.waiter.post(&again, &json!({})).await.created();
    assert_eq!(copy["again_of"], slips[0]["id"]);
    until_printed(&house.admin, 4).await;
    house.waiter.post(&receipt, &json!({})).await.created();
    until_printed(&house.admin, 5).await;
    assert_eq!(printer.inside().pulses, 1, "a copy opens no drawer");
    let again = format!("/print-jobs/{}/again", slips[1]["id"]);
    house.admin.post(&again, &json!({})).await.refused(403, "at_the_cash_desk");
}

#[tokio::test]
async fn without_a_printer_nothing_is_written_and_a_wish_is_refused() {
    let house = House::open().await;
    let order = house.place().await;
    let checks = house.waiter.get(&format!("/orders/{}/checks", order["id"])).await.ok();
    let receipt = format!("/checks/{}/receipt", checks["checks"][0]["id"]);
    house.waiter.post(&receipt, &json!({})).await.refused(409, "no_printer");
    let count = "SELECT count(*) FROM jobs WHERE kind = 'print'";
    let count: i64 = house.app.database().query_row(count, [], |row| row.get(0)).unwrap();
    assert_eq!(count, 0);
}

#[tokio::test]
async fn trouble_is_told_at_once_with_how_many_slips_wait_and_ends_by_itself() {
    let house = House::open().await;
    let printer = FakePrinter::open().await;
    printer.inside().is_out_of_paper = true;
    let printer_id = add(&house.admin, "Kitchen", &printer, json!({})).await;
    let mut screen = Screen::open(&house.app, &house.waiter, None).await;
    let begun = Instant::now();
    house.place().await;
    assert!(begun.elapsed() < Duration::from_secs(2), "nobody waits for the printer");
    let told = screen.wait_for("printers_changed").await;
    let trouble = json!({"printer_id": printer_id, "name": "Kitchen", "trouble": "NO_PAPER",
                         "waiting": 1, "stand_in": null});
    assert_eq!(told["data"]["troubles"], json!([trouble]));
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    house.place().await;
    let told = screen.wait_for("printers_changed").await;
    assert_eq!(told["data"]["troubles"][0]["waiting"], 2);
    let now = house.kitchen.get("/printers/troubles").await.ok();
    assert_eq!(now["troubles"], told["data"]["troubles"]);
    printer.inside().is_out_of_paper = false;
    until_printed(&house.admin, 2).await;
    let none = json!({"troubles": []});
    eventually("all is well", async || house.kitchen.get("/printers/troubles").await.ok() == none)
        .await;
    assert_eq!(printer.pages().len(), 2);
}

#[tokio::test]
async fn a_printer_that_says_nothing_prints_too_and_is_not_asked_each_time() {
    let house = House::open().await;
    let printer = FakePrinter::open().await;
    printer.inside().is_silent = true;
    add(&house.admin, "Kitchen", &printer, json!({})).await;
    for _ in 0..3 {
        house.place().await;
    }
    let slips = until_printed(&house.admin, 3).await;
    assert_eq!(printer.pages().len(), 3);
    // What nobody can know is said: it was taken, and that is all.
    assert!(slips.iter().all(|job| job["is_unheard"] == true), "{slips:#?}");
    let printers = house.admin.get("/printers").await.ok();
    assert_eq!(printers["printers"][0]["manner"], "SILENT");
}

#[tokio::test]
async fn a_printer_that_does_not_confirm_is_believed_when_it_is_well() {
    let house = House::open().await;
    let printer = FakePrinter::open().await;
    printer.inside().is_simple = true;
    add(&house.admin, "Kitchen", &printer, json!({})).await;
    house.place().await;
    let slips = until_printed(&house.admin, 1).await;
    assert_eq!((printer.pages().len(), &slips[0]["is_unheard"]), (1, &json!(false)));
    let printers = house.admin.get("/printers").await.ok();
    assert_eq!(printers["printers"][0]["manner"], "SIMPLE");
}

#[tokio::test]
async fn what_may_have_been_printed_says_so_when_it_is_printed_again() {
    let house = House::open().await;
    let printer = FakePrinter::open().await;
    printer.inside().faults = vec![Fault::Mumbles];
    add(&house.admin, "Kitchen", &printer, json!({})).await;
    house.place().await;
    let slips = until_printed(&house.admin, 1).await;
    let pages = printer.pages();
    assert_eq!(pages.len(), 2);
    let shown = preview(&house.admin, &slips[0]).await;
    assert_eq!(pages[0], shown, "the first one says nothing");
    assert!(pages[1].dots.len() > shown.dots.len(), "the second one has a banner");
}

#[tokio::test]
async fn a_stand_in_prints_after_ten_seconds_and_says_for_whom() {
    let house = House::open().await;
    let bar = FakePrinter::open().await;
    let stand_in = add(&house.admin, "Bar", &bar, json!({"documents": []})).await;
    // Nobody is at this address.
    let body = json!({"name": "Kitchen", "kind": "tcp", "address": "127.0.0.1:9", "width_dots": 576,
                      "documents": ["ticket"], "stand_in_id": stand_in});
    let kitchen = id(&house.admin.post("/printers", &body).await.created());
    let begun = Instant::now();
    house.place().await;
    while bar.pages().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(20), "the stand-in does not print");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(begun.elapsed() > Duration::from_secs(9));
    let slips = until_printed(&house.admin, 1).await;
    assert_eq!(
        (&slips[0]["printer_id"], &slips[0]["printed_by_id"]),
        (&kitchen.into(), &stand_in.into())
    );
    // The next one need not wait.
    let begun = Instant::now();
    house.place().await;
    until_printed(&house.admin, 2).await;
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn who_may_set_printers_up_and_what_is_refused() {
    let house = House::open().await;
    let printer = FakePrinter::open().await;
    let body = json!({"name": "Bar", "kind": "tcp", "address": printer.address, "width_dots": 576});
    house.waiter.post("/printers", &body).await.refused(403, "wrong_role");
    let cashier = house.app.hired(Role::Cashier).await;
    cashier.get("/printers").await.refused(403, "wrong_role");
    let bar = id(&house.admin.post("/printers", &body).await.created());
    house.admin.post("/printers", &body).await.refused(400, "name_taken");
    let path = format!("/printers/{bar}");
    for (field, value) in [
        ("stand_in_id", json!(bar)),
        ("stand_in_id", json!(99)),
        ("drawer_pin", json!(3)),
        ("width_dots", json!(100)),
    ] {
        house.admin.patch(&path, &json!({field: value})).await.invalid(field);
    }
    let job = house.admin.post(&format!("{path}/test"), &json!({})).await.created();
    assert_eq!(job["document"], "test_sheet");
    until_printed(&house.admin, 1).await;
    assert_eq!(printer.pages(), [preview(&house.admin, &job).await]);
    let cancel = format!("/print-jobs/{}/cancel", job["id"]);
    house.admin.post(&cancel, &json!({})).await.refused(409, "job_moved_on");
    printer.inside().is_open = true;
    let job = house.admin.post(&format!("{path}/test"), &json!({})).await.created();
    eventually("it waits", async || jobs(&house.admin).await[0]["problem"] == "COVER_OPEN").await;
    let cancel = format!("/print-jobs/{}/cancel", job["id"]);
    assert_eq!(house.admin.post(&cancel, &json!({})).await.ok()["state"], "CANCELLED");
    house.admin.delete(&path).await.ok();
    house.admin.get(&path).await.refused(404, "not_found");
    let again = format!("/print-jobs/{}/again", job["id"]);
    house.waiter.post(&again, &json!({})).await.refused(409, "printer_removed");
}

#[tokio::test]
async fn a_cook_reads_tickets_and_no_money() {
    let house = House::open().await;
    let printer = FakePrinter::open().await;
    add(&house.admin, "Bar", &printer, json!({"documents": ["ticket", "precheck"]})).await;
    let order = house.place().await;
    let checks = house.waiter.get(&format!("/orders/{}/checks", order["id"])).await.ok();
    let receipt = format!("/checks/{}/receipt", checks["checks"][0]["id"]);
    let bill = id(&house.waiter.post(&receipt, &json!({})).await.created());
    let slips = until_printed(&house.admin, 2).await;
    let ticket = slips.iter().find(|job| job["document"] == "ticket").unwrap();
    for path in ["", "/preview.png"] {
        let of = |id: i64| format!("/print-jobs/{id}{path}");
        assert_eq!(house.kitchen.get(&of(id(ticket))).await.status, 200);
        house.kitchen.get(&of(bill)).await.refused(403, "wrong_role");
        assert_eq!(house.waiter.get(&of(bill)).await.status, 200);
    }
    let again = format!("/print-jobs/{bill}/again");
    house.kitchen.post(&again, &json!({})).await.refused(403, "wrong_role");
    house.waiter.get("/print-jobs").await.refused(403, "wrong_role");
}

#[tokio::test]
async fn what_cannot_be_read_holds_up_nothing_behind_it() {
    let house = House::open().await;
    let printer = FakePrinter::open().await;
    let printer_id = add(&house.admin, "Kitchen", &printer, json!({})).await;
    let sql = "INSERT INTO jobs (kind, lane, key, payload, state, next_at, created_at, updated_at)
               VALUES ('print', 'printer ' || ?1, 'odd', json_object('printer_id', ?1,
                       'document', json_object('is', 'of a newer version'), 'at', 0),
                       'WAITING', 0, 0, 0)";
    house.app.database().execute(sql, [printer_id]).unwrap();
    house.place().await;
    eventually("the ticket is printed", async || printer.pages().len() == 1).await;
}
