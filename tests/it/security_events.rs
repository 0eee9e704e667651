//! Security events: written down, counted, told to admins, shown to them and to nobody else.

use std::net::IpAddr;

use qres::platform::security::events::{Kind, SecurityEvent};
use serde_json::{Value, json};

use crate::harness::{Screen, TestApp, eventually};

fn attack(from: IpAddr) -> SecurityEvent {
    SecurityEvent::new(Kind::Violation, "traversal").from(from).detail("/../../etc/passwd")
}

async fn kept(app: &TestApp, query: &str) -> Vec<Value> {
    let admin = app.admin().await;
    let list = admin.get(&format!("/security/events{query}")).await.ok();
    list["events"].as_array().unwrap().clone()
}

#[tokio::test]
async fn sign_ins_good_and_bad_are_written_down() {
    let app = TestApp::start().await;
    app.waiter().await;
    let wrong = json!({"username": "nobody", "password": "a wrong secret"});
    for _ in 0..3 {
        app.anonymous().post("/auth/login", &wrong).await.refused(401, "wrong_credentials");
    }
    eventually("three failures in one row", async || {
        let failed = kept(&app, "?kind=sign_in_failed").await;
        failed.iter().map(|event| event["count"].as_i64().unwrap()).sum::<i64>() == 3
    })
    .await;
    let failed = &kept(&app, "?kind=sign_in_failed").await[0];
    assert_eq!(failed["username"], "nobody");
    assert_eq!(failed["address"], "127.0.0.1");
    assert_eq!(failed["what"], "wrong_secret");
    let entered = kept(&app, "?kind=sign_in").await;
    let waiter = entered.iter().find(|event| event["username"] == "waiter").unwrap();
    assert_eq!(waiter["role"], "waiter");
    assert!(!json!([failed, entered]).to_string().contains("secret\","), "a secret was kept");
}

#[tokio::test]
async fn an_attack_makes_few_rows_and_few_alerts() {
    let app = TestApp::start().await;
    let (mut screen, _) = Screen::greeted(&app, &app.admin().await, None).await;
    let attacker: IpAddr = [192, 0, 2, 66].into();
    for _ in 0..10_000 {
        app.app.security_events.record(attack(attacker));
    }
    for from in 0..2_000_u32 {
        app.app.security_events.record(attack(IpAddr::from(from.to_be_bytes())));
    }
    let alert = screen.wait_for("security_alert").await;
    assert_eq!(alert["data"]["kind"], "violation");
    eventually("everything is counted", async || {
        let db = app.database();
        let sum = "SELECT coalesce(sum(count), 0) FROM security_events WHERE kind = 'violation'";
        db.query_row(sum, [], |row| row.get::<_, i64>(0)).unwrap() == 12_000
    })
    .await;
    let db = app.database();
    let number = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert!(number("SELECT count(*) FROM security_events") < 600);
    assert!(number("SELECT count(*) FROM events WHERE kind = 'security_alert'") <= 10);
    let of_one = "SELECT max(count) FROM security_events WHERE address = '192.0.2.66'";
    assert_eq!(number(of_one), 10_000);
}

#[tokio::test]
async fn only_admins_read_them_page_by_page() {
    let app = TestApp::start().await;
    for other in [app.manager().await, app.waiter().await, app.kitchen().await] {
        other.get("/security/events").await.refused(403, "wrong_role");
    }
    app.anonymous().get("/security/events").await.refused(401, "no_token");
    let admin = app.admin().await;
    eventually("four sign-ins", async || {
        admin.get("/security/events").await.ok()["total"].as_i64().unwrap() >= 4
    })
    .await;
    let first = admin.get("/security/events?limit=1").await.ok()["events"][0]["id"].clone();
    let second = admin.get("/security/events?limit=1&skip=1").await.ok()["events"][0]["id"].clone();
    assert!(first.as_i64() > second.as_i64(), "newest first");
    assert!(kept(&app, "?kind=address_blocked").await.is_empty());
    admin.get("/security/events?kind=nonsense").await.refused(422, "invalid");
}

#[tokio::test]
async fn they_are_bounded_by_number_and_by_age() {
    let app = TestApp::start().await;
    let db = app.database();
    let fill = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10500)
                INSERT INTO security_events (kind, what, at, last_at, count)
                SELECT 'suspicious', 'old', iif(i % 2, 0, unixepoch() * 1000),
                       iif(i > 1000, unixepoch() * 1000, 0), 1 FROM n";
    db.execute(fill, []).unwrap();
    app.app.security_events.record(attack([192, 0, 2, 1].into()));
    let rows = || {
        let sql = "SELECT count(*) FROM security_events";
        db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    eventually("the oldest go", async || rows() <= 10_000).await;
    let aged = "SELECT count(*) FROM security_events WHERE last_at = 0";
    let aged = || db.query_row(aged, [], |row| row.get::<_, i64>(0)).unwrap();
    assert!(aged() > 0, "this must test something");
    has_lived(&db);
    app.app.forget_what_is_old().await.unwrap();
    assert_eq!(aged(), 0);
}

/// As if something had happened four days ago: the box has lived by its clock for a while.
pub fn has_lived(db: &rusqlite::Connection) {
    let live = "UPDATE events SET at = at - 4 * 86400000
                WHERE seq = (SELECT min(seq) FROM events)";
    assert_eq!(db.execute(live, []).unwrap(), 1);
}

/// F10: a start in 2036 wiped what had happened, and it was gone when the clock was right again.
#[tokio::test]
async fn nothing_is_forgotten_by_a_clock_that_leapt() {
    let app = TestApp::start().await;
    app.waiter().await;
    app.app.security_events.record(attack([192, 0, 2, 1].into()));
    let db = rusqlite::Connection::open(app.folder.path().join("data/qres.db")).unwrap();
    let count = |table: &str| {
        let sql = format!("SELECT count(*) FROM {table}");
        db.query_row(&sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    let rows = || (count("events"), count("security_events"), count("sessions"));
    eventually("the security event is kept", async || rows().1 > 0).await;
    // Seen from here all of it is ten years old.
    let leap = "UPDATE events SET at = at - 3650 * 86400000;
                UPDATE security_events SET at = at - 3650 * 86400000,
                                           last_at = last_at - 3650 * 86400000;";
    db.execute_batch(leap).unwrap();
    let before = rows();
    assert!(before.0 > 1 && before.2 > 0, "this must test something: {before:?}");
    app.app.forget_what_is_old().await.unwrap();
    // Somebody signs in, and the box starts again: it is still 2036.
    app.waiter().await;
    app.app.forget_what_is_old().await.unwrap();
    let after = rows();
    assert!(after.0 >= before.0 && after.1 >= before.1 && after.2 >= before.2, "{after:?}");
    // After some days it is no leap but the time.
    let live = "UPDATE events SET at = unixepoch() * 1000 - 4 * 86400000
                WHERE seq = (SELECT max(seq) FROM events)";
    db.execute(live, []).unwrap();
    app.app.forget_what_is_old().await.unwrap();
    assert_eq!(count("events"), 1);
    let old =
        "SELECT count(*) FROM security_events WHERE last_at < unixepoch() * 1000 - 100 * 86400000";
    assert_eq!(db.query_row(old, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
}
