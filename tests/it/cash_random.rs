//! Random shifts: what was counted is what was expected and the difference, Z have no gaps, and all Z
//! together with what goes on are what was paid.

use serde_json::{Value, json};

use crate::cash::Till;
use crate::checks::{check_of, evening};
use crate::harness::evening::Dice;
use crate::harness::id;

const STEPS: usize = 120;

fn money(value: &Value) -> i64 {
    value.as_str().unwrap().replace('.', "").parse().unwrap()
}

/// The drawer as somebody would keep it in their head.
struct Drawer {
    holds: i64,
    shift: i64,
    closed: Vec<i64>,
    moved: Vec<(i64, i64)>,
}

async fn step(till: &Till, dice: &mut Dice, drawer: &mut Drawer, paid: &mut Vec<(i64, i64)>) {
    let house = &till.house;
    match dice.throw(7) {
        0 | 1 => {
            let check = check_of(house, evening(house).await).await;
            let method = if dice.throw(3) == 0 { house.card } else { house.cash };
            let tip = i64::try_from(dice.throw(3)).unwrap() * 1_500;
            let tip_text = format!("{}.00", tip / 100);
            let body = json!({"method_id": method, "amount": "1250.00", "tip": tip_text,
                              "expected_due": "1250.00"});
            let path = format!("/checks/{}/payments", check["id"]);
            let done = house.waiter.post(&path, &body).await.created();
            if method == house.cash {
                drawer.holds += 125_000 + tip;
                paid.push((id(&done), 125_000 + tip));
            }
        }
        2 => {
            let Some((payment, sum)) = paid.pop() else { return };
            let path = format!("/payments/{payment}/refunds");
            till.manager.post(&path, &json!({"reason": "cold"})).await.created();
            drawer.holds -= sum;
        }
        3 | 4 => {
            let kinds = [("PAY_IN", 1), ("PAY_OUT", -1), ("DROP", -1), ("TIPS_OUT", -1)];
            let (kind, sign) = kinds[dice.throw(4)];
            let amount = 1 + i64::try_from(dice.throw(900)).unwrap();
            let body = json!({"kind": kind, "amount": amount.to_string(), "reason": "dice"});
            let done = till.moves(&till.manager, drawer.shift, body).await.created();
            drawer.holds += sign * amount * 100;
            drawer.moved.push((id(&done["move"]), sign * amount * 100));
        }
        5 => {
            let Some((undoes, sum)) = drawer.moved.pop() else { return };
            let body = json!({"undoes": undoes, "reason": "a slip"});
            till.moves(&till.manager, drawer.shift, body).await.created();
            drawer.holds -= sum;
        }
        _ => close(till, dice, drawer).await,
    }
}

async fn close(till: &Till, dice: &mut Dice, drawer: &mut Drawer) {
    let off = (i64::try_from(dice.throw(5)).unwrap() - 2) * 700;
    let counted = (drawer.holds + off).max(0);
    let text = format!("{}.{:02}", counted / 100, counted % 100);
    let body = json!({"counted": text, "reason": "dice"});
    let closed = till.close(&till.manager, drawer.shift, body).await.ok();
    assert_eq!(closed["state"], "CLOSED");
    assert_eq!(money(&closed["expected"]), drawer.holds);
    assert_eq!(money(&closed["difference"]), counted - drawer.holds);
    drawer.closed.push(drawer.shift);
    assert_eq!(closed["z_number"], drawer.closed.len());
    let opened = till.opened(&till.manager, till.drawer, &text).await.created();
    assert_eq!(opened["left_before"], text.as_str());
    *drawer = Drawer {
        holds: counted,
        shift: id(&opened),
        closed: std::mem::take(&mut drawer.closed),
        moved: Vec::new(),
    };
}

#[tokio::test]
async fn random_shifts_are_what_was_paid_and_moved() {
    let till = Till::set_up().await;
    let shift = till.open("5000").await;
    let mut drawer = Drawer { holds: 500_000, shift, closed: Vec::new(), moved: Vec::new() };
    let (mut dice, mut paid) = (Dice(83), Vec::new());
    for _ in 0..STEPS {
        step(&till, &mut dice, &mut drawer, &mut paid).await;
    }
    close(&till, &mut dice, &mut drawer).await;
    assert!(drawer.closed.len() > 5);
    till.assert_right();
    // All Z are what was paid, what is written down, and what the reports say.
    let mut sum = 0;
    for shift in &drawer.closed {
        let z = till.z(*shift).await;
        assert_eq!(
            money(&z["shift"]["counted"]),
            money(&z["expected"]) + money(&z["shift"]["difference"])
        );
        sum += money(&z["turnover"]);
        assert_eq!(money(&z["grand_total"]), sum);
    }
    let db = till.house.app.database();
    let one = |sql: &str| -> i64 { db.query_row(sql, [], |row| row.get(0)).unwrap() };
    let moved =
        "SELECT sum(iif(kind = 'PAYMENT', 1, -1) * (amount + rounding + tip)) FROM payments";
    assert_eq!(sum, one(moved), "what was paid");
    assert_eq!(sum, one("SELECT sum(revenue + tips) FROM entry_figures"), "what is written down");
    let report = till.house.admin.get("/reports/payment-methods").await.ok();
    let (net, tips) =
        (money(&report["total"]["values"][0]), one("SELECT sum(tips) FROM entry_figures"));
    assert_eq!(sum, net + tips, "what the report says: {report}");
}
