//! Points, stamps and promo codes: earned once by what is paid, held and spent once, gone back with their
//! money, whatever happens to a check in between.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::checks::{check_of, pay};
use crate::customers::{attach, enter, erase};
use crate::harness::evening::Dice;
use crate::harness::{Client, House, Reply, id};

async fn program(house: &House, body: Value) -> i64 {
    id(&house.admin.post("/loyalty/programs", &body).await.created())
}

/// Five percent back, to pay at most half of a check.
async fn points(house: &House) -> i64 {
    let body =
        json!({"name": "Bonus", "kind": "POINTS", "earn_percent": "5", "spend_percent": "50"});
    program(house, body).await
}

async fn accounts(who: &Client, guest: i64) -> Vec<Value> {
    let path = format!("/loyalty/accounts?customer_id={guest}");
    who.get(&path).await.ok()["accounts"].as_array().unwrap().clone()
}

async fn balance(house: &House, guest: i64) -> i64 {
    accounts(&house.waiter, guest).await.first().map_or(0, |one| one["balance"].as_i64().unwrap())
}

/// An order to take away, of a borscht (350.00) and two pizzas (450.00 each): 1250.00.
async fn away(house: &House) -> i64 {
    let order = json!({"order_type": "TAKEAWAY", "items": [
        {"dish_id": house.borscht, "quantity": 1}, {"dish_id": house.pizza, "quantity": 2}]});
    id(&house.waiter.post("/orders/", &order).await.created())
}

/// Such an order of a guest: its check.
async fn dinner(house: &House, guest: i64) -> Value {
    let order = away(house).await;
    attach(&house.waiter, order, json!(guest)).await.ok();
    check_of(house, order).await
}

async fn spend(house: &House, check: &Value, account: i64, points: Option<i64>) -> Reply {
    let body = json!({"account_id": account, "points": points, "version": check["version"]});
    house.waiter.post(&format!("/checks/{}/rewards", check["id"]), &body).await
}

async fn give(house: &House, guest: i64, program: i64, amount: i64) -> i64 {
    let body = json!({"program_id": program, "customer_id": guest});
    let account = house.waiter.post("/loyalty/accounts", &body).await.created();
    let path = format!("/loyalty/accounts/{}/adjust", account["id"]);
    let expected = &account["balance"];
    let body = json!({"amount": amount, "expected_balance": expected, "reason": "welcome"});
    house.waiter.post(&path, &body).await.refused(403, "wrong_role");
    house.admin.post(&path, &body).await.ok();
    house.admin.post(&path, &body).await.refused(409, "balance_changed");
    id(&account)
}

async fn kinds(house: &House, account: i64) -> Vec<(String, i64)> {
    let path = format!("/loyalty/accounts/{account}/entries");
    let told = house.waiter.get(&path).await.ok();
    let entries = told["entries"].as_array().unwrap().iter().rev();
    entries
        .map(|one| (one["kind"].as_str().unwrap().to_owned(), one["amount"].as_i64().unwrap()))
        .collect()
}

/// The books hold: each account is the sum of its entries, and each code stands where it says.
fn assert_right(house: &House) {
    let db = house.app.database();
    let wrong = "SELECT (SELECT count(*) FROM loyalty_accounts a
                         WHERE balance <> (SELECT coalesce(sum(amount), 0) FROM loyalty_entries e
                                           WHERE e.account_id = a.id))
                      + (SELECT count(*) FROM promo_codes p
                         WHERE used <> (SELECT count(*) FROM promo_uses u
                                        WHERE u.promo_code_id = p.id AND given_back_at IS NULL))";
    let wrong: i64 = db.query_row(wrong, [], |row| row.get(0)).unwrap();
    assert_eq!(wrong, 0);
}

#[tokio::test]
async fn points_are_earned_when_a_check_is_paid_and_go_back_with_its_money() {
    let house = House::open().await;
    points(&house).await;
    let guest = enter(&house.admin, &json!({"name": "Aglaya"})).await;
    let check = dinner(&house, guest).await;
    pay(&house.waiter, &check, house.cash, "600.00").await.created();
    assert_eq!(balance(&house, guest).await, 0, "it is not paid yet");
    let check = house.waiter.get(&format!("/checks/{}", check["id"])).await.ok();
    let paid = pay(&house.waiter, &check, house.card, "650.00").await.created();
    assert_eq!(balance(&house, guest).await, 6250);
    // A part of it goes back, and so do its points.
    let path = format!("/payments/{}/refunds", paid["id"]);
    house.admin.post(&path, &json!({"amount": "250.00", "reason": "cold"})).await.created();
    assert_eq!(balance(&house, guest).await, 5000);
    let account = id(&accounts(&house.waiter, guest).await[0]);
    assert_eq!(
        kinds(&house, account).await,
        [("EARN".to_owned(), 6250), ("REVERSE".to_owned(), -1250)]
    );
    assert_right(&house);
}

#[tokio::test]
async fn points_are_held_spent_and_released() {
    let house = House::open().await;
    let program = points(&house).await;
    let guest = enter(&house.admin, &json!({"name": "Aglaya"})).await;
    let account = give(&house, guest, program, 70_000).await;
    let other = enter(&house.admin, &json!({"name": "Peter"})).await;
    let strange = dinner(&house, other).await;
    spend(&house, &strange, account, Some(1)).await.refused(409, "not_their_order");
    let check = dinner(&house, guest).await;
    spend(&house, &check, account, Some(70_001)).await.refused(409, "points_short");
    spend(&house, &check, account, Some(62_501)).await.refused(400, "points_above_share");
    let less = spend(&house, &check, account, Some(50_000)).await.created();
    assert_eq!((&less["total"], &less["due"]), (&json!("750.00"), &json!("750.00")));
    assert_eq!(balance(&house, guest).await, 20_000);
    // The same points are not there for another check.
    let second = dinner(&house, guest).await;
    spend(&house, &second, account, Some(20_001)).await.refused(409, "points_short");
    // Taken off again they are.
    let adjustment = id(&less["adjustments"][0]);
    let path =
        format!("/checks/{}/adjustments/{adjustment}?version={}", less["id"], less["version"]);
    let check = house.waiter.delete(&path).await.ok();
    assert_eq!(balance(&house, guest).await, 70_000);
    let less = spend(&house, &check, account, None).await.created();
    assert_eq!(less["total"], "625.00");
    let paid = pay(&house.waiter, &less, house.cash, "625.00").await.created();
    // Spent, and five percent of the money earned.
    assert_eq!(balance(&house, guest).await, 70_000 - 62_500 + 3_125);
    house
        .admin
        .post(&format!("/payments/{}/refunds", paid["id"]), &json!({"reason": "cold"}))
        .await
        .created();
    assert_eq!(balance(&house, guest).await, 70_000);
    assert_right(&house);
}

#[tokio::test]
async fn the_tenth_coffee_is_free() {
    let house = House::open().await;
    let body = json!({"name": "Tenth", "kind": "STAMPS", "stamps": 2});
    let program = program(&house, body).await;
    let guest = enter(&house.admin, &json!({"name": "Aglaya"})).await;
    let check = dinner(&house, guest).await;
    let account = give(&house, guest, program, 1).await;
    spend(&house, &check, account, None).await.refused(409, "stamps_short");
    pay(&house.waiter, &check, house.cash, "1250.00").await.created();
    let stamps = balance(&house, guest).await;
    assert!(stamps > 2, "each piece is one: {stamps}");
    let check = dinner(&house, guest).await;
    let free = spend(&house, &check, account, None).await.created();
    let off = free["adjustments"][0]["amount"].as_str().unwrap().to_owned();
    let cheapest = check["lines"].as_array().unwrap().iter().map(|line| &line["price"]);
    assert!(cheapest.into_iter().any(|price| price == off.as_str()), "{free}");
    assert_eq!(balance(&house, guest).await, stamps - 2);
    house
        .admin
        .patch(
            &format!("/orders/{}/status", check["order_id"]),
            &json!({"status": "CANCELLED", "reason": "a test"}),
        )
        .await
        .ok();
    assert_eq!(balance(&house, guest).await, stamps, "nothing was free");
    assert_right(&house);
}

#[tokio::test]
async fn a_code_is_taken_as_often_as_it_may_and_comes_back() {
    let house = House::open().await;
    let body = json!({"code": "summer-26", "reward": {"percent": "10"}, "limit": 1});
    let code = house.admin.post("/promo-codes", &body).await.created();
    assert_eq!(code["code"], "SUMMER-26");
    house.admin.post("/promo-codes", &body).await.refused(400, "code_taken");
    let both = json!({"code": "both", "reward": {"percent": "10", "amount": "5"}});
    house.admin.post("/promo-codes", &both).await.invalid("reward");
    let say = async |check: &Value, code: &str| {
        let body = json!({"code": code, "version": check["version"]});
        house.waiter.post(&format!("/checks/{}/promo-code", check["id"]), &body).await
    };
    let used =
        async || house.admin.get("/promo-codes").await.ok()["promo_codes"][0]["used"].clone();
    let first = check_of(&house, away(&house).await).await;
    say(&first, "winter").await.refused(404, "not_found");
    let less = say(&first, "Summer-26").await.created();
    assert_eq!(
        (&less["total"], &less["adjustments"][0]["name"]),
        (&json!("1125.00"), &json!("SUMMER-26"))
    );
    say(&less, "summer-26").await.refused(409, "promo_stands");
    assert_eq!(used().await, 1);
    let second = check_of(&house, away(&house).await).await;
    say(&second, "summer-26").await.refused(409, "promo_used_up");
    // The first is called off: it is there again.
    house
        .admin
        .patch(
            &format!("/orders/{}/status", first["order_id"]),
            &json!({"status": "CANCELLED", "reason": "a test"}),
        )
        .await
        .ok();
    assert_eq!(used().await, 0);
    let less = say(&second, "summer-26").await.created();
    pay(&house.waiter, &less, house.cash, "1125.00").await.created();
    assert_eq!(used().await, 1);
    house.admin.patch(&format!("/promo-codes/{}", code["id"]), &json!({"limit": null})).await.ok();
    house
        .admin
        .patch(&format!("/promo-codes/{}", code["id"]), &json!({"until": "2020-01-01"}))
        .await
        .ok();
    let third = check_of(&house, away(&house).await).await;
    say(&third, "summer-26").await.refused(409, "promo_over");
    assert_right(&house);
}

#[tokio::test]
async fn two_guests_who_are_one_have_what_both_had_and_who_is_forgotten_nothing() {
    let house = House::open().await;
    let program = points(&house).await;
    let stays = enter(&house.admin, &json!({"name": "Aglaya"})).await;
    let goes = enter(&house.admin, &json!({"name": "Aglaya too"})).await;
    let check = dinner(&house, goes).await;
    let paid = pay(&house.waiter, &check, house.cash, "1250.00").await.created();
    give(&house, stays, program, 100).await;
    let path = format!("/customers/{stays}/merge");
    house.admin.post(&path, &json!({"other_id": goes})).await.ok();
    assert_eq!(balance(&house, stays).await, 6350);
    assert_eq!(balance(&house, goes).await, 6350, "the id leads there");
    // What the other had earned goes back from the one that stays.
    house
        .admin
        .post(&format!("/payments/{}/refunds", paid["id"]), &json!({"reason": "cold"}))
        .await
        .created();
    assert_eq!(balance(&house, stays).await, 100);
    house
        .admin
        .patch(
            &format!("/orders/{}/status", check["order_id"]),
            &json!({"status": "CANCELLED", "reason": "a test"}),
        )
        .await;
    erase(&house.admin, stays, "erase-0001").await.ok();
    let path = format!("/loyalty/accounts?customer_id={stays}");
    house.waiter.get(&path).await.refused(404, "not_found");
    let left: i64 = house
        .app
        .database()
        .query_row("SELECT sum(abs(balance)) FROM loyalty_accounts", [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 0);
    assert_right(&house);
}

/// Random evenings of one guest: payments in parts, refunds, repeats, points taken and taken off, checks
/// split, opened anew, called off. At each step the points are what was earned by money that is here, less
/// what stands on checks.
#[tokio::test]
async fn whatever_happens_nothing_is_earned_or_spent_twice() {
    let house = House::open().await;
    let program = points(&house).await;
    let guest = enter(&house.admin, &json!({"name": "Aglaya"})).await;
    let account = give(&house, guest, program, 300_000).await;
    let mut dice = Dice(98);
    let mut checks: Vec<i64> = Vec::new();
    for at in 0..300 {
        let touched = step(&house, &mut dice, (guest, account), &mut checks, at).await;
        assert_right(&house);
        assert_counted(&house, touched).await;
    }
    let orders: BTreeSet<i64> = checks.iter().map(|check| check / 100).collect();
    for order in orders {
        assert_counted(&house, order).await;
    }
    let db = house.app.database();
    let count = |kind: &str| -> i64 {
        let sql = "SELECT count(*) FROM loyalty_entries WHERE kind = ?1";
        db.query_row(sql, [kind], |row| row.get(0)).unwrap()
    };
    for kind in ["EARN", "SPEND", "HOLD", "RELEASE", "REVERSE"] {
        assert!(count(kind) > 2, "{kind}: {}", count(kind));
    }
}

async fn step(
    house: &House,
    dice: &mut Dice,
    (guest, account): (i64, i64),
    checks: &mut Vec<i64>,
    at: usize,
) -> i64 {
    if checks.len() < 3 || dice.throw(8) == 0 {
        checks.push(id(&dinner(house, guest).await));
        return checks[checks.len() - 1] / 100;
    }
    // One of the last few: so that more than one thing happens to each.
    let which = checks[checks.len() - 1 - dice.throw(checks.len().min(4))];
    let order = which / 100;
    let check = house.admin.get(&format!("/checks/{which}")).await.ok();
    let path = |end: &str| format!("/checks/{which}/{end}");
    let version = &check["version"];
    match dice.throw(8) {
        0 | 1 => {
            let points = 1 + i64::try_from(dice.throw(20_000)).unwrap();
            let body = json!({"account_id": account, "points": points, "version": version});
            // The same wish twice, as after a lost answer.
            let key = format!("points-{at:04}");
            let first = house.waiter.post_once(&path("rewards"), &key, &body).await;
            let again = house.waiter.post_once(&path("rewards"), &key, &body).await;
            assert_eq!(first.status, again.status);
        }
        2 => {
            let Some(off) = check["adjustments"].as_array().unwrap().first() else { return order };
            let end = format!("adjustments/{}?version={version}", off["id"]);
            house.admin.delete(&path(&end)).await;
        }
        3 | 4 => {
            let due: f64 = check["due"].as_str().unwrap().parse().unwrap();
            let amount = if dice.throw(3) == 0 { (due / 2.0).floor() } else { due };
            let body = json!({"method_id": house.card, "amount": format!("{amount:.2}"),
                              "expected_due": check["due"]});
            let key = format!("pay-{at:04}");
            let first = house.admin.post_once(&path("payments"), &key, &body).await;
            let again = house.admin.post_once(&path("payments"), &key, &body).await;
            assert_eq!(first.status, again.status);
        }
        5 => {
            let payments = check["payments"].as_array().unwrap();
            let Some(paid) = payments.iter().find(|one| one["is_refund"] == false) else {
                return order;
            };
            let body = if dice.throw(2) == 0 {
                json!({"reason": "dice"})
            } else {
                json!({"reason": "dice", "amount": format!("{}.00", 1 + dice.throw(300))})
            };
            house.admin.post(&format!("/payments/{}/refunds", paid["id"]), &body).await;
        }
        6 => {
            let order = &check["order_id"];
            let body = json!({"version": version, "check_id": which, "by": "parts", "parts": 2});
            let split = house.admin.post(&format!("/orders/{order}/split"), &body).await;
            if split.status.is_success() {
                let known = split.ok();
                for one in known["checks"].as_array().unwrap() {
                    if !checks.contains(&id(one)) {
                        checks.push(id(one));
                    }
                }
            }
        }
        _ => {
            let body = json!({"version": version, "reason": "dice"});
            let end = if dice.throw(2) == 0 { "reopen" } else { "void" };
            let done = house.admin.post(&path(end), &body).await;
            if done.status.is_success() {
                let order =
                    house.admin.get(&format!("/orders/{}/checks", check["order_id"])).await.ok();
                for one in order["checks"].as_array().unwrap() {
                    if !checks.contains(&id(one)) {
                        checks.push(id(one));
                    }
                }
            }
        }
    }
    order
}

fn minor(value: &Value) -> i64 {
    value.as_str().unwrap().replace('.', "").parse().unwrap()
}

/// The entries say what the checks do, as they are told: five percent of what was paid and has not gone
/// back; points on paid checks spent, as far as their money is here; points on others held in full.
async fn assert_counted(house: &House, order: i64) {
    let sum = |of: (&str, i64), part: &str| -> i64 {
        let sql = format!(
            "SELECT coalesce(sum(amount), 0) FROM loyalty_entries WHERE {} = ?1 AND part = ?2",
            of.0
        );
        house
            .app
            .database()
            .query_row(&sql, rusqlite::params![of.1, part], |row| row.get(0))
            .unwrap()
    };
    let told = house.admin.get(&format!("/orders/{order}/checks")).await.ok();
    let checks = told["checks"].as_array().unwrap();
    let (mut values, mut settled, mut open) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
    for check in checks {
        let (total, refunded) = (minor(&check["total"]), minor(&check["refunded"]));
        let state = check["state"].as_str().unwrap();
        let is_settled = ["PAID", "CLOSED"].contains(&state);
        let earned = if is_settled { (total - refunded) * 5 / 100 } else { 0 };
        let at = ("check_id", id(check));
        assert_eq!(sum(at, "EARNED"), earned, "{check}");
        let spent = -sum(at, "SPENT");
        let mut on = 0;
        for one in check["adjustments"].as_array().unwrap() {
            on += minor(&one["amount"]);
            if is_settled {
                *settled.entry(id(one)).or_insert(0) += minor(&one["amount"]);
            } else if ["OPEN", "PRESENTED"].contains(&state) {
                open.insert(id(one));
            }
            values.insert(id(one), minor(&one["value"]));
        }
        match refunded {
            _ if !is_settled => assert_eq!(spent, 0, "{check}"),
            0 => assert_eq!(spent, on, "{check}"),
            back if back == total => assert_eq!(spent, 0, "{check}"),
            _ => assert!((0..=on).contains(&spent), "{spent}: {check}"),
        }
    }
    let held: i64 = open.iter().map(|one| values[one] - settled.get(one).unwrap_or(&0)).sum();
    assert_eq!(-sum(("order_id", order), "HELD"), held, "{told}");
}
