//! What an admin makes is made once for its key, whatever it is.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::harness::{House, id};

/// Calls that change something and take no key: why a repeat does no harm, or a key would.
const WITHOUT_KEY: [(&str, &str); 65] = [
    ("/approvals", "a PIN may be in it, of which no quick hash is kept; the newest wish counts"),
    ("/approvals/{id}/approve", "answered once"),
    ("/approvals/{id}/refuse", "answered once"),
    ("/auth/keys", "the answer is a secret"),
    ("/auth/login", "a secret comes and goes"),
    ("/auth/login/pin", "a secret comes and goes"),
    ("/auth/logout", "out is out"),
    ("/auth/second-factor", "the answer is a secret"),
    ("/auth/second-factor/confirm", "a secret comes"),
    ("/auth/second-factor/remove", "a secret comes"),
    ("/box/backups", "one is made at a time"),
    ("/box/backups/upload", "a file; known by its name"),
    ("/box/backups/{name}/contents", "reads"),
    ("/box/backups/{name}/ticket", "the answer is a secret"),
    ("/box/restore", "one is made at a time"),
    ("/calls/{id}/answer", "answered once"),
    ("/checks/{check_id}/fiscal-correction", "a sale is rung up late once"),
    ("/checks/{check_id}/receipt", "each is one more on paper, as asked"),
    ("/cloud/menu/apply", "the same version again changes nothing"),
    ("/cloud/refused/send-again", "what was sent waits no more"),
    ("/cloud/take-over", "taken over is taken over"),
    ("/devices/pair", "a code is good once"),
    ("/devices/pairing", "the answer is a secret"),
    ("/fiscal/devices", "a name is there once"),
    ("/fiscal/devices/{id}/close-shift", "a shift is closed once"),
    ("/fiscal/devices/{id}/continue-print", "what goes on goes on"),
    ("/fiscal/devices/{id}/copy", "each is one more on paper, as asked"),
    ("/fiscal/devices/{id}/x-report", "each is one more on paper, as asked"),
    ("/fiscal/documents/{id}/resolve", "resolved once"),
    ("/customers/search", "reads"),
    ("/gift-cards/find", "reads"),
    ("/guest/bill/part", "reads"),
    ("/guest/calls", "a table calls once for a thing"),
    ("/guest/pay/withdraw", "taken back is taken back"),
    ("/guest/session", "the answer is a secret"),
    ("/import", "a file taken in twice changes nothing"),
    ("/jobs/{id}/resolve", "resolved once"),
    ("/kitchen/orders/{order_id}/ready", "a step that was made is made"),
    ("/kitchen/orders/{order_id}/send-to-kitchen", "sent twice is sent once"),
    ("/kitchen/orders/{order_id}/start", "a step that was made is made"),
    ("/kitchen/orders/{order_id}/undo", "a step that was taken back is taken back"),
    ("/locations/admin/auto-fix", "what is right is right"),
    ("/pay/attempts/{id}/give-back", "goes back once"),
    ("/pay/attempts/{id}/say", "said once"),
    ("/pay/attempts/{id}/withdraw", "taken back is taken back"),
    ("/pay/providers/{id}/compare", "what is known is known"),
    ("/pay/providers/{id}/test", "reads"),
    ("/pay/refunds/{id}/again", "what is on its way is not sent again"),
    ("/print-jobs/{id}/cancel", "called off once"),
    ("/print/epson/{token}", "what is given twice says so, and is told of once"),
    ("/print/star/{token}", "reads"),
    ("/printers", "a name is there once"),
    ("/printers/scan", "reads"),
    ("/printers/{id}/alphabets", "each is one more on paper, as asked"),
    ("/printers/{id}/test", "each is one more on paper, as asked"),
    ("/scales/{id}/weight", "reads"),
    ("/security/blocks", "the same net gets the new end"),
    ("/security/whitelist", "the same net is there once"),
    ("/setup", "a box is set up once"),
    ("/stock/import", "a table taken in twice changes nothing"),
    ("/tables/qr-sheet/printed", "printed is printed"),
    ("/tables/{id}/phones/show", "shown is shown"),
    ("/tables/{id}/qr/renew", "each is a new code, as asked"),
    ("/uploads", "a photo is known by its bytes"),
    ("/users", "a password is in it, of which no quick hash is kept; a name is there once"),
];

fn document() -> Value {
    serde_json::to_value(qres::appliance::openapi()).unwrap()
}

fn takes_key(operation: &Value) -> bool {
    let params = operation["parameters"].as_array().into_iter().flatten();
    params.into_iter().any(|param| param["name"] == "Idempotency-Key")
}

/// Whoever adds a call that makes something gives it a key, or says here why it needs none.
#[test]
fn every_call_that_makes_something_takes_a_key() {
    let known: BTreeMap<&str, &str> = WITHOUT_KEY.into();
    let document = document();
    let mut without = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let Some(post) = methods.get("post") else { continue };
        if !takes_key(post) && !known.contains_key(path.as_str()) {
            without.push(path);
        }
    }
    assert!(without.is_empty(), "these take no Idempotency-Key: {without:?}");
    for path in ["/roles/{role}/permissions", "/users/{id}/permissions"] {
        assert!(takes_key(&document["paths"][path]["put"]), "{path}");
    }
}

#[tokio::test]
async fn what_an_admin_makes_twice_under_a_key_is_there_once() {
    let house = House::open().await;
    let admin = &house.admin;
    let group = json!({"name": "Milk", "min": 0, "max": 1});
    let group = id(&admin.post("/modifier-groups", &group).await.created());
    let dish = format!("/dishes/{}/variations", house.borscht);
    let options = format!("/modifier-groups/{group}/options");
    let rates = json!([{"percent": "10"}]);
    for (at, (path, body)) in [
        ("/adjustment-rules", json!({"kind": "FEE", "name": "Packing", "amount": "50.00"})),
        ("/tax-classes", json!({"name": "Food", "kind": "INCLUDED", "rates": rates})),
        ("/house-accounts", json!({"name": "Dacha Ltd"})),
        ("/customers", json!({"name": "Aglaya"})),
        ("/loyalty/programs", json!({"name": "Bonus", "kind": "POINTS", "earn_percent": "5"})),
        ("/reasons", json!({"kind": "VOID", "name": "Fell down"})),
        ("/payment-methods", json!({"name": "QR"})),
        ("/locations", json!({"name": "Terrace"})),
        ("/tables", json!({"number": 40, "seats": 2})),
        ("/categories", json!({"name": "Drinks"})),
        ("/ingredients", json!({"name": "Dill"})),
        (&*dish, json!({"name": "Half", "price": "200"})),
        ("/modifier-groups", json!({"name": "Doneness", "min": 0, "max": 1})),
        (&*options, json!({"name": "Oat", "price": "30"})),
        (
            "/periods",
            json!({"name": "Lunch", "weekdays": [1], "time_from": "12:00", "time_to": "16:00"}),
        ),
        ("/price-lists", json!({"name": "Lunch", "prices": [{"scope": "ALL", "kind": "PERCENT", "percent": "-10"}]})),
    ]
    .into_iter()
    .enumerate()
    {
        let key = format!("made-once-{at:04}");
        let first = admin.post_once(path, &key, &body).await;
        assert!(!first.headers.contains_key("idempotent-replayed"), "{path}");
        let first = first.created();
        let again = admin.post_once(path, &key, &body).await;
        assert_eq!(again.headers["idempotent-replayed"], "true", "{path}");
        assert_eq!(again.created(), first, "{path}");
        let mut other = body.clone();
        other["name"] = json!("Other");
        admin.post_once(path, &key, &other).await.refused(422, "idempotency_key_reused");
    }
    let accounts = admin.get("/house-accounts").await.ok();
    assert_eq!(accounts["accounts"].as_array().unwrap().len(), 1, "{accounts}");
}

#[tokio::test]
async fn permissions_are_set_once_under_a_key() {
    let house = House::open().await;
    let rules = json!({"rules": [{"permission": "COMP", "decision": "ALLOW", "at_most": "500"}]});
    let set = async || {
        let request = house.admin.request(reqwest::Method::PUT, "/roles/waiter/permissions");
        let request = request.header("Idempotency-Key", "rights-of-waiters").json(&rules);
        house.admin.send(request).await
    };
    let first = set().await.ok();
    house.admin.put("/roles/waiter/permissions", &json!({"rules": []})).await.ok();
    let again = set().await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.ok(), first);
    let now = house.admin.get("/roles/waiter/permissions").await.ok();
    assert_ne!(now, first, "what was set since stays");
}
