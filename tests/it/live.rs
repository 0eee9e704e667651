//! The live feed.

use std::sync::mpsc::channel;
use std::time::Duration;

use qres::core::error::Result;
use qres::core::event::{NewEvent, Thing};
use qres::core::store::{Command, Tx};
use qres::features::staff::{CreateUser, NewUser};
use qres::platform::auth::{Role, SignedOut, end_sessions_of};
use qres::platform::config::GuestOrders;
use serde_json::json;
use tokio::runtime::Builder;
use tokio::task::{spawn_blocking, yield_now};
use tokio::time::timeout;

use crate::harness::{Client, House, Screen, TestApp, id};

#[tokio::test]
async fn an_order_stands_on_every_screen_that_it_concerns() {
    let house = House::open().await;
    let app = &house.app;
    let (mut kitchen, greeting) = Screen::greeted(app, &house.kitchen, None).await;
    assert_eq!(greeting["role"], "kitchen");
    let (mut waiter, _) = Screen::greeted(app, &house.waiter, None).await;
    let (mut second, _) = Screen::greeted(app, &house.waiter, None).await;
    let order = house.place().await;
    for screen in [&mut kitchen, &mut waiter, &mut second] {
        let event = screen.next().await;
        assert_eq!(event["type"], "order_created");
        assert_eq!(event["order"], order);
        assert_eq!(
            (event["order_id"].as_i64(), event["status"].as_str()),
            (Some(id(&order)), Some("PENDING"))
        );
        assert!(event["seq"].as_i64() > greeting["seq"].as_i64());
    }
    let line = id(&order["items"][0]);
    house.move_item(&house.kitchen, line, "READY").await.ok();
    let moved = waiter.next().await;
    assert_eq!(
        (moved["type"].as_str(), moved["data"]["new_status"].as_str()),
        (Some("item_status_changed"), Some("READY"))
    );
    assert_eq!(waiter.next().await["type"], "order_status_changed");
    assert_eq!(waiter.next().await["type"], "order_ready");
    // order_ready is the waiter's; the kitchen hears of the next thing instead.
    kitchen.wait_for("order_status_changed").await;
    house.move_item(&house.waiter, line, "SERVED").await.ok();
    assert_eq!(kitchen.next().await["type"], "item_status_changed");
    let pay = json!({"payment_method_id": house.cash});
    house.waiter.post(&format!("/orders/{}/complete-payment", id(&order)), &pay).await.ok();
    assert_eq!(waiter.wait_for("payment_received").await["data"]["amount"], "350.00");
    assert_eq!(waiter.wait_for("table_changed").await["data"]["id"], house.tables[0]);
}

/// A second waiter, who did not place the order.
pub async fn colleague(house: &House) -> Client {
    let hasher = &house.app.app.auth.hasher;
    let user = NewUser {
        username: "colleague".into(),
        full_name: "Colleague".into(),
        role: Role::Waiter,
        phone: None,
        avatar_url: None,
        password_hash: hasher.hash_password(crate::harness::PASSWORD).await.unwrap(),
        pin_hash: None,
        is_active: true,
        shift_active: true,
        created_by_id: None,
    };
    house.app.app.store.run(CreateUser(user)).await.unwrap();
    house.app.signed_in("colleague").await
}

/// A pad shows every table: what becomes of an order is told to all waiters, but whose it is alone
/// is called to serve it.
#[tokio::test]
async fn another_waiter_is_told_what_their_pad_shows_and_not_called() {
    let house =
        House::open_with(|settings| settings.guest_orders = Some(GuestOrders::Direct)).await;
    let colleague = colleague(&house).await;
    let (mut screen, greeting) = Screen::greeted(&house.app, &colleague, None).await;
    let order = house.place().await;
    house.move_item(&house.kitchen, id(&order["items"][0]), "READY").await.ok();
    let pay = json!({"payment_status": "PAID", "payment_method_id": house.card});
    house.waiter.patch(&format!("/orders/{}/payment", id(&order)), &pay).await.ok();
    let (mut again, _) = Screen::greeted(&house.app, &colleague, greeting["seq"].as_i64()).await;
    let told = ["order_created", "item_status_changed", "order_status_changed", "payment_received"];
    for screen in [&mut screen, &mut again] {
        for kind in told {
            assert_eq!(screen.next().await["type"], kind);
        }
    }
    // A guest's order belongs to nobody yet: every waiter is called.
    let guest = house.guest(1).await;
    let body = json!({"items": [{"dish_id": house.borscht, "quantity": 1}]});
    guest.post_once("/guest/orders", "phone-0001", &body).await.created();
    let placed = screen.wait_for("order_created").await;
    let line = id(&placed["order"]["items"][0]);
    house.move_item(&house.kitchen, line, "READY").await.ok();
    assert_eq!(screen.wait_for("order_ready").await["order_id"], placed["order_id"]);
}

#[tokio::test]
async fn what_was_missed_is_replayed_in_order_without_gap_or_double() {
    let house = House::open().await;
    let (mut screen, greeting) = Screen::greeted(&house.app, &house.kitchen, None).await;
    let start = greeting["seq"].as_i64().unwrap();
    for _ in 0..60 {
        house.place().await;
    }
    let mut live = Vec::new();
    for _ in 0..60 {
        live.push(screen.next().await["seq"].as_i64().unwrap());
    }
    for since in [start, live[29]] {
        let (mut again, _) = Screen::greeted(&house.app, &house.kitchen, Some(since)).await;
        let missed: Vec<i64> = live.iter().copied().filter(|seq| *seq > since).collect();
        for seq in missed {
            assert_eq!(again.next().await["seq"], seq);
        }
    }
    assert!(live.is_sorted_by(|a, b| a < b));
}

#[tokio::test]
async fn a_screen_that_was_away_too_long_loads_everything_anew() {
    let house = House::open().await;
    for _ in 0..3 {
        house.place().await;
    }
    let db = rusqlite::Connection::open(house.app.folder.path().join("data/qres.db")).unwrap();
    db.execute("DELETE FROM events WHERE seq < (SELECT max(seq) FROM events)", []).unwrap();
    let newest = house.app.app.store.last_seq();
    for since in [0, newest - 2, newest + 5] {
        let (mut screen, _) = Screen::greeted(&house.app, &house.kitchen, Some(since)).await;
        let told = screen.next().await;
        assert_eq!(told["type"], "resync", "{since}");
        assert_eq!(told["seq"], newest);
    }
    let (mut screen, _) = Screen::greeted(&house.app, &house.kitchen, Some(0)).await;
    screen.wait_for("resync").await;
    house.place().await;
    assert_eq!(screen.next().await["type"], "order_updated", "and goes on from there");
}

#[tokio::test]
async fn a_guest_hears_that_his_own_order_moved() {
    let house = House::open().await;
    house.place().await;
    let (here, there) = (house.guest(0).await, house.guest(1).await);
    let (mut mine, greeting) = Screen::greeted(&house.app, &here, None).await;
    assert_eq!(greeting["role"], "guest");
    let (mut theirs, _) = Screen::greeted(&house.app, &there, None).await;
    house.place().await;
    let event = mine.next().await;
    assert_eq!(event["type"], "order_updated");
    assert!(event.get("order").is_none() && event.get("data").is_none());
    house
        .admin
        .patch(&format!("/dishes/{}/availability", house.pizza), &json!({"is_available": false}))
        .await
        .ok();
    assert_eq!(theirs.next().await["type"], "menu_changed", "not told of another table");
    mine.say("{\"type\":\"get_stats\"}").await;
    assert_eq!(mine.wait_for("error").await["code"], "wrong_role");
    // The visit ends, and with it the guest's screen.
    let order = here.get("/guest/order").await.ok()["order"].clone();
    house.waiter.delete(&format!("/orders/{}", id(&order))).await.ok();
    assert_eq!(mine.closed().await, 4401);
}

#[tokio::test]
async fn a_screen_may_ask_and_an_admin_may_speak() {
    let house = House::open().await;
    let (mut admin, _) = Screen::greeted(&house.app, &house.admin, None).await;
    let (mut waiter, _) = Screen::greeted(&house.app, &house.waiter, None).await;
    waiter.say("{\"type\":\"ping\"}").await;
    assert_eq!(waiter.next().await["type"], "pong");
    for (message, code) in [
        ("nonsense", "bad_message"),
        ("{\"type\":\"dance\"}", "unknown_type"),
        ("{\"type\":\"broadcast\",\"message\":\"hi\"}", "wrong_role"),
    ] {
        waiter.say(message).await;
        assert_eq!(waiter.next().await["code"], code, "{message}");
    }
    admin.say("{\"type\":\"get_stats\"}").await;
    let stats = admin.next().await;
    assert_eq!(stats["data"]["connected"], json!({"admin": 1, "waiter": 1}));
    admin.say("{\"type\":\"broadcast\",\"message\":\"We close at ten\"}").await;
    assert_eq!(waiter.next().await["data"]["message"], "We close at ten");
}

#[tokio::test]
async fn a_screen_ends_with_its_sign_in() {
    let house = House::open().await;
    let (mut screen, _) = Screen::greeted(&house.app, &house.waiter, None).await;
    house.waiter.post("/auth/logout", &json!({})).await.ok();
    assert_eq!(screen.closed().await, 4401);
    let mut refused = Screen::open(&house.app, &house.waiter, None).await;
    assert_eq!(refused.closed().await, 4401);
}

// N9: each added or removed line stored the whole order.
#[tokio::test]
async fn the_log_says_what_changed_and_a_replay_tells_the_order_as_it_stands() {
    let house = House::open().await;
    let (mut screen, greeting) = Screen::greeted(&house.app, &house.kitchen, None).await;
    let order = house.place().await;
    for _ in 0..20 {
        house.place().await;
    }
    let created = screen.next().await;
    let added = screen.next().await;
    assert_eq!(created["order"], order, "live, it comes as it was");
    assert_eq!(added["order"]["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(added["data"]["item_ids"], json!([added["order"]["items"][1]["id"]]));
    let stored = house.app.app.store.read(|db| {
        let sql = "SELECT sum(octet_length(data)) FROM events WHERE subject = 'order'";
        let kept = "SELECT count(*) FROM events WHERE order_json NOT NULL OR order_packed NOT NULL";
        let data: i64 = db.query_row(sql, [], |row| row.get(0))?;
        Ok((data, db.query_row::<i64, _, _>(kept, [], |row| row.get(0))?))
    });
    let (data, kept) = stored.await.unwrap();
    assert!(data < 21 * 400, "{data} bytes for 21 events");
    assert_eq!(kept, 0, "nobody can ask for a reply again: there was no key");
    let (mut again, _) =
        Screen::greeted(&house.app, &house.kitchen, greeting["seq"].as_i64()).await;
    let now = house.waiter.get(&format!("/orders/{}", id(&order))).await.ok();
    for _ in 0..21 {
        assert_eq!(again.next().await["order"], now);
    }
}

// N9: the log is bounded by its size too, and the newest event always stays.
#[tokio::test]
async fn the_log_keeps_the_newest_that_fit() {
    let house = House::open().await;
    for _ in 0..10 {
        house.place().await;
    }
    let store = &house.app.app.store;
    let (newest, all) = (store.last_seq(), i64::MAX / 2);
    let oldest = |bytes| store.read(move |db| qres::core::store::oldest_kept(db, bytes));
    assert_eq!(oldest(all).await.unwrap(), 1);
    assert_eq!(oldest(0).await.unwrap(), newest, "the newest does not fit: it stays all the same");
    let some = oldest(1500).await.unwrap();
    assert!((newest - 6..=newest).contains(&some), "{some} of {newest}");
}

#[tokio::test]
async fn a_long_reply_is_kept_compressed_and_comes_again_as_it_was() {
    let house = House::open().await;
    for _ in 0..20 {
        house.place().await;
    }
    let order = house.borscht_order();
    let first = house.waiter.post_once("/orders/", "tablet-1:0001", &order).await.created();
    house.place().await;
    assert_eq!(first, house.waiter.post_once("/orders/", "tablet-1:0001", &order).await.created());
    let sizes = house.app.app.store.read(|db| {
        let sql = "SELECT length(order_packed) FROM events WHERE order_packed NOT NULL";
        Ok(db.query_row::<i64, _, _>(sql, [], |row| row.get(0))?)
    });
    let (packed, whole) = (sizes.await.unwrap(), first.to_string().len() as i64);
    assert!(packed * 5 < whole, "{packed} of {whole} bytes");
}

/// All sign-ins of a person end.
struct EndAll(i64);

impl Command for EndAll {
    type Output = i64;

    fn apply(self, tx: &mut Tx<'_>) -> Result<i64> {
        end_sessions_of(tx, self.0, None)?;
        tx.emit(NewEvent::new(Thing::User.with(self.0), Some(self.0), &SignedOut {})?)
    }
}

/// B12: a sign-out just after a screen's token was looked at, and before the screen listened, went
/// unheard. One thread does all reads here, one after another, and another all else: the test holds
/// the first until the token is to be read, and the second from then until the sign-out is told.
#[test]
fn a_sign_out_while_a_screen_is_let_in_is_heard() {
    let threads = Builder::new_current_thread().enable_all().max_blocking_threads(1).build();
    threads.unwrap().block_on(async {
        let app = TestApp::start().await;
        let waiter = app.waiter().await;
        let user =
            app.database()
                .query_row("SELECT id FROM users WHERE username = 'waiter'", [], |row| row.get(0));
        let user = EndAll(user.unwrap());
        let ((let_go, held), (is_read, read)) = (channel::<()>(), channel());
        spawn_blocking(move || held.recv());
        let mut screen = Screen::open(&app, &waiter, None).await;
        // However often it gets its turn: it comes no further than to the reading of its token.
        for _ in 0..1000 {
            yield_now().await;
        }
        spawn_blocking(move || is_read.send(()));
        let_go.send(()).unwrap();
        read.recv().unwrap();
        let store = app.app.store.clone();
        let elsewhere = Builder::new_current_thread().enable_all().build().unwrap();
        std::thread::spawn(move || elsewhere.block_on(store.run(user))).join().unwrap().unwrap();
        // Who has not heard of it goes on getting signs of life.
        let closed = timeout(Duration::from_secs(10), screen.closed()).await;
        assert_eq!(closed.ok(), Some(4401));
    });
}
