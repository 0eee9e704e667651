//! A drawer is counted without knowing what should be there, and after its Z nothing of the shift
//! changes.

use reqwest::Method;
use serde_json::{Value, json};

use crate::cash::Till;
use crate::checks::{check_of, evening, pay};
use crate::harness::id;

#[tokio::test]
async fn who_counts_does_not_know_what_should_be_there() {
    let till = Till::set_up().await;
    let house = &till.house;
    let shift = till.open("1000").await;
    till.sells(house.cash).await;
    till.sells(house.card).await;
    let path = format!("/cash/shifts/{shift}/x");
    let x = till.cashier.get(&path).await.ok();
    assert_eq!(
        (&x["cash"], &x["expected"], &x["turnover"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!(x["methods"].as_array().unwrap().len(), 1, "the card's");
    let wrong = json!({"counted": "10", "denominations": [{"value": "100.00", "count": 3}]});
    till.cashier.post(&format!("/cash/shifts/{shift}/count"), &wrong).await.invalid("counted");
    let pieces = json!({"denominations": [{"value": "1000.00", "count": 2}, {"value": "100.00", "count": 1}]});
    let first = till.cashier.post(&format!("/cash/shifts/{shift}/count"), &pieces).await.created();
    assert_eq!(
        (&first["expected"], &first["difference"], &first["needs_reason"], &first["can_recount"]),
        (&json!("2250.00"), &json!("-150.00"), &json!(true), &json!(true))
    );
    // The same again is no recount; another is the last.
    till.count(shift, "2100").await.created();
    let second = till.count(shift, "2200").await.created();
    assert_eq!(second["can_recount"], false);
    till.count(shift, "2250").await.refused(409, "counted_twice");
    till.close(&till.cashier, shift, json!({"counted": "2250"}))
        .await
        .refused(409, "counted_twice");
    assert_eq!(till.cashier.get(&path).await.ok()["expected"], "2250.00");
    // Money that comes now is counted anew, again without knowing.
    till.sells(house.cash).await;
    assert_eq!(till.cashier.get(&path).await.ok()["cash"], Value::Null);
    till.count(shift, "3500").await.created();
    let closed = till.close(&till.cashier, shift, json!({"counted": "3500"})).await.ok();
    assert_eq!((&closed["state"], &closed["difference"]), (&json!("CLOSED"), &json!("0.00")));
    assert_eq!(till.z(shift).await["counts"].as_array().unwrap().len(), 3);
    till.assert_right();
}

#[tokio::test]
async fn what_another_counted_tells_nothing_to_who_is_yet_to_count() {
    let till = Till::set_up().await;
    let shift = till.open("1000").await;
    till.sells(till.house.cash).await;
    let body = json!({"counted": "2200"});
    let path = format!("/cash/shifts/{shift}/count");
    let counted = till.manager.post(&path, &body).await.created();
    assert_eq!(counted["expected"], "2250.00");
    let x = till.cashier.get(&format!("/cash/shifts/{shift}/x")).await.ok();
    let list = till.cashier.get("/cash/shifts").await.ok()["shifts"][0].clone();
    let desk = till.cashier.get("/cash/desk").await.ok()["shift"].clone();
    for seen in [&x["shift"], &list, &desk] {
        assert_eq!(seen["state"], "COUNTED");
        for hidden in ["counted", "expected", "difference"] {
            assert_eq!(seen[hidden], Value::Null, "{hidden}");
        }
    }
    assert_eq!((&x["cash"], &x["counts"]), (&Value::Null, &json!([])));
    assert_eq!(till.cashier.get("/cash/shifts?differs=true").await.ok()["total"], 0);
    // The same sum is a count of their own, and stays.
    let own = till.count(shift, "2200").await.created();
    assert_eq!((&own["difference"], &own["can_recount"]), (&json!("-50.00"), &json!(true)));
    assert_eq!(till.x(shift).await["counts"].as_array().unwrap().len(), 2);
    assert_eq!(till.cashier.get("/cash/desk").await.ok()["shift"]["expected"], "2250.00");
    // A manager closes with what the cashier counted.
    let closed = json!({"counted": "2200", "reason": "a note was false"});
    till.close(&till.manager, shift, closed).await.ok();
    assert_eq!(till.z(shift).await["counts"].as_array().unwrap().len(), 2);
    till.assert_right();
}

#[tokio::test]
async fn a_difference_needs_a_reason_and_somebodys_word() {
    let till = Till::set_up().await;
    let shift = till.open("1000").await;
    // Within the tolerance (5.00) nobody has to say a word, at once.
    let closed = till.close(&till.cashier, shift, json!({"counted": "996"})).await.ok();
    assert_eq!((&closed["state"], &closed["difference"]), (&json!("CLOSED"), &json!("-4.00")));
    let shift = till.open("996").await;
    let short = json!({"counted": "900"});
    // A first count stays a count: who tries learns nothing without leaving one.
    let told = till.close(&till.cashier, shift, short.clone()).await.ok();
    assert_eq!((&told["state"], &told["needs_reason"]), (&json!("COUNTED"), &json!(true)));
    till.close(&till.cashier, shift, short).await.refused(400, "reason_needed");
    let body = json!({"counted": "900", "reason": "a note was false"});
    let refused = till.close(&till.cashier, shift, body.clone()).await;
    let needs = refused.json()["params"].clone();
    assert_eq!(
        (&needs["permission"], &needs["amount"]),
        (&json!("CASH_DIFFERENCE"), &json!("96.00"))
    );
    refused.refused(403, "approval_needed");
    let wish = json!({"permission": needs["permission"], "subject": needs["subject"],
                      "subject_id": needs["subject_id"], "amount": needs["amount"]});
    let asked = id(&till.cashier.post("/approvals", &wish).await.created());
    till.manager.post(&format!("/approvals/{asked}/approve"), &json!({})).await.ok();
    let path = format!("/cash/shifts/{shift}/close");
    let request = till.cashier.request(Method::POST, &path).json(&body);
    let closed = till.cashier.send(request.header("X-Approval", asked.to_string())).await.ok();
    assert_eq!((&closed["state"], &closed["z_number"]), (&json!("CLOSED"), &json!(2)));
    let z = till.z(shift).await;
    assert_eq!(
        (&z["shift"]["difference"], &z["shift"]["reason"]),
        (&json!("-96.00"), &json!("a note was false"))
    );
    assert!(z["shift"]["approved_by_id"].is_i64());
    let list = till.manager.get("/cash/shifts?differs=true").await.ok();
    assert_eq!(list["total"], 2);
    // What the drawer was left with is what the next one begins with.
    let desk = till.cashier.get("/cash/desk").await.ok();
    assert_eq!(desk["left"], "900.00");
    till.assert_right();
}

#[tokio::test]
async fn what_nobody_knows_of_keeps_the_shift_open_and_a_check_on_the_table_does_not() {
    let till = Till::set_up().await;
    let house = &till.house;
    let shift = till.open("0").await;
    let check = check_of(house, evening(house).await).await;
    let body = json!({"method_id": house.card, "amount": "1000.00", "expected_due": "1250.00",
                      "state": "PENDING"});
    let path = format!("/checks/{}/payments", check["id"]);
    let paid = house.waiter.post(&path, &body).await.created();
    let refused = till.close(&till.cashier, shift, json!({"counted": "0"})).await;
    assert_eq!(refused.json()["params"]["items"][0]["payment_id"], paid["id"]);
    refused.refused(409, "shift_blocked");
    assert_eq!(till.x(shift).await["counts"], json!([]), "nothing was done");
    let clear = json!({"state": "TAKEN", "reason": "slip 12"});
    till.manager.post(&format!("/payments/{}/clear", paid["id"]), &clear).await.ok();
    let check = house.waiter.get(&format!("/checks/{}", check["id"])).await.ok();
    pay(&house.waiter, &check, house.card, "250.00").await.created();
    let check = check_of(house, evening(house).await).await;
    let version = json!({"version": check["version"]});
    house.waiter.post(&format!("/checks/{}/present", check["id"]), &version).await.ok();
    let items = till.x(shift).await["open_items"].clone();
    assert_eq!(
        (&items[0]["kind"], &items[0]["blocks"]),
        (&json!("CHECK_PRESENTED"), &json!(false))
    );
    till.close(&till.cashier, shift, json!({"counted": "0"})).await.ok();
}

#[tokio::test]
async fn after_its_z_the_database_refuses_every_change_of_a_shift() {
    let till = Till::set_up().await;
    let house = &till.house;
    till.sells(house.card).await;
    let shift = till.open("100").await;
    let paid = till.sells(house.cash).await;
    till.close(&till.cashier, shift, json!({"counted": "1350"})).await.ok();
    let z = till.z(shift).await;
    assert_eq!(
        (&z["turnover"], &z["grand_total"], &z["shift"]["z_number"]),
        (&json!("1250.00"), &json!("1250.00"), &json!(1))
    );
    let put = json!({"kind": "PAY_IN", "amount": "1", "reason": "late"});
    till.moves(&till.manager, shift, put).await.refused(409, "shift_closed");
    till.close(&till.manager, shift, json!({"counted": "1350"})).await.refused(409, "shift_closed");
    let db = house.app.database();
    for sql in [
        "UPDATE cash_shifts SET counted = 1",
        "DELETE FROM cash_shifts",
        "UPDATE payments SET amount = 1",
        "UPDATE payments SET shift_id = NULL",
        "UPDATE payments SET shift_id = (SELECT id FROM cash_shifts) WHERE shift_id IS NULL",
        "DELETE FROM payments",
        "UPDATE cash_counts SET counted = 1",
        "DELETE FROM cash_counts",
        "INSERT INTO cash_counts (shift_id, counted, expected, user_id, created_at)
         SELECT id, 1, 1, 1, 1 FROM cash_shifts",
        "INSERT INTO cash_moves (shift_id, kind, amount, user_id, created_at)
         SELECT id, 'PAY_IN', 1, 1, 1 FROM cash_shifts",
    ] {
        let error = db.execute(sql, []).unwrap_err().to_string();
        assert!(error.contains("cash shift") || error.contains("counted"), "{sql}: {error}");
    }
    // What goes back of it moves in the next one.
    let refund = format!("/payments/{}/refunds", paid["id"]);
    let back = json!({"reason": "cold"});
    till.manager.post(&refund, &back).await.refused(409, "no_cash_shift");
    let next = till.open("1350").await;
    till.manager.post(&refund, &back).await.created();
    let x = till.x(next).await;
    assert_eq!((&x["expected"], &x["turnover"]), (&json!("100.00"), &json!("-1250.00")));
    till.close(&till.cashier, next, json!({"counted": "100"})).await.ok();
    assert_eq!(till.z(next).await["grand_total"], "0.00");
    assert_eq!(till.z(shift).await, z, "and the Z of before is as it was");
    till.assert_right();
}

#[tokio::test]
async fn two_who_open_and_close_at_once_do_it_once() {
    let till = Till::set_up().await;
    let body = json!({"drawer_id": till.drawer, "float": "100"});
    let (one, two) = tokio::join!(
        till.cashier.post("/cash/shifts", &body),
        till.manager.post("/cash/shifts", &body)
    );
    let codes = [one.status.as_u16(), two.status.as_u16()];
    assert!(codes.contains(&201) && codes.contains(&409), "{codes:?}");
    let shift = id(&till.cashier.get("/cash/desk").await.ok()["shift"]);
    let body = json!({"counted": "100"});
    let path = format!("/cash/shifts/{shift}/close");
    let (one, two) = tokio::join!(
        till.cashier.post_once(&path, "close-0001", &body),
        till.manager.post_once(&path, "close-0002", &body)
    );
    let codes = [one.status.as_u16(), two.status.as_u16()];
    assert!(codes.contains(&200) && codes.contains(&409), "{codes:?}");
    let won = if one.status == 200 {
        (&till.cashier, "close-0001")
    } else {
        (&till.manager, "close-0002")
    };
    let again = won.0.post_once(&path, won.1, &body).await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.ok()["z_number"], 1);
}
