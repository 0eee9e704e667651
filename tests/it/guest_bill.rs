//! The bill on a guest's phone, and their own part of it.

use serde_json::{Value, json};

use crate::checks::{adjust, checks_of, evening, pay, step};
use crate::harness::{Client, House, id};

/// What a phone at the first table reads.
async fn bill(guest: &Client) -> Value {
    guest.get("/guest/bill").await.ok()
}

async fn split(house: &House, order_id: i64, how: Value) -> Value {
    let mut body = json!({"version": checks_of(house, order_id).await["version"]});
    body.as_object_mut().unwrap().extend(how.as_object().unwrap().clone());
    house.waiter.post(&format!("/orders/{order_id}/split"), &body).await.ok()
}

/// So much of the n-th line of a check.
fn some(check: &Value, line: usize, quantity: f64) -> Value {
    json!({"item_id": check["lines"][line]["item_id"], "quantity": quantity})
}

#[tokio::test]
async fn a_guest_reads_the_check_as_paper() {
    let house = House::open().await;
    house.guest(0).await.get("/guest/bill").await.refused(400, "nothing_to_pay");
    let order_id = evening(&house).await;
    let guest = house.guest(0).await;
    let check = checks_of(&house, order_id).await["checks"][0].clone();
    let line = check["lines"][0]["item_id"].clone();
    let check = adjust(&house.admin, &check, json!({"kind": "comp", "line_id": line})).await;
    let check = check.created();
    let service = json!({"kind": "service_percent", "value": "10"});
    let check = adjust(&house.waiter, &check, service).await.created();
    pay(&house.waiter, &check, house.cash, "400.00").await.created();

    let seen = bill(&guest).await;
    assert_eq!(
        (&seen["total"], &seen["paid"], &seen["due"]),
        (&json!("990.00"), &json!("400.00"), &json!("590.00"))
    );
    let paper = &seen["checks"][0];
    assert_eq!(
        (&paper["subtotal"], &paper["discount"], &paper["service"], &paper["total"]),
        (&json!("1250.00"), &json!("350.00"), &json!("90.00"), &json!("990.00"))
    );
    assert_eq!(paper["lines"][1]["dish_name"], "Pizza");
    assert_eq!(paper["adjustments"][0]["item_id"], line);
    assert_eq!(paper["payments"][0]["amount"], "400.00");
    // Why something was taken off, and by whom, is between staff.
    for word in ["cold", "reason", "user_id", "tendered"] {
        assert!(!seen.to_string().contains(word), "{word}: {seen}");
    }
}

#[tokio::test]
async fn nobody_reads_the_bill_of_another_table_or_party() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let (here, there) = (house.guest(0).await, house.guest(1).await);
    there.get("/guest/bill").await.refused(400, "nothing_to_pay");
    let check_id = order_id * 100 + 1;
    let half = json!({"check_id": check_id, "parts": 2});
    there.post("/guest/bill/part", &half).await.refused(400, "nothing_to_pay");
    // With an order of their own they reach no check but their own.
    let items = json!({"items": [{"dish_id": house.pizza, "quantity": 2}]});
    there.post_once("/guest/orders", "phone-0001", &items).await.created();
    there.post("/guest/bill/part", &half).await.refused(404, "not_found");
    let ask = json!({"kind": "bill", "part": half});
    there.post("/guest/calls", &ask).await.refused(404, "not_found");
    // Staff have their own way, and nobody else any.
    house.waiter.get("/guest/bill").await.refused(401, "visit_over");
    house.app.anonymous().get("/guest/bill").await.refused(401, "no_token");

    // The party pays and leaves; what it paid stays to be read, and nothing of who comes next.
    let whole = json!({"payment_method_id": house.cash, "expected_total": "1250.00"});
    house.waiter.post(&format!("/orders/{order_id}/complete-payment"), &whole).await.ok();
    for item in house.order(order_id).await["items"].as_array().unwrap() {
        for status in ["READY", "SERVED"] {
            house.move_item(&house.admin, id(item), status).await.ok();
        }
    }
    let next = evening(&house).await;
    assert_ne!(next, order_id);
    let left = bill(&here).await;
    assert_eq!((id_of(&left), &left["due"]), (order_id, &json!("0.00")));
    let theirs = json!({"check_id": next * 100 + 1, "parts": 2});
    let refused = here.post("/guest/bill/part", &theirs).await;
    refused.refused(401, "visit_over");
}

fn id_of(bill: &Value) -> i64 {
    bill["order_id"].as_i64().unwrap()
}

#[tokio::test]
async fn a_part_is_reckoned_as_the_split_makes_it_and_writes_nothing() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let guest = house.guest(0).await;
    let check = checks_of(&house, order_id).await["checks"][0].clone();
    let seven = json!({"kind": "percent", "value": "7.77"});
    let check = adjust(&house.waiter, &check, seven).await.created();
    let writes = || -> i64 {
        let sql = "SELECT (SELECT count(*) FROM events) + (SELECT sum(version) FROM checks)
                        + (SELECT count(*) FROM calls)";
        house.app.database().query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let before = writes();
    let of = |what: Value| {
        let mut ask = json!({"check_id": check["id"]});
        ask.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
        ask
    };
    let lines = json!([some(&check, 0, 1.0), some(&check, 1, 0.667)]);
    let mine = guest.post("/guest/bill/part", &of(json!({"lines": lines}))).await.ok();
    let third = guest.post("/guest/bill/part", &of(json!({"parts": 3}))).await.ok();
    let all = json!([some(&check, 0, 1.0), some(&check, 1, 2.0)]);
    let whole = guest.post("/guest/bill/part", &of(json!({"lines": all}))).await.ok();
    assert_eq!((&whole["total"], &whole["due"]), (&check["total"], &check["total"]));
    for (wrong, code) in [
        (json!({"lines": [some(&check, 0, 2.0)]}), "more_than_there_is"),
        (json!({"lines": [{"item_id": 999_999, "quantity": 1}]}), "line_not_on_check"),
    ] {
        guest.post("/guest/bill/part", &of(wrong)).await.refused(400, code);
    }
    guest.post("/guest/bill/part", &of(json!({}))).await.invalid("lines");
    guest.post("/guest/bill/part", &of(json!({"parts": 1}))).await.invalid("parts");
    assert_eq!(writes(), before);

    let thirds = split(&house, order_id, json!({"by": "parts", "parts": 3})).await;
    assert_eq!(thirds["checks"][0]["total"], third["total"]);
    let again = json!({"version": thirds["version"]});
    house.waiter.post(&format!("/orders/{order_id}/unsplit"), &again).await.ok();
    let parted = split(&house, order_id, json!({"by": "lines", "checks": [lines]})).await;
    assert_eq!(parted["checks"][1]["total"], mine["total"]);
}

#[tokio::test]
async fn what_a_guest_wants_to_pay_reaches_the_waiter_and_goes_when_it_is_split_off() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let (anna, boris) = (house.guest(0).await, house.guest(0).await);
    let check = checks_of(&house, order_id).await["checks"][0].clone();
    let ask =
        |lines: Value| json!({"kind": "bill", "part": {"check_id": check["id"], "lines": lines}});
    let of_anna = json!([some(&check, 0, 1.0), some(&check, 1, 0.5)]);
    // A phone that changes its mind asks for one part.
    anna.post("/guest/calls", &ask(json!([some(&check, 0, 1.0)]))).await.created();
    anna.post("/guest/calls", &ask(of_anna.clone())).await.created();
    boris.post("/guest/calls", &ask(json!([some(&check, 1, 1.0)]))).await.created();

    let calls = house.waiter.get("/calls").await.ok();
    assert_eq!(calls["total"], 1);
    let parts = &calls["calls"][0]["parts"];
    let totals = |of: &Value| -> Vec<String> {
        let each = of.as_array().unwrap().iter();
        each.map(|part| part["total"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(totals(parts), ["575.00", "450.00"]);
    assert_eq!(bill(&anna).await["asked"]["total"], "575.00");
    assert!(house.guest(0).await.get("/guest/bill").await.ok()["asked"].is_null());

    // The call is answered; what is to be split stays with the bill, at what it comes to now.
    let answer = format!("/calls/{}/answer", id(&calls["calls"][0]));
    house.waiter.post(&answer, &json!({})).await.ok();
    let now = checks_of(&house, order_id).await["checks"][0].clone();
    adjust(&house.waiter, &now, json!({"kind": "percent", "value": "10"})).await.created();
    let asked = checks_of(&house, order_id).await;
    assert_eq!(totals(&asked["wishes"]), ["517.50", "405.00"]);

    let parted = split(&house, order_id, json!({"by": "lines", "checks": [of_anna]})).await;
    assert_eq!(totals(&parted["wishes"]), ["405.00"]);
    assert!(bill(&anna).await["asked"].is_null());
    // What can no longer be split off so is not offered; a call taken back takes its parts with it.
    step(&house.waiter, &parted["checks"][0], "present").await.ok();
    boris.post("/guest/calls", &json!({"kind": "bill"})).await.created();
    let call = house.waiter.get("/calls").await.ok()["calls"][0].clone();
    assert_eq!(call["parts"], json!([]));
    anna.delete(&format!("/guest/calls/{}", id(&call))).await.ok();
    let waiter = json!({"kind": "waiter", "part": {"check_id": check["id"], "parts": 2}});
    anna.post("/guest/calls", &waiter).await.invalid("part");
}

#[tokio::test]
async fn guests_and_a_note_stand_on_the_check() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = checks_of(&house, order_id).await["checks"][0].clone();
    let path = format!("/checks/{}", id(&check));
    let write = |what: Value, version: &Value| {
        let mut body = json!({"version": version});
        body.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
        body
    };
    let body = write(json!({"guests": 3, "note": " on the company "}), &check["version"]);
    let written = house.waiter.patch(&path, &body).await.ok();
    assert_eq!(
        (&written["guests"], &written["note"], &written["total"]),
        (&json!(3), &json!("on the company"), &check["total"])
    );
    house.waiter.patch(&path, &body).await.refused(409, "bill_changed");
    let many = write(json!({"guests": 1000}), &written["version"]);
    house.waiter.patch(&path, &many).await.invalid("guests");
    house.kitchen.patch(&path, &body).await.refused(403, "wrong_role");
    // What is not named stays; `null` takes the note off.
    let cleared = write(json!({"note": null}), &written["version"]);
    let cleared = house.waiter.patch(&path, &cleared).await.ok();
    assert_eq!((&cleared["guests"], &cleared["note"]), (&json!(3), &Value::Null));
    // A presented check takes a note too; a paid one nothing.
    let shown = step(&house.waiter, &cleared, "present").await.ok();
    let noted = write(json!({"note": "window"}), &shown["version"]);
    let noted = house.waiter.patch(&path, &noted).await.ok();
    assert_eq!((&noted["state"], &noted["note"]), (&json!("PRESENTED"), &json!("window")));
    let paid = pay(&house.waiter, &noted, house.cash, "1250.00").await.created()["check"].clone();
    let late = write(json!({"guests": 1}), &paid["version"]);
    house.waiter.patch(&path, &late).await.refused(409, "check_state");
}
