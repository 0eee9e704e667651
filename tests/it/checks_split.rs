//! What is taken off a check, how it is parted and joined, and what holds its lines then.

use serde_json::{Value, json};

use crate::checks::{adjust, check_of, checks_of, evening, pay, step};
use crate::harness::{House, Reply, Screen, id};

async fn split(house: &House, order_id: i64, how: Value) -> Reply {
    let mut body = how;
    body["version"] = checks_of(house, order_id).await["version"].clone();
    house.waiter.post(&format!("/orders/{order_id}/split"), &body).await
}

async fn join(house: &House, order_id: i64) -> Reply {
    let version = checks_of(house, order_id).await["version"].clone();
    let path = format!("/orders/{order_id}/unsplit");
    house.waiter.post(&path, &json!({"version": version})).await
}

fn totals(checks: &Value) -> Vec<String> {
    let checks = checks["checks"].as_array().unwrap();
    checks.iter().map(|check| check["total"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn something_is_taken_off_a_line_and_the_check_and_taken_back() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let borscht = check["lines"][0]["item_id"].clone();
    let comp = adjust(&house.admin, &check, json!({"kind": "comp", "line_id": borscht})).await;
    let check = comp.created();
    assert_eq!((&check["total"], &check["lines"][0]["total"]), (&json!("900.00"), &json!("0.00")));
    assert_eq!(house.order(order_id).await["total_price"], "900.00");
    let ten = json!({"kind": "percent", "value": "10"});
    let check = adjust(&house.waiter, &check, ten).await.created();
    let service = json!({"kind": "service_percent", "value": "5"});
    let check = adjust(&house.waiter, &check, service).await.created();
    assert_eq!(
        (&check["subtotal"], &check["discount"], &check["service"], &check["total"]),
        (&json!("1250.00"), &json!("440.00"), &json!("40.50"), &json!("850.50"))
    );
    let told: Vec<_> = check["adjustments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["kind"].as_str().unwrap(), one["amount"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("comp", "350.00"), ("percent", "90.00"), ("service_percent", "40.50")]);

    // What is ordered later gives its ten percent too.
    let more = json!({"dish_id": house.borscht, "quantity": 1});
    house.waiter.post(&format!("/orders/{order_id}/items"), &more).await.created();
    assert_eq!(house.order(order_id).await["total_price"], "1181.25");

    let check = check_of(&house, order_id).await;
    let percent = check["adjustments"][1]["id"].clone();
    let path = format!("/checks/{}/adjustments/{percent}", check["id"]);
    let stale = house.waiter.delete(&format!("{path}?version=1")).await;
    stale.refused(409, "bill_changed");
    let check = house.waiter.delete(&format!("{path}?version={}", check["version"])).await.ok();
    assert_eq!(check["total"], "1312.50");
    let again = house.waiter.delete(&format!("{path}?version={}", check["version"])).await;
    again.refused(404, "not_found");
    assert_eq!(house.order(order_id).await["total_price"], "1312.50");
    let history = house.admin.get(&format!("/orders/{order_id}/history")).await.ok().to_string();
    assert!(history.contains("check_adjusted") && history.contains("adjustment_taken_back"));

    // 7 and width: paid as it is, all dishes together are the revenue.
    pay(&house.waiter, &check, house.cash, "1312.50").await.created();
    for report in ["days", "dishes", "payment-methods"] {
        let report = house.admin.get(&format!("/reports/{report}")).await.ok();
        assert_eq!(report["total"]["values"][0], "1312.50", "{report}");
    }
    let board = house.admin.get("/reports/today").await.ok();
    assert_eq!(board["sales"]["revenue"], "1312.50");
}

#[tokio::test]
async fn what_cannot_be_taken_off_is_not() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    for (what, status, code) in [
        (json!({"kind": "amount", "value": "1250.01"}), 400, "discount_above_price"),
        (json!({"kind": "comp", "line_id": 777}), 400, "line_not_on_check"),
        (json!({"kind": "comp", "reason": " "}), 400, "reason_needed"),
        (json!({"kind": "percent", "value": "5", "reason": null}), 400, "reason_needed"),
        (json!({"kind": "percent", "value": "101"}), 422, "invalid"),
        (json!({"kind": "percent", "value": "-5"}), 422, "invalid"),
        (json!({"kind": "amount"}), 422, "invalid"),
        (json!({"kind": "amount", "value": "999999999999999999999"}), 422, "invalid"),
        (json!({"kind": "service_percent", "value": "5", "line_id": 1}), 422, "invalid"),
        (json!({"kind": "gift"}), 422, "invalid"),
    ] {
        adjust(&house.waiter, &check, what).await.refused(status, code);
    }
    assert_eq!(check_of(&house, order_id).await, check, "nothing changed");
    let path = format!("/checks/{}/adjustments/1?version={}", check["id"], check["version"]);
    house.waiter.delete(&path).await.refused(404, "not_found");
    pay(&house.waiter, &check, house.cash, "100.00").await.created();
    let check = check_of(&house, order_id).await;
    adjust(&house.waiter, &check, json!({"kind": "percent", "value": "5"}))
        .await
        .refused(409, "money_taken");
}

/// 5 and 6: a split is one command; a line, or a part of it, stands on one check at its own price.
#[tokio::test]
async fn a_check_is_split_by_lines_and_joined_again() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let pizza = check_of(&house, order_id).await["lines"][1]["item_id"].clone();
    let how = json!({"by": "lines", "checks": [[{"item_id": pizza, "quantity": 1}]]});
    let checks = split(&house, order_id, how.clone()).await.ok();
    assert_eq!(totals(&checks), ["800.00", "450.00"]);
    assert_eq!(checks["total"], "1250.00");
    assert_eq!(id(&checks["checks"][1]), order_id * 100 + 2);
    // Who saw it before the split is told.
    let mut stale = how;
    stale["version"] = json!(1);
    let path = format!("/orders/{order_id}/split");
    house.waiter.post(&path, &stale).await.refused(409, "bill_changed");

    // Its lines are held, until the checks are joined.
    let line = format!("/orders/{order_id}/items/{pizza}");
    house.waiter.patch(&line, &json!({"quantity": 1})).await.refused(409, "line_is_split");
    house.waiter.delete(&line).await.refused(409, "line_is_split");
    let mv = json!({"table_id": house.tables[1], "items": [{"id": pizza, "quantity": 1}]});
    let path = format!("/orders/{order_id}/items/move");
    house.waiter.post(&path, &mv).await.refused(409, "line_is_split");
    // A line that is ordered now is on the first open check.
    let more = json!({"dish_id": house.borscht, "quantity": 1});
    house.waiter.post(&format!("/orders/{order_id}/items"), &more).await.created();
    assert_eq!(totals(&checks_of(&house, order_id).await), ["1150.00", "450.00"]);

    let joined = join(&house, order_id).await.ok();
    assert_eq!(totals(&joined), ["1600.00"]);
    join(&house, order_id).await.refused(409, "nothing_to_join");
    house.waiter.patch(&line, &json!({"quantity": 1})).await.ok();
    assert_eq!(house.order(order_id).await["total_price"], "1150.00");
}

#[tokio::test]
async fn a_check_is_split_by_seats_parts_and_amounts_to_the_last_unit() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let seven = adjust(
        &house.waiter,
        &check_of(&house, order_id).await,
        json!({"kind": "percent", "value": "7"}),
    )
    .await
    .created();
    assert_eq!(seven["total"], "1162.50");
    for (how, expected) in [
        (json!({"by": "seats"}), vec!["325.50", "837.00"]),
        (json!({"by": "parts", "parts": 4}), vec!["290.63", "290.63", "290.62", "290.62"]),
        (json!({"by": "amount", "amount": "0.01"}), vec!["1162.49", "0.01"]),
    ] {
        let checks = split(&house, order_id, how).await.ok();
        assert_eq!(totals(&checks), expected);
        assert_eq!(checks["total"], "1162.50");
        assert_eq!(totals(&join(&house, order_id).await.ok()), ["1162.50"]);
    }
    for (how, status, code) in [
        (json!({"by": "parts", "parts": 1}), 400, "parts_out_of_range"),
        (json!({"by": "parts", "parts": 51}), 400, "parts_out_of_range"),
        (json!({"by": "parts"}), 422, "invalid"),
        (json!({"by": "amount", "amount": "1162.50"}), 400, "amount_out_of_range"),
        (json!({"by": "amount", "amount": "-1"}), 400, "amount_out_of_range"),
        (
            json!({"by": "lines", "checks": [[{"item_id": 777, "quantity": 1}]]}),
            400,
            "line_not_on_check",
        ),
        (json!({"by": "lines", "checks": []}), 422, "invalid"),
        (json!({"by": "parts", "parts": 2, "check_id": 77701}), 404, "not_found"),
    ] {
        split(&house, order_id, how).await.refused(status, code);
    }
    let line = check_of(&house, order_id).await["lines"][1]["item_id"].clone();
    for (quantity, code) in [(json!(3), "more_than_there_is"), (json!(0), "no_quantity")] {
        let how = json!({"by": "lines", "checks": [[{"item_id": line, "quantity": quantity}]]});
        split(&house, order_id, how).await.refused(400, code);
    }
    let how = json!({"by": "lines", "checks": [[{"item_id": line, "quantity": -1}]]});
    split(&house, order_id, how).await.refused(422, "invalid");
    assert_eq!(totals(&checks_of(&house, order_id).await), ["1162.50"]);
}

#[tokio::test]
async fn each_check_is_paid_for_itself_and_with_the_last_the_order() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let checks = split(&house, order_id, json!({"by": "parts", "parts": 2})).await.ok();
    pay(&house.waiter, &checks["checks"][0], house.cash, "625.00").await.created();
    let order = house.order(order_id).await;
    assert_eq!((&order["payment_status"], &order["status"]), (&json!("UNPAID"), &json!("PENDING")));
    // A split of what is paid, a join with it, a discount on it: none.
    let first = checks_of(&house, order_id).await["checks"][0].clone();
    split(&house, order_id, json!({"by": "parts", "parts": 2, "check_id": first["id"]}))
        .await
        .refused(409, "bill_changed");
    let path = format!("/orders/{order_id}/split");
    let paid =
        json!({"by": "parts", "parts": 2, "check_id": first["id"], "version": first["version"]});
    house.waiter.post(&path, &paid).await.refused(409, "check_state");
    adjust(&house.waiter, &first, json!({"kind": "comp"})).await.refused(409, "check_state");
    join(&house, order_id).await.refused(409, "nothing_to_join");
    let item = first["lines"][0]["item_id"].clone();
    house
        .admin
        .delete(&format!("/orders/{order_id}/items/{item}?reason=x"))
        .await
        .refused(409, "check_paid");
    house.admin.delete(&format!("/orders/{order_id}?reason=x")).await.refused(409, "money_taken");
    // What is ordered now goes to the check that is open.
    let more = json!({"dish_id": house.borscht, "quantity": 1});
    house.waiter.post(&format!("/orders/{order_id}/items"), &more).await.created();
    assert_eq!(totals(&checks_of(&house, order_id).await), ["625.00", "975.00"]);

    // The old contract pays what is due, of all.
    let whole = json!({"payment_method_id": house.card, "expected_total": "1600.00"});
    house.waiter.post(&format!("/orders/{order_id}/complete-payment"), &whole).await.ok();
    assert_eq!(house.order(order_id).await["payment_status"], "PAID");
    let methods = house.admin.get("/reports/payment-methods").await.ok();
    let nets: Vec<_> =
        methods["rows"].as_array().unwrap().iter().map(|row| row["values"][0].clone()).collect();
    assert_eq!(nets, ["975.00", "625.00"]);
}

#[tokio::test]
async fn a_presented_check_stays_as_it_is_until_it_is_taken_back() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let shown = step(&house.waiter, &check, "present").await.ok();
    assert_eq!((&shown["state"], &shown["total"]), (&json!("PRESENTED"), &json!("1250.00")));
    step(&house.waiter, &check, "present").await.refused(409, "bill_changed");
    step(&house.waiter, &shown, "present").await.refused(409, "check_state");
    adjust(&house.waiter, &shown, json!({"kind": "comp"})).await.refused(409, "check_state");
    let item = shown["lines"][0]["item_id"].clone();
    let line = format!("/orders/{order_id}/items/{item}");
    let says = house.waiter.delete(&line).await.refused(409, "check_presented");
    assert!(says.contains("Take it back first"), "{says}");
    house
        .admin
        .delete(&format!("/orders/{order_id}?reason=x"))
        .await
        .refused(409, "check_presented");
    // Another round is another check.
    let more = json!({"dish_id": house.borscht, "quantity": 1});
    house.waiter.post(&format!("/orders/{order_id}/items"), &more).await.created();
    assert_eq!(totals(&checks_of(&house, order_id).await), ["1250.00", "350.00"]);
    assert_eq!(house.order(order_id).await["total_price"], "1600.00");

    let shown = check_of(&house, order_id).await;
    let silent = json!({"version": shown["version"]});
    let path = format!("/checks/{}/take-back", shown["id"]);
    house.waiter.post(&path, &silent).await.refused(400, "reason_needed");
    step(&house.admin, &shown, "take-back").await.ok();
    // The other round stays on its check, whose id somebody may have, until they are joined.
    assert_eq!(totals(&checks_of(&house, order_id).await), ["1250.00", "350.00"]);
    assert_eq!(totals(&join(&house, order_id).await.ok()), ["1600.00"]);
    house.waiter.delete(&line).await.ok();
    assert_eq!(house.order(order_id).await["total_price"], "1250.00");
    // A new price does not reach what was presented; nor does it what was ordered.
    let check = check_of(&house, order_id).await;
    let shown = step(&house.waiter, &check, "present").await.ok();
    pay(&house.waiter, &shown, house.card, "1250.00").await.created();
    let paid = check_of(&house, order_id).await;
    step(&house.admin, &paid, "take-back").await.refused(409, "check_state");
}

#[tokio::test]
async fn a_check_is_called_off_by_an_admin_with_a_reason() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    step(&house.admin, &check_of(&house, order_id).await, "void").await.refused(409, "last_check");
    let checks = split(&house, order_id, json!({"by": "seats"})).await.ok();
    step(&house.waiter, &checks["checks"][0], "void").await.refused(403, "approval_needed");
    let (mut screen, _) = Screen::greeted(&house.app, &house.waiter, None).await;
    let gone = step(&house.admin, &checks["checks"][0], "void").await.ok();
    assert_eq!((&gone["state"], &gone["due"]), (&json!("VOID"), &json!("0.00")));
    assert_eq!(screen.next().await["data"]["total_price"], "900.00");
    let checks = checks_of(&house, order_id).await;
    assert_eq!(checks["total"], "900.00");
    pay(&house.waiter, &checks["checks"][1], house.cash, "900.00").await.created();
    assert_eq!(house.order(order_id).await["payment_status"], "PAID");
    let dishes = house.admin.get("/reports/dishes").await.ok();
    assert_eq!(dishes["total"]["values"][0], "900.00");
}

/// All of it on the house: paid with nothing, and without a payment.
#[tokio::test]
async fn a_check_of_nothing_is_paid_when_it_is_presented() {
    let house = House::open().await;
    let order_id = id(&house.place().await);
    let check = check_of(&house, order_id).await;
    let free = adjust(&house.admin, &check, json!({"kind": "comp"})).await.created();
    pay(&house.waiter, &free, house.cash, "0.01").await.refused(409, "nothing_due");
    assert_eq!(step(&house.waiter, &free, "present").await.ok()["state"], "PAID");
    let order = house.order(order_id).await;
    assert_eq!((&order["payment_status"], &order["total_price"]), (&json!("PAID"), &json!("0.00")));
    let board = house.admin.get("/reports/today").await.ok();
    assert_eq!(
        (&board["sales"]["orders"], &board["sales"]["revenue"]),
        (&json!(1), &json!("0.00"))
    );
}

/// Tables are not joined over what was agreed about their checks.
#[tokio::test]
async fn an_adjusted_order_is_not_joined_to_another() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let other =
        json!({"table_id": house.tables[1], "items": [{"dish_id": house.pizza, "quantity": 1}]});
    house.waiter.post("/orders/", &other).await.created();
    let check = check_of(&house, order_id).await;
    let check =
        adjust(&house.waiter, &check, json!({"kind": "percent", "value": "5"})).await.created();
    let path = format!("/orders/{order_id}/move");
    let to = json!({"table_id": house.tables[1]});
    house.waiter.post(&path, &to).await.refused(409, "checks_agreed");
    let adjustment = &check["adjustments"][0]["id"];
    let gone =
        format!("/checks/{}/adjustments/{adjustment}?version={}", check["id"], check["version"]);
    house.waiter.delete(&gone).await.ok();
    assert_eq!(house.waiter.post(&path, &to).await.ok()["total_price"], "1700.00");
}

/// What is left on no check is nothing to pay: with its last unpaid line gone, the order is paid.
#[tokio::test]
async fn an_order_is_paid_when_its_last_unpaid_line_is_taken_off() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let shown = step(&house.waiter, &check_of(&house, order_id).await, "present").await.ok();
    let more = json!({"dish_id": house.borscht, "quantity": 1});
    let path = format!("/orders/{order_id}/items");
    let line = id(&house.waiter.post(&path, &more).await.created());
    let second = checks_of(&house, order_id).await["checks"][1].clone();
    let second = adjust(&house.waiter, &second, json!({"kind": "percent", "value": "10"})).await;
    assert_eq!(second.created()["total"], "315.00");
    // What is agreed about the second check stays there when the first is taken back.
    let first = check_of(&house, order_id).await;
    let back = step(&house.admin, &first, "take-back").await.ok();
    assert_eq!(totals(&checks_of(&house, order_id).await), ["1250.00", "315.00"]);
    step(&house.waiter, &back, "present").await.ok();
    let first = check_of(&house, order_id).await;
    assert_eq!(first["total"], shown["total"]);
    pay(&house.waiter, &first, house.card, "1250.00").await.created();
    assert_eq!(house.order(order_id).await["payment_status"], "UNPAID");
    house.admin.delete(&format!("{path}/{line}?reason=x")).await.ok();
    let order = house.order(order_id).await;
    assert_eq!(
        (&order["payment_status"], &order["total_price"]),
        (&json!("PAID"), &json!("1250.00"))
    );

    let takeaway = json!({"order_type": "TAKEAWAY", "items": [more.clone()]});
    let order_id = id(&house.waiter.post("/orders", &takeaway).await.created());
    let shown = step(&house.waiter, &check_of(&house, order_id).await, "present").await.ok();
    let path = format!("/orders/{order_id}/items");
    let line = id(&house.waiter.post(&path, &more).await.created());
    pay(&house.waiter, &shown, house.card, "350.00").await.created();
    assert_eq!(house.order(order_id).await["payment_status"], "UNPAID");
    house.admin.delete(&format!("{path}/{line}?reason=x")).await.ok();
    assert_eq!(house.order(order_id).await["payment_status"], "PAID");
}

/// The ids of an order's checks are its own: no check is made that had none.
#[tokio::test]
async fn an_order_with_all_its_checks_presented_gets_no_more_lines() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let parts = split(&house, order_id, json!({"by": "parts", "parts": 50})).await.ok();
    for part in parts["checks"].as_array().unwrap() {
        let now = house.waiter.get(&format!("/checks/{}", part["id"])).await.ok();
        step(&house.waiter, &now, "present").await.ok();
    }
    let line = json!({"dish_id": house.borscht, "quantity": 1});
    let path = format!("/orders/{order_id}/items");
    let says = house.waiter.post(&path, &line).await.refused(409, "too_many_checks");
    assert!(says.contains("Take back one"), "{says}");
    assert_eq!(checks_of(&house, order_id).await["checks"].as_array().unwrap().len(), 50);
}

/// What is taken off and put on two halves is of what was there: what is ordered after they are joined
/// costs what it costs. What was agreed before the split holds for it.
#[tokio::test]
async fn what_was_agreed_on_parts_reaches_nothing_that_is_ordered_later() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let service = |value: &str| json!({"kind": "service_percent", "value": value});
    adjust(&house.waiter, &check, service("5")).await.created();
    let parts = split(&house, order_id, json!({"by": "parts", "parts": 2})).await.ok();
    for part in parts["checks"].as_array().unwrap() {
        let part = house.waiter.get(&format!("/checks/{}", part["id"])).await.ok();
        let ten = json!({"kind": "percent", "value": "10"});
        let part = adjust(&house.waiter, &part, ten).await.created();
        adjust(&house.waiter, &part, service("10")).await.created();
    }
    let joined = join(&house, order_id).await.ok();
    // 1250 less 125, and 5 and 10 percent of that, each half rounded by itself.
    assert_eq!(totals(&joined), ["1293.76"]);
    let line = json!({"dish_id": house.borscht, "quantity": 1});
    house.waiter.post(&format!("/orders/{order_id}/items"), &line).await.created();
    let check = check_of(&house, order_id).await;
    assert_eq!(
        (&check["discount"], &check["service"], &check["total"]),
        (&json!("125.00"), &json!("186.26"), &json!("1661.26"))
    );
    // Ten percent more is twenty on what had ten: that is asked for.
    let more = json!({"kind": "percent", "value": "10"});
    adjust(&house.waiter, &check, more).await.refused(403, "approval_needed");
    // Whoever splits it again finds the same.
    let again = split(&house, order_id, json!({"by": "parts", "parts": 2})).await.ok();
    assert_eq!(again["total"], "1661.26");
    let joined = join(&house, order_id).await.ok();
    assert_eq!(joined["total"], "1661.26");
}
