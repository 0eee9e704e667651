//! The cloud is away for long, or may be asked only at night; and it is told of at once when not.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use qres::appliance::tables;
use qres::core::store::{backlog, everything};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;

use crate::copy::{database, enrolled};
use crate::harness::{House, id};
use crate::postgres::Postgres;
use crate::running::Running;
use crate::same::{difference, until_same};
use crate::status;

/// The log of changes stays as small as the rows are many, whatever happens to them.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_time_offline_folds_to_one_entry_a_row_and_is_caught_up() {
    let mut postgres = Postgres::start().await;
    let site = postgres.site("Offline").await;
    let house = House::open_with(enrolled(&site)).await;
    until_same(&database(&house), &postgres, site.site_id).await;
    postgres.kill();
    for round in 0..160 {
        let takeaway = json!({"order_type": "TAKEAWAY", "notes": format!("{round}"),
            "items": [{"dish_id": house.pizza, "quantity": 1 + round % 3}]});
        let order = house.waiter.post("/orders/", &takeaway).await.created();
        // One row is changed again and again.
        let name = json!({"name": format!("Borscht {round}")});
        house.admin.patch(&format!("/dishes/{}", house.borscht), &name).await.ok();
        let pay = json!({"payment_method_id": house.cash, "payment_status": "PAID"});
        house.admin.patch(&format!("/orders/{}/payment", id(&order)), &pay).await.ok();
    }
    let (rows, changes) = house.app.app.store.read(backlog).await.unwrap();
    let all = house.app.app.store.read(|db| everything(db, tables())).await.unwrap();
    let there: i64 = all.iter().map(|range| range.count).sum();
    assert!(changes <= 501, "{changes} changes wait");
    assert!(rows <= there + changes, "{rows} entries wait for {there} rows");
    postgres.run().await;
    until_same(&database(&house), &postgres, site.site_id).await;
    status::until(&house, |status| status["waiting_rows"] == 0).await;
}

/// Nothing is looked for more often than once a minute: only a commit wakes the copy.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_wakes_the_copy() {
    let postgres = Postgres::start().await;
    let site = postgres.site("Awake").await;
    let house = House::open_with(enrolled(&site)).await;
    until_same(&database(&house), &postgres, site.site_id).await;
    let began = Instant::now();
    house.place().await;
    until_same(&database(&house), &postgres, site.site_id).await;
    assert!(began.elapsed() < Duration::from_secs(30), "it waited for the clock");
}

#[tokio::test(flavor = "multi_thread")]
async fn outside_of_its_hours_the_copy_waits() {
    let postgres = Postgres::start().await;
    let site = postgres.site("Metered").await;
    // Moscow keeps one time all the year.
    let minute = minute_of_day() + 3 * 60;
    let hour = |after: i64| (minute / 60 + after).rem_euclid(24);
    let hours = format!("{:02}:00-{:02}:00", hour(6), hour(7));
    let text = site.to_text();
    let house = House::open_with(|settings| {
        settings.cloud.enrolment = Some(text);
        settings.cloud.hours = Some(hours.clone());
        settings.restaurant_timezone = Some("Europe/Moscow".into());
    })
    .await;
    let status = status::until(&house, |status| status["paused"] == true).await;
    assert_eq!((&status["hours"], &status["connected"]), (&json!(hours), &json!(false)));
    house.place().await;
    let there = difference(&database(&house), &postgres, site.site_id).await.unwrap();
    assert!(there.contains("0 there"), "nothing was sent: {there}");
}

/// Minutes since midnight, UTC.
fn minute_of_day() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(now.as_secs() / 60 % (24 * 60)).unwrap()
}

async fn heartbeat(base: &str, token: &str) -> Value {
    let url = format!("{}/ws/orders?token={token}", base.replace("http://", "ws://"));
    let (mut socket, _) = connect_async(url).await.unwrap();
    loop {
        let message = socket.next().await.unwrap().unwrap();
        let Ok(text) = message.to_text() else { continue };
        let told: Value = serde_json::from_str(text).unwrap_or_default();
        if told["type"] == "heartbeat" {
            return told;
        }
    }
}

fn whole_copy_of(house: &House) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let from = house.app.folder.path().join("data");
    std::fs::create_dir(folder.path().join("secrets")).unwrap();
    for key in std::fs::read_dir(from.join("secrets")).unwrap() {
        let key = key.unwrap();
        std::fs::copy(key.path(), folder.path().join("secrets").join(key.file_name())).unwrap();
    }
    let db = rusqlite::Connection::open(from.join("qres.db")).unwrap();
    let into = folder.path().join("qres.db");
    db.execute("VACUUM INTO ?1", [into.to_str().unwrap()]).unwrap();
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_screens_are_told_only_when_the_set_age_is_passed() {
    let mut postgres = Postgres::start().await;
    let site = postgres.site("Late").await;
    let house = House::open_with(enrolled(&site)).await;
    until_same(&database(&house), &postgres, site.site_id).await;
    status::until(&house, |status| status["waiting_rows"] == 0).await;
    postgres.kill();
    house.place().await;
    assert_eq!(house.admin.get("/cloud").await.ok()["late_since"], Value::Null, "too early");
    for (days, late) in [(1, false), (3, true)] {
        let card = whole_copy_of(&house);
        let db = rusqlite::Connection::open(card.path().join("qres.db")).unwrap();
        db.execute("UPDATE cloud_state SET synced_at = synced_at - ?1", [days * 86_400_000i64])
            .unwrap();
        let since: i64 =
            db.query_row("SELECT synced_at FROM cloud_state", [], |row| row.get(0)).unwrap();
        drop(db);
        let running = Running::on(card.path(), &site, "the box").await;
        running.until_trouble("cloud_unreachable").await;
        let token = house.waiter.token.as_deref().unwrap();
        let began = Instant::now();
        let mut beat = heartbeat(&running.base, token).await;
        while late && beat.get("cloud_late_since").is_none() {
            assert!(began.elapsed() < Duration::from_mins(1), "the screens are not told");
            beat = heartbeat(&running.base, token).await;
        }
        let told = beat.get("cloud_late_since").is_some();
        assert_eq!(told, late, "{days} days: {beat}");
        assert_eq!(
            running.app.state::<qres::features::cloud::SyncHandle>().now().late_since,
            late.then_some(since)
        );
        let ask = reqwest::Client::new().get(format!("{}/metrics", running.base));
        let ask = ask.bearer_auth(house.admin.token.as_deref().unwrap());
        let metrics = ask.send().await.unwrap().text().await.unwrap();
        assert!(metrics.contains(&format!("qres_cloud_late {}\n", u8::from(late))), "{metrics}");
        // The order and its line; and who works today, once the box that was started has noted it.
        let waiting =
            metrics.lines().find_map(|line| line.strip_prefix("qres_cloud_waiting_rows "));
        assert!(["2", "5"].contains(&waiting.unwrap()), "{metrics}");
    }
}
