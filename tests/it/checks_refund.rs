//! Money that goes back: the way it came, never more than was taken, and seen in every figure.

use serde_json::{Value, json};

use crate::checks::{adjust, check_of, checks_of, evening, pay, step};
use crate::harness::{House, Reply, id};

pub async fn refund(house: &House, payment: &Value, what: Value) -> Reply {
    let mut body = json!({"reason": "spoilt"});
    body.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
    house.admin.post(&format!("/payments/{payment}/refunds"), &body).await
}

/// The evening's order, paid in cash (500.00) and by card.
async fn paid(house: &House) -> (i64, [Value; 2]) {
    let order_id = evening(house).await;
    let check = check_of(house, order_id).await;
    let cash = pay(&house.waiter, &check, house.cash, "500.00").await.created();
    let card = pay(&house.waiter, &cash["check"], house.card, "750.00").await.created();
    (order_id, [cash["id"].clone(), card["id"].clone()])
}

pub async fn figures(house: &House) -> [Value; 4] {
    let total = async |report: &str| {
        house.admin.get(&format!("/reports/{report}")).await.ok()["total"]["values"][0].clone()
    };
    let board = house.admin.get("/reports/today").await.ok()["sales"]["revenue"].clone();
    [total("days").await, total("dishes").await, total("payment-methods").await, board]
}

/// A check that was opened anew shows what it was: parts stay parts.
#[tokio::test]
async fn the_lines_of_a_reopened_part_are_parts_still() {
    let house = House::open().await;
    let order = evening(&house).await;
    let checks = checks_of(&house, order).await;
    let split = json!({"by": "parts", "parts": 2, "version": checks["version"]});
    let parts = house.waiter.post(&format!("/orders/{order}/split"), &split).await.ok();
    let part = parts["checks"][1].clone();
    assert_eq!(part["lines"][0]["is_part"], true);
    pay(&house.waiter, &part, house.card, "625.00").await.created();
    let part = checks_of(&house, order).await["checks"][1].clone();
    step(&house.admin, &part, "reopen").await.ok();
    let checks = checks_of(&house, order).await;
    for check in checks["checks"].as_array().unwrap() {
        let lines = check["lines"].as_array().unwrap();
        assert!(lines.iter().all(|line| line["is_part"] == true), "{check}");
    }
    // Of a whole one nothing is.
    let whole =
        json!({"order_type": "TAKEAWAY", "items": [{"dish_id": house.borscht, "quantity": 1}]});
    let order = id(&house.waiter.post("/orders", &whole).await.created());
    let check = check_of(&house, order).await;
    pay(&house.waiter, &check, house.card, "350.00").await.created();
    let check = check_of(&house, order).await;
    step(&house.admin, &check, "reopen").await.ok();
    for check in checks_of(&house, order).await["checks"].as_array().unwrap() {
        assert_eq!(check["lines"][0]["is_part"], false, "{check}");
    }
}

#[tokio::test]
async fn a_dish_goes_back_the_way_it_was_paid() {
    let house = House::open().await;
    let (order_id, [cash, card]) = paid(&house).await;
    let line = check_of(&house, order_id).await["lines"][1]["item_id"].clone();
    let one = json!({"lines": [{"item_id": line, "quantity": 1}]});
    let back = refund(&house, &card, one.clone()).await.created();
    assert_eq!((&back["amount"], &back["state"]), (&json!("450.00"), &json!("TAKEN")));
    assert_eq!(back["check"]["refunded"], "450.00");
    assert_eq!(figures(&house).await, ["800.00"; 4].map(Value::from));
    assert_eq!(house.order(order_id).await["payment_status"], "PAID");
    // Of the card 300.00 are left, of the pizza one.
    refund(&house, &card, one.clone()).await.refused(400, "above_taken");
    refund(&house, &cash, one.clone()).await.created();
    refund(&house, &cash, one).await.refused(400, "line_not_on_check");
    refund(&house, &cash, json!({"amount": "50.01"})).await.refused(400, "above_taken");
    refund(&house, &cash, json!({})).await.created();
    refund(&house, &card, json!({"amount": "299.99"})).await.created();
    assert_eq!(figures(&house).await, ["0.01"; 4].map(Value::from));
    refund(&house, &card, json!({})).await.created();
    refund(&house, &card, json!({"amount": "0.01"})).await.refused(400, "above_sold");
    assert_eq!(house.order(order_id).await["payment_status"], "REFUNDED");
    let day = house.admin.get("/reports/days").await.ok()["total"]["values"].clone();
    assert_eq!((&day[0], &day[5], &day[6]), (&json!("0.00"), &json!(1), &json!("1250.00")));
}

#[tokio::test]
async fn what_was_not_taken_is_not_given_back() {
    let house = House::open().await;
    let (order_id, [cash, _]) = paid(&house).await;
    let body = json!({"amount": "1.00", "reason": "x"});
    let path = format!("/payments/{cash}/refunds");
    house.waiter.post(&path, &body).await.refused(403, "approval_needed");
    house.admin.post("/payments/777/refunds", &body).await.refused(404, "not_found");
    house.admin.post(&path, &json!({"amount": "1.00"})).await.invalid("reason");
    for (what, status, code) in [
        (json!({"amount": "500.01"}), 400, "above_taken"),
        (json!({"amount": "1250.01"}), 400, "above_sold"),
        (json!({"amount": "0.00"}), 400, "amount_below_zero"),
        (json!({"amount": "-1.00"}), 400, "amount_below_zero"),
        (json!({"amount": "1.00", "tip": "1.00"}), 400, "above_taken"),
        (json!({"lines": [{"item_id": 777, "quantity": 1}]}), 400, "line_not_on_check"),
        (json!({"lines": []}), 422, "invalid"),
        (json!({"amount": "1.00", "lines": []}), 422, "invalid"),
    ] {
        refund(&house, &cash, what).await.refused(status, code);
    }
    assert_eq!(figures(&house).await, ["1250.00"; 4].map(Value::from));
    // A refund is no payment, and what went back under one key went back once.
    let once = json!({"amount": "100.00", "reason": "x"});
    let back = house.admin.post_once(&path, "back-100", &once).await.created();
    assert_eq!(house.admin.post_once(&path, "back-100", &once).await.created(), back);
    refund(&house, &back["id"], json!({})).await.refused(409, "payment_not_taken");
    assert_eq!(check_of(&house, order_id).await["refunded"], "100.00");
}

#[tokio::test]
async fn a_payment_of_a_check_that_is_not_paid_is_called_off_whole() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let part = pay(&house.waiter, &check, house.cash, "500.00").await.created();
    refund(&house, &part["id"], json!({"amount": "100.00"})).await.refused(409, "check_not_paid");
    let back = refund(&house, &part["id"], json!({})).await.created();
    assert_eq!((&back["amount"], &back["check"]["due"]), (&json!("500.00"), &json!("1250.00")));
    refund(&house, &part["id"], json!({})).await.refused(409, "payment_not_taken");
    let methods = house.admin.get("/reports/payment-methods").await.ok();
    assert_eq!(methods["total"]["values"][0], "0.00");
    // It can be changed and paid again.
    let check = check_of(&house, order_id).await;
    let check = adjust(&house.waiter, &check, json!({"kind": "percent", "value": "10"})).await;
    pay(&house.waiter, &check.created(), house.card, "1125.00").await.created();
    assert_eq!(figures(&house).await, ["1125.00"; 4].map(Value::from));
}

/// The old contract gives all of it back, also after a part went back and with several payments.
#[tokio::test]
async fn the_whole_order_is_refunded_by_each_way_it_was_paid() {
    let house = House::open().await;
    let (order_id, [cash, _]) = paid(&house).await;
    refund(&house, &cash, json!({"amount": "120.00"})).await.created();
    let path = format!("/orders/{order_id}/payment");
    let all = json!({"payment_status": "REFUNDED", "reason": "fire"});
    house.admin.patch(&path, &all).await.ok();
    let methods = house.admin.get("/reports/payment-methods").await.ok();
    for row in methods["rows"].as_array().unwrap() {
        assert_eq!(row["values"][0], "0.00", "{row}");
    }
    assert_eq!(
        methods["total"]["values"],
        json!(["0.00", 2, "1250.00", 3, "1250.00", "0.00", "0.00", "0.00", "0.00"])
    );
    assert_eq!(checks_of(&house, order_id).await["checks"][0]["refunded"], "1250.00");
    house.admin.patch(&path, &all).await.refused(400, "step_not_allowed");
}

/// 9: the tax of what goes back is a part of what was sold, also where it does not divide.
#[tokio::test]
async fn an_order_that_was_never_split_is_refunded_in_part() {
    let house = House::open().await;
    house.admin.patch("/restaurant", &json!({"tax_percent": "20"})).await.ok();
    let order_id = evening(&house).await;
    let whole = json!({"payment_method_id": house.card});
    house.waiter.post(&format!("/orders/{order_id}/complete-payment"), &whole).await.ok();
    let payment = check_of(&house, order_id).await["payments"][0]["id"].clone();
    for amount in ["0.01", "333.33", "0.05"] {
        refund(&house, &payment, json!({"amount": amount})).await.created();
    }
    let check = refund(&house, &payment, json!({})).await.created()["check"].clone();
    assert_eq!((&check["refunded"], &check["total"]), (&json!("1250.00"), &json!("1250.00")));
    assert_eq!(house.order(id(&house.order(order_id).await)).await["payment_status"], "REFUNDED");
}

/// 8: cash is rounded where the smallest coin is larger, payment by payment; what goes back whole
/// is what was handed over, and a card is never rounded.
#[tokio::test]
async fn cash_is_rounded_by_the_payment_and_goes_back_as_it_was_paid() {
    let house = House::open_with(|settings| settings.currency = "CHF".into()).await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let off = adjust(&house.admin, &check, json!({"kind": "amount", "value": "0.03"})).await;
    let check = off.created();
    assert_eq!(check["due"], "1249.97");
    let card = pay(&house.waiter, &check, house.card, "1000.01").await.created();
    assert_eq!((&card["taken"], &card["rounding"]), (&json!("1000.01"), &json!("0.00")));
    let cash = json!({"method_id": house.cash, "amount": "249.96", "tendered": "300.00",
                      "tip": "1.00", "expected_due": "249.96"});
    let path = format!("/checks/{}/payments", check["id"]);
    let cash = house.waiter.post(&path, &cash).await.created();
    assert_eq!(
        (&cash["taken"], &cash["rounding"], &cash["change"], &cash["check"]["rounding"]),
        (&json!("250.95"), &json!("-0.01"), &json!("49.05"), &json!("-0.01"))
    );
    let back = refund(&house, &cash["id"], json!({"tip": "1.00"})).await.created();
    assert_eq!((&back["amount"], &back["returned"]), (&json!("249.96"), &json!("250.95")));
    let back = refund(&house, &card["id"], json!({})).await.created();
    assert_eq!(back["returned"], "1000.01");
    let methods = house.admin.get("/reports/payment-methods").await.ok();
    let total = &methods["total"]["values"];
    assert_eq!((&total[0], &total[5], &total[6]), (&json!("0.00"), &json!("0.00"), &json!("0.00")));
}

/// The evening: one leaves early and pays cash, the steak was cold and is on the house, the
/// rest goes half on a card, half by QR, with a tip; and the figures are right to the last unit.
#[tokio::test]
async fn two_couples_share_a_table() {
    let house = House::open().await;
    let qr = json!({"name": "QR", "kind": "TRANSFER"});
    let qr = id(&house.admin.post("/payment-methods", &qr).await.created());
    let lines: Vec<Value> = [house.borscht, house.pizza, house.pizza, house.borscht]
        .iter()
        .zip(1..)
        .map(|(dish, seat)| json!({"dish_id": dish, "quantity": 1, "seat": seat}))
        .collect();
    let order = json!({"table_id": house.tables[0], "items": lines});
    let order_id = id(&house.waiter.post("/orders/", &order).await.created());
    let check = check_of(&house, order_id).await;
    let line = |at: usize| check["lines"][at]["item_id"].clone();
    let split = json!({"version": check["version"], "by": "lines",
                       "checks": [[{"item_id": line(0), "quantity": 1}]]});
    let path = format!("/orders/{order_id}/split");
    let checks = house.waiter.post(&path, &split).await.ok()["checks"].clone();
    pay(&house.waiter, &checks[1], house.cash, "350.00").await.created();
    let rest = checks_of(&house, order_id).await["checks"][0].clone();
    let comp = json!({"kind": "comp", "line_id": line(1)});
    let rest = adjust(&house.admin, &rest, comp).await.created();
    assert_eq!(rest["due"], "800.00");
    let card = pay(&house.waiter, &rest, house.card, "400.00").await.created();
    let last = json!({"method_id": qr, "amount": "400.00", "tip": "80.00",
                      "expected_due": card["check"]["due"]});
    let path = format!("/checks/{}/payments", rest["id"]);
    let last = house.waiter.post(&path, &last).await.created();
    assert_eq!(
        (&last["check"]["state"], &last["check"]["tips"]),
        (&json!("PAID"), &json!("80.00"))
    );
    assert_eq!(house.order(order_id).await["payment_status"], "PAID");
    assert_eq!(figures(&house).await, ["1150.00"; 4].map(Value::from));
    let methods = house.admin.get("/reports/payment-methods").await.ok();
    assert_eq!(methods["total"]["values"][6], "80.00");
}

/// What was sold stands on its check however the order ends: it lost its lines when a paid order was
/// called off, and nothing could be given back by the check any more.
#[tokio::test]
async fn a_paid_order_that_is_called_off_keeps_its_check_until_the_money_went_back() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let whole = json!({"payment_method_id": house.card});
    house.waiter.post(&format!("/orders/{order_id}/complete-payment"), &whole).await.ok();
    let before = check_of(&house, order_id).await;
    let payment = before["payments"][0]["id"].clone();
    refund(&house, &payment, json!({"amount": "250.00"})).await.created();
    house.admin.delete(&format!("/orders/{order_id}?reason=fire")).await.ok();
    let after = check_of(&house, order_id).await;
    assert_eq!((&after["lines"], &after["total"]), (&before["lines"], &before["total"]));
    let day = house.admin.get("/reports/days").await.ok()["total"]["values"].clone();
    assert_eq!(day[6], "250.00", "what went back stays counted");
    refund(&house, &payment, json!({})).await.created();
    assert_eq!(check_of(&house, order_id).await["refunded"], before["total"]);
    let methods = house.admin.get("/reports/payment-methods").await.ok();
    assert_eq!(methods["total"]["values"][0], "0.00");
}

#[tokio::test]
async fn a_tip_goes_back_alone() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let path = format!("/checks/{}/payments", check["id"]);
    let offer = |tip: &str| {
        json!({"method_id": house.card, "amount": check["due"], "tip": tip,
               "expected_due": check["due"]})
    };
    // A slip: a number that belongs elsewhere.
    house.waiter.post(&path, &offer("4111111111111.00")).await.refused(400, "tip_too_large");
    let paid = house.waiter.post(&path, &offer("10.00")).await.created();
    let back = refund(&house, &paid["id"], json!({"amount": "0", "tip": "10.00"})).await.created();
    assert_eq!((&back["amount"], &back["returned"]), (&json!("0.00"), &json!("10.00")));
    let more = json!({"amount": "0", "tip": "0.01"});
    refund(&house, &paid["id"], more).await.refused(400, "above_taken");
    let rest = refund(&house, &paid["id"], json!({})).await.created();
    assert_eq!(rest["returned"], check["total"]);
}
