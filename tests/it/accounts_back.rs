//! What goes back to a house account, and from it to whose it is: exactly, once, as it came.

use serde_json::{Value, json};

use crate::check_permissions::{manager_says_yes_to, user};
use crate::checks::{check_of, evening, step};
use crate::checks_refund::refund;
use crate::harness::id;
use crate::house_accounts::{OnAccount, pairs};

#[tokio::test]
async fn what_goes_back_of_a_mixed_bill_returns_to_the_account_once() {
    let on = OnAccount::open().await;
    let house = &on.house;
    let account = on.account("Dacha Ltd", "0").await;
    on.pay_in(account, house.card, "800.00").await.created();
    let order_id = evening(house).await;
    let check = check_of(house, order_id).await;
    let mut body = on.payment(&check, account, "700.00");
    body["tip"] = json!("70.00");
    let path = format!("/checks/{}/payments", check["id"]);
    let charged = on.cashier.post_once(&path, "charge-1", &body).await.created();
    let again = on.cashier.post_once(&path, "charge-1", &body).await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    let check = charged["check"].clone();
    let cash = json!({"method_id": house.cash, "amount": "550.00", "expected_due": "550.00"});
    let cash = house.waiter.post(&path, &cash).await.created();
    assert_eq!(check["due"], "550.00");
    assert_eq!(on.balance(account).await, "30.00");

    let refunds = format!("/payments/{}/refunds", charged["id"]);
    let part = json!({"amount": "200.00", "reason": "cold"});
    let back = house.admin.post_once(&refunds, "back-100", &part).await.created();
    assert_eq!(house.admin.post_once(&refunds, "back-100", &part).await.created(), back);
    assert_eq!(on.balance(account).await, "230.00");
    // In cash: the account gets nothing.
    let in_cash = json!({"amount": "100.00", "reason": "cold", "method_id": house.cash,
                         "way_reason": "the account is the employer's"});
    house.admin.post(&refunds, &in_cash).await.created();
    assert_eq!(on.balance(account).await, "230.00");
    // What was paid in cash goes to the account, as the guest wished.
    let to_account = json!({"amount": "50.00", "reason": "cold", "method_id": on.method,
                            "account_id": account, "way_reason": "for the next time"});
    let of_cash = format!("/payments/{}/refunds", cash["id"]);
    let mut nobody = to_account.clone();
    nobody.as_object_mut().unwrap().remove("account_id");
    house.admin.post(&of_cash, &nobody).await.refused(400, "account_needed");
    house.admin.post(&of_cash, &to_account).await.created();
    assert_eq!(on.balance(account).await, "280.00");
    // All that is left, with the tip.
    refund(house, &charged["id"], json!({})).await.created();
    assert_eq!(on.balance(account).await, "750.00");
    refund(house, &charged["id"], json!({"amount": "0.01"})).await.refused(400, "above_taken");
    assert_eq!(
        on.kinds(account).await,
        pairs(&[
            ("DEPOSIT", "800.00"),
            ("CHARGE", "-770.00"),
            ("RETURNED", "200.00"),
            ("RETURNED", "50.00"),
            ("RETURNED", "470.00"),
        ])
    );
    on.assert_right().await;
}

#[tokio::test]
async fn a_payment_that_is_called_off_and_a_check_that_is_reopened_return_it_too() {
    let on = OnAccount::open().await;
    let house = &on.house;
    let account = on.account("Dacha Ltd", "2000.00").await;
    let order_id = evening(house).await;
    let check = check_of(house, order_id).await;
    let part = on.charge(&check, account, "500.00").await.created();
    assert_eq!(refund(house, &part["id"], json!({})).await.created()["state"], "VOIDED");
    assert_eq!(on.balance(account).await, "0.00");
    // The whole order by the old contract's call.
    let whole = json!({"payment_method_id": on.method, "account_id": account,
                       "expected_total": "1250.00"});
    let path = format!("/orders/{order_id}/complete-payment");
    on.cashier.post_once(&path, "complete-1", &whole).await.ok();
    on.cashier.post_once(&path, "complete-1", &whole).await.ok();
    assert_eq!(on.balance(account).await, "-1250.00");
    let check = check_of(house, order_id).await;
    step(&house.admin, &check, "reopen").await.ok();
    assert_eq!(on.balance(account).await, "0.00");
    let new = house.waiter.get(&format!("/orders/{order_id}/checks")).await.ok();
    let new = new["checks"][1].clone();
    on.charge(&new, account, "1250.00").await.created();
    let all = json!({"payment_status": "REFUNDED", "reason": "fire"});
    house.admin.patch(&format!("/orders/{order_id}/payment"), &all).await.ok();
    assert_eq!(on.balance(account).await, "0.00");
    // An order that nothing else happened to.
    let plain = house.place().await;
    let whole = json!({"payment_method_id": on.method, "account_id": account});
    let path = format!("/orders/{}/complete-payment", plain["id"]);
    on.cashier.post(&path, &whole).await.ok();
    assert_eq!(on.balance(account).await, "-350.00");
    on.assert_right().await;
}

#[tokio::test]
async fn money_goes_back_as_it_came_or_with_somebodys_word() {
    let on = OnAccount::open().await;
    let house = &on.house;
    let account = on.account("Dacha Ltd", "0").await;
    on.pay_in(account, house.card, "300.00").await.created();
    on.pay_in(account, house.cash, "200.00").await.created();
    on.give_back(&on.cashier, account, house.card, "100.00").await.created();
    // By card 200.00 are left of what came.
    let other = on.give_back(&on.cashier, account, house.card, "250.00").await;
    let refusal = other.refused(400, "way_reason_needed");
    assert!(refusal.contains("200.00 came in"), "{refusal}");
    let path = format!("/house-accounts/{account}/give-back");
    let body = json!({"amount": "400.00", "method_id": house.cash, "expected_balance": "400.00",
                      "reason": "called off", "way_reason": "the card was closed"});
    let asked = on.cashier.post(&path, &body).await;
    let needs = asked.json()["params"].clone();
    asked.refused(403, "approval_needed");
    assert_eq!(
        (&needs["permission"], &needs["subject"], &needs["amount"]),
        (&json!("ACCOUNT_MANAGE"), &json!("house_account"), &json!("400.00"))
    );
    let manager = user(house, "manager").await;
    let approval = id(&manager_says_yes_to(&on.cashier, house, &needs).await.created());
    let request = on.cashier.request(reqwest::Method::POST, &path).json(&body);
    let back = on.cashier.send(request.header("X-Approval", approval.to_string())).await.created();
    assert_eq!(
        (&back["account"]["balance"], &back["moves"][0]["approved_by_id"]),
        (&json!("0.00"), &json!(manager))
    );
    on.assert_right().await;
}

#[tokio::test]
async fn a_name_is_erased_and_the_moves_stay() {
    let on = OnAccount::open().await;
    let house = &on.house;
    let account = on.account("Ivan Petrov", "0").await;
    on.pay_in(account, house.cash, "1250.00").await.created();
    let order_id = evening(house).await;
    let path = format!("/house-accounts/{account}");
    house.admin.delete(&path).await.refused(409, "account_not_even");
    let paid = on.charge(&check_of(house, order_id).await, account, "1250.00").await.created();
    on.cashier.delete(&path).await.refused(403, "wrong_role");
    house.admin.delete(&path).await.ok();
    house.admin.get(&path).await.refused(404, "not_found");
    assert_eq!(house.admin.get("/house-accounts").await.ok()["total"], 0);
    let payment = check_of(house, order_id).await["payments"][0].clone();
    assert_eq!((&payment["account_id"], &payment["account"]), (&json!(account), &Value::Null));
    let db = house.app.database();
    let told: i64 = db
        .query_row(
            "SELECT (SELECT count(*) FROM audit WHERE before LIKE '%Petrov%' OR after LIKE '%Petrov%')
                  + (SELECT count(*) FROM events WHERE data LIKE '%Petrov%')
                  + (SELECT count(*) FROM house_accounts WHERE name <> '' OR phone IS NOT NULL)",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(told, 0, "nothing that lasts says whose it was");
    // Nobody's money is not given to nobody.
    let refunds = refund(house, &paid["id"], json!({"amount": "1.00"})).await;
    refunds.refused(409, "account_erased");
    let other = json!({"amount": "1.00", "method_id": house.cash, "way_reason": "erased"});
    refund(house, &paid["id"], other).await.created();
    on.assert_right().await;
}
