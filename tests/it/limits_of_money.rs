//! What an approval and a limit bind: nothing that was agreed grows, nothing is cut into pieces, and
//! nobody passes a permission by another way.

use qres::platform::auth::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::check_permissions::{Wish, adjustment, manager_says_yes, stepping, user};
use crate::checks::{adjust, check_of, checks_of, evening, pay, step};
use crate::checks_refund::{figures, refund};
use crate::harness::{Client, House, id};

async fn total(house: &House, order_id: i64) -> Value {
    checks_of(house, order_id).await["total"].clone()
}

async fn add_borscht(house: &House, order_id: i64) {
    let borscht = json!({"dish_id": house.borscht, "quantity": 1});
    house.waiter.post(&format!("/orders/{order_id}/items"), &borscht).await.created();
}

async fn more_pizza(house: &House, order_id: i64, quantity: i64) {
    let pizza = id(&house.order(order_id).await["items"][1]);
    let path = format!("/orders/{order_id}/items/{pizza}");
    house.waiter.patch(&path, &json!({"quantity": quantity})).await.ok();
}

/// What one role may from now on.
async fn rule(house: &House, role: &str, permission: &str, decision: &str, at_most: &str) {
    let set = json!({"permission": permission, "decision": decision, "at_most": at_most});
    let path = format!("/roles/{role}/permissions");
    house.admin.put(&path, &json!({"rules": [set]})).await.ok();
}

/// What was refused for want of a word.
async fn needs(wish: &Wish, house: &House) -> Value {
    let refused = wish.send(house, None).await;
    let params = refused.json()["params"].clone();
    refused.refused(403, "approval_needed");
    params
}

#[tokio::test]
async fn what_is_on_the_house_does_not_grow() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    adjustment(&check, &json!({"kind": "comp"})).with_a_word(&house, "COMP").await;
    assert_eq!(total(&house, order_id).await, "0.00");
    add_borscht(&house, order_id).await;
    assert_eq!(total(&house, order_id).await, "350.00", "a dish that came later");
    more_pizza(&house, order_id, 3).await;
    assert_eq!(total(&house, order_id).await, "800.00", "a piece of what was there");
    let other = json!({"table_id": house.tables[1],
        "items": [{"dish_id": house.borscht, "quantity": 2}]});
    let other = id(&house.waiter.post("/orders", &other).await.created());
    let onto = json!({"table_id": house.tables[0]});
    house.waiter.post(&format!("/orders/{other}/move"), &onto).await.ok();
    assert_eq!(total(&house, order_id).await, "1500.00", "another table's dishes");
    // Each of them costs what it costs, also on a part of the bill.
    let version = checks_of(&house, order_id).await["version"].clone();
    let lines = check_of(&house, order_id).await["lines"].clone();
    let later = json!([{"item_id": lines[2]["item_id"], "quantity": 1}]);
    let split = json!({"by": "lines", "version": version, "checks": [later]});
    let path = format!("/orders/{order_id}/split");
    let parts = house.waiter.post(&path, &split).await.ok();
    assert_eq!(parts["checks"][1]["total"], "350.00");
    let version = json!({"version": parts["version"]});
    house.waiter.post(&format!("/orders/{order_id}/unsplit"), &version).await.ok();
    add_borscht(&house, order_id).await;
    assert_eq!(total(&house, order_id).await, "1850.00", "also after a split and a join");
}

#[tokio::test]
async fn a_line_on_the_house_stays_what_it_was() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let pizza = check["lines"][1]["item_id"].clone();
    let comp = json!({"kind": "comp", "line_id": pizza});
    adjustment(&check, &comp).with_a_word(&house, "COMP").await;
    more_pizza(&house, order_id, 5).await;
    assert_eq!(total(&house, order_id).await, "1700.00");
    let larger = json!({"dish_variation_id": house.pizza_large, "quantity": 2});
    house.waiter.patch(&format!("/orders/{order_id}/items/{pizza}"), &larger).await.ok();
    assert_eq!(total(&house, order_id).await, "751.00", "a larger one");
    more_pizza(&house, order_id, 1).await;
    assert_eq!(total(&house, order_id).await, "350.00", "less is less");
}

#[tokio::test]
async fn a_discount_holds_on_where_it_is_the_givers_own_to_give() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let birthday = json!({"kind": "percent", "value": "10"});
    adjust(&house.waiter, &check, birthday).await.created();
    add_borscht(&house, order_id).await;
    assert_eq!(total(&house, order_id).await, "1440.00");
    // With a word for what is there, it is of what is there.
    let check = check_of(&house, order_id).await;
    let fifty = adjustment(&check, &json!({"kind": "percent", "value": "50"}));
    assert_eq!(needs(&fifty, &house).await["worth"], "720.00", "what it comes to");
    fifty.with_a_word(&house, "DISCOUNT_PERCENT").await;
    assert_eq!(total(&house, order_id).await, "720.00");
    add_borscht(&house, order_id).await;
    assert_eq!(total(&house, order_id).await, "1035.00", "ten percent off what came later");
    // All of it is on the house, whatever it is called, and whoever gives it.
    let order_id = id(&house
        .waiter
        .post(
            "/orders",
            &json!({"table_id": house.tables[1],
        "items": [{"dish_id": house.borscht, "quantity": 1}]}),
        )
        .await
        .created());
    let all = json!({"kind": "percent", "value": "100"});
    adjust(&house.admin, &check_of(&house, order_id).await, all).await.created();
    add_borscht(&house, order_id).await;
    assert_eq!(total(&house, order_id).await, "350.00");
}

#[tokio::test]
async fn a_limit_is_of_all_that_goes_back_on_an_order() {
    let house = House::open().await;
    rule(&house, "waiter", "PAYMENT_REFUND", "ALLOW", "1000").await;
    rule(&house, "manager", "PAYMENT_REFUND", "ALLOW", "150").await;
    let order_id = evening(&house).await;
    let paid = pay(&house.waiter, &check_of(&house, order_id).await, house.card, "1250.00").await;
    let path = format!("/payments/{}/refunds", paid.created()["id"]);
    let back =
        |amount: &str| Wish::post(path.clone(), json!({"amount": amount, "reason": "salty"}));
    for _ in 0..2 {
        back("500.00").send(&house, None).await.created();
    }
    // The approver's right is of so much, too: they hear how much, and not that they may not.
    let much = needs(&back("200.00"), &house).await;
    let refused = manager_says_yes(&house, &much).await;
    assert_eq!(refused.json()["params"]["at_most"], "150.00");
    refused.refused(403, "approver_limit");
    back("100.00").with_a_word(&house, "PAYMENT_REFUND").await;
    let more = needs(&back("100.00"), &house).await;
    manager_says_yes(&house, &more).await.refused(403, "approver_limit");
    let names =
        format!("/approvals/approvers?permission=PAYMENT_REFUND&amount=100.00&order_id={order_id}");
    let names = house.waiter.get(&names).await.ok();
    assert_eq!(names.as_array().unwrap().len(), 1, "the admin: {names}");
    assert_eq!(check_of(&house, order_id).await["refunded"], "1100.00");
    // What may be asked for up to a limit is asked for no more above it.
    rule(&house, "waiter", "PAYMENT_REFUND", "ASK", "150").await;
    back("100.00").send(&house, None).await.refused(403, "permission_denied");
    // Another order is another limit.
    rule(&house, "waiter", "PAYMENT_REFUND", "ALLOW", "500").await;
    let other = json!({"table_id": house.tables[1],
        "items": [{"dish_id": house.pizza, "quantity": 1}]});
    let other = id(&house.waiter.post("/orders", &other).await.created());
    let paid = pay(&house.waiter, &check_of(&house, other).await, house.card, "450.00").await;
    let path = format!("/payments/{}/refunds", paid.created()["id"]);
    Wish::post(path, json!({"reason": "salty"})).send(&house, None).await.created();
}

#[tokio::test]
async fn a_limit_is_of_all_that_is_on_the_house_and_of_all_that_is_taken_off() {
    let house = House::open().await;
    rule(&house, "waiter", "COMP", "ALLOW", "900").await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let (soup, pizza) = (&check["lines"][0]["item_id"], &check["lines"][1]["item_id"]);
    let comp = |line: &Value| json!({"kind": "comp", "line_id": line});
    let check = adjust(&house.waiter, &check, comp(soup)).await.created();
    let both = adjustment(&check, &comp(pizza));
    let asked = needs(&both, &house).await;
    assert_eq!((&asked["amount"], &asked["permission"]), (&json!("900.00"), &json!("COMP")));
    // What is taken back counts no more.
    let mistake = &check["adjustments"][0]["id"];
    let path =
        format!("/checks/{}/adjustments/{mistake}?version={}", check["id"], check["version"]);
    let check = house.waiter.delete(&path).await.ok();
    let check = adjust(&house.waiter, &check, comp(pizza)).await.created();
    needs(&adjustment(&check, &comp(soup)), &house).await;

    rule(&house, "waiter", "LINE_REMOVE_BEGUN", "ALLOW", "500").await;
    let order = json!({"table_id": house.tables[1],
        "items": [{"dish_id": house.pizza, "quantity": 4}]});
    let order = house.waiter.post("/orders", &order).await.created();
    let line = id(&order["items"][0]);
    house.move_item(&house.kitchen, line, "IN_PREPARATION").await.ok();
    let path = format!("/orders/{}/items/{line}", id(&order));
    let fewer = |quantity: i64| Wish {
        method: Method::PATCH,
        path: path.clone(),
        body: json!({"quantity": quantity, "reason": "too much"}),
    };
    fewer(3).send(&house, None).await.ok();
    let asked = needs(&fewer(2), &house).await;
    assert_eq!(asked["permission"], "LINE_REMOVE_BEGUN", "piece by piece is as good as all");
}

#[tokio::test]
async fn managers_do_at_the_bill_what_they_may() {
    let house = House::open().await;
    let manager = house.app.manager().await;
    let order_id = evening(&house).await;
    let checks = checks_of(&house, order_id).await;
    let parts = json!({"by": "parts", "parts": 2, "version": checks["version"]});
    let parts = manager.post(&format!("/orders/{order_id}/split"), &parts).await.ok();
    let whole = json!({"version": parts["version"]});
    manager.post(&format!("/orders/{order_id}/unsplit"), &whole).await.ok();
    let check = check_of(&house, order_id).await;
    let half = json!({"kind": "percent", "value": "50"});
    let check = adjust(&manager, &check, half).await.created();
    let check = step(&manager, &check, "present").await.ok();
    let check = step(&manager, &check, "take-back").await.ok();
    let paid = pay(&manager, &check, house.card, "625.00").await.created();
    let by_cash = json!({"reason": "cold", "method_id": house.cash, "way_reason": "no card"});
    let path = format!("/payments/{}/refunds", paid["id"]);
    manager.post(&path, &by_cash).await.created();
    let check = check_of(&house, order_id).await;
    step(&manager, &check, "reopen").await.ok();
    manager.delete(&format!("/orders/{order_id}?reason=x")).await.ok();
    // To place orders is the others' work.
    manager.post("/orders", &house.borscht_order()).await.refused(403, "wrong_role");
}

/// What leaves another's order needs the same word, whole or in pieces.
#[tokio::test]
async fn anothers_order_is_not_emptied_line_by_line_nor_taken_over() {
    let house = House::open().await;
    let colleague = house.app.hired(Role::Cashier).await;
    let order = json!({"table_id": house.tables[0], "items": [
        {"dish_id": house.borscht, "quantity": 1}, {"dish_id": house.pizza, "quantity": 2}]});
    let order = colleague.post("/orders", &order).await.created();
    let (order_id, pizza) = (id(&order), id(&order["items"][1]));
    let line = format!("/orders/{order_id}/items/{pizza}");
    let wish = |method: Method, path: &str, body: Value| Wish { method, path: path.into(), body };
    let off = wish(Method::DELETE, &line, Value::Null);
    let fewer = wish(Method::PATCH, &line, json!({"quantity": 1}));
    let at_the_kitchen = wish(
        Method::PATCH,
        &format!("/kitchen/items/{pizza}/status"),
        json!({"status": "CANCELLED"}),
    );
    for (wish, sum) in [(&off, "900.00"), (&fewer, "450.00"), (&at_the_kitchen, "900.00")] {
        let asked = needs(wish, &house).await;
        assert_eq!(asked["permission"], "ORDER_CANCEL_OTHERS", "{}", wish.path);
        assert_eq!(asked["amount"], sum);
    }
    // What one put there oneself, and another wish, is nobody's loss.
    add_borscht(&house, order_id).await;
    let own = id(&house.order(order_id).await["items"][2]);
    house.waiter.delete(&format!("/orders/{order_id}/items/{own}")).await.ok();
    house.waiter.patch(&line, &json!({"comment": "no olives"})).await.ok();
    // Onto one's own bill it would be one's own.
    let mine = json!({"table_id": house.tables[1],
        "items": [{"dish_id": house.borscht, "quantity": 1}]});
    house.waiter.post("/orders", &mine).await.created();
    let to_me = json!({"table_id": house.tables[1]});
    let some = json!({"table_id": house.tables[1], "items": [{"id": pizza, "quantity": 1}]});
    let whole = Wish::post(format!("/orders/{order_id}/move"), to_me.clone());
    let part = Wish::post(format!("/orders/{order_id}/items/move"), some);
    for (wish, sum) in [(&whole, "1250.00"), (&part, "450.00")] {
        let asked = needs(wish, &house).await;
        assert_eq!(asked["permission"], "ORDER_CANCEL_OTHERS", "{}", wish.path);
        assert_eq!((&asked["amount"], &asked["subject"]), (&json!(sum), &json!("order")));
    }
    // Whose it is gives it away as they like.
    colleague.post(&format!("/orders/{order_id}/move"), &to_me).await.ok();
}

#[tokio::test]
async fn a_service_charge_is_not_lost_at_another_table() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let ten = json!({"kind": "service_percent", "value": "10"});
    adjust(&house.waiter, &check, ten.clone()).await.created();
    let pizza = check["lines"][1]["item_id"].clone();
    let body = json!({"table_id": house.tables[1], "items": [{"id": pizza, "quantity": 1}]});
    let some = Wish::post(format!("/orders/{order_id}/items/move"), body);
    let asked = needs(&some, &house).await;
    assert_eq!(
        (&asked["permission"], &asked["amount"]),
        (&json!("SERVICE_CHARGE_OFF"), &json!("45.00"))
    );
    some.with_a_word(&house, "SERVICE_CHARGE_OFF").await;
    // Where the other table has it too, nothing is lost.
    let orders = house.waiter.get(&format!("/orders/active/table/{}", house.tables[1])).await.ok();
    let other = id(&orders[0]);
    adjust(&house.waiter, &check_of(&house, other).await, ten).await.created();
    some.send(&house, None).await.ok();
    assert_eq!(total(&house, other).await, "990.00");
}

#[tokio::test]
async fn what_went_back_of_a_check_stays_refunded_when_it_is_opened_anew() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let paid = pay(&house.waiter, &check, house.card, "1250.00").await.created();
    refund(&house, &paid["id"], json!({"amount": "250.00"})).await.created();
    let refunded = async || {
        let day = house.admin.get("/reports/days").await.ok()["total"]["values"].clone();
        (day[0].clone(), day[6].clone())
    };
    let both = |revenue: &str, back: &str| (json!(revenue), json!(back));
    assert_eq!(refunded().await, both("1000.00", "250.00"));
    let opened = step(&house.admin, &check_of(&house, order_id).await, "reopen").await.ok();
    assert_eq!(refunded().await, both("0.00", "250.00"));
    let check = opened["checks"][1].clone();
    assert_eq!(check["total"], "1000.00");
    // What is left of a line has no price to count by, and nothing is there to join.
    let pizza = check["lines"][1]["item_id"].clone();
    let path = format!("/orders/{order_id}/items/{pizza}");
    house.waiter.patch(&path, &json!({"quantity": 3})).await.refused(409, "line_stands");
    let paid = pay(&house.waiter, &check, house.cash, "1000.00").await.created();
    assert_eq!(refunded().await, both("1000.00", "250.00"));
    assert_eq!(figures(&house).await, ["1000.00"; 4].map(Value::from));
    // All of it goes back, and is charged anew: then nothing is refunded but what went before.
    let all = json!({"payment_status": "REFUNDED", "reason": "x"});
    house.admin.patch(&format!("/orders/{order_id}/payment"), &all).await.ok();
    assert_eq!(refunded().await, both("0.00", "1250.00"));
    let check = paid["check"]["id"].clone();
    let check = house.admin.get(&format!("/checks/{check}")).await.ok();
    let opened = step(&house.admin, &check, "reopen").await.ok();
    pay(&house.waiter, &opened["checks"][2], house.cash, "1000.00").await.created();
    assert_eq!(refunded().await, both("1000.00", "250.00"));
}

#[tokio::test]
async fn who_approves_sees_who_asks_which_table_what_and_how_much() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let half = adjustment(&check, &json!({"kind": "percent", "value": "50"}));
    let refused = half.send(&house, None).await;
    let number = house.order(order_id).await["number"].clone();
    let sentence = format!(
        "Somebody who may has to approve of this: discount in percent, 50.00 % (625.00), check 1, \
         order {number}, table 1."
    );
    assert_eq!(refused.json()["detail"], sentence);
    let params = refused.json()["params"].clone();
    refused.refused(403, "approval_needed");
    assert_eq!((&params["order_number"], &params["table_name"]), (&number, &json!("1")));
    let mut wish = json!({"reason": "a birthday"});
    for name in ["permission", "subject", "subject_id", "amount"] {
        wish[name] = params[name].clone();
    }
    house.waiter.post("/approvals", &wish).await.created();
    let asked = house.admin.get("/approvals").await.ok()[0].clone();
    for (name, value) in [
        ("asker_name", json!("Test waiter")),
        ("check_number", json!(1)),
        ("dish_name", json!(null)),
        ("worth", json!("625.00")),
        ("amount", json!("50.00")),
        ("table_name", json!("1")),
        ("order_id", json!(order_id)),
    ] {
        assert_eq!(asked[name], value, "{name}");
    }
    // Another sum, another line, another device: nobody asked for that.
    for (name, value) in [("amount", json!("49.00")), ("subject_id", json!(1))] {
        let mut other = wish.clone();
        other[name] = value;
        house.waiter.post("/approvals", &other).await.refused(409, "approval_not_asked_for");
    }
    let elsewhere = house.app.waiter().await;
    elsewhere.post("/approvals", &wish).await.refused(409, "approval_not_asked_for");
}

#[tokio::test]
async fn guests_of_a_paid_order_are_counted_and_a_large_tip_is_confirmed() {
    let house = House::open().await;
    let order_id = evening(&house).await;
    let check = check_of(&house, order_id).await;
    let offer = |who: &Client, tip: &str, is_meant: bool| {
        let body = json!({"method_id": house.card, "amount": "1250.00", "tip": tip,
                          "expected_due": "1250.00", "tip_confirmed": is_meant});
        let (who, path) = (who.clone(), format!("/checks/{}/payments", check["id"]));
        async move { who.post(&path, &body).await }
    };
    offer(&house.waiter, "1250.01", false).await.refused(400, "tip_above_check");
    offer(&house.waiter, "12500.01", true).await.refused(400, "tip_too_large");
    offer(&house.waiter, "1300.00", true).await.created();
    let path = format!("/orders/{order_id}");
    house.waiter.patch(&path, &json!({"guests": 4})).await.refused(400, "order_paid");
    let waiter = user(&house, "waiter").await;
    assert_eq!(house.order(order_id).await["waiter_id"], waiter);
    let reopened = stepping(&check_of(&house, order_id).await, "reopen");
    assert_eq!(reopened.with_a_word(&house, "PAYMENT_REFUND").await, "2550.00");
    house.waiter.patch(&path, &json!({"guests": 4})).await.ok();
}

/// What was agreed before more was ordered counts towards a limit already.
#[tokio::test]
async fn an_exemption_that_is_asked_anew_counts_by_what_is_more() {
    let house = House::open().await;
    house.admin.patch("/restaurant", &json!({"tax_percent": "20"})).await.ok();
    let limit = json!({"permission": "CHECK_TAX_EXEMPT", "decision": "ALLOW", "at_most": "120"});
    house.admin.put("/roles/waiter/permissions", &json!({"rules": [limit]})).await.ok();
    let exempt = json!({"kind": "tax_exempt", "reason": "diplomatic card 17"});
    let order = id(&house.place().await);
    let check = check_of(&house, order).await;
    // 58.33 of tax, then 116.67: below the limit as long as nothing of it counts twice.
    adjust(&house.waiter, &check, exempt.clone()).await.created();
    let more = json!({"dish_id": house.borscht, "quantity": 1});
    house.waiter.post(&format!("/orders/{order}/items"), &more).await.created();
    let check = check_of(&house, order).await;
    assert_eq!(check["tax"], "116.67");
    let check = adjust(&house.waiter, &check, exempt.clone()).await.created();
    assert_eq!((&check["tax"], &check["total"]), (&json!("0.00"), &json!("583.33")));
    // A third is more than the limit.
    house.waiter.post(&format!("/orders/{order}/items"), &more).await.created();
    let check = check_of(&house, order).await;
    let refused = adjust(&house.waiter, &check, exempt).await;
    assert_eq!(refused.json()["params"]["amount"], "58.33");
    refused.refused(403, "approval_needed");
}
