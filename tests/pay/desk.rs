//! A house that takes money over the wire, from a provider that is not there.

use std::time::{Duration, Instant};

use qres::features::pay::Poller;
use serde_json::{Value, json};

use crate::checks::{check_of, evening};
use crate::harness::{Client, House, Reply, id};
use crate::pay_fake::{Dialect, MERCHANT, Payment, Provider, SECRET, SHOP};

/// So many times as fast as in a restaurant.
const PACE: u32 = 40;

/// The house and its provider.
pub struct Desk {
    pub house: House,
    pub provider: Provider,
    pub provider_id: i64,
    pub method: i64,
}

/// What names a provider of a dialect.
pub fn account(dialect: Dialect) -> (&'static str, &'static str) {
    match dialect {
        Dialect::Yookassa => ("YOOKASSA", SHOP),
        Dialect::Raiffeisen => ("RAIFFEISEN", MERCHANT),
        Dialect::Stripe => ("STRIPE", ""),
    }
}

impl Desk {
    pub async fn open(dialect: Dialect) -> Self {
        Self::open_with(dialect, json!({})).await
    }

    /// The same with other settings of the provider.
    pub async fn open_with(dialect: Dialect, more: Value) -> Self {
        let (house, provider) = (House::open().await, Provider::start(dialect));
        house.app.app.state::<Poller>().hurry(PACE);
        let method = json!({"name": "Online", "kind": "TRANSFER"});
        let method = id(&house.admin.post("/payment-methods", &method).await.created());
        let (kind, account) = account(dialect);
        let mut body = json!({"name": "Shop", "kind": kind, "method_id": method, "account": account,
                              "address": provider.url(), "secret": SECRET});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let made = house.admin.post("/pay/providers", &body).await.created();
        Self { house, provider, provider_id: id(&made), method }
    }

    /// A check of 1250.00 that is to be paid.
    pub async fn check(&self) -> Value {
        check_of(&self.house, evening(&self.house).await).await
    }

    /// The waiter has a guest pay so much of it.
    pub async fn begin(&self, check: &Value, amount: &str) -> Reply {
        let body = json!({"check_id": check["id"], "provider_id": self.provider_id,
                          "amount": amount, "expected_due": check["due"]});
        self.house.waiter.post("/pay/attempts", &body).await
    }

    pub async fn attempt(&self, attempt: &Value) -> Value {
        self.house.admin.get(&format!("/pay/attempts/{}", attempt["id"])).await.ok()
    }

    /// Waits until an attempt stands so.
    pub async fn until(&self, attempt: &Value, state: &str) -> Value {
        let path = format!("/pay/attempts/{}", attempt["id"]);
        until(&self.house.admin, &path, |seen| seen["state"] == state).await
    }

    /// What the provider has of an attempt.
    pub fn at_provider(&self, attempt: &Value) -> Payment {
        let reference = attempt["reference"].as_str().unwrap();
        self.provider.ledger().payment(reference).unwrap().clone()
    }

    pub async fn check_now(&self, check: &Value) -> Value {
        self.house.admin.get(&format!("/checks/{}", check["id"])).await.ok()
    }
}

/// Asks until an answer is as it is to be.
pub async fn until(who: &Client, path: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let seen = who.get(path).await.ok();
        if is_so(&seen) {
            return seen;
        }
        assert!(Instant::now() < end, "{path} stays {seen}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
