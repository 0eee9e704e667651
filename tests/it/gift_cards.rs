//! Gift cards: what is paid for one is owed until a check is paid by it, once; it goes back to the card, and a
//! card that was taken back pays nothing.

use serde_json::{Value, json};

use crate::checks::{check_of, evening};
use crate::harness::{Client, House, Reply, id};

struct Shop {
    house: House,
    voucher: i64,
}

impl Shop {
    async fn open() -> Self {
        let house = House::open().await;
        let body = json!({"name": "Gift card", "kind": "VOUCHER"});
        let voucher = id(&house.admin.post("/payment-methods", &body).await.created());
        Self { house, voucher }
    }

    async fn sell(&self, amount: &str) -> Value {
        let body = json!({"amount": amount, "method_id": self.house.cash});
        self.house.admin.post("/gift-cards", &body).await.created()
    }

    async fn pay(&self, who: &Client, check: &Value, code: &Value, amount: &str) -> Reply {
        let body = json!({"method_id": self.voucher, "gift_card": code, "amount": amount,
                          "expected_due": check["due"]});
        who.post(&format!("/checks/{}/payments", check["id"]), &body).await
    }

    async fn balance(&self, code: &Value) -> Value {
        let found = self.house.waiter.post("/gift-cards/find", &json!({"code": code})).await;
        found.ok()["balance"].clone()
    }

    async fn take_back(&self, card: &Value, expected: &str) -> Reply {
        let body = json!({"method_id": self.house.cash, "expected_balance": expected,
                          "reason": "does not want it"});
        self.house.admin.post(&format!("/gift-cards/{}/take-back", card["id"]), &body).await
    }

    /// Each account stands where its moves brought it.
    fn assert_right(&self) {
        let wrong = "SELECT count(*) FROM house_accounts a
                     WHERE balance <> (SELECT coalesce(sum(amount), 0) FROM account_moves m
                                       WHERE m.account_id = a.id)";
        let db = self.house.app.database();
        let wrong: i64 = db.query_row(wrong, [], |row| row.get(0)).unwrap();
        assert_eq!(wrong, 0);
    }
}

#[tokio::test]
async fn a_card_is_sold_used_and_its_money_goes_back_to_it() {
    let shop = Shop::open().await;
    let house = &shop.house;
    let card = shop.sell("500.00").await;
    let code = &card["code"];
    assert_eq!(code.as_str().unwrap().len(), 19, "four groups of four");
    assert!(code.as_str().unwrap().ends_with(card["code_end"].as_str().unwrap()));
    let listed = house.admin.get("/gift-cards").await.ok();
    assert_eq!(listed["gift_cards"][0]["balance"], "500.00");
    assert!(!listed.to_string().contains(code.as_str().unwrap()), "the code is told once");
    house
        .waiter
        .post("/gift-cards", &json!({"amount": "1", "method_id": house.cash}))
        .await
        .refused(403, "wrong_role");
    // It is no account that somebody may choose.
    let accounts = house.admin.get("/house-accounts").await.ok();
    assert_eq!(accounts["accounts"], json!([]));
    let path = format!("/house-accounts/{}", card["id"]);
    house.admin.get(&path).await.refused(404, "not_found");
    house.admin.patch(&path, &json!({"credit_limit": "1000"})).await.refused(404, "not_found");

    let check = check_of(house, evening(house).await).await;
    let pays = |method: i64, body: Value| {
        let mut all =
            json!({"method_id": method, "amount": "500.00", "expected_due": check["due"]});
        all.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        all
    };
    let path = format!("/checks/{}/payments", check["id"]);
    house
        .waiter
        .post(&path, &pays(house.cash, json!({"gift_card": code})))
        .await
        .invalid("gift_card");
    house
        .waiter
        .post(&path, &pays(shop.voucher, json!({"account_id": card["id"]})))
        .await
        .invalid("account_id");
    let pending = json!({"gift_card": code, "state": "PENDING"});
    house.waiter.post(&path, &pays(shop.voucher, pending)).await.invalid("state");
    for wrong in ["0000 0000 0000 0001", "1", "0000 0000 0000 0000"] {
        shop.pay(&house.waiter, &check, &json!(wrong), "500.00").await.refused(404, "not_found");
    }
    shop.pay(&house.waiter, &check, code, "500.01").await.refused(409, "account_limit");
    let paid = shop.pay(&house.waiter, &check, code, "500.00").await.created();
    assert_eq!(shop.balance(code).await, "0.00");
    // Another check does not get the same money.
    let order =
        json!({"order_type": "TAKEAWAY", "items": [{"dish_id": house.borscht, "quantity": 1}]});
    let other = id(&house.waiter.post("/orders/", &order).await.created());
    let other = check_of(house, other).await;
    shop.pay(&house.waiter, &other, code, "1.00").await.refused(409, "account_limit");

    let path = format!("/payments/{}/refunds", paid["id"]);
    house.admin.post(&path, &json!({"reason": "cold"})).await.created();
    assert_eq!(shop.balance(code).await, "500.00");
    shop.assert_right();
}

#[tokio::test]
async fn a_card_that_was_taken_back_pays_nothing() {
    let shop = Shop::open().await;
    let card = shop.sell("500.00").await;
    shop.take_back(&card, "499.00").await.refused(409, "balance_changed");
    let back = shop.take_back(&card, "500.00").await.ok();
    assert_eq!((&back["balance"], &back["is_active"]), (&json!("0.00"), &json!(false)));
    let check = check_of(&shop.house, evening(&shop.house).await).await;
    shop.pay(&shop.house.waiter, &check, &card["code"], "1.00")
        .await
        .refused(409, "account_closed");
    // What was paid by it before comes back to it, and can be taken back again.
    let second = shop.sell("300.00").await;
    let paid = shop.pay(&shop.house.waiter, &check, &second["code"], "300.00").await.created();
    shop.take_back(&second, "0.00").await.ok();
    let path = format!("/payments/{}/refunds", paid["id"]);
    shop.house.admin.post(&path, &json!({"reason": "cold"})).await.created();
    let check = shop.house.waiter.get(&format!("/checks/{}", check["id"])).await.ok();
    shop.pay(&shop.house.waiter, &check, &second["code"], "1.00")
        .await
        .refused(409, "account_closed");
    shop.take_back(&second, "300.00").await.ok();
    assert_eq!(shop.balance(&second["code"]).await, "0.00");
    shop.assert_right();
}

#[tokio::test]
async fn a_card_is_sold_once_for_a_key_and_paid_by_once() {
    let shop = Shop::open().await;
    let house = &shop.house;
    let body = json!({"amount": "500.00", "method_id": house.cash});
    let first = house.admin.post_once("/gift-cards", "card-0001", &body).await.created();
    let again = house.admin.post_once("/gift-cards", "card-0001", &body).await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.created(), first);
    assert_eq!(house.admin.get("/gift-cards").await.ok()["total"], 1);
    let check = check_of(house, evening(house).await).await;
    let pay = json!({"method_id": shop.voucher, "gift_card": first["code"], "amount": "100.00",
                     "expected_due": check["due"]});
    let path = format!("/checks/{}/payments", check["id"]);
    house.waiter.post_once(&path, "pay-00001", &pay).await.created();
    house.waiter.post_once(&path, "pay-00001", &pay).await.created();
    assert_eq!(shop.balance(&first["code"]).await, "400.00");
    shop.assert_right();
}
