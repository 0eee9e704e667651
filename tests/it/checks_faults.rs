//! Faults of the bill that somebody found by attacking it, each with its kind.

use serde_json::{Value, json};

use crate::checks::{adjust, check_of, checks_of, evening, pay, step};
use crate::checks_refund::{figures, refund};
use crate::harness::{House, id};

fn money(value: &Value) -> i64 {
    value.as_str().unwrap().replace('.', "").parse().unwrap()
}

/// A check of francs could be paid in crumbs, each rounded down to nothing.
#[tokio::test]
async fn f2_a_check_is_not_paid_in_crumbs_for_nothing() {
    for (currency, crumb, coin) in [("CHF", "0.02", 5), ("SEK", "0.49", 100), ("HUF", "2.49", 500)]
    {
        let house = House::open_with(|settings| settings.currency = currency.into()).await;
        let order_id = evening(&house).await;
        let mut check = check_of(&house, order_id).await;
        let (mut amounts, mut handed, mut paid) = (0, 0, Vec::new());
        for _ in 0..12 {
            let one = pay(&house.waiter, &check, house.cash, crumb).await.created();
            amounts += money(&one["amount"]);
            handed += money(&one["taken"]);
            assert!((amounts - handed).abs() * 2 <= coin, "{currency}: {handed} of {amounts}");
            check = one["check"].clone();
            paid.push(one["id"].clone());
        }
        assert!(handed > 0, "{currency}");
        let due = check["due"].as_str().unwrap().to_owned();
        let rest = pay(&house.waiter, &check, house.cash, &due).await.created();
        handed += money(&rest["taken"]);
        assert_eq!(handed, 125_000, "{currency}: as if it was paid at once");
        paid.push(rest["id"].clone());
        // In crumbs it goes back as it was taken, and all together is what was taken.
        let mut returned = 0;
        for part in ["0.03", "0.03", "0.03"] {
            let last = paid.last().unwrap();
            let back = refund(&house, last, json!({"amount": part})).await.created();
            returned += money(&back["returned"]);
        }
        assert!((returned - 9).abs() * 2 <= coin, "{currency}: {returned}");
        for payment in &paid {
            let back = refund(&house, payment, json!({})).await.created();
            returned += money(&back["returned"]);
        }
        assert_eq!(returned, handed, "{currency}");
    }
}

/// Paid by the wrong way, refunded, and never to be paid by the right one.
#[tokio::test]
async fn f5_a_check_that_was_paid_the_wrong_way_is_paid_anew() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let ten = json!({"kind": "percent", "value": "10"});
    let check = adjust(&house.waiter, &check, ten).await.created();
    let body = json!({"method_id": house.card, "amount": "1125.00", "tip": "50.00",
                      "expected_due": "1125.00"});
    let path = format!("/checks/{}", check["id"]);
    let paid = house.waiter.post(&format!("{path}/payments"), &body).await.created();
    let check = paid["check"].clone();
    step(&house.waiter, &check, "reopen").await.refused(403, "approval_needed");
    let silent = json!({"version": check["version"]});
    let reopen = format!("{path}/reopen");
    house.admin.post(&reopen, &silent).await.refused(400, "reason_needed");
    let stale = json!({"version": 1, "reason": "x"});
    house.admin.post(&reopen, &stale).await.refused(409, "bill_changed");
    let why = json!({"version": check["version"], "reason": "it was cash"});
    let checks = house.admin.post_once(&reopen, "reopen-1", &why).await.ok();
    assert_eq!(house.admin.post_once(&reopen, "reopen-1", &why).await.ok(), checks);
    let [old, new] = [0, 1].map(|at| checks["checks"][at].clone());
    assert_eq!(
        (&old["state"], &old["refunded"], &old["due"], &old["payments"][1]["tip"]),
        (&json!("REFUNDED"), &json!("1125.00"), &json!("0.00"), &json!("50.00"))
    );
    assert_eq!(
        (&new["state"], &new["due"], &new["replaces"], &new["lines"]),
        (&json!("OPEN"), &json!("1125.00"), &old["id"], &old["lines"])
    );
    assert_eq!(
        (&checks["total"], &checks["due"], &checks["paid"], &checks["tips"]),
        (&json!("1125.00"), &json!("1125.00"), &json!("0.00"), &json!("0.00"))
    );
    assert_eq!(house.order(order_id).await["payment_status"], "UNPAID");
    assert_eq!(figures(&house).await, ["0.00"; 4].map(Value::from));

    // It is a check like others: more is ordered, something is taken back, and it is paid.
    let more = json!({"dish_id": house.borscht, "quantity": 1});
    house.waiter.post(&format!("/orders/{order_id}/items"), &more).await.created();
    let new = checks_of(&house, order_id).await["checks"][1].clone();
    assert_eq!(new["due"], "1440.00");
    pay(&house.waiter, &new, house.cash, "1440.00").await.created();
    assert_eq!(house.order(order_id).await["payment_status"], "PAID");
    assert_eq!(figures(&house).await, ["1440.00"; 4].map(Value::from));
    let methods = house.admin.get("/reports/payment-methods").await.ok();
    let nets: Vec<_> =
        methods["rows"].as_array().unwrap().iter().map(|row| row["values"][0].clone()).collect();
    assert_eq!(nets, ["1440.00", "0.00"]);
    assert_eq!(methods["total"]["values"][6], "0.00");
    step(&house.admin, &old, "reopen").await.refused(409, "bill_changed");
    let old = checks_of(&house, order_id).await["checks"][0].clone();
    step(&house.admin, &old, "reopen").await.refused(409, "check_state");
    let history = house.admin.get(&format!("/orders/{order_id}/history")).await.ok().to_string();
    assert!(history.contains("check_reopened") && history.contains("it was cash"), "{history}");
}

#[tokio::test]
async fn f5_also_after_the_money_went_back_and_when_the_order_has_ended() {
    let house = House::open().await;
    // All of it went back by the old contract: all of it is to be paid.
    let order_id = evening(&house).await;
    let whole = json!({"payment_method_id": house.card});
    house.waiter.post(&format!("/orders/{order_id}/complete-payment"), &whole).await.ok();
    let all = json!({"payment_status": "REFUNDED", "reason": "wrong way"});
    house.admin.patch(&format!("/orders/{order_id}/payment"), &all).await.ok();
    let check = check_of(&house, order_id).await;
    let checks = step(&house.admin, &check, "reopen").await.ok();
    assert_eq!(checks["due"], "1250.00");
    let cash = json!({"payment_method_id": house.cash, "expected_total": "1250.00"});
    house.waiter.post(&format!("/orders/{order_id}/complete-payment"), &cash).await.ok();
    assert_eq!(figures(&house).await, ["1250.00"; 4].map(Value::from));

    // A dish went back for good: the rest is to be paid. The guests have gone already.
    let order_id = evening(&house).await;
    house.waiter.post(&format!("/orders/{order_id}/complete-payment"), &whole).await.ok();
    let check = check_of(&house, order_id).await;
    let line = check["lines"][0]["item_id"].clone();
    let one = json!({"lines": [{"item_id": line, "quantity": 1}]});
    refund(&house, &check["payments"][0]["id"], one).await.created();
    for item in house.order(order_id).await["items"].as_array().unwrap() {
        house.move_item(&house.kitchen, id(item), "READY").await.ok();
        house.move_item(&house.waiter, id(item), "SERVED").await.ok();
    }
    assert_eq!(house.order(order_id).await["status"], "COMPLETED");
    let check = check_of(&house, order_id).await;
    let checks = step(&house.admin, &check, "reopen").await.ok();
    assert_eq!(
        (&checks["due"], &checks["checks"][0]["refunded"]),
        (&json!("900.00"), &json!("1250.00"))
    );
    let borscht = format!("/orders/{order_id}/items/{line}?reason=x");
    house.admin.delete(&borscht).await.refused(400, "order_closed");
    let owed = house.admin.get("/reports/today").await.ok()["closed_unpaid"].clone();
    assert_eq!(owed, json!({"orders": 1, "amount": "900.00"}));
    let new = checks["checks"][1].clone();
    let new = pay(&house.waiter, &new, house.cash, "900.00").await.created()["check"].clone();
    assert_eq!(new["state"], "CLOSED");
    assert_eq!(figures(&house).await, ["2150.00"; 4].map(Value::from));
}

#[tokio::test]
async fn f5_a_table_has_one_bill_to_pay() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let check = pay(&house.waiter, &check, house.card, "1250.00").await.created()["check"].clone();
    let line = check["lines"][0]["item_id"].clone();
    let one = json!({"lines": [{"item_id": line, "quantity": 1}]});
    let check = refund(&house, &check["payments"][0]["id"], one).await.created()["check"].clone();
    // Other guests have sat down before all was served.
    let other = id(&house.place().await);
    step(&house.admin, &check, "reopen").await.refused(409, "table_has_bill");
    let away = json!({"table_id": house.tables[1]});
    house.waiter.post(&format!("/orders/{other}/move"), &away).await.ok();
    let checks = step(&house.admin, &check, "reopen").await.ok();
    assert_eq!(checks["due"], "900.00");
    // What was given back for good is not ordered anew; nothing of it goes to another table.
    let pizza = checks["checks"][1]["lines"][0]["item_id"].clone();
    for item in [line, pizza] {
        let mv = json!({"table_id": house.tables[1], "items": [{"id": item, "quantity": 1}]});
        let path = format!("/orders/{order_id}/items/move");
        house.waiter.post(&path, &mv).await.refused(409, "line_was_sold");
    }
    pay(&house.waiter, &checks["checks"][1], house.cash, "900.00").await.created();
    assert_eq!(figures(&house).await, ["900.00"; 4].map(Value::from));
}

/// One rule: all that is left is the tip too, on a paid check and on one that is not.
#[tokio::test]
async fn f7_all_that_is_left_is_the_tip_too() {
    let house = House::open().await;
    for (amount, what, returned, tips) in [
        ("1250.00", json!({}), "1300.00", "0.00"),
        ("500.00", json!({}), "550.00", "0.00"),
        ("500.00", json!({"amount": "500.00"}), "550.00", "0.00"),
        ("1250.00", json!({"tip": "0"}), "1250.00", "50.00"),
        ("1250.00", json!({"tip": "20.00"}), "1270.00", "30.00"),
        ("1250.00", json!({"amount": "1250.00"}), "1250.00", "50.00"),
    ] {
        let before = money(&methods(&house).await[6]);
        let order_id = evening(&house).await;
        let check = check_of(&house, order_id).await;
        let body = json!({"method_id": house.card, "amount": amount, "tip": "50.00",
                          "expected_due": "1250.00"});
        let path = format!("/checks/{}/payments", check["id"]);
        let paid = house.waiter.post(&path, &body).await.created();
        let back = refund(&house, &paid["id"], what.clone()).await.created();
        assert_eq!(back["returned"], returned, "{amount} {what}");
        assert_eq!(
            money(&methods(&house).await[6]) - before,
            tips.replace('.', "").parse::<i64>().unwrap()
        );
        house.admin.delete(&format!("/orders/{order_id}?reason=x")).await.ok();
    }
    // What is called off is called off whole.
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let body = json!({"method_id": house.card, "amount": "500.00", "tip": "50.00",
                      "expected_due": "1250.00"});
    let path = format!("/checks/{}/payments", check["id"]);
    let paid = house.waiter.post(&path, &body).await.created();
    refund(&house, &paid["id"], json!({"tip": "0"})).await.refused(409, "check_not_paid");
    // The old contract's refund is by the same rule.
    let paid = pay(&house.waiter, &paid["check"], house.cash, "750.00").await.created();
    let all = json!({"payment_status": "REFUNDED", "reason": "fire"});
    house.admin.patch(&format!("/orders/{order_id}/payment"), &all).await.ok();
    let check = house.admin.get(&format!("/checks/{}", paid["check"]["id"])).await.ok();
    let tips = check["payments"].as_array().unwrap().iter().map(|one| money(&one["tip"]));
    assert_eq!(tips.collect::<Vec<_>>(), [5000, 0, 5000, 0]);
}

async fn methods(house: &House) -> Value {
    house.admin.get("/reports/payment-methods").await.ok()["total"]["values"].clone()
}

/// An order was called paid though its money had gone back and the rest was called off.
#[tokio::test]
async fn f8_an_order_is_what_was_really_taken_for_it() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let checks = halves(&house, order_id).await;
    let paid = pay(&house.waiter, &checks[0], house.card, "625.00").await.created();
    refund(&house, &paid["id"], json!({})).await.created();
    assert_eq!(house.order(order_id).await["payment_status"], "UNPAID");
    let open = checks_of(&house, order_id).await["checks"][1].clone();
    step(&house.admin, &open, "void").await.ok();
    let order = house.order(order_id).await;
    assert_eq!(
        (&order["payment_status"], &order["total_price"]),
        (&json!("REFUNDED"), &json!("625.00"))
    );
    assert_eq!(figures(&house).await, ["0.00"; 4].map(Value::from));
    let day = house.admin.get("/reports/days").await.ok()["total"]["values"].clone();
    assert_eq!((&day[5], &day[6]), (&json!(1), &json!("625.00")));
}

pub async fn halves(house: &House, order_id: i64) -> [Value; 2] {
    let version = checks_of(house, order_id).await["version"].clone();
    let body = json!({"by": "parts", "parts": 2, "version": version});
    let checks = house.waiter.post(&format!("/orders/{order_id}/split"), &body).await.ok();
    [0, 1].map(|at| checks["checks"][at].clone())
}

/// After all the money went back nothing stands in the way of cancelling, and no sentence says so.
#[tokio::test]
async fn f9_an_order_whose_money_went_back_is_cancelled() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let checks = halves(&house, order_id).await;
    let paid = pay(&house.waiter, &checks[0], house.card, "625.00").await.created();
    let path = format!("/orders/{order_id}?reason=left");
    house.admin.delete(&path).await.refused(409, "money_taken");
    refund(&house, &paid["id"], json!({"amount": "625.00"})).await.created();
    let line = paid["check"]["lines"][0]["item_id"].clone();
    let line = format!("/orders/{order_id}/items/{line}?reason=x");
    let says = house.admin.delete(&line).await.refused(409, "check_paid");
    assert!(says.contains("Reopen it"), "{says}");
    house.admin.delete(&path).await.ok();
    let order = house.order(order_id).await;
    assert_eq!(
        (&order["status"], &order["payment_status"]),
        (&json!("CANCELLED"), &json!("UNPAID"))
    );
    assert_eq!(methods(&house).await[0], "0.00");
    let states = checks_of(&house, order_id).await;
    assert_eq!(
        (&states["checks"][0]["state"], &states["checks"][1]["state"]),
        (&json!("CLOSED"), &json!("VOID"))
    );
}

/// A take-back took the lines of a check that had been opened meanwhile, and its id was gone.
#[tokio::test]
async fn f10_a_check_that_was_shown_stays() {
    for how in ["take-back", "reopen"] {
        let house = House::open().await;
        let order_id = evening(&house).await;
        let check = check_of(&house, order_id).await;
        let check = step(&house.waiter, &check, "present").await.ok();
        let more = json!({"dish_id": house.borscht, "quantity": 1});
        house.waiter.post(&format!("/orders/{order_id}/items"), &more).await.created();
        let second = checks_of(&house, order_id).await["checks"][1].clone();
        assert_eq!(second["total"], "350.00");
        let check = house.waiter.get(&format!("/checks/{}", check["id"])).await.ok();
        if how == "reopen" {
            let paid = pay(&house.waiter, &check, house.card, "1250.00").await.created();
            step(&house.admin, &paid["check"], how).await.ok();
        } else {
            step(&house.admin, &check, how).await.ok();
        }
        let still = house.waiter.get(&format!("/checks/{}", second["id"])).await.ok();
        assert_eq!((&still["total"], &still["lines"]), (&second["total"], &second["lines"]));
        let checks = checks_of(&house, order_id).await;
        assert_eq!(checks["due"], "1600.00");
        let version = json!({"version": checks["version"]});
        let one = house.waiter.post(&format!("/orders/{order_id}/unsplit"), &version).await.ok();
        assert_eq!(one["due"], "1600.00");
    }
}

#[tokio::test]
async fn f11_an_adjustment_is_of_something() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let line = check["lines"][0]["item_id"].clone();
    for what in [
        json!({"kind": "comp", "value": "50"}),
        json!({"kind": "comp", "value": ""}),
        json!({"kind": "percent", "value": "0"}),
        json!({"kind": "percent", "value": "0.00"}),
        json!({"kind": "amount", "value": "0.00"}),
        json!({"kind": "service_percent", "value": "0"}),
    ] {
        adjust(&house.waiter, &check, what).await.invalid("value");
    }
    assert_eq!(check_of(&house, order_id).await, check);
    let comp = json!({"kind": "comp", "line_id": line});
    let check = adjust(&house.admin, &check, comp.clone()).await.created();
    for what in [comp, json!({"kind": "percent", "value": "10", "line_id": line})] {
        let says = adjust(&house.waiter, &check, what).await.refused(400, "nothing_off");
        assert!(says.contains("nothing"), "{says}");
    }
    let check = adjust(&house.admin, &check, json!({"kind": "comp"})).await.created();
    let service = json!({"kind": "service_percent", "value": "10"});
    adjust(&house.waiter, &check, service).await.refused(400, "nothing_off");
}

/// A line was ordered after the bill was shown, and taken off again: nothing is left open of it.
#[tokio::test]
async fn a_check_from_which_the_last_line_went_goes_with_the_payment() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = step(&house.waiter, &check_of(&house, order_id).await, "present").await.ok();
    let borscht = json!({"dish_id": house.borscht, "quantity": 1});
    let path = format!("/orders/{order_id}/items");
    house.waiter.post(&path, &borscht).await.created();
    let later = checks_of(&house, order_id).await["checks"][1].clone();
    // Somebody did something with it: it has a row of its own.
    let note = json!({"note": "with the dessert", "version": later["version"]});
    house.waiter.patch(&format!("/checks/{}", later["id"]), &note).await.ok();
    let line = &later["lines"][0]["item_id"];
    house.waiter.delete(&format!("{path}/{line}")).await.ok();
    let check = house.waiter.get(&format!("/checks/{}", check["id"])).await.ok();
    pay(&house.waiter, &check, house.card, "1250.00").await.created();
    assert_eq!(house.order(order_id).await["payment_status"], "PAID");
    let checks = checks_of(&house, order_id).await;
    let states: Vec<_> =
        checks["checks"].as_array().unwrap().iter().map(|check| check["state"].clone()).collect();
    assert_eq!(states, ["PAID", "VOID"], "{checks}");
    assert_eq!(checks["total"], "1250.00");
}

#[tokio::test]
async fn a_number_that_nothing_holds_is_called_a_number() {
    let house = House::open().await;
    let order = house.place().await;
    let path = format!("/orders/{}/items", order["id"]);
    let body = format!("{{\"dish_id\":{},\"quantity\":1e400}}", house.borscht);
    let request = house.waiter.request(reqwest::Method::POST, &path);
    let request = request.header("content-type", "application/json").body(body);
    let refusal = house.waiter.send(request).await.refused(422, "invalid");
    assert!(refusal.contains("is a larger number than there can be"), "{refusal}");
}
