//! Tokens that are not ours, not any more, or not for this.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Client, House, Screen, TestApp, id};

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn parts(token: &str) -> [String; 3] {
    let parts: Vec<_> = token.split('.').map(str::to_owned).collect();
    parts.try_into().expect("a token has three parts")
}

fn claims_of(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(&parts(token)[1]).unwrap()).unwrap()
}

/// Nobody comes in with it: neither through a request nor through the live feed.
async fn opens_nothing(app: &TestApp, token: &str, why: &str) {
    let forger = Client::new(&app.base, Some(token));
    for path in ["/auth/me", "/users", "/security/blocks"] {
        let reply = forger.get(path).await;
        assert_eq!(reply.status, 401, "{why}: {path}: {}", reply.text());
    }
    let body = json!({"name": "Forged"});
    assert_eq!(forger.post("/categories", &body).await.status, 401, "{why}");
}

#[tokio::test]
async fn forged_tokens_open_nothing() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let good = admin.token.clone().unwrap();
    let [head, body, signature] = parts(&good);
    let claims = claims_of(&good);

    for algorithm in ["none", "None", "NONE", "nOnE", ""] {
        let head = part(&json!({"alg": algorithm, "typ": "JWT"}));
        for end in ["", signature.as_str(), "AAAA"] {
            let token = format!("{head}.{body}.{end}");
            opens_nothing(&app, &token, &format!("alg {algorithm}")).await;
        }
    }
    // Another algorithm is named for the same signature, or for one by a key that everybody knows.
    for algorithm in ["HS384", "HS512", "RS256", "ES256", "PS256", "EdDSA"] {
        let head = part(&json!({"alg": algorithm, "typ": "JWT"}));
        opens_nothing(&app, &format!("{head}.{body}.{signature}"), algorithm).await;
    }
    let known = ["", "secret", "your-super-secret-cryptographically-strong-key-256-bits-minimum"];
    let authority = std::fs::read(app.folder.path().join("data/tls/ca.crt")).unwrap_or_default();
    let keys = known.iter().map(|key| key.as_bytes().to_vec()).chain([authority, b"qres".to_vec()]);
    for key in keys {
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            let header = Header::new(algorithm);
            let token = encode(&header, &claims, &EncodingKey::from_secret(&key)).unwrap();
            opens_nothing(&app, &token, "a key that everybody knows").await;
        }
    }
    // The key is named by the token itself.
    for name in ["jwk", "jku", "x5u", "kid"] {
        let key = json!({"kty": "oct", "k": URL_SAFE_NO_PAD.encode("mine")});
        let head = part(&json!({"alg": "HS256", "typ": "JWT", name: key}));
        opens_nothing(&app, &format!("{head}.{body}.{signature}"), name).await;
    }
    // Something else is claimed under the same signature.
    for (name, value) in [
        ("sub", json!("999")),
        ("exp", json!(4_000_000_000_u64)),
        ("role", json!("admin")),
        ("jti", json!(Uuid::now_v7())),
        ("aud", json!("qres-guests")),
    ] {
        let mut other = claims.clone();
        other[name] = value;
        opens_nothing(&app, &format!("{head}.{}.{signature}", part(&other)), name).await;
    }
    // Pieces, and the signature cut.
    let short = &signature[..signature.len() - 4];
    for token in [
        format!("{head}.{body}"),
        format!("{head}.{body}."),
        format!("{head}.{body}.{short}"),
        format!("{head}.{body}.{signature}.{signature}"),
        format!("{body}.{head}.{signature}"),
        "..".to_owned(),
        "g_".to_owned(),
        format!("g_{good}"),
        "A".repeat(7000),
    ] {
        opens_nothing(&app, &token, "pieces").await;
    }
    admin.get("/auth/me").await.ok();
}

#[tokio::test]
async fn what_has_ended_stays_ended() {
    let house = House::open().await;
    let (app, admin) = (&house.app, &house.admin);
    // Signed out.
    let waiter = app.waiter().await;
    waiter.post("/auth/logout", &json!({})).await.ok();
    waiter.get("/auth/me").await.refused(401, "token_expired");
    // Let go: at once, on the live feed too.
    let cook = app.kitchen().await;
    let cook_id = id(&cook.get("/auth/me").await.ok());
    let (mut screen, _) = Screen::greeted(app, &cook, None).await;
    admin.patch(&format!("/users/{cook_id}"), &json!({"is_active": false})).await.ok();
    cook.get("/kitchen/dishes").await.refused(401, "token_expired");
    assert_eq!(screen.closed().await, 4401);
    // Another role counts from the next request on.
    let manager = app.manager().await;
    let manager_id = id(&manager.get("/auth/me").await.ok());
    manager.get("/orders").await.ok();
    admin.patch(&format!("/users/{manager_id}"), &json!({"role": "kitchen"})).await.ok();
    let after = manager.get("/users").await;
    assert!(matches!(after.status.as_u16(), 401 | 403), "{}", after.text());
    // Past its time, though well signed.
    let long_ago = qres::core::kernel::Timestamp(qres::core::clock::now().0 - 24 * 3_600_000);
    let old = app.app.auth.tokens.issue(1, Uuid::now_v7(), long_ago).unwrap();
    opens_nothing(app, &old, "expired").await;
}

#[tokio::test]
async fn guests_reach_their_own_table_only() {
    let house = House::open().await;
    let (here, there) = (house.guest(0).await, house.guest(1).await);
    let call = here.post("/guest/calls", &json!({"kind": "waiter"})).await.created();
    let path = format!("/guest/calls/{}", id(&call));
    there.delete(&path).await.refused(404, "not_found");
    let open = here.get("/guest/order").await.ok();
    assert_eq!(open["calls"].as_array().unwrap().len(), 1, "it is still open");
    assert!(there.get("/guest/order").await.ok()["calls"].as_array().unwrap().is_empty());
    // One table's key does not give another table the first one's order.
    let body = json!({"items": [{"dish_id": house.pizza, "quantity": 1}]});
    let mine = here.post_once("/guest/orders", "the-same-key", &body).await.created();
    let theirs = there.post_once("/guest/orders", "the-same-key", &body).await.created();
    assert_ne!(id(&mine), id(&theirs));
    // A body cannot name another table.
    let elsewhere = json!({"items": [{"dish_id": house.pizza, "quantity": 1}],
        "table_id": house.tables[0]});
    there.post_once("/guest/orders", "elsewhere", &elsewhere).await;
    assert_eq!(house.order(id(&mine)).await["items"].as_array().unwrap().len(), 1);
    for path in [
        format!("/orders/{}", id(&mine)),
        format!("/orders/active/table/{}", house.tables[0]),
        format!("/tables/{}", house.tables[0]),
    ] {
        there.get(&path).await.refused(401, "bad_token");
    }
    // The live feed of one table tells nothing of another.
    let (mut screen, _) = Screen::greeted(&house.app, &there, None).await;
    here.post_once("/guest/orders", "another-key", &body).await.created();
    there.post_once("/guest/orders", "own-key-00", &body).await.created();
    let heard = screen.wait_for("order_updated").await;
    assert_eq!(heard["order_id"].as_i64(), Some(id(&theirs)), "{heard}");
}
