//! Random evenings: whatever is done to checks by two people at once, all sums agree at the end.

use qres::features::orders::compare;
use serde_json::{Value, json};

use crate::harness::{Client, House, Reply, id};

/// A small generator, so that a failing evening can be repeated.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides.max(1)
    }
}

/// A payment of what is due or less, sent again when it was taken.
async fn pay(who: &Client, dice: &mut Dice, check: &Value, method: i64, at: usize) -> Reply {
    let due = &check["due"];
    let is_whole = dice.throw(2) == 0;
    let amount = if is_whole { due.clone() } else { json!(format!("{}.07", dice.throw(300))) };
    let mut body = json!({"method_id": method, "amount": amount, "expected_due": due});
    if dice.throw(3) == 0 {
        body["tip"] = json!("10.00");
    }
    if dice.throw(8) == 0 {
        body["state"] = json!("PENDING");
    }
    let (path, key) = (format!("/checks/{}/payments", check["id"]), format!("payment-{at:05}"));
    let first = who.post_once(&path, &key, &body).await;
    if first.status == 201 {
        // The tablet did not hear the answer.
        let again = who.post_once(&path, &key, &body).await;
        assert_eq!(again.json(), first.json());
    }
    first
}

/// All of a payment goes back, or a sum, or a dish.
async fn refund(who: &Client, dice: &mut Dice, check: &Value, item: Value) -> Reply {
    let paid = check["payments"].as_array().unwrap();
    let payment = paid.get(dice.throw(paid.len())).map_or(json!(0), |one| one["id"].clone());
    let mut body = json!({"reason": "x"});
    match dice.throw(3) {
        0 => body["amount"] = json!(format!("{}.03", dice.throw(200))),
        1 => body["lines"] = json!([{"item_id": item, "quantity": 1}]),
        _ => {}
    }
    who.post(&format!("/payments/{payment}/refunds"), &body).await
}

/// An order; most steps are about what is open.
fn one_of<'a>(orders: &'a [Value], dice: &mut Dice) -> &'a Value {
    let is_open =
        |order: &&Value| order["payment_status"] == "UNPAID" && order["status"] != "CANCELLED";
    let open: Vec<&Value> = orders.iter().filter(is_open).collect();
    if open.is_empty() || dice.throw(5) == 0 {
        &orders[dice.throw(orders.len())]
    } else {
        open[dice.throw(open.len())]
    }
}

/// What is under way turns out to be this or that.
async fn clear(house: &House, check: &Value, dice: &mut Dice) -> Option<Reply> {
    let payments = check["payments"].as_array()?.iter();
    let payment = payments.clone().find(|one| one["state"] == "PENDING")?;
    let state = ["TAKEN", "FAILED", "TAKEN"][dice.throw(3)];
    let body = json!({"state": state, "reason": "slip 12"});
    let path = format!("/payments/{}/clear", payment["id"]);
    Some(house.admin.post(&path, &body).await)
}

/// A paid check of one of the orders is to be paid in another way.
async fn reopen(house: &House, orders: &[Value], dice: &mut Dice) -> Option<Reply> {
    let is_paid =
        |order: &&Value| order["payment_status"] == "PAID" && order["status"] != "CANCELLED";
    let paid: Vec<&Value> = orders.iter().filter(is_paid).collect();
    let order = paid.get(dice.throw(paid.len()))?;
    let checks = house.admin.get(&format!("/orders/{}/checks", order["id"])).await.ok();
    let is_settled = |check: &&Value| check["state"] == "PAID" || check["state"] == "CLOSED";
    let check = checks["checks"].as_array()?.iter().find(is_settled)?;
    let body = json!({"version": check["version"], "reason": "the wrong way"});
    Some(house.admin.post(&format!("/checks/{}/reopen", check["id"]), &body).await)
}

/// One step of somebody; many are refused, as they would be in a real evening.
async fn step(house: &House, who: &Client, dice: &mut Dice, at: usize) -> Reply {
    let orders =
        house.admin.get("/orders?limit=20").await.ok()["orders"].as_array().unwrap().clone();
    let order = if orders.is_empty() { json!({"id": 0}) } else { one_of(&orders, dice).clone() };
    if dice.throw(25) == 0
        && let Some(reply) = reopen(house, &orders, dice).await
    {
        return reply;
    }
    let order_id = id(&order);
    let dish = [house.borscht, house.pizza][dice.throw(2)];
    let line = json!({"dish_id": dish, "quantity": 1 + dice.throw(3)});
    let table = house.tables[dice.throw(2)];
    let reply = who.get(&format!("/orders/{order_id}/checks")).await;
    if order_id == 0 || dice.throw(6) == 0 || reply.status != 200 {
        return who.post("/orders", &json!({"table_id": table, "items": [line]})).await;
    }
    let checks = reply.ok();
    let all = checks["checks"].as_array().unwrap();
    let check = &all[dice.throw(all.len())];
    if let Some(reply) = clear(house, check, dice).await {
        return reply;
    }
    let lines = check["lines"].as_array().unwrap();
    let item = lines.get(dice.throw(lines.len())).map_or(json!(0), |line| line["item_id"].clone());
    let path = format!("/checks/{}", check["id"]);
    let method = [house.cash, house.card][dice.throw(2)];
    let version = &check["version"];
    match dice.throw(18) {
        0 => who.post(&format!("/orders/{order_id}/items"), &line).await,
        1 => who.delete(&format!("/orders/{order_id}/items/{item}?reason=x")).await,
        2 | 17 => {
            let kind = ["percent", "amount", "comp", "service_percent"][dice.throw(4)];
            let mut body = json!({"kind": kind, "reason": "x", "version": version});
            if kind != "comp" {
                body["value"] = json!(format!("{}.5", 1 + dice.throw(40)));
            }
            if kind != "service_percent" && dice.throw(2) == 0 {
                body["line_id"] = item;
            }
            who.post(&format!("{path}/adjustments"), &body).await
        }
        3 => {
            let adjustment = check["adjustments"][0]["id"].clone();
            who.delete(&format!("{path}/adjustments/{adjustment}?version={version}")).await
        }
        4 | 5 | 16 => {
            let how = [
                json!({"by": "parts", "parts": 2 + dice.throw(3)}),
                json!({"by": "amount", "amount": format!("{}.01", dice.throw(400))}),
                json!({"by": "lines", "checks": [[{"item_id": item, "quantity": 1}]]}),
            ];
            let mut body = how[dice.throw(3)].clone();
            (body["version"], body["check_id"]) = (version.clone(), check["id"].clone());
            who.post(&format!("/orders/{order_id}/split"), &body).await
        }
        6 => {
            let body = json!({"version": checks["version"]});
            who.post(&format!("/orders/{order_id}/unsplit"), &body).await
        }
        7 => who.post(&format!("{path}/present"), &json!({"version": version})).await,
        8 => {
            let step = ["take-back", "void"][dice.throw(2)];
            who.post(&format!("{path}/{step}"), &json!({"version": version, "reason": "x"})).await
        }
        9..=10 => pay(who, dice, check, method, at).await,
        11 if dice.throw(2) == 0 => {
            let body = json!({"payment_method_id": method});
            who.post(&format!("/orders/{order_id}/complete-payment"), &body).await
        }
        12 | 13 => refund(who, dice, check, item).await,
        14 => {
            let body = json!({"table_id": table, "items": [{"id": item, "quantity": 1}]});
            who.post(&format!("/orders/{order_id}/items/move"), &body).await
        }
        15 if dice.throw(3) == 0 => {
            house.admin.delete(&format!("/orders/{order_id}?reason=x")).await
        }
        _ if dice.throw(4) == 0 => {
            let body = json!({"payment_status": "REFUNDED"});
            house.admin.patch(&format!("/orders/{order_id}/payment"), &body).await
        }
        _ => who.post(&format!("/orders/{order_id}/move"), &json!({"table_id": table})).await,
    }
}

fn money(value: &Value) -> i64 {
    value.as_str().unwrap().replace('.', "").parse().unwrap()
}

/// Every sum that anybody may look at, against the rows.
async fn assert_agrees(house: &House) {
    let db = house.app.database();
    let one = |sql: &str| -> i64 { db.query_row(sql, [], |row| row.get(0)).unwrap() };
    let moved = one("SELECT coalesce(sum(iif(kind = 'PAYMENT', amount, -amount)), 0) FROM payments
             WHERE state IN ('TAKEN', 'VOIDED')");
    let orders = one("SELECT coalesce(sum(total - given_back), 0) FROM orders
                      WHERE payment_status = 'PAID'");
    let revenue = one("SELECT coalesce(sum(total - given_back), 0) FROM orders
                       WHERE payment_status = 'PAID' AND status <> 'CANCELLED'");
    let mut in_part = 0;
    let listed = house.admin.get("/orders?limit=100").await.ok();
    for order in listed["orders"].as_array().unwrap() {
        let checks = house.admin.get(&format!("/orders/{}/checks", order["id"])).await.ok();
        if order["payment_status"] == "UNPAID" {
            in_part += money(&checks["paid"]);
            let valid = checks["checks"].as_array().unwrap().iter();
            for check in valid.filter(|check| check["state"] != "REFUNDED") {
                in_part -= money(&check["refunded"]);
            }
        }
        if order["status"] != "CANCELLED" {
            assert_eq!(order["total_price"], checks["total"], "{order} {checks}");
        }
        for check in checks["checks"].as_array().unwrap() {
            let lines = check["lines"].as_array().unwrap().iter().map(|line| money(&line["total"]));
            assert_eq!(lines.sum::<i64>(), money(&check["total"]), "{check}");
            assert!(money(&check["paid"]) <= money(&check["total"]), "{check}");
        }
    }
    assert_eq!(moved, orders + in_part, "what was taken is what orders came to");
    let report = async |name: &str| {
        money(&house.admin.get(&format!("/reports/{name}")).await.ok()["total"]["values"][0])
    };
    assert_eq!(report("payment-methods").await, moved);
    for name in ["days", "dishes", "waiters", "hours"] {
        assert_eq!(report(name).await, revenue, "{name}");
    }
    let board = house.admin.get("/reports/today").await.ok();
    assert_eq!(money(&board["sales"]["revenue"]), revenue);
    // What is written down is what orders stand for, and the sums are what is written down; made
    // anew from the orders it is the same.
    let right = compare(&db, 9, 10_000).unwrap();
    assert!(right.is_right(), "{right:?}");
    assert_eq!(one("SELECT coalesce(sum(revenue), 0) FROM entry_figures"), revenue);
    let days = house.admin.get("/reports/days").await.ok();
    let waiters = house.admin.get("/reports/waiters").await.ok();
    for (place, column) in days["columns"].as_array().unwrap().iter().enumerate() {
        let (by_day, by_waiter) =
            (&days["total"]["values"][place], &waiters["total"]["values"][place]);
        assert_eq!(by_day, by_waiter, "{column}");
        let figure = match column["key"].as_str().unwrap() {
            "discounts" => "discount",
            "comps" => "comp",
            key @ ("service" | "tax" | "removed" | "tips" | "refunded" | "cancelled") => key,
            _ => continue,
        };
        let sum = one(&format!("SELECT coalesce(sum({figure}), 0) FROM entry_figures"));
        assert_eq!(money(by_day), sum, "{figure}");
    }
    let tips = one("SELECT coalesce(sum(iif(p.kind = 'PAYMENT', tip, -tip)), 0)
                    FROM payments p JOIN orders o ON o.id = p.order_id
                    WHERE o.payment_status <> 'UNPAID'");
    assert_eq!(one("SELECT coalesce(sum(tips), 0) FROM daily_waiters"), tips);
    let compared = compare(&db, 9, 10_000).unwrap();
    assert!(compared.is_right(), "{compared:?}");
}

/// An evening in which all is refused would agree too.
fn assert_much_happened(house: &House) {
    let db = house.app.database();
    for (what, least) in [
        ("payments WHERE kind = 'PAYMENT'", 10),
        ("payments WHERE kind = 'REFUND'", 1),
        ("payments WHERE tip > 0", 1),
        ("checks WHERE number > 1", 1),
        ("check_lines WHERE kept IS NOT NULL", 1),
        ("adjustments WHERE undoes IS NULL", 1),
        ("orders WHERE payment_status <> 'UNPAID'", 5),
    ] {
        let sql = format!("SELECT count(*) FROM {what}");
        let count: i64 = db.query_row(&sql, [], |row| row.get(0)).unwrap();
        assert!(count >= least, "{what}: {count}");
    }
}

/// Whoever plays may do all of it: only the sums are looked at here.
fn everything() -> Value {
    let needs = [
        "CHECK_REOPEN",
        "CHECK_VOID",
        "COMP",
        "DISCOUNT_AMOUNT",
        "DISCOUNT_PERCENT",
        "LINE_REMOVE_BEGUN",
        "PAYMENT_REFUND",
        "SERVICE_CHARGE_OFF",
    ];
    let rules = needs.map(|one| json!({"permission": one, "decision": "ALLOW"}));
    json!({"rules": rules})
}

#[tokio::test]
async fn two_people_play_evenings_and_every_sum_agrees() {
    for seed in [1, 2, 3] {
        let house = House::open().await;
        house.admin.put("/roles/waiter/permissions", &everything()).await.ok();
        let (mut one, mut other) = (Dice(seed), Dice(seed + 1000));
        for at in 0..150 {
            let both = tokio::join!(
                step(&house, &house.admin, &mut one, at),
                step(&house, &house.waiter, &mut other, 1000 + at)
            );
            for reply in [both.0, both.1] {
                assert!(reply.status.as_u16() < 500, "{}: {}", reply.what, reply.text());
            }
        }
        assert_agrees(&house).await;
        assert_much_happened(&house);
    }
}
