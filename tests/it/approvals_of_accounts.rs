//! An approval is of one way to pay and one account, a limit is of all that is done with an account on a
//! day, and a name that is erased is gone from what was kept.

use reqwest::Method;
use serde_json::{Value, json};

use crate::checks::{check_of, evening};
use crate::harness::{Client, PIN, Reply, id};
use crate::house_accounts::OnAccount;

/// A request that needs somebody's word.
struct Asking<'a> {
    who: &'a Client,
    path: String,
}

impl Asking<'_> {
    async fn send(&self, body: &Value, approval: Option<i64>) -> Reply {
        let mut request = self.who.request(Method::POST, &self.path).json(body);
        if let Some(approval) = approval {
            request = request.header("X-Approval", approval.to_string());
        }
        self.who.send(request).await
    }

    /// It is refused; what it needs.
    async fn needs(&self, body: &Value) -> Value {
        let refused = self.send(body, None).await;
        let needs = refused.json()["params"].clone();
        refused.refused(403, "approval_needed");
        needs
    }

    /// It is refused, and the manager reads of it elsewhere and says yes. The approval, and what they read.
    async fn approved(&self, body: &Value, manager: &Client) -> (i64, Value) {
        let needs = self.needs(body).await;
        let asked = self.who.post("/approvals", &wish(&needs)).await.created();
        let list = manager.get("/approvals").await.ok();
        let read = list.as_array().unwrap().iter().find(|one| one["id"] == asked["id"]).unwrap();
        let path = format!("/approvals/{}/approve", asked["id"]);
        manager.post(&path, &json!({})).await.ok();
        (id(&asked), read.clone())
    }
}

fn wish(needs: &Value) -> Value {
    json!({"permission": needs["permission"], "subject": needs["subject"],
           "subject_id": needs["subject_id"], "amount": needs["amount"]})
}

#[tokio::test]
async fn an_approval_to_charge_an_account_is_of_that_account() {
    let on = OnAccount::open().await;
    let house = &on.house;
    let manager = house.app.manager().await;
    let (dacha, other) = (on.account("Dacha Ltd", "5000").await, on.account("Other", "5000").await);
    // Two of one name are two.
    let twin = on.account("Dacha Ltd", "5000").await;
    let check = check_of(house, evening(house).await).await;
    let pay = Asking { who: &house.waiter, path: format!("/checks/{}/payments", check["id"]) };
    let body = |account| on.payment(&check, account, "1250.00");
    let (approval, read) = pay.approved(&body(dacha), &manager).await;
    assert_eq!(
        (&read["account_name"], &read["method_name"], &read["amount"]),
        (&json!("Dacha Ltd"), &json!("On account"), &json!("1250.00"))
    );
    for account in [other, twin] {
        pay.send(&body(account), Some(approval)).await.refused(403, "approval_other_deed");
    }
    pay.send(&body(dacha), Some(approval)).await.created();
    assert_eq!(on.balance(dacha).await, "-1250.00");
    // The whole order by the old contract's call.
    let order = house.place().await;
    let path = format!("/orders/{}/complete-payment", order["id"]);
    let complete = Asking { who: &house.waiter, path };
    let body = |account: i64| json!({"payment_method_id": on.method, "account_id": account});
    let (approval, read) = complete.approved(&body(dacha), &manager).await;
    assert_eq!(read["account_name"], "Dacha Ltd");
    complete.send(&body(other), Some(approval)).await.refused(403, "approval_other_deed");
    complete.send(&body(dacha), Some(approval)).await.ok();
    on.assert_right().await;
}

/// Of two that were refused, who asks says which: by a PIN nobody is shown one and gives another.
#[tokio::test]
async fn who_asks_names_the_account() {
    let on = OnAccount::open().await;
    let house = &on.house;
    let (dacha, other) = (on.account("Dacha Ltd", "5000").await, on.account("Other", "5000").await);
    let check = check_of(house, evening(house).await).await;
    let pay = Asking { who: &house.waiter, path: format!("/checks/{}/payments", check["id"]) };
    let needs = pay.needs(&on.payment(&check, dacha, "1250.00")).await;
    pay.needs(&on.payment(&check, other, "1250.00")).await;
    let mut wish = wish(&needs);
    (wish["account_id"], wish["method_id"]) = (json!(dacha), json!(on.method));
    let users = house.admin.get("/users").await.ok();
    let users = users["users"].as_array().unwrap();
    let manager = id(users.iter().find(|user| user["username"] == "manager").unwrap());
    wish["approver"] = json!({"user_id": manager, "pin_code": PIN});
    let approval = house.waiter.post("/approvals", &wish).await.created();
    assert_eq!(approval["account_name"], "Dacha Ltd");
    wish["account_id"] = json!(777);
    house.waiter.post("/approvals", &wish).await.refused(409, "approval_not_asked_for");
}

#[tokio::test]
async fn an_approval_to_give_back_another_way_is_of_that_way() {
    let on = OnAccount::open().await;
    let house = &on.house;
    let manager = house.app.manager().await;
    let free = json!({"permission": "PAYMENT_REFUND", "decision": "ALLOW"});
    let path = "/roles/waiter/permissions";
    house.admin.put(path, &json!({"rules": [free]})).await.ok();
    let (dacha, other) = (on.account("Dacha Ltd", "0").await, on.account("Other", "0").await);
    let check = check_of(house, evening(house).await).await;
    let path = format!("/checks/{}/payments", check["id"]);
    let card = json!({"method_id": house.card, "amount": "1250.00", "expected_due": "1250.00"});
    let paid = house.waiter.post(&path, &card).await.created();
    let back = Asking { who: &house.waiter, path: format!("/payments/{}/refunds", paid["id"]) };
    let to = |method: i64, account: Option<i64>| {
        json!({"amount": "100.00", "reason": "cold", "method_id": method, "account_id": account,
               "way_reason": "for the next time"})
    };
    let (approval, read) = back.approved(&to(on.method, Some(dacha)), &manager).await;
    assert_eq!(
        (&read["account_name"], &read["method_name"]),
        (&json!("Dacha Ltd"), &json!("On account"))
    );
    for wrong in [to(house.cash, None), to(on.method, Some(other))] {
        back.send(&wrong, Some(approval)).await.refused(403, "approval_other_deed");
    }
    back.send(&to(on.method, Some(dacha)), Some(approval)).await.created();
    assert_eq!(on.balance(dacha).await, "100.00");
}

#[tokio::test]
async fn a_refund_goes_to_the_account_that_is_named_or_nowhere() {
    let on = OnAccount::open().await;
    let house = &on.house;
    let (dacha, other) = (on.account("Dacha Ltd", "5000").await, on.account("Other", "0").await);
    let check = check_of(house, evening(house).await).await;
    let paid = on.charge(&check, dacha, "1250.00").await.created();
    let back = format!("/payments/{}/refunds", paid["id"]);
    for account in [other, dacha, 999_999] {
        let body = json!({"amount": "40.00", "reason": "cold", "account_id": account});
        house.admin.post(&back, &body).await.invalid("account_id");
    }
    assert_eq!(on.balance(dacha).await, "-1250.00", "nothing went back");
    // To another account is another way, also where both are on account.
    let free = json!({"permission": "PAYMENT_REFUND", "decision": "ALLOW"});
    let path = "/roles/waiter/permissions";
    house.admin.put(path, &json!({"rules": [free]})).await.ok();
    let body = json!({"amount": "40.00", "reason": "cold", "method_id": on.method,
                      "account_id": other, "way_reason": "they asked"});
    let refused = house.waiter.post(&back, &body).await;
    assert_eq!(refused.json()["params"]["permission"], "PAYMENT_OTHER_WAY");
    refused.refused(403, "approval_needed");
    house.admin.post(&back, &body).await.created();
    assert_eq!(
        (on.balance(dacha).await, on.balance(other).await),
        ("-1250.00".into(), "40.00".into())
    );
    on.assert_right().await;
}

#[tokio::test]
async fn a_limit_is_of_all_that_an_account_gets_back_on_a_day() {
    let on = OnAccount::open().await;
    let house = &on.house;
    let rule = json!({"permission": "ACCOUNT_GIVE_BACK", "decision": "ALLOW", "at_most": "50"});
    let path = "/roles/cashier/permissions";
    house.admin.put(path, &json!({"rules": [rule]})).await.ok();
    let (dacha, other) = (on.account("Dacha Ltd", "0").await, on.account("Other", "0").await);
    on.pay_in(dacha, house.card, "500.00").await.created();
    on.pay_in(other, house.card, "500.00").await.created();
    on.give_back(&on.cashier, dacha, house.card, "40.00").await.created();
    on.give_back(&on.cashier, dacha, house.card, "10.00").await.created();
    let more = on.give_back(&on.cashier, dacha, house.card, "0.01").await;
    more.refused(403, "approval_needed");
    // Another account, another person and another day are counted for themselves.
    on.give_back(&on.cashier, other, house.card, "50.00").await.created();
    let manager = house.app.manager().await;
    on.give_back(&manager, dacha, house.card, "100.00").await.created();
    let yesterday = "UPDATE deeds SET done_at = done_at - 86400000 WHERE order_id = 0";
    house.app.database().execute(yesterday, []).unwrap();
    on.give_back(&on.cashier, dacha, house.card, "50.00").await.created();
    on.assert_right().await;
}

#[tokio::test]
async fn a_name_that_is_erased_is_gone_from_what_was_kept() {
    let on = OnAccount::open().await;
    let house = &on.house;
    let manager = house.app.manager().await;
    let body = json!({"name": "Zyxwv Querty", "phone": "+79990001122", "note": "secretnote77"});
    let account = id(&house.admin.post("/house-accounts", &body).await.created());
    let path = format!("/house-accounts/{account}");
    let pay_in = json!({"amount": "1250.00", "method_id": house.card, "expected_balance": "0.00"});
    let into = format!("{path}/pay-in");
    on.cashier.post_once(&into, "pay-in-once", &pay_in).await.created();
    let check = check_of(house, evening(house).await).await;
    let pay = Asking { who: &house.waiter, path: format!("/checks/{}/payments", check["id"]) };
    pay.approved(&on.payment(&check, account, "1250.00"), &manager).await;
    let charge = on.payment(&check, account, "1250.00");
    on.cashier.post_once(&pay.path, "charge-once", &charge).await.created();
    house.admin.delete(&path).await.ok();
    // Sent again it is not done again, and does not say whose it was.
    for (path, key, body) in [(&into, "pay-in-once", &pay_in), (&pay.path, "charge-once", &charge)]
    {
        let again = on.cashier.post_once(path, key, body).await;
        assert!(!again.text().contains("Zyxwv"), "{}", again.text());
        again.refused(409, "reply_gone");
    }
    let db = house.app.database();
    let mut tables = db
        .prepare(
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c
             WHERE m.type = 'table'",
        )
        .unwrap();
    let columns = tables
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))
        .unwrap();
    for (table, column) in columns.map(Result::unwrap) {
        for word in ["Zyxwv Querty", "+79990001122", "secretnote77"] {
            let sql = format!(
                "SELECT count(*) FROM \"{table}\" WHERE instr(CAST(\"{column}\" AS TEXT), ?1)"
            );
            let left: i64 = db.query_row(&sql, [word], |row| row.get(0)).unwrap();
            assert_eq!(left, 0, "{word} in {table}.{column}");
        }
    }
}
