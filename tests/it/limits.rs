//! How often one may come, and who is kept out. A proxy that the settings name stands for the
//! network: through it the tests come from any address.

use qres::platform::config::Settings;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Client, House, PASSWORD, PIN, Reply, Screen, TestApp, eventually, id};

const PHONE: &str = "192.168.1.66";
const OTHER: &str = "192.168.1.67";

/// The smallest budgets, and a network.
fn tight(settings: &mut Settings) {
    settings.rate_limit_requests = 1;
    networked(settings);
}

fn networked(settings: &mut Settings) {
    settings.trusted_proxies = vec!["127.0.0.1".to_owned().try_into().unwrap()];
    settings.http_staff = Some(true);
}

async fn from(address: &str, who: &Client, method: Method, path: &str, body: Value) -> Reply {
    let request = who.request(method, path).header("x-forwarded-for", address);
    who.send(if body.is_null() { request } else { request.json(&body) }).await
}

async fn get(address: &str, who: &Client, path: &str) -> Reply {
    from(address, who, Method::GET, path, Value::Null).await
}

fn number(reply: &Reply, name: &str) -> u64 {
    let value = reply.headers.get(name).unwrap_or_else(|| panic!("{} lacks {name}", reply.what));
    value.to_str().unwrap().parse().unwrap()
}

/// Sends until the answer is 429; returns how many came through, and that answer.
async fn until_refused(address: &str, who: &Client, path: &str) -> (usize, Reply) {
    for count in 0..2000 {
        let reply = get(address, who, path).await;
        if reply.status == 429 {
            return (count, reply);
        }
    }
    panic!("{path} is never refused");
}

#[tokio::test]
async fn a_budget_is_told_and_kept() {
    let app = TestApp::start_with(tight).await;
    let (nobody, waiter) = (app.anonymous(), app.waiter().await);
    let first = get(PHONE, &nobody, "/orders").await;
    assert_eq!(first.status, 401);
    assert_eq!((number(&first, "ratelimit-limit"), number(&first, "ratelimit-remaining")), (10, 9));
    assert_eq!(number(&first, "ratelimit-reset"), 360);
    assert_eq!(first.headers["ratelimit-policy"], "10;w=3600");
    let (count, refused) = until_refused(PHONE, &nobody, "/orders").await;
    assert_eq!(count, 9);
    assert_eq!(number(&refused, "ratelimit-remaining"), 0);
    let wait = number(&refused, "retry-after");
    assert!((1..=360).contains(&wait) && number(&refused, "ratelimit-reset") == wait, "{wait}");
    assert_eq!(refused.headers["x-content-type-options"], "nosniff");
    assert_eq!(refused.json()["params"]["seconds"], wait);
    refused.refused(429, "rate_limited");
    // Other kinds of routes, other addresses, and who works here are counted by themselves.
    assert_eq!(get(PHONE, &nobody, "/dishes/menu").await.status, 200);
    assert_eq!(get(PHONE, &nobody, "/guest/order").await.status, 401);
    assert_eq!(get(OTHER, &nobody, "/orders").await.status, 401);
    let mine = get(PHONE, &waiter, "/orders").await;
    assert_eq!((mine.status.as_u16(), number(&mine, "ratelimit-limit")), (200, 200));
    let colleague = app.waiter().await;
    assert_eq!(number(&get(PHONE, &colleague, "/orders").await, "ratelimit-remaining"), 199);
    // The box itself is not counted.
    assert!(!waiter.get("/orders").await.headers.contains_key("ratelimit-limit"));
}

#[tokio::test]
async fn every_kind_of_route_has_its_budget() {
    let app = TestApp::start_with(tight).await;
    let (nobody, admin) = (app.anonymous(), app.admin().await);
    for (method, path, limit) in [
        (Method::GET, "/menu", 600),
        (Method::GET, "/assets/none.js", 600),
        (Method::GET, "/app/waiter", 600),
        (Method::GET, "/dishes/menu", 600),
        (Method::GET, "/guest/order", 200),
        (Method::GET, "/ws/orders", 200),
        (Method::POST, "/guest/orders", 30),
        (Method::POST, "/auth/login", 10),
        (Method::POST, "/orders", 10),
    ] {
        let reply = from(PHONE, &nobody, method, path, json!({})).await;
        assert_eq!(number(&reply, "ratelimit-limit"), limit, "{path}");
    }
    assert_eq!(number(&get(PHONE, &admin, "/dishes/menu").await, "ratelimit-limit"), 200);
    let forged = Client::new(&app.base, Some("eyJhbGciOiJIUzI1NiJ9.e30.AAAA"));
    let forged = get(PHONE, &forged, "/orders").await;
    assert_eq!(
        number(&forged, "ratelimit-limit"),
        10,
        "a token that is not ours counts for nothing"
    );
}

#[tokio::test]
async fn ipv6_is_counted_by_its_64() {
    let app = TestApp::start_with(tight).await;
    let nobody = app.anonymous();
    until_refused("fd00::1", &nobody, "/orders").await;
    get("fd00::2:3", &nobody, "/orders").await.refused(429, "rate_limited");
    assert_eq!(get("fd00:0:0:1::1", &nobody, "/orders").await.status, 401);
}

#[tokio::test]
async fn who_goes_on_is_kept_out_and_staff_beside_him_is_not() {
    let app = TestApp::start_with(|settings| {
        tight(settings);
        settings.pin_needs_device = None;
    })
    .await;
    let (nobody, admin) = (app.anonymous(), app.admin().await);
    let code = admin.post("/devices/pairing", &Value::Null).await.created();
    let pair = json!({"code": code["code"], "name": "Bar"});
    let tablet = nobody.post("/devices/pair", &pair).await.created();
    let (mut screen, _) = Screen::greeted(&app, &admin, None).await;
    until_refused(PHONE, &nobody, "/orders").await;
    get(PHONE, &nobody, "/orders").await.refused(429, "rate_limited");
    let shut = get(PHONE, &nobody, "/dishes/menu").await;
    assert!((3590..=3601).contains(&number(&shut, "retry-after")));
    shut.refused(403, "address_blocked");
    let told = screen.wait_for("security_alert").await;
    assert_eq!(told["data"]["address"], PHONE);
    let list = async || admin.get("/security/blocks").await.ok();
    eventually("the block in the list", async || list().await["total"] == 1).await;
    let block = list().await["blocks"][0].clone();
    assert_eq!(
        (block["net"].as_str(), block["reason"].as_str()),
        (Some(PHONE), Some("rate_limit"))
    );

    // From the same address: a sign-in that began goes on, and a paired tablet begins one.
    assert_eq!(get(PHONE, &admin, "/orders").await.status, 200);
    let pin = json!({"username": "waiter", "pin_code": PIN});
    let by_pin = nobody.request(Method::POST, "/auth/login/pin").json(&pin);
    let by_pin = by_pin.header("x-forwarded-for", PHONE);
    let paired = by_pin.header("x-device", tablet["device_token"].as_str().unwrap());
    nobody.send(paired).await.ok();
    let password = json!({"username": "waiter", "password": PASSWORD});
    let guess = from(PHONE, &nobody, Method::POST, "/auth/login", password).await;
    guess.refused(403, "address_blocked");

    admin.delete(&format!("/security/blocks/{}", id(&block))).await.ok();
    assert_eq!(get(PHONE, &nobody, "/dishes/menu").await.status, 200);
    assert_eq!(list().await["total"], 0);
}

#[tokio::test]
async fn admins_make_and_lift_blocks() {
    let house = House::open_with(networked).await;
    let admin = &house.admin;
    let make = async |body: Value| admin.post("/security/blocks", &body).await;
    let block = make(json!({"net": PHONE, "seconds": 600, "note": "rude"})).await.created();
    assert_eq!((block["net"].as_str(), block["reason"].as_str()), (Some(PHONE), Some("by_hand")));
    assert_eq!(
        (block["note"].as_str(), block["created_by_name"].as_str()),
        (Some("rude"), Some("Test admin"))
    );
    let nobody = house.app.anonymous();
    get(PHONE, &nobody, "/menu").await.refused(403, "address_blocked");
    get(PHONE, &house.waiter, "/orders").await.refused(403, "address_blocked");
    assert_eq!(get(OTHER, &nobody, "/dishes/menu").await.status, 200);
    // A second one for the same net is its new end.
    let longer = make(json!({"net": PHONE, "seconds": 1200})).await.created();
    assert_eq!(id(&longer), id(&block));
    assert!(longer["expires_at"].as_str() > block["expires_at"].as_str());
    admin.delete(&format!("/security/blocks/{}", id(&block))).await.ok();
    admin.delete(&format!("/security/blocks/{}", id(&block))).await.refused(404, "not_found");
    assert_eq!(get(PHONE, &nobody, "/dishes/menu").await.status, 200);

    let net = make(json!({"net": "192.168.1.64/28"})).await.created();
    assert_eq!(net["net"], "192.168.1.64/28");
    get(OTHER, &nobody, "/menu").await.refused(403, "address_blocked");
    assert_eq!(make(json!({"net": "fd00::7"})).await.created()["net"], "fd00::/64");
    get("fd00::9", &nobody, "/menu").await.refused(403, "address_blocked");
    let listed = admin.get("/security/blocks?limit=1").await.ok();
    assert_eq!(
        (listed["total"].as_i64(), listed["blocks"].as_array().unwrap().len()),
        (Some(2), 1)
    );

    make(json!({"net": "everybody"})).await.invalid("net");
    make(json!({"net": "0.0.0.0/0"})).await.invalid("net");
    make(json!({"net": PHONE, "seconds": 5})).await.invalid("seconds");
    make(json!({"net": "127.0.0.1"})).await.refused(400, "blocks_yourself");
    let body = json!({"net": "10.1.0.0/16"});
    let own = from("10.1.2.3", admin, Method::POST, "/security/blocks", body.clone()).await;
    own.refused(400, "blocks_yourself");
    house.waiter.post("/security/blocks", &body).await.refused(403, "wrong_role");
}

#[tokio::test]
async fn a_block_ends_by_itself() {
    let house = House::open_with(networked).await;
    let block = json!({"net": PHONE, "seconds": 60});
    house.admin.post("/security/blocks", &block).await.created();
    let nobody = house.app.anonymous();
    get(PHONE, &nobody, "/menu").await.refused(403, "address_blocked");
    let past = qres::core::clock::now().0 - 1;
    let expire = format!("UPDATE blocks SET expires_at = {past}");
    crate::floor::sql(&house.app, &expire).await;
    assert_eq!(get(PHONE, &nobody, "/dishes/menu").await.status, 200);
    assert_eq!(house.admin.get("/security/blocks").await.ok()["total"], 0);
    let db = rusqlite::Connection::open(house.app.folder.path().join("data/qres.db")).unwrap();
    crate::security_events::has_lived(&db);
    house.app.app.forget_what_is_old().await.unwrap();
    let rows: i64 = house
        .app
        .database()
        .query_row("SELECT count(*) FROM blocks", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn whom_an_admin_trusts_is_not_limited() {
    let app = TestApp::start_with(|settings| {
        tight(settings);
        settings.rate_limit_whitelist = vec!["10.9.0.0/16".to_owned().try_into().unwrap()];
    })
    .await;
    let (nobody, admin) = (app.anonymous(), app.admin().await);
    let trust = async |net: &str| {
        admin.post("/security/whitelist", &json!({"net": net, "note": "office"})).await
    };
    let office = trust("192.168.1.0/24").await.created();
    trust("192.168.1.0/24").await.refused(409, "net_trusted");
    trust("nobody").await.invalid("net");
    let listed = admin.get("/security/whitelist").await.ok();
    assert_eq!(listed["total"], 2);
    assert_eq!(listed["nets"][0]["net"], "10.9.0.0/16");
    assert!(listed["nets"][0]["id"].is_null(), "the settings' own are not lifted here");
    for address in [PHONE, "10.9.1.1"] {
        for _ in 0..25 {
            let reply = get(address, &nobody, "/.env").await;
            assert_ne!(reply.status, 429, "{address}");
            get(address, &nobody, "/orders").await.refused(401, "no_token");
        }
    }
    admin.delete(&format!("/security/whitelist/{}", id(&office))).await.ok();
    until_refused(PHONE, &nobody, "/orders").await;
    app.waiter().await.get("/security/whitelist").await.refused(403, "wrong_role");
}

#[tokio::test]
async fn who_scans_is_kept_out_and_one_wrong_word_is_not() {
    let house = House::open_with(|settings| {
        networked(settings);
        settings.rate_limit_requests = 100;
    })
    .await;
    let nobody = house.app.anonymous();
    let probes = ["/.env", "/wp-login.php", "/.git/config", "/phpmyadmin/", "/cgi-bin/test.cgi"];
    get(PHONE, &nobody, probes[0]).await;
    get(PHONE, &nobody, "/menu?id=1'%20OR%20'1'='1").await;
    assert_eq!(get(PHONE, &nobody, "/dishes/menu").await.status, 200, "a sign is no proof");
    for probe in probes {
        get(OTHER, &nobody, probe).await;
    }
    assert_eq!(get(OTHER, &nobody, "/dishes/menu").await.status, 200, "not yet");
    get(OTHER, &nobody, "/../../etc/passwd").await;
    get(OTHER, &nobody, "/dishes/menu").await.refused(403, "address_blocked");
    let list = async || house.admin.get("/security/blocks").await.ok();
    eventually("the block in the list", async || list().await["total"] == 1).await;
    assert_eq!(list().await["blocks"][0]["reason"], "attack");
    let words = nobody.request(Method::GET, "/menu").header("user-agent", "sqlmap/1.8");
    let words = words.header("x-forwarded-for", PHONE);
    assert_eq!(nobody.send(words).await.status, get("10.0.0.1", &nobody, "/menu").await.status);
}

/// N7: a hundred dishes that are not there, ordered by one phone, shut out every phone behind the same
/// access point.
#[tokio::test]
async fn a_phones_wrong_orders_are_counted_to_that_phone() {
    let house = House::open_with(|settings| {
        networked(settings);
        settings.rate_limit_requests = 100;
    })
    .await;
    let (junk, beside) = (house.guest(0).await, house.guest(1).await);
    let order = |dish: i64| json!({"items": [{"dish_id": dish, "quantity": 1}]});
    let mut statuses = Vec::new();
    for n in 0..230 {
        let request = junk.request(Method::POST, "/guest/orders").json(&order(999_999));
        let request = request.header("idempotency-key", format!("junk-{n:04}"));
        let reply = junk.send(request.header("x-forwarded-for", PHONE)).await;
        statuses.push(reply.status.as_u16());
    }
    assert!(statuses[..200].iter().all(|status| *status == 404), "{statuses:?}");
    assert!(statuses.contains(&429) && !statuses.contains(&403), "{statuses:?}");
    let request = beside.request(Method::POST, "/guest/orders").json(&order(house.borscht));
    let request = request.header("idempotency-key", "beside-0001");
    beside.send(request.header("x-forwarded-for", PHONE)).await.created();
    // Whoever sits nowhere collects points as before.
    let nobody = house.app.anonymous();
    for n in 0..101 {
        let code = json!({"qr_code": format!("no-such-table-{n}")});
        from(PHONE, &nobody, Method::POST, "/guest/session", code).await;
    }
    get(PHONE, &nobody, "/dishes/menu").await.refused(403, "address_blocked");
}

#[tokio::test]
async fn a_dish_may_be_called_anything() {
    let house = House::open_with(|settings| {
        networked(settings);
        settings.rate_limit_requests = 100;
    })
    .await;
    let name = "Union Select burger";
    for n in 0..30 {
        let body = json!({"name": format!("{name} {n}'; DROP TABLE dishes; -- <script>"),
            "description": "../../etc/passwd' OR 1=1 --", "category_id": 1});
        let saved = from(PHONE, &house.admin, Method::POST, "/dishes", body).await;
        id(&saved.created());
        let search = "/dishes?search=Union%20Select%20burger%20' OR 1=1";
        assert_eq!(get(PHONE, &house.waiter, search).await.status, 200);
    }
    let found =
        get(PHONE, &house.waiter, "/dishes?search=union+select+burger&limit=100").await.ok();
    assert_eq!(found["total"], 30);
    assert_eq!(house.admin.get("/security/blocks").await.ok()["total"], 0);
    // A guest who looks for it by a link is let in too.
    for _ in 0..5 {
        let reply = get(OTHER, &house.app.anonymous(), "/menu?search=Union+Select+burger").await;
        assert_ne!(reply.status, 403);
    }
}

/// N7: what one phone spends, that phone lacks, and nobody else at the table.
#[tokio::test]
async fn a_phone_that_spends_its_writes_stops_itself_and_not_the_table() {
    let house = House::open_with(tight).await;
    let (first, second) = (house.guest(0).await, house.guest(0).await);
    let order = async |guest: &Client, key: &str| {
        let body = json!({"items": [{"dish_id": house.pizza, "quantity": 1}]});
        guest.post_once("/guest/orders", key, &body).await
    };
    order(&first, "phone-0001").await.created();
    // Junk is counted like anything else that a phone sends.
    first.post("/guest/calls", &json!({"kind": "bill", "payment_method_id": 99})).await;
    let refused = order(&first, "phone-0003").await;
    assert_eq!(refused.json()["params"]["budget"], "phone");
    assert!(number(&refused, "retry-after") > 0);
    refused.refused(429, "rate_limited");
    assert_eq!(first.get("/guest/order").await.status, 200, "it may still read");
    order(&second, "phone-0004").await.created();
    second.post("/guest/calls", &json!({"kind": "waiter"})).await.created();
}

/// N7: whoever scans a code over and over uses up what their own address may, at that table.
#[tokio::test]
async fn sitting_down_over_and_over_keeps_nobody_else_out() {
    let house = House::open_with(|settings| {
        networked(settings);
        settings.rate_limit_requests = 100;
    })
    .await;
    let nobody = house.app.anonymous();
    let sit = async |address: &str, table: usize| {
        let code = json!({"qr_code": house.table_codes[table]});
        from(address, &nobody, Method::POST, "/guest/session", code).await
    };
    let friend = sit(OTHER, 0).await.created();
    for _ in 0..200 {
        sit(PHONE, 0).await.created();
    }
    sit(PHONE, 0).await.refused(429, "rate_limited");
    sit(OTHER, 0).await.created();
    sit(PHONE, 1).await.created();
    // Nor does it put those out who sat there before.
    let friend = Client::new(&house.app.base, friend["token"].as_str());
    friend.get("/guest/order").await.ok();
}

#[tokio::test]
async fn a_guest_who_guesses_pins_locks_nobody_else_out() {
    let app = TestApp::start_with(|settings| {
        networked(settings);
        settings.rate_limit_requests = 100;
    })
    .await;
    let nobody = app.anonymous();
    let guess = |pin: &str| json!({"username": "waiter", "pin_code": pin});
    let code = app.admin().await.post("/devices/pairing", &Value::Null).await.created();
    let pair = json!({"code": code["code"], "name": "Bar"});
    let tablet = nobody.post("/devices/pair", &pair).await.created();
    for _ in 0..5 {
        let wrong = from(PHONE, &nobody, Method::POST, "/auth/login/pin", guess("0000")).await;
        wrong.refused(401, "wrong_credentials");
    }
    let shut = from(PHONE, &nobody, Method::POST, "/auth/login/pin", guess(PIN)).await;
    assert!((50..=61).contains(&number(&shut, "retry-after")));
    shut.refused(429, "sign_in_shut");
    // The tablet, even from behind the same router, and any other address.
    let same = nobody.request(Method::POST, "/auth/login/pin").json(&guess(PIN));
    let same = same.header("x-forwarded-for", PHONE);
    nobody.send(same.header("x-device", tablet["device_token"].as_str().unwrap())).await.ok();
    from(OTHER, &nobody, Method::POST, "/auth/login/pin", guess(PIN)).await.ok();
}

/// One phone opened all 512 connections of the live feed, and no tablet of the staff came in.
#[tokio::test]
async fn one_phone_does_not_take_the_live_feed_from_others() {
    let house = House::open_with(|settings| {
        networked(settings);
        settings.rate_limit_requests = 100;
    })
    .await;
    let (greedy, honest) = (house.guest(0).await, house.guest(1).await);
    let by = [("x-forwarded-for", PHONE)];
    let mut screens = Vec::new();
    for _ in 0..384 {
        screens.push(Screen::by_way_of(&house.app, &greedy, &by).await.expect("a seat"));
    }
    assert_eq!(Screen::refused(&house.app, &greedy, &by).await, Err(1013));
    let other = [("x-forwarded-for", OTHER)];
    Screen::by_way_of(&house.app, &honest, &other).await.expect("a seat for another phone");
    assert_eq!(screens[0].closed().await, 1013, "the greedy one gave it up");
    Screen::by_way_of(&house.app, &house.kitchen, &by).await.expect("a seat for the kitchen");
}
