//! Random evenings: whatever is done to checks by two people at once, all sums agree at the end.
//! tests/cloud/evenings.rs plays many more, with the plug pulled in between.

use qres::features::orders::compare;
use serde_json::{Value, json};

use crate::checks::{adjust, check_of, evening as bill_of, pay};
use crate::harness::books::{assert_agrees, assert_paid_for};
use crate::harness::evening::{
    Dice, Evening, add_lunch, add_toppings, add_weighed, allow_everything,
};
use crate::harness::{Client, House, Reply, id};

/// One step of somebody, asked for again when it was done: the tablet did not hear the answer.
async fn step(evening: &Evening, who: &Client, dice: &mut Dice, key: String) -> Reply {
    let deed = evening.next(dice, key).await.unwrap();
    let reply = deed.ask(evening, who).await.unwrap();
    if deed.is_keyed() && reply.status.is_success() {
        assert_eq!(deed.ask(evening, who).await.unwrap().json(), reply.json());
    }
    reply
}

/// What the dice may leave out: something is taken off, a payment under way is taken and one is not,
/// and a paid check is opened again and paid in another way, in two parts.
async fn clear_and_reopen(house: &House) {
    let order_id = bill_of(house).await;
    let check = check_of(house, order_id).await;
    let off = json!({"kind": "percent", "value": "7.5"});
    let mut check = adjust(&house.admin, &check, off).await.created();
    for state in ["FAILED", "TAKEN"] {
        let due = &check["due"];
        let body = json!({"method_id": house.card, "amount": due, "expected_due": due,
                          "state": "PENDING"});
        let path = format!("/checks/{}/payments", check["id"]);
        let begun = house.waiter.post(&path, &body).await.created();
        let cleared = json!({"state": state, "reason": "slip 7"});
        let path = format!("/payments/{}/clear", begun["id"]);
        house.admin.post(&path, &cleared).await.ok();
        check = check_of(house, order_id).await;
    }
    let body = json!({"version": check["version"], "reason": "it was cash"});
    house.admin.post(&format!("/checks/{}/reopen", check["id"]), &body).await.ok();
    let checks = house.admin.get(&format!("/orders/{order_id}/checks")).await.ok();
    let is_new = |check: &&Value| check["replaces"] != Value::Null;
    let anew = checks["checks"].as_array().unwrap().iter().find(is_new).unwrap();
    let split = json!({"version": anew["version"], "check_id": anew["id"], "by": "amount",
                       "amount": "100.01"});
    let path = format!("/orders/{order_id}/split");
    house.waiter.post(&path, &split).await.ok();
    for part in house.admin.get(&format!("/orders/{order_id}/checks")).await.ok()["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["state"] == "OPEN")
    {
        pay(&house.waiter, part, house.cash, part["due"].as_str().unwrap()).await.created();
    }
}

/// Evenings in which all is refused would agree too.
fn assert_much_happened(db: &rusqlite::Connection) {
    for (what, least) in [
        ("payments WHERE kind = 'PAYMENT'", 5),
        ("payments WHERE kind = 'REFUND'", 1),
        ("payments WHERE cleared_at IS NOT NULL", 2),
        ("checks WHERE number > 1", 1),
        ("checks WHERE replaces IS NOT NULL", 1),
        ("check_lines WHERE kept IS NOT NULL", 1),
        ("adjustments WHERE undoes IS NULL", 1),
        ("account_moves WHERE payment_id IS NOT NULL", 1),
        ("account_moves WHERE method_id IS NOT NULL", 1),
        ("orders WHERE payment_status <> 'UNPAID'", 2),
    ] {
        let sql = format!("SELECT count(*) FROM {what}");
        let count: i64 = db.query_row(&sql, [], |row| row.get(0)).unwrap();
        assert!(count >= least, "{what}: {count}");
    }
}

/// A house after two people did 300 things to its checks.
pub async fn played(seed: u64) -> House {
    let house = House::open().await;
    allow_everything(&house.admin).await;
    let on_account = json!({"name": "On account", "kind": "ACCOUNT"});
    let on_account = house.admin.post("/payment-methods", &on_account).await.created();
    let account = json!({"name": "Dacha Ltd", "credit_limit": "3000.00"});
    let account = house.admin.post("/house-accounts", &account).await.created();
    let category = house.admin.get(&format!("/dishes/{}", house.pizza)).await.ok();
    let (weighed, _) = add_weighed(&house.admin, &category["category_id"]).await;
    let sizes = [house.borscht_portion, house.pizza_large];
    let evening = Evening {
        admin: house.admin.clone(),
        tables: house.tables,
        dishes: [house.borscht, house.pizza],
        weighed,
        toppings: add_toppings(&house.admin, house.borscht).await,
        lunch: add_lunch(&house.admin, &category["category_id"], sizes).await,
        cash: house.cash,
        card: house.card,
        on_account: id(&on_account),
        account: id(&account),
        has_desk: false,
        since: 0,
        haste: 40,
    };
    clear_and_reopen(&house).await;
    let (mut one, mut other) = (Dice(seed), Dice(seed + 1000));
    for at in 0..150 {
        let both = tokio::join!(
            step(&evening, &house.admin, &mut one, format!("one-{at:05}")),
            step(&evening, &house.waiter, &mut other, format!("other-{at:05}"))
        );
        for reply in [both.0, both.1] {
            assert!(reply.status.as_u16() < 500, "{}: {}", reply.what, reply.text());
        }
    }
    house
}

#[tokio::test]
async fn two_people_play_evenings_and_every_sum_agrees() {
    for seed in [1, 2, 3] {
        let house = played(seed).await;
        let db = house.app.database();
        assert_agrees(&house.admin, &db).await;
        assert_paid_for(&db);
        assert_much_happened(&db);
        let compared = compare(&db, 9, 10_000).unwrap();
        assert!(compared.is_right(), "{compared:?}");
    }
}
