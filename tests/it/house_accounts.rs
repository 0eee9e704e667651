//! House accounts: money that comes before or after, a check that is paid by it, and never more than
//! there is.

use qres::platform::auth::Role;
use serde_json::{Value, json};

use crate::checks::{check_of, evening};
use crate::checks_refund::figures;
use crate::harness::{Client, House, Reply, Screen, TestApp, id};

/// A house where bills may be paid on account.
pub struct OnAccount {
    pub house: House,
    pub cashier: Client,
    pub method: i64,
}

impl OnAccount {
    pub async fn open() -> Self {
        Self::with(House::open().await).await
    }

    pub async fn with(house: House) -> Self {
        let method = json!({"name": "On account", "kind": "ACCOUNT"});
        let method = id(&house.admin.post("/payment-methods", &method).await.created());
        let cashier = house.app.hired(Role::Cashier).await;
        Self { house, cashier, method }
    }

    pub async fn account(&self, name: &str, limit: &str) -> i64 {
        let body = json!({"name": name, "phone": "+7 900 123-45-67", "credit_limit": limit});
        id(&self.house.admin.post("/house-accounts", &body).await.created())
    }

    pub async fn read(&self, account: i64) -> Value {
        self.house.admin.get(&format!("/house-accounts/{account}")).await.ok()
    }

    pub async fn balance(&self, account: i64) -> String {
        self.read(account).await["balance"].as_str().unwrap().to_owned()
    }

    pub async fn pay_in(&self, account: i64, method: i64, amount: &str) -> Reply {
        let seen = self.balance(account).await;
        let body = json!({"amount": amount, "method_id": method, "expected_balance": seen});
        self.cashier.post(&format!("/house-accounts/{account}/pay-in"), &body).await
    }

    pub async fn give_back(&self, who: &Client, account: i64, method: i64, amount: &str) -> Reply {
        let seen = self.balance(account).await;
        let body = json!({"amount": amount, "method_id": method, "expected_balance": seen,
                          "reason": "the banquet was called off"});
        who.post(&format!("/house-accounts/{account}/give-back"), &body).await
    }

    pub fn payment(&self, check: &Value, account: i64, amount: &str) -> Value {
        json!({"method_id": self.method, "account_id": account, "amount": amount,
               "expected_due": check["due"]})
    }

    pub async fn charge(&self, check: &Value, account: i64, amount: &str) -> Reply {
        let body = self.payment(check, account, amount);
        self.cashier.post(&format!("/checks/{}/payments", check["id"]), &body).await
    }

    pub async fn kinds(&self, account: i64) -> Vec<(String, String)> {
        let path = format!("/house-accounts/{account}/moves");
        let moves = self.house.admin.get(&path).await.ok();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let told = |one: &Value| (text(&one["kind"]), text(&one["amount"]));
        moves["moves"].as_array().unwrap().iter().rev().map(told).collect()
    }

    /// Every account stands where its moves brought it, and the report says the same.
    pub async fn assert_right(&self) {
        let db = self.house.app.database();
        assert_eq!(qres::features::house_accounts::check_accounts(&db).unwrap(), Vec::<i64>::new());
        let days = self.house.admin.get("/reports/accounts").await.ok();
        let cell = |place: usize| money(&days["total"]["values"][place]);
        let balance: i64 = db
            .query_row("SELECT coalesce(sum(balance), 0) FROM house_accounts", [], |row| row.get(0))
            .unwrap();
        assert_eq!(cell(4) - cell(5), balance, "held and owed");
        assert_eq!(cell(0) + cell(1) - cell(2) - cell(3), balance, "in, used and given back");
        let methods = self.house.admin.get("/reports/payment-methods").await.ok();
        let of = |place: usize| money(&methods["total"]["values"][place]);
        assert_eq!((of(7), of(8)), (cell(0) + cell(1), cell(3)), "by the ways of money");
    }
}

fn money(value: &Value) -> i64 {
    value.as_str().unwrap().replace('.', "").parse().unwrap()
}

pub fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(kind, amount)| ((*kind).into(), (*amount).into())).collect()
}

#[tokio::test]
async fn a_deposit_is_no_revenue_until_a_check_is_paid_by_it() {
    let on = OnAccount::open().await;
    let house = &on.house;
    let (mut screen, _) = Screen::greeted(&house.app, &house.admin, None).await;
    let account = on.account("Dacha Ltd", "0").await;
    assert_eq!(screen.wait_for("house_account_changed").await["data"]["account_id"], account);
    let path = format!("/house-accounts/{account}/pay-in");
    let body = json!({"amount": "2000.00", "method_id": house.cash, "expected_balance": "0.00",
                      "reason": "banquet on Friday"});
    let paid = on.cashier.post_once(&path, "deposit-1", &body).await.created();
    assert_eq!(
        (&paid["account"]["balance"], &paid["moves"][0]["kind"], &paid["moves"][0]["method"]),
        (&json!("2000.00"), &json!("DEPOSIT"), &json!("Cash"))
    );
    // Sent again, it came in once.
    let again = on.cashier.post_once(&path, "deposit-1", &body).await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.created(), paid);
    // Who saw another balance is told.
    on.cashier.post(&path, &body).await.refused(409, "balance_changed");
    assert_eq!(figures(house).await, ["0.00"; 4].map(Value::from));

    let order_id = evening(house).await;
    let check = check_of(house, order_id).await;
    let done = on.charge(&check, account, "1250.00").await.created();
    let payment = &done["check"]["payments"][0];
    assert_eq!(
        (&payment["account_id"], &payment["account"], &payment["method_kind"]),
        (&json!(account), &json!("Dacha Ltd"), &json!("ACCOUNT"))
    );
    assert_eq!(house.order(order_id).await["payment_status"], "PAID");
    assert_eq!(on.balance(account).await, "750.00");
    assert_eq!(figures(house).await, ["1250.00"; 4].map(Value::from));
    assert_eq!(on.kinds(account).await, pairs(&[("DEPOSIT", "2000.00"), ("CHARGE", "-1250.00")]));
    on.assert_right().await;
}

#[tokio::test]
async fn the_limit_says_how_much_is_there_and_what_is_owed_is_settled_first() {
    let on = OnAccount::open().await;
    let house = &on.house;
    let account = on.account("Dacha Ltd", "1000.00").await;
    let order_id = evening(house).await;
    let check = check_of(house, order_id).await;
    let refusal = on.charge(&check, account, "1250.00").await.refused(409, "account_limit");
    assert!(refusal.contains("can pay 1000.00 and 1250.00 is needed"), "{refusal}");
    // The tip is a part of what is needed.
    let mut with_tip = on.payment(&check, account, "1000.00");
    with_tip["tip"] = json!("0.01");
    let path = format!("/checks/{}/payments", check["id"]);
    on.cashier.post(&path, &with_tip).await.refused(409, "account_limit");
    (with_tip["amount"], with_tip["tip"]) = (json!("900.00"), json!("100.00"));
    on.cashier.post(&path, &with_tip).await.created();
    assert_eq!(on.balance(account).await, "-1000.00");
    assert_eq!(on.read(account).await["available"], "0.00");
    on.give_back(&house.admin, account, house.cash, "1.00").await.refused(400, "above_balance");
    // What is owed is settled, the rest is a deposit.
    on.pay_in(account, house.card, "1500.00").await.created();
    assert_eq!(
        on.kinds(account).await,
        pairs(&[("CHARGE", "-1000.00"), ("SETTLEMENT", "1000.00"), ("DEPOSIT", "500.00")])
    );
    // A lower limit holds at once, what was done stays.
    let path = format!("/house-accounts/{account}");
    house.admin.patch(&path, &json!({"credit_limit": "0"})).await.ok();
    let check = check_of(house, order_id).await;
    on.charge(&check, account, "350.00").await.created();
    assert_eq!(house.order(order_id).await["payment_status"], "PAID");
    on.assert_right().await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_changes_nothing() {
    let on = OnAccount::open().await;
    let house = &on.house;
    let account = on.account("Dacha Ltd", "0").await;
    on.pay_in(account, house.cash, "100.00").await.created();
    let check = check_of(house, evening(house).await).await;
    let path = format!("/checks/{}/payments", check["id"]);
    let mut body = on.payment(&check, account, "50.00");
    body["state"] = json!("PENDING");
    on.cashier.post(&path, &body).await.invalid("state");
    let nobody = json!({"method_id": on.method, "amount": "50.00", "expected_due": check["due"]});
    on.cashier.post(&path, &nobody).await.refused(400, "account_needed");
    let by_card = json!({"method_id": house.card, "account_id": account, "amount": "50.00",
                         "expected_due": check["due"]});
    on.cashier.post(&path, &by_card).await.invalid("account_id");
    on.charge(&check, 777, "50.00").await.refused(404, "not_found");
    let whole = json!({"payment_method_id": on.method});
    let order = format!("/orders/{}", check["order_id"]);
    let complete = format!("{order}/complete-payment");
    house.waiter.post(&complete, &whole).await.refused(400, "account_needed");
    let paid = json!({"payment_status": "PAID", "payment_method_id": on.method});
    house.waiter.patch(&format!("{order}/payment"), &paid).await.refused(400, "account_needed");

    on.pay_in(account, on.method, "1.00").await.refused(400, "account_by_account");
    on.pay_in(account, house.cash, "0.00").await.invalid("amount");
    on.pay_in(account, house.cash, "-5.00").await.invalid("amount");
    on.pay_in(account, house.cash, "999999999999.00").await.invalid("amount");
    on.give_back(&house.admin, account, house.cash, "100.01").await.refused(400, "above_balance");
    let owing = json!({"name": "Odd", "credit_limit": "-1"});
    house.admin.post("/house-accounts", &owing).await.invalid("credit_limit");
    house.admin.post("/house-accounts", &json!({"name": " "})).await.invalid("name");

    // A closed one pays nothing and gets nothing, and what it holds can be given back.
    let path = format!("/house-accounts/{account}");
    house.admin.patch(&path, &json!({"is_active": false})).await.ok();
    on.charge(&check, account, "50.00").await.refused(409, "account_closed");
    on.pay_in(account, house.cash, "1.00").await.refused(409, "account_closed");
    assert_eq!(on.balance(account).await, "100.00");
    on.give_back(&house.admin, account, house.cash, "100.00").await.created();
    on.assert_right().await;
}

#[tokio::test]
async fn two_tablets_spend_the_last_of_a_deposit_and_one_wins() {
    let on = OnAccount::open().await;
    let house = &on.house;
    let account = on.account("Dacha Ltd", "0").await;
    on.pay_in(account, house.card, "400.00").await.created();
    let mut checks = Vec::new();
    for table in house.tables {
        let order =
            json!({"table_id": table, "items": [{"dish_id": house.borscht, "quantity": 1}]});
        let order = id(&house.waiter.post("/orders/", &order).await.created());
        checks.push(check_of(house, order).await);
    }
    let (one, other) = tokio::join!(
        on.charge(&checks[0], account, "350.00"),
        on.charge(&checks[1], account, "350.00")
    );
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    let lost = if one.status == 409 { one } else { other };
    let refusal = lost.refused(409, "account_limit");
    assert!(refusal.contains("can pay 50.00"), "{refusal}");
    assert_eq!(on.balance(account).await, "50.00");
    on.assert_right().await;
}

#[tokio::test]
async fn who_may_what_with_accounts() {
    let on = OnAccount::open().await;
    let house = &on.house;
    let owing = json!({"name": "Dacha Ltd", "credit_limit": "500.00"});
    on.cashier.post("/house-accounts", &owing).await.refused(403, "approval_needed");
    let plain = on.cashier.post("/house-accounts", &json!({"name": "Ivan"})).await.created();
    assert_eq!(plain["credit_limit"], "0.00");
    let path = format!("/house-accounts/{}", plain["id"]);
    let more = json!({"credit_limit": "0.01"});
    on.cashier.patch(&path, &more).await.refused(403, "approval_needed");
    on.cashier.patch(&path, &json!({"credit_limit": "0.00", "note": "regular"})).await.ok();
    house.waiter.post("/house-accounts", &owing).await.refused(403, "wrong_role");
    house.waiter.get(&format!("{path}/moves")).await.refused(403, "wrong_role");
    house.kitchen.get("/house-accounts").await.refused(403, "wrong_role");
    let manager = house.app.manager().await;
    manager.patch(&path, &json!({"credit_limit": "900.00"})).await.ok();
    // A waiter finds the account, and asks.
    let found = house.waiter.get("/house-accounts?search=iva&is_active=true").await.ok();
    assert_eq!(
        (&found["total"], &found["accounts"][0]["available"]),
        (&json!(1), &json!("900.00"))
    );
    let order = id(&house.place().await);
    let check = check_of(house, order).await;
    let body = on.payment(&check, id(&plain), "350.00");
    let pay = format!("/checks/{}/payments", check["id"]);
    let asked = house.waiter.post(&pay, &body).await;
    assert_eq!(asked.json()["params"]["permission"], "ACCOUNT_CHARGE");
    asked.refused(403, "approval_needed");
    // Nobody is asked for what is not there.
    let much = on.payment(&check, id(&plain), "350.00");
    manager.patch(&path, &json!({"credit_limit": "100.00"})).await.ok();
    house.waiter.post(&pay, &much).await.refused(409, "account_limit");
}

#[tokio::test]
async fn lists_are_paged_and_searched() {
    let on = OnAccount::open().await;
    for name in ["Анна Ёлкина", "Борис", "Dacha Ltd"] {
        on.account(name, "10.00").await;
    }
    let names = async |query: &str| {
        let list = on.house.admin.get(&format!("/house-accounts{query}")).await.ok();
        let accounts = list["accounts"].as_array().unwrap().iter();
        let names: Vec<_> =
            accounts.map(|account| account["name"].as_str().unwrap().to_owned()).collect();
        (names, list["total"].as_i64().unwrap())
    };
    assert_eq!(names("?search=елкина").await, (vec!["Анна Ёлкина".into()], 1));
    assert_eq!(names("?search=9001234567").await.1, 3);
    assert_eq!(names("?limit=1&skip=1").await, (vec!["Анна Ёлкина".into()], 3));
    assert_eq!(names("?owes=true").await.1, 0);
    let check = check_of(&on.house, id(&on.house.place().await)).await;
    let dacha = on.house.admin.get("/house-accounts?search=dacha").await.ok();
    on.charge(&check, id(&dacha["accounts"][0]), "10.00").await.created();
    assert_eq!(names("?owes=true").await, (vec!["Dacha Ltd".into()], 1));
}

/// Amounts have the digits of the currency, and cash the coins that there are.
#[tokio::test]
async fn in_every_currency() {
    for (currency, amount, odd, code) in
        [("KWD", "1.255", "0.0005", "invalid"), ("CHF", "12.55", "0.02", "not_in_coins")]
    {
        let house = House::open_with(|settings| settings.currency = currency.into());
        let on = OnAccount::with(house.await).await;
        let account = on.account("Dacha", "0").await;
        let seen = on.balance(account).await;
        let path = format!("/house-accounts/{account}/pay-in");
        let body = json!({"amount": odd, "method_id": on.house.cash, "expected_balance": seen});
        let status = if code == "invalid" { 422 } else { 400 };
        on.cashier.post(&path, &body).await.refused(status, code);
        on.pay_in(account, on.house.cash, amount).await.created();
        assert_eq!(on.balance(account).await, amount, "{currency}");
        on.give_back(&on.cashier, account, on.house.cash, amount).await.created();
        on.assert_right().await;
    }
}

/// A house that has nothing but an account, in a currency without a smaller unit.
#[tokio::test]
async fn what_accounts_hold_fixes_the_currency() {
    let app = TestApp::start_with(|settings| settings.currency = "JPY".into()).await;
    let admin = app.admin().await;
    let cash = json!({"name": "Cash"});
    let cash = id(&admin.post("/payment-methods", &cash).await.created());
    let account = id(&admin.post("/house-accounts", &json!({"name": "Dacha"})).await.created());
    let path = format!("/house-accounts/{account}/pay-in");
    let mut body = json!({"amount": "0.5", "method_id": cash, "expected_balance": "0"});
    admin.post(&path, &body).await.invalid("amount");
    body["amount"] = json!("1250");
    let paid = admin.post(&path, &body).await.created();
    assert_eq!(paid["account"]["balance"], "1250");
    let other = json!({"currency": "EUR"});
    admin.patch("/restaurant", &other).await.refused(400, "currency_fixed");
}
