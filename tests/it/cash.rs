//! The cash desk: whose drawer money goes by, what moves cash beside payments, and who may.

use qres::platform::auth::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::checks::{check_of, evening, pay};
use crate::devices::paired;
use crate::harness::{Client, House, Reply, Screen, id};
use crate::house_accounts::OnAccount;

/// A house with a drawer at the till, and somebody who keeps it.
pub struct Till {
    pub house: House,
    pub cashier: Client,
    pub manager: Client,
    pub drawer: i64,
}

impl Till {
    pub async fn set_up() -> Self {
        let house = House::open().await;
        let cashier = house.app.hired(Role::Cashier).await;
        Self::with(house, cashier, "5").await
    }

    pub async fn with(house: House, cashier: Client, tolerance: &str) -> Self {
        let body = json!({"name": "Till", "tolerance": tolerance});
        let drawer = id(&house.admin.post("/cash/drawers", &body).await.created());
        let manager = house.app.manager().await;
        Self { house, cashier, manager, drawer }
    }

    pub async fn open(&self, float: &str) -> i64 {
        id(&self.opened(&self.cashier, self.drawer, float).await.created())
    }

    pub async fn opened(&self, who: &Client, drawer: i64, float: &str) -> Reply {
        who.post("/cash/shifts", &json!({"drawer_id": drawer, "float": float})).await
    }

    pub async fn moves(&self, who: &Client, shift: i64, body: Value) -> Reply {
        who.post(&format!("/cash/shifts/{shift}/moves"), &body).await
    }

    pub async fn count(&self, shift: i64, counted: &str) -> Reply {
        let body = json!({"counted": counted});
        self.cashier.post(&format!("/cash/shifts/{shift}/count"), &body).await
    }

    pub async fn close(&self, who: &Client, shift: i64, body: Value) -> Reply {
        who.post(&format!("/cash/shifts/{shift}/close"), &body).await
    }

    /// What the manager reads of a running shift.
    pub async fn x(&self, shift: i64) -> Value {
        self.manager.get(&format!("/cash/shifts/{shift}/x")).await.ok()
    }

    pub async fn z(&self, shift: i64) -> Value {
        self.manager.get(&format!("/cash/shifts/{shift}/z")).await.ok()
    }

    /// An evening for two (1250.00) that is paid at the till.
    pub async fn sells(&self, method: i64) -> Value {
        let order = evening(&self.house).await;
        let check = check_of(&self.house, order).await;
        pay(&self.house.waiter, &check, method, "1250.00").await.created()
    }

    /// No sum of a shift is another than its rows say.
    pub fn assert_right(&self) {
        let wrong = qres::features::cash::check_shifts(&self.house.app.database(), 1000).unwrap();
        assert_eq!(wrong, Vec::<i64>::new());
    }
}

#[tokio::test]
async fn without_drawers_cash_is_taken_as_ever() {
    let house = House::open().await;
    let desk = house.waiter.get("/cash/desk").await.ok();
    assert_eq!((&desk["drawer"], &desk["shift"]), (&Value::Null, &Value::Null));
    let check = check_of(&house, evening(&house).await).await;
    pay(&house.waiter, &check, house.cash, "1250.00").await.created();
    let strays: i64 = house
        .app
        .database()
        .query_row("SELECT count(*) FROM cash_strays", [], |row| row.get(0))
        .unwrap();
    assert_eq!(strays, 0);
}

#[tokio::test]
async fn with_a_drawer_cash_waits_for_its_shift_and_nothing_else_does() {
    let till = Till::set_up().await;
    let house = &till.house;
    let order = evening(house).await;
    let check = check_of(house, order).await;
    let refused = pay(&house.waiter, &check, house.cash, "1250.00").await;
    assert_eq!(refused.json()["params"]["drawer_id"], till.drawer);
    refused.refused(409, "no_cash_shift");
    let whole = json!({"payment_method_id": house.cash});
    let path = format!("/orders/{order}/complete-payment");
    house.waiter.post(&path, &whole).await.refused(409, "no_cash_shift");
    // By card it goes on.
    pay(&house.waiter, &check, house.card, "250.00").await.created();
    let desk = house.waiter.get("/cash/desk").await.ok();
    assert_eq!((&desk["drawer"]["id"], &desk["shift"]), (&json!(till.drawer), &Value::Null));
    let (mut screen, _) = Screen::greeted(&house.app, &house.waiter, None).await;
    let shift = till.open("3000").await;
    let told = screen.wait_for("cash_changed").await;
    assert_eq!(
        (&told["data"]["shift_id"], &told["data"]["state"]),
        (&json!(shift), &json!("OPEN"))
    );
    let check = check_of(house, order).await;
    let body = json!({"method_id": house.cash, "amount": "1000.00", "tip": "50.00",
                          "tendered": "2000.00", "expected_due": check["due"]});
    let path = format!("/checks/{}/payments", check["id"]);
    let paid = house.waiter.post_once(&path, "cash-0001", &body).await.created();
    house.waiter.post_once(&path, "cash-0001", &body).await.created();
    let x = till.x(shift).await;
    assert_eq!(
        (&x["cash"]["float"], &x["cash"]["taken"], &x["cash"]["tips"], &x["expected"]),
        (&json!("3000.00"), &json!("1000.00"), &json!("50.00"), &json!("4050.00"))
    );
    // What went by card before the shift was opened is no part of it.
    assert_eq!(x["methods"].as_array().unwrap().len(), 1);
    let back = json!({"amount": "200.00", "reason": "cold"});
    let path = format!("/payments/{}/refunds", paid["id"]);
    till.manager.post(&path, &back).await.created();
    assert_eq!(till.x(shift).await["expected"], "3850.00");
    till.opened(&till.cashier, till.drawer, "1").await.refused(409, "shift_is_open");
}

#[tokio::test]
async fn what_was_taken_before_the_box_heard_of_it_is_kept_and_shown_with_the_next_z() {
    let till = Till::set_up().await;
    let house = &till.house;
    let check = check_of(house, evening(house).await).await;
    let body = json!({"method_id": house.cash, "amount": "1250.00", "expected_due": "1250.00",
                      "without_shift": true});
    house.waiter.post(&format!("/checks/{}/payments", check["id"]), &body).await.created();
    // Nor is the drawer taken away with it.
    let drawer = format!("/cash/drawers/{}", till.drawer);
    house.admin.delete(&drawer).await.refused(409, "cash_waits");
    let unused = json!({"is_active": false});
    house.admin.patch(&drawer, &unused).await.refused(409, "cash_waits");
    let shift = till.open("0").await;
    let x = till.x(shift).await;
    assert_eq!((&x["expected"], &x["strays"][0]["amount"]), (&json!("0.00"), &json!("1250.00")));
    till.close(&till.cashier, shift, json!({"counted": "0"})).await.ok();
    assert_eq!(till.z(shift).await["strays"][0]["amount"], "1250.00");
    // Once.
    let next = till.open("0").await;
    assert_eq!(till.x(next).await["strays"], json!([]));
    till.assert_right();
}

#[tokio::test]
async fn moves_are_added_need_a_right_and_are_taken_back_once() {
    let till = Till::set_up().await;
    let (cashier, manager) = (&till.cashier, &till.manager);
    let shift = till.open("1000").await;
    let put = json!({"kind": "PAY_IN", "amount": "500", "reason": "change"});
    let put = till.moves(cashier, shift, put).await.created();
    let no_reason = json!({"kind": "PAY_IN", "amount": "500"});
    till.moves(cashier, shift, no_reason).await.refused(400, "reason_needed");
    till.moves(cashier, shift, json!({"kind": "DROP", "amount": "0"})).await.invalid("amount");
    till.moves(cashier, shift, json!({"reason": "x"})).await.invalid("kind");
    let opened = json!({"kind": "NO_SALE", "reason": "a guest's change"});
    till.moves(cashier, shift, opened).await.created();
    // Out goes with somebody's word.
    let out = json!({"kind": "PAY_OUT", "amount": "300", "reason": "lemons"});
    let refused = till.moves(cashier, shift, out.clone()).await;
    assert_eq!(refused.json()["params"]["permission"], "CASH_OUT");
    refused.refused(403, "approval_needed");
    let out = till.moves(manager, shift, out).await.created();
    till.moves(manager, shift, json!({"kind": "TIPS_OUT", "amount": "40"})).await.created();
    till.moves(manager, shift, json!({"kind": "DROP", "amount": "200"})).await.created();
    assert_eq!(till.x(shift).await["expected"], "960.00");
    // To take back what came in is to take out; and the other way round.
    let undo = json!({"undoes": put["move"]["id"], "reason": "a slip"});
    till.moves(cashier, shift, undo.clone()).await.refused(403, "approval_needed");
    till.moves(manager, shift, undo.clone()).await.created();
    till.moves(manager, shift, undo).await.refused(409, "move_undone");
    let undo = json!({"undoes": out["move"]["id"], "reason": "not bought"});
    let undone = till.moves(cashier, shift, undo).await.created();
    assert_eq!(undone["move"]["amount"], "-300.00");
    let twice = json!({"undoes": undone["move"]["id"], "reason": "x"});
    till.moves(manager, shift, twice).await.refused(409, "move_undone");
    let x = till.x(shift).await;
    assert_eq!((&x["expected"], &x["no_sales"]), (&json!("760.00"), &json!(1)));
    assert_eq!(x["moves"].as_array().unwrap().len(), 7);
}

#[tokio::test]
async fn a_limit_of_a_shift_is_of_all_that_was_taken_out_in_it() {
    let till = Till::set_up().await;
    let rules = json!({"rules": [
        {"permission": "CASH_OUT", "decision": "ALLOW", "at_most": "500"}]});
    till.house.admin.put("/roles/cashier/permissions", &rules).await.ok();
    let shift = till.open("1000").await;
    let out = json!({"kind": "DROP", "amount": "300"});
    till.moves(&till.cashier, shift, out.clone()).await.created();
    till.moves(&till.cashier, shift, out.clone()).await.refused(403, "approval_needed");
    till.close(&till.cashier, shift, json!({"counted": "700"})).await.ok();
    let next = till.open("700").await;
    till.moves(&till.cashier, next, out).await.created();
}

#[tokio::test]
async fn what_a_waiter_carries_is_their_own() {
    let till = Till::set_up().await;
    let house = &till.house;
    let me = id(&house.waiter.get("/auth/me").await.ok());
    let purse = json!({"name": "Anna's purse", "user_id": me});
    let purse = id(&house.admin.post("/cash/drawers", &purse).await.created());
    let second = json!({"name": "Another", "user_id": me});
    house.admin.post("/cash/drawers", &second).await.refused(400, "drawer_of_person");
    till.opened(&till.cashier, purse, "100").await.refused(403, "not_your_drawer");
    let at_till = till.open("1000").await;
    let own = id(&till.opened(&house.waiter, purse, "100").await.created());
    till.sells(house.cash).await;
    assert_eq!(till.x(own).await["expected"], "1350.00");
    assert_eq!(till.x(at_till).await["expected"], "1000.00");
    // They see their own, and not the till's.
    let x = format!("/cash/shifts/{own}/x");
    assert_eq!(house.waiter.get(&x).await.ok()["cash"], Value::Null);
    house.waiter.get(&format!("/cash/shifts/{at_till}/x")).await.refused(403, "not_your_drawer");
    till.cashier.get(&x).await.refused(403, "not_your_drawer");
    assert_eq!(till.cashier.get("/cash/shifts").await.ok()["total"], 1);
    assert_eq!(till.manager.get("/cash/shifts").await.ok()["total"], 2);
    house.kitchen.get(&x).await.refused(403, "wrong_role");
    house.admin.delete(&format!("/cash/drawers/{purse}")).await.refused(409, "shift_is_open");
    let closed = till.close(&house.waiter, own, json!({"counted": "1350"})).await.ok();
    assert_eq!((&closed["state"], &closed["z_number"]), (&json!("CLOSED"), &json!(1)));
    assert_eq!(
        house.waiter.get(&format!("/cash/shifts/{own}/z")).await.ok()["expected"],
        "1350.00"
    );
}

#[tokio::test]
async fn money_goes_by_the_drawer_at_which_the_tablet_stands() {
    let till = Till::set_up().await;
    let house = &till.house;
    let (device, token) = paired(&house.app, &house.admin, "Bar").await;
    let bar = json!({"name": "Bar", "device_ids": [device]});
    let bar = id(&house.admin.post("/cash/drawers", &bar).await.created());
    let first = till.open("0").await;
    let second = id(&till.opened(&till.manager, bar, "0").await.created());
    let at_bar = async |path: &str, method: Method, body: Value| {
        let request = house.waiter.request(method, path).header("X-Device", &token);
        house.waiter.send(request.json(&body)).await
    };
    // In one go, and back in one go: both by the tablet's drawer.
    let order = evening(house).await;
    let whole = json!({"payment_method_id": house.cash});
    at_bar(&format!("/orders/{order}/complete-payment"), Method::POST, whole).await.ok();
    let sums = async || {
        (till.x(first).await["expected"].clone(), till.x(second).await["expected"].clone())
    };
    assert_eq!(sums().await, (json!("0.00"), json!("1250.00")));
    let request = till.manager.request(Method::PATCH, &format!("/orders/{order}/payment"));
    let back = json!({"payment_status": "REFUNDED", "reason": "cold"});
    till.manager.send(request.header("X-Device", &token).json(&back)).await.ok();
    assert_eq!(sums().await, (json!("0.00"), json!("0.00")));
    till.sells(house.cash).await;
    assert_eq!(sums().await, (json!("1250.00"), json!("0.00")));
}

#[tokio::test]
async fn an_accounts_cash_lies_in_the_drawer_too() {
    let on = OnAccount::open().await;
    let account = on.account("Dacha Ltd", "0").await;
    let OnAccount { house, cashier, .. } = on;
    let till = Till::with(house, cashier, "0").await;
    let house = &till.house;
    let path = format!("/house-accounts/{account}/pay-in");
    let body = json!({"amount": "2000.00", "method_id": house.cash, "expected_balance": "0.00"});
    till.cashier.post(&path, &body).await.refused(409, "no_cash_shift");
    let shift = till.open("0").await;
    till.cashier.post(&path, &body).await.created();
    let back = json!({"amount": "500.00", "method_id": house.cash, "expected_balance": "2000.00",
                      "reason": "called off"});
    till.manager.post(&format!("/house-accounts/{account}/give-back"), &back).await.created();
    let x = till.x(shift).await;
    assert_eq!(
        (&x["cash"]["accounts_in"], &x["cash"]["accounts_out"], &x["expected"]),
        (&json!("2000.00"), &json!("500.00"), &json!("1500.00"))
    );
}
